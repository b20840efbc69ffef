"""Corners, moments and the smallest rectangle of a blob (lib/imlib/blob.c, imlib.c), in the camera's own precision."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from omvsim.image import fmath
from omvsim.image.fmath import fused, single, whole
from omvsim.later import np
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.blob_filling import Run
    from omvsim.image.pixels import Array

    Point = tuple[int, int]

CORNERS: Final = 20
"""``FIND_BLOBS_CORNERS_RESOLUTION``: directions in which the outermost point is kept."""
_STEP: Final = 360 // CORNERS
DIRECTIONS: Final = [(fmath.COSINES[number * _STEP], fmath.SINES[number * _STEP]) for number in range(CORNERS)]


class Moments(NamedTuple):
    """Centre of mass, direction and roundness."""

    cx: float
    cy: float
    rotation: float
    roundness: float


def _sum(first: Array, last: Array) -> Array:
    """Of the numbers from … to …."""
    found: Array = (last * (last + 1) - first * (first - 1)) // 2
    return found


def corners_of(runs: Sequence[Run], right: int, bottom: int) -> list[Point]:
    """The outermost point in each direction; points as far out as one another are averaged one by one, in ints.

    ``right`` and ``bottom`` are the last column and row of the region, where each corner begins.
    """
    ys, lefts, rights = (np.array(part, np.int64) for part in zip(*runs, strict=True))
    middles = _sum(lefts, rights) // (rights - lefts + 1)
    cosines, sines = (np.array(part)[:, None] for part in zip(*DIRECTIONS, strict=True))
    xs = np.where(cosines > 0, lefts, np.where(cosines == 0, middles, rights))
    far = (xs * cosines + _singles(ys * sines)).astype(np.float32)
    smallest = far.min(axis=1)
    outermost: list[list[int]] = [[] for _ in DIRECTIONS]
    for number, at in np.argwhere(far == smallest[:, None]).tolist():
        outermost[number].append(at)
    found = []
    for number, (cosine, sine) in enumerate(DIRECTIONS):
        x, y = right if cosine >= 0 else 0, bottom if sine >= 0 else 0
        least, count = fused(x, cosine, single(y * sine)), 1
        if smallest[number] > least:
            outermost[number].clear()
        for at in outermost[number]:
            x_at, y_at = int(xs[number, at]), int(ys[at])
            if smallest[number] < least:
                least, x, y = float(smallest[number]), x_at, y_at
                continue
            x, y, count = (x_at + count * x) // (count + 1), (y_at + count * y) // (count + 1), count + 1
        found.append((x, y))
    return found


def rect_of(corners: Sequence[Point]) -> tuple[int, int, int, int]:
    """x, y, width and height of the corners to the left, top, right and bottom."""
    quarter = CORNERS // 4
    left, top = corners[0][0], corners[quarter][1]
    return left, top, corners[2 * quarter][0] - left + 1, corners[3 * quarter][1] - top + 1


def moments_of(runs: Sequence[Run]) -> Moments:
    """Worked out of ints of 32 bits and floats."""
    ys, lefts, rights = (np.array(part, np.int64) for part in zip(*runs, strict=True))
    counts, sums = rights - lefts + 1, _sum(lefts, rights)
    squares = rights * (rights + 1) * (2 * rights + 1) - lefts * (lefts - 1) * (2 * lefts - 1)
    pixels = int(counts.sum())
    sum_x, sum_y = whole(int(sums.sum())), whole(int((ys * counts).sum()))
    a = sum(fmath.quotient(whole(each), 6) for each in squares.tolist())
    b, c = int((ys * sums).sum()), int((ys * ys * counts).sum())
    cx, cy = single(single(sum_x) / single(pixels)), single(single(sum_y) / single(pixels))
    mx, my = round(cx), round(cy)
    a = whole(a - 2 * mx * sum_x + pixels * mx * mx)
    b = whole(b - (mx * sum_y + my * sum_x) + pixels * mx * my)
    c = whole(c - 2 * my * sum_y + pixels * my * my)
    turned = single(fmath.atan2(single(2 * b), single(a - c)) / 2) if a != c else 0.0
    return Moments(cx, cy, turned, _roundness(single(a), single(b), single(c)))


def _roundness(a: float, b: float, c: float) -> float:
    across = single(a - c)
    length = fmath.sqrt(fused(b, b, single(across * across)))
    sine, cosine = fmath.divided(b, length), fmath.divided(across, length)
    middle = single(single(a + c) / 2)
    around = []
    for first in (cosine, -cosine):
        part = fused(first, single(across / 2), middle)
        around += [fused(second, single(b / 2), part) for second in (sine, -sine)]
    return fmath.divided(min(around), max(around))


def _rotated(x: Array, y: Array, angles: Array, centres: tuple[Array, Array]) -> tuple[Array, Array]:
    """``point_rotate``: whole numbers, cut towards 0; ``centres``: x and y, an angle each."""
    cosines, sines = _singles(np.cos(angles)), _singles(np.sin(angles))
    x, y = x - centres[0], y - centres[1]
    turned = (_singles(x * cosines - _singles(y * sines)), _singles(x * sines + _singles(y * cosines)))
    across, down = (
        np.trunc(_singles(part + place)).astype(np.int16).astype(np.int64)
        for part, place in zip(turned, centres, strict=True)
    )
    return across, down


def _singles(values: Array) -> Array:
    return np.asarray(values).astype(np.float32).astype(np.float64)


def least_rectangle(corners: Sequence[Point]) -> list[Point]:
    """``point_min_area_rectangle``: corners of the first smallest of the rectangles along each side of the polygon."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    angles = np.array([-_turn(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairs])
    x, y = np.array(corners, np.int64).T
    across, down = _rotated(x, y, angles[:, None], (x[:, None], y[:, None]))
    own = np.arange(len(corners))
    across[own, own], down[own, own] = x, y
    left, right, top, bottom = across.min(1), across.max(1), down.min(1), down.max(1)
    best = int(((right - left + 1) * (bottom - top + 1)).argmin())
    box_x = np.array([left[best], right[best], right[best], left[best]])
    box_y = np.array([top[best], top[best], bottom[best], bottom[best]])
    turned = _rotated(box_x, box_y, -angles[best], (x[best], y[best]))
    return list(zip(turned[0].tolist(), turned[1].tolist(), strict=True))


@cache
def _turn(across: int, down: int) -> float:
    return fmath.atan2(down, across)


__all__ = ["CORNERS", "DIRECTIONS", "Moments", "corners_of", "least_rectangle", "moments_of", "rect_of"]
