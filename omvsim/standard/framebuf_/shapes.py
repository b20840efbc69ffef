"""Lines, ellipses and polygons, pixel by pixel as the firmware chooses them (extmod/modframebuf.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.types import buffers
from omvsim.micropython.types.items import item_size, read_item
from omvsim.standard.framebuf_.surface import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value
    from omvsim.standard.framebuf_.surface import Canvas

QUADRANTS: Final = ((1, 1, -1), (2, -1, -1), (4, -1, 1), (8, 1, 1))
"""Bit of the mask and the signs of x and y: upper right, upper left, lower left, lower right."""
ALL: Final = 15
_FRACTION: Final = 32
"""Crossings of a polygon's edge are in 32nds of a pixel."""


def line(canvas: Canvas, start: tuple[int, int], end: tuple[int, int], color: int) -> None:
    """Bresenham's; the end is always drawn."""
    (x, y), (x_end, y_end) = start, end
    wide, tall = abs(word(x_end - x)), abs(word(y_end - y))
    right = 1 if x_end > x else -1
    down = 1 if y_end > y else -1
    steep = tall > wide
    steps, slope = (tall, wide) if steep else (wide, tall)
    word(2 * steps)
    error = 2 * slope - steps
    for _ in range(steps):
        canvas.dot(x, y, color)
        aside = error >= 0
        if aside:
            error -= 2 * steps
        error += 2 * slope
        x += right if aside or not steep else 0
        y += down if aside or steep else 0
    canvas.dot(x_end, y_end, color)


def _arc(radius: int, other: int) -> Iterator[tuple[int, int]]:
    """From the end of an axis to where the slope is one: the distance along that axis and along the other one."""
    near, far = 0, radius
    step_near = word(2 * radius * radius)
    step_far = word(2 * other * other)
    change_near = radius * radius
    change_far = word(other * other * (1 - 2 * radius))
    error = 0
    slope_near, slope_far = 0, word(step_far * radius)
    while slope_far >= slope_near:
        yield far, near
        near += 1
        slope_near = word(slope_near + step_near)
        error = word(error + change_near)
        change_near = word(change_near + step_near)
        if word(2 * error + change_far) > 0:
            far -= 1
            slope_far -= step_far
            error += change_far
            change_far = word(change_far + step_far)


def ellipse(  # noqa: PLR0917 -- as the script's
    canvas: Canvas, center: tuple[int, int], x_radius: int, y_radius: int, color: int, mask: int, *, fill: bool
) -> None:
    """The quadrants of the mask; of no radius at all: the point if there is any."""
    if x_radius == 0 and y_radius == 0:
        if mask:
            canvas.dot(*center, color)
        return
    for x, y in _arc(x_radius, y_radius):
        _points(canvas, center, (x, y), color, mask, fill=fill)
    for y, x in _arc(y_radius, x_radius):
        _points(canvas, center, (x, y), color, mask, fill=fill)


def _points(canvas: Canvas, center: tuple[int, int], at: tuple[int, int], color: int, mask: int, *, fill: bool) -> None:
    for bit, right, down in QUADRANTS:
        if mask & bit:
            x, y = word(center[0] + right * at[0]), word(center[1] + down * at[1])
            if fill:
                canvas.block(min(x, center[0]), y, at[0] + 1, 1, color)
            else:
                canvas.dot(x, y, color)


class Polygon:
    """Corners in a buffer of any integers; one that is a big int asks for its chunk each time it is read."""

    def __init__(self, vm: Machine, value: Value) -> None:
        self._vm = vm
        self._data = bytes(buffers.buffer_of(vm, value).cast("B"))
        self._code = buffers.code_of(value)
        self.corners = len(self._data) // (item_size(vm, self._code) * 2)

    def _at(self, index: int) -> int:
        return self._vm.int_of(read_item(self._vm, self._code, self._data, index))

    def _edges(self) -> Iterator[tuple[int, int, int, int]]:
        """From the first corner to the last and on, backwards, to the first."""
        x, y = self._at(0), self._at(1)
        for corner in reversed(range(self.corners)):
            y_next = self._at(2 * corner + 1)
            x_next = self._at(2 * corner)
            yield x, y, x_next, y_next
            x, y = x_next, y_next

    def outline(self, canvas: Canvas, x: int, y: int, color: int) -> None:
        """Its edges, moved by ``x`` and ``y``."""
        for x1, y1, x2, y2 in self._edges():
            line(canvas, (word(x + x1), word(y + y1)), (word(x + x2), word(y + y2)), color)

    def fill(self, canvas: Canvas, x: int, y: int, color: int) -> None:
        """Row by row between pairs of crossings."""
        heights = [self._at(2 * corner + 1) for corner in range(self.corners)]
        for row in range(min(heights), max(heights) + 1):
            canvas.look()
            crossings = self._crossings(canvas, (x, y), row, color)
            crossings.sort()
            for left, right in zip(crossings[::2], crossings[1::2], strict=True):
                canvas.block(word(x + left), word(y + row), right - left + 1, 1, color)

    def _crossings(self, canvas: Canvas, origin: tuple[int, int], row: int, color: int) -> list[int]:
        """Where edges cross a row; the lower end of an edge is no crossing and is drawn here."""
        found: list[int] = []
        x, y = origin
        for x1, y1, x2, y2 in self._edges():
            if (y1 > row) != (y2 > row):
                part = _divide(word(word(_FRACTION * (x2 - x1)) * (row - y1)), y2 - y1)
                found.append(_divide(word(_FRACTION * x1 + part + _FRACTION // 2), _FRACTION))
            elif row == max(y1, y2):
                start, end = (word(x + x1), word(y + y1)), (word(x + x2), word(y + y2))
                if y1 == y2:
                    line(canvas, start, end, color)
                else:
                    canvas.dot(*(end if y1 < y2 else start), color)
        return found


def _divide(value: int, by: int) -> int:
    """C's division: towards zero."""
    quotient = abs(value) // abs(by)
    return quotient if (value < 0) == (by < 0) else -quotient


__all__ = ["ALL", "Polygon", "ellipse", "line"]
