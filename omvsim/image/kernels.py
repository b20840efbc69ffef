"""What the filters make of a picture, a channel at a time, in the firmware's own steps (lib/imlib/{filter,binary}.c at
v4.8.1 and v5.0.0). Beyond the edge stands the nearest pixel.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from omvsim.image import fmath
from omvsim.image.fmath import single
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omvsim.image.pixels import Array

    Part = Array
    """Values of one channel, (height, width)."""

_SEARCH: Final = 256
"""Stands for how often the mode is there when it has to be looked for."""
FIXED: Final = 16
"""Bits behind the point of ``morph``'s factor and sum."""
_ROOT: Final = 2.506628
_NINE: Final = (
    *((0, 3), (1, 7), (2, 5), (4, 8), (0, 7), (2, 4), (3, 8), (5, 6), (0, 2), (1, 3), (4, 5), (7, 8)),
    *((1, 4), (3, 6), (5, 7), (0, 1), (2, 4), (3, 5), (6, 8), (2, 3), (4, 5), (6, 7), (1, 2), (3, 4), (5, 6)),
)
"""Which two of nine values are compared, one pair after the other, until all are in order."""


def shifted(part: Part, size: int) -> Iterator[Part]:
    """The picture seen from each of the (2k+1) x (2k+1) places around, row by row."""
    height, width = part.shape
    padded = np.pad(part, size, mode="edge")
    for y in range(2 * size + 1):
        for x in range(2 * size + 1):
            yield padded[y : y + height, x : x + width]


def windows(part: Part, size: int) -> Array:
    """The same as one array, (height, width, n)."""
    return np.stack(list(shifted(part, size)), axis=-1)


def swept(part: Part, size: int, combine: Callable[[Part, Part], Part]) -> Part:
    """What ``combine`` makes of the (2k+1) x (2k+1) pixels around each: of columns, then of rows of that."""
    height, width = part.shape
    padded = np.pad(part, size, mode="edge")
    down = padded[:height]
    for step in range(1, 2 * size + 1):
        down = combine(down, padded[step : step + height])
    across = down[:, :width]
    for step in range(1, 2 * size + 1):
        across = combine(across, down[:, step : step + width])
    return across


def mean(part: Part, size: int) -> Part:
    """The sum times a 65536th part."""
    share = (1 << FIXED) // (2 * size + 1) ** 2
    return swept(part, size, np.add) * share >> FIXED


def ranked(window: Array, place: int) -> Part:
    """The value at a place of each window's order; of nine values by comparing whole pictures, which is quick."""
    if window.shape[-1] != 9:
        return np.partition(window, place, axis=-1)[..., place]
    values = [np.ascontiguousarray(window[..., at]) for at in range(9)]
    for low, high in _NINE:
        values[low], values[high] = np.minimum(values[low], values[high]), np.maximum(values[low], values[high])
    return values[place]


def median(part: Part, size: int, share: float, *, bits: bool, coarse: int) -> Part:
    """The value at which so many of the window are reached, whole pixels; ``coarse`` low bits do not count.

    Of a percentile that asks for none, what the firmware's index before the first is: all bits set.
    """
    wanted = int(single(single(share) * (2 * size + 1) ** 2))
    if bits:
        return (swept(part, size, np.add) >= wanted).astype(np.int32)
    if not wanted:
        return np.full(part.shape, 0xFF >> coarse << coarse & 0xFF, np.int32)
    found = ranked(windows((part >> coarse).astype(np.uint8), size), wanted - 1)
    return found.astype(np.int32) << coarse


def mode(part: Part, size: int, *, bits: bool, masked: bool) -> Part:
    """The value that is there most often. In the picture's middle the camera moves its counts along, and of values as
    often as one another the one stays that was the mode before.
    """
    count = (2 * size + 1) ** 2
    if bits:
        return (swept(part, size, np.add) > count // 2).astype(np.int32)
    found = _first_most(part, size)
    height, width = part.shape
    if not masked and height > 2 * size and width > 2 * size:
        _slide(part, size, found)
    return found


def _first_most(part: Part, size: int) -> Part:
    """Of each window the value that first is there as often as any."""
    views = [view.copy() for view in shifted(part, size)]
    best = np.zeros(part.shape, np.int16)
    found = views[0].copy()
    for number, view in enumerate(views):
        times = np.ones(part.shape, np.int16)
        for earlier in views[:number]:
            times += view == earlier
        more = times > best
        best[more], found[more] = times[more], view[more]
    return found.astype(np.int32)


def _slide(part: Part, size: int, found: Part) -> None:
    """Fills the middle: all rows at once, a column after the other."""
    height, width = part.shape
    rows = np.arange(height - 2 * size)
    half = (2 * size + 1) ** 2 // 2
    bins = np.zeros((len(rows), int(part.max()) + 1), np.int16)
    for y in range(2 * size + 1):
        for x in range(2 * size + 1):
            np.add.at(bins, (rows, part[y : y + len(rows), x]), 1)
    now = found[size : height - size, size].copy()
    times = bins[rows, now].astype(np.int32)
    for x in range(size + 1, width - size):
        for y in range(2 * size + 1):
            gone, come = part[y : y + len(rows), x - size - 1], part[y : y + len(rows), x + size]
            bins[rows, gone] -= 1
            left = bins[rows, gone]
            times = np.where(gone == now, np.where(left < half, _SEARCH, left), times)
            bins[rows, come] += 1
            there = bins[rows, come]
            more = there > times
            times, now = np.where(more, there, times), np.where(more, come, now)
        lost = np.flatnonzero(times == _SEARCH)
        if lost.size:
            now[lost] = bins[lost].argmax(axis=1)
            times[lost] = bins[lost, now[lost]]
        found[size : height - size, x] = now


def midpoint(part: Part, size: int, bias: float, *, bits: bool, most: int) -> Part:
    """Between the least and the largest. A pixel that is less than all before it is not asked whether it is the
    largest, which matters where the window begins with it.
    """
    bias = single(bias)
    if bits:
        low, high = swept(part, size, np.minimum), swept(part, size, np.maximum)
        return (low * single(1 - bias) + high * bias).astype(np.int32)
    low, high = np.full(part.shape, most, np.int32), np.zeros(part.shape, np.int32)
    for view in shifted(part, size):
        less = view < low
        high = np.where(less, high, np.maximum(high, view))
        low = np.where(less, view, low)
    table = np.array([int(single(number * bias)) & 0xFF for number in range(256)])
    found: Part = low + table[np.maximum(high - low, 0)]
    return found


def morph(part: Part, size: int, kernel: Sequence[int], line: tuple[float, float], most: int) -> Part:
    """A convolution in fixed point; ``line``: a factor and what is added."""
    scale, offset = (round(single(65536 * single(each))) for each in line)
    total = np.zeros(part.shape, np.int64)
    for weight, view in zip(kernel, shifted(part, size), strict=True):
        if weight:
            total += weight * view
    made = (total * scale + offset).astype(np.int32) >> FIXED
    return np.clip(made, 0, most)


def _gaussian(value: float, sigma: float) -> float:
    """``gaussian`` with ``fast_expf``: a straight line through each power of two."""
    divisor = single(single(-2 * sigma) * sigma)
    power = single(single(value * value) / divisor) if divisor else 0.0
    number = int(fmath.fused(1512775.0, power, single(1072632447.0))) & 0xFFFFFFFF
    mantissa, exponent = number & 0xFFFFF, (number >> 20 & 0x7FF) - 1023 + 127 & 0xFF
    found: float = struct.unpack("<f", struct.pack("<I", number >> 31 << 31 | exponent << 23 | mantissa << 3))[0]
    return single(found / single(abs(sigma) * single(_ROOT)))


def bilateral(part: Part, size: int, colour: float, space: float, most: int) -> Part:
    """Weights by how near and how alike, added up one after the other in single precision."""
    colour, space = single(colour), single(space)
    step = single(1 / most)
    alike = np.array([_gaussian(single(number * step), colour) for number in range(most + 1)])
    furthest = fmath.sqrt(2 * size * size)
    step = single(1 / furthest) if furthest else 0.0
    reach = range(-size, size + 1)
    near = [_gaussian(single(fmath.sqrt(x * x + y * y) * step), space) for y in reach for x in reach]
    total, weights = np.zeros(part.shape), np.zeros(part.shape)
    for place, view in zip(near, shifted(part, size), strict=True):
        weight = _single(alike[abs(part - view)] * place)
        total = _single(view * weight + total)
        weights = _single(weights + weight)
    made = np.divide(total, weights, out=np.zeros_like(total), where=weights != 0)
    found: Part = np.floor(np.minimum(_single(made), most)).astype(np.int32)
    return found


def _single(values: Array) -> Array:
    return values.astype(np.float32).astype(np.float64)


def eroded(values: Part, size: int, threshold: int) -> Part:
    """Pixels of which too few of the others around are set become 0."""
    around = swept((values > 0).astype(np.int32), size, np.add) - 1
    return np.where(around < (2 * size + 1) ** 2 - 1 - threshold, 0, values)


def dilated(values: Part, size: int, threshold: int, white: int) -> Part:
    """Pixels around which (themselves too) more are set become white."""
    around = swept((values > 0).astype(np.int32), size, np.add)
    return np.where(around > threshold, white, values)


__all__ = [
    "bilateral",
    "dilated",
    "eroded",
    "mean",
    "median",
    "midpoint",
    "mode",
    "morph",
    "ranked",
    "shifted",
    "swept",
    "windows",
]
