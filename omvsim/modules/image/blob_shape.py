"""Corners, moments and the smallest rectangle of a blob (lib/imlib/blob.c, imlib.c), in the camera's own precision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from omvsim.later import np
from omvsim.modules.image import fmath
from omvsim.modules.image.fmath import fused, single, whole
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.modules.image.blob_filling import Run

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


def _sum(first: Any, last: Any) -> Any:
    """Of the numbers from … to …."""
    return (last * (last + 1) - first * (first - 1)) // 2


def corners_of(runs: Sequence[Run], right: int, bottom: int) -> list[Point]:
    """The outermost point in each direction; points as far out as one another are averaged one by one, in ints.

    ``right`` and ``bottom`` are the last column and row of the region, where each corner begins.
    """
    ys, lefts, rights = (np.array(part, np.int64) for part in zip(*runs, strict=True))
    middles = _sum(lefts, rights) // (rights - lefts + 1)
    found = []
    for cosine, sine in DIRECTIONS:
        xs = lefts if cosine > 0 else middles if cosine == 0 else rights
        along = (ys * sine).astype(np.float32).astype(np.float64)
        far = (xs * cosine + along).astype(np.float32)
        x, y = right if cosine >= 0 else 0, bottom if sine >= 0 else 0
        least = fused(x, cosine, single(y * sine))
        smallest = float(far.min())
        count = 1
        for at in np.flatnonzero(far == smallest).tolist() if smallest <= least else ():
            if smallest < least:
                least, x, y, count = smallest, int(xs[at]), int(ys[at]), 1
                continue
            x, y = (int(xs[at]) + count * x) // (count + 1), (int(ys[at]) + count * y) // (count + 1)
            count += 1
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


def _rotated(points: Any, angle: float, centre: Point) -> Any:
    """``point_rotate``: (n, 2) whole numbers, cut towards 0."""
    cosine, sine = single(math.cos(angle)), single(math.sin(angle))
    x, y = points[:, 0] - centre[0], points[:, 1] - centre[1]
    turned = (_singles(x * cosine - _singles(y * sine)), _singles(x * sine + _singles(y * cosine)))
    moved = [np.trunc(_singles(part + place)) for part, place in zip(turned, centre, strict=True)]
    return np.stack(moved, axis=1).astype(np.int16).astype(np.int64)


def _singles(values: Any) -> Any:
    return np.asarray(values).astype(np.float32).astype(np.float64)


def least_rectangle(corners: Sequence[Point]) -> list[Point]:
    """``point_min_area_rectangle``: of the rectangles along each side of the polygon the smallest, its four corners."""
    points = np.array(corners, np.int64)
    best: tuple[int, Any, float, Point] | None = None
    for number, corner in enumerate(corners):
        x, y = corners[(number + 1) % len(corners)]
        angle = -fmath.atan2(y - corner[1], x - corner[0])
        turned = np.concatenate([_rotated(np.delete(points, number, 0), angle, corner), [corner]])
        (left, top), (right, bottom) = turned.min(axis=0).tolist(), turned.max(axis=0).tolist()
        area = (right - left + 1) * (bottom - top + 1)
        if best is None or area < best[0]:
            best = area, np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), angle, corner
    assert best is not None
    _, box, angle, corner = best
    return [(int(x), int(y)) for x, y in _rotated(box, -angle, corner)]


__all__ = ["CORNERS", "DIRECTIONS", "Moments", "corners_of", "least_rectangle", "moments_of", "rect_of"]
