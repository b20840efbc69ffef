"""Lines, rectangles, circles and ellipses, pixel by pixel as lib/imlib/draw.c puts them (v4.8.1, v5.0.0).

Curves and thin lines are anti-aliased: a weight of 0 to 256 says how much of the old pixel stays.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.image import formats, pixels
from omvsim.later import np

if TYPE_CHECKING:
    from omvsim.image.value import Image


def set_pixel(image: Image, x: int, y: int, colour: int) -> None:
    """``imlib_set_pixel``: nothing outside."""
    if 0 <= x < image.width and 0 <= y < image.height:
        image.put(x, y, colour)


def blend_pixel(image: Image, x: int, y: int, kept: int, colour: int) -> None:
    """``imlib_set_pixel_aa``."""
    if not (0 <= x < image.width and 0 <= y < image.height):
        return
    old, given = image.get(x, y), 256 - kept
    if image.code == formats.BINARY:
        image.put(x, y, (old * 255 * kept + (255 if colour else 0) * given) >> 8 > pixels.HALF)
    elif image.code == formats.GRAYSCALE:
        image.put(x, y, (old * kept + (colour & 255) * given) >> 8)
    elif image.code == formats.RGB565:
        mixed = 0
        for shift, mask in ((11, 31), (5, 63), (0, 31)):
            mixed |= ((old >> shift & mask) * kept + (colour >> shift & mask) * given) >> 8 << shift
        image.put(x, y, mixed)


def fill(image: Image, left: int, top: int, right: int, bottom: int, colour: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    """Set every pixel from (left, top) to before (right, bottom)."""
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height)
    if left >= right or top >= bottom:
        return
    if image.code == formats.BINARY:
        bits = pixels.unpack(image.rows().astype(np.uint8), image.width)
        bits[top:bottom, left:right] = colour & 1
        image.rows()[:] = pixels.pack(bits)
        return
    image.rows()[top:bottom, left:right] = colour & (0xFFFF if image.code & 0xFF == 2 else 0xFF)


def _clip(image: Image, x0: int, y0: int, x1: int, y1: int) -> tuple[int, int, int, int] | None:
    """``lb_clip_line``: the part of a line inside (single precision, cut towards zero)."""
    dx, dy = x1 - x0, y1 - y0
    low, high = np.float32(0), np.float32(1)
    sides = ((-dx, x0), (dx, image.width - 1 - x0), (-dy, y0), (dy, image.height - 1 - y0))
    for step, room in sides:
        if step == 0:
            if room < 0:
                return None
            continue
        at = np.float32(room) / np.float32(step)
        if step < 0:
            if at > high:
                return None
            low = max(low, at)
        else:
            if at < low:
                return None
            high = min(high, at)
    if high < low:
        return None
    start, end = float(low), float(high)
    return (
        int(np.float32(x0) + np.float32(dx * start)),
        int(np.float32(y0) + np.float32(dy * start)),
        int(np.float32(x0) + np.float32(dx * end)),
        int(np.float32(y0) + np.float32(dy * end)),
    )


def _divided(value: int, by: int) -> int:
    """Division as C rounds it."""
    return math.trunc(value / by) if by else 0


def _thin_line(image: Image, x0: int, y0: int, x1: int, y1: int, colour: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    dx, sx = abs(x1 - x0), 1 if x0 < x1 else -1
    dy, sy = abs(y1 - y0), 1 if y0 < y1 else -1
    error = dx - dy
    length = 1 if dx + dy == 0 else math.isqrt(dx * dx + dy * dy)
    while True:
        blend_pixel(image, x0, y0, 256 * abs(error - dx + dy) // length, colour)
        before, x2 = error, x0
        if 2 * before >= -dx:
            if x0 == x1:
                break
            if before + dy < length:
                blend_pixel(image, x0, y0 + sy, _divided(256 * (before + dy), length), colour)
            error -= dy
            x0 += sx
        if 2 * before <= dy:
            if y0 == y1:
                break
            if dx - before < length:
                blend_pixel(image, x2 + sx, y0, _divided(256 * (dx - before), length), colour)
            error += dx
            y0 += sy


def line(image: Image, x0: int, y0: int, x1: int, y1: int, colour: int, thickness: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    """``imlib_draw_line``."""
    clipped = _clip(image, x0, y0, x1, y1)
    if clipped is None:
        return
    x0, y0, x1, y1 = clipped
    ex, ey = abs(x1 - x0), abs(y1 - y0)
    length = math.isqrt(ex * ex + ey * ey)
    if thickness <= 1 or length == 0:
        _thin_line(image, x0, y0, x1, y1, colour)
        return
    dx, dy = ex * 256 // length, ey * 256 // length
    sx, sy = 1 if x0 < x1 else -1, 1 if y0 < y1 else -1
    width = 256 * (thickness - 1)
    steep = dx < dy
    if steep:  # the same walk with the axes exchanged
        x0, y0, x1, y1, dx, dy, sx, sy = y0, x0, y1, x1, dy, dx, sy, sx

    def put(along: int, across: int) -> None:
        set_pixel(image, *((across, along) if steep else (along, across)), colour)

    def mix(along: int, across: int, kept: int) -> None:
        blend_pixel(image, *((across, along) if steep else (along, across)), kept, colour)

    offset = (length + width // 2) // dx
    error = max(offset * dx - width // 2, 0)
    y0 -= offset * sy
    while True:
        at = y0
        mix(x0, at, error)
        rest = dx - error - width
        while rest + dx < 256:
            at += sy
            put(x0, at)
            rest += dx
        mix(x0, at + sy, rest)
        if x0 == x1:
            break
        error += dy
        if error > 256:
            error -= dx
            y0 += sy
        x0 += sx


def rectangle(image: Image, x: int, y: int, w: int, h: int, colour: int, thickness: int, *, filled: bool) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    """``imlib_draw_rectangle``."""
    if filled:
        fill(image, x, y, x + w, y + h, colour)
    elif thickness > 0:
        before, after = thickness // 2, (thickness - 1) // 2
        right, bottom = x + w - 1, y + h - 1
        fill(image, x - before, y - before, x + w + after, y + after + 1, colour)
        fill(image, x - before, bottom - before, x + w + after, bottom + after + 1, colour)
        fill(image, x - before, y - before, x + after + 1, y + h + after, colour)
        fill(image, right - before, y - before, right + after + 1, y + h + after, colour)


def _row(image: Image, x1: int, x2: int, y: int, colour: int) -> None:
    for x in range(max(x1, 0), min(x2, image.width - 1) + 1):
        set_pixel(image, x, y, colour)


def _column(image: Image, x: int, y1: int, y2: int, colour: int) -> None:
    for y in range(max(y1, 0), min(y2, image.height - 1) + 1):
        set_pixel(image, x, y, colour)


def _thin_circle(image: Image, cx: int, cy: int, radius: int, colour: int, *, filled: bool) -> None:
    x, y = radius, 0
    error = 2 - 2 * radius
    radius = 1 - error

    def around(a: int, b: int, c: int, d: int, kept: int) -> None:
        for px, py in ((cx + a, cy - b), (cx + c, cy + d), (cx - a, cy + b), (cx - c, cy - d)):
            blend_pixel(image, px, py, kept, colour)

    while True:
        around(x, y, y, x, _divided(256 * abs(error + 2 * (x + y) - 2), radius))
        if filled:
            _row(image, cx, cx + x - 1, cy - y, colour)
            _column(image, cx + y, cy, cy + x - 1, colour)
            _row(image, cx - x + 1, cx, cy + y, colour)
            _column(image, cx - y, cy - x + 1, cy, colour)
        if x == 0:
            break
        before, x2 = error, x
        if error > y:
            kept = _divided(256 * (error + 2 * x - 1), radius)
            if kept < 256:
                around(x, y - 1, y - 1, x, kept)
            x -= 1
            error -= x * 2 - 1
        if before <= x2:
            x2 -= 1
            if not filled:
                kept = _divided(256 * (1 - 2 * y - before), radius)
                if kept < 256:
                    around(x2, y, y, x2, kept)
            y -= 1
            error -= y * 2 - 1


def circle(image: Image, cx: int, cy: int, radius: int, colour: int, thickness: int, *, filled: bool) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    """``imlib_draw_circle``."""
    if radius == 0 and (filled or thickness > 0):
        set_pixel(image, cx, cy, colour)
    if radius <= 0 or (not filled and thickness <= 0):
        return
    if thickness == 1 or filled:
        _thin_circle(image, cx, cy, radius + max(thickness, 0) // 2, colour, filled=filled)
        return
    outer, inner = radius + thickness // 2, max(radius - (thickness - 1) // 2, 0)
    _ring(image, cx, cy, outer, inner, colour)
    _thin_circle(image, cx, cy, outer, colour, filled=False)
    _thin_circle(image, cx, cy, inner, colour, filled=False)


def _ring(image: Image, cx: int, cy: int, xo: int, xi: int, colour: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    inner, y = xi, 0
    outer_error, inner_error = 1 - xo, 1 - xi
    while xo >= y:
        for sign in (1, -1):
            _row(image, cx + xi, cx + xo, cy + sign * y, colour)
            _row(image, cx - xo, cx - xi, cy + sign * y, colour)
            _column(image, cx + sign * y, cy + xi, cy + xo, colour)
            _column(image, cx + sign * y, cy - xo, cy - xi, colour)
        y += 1
        if outer_error < 0:
            outer_error += 2 * y + 1
        else:
            xo -= 1
            outer_error += 2 * (y - xo + 1)
        if y > inner:
            xi = y
        elif inner_error < 0:
            inner_error += 2 * y + 1
        else:
            xi -= 1
            inner_error += 2 * (y - xi + 1)


__all__ = ["blend_pixel", "circle", "fill", "line", "rectangle", "set_pixel"]
