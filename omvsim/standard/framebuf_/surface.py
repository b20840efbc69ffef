"""Pixels in somebody's buffer: where each is and what it says (extmod/modframebuf.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import buffers
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LONGEST: Final = 0xFFFF
"""Width, height and stride are kept in 16 bits."""
PIXELS_A_LOOK: Final = 4096
_WORD: Final = 1 << 31
_UNSIGNED: Final = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Format:
    """How pixels are packed: bits of each; the first of a byte highest or lowest; in columns of eight or in rows."""

    bits: int
    first_is_high: bool = False
    columns: bool = False

    @property
    def together(self) -> int:
        """Pixels of a row that share a byte."""
        return 1 if self.columns else max(8 // self.bits, 1)


FORMATS: Final = {
    0: Format(1, columns=True),
    1: Format(16),
    2: Format(4, first_is_high=True),
    3: Format(1, first_is_high=True),
    4: Format(1),
    5: Format(2),
    6: Format(8),
}


def word(value: int) -> int:
    """A number of the C code; the result of an overflow is undefined."""
    if not -_WORD <= value < _WORD:
        raise Unknown("framebuf.FrameBuffer", "coordinates beyond a machine word")
    return value


def up(value: int, step: int) -> int:
    """The next multiple."""
    return -(-value // step) * step


@dataclass(frozen=True, slots=True)
class Surface:
    """Pixels that were found to fit their buffer."""

    source: Value
    width: int
    height: int
    form: Format
    stride: int
    writable: bool

    def canvas(self, vm: Machine) -> Canvas:
        """Its bytes, to read and write during one call."""
        return Canvas(vm, self, buffers.buffer_of(vm, self.source, writable=self.writable).cast("B"))


def surface(vm: Machine, args: Sequence[Value], *, writable: bool) -> Surface:
    """``(buffer, width, height, format[, stride])``; ValueError (mostly without a text), TypeError."""
    width, height, kind = (vm.int_of(each) for each in args[1:4])
    stride = vm.int_of(args[4]) if len(args) > 4 else width
    if not (1 <= width <= LONGEST and 1 <= height <= LONGEST and width <= stride <= LONGEST):
        vm.raise_value(None)
    form = FORMATS.get(kind)
    if form is None:
        vm.raise_value("invalid format")
    stride = up(stride, form.together)
    rows = up(height, 8) if form.columns else height
    last = 8 if form.columns else 1
    needed = (((rows - last) * stride + last * up(width, form.together)) * form.bits & _UNSIGNED) // 8
    if needed > buffers.buffer_of(vm, args[0], writable=writable).nbytes:
        vm.raise_value(None)
    return Surface(args[0], width, height, form, stride & LONGEST, writable)


class Canvas:
    """The bytes of a surface during one call."""

    def __init__(self, vm: Machine, shape: Surface, data: memoryview) -> None:
        self.vm = vm
        self.shape = shape
        self.width = shape.width
        self.height = shape.height
        self.data = data
        self._size = max(shape.form.bits // 8, 1)
        self._mask = (1 << shape.form.bits) - 1
        self._left = PIXELS_A_LOOK

    def _place(self, x: int, y: int) -> tuple[int, int]:
        """A pixel's first byte and its lowest bit there."""
        form = self.shape.form
        if form.columns:
            at, bit = (y >> 3) * self.shape.stride + x, y & 7
        else:
            together = form.together
            at = (x + y * self.shape.stride) * self._size // together
            place = x % together
            bit = (together - 1 - place if form.first_is_high else place) * form.bits if together > 1 else 0
        if at + self._size > len(self.data):
            self._beyond()
        return at, bit

    def _beyond(self) -> NoReturn:
        raise Unknown("framebuf.FrameBuffer", "a pixel behind the end of its buffer")

    def look(self) -> None:
        """Count a step; a driver may end the run at every few thousand."""
        self._left -= 1
        if not self._left:
            self._left = PIXELS_A_LOOK
            self.vm.look_at_clock()

    def get(self, x: int, y: int) -> int:
        """A pixel, which the caller knows to be inside (one of a palette need not)."""
        at, bit = self._place(x, y)
        cell = int.from_bytes(self.data[at : at + self._size], "little")
        return cell >> bit & self._mask

    def set(self, x: int, y: int, color: int) -> None:
        """Write a pixel inside."""
        at, bit = self._place(x, y)
        size, mask = self._size, self._mask
        value = int(color != 0) if mask == 1 else color & mask
        cell = int.from_bytes(self.data[at : at + size], "little") & ~(mask << bit) | value << bit
        self.data[at : at + size] = cell.to_bytes(size, "little")

    def dot(self, x: int, y: int, color: int) -> None:
        """Write a pixel if it is inside."""
        self.look()
        if 0 <= x < self.width and 0 <= y < self.height:
            self.set(x, y, color)

    def block(self, x: int, y: int, width: int, height: int, color: int) -> None:
        """Fill what is inside of a rectangle."""
        self.look()
        if width < 1 or height < 1:
            return
        right, bottom = word(x + width), word(y + height)
        x, y = max(x, 0), max(y, 0)
        count = min(right, self.width) - x
        for row in range(y, min(bottom, self.height)):
            if count > 0:
                self._row(x, row, count, color)

    def _row(self, x: int, y: int, count: int, color: int) -> None:
        if self.shape.form.bits < 8:
            for at in range(x, x + count):
                self.look()
                self.set(at, y, color)
            return
        size = self._size
        first, _ = self._place(x, y)
        last, _ = self._place(x + count - 1, y)
        self.data[first : last + size] = (color & self._mask).to_bytes(size, "little") * count


__all__ = ["Canvas", "Surface", "surface", "word"]
