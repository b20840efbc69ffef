"""Lines and circles by votes of steep pixels (lib/imlib/hough.c; the same at v4.8.1 and v5.0.0 but for who gives the
memory): candidates are the peaks of a table, then those close to one another become one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from omvsim.image import fmath
from omvsim.image.fmath import fused, single
from omvsim.later import np
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omvsim.image.pixels import Array, Ints
    from omvsim.memory.requests import Block

    Roi = tuple[int, int, int, int]

LEAST_STEEP: Final = 126
PER_RADIAN: Final = 57.29578
_RIGHT_ANGLE: Final = single(1.570796)
_WHOLE: Final = 1 << 32


class Found(NamedTuple):
    """A line (theta, rho) or a circle (x, y, r) and how many voted for it."""

    place: tuple[int, ...]
    magnitude: int


class Pixels(NamedTuple):
    """Gradients on a grid: where, and how steep across and down."""

    x: Ints
    y: Ints
    across: Ints
    down: Ints


def gradients(grey: Array, roi: Roi, x_stride: int, y_stride: int) -> Pixels:
    """Sobel's, to the left and up, at the pixels that are looked at, row by row."""
    left, top, width, height = roi
    rows = range(top + 1, top + height - 1, y_stride)
    points = [(x, y) for y in rows for x in range(left + y % x_stride + 1, left + width - 1, x_stride)]
    x, y = (np.array(part, np.int64) for part in (zip(*points, strict=True) if points else ((), ())))
    wide = grey.astype(np.int64)

    def at(dx: int, dy: int) -> Ints:
        seen: Ints = wide[y + dy, x + dx]
        return seen

    across = at(-1, -1) + 2 * at(-1, 0) + at(-1, 1) - at(1, -1) - 2 * at(1, 0) - at(1, 1)
    down = at(-1, -1) + 2 * at(0, -1) + at(1, -1) - at(-1, 1) - 2 * at(0, 1) - at(1, 1)
    return Pixels(x, y, across, down)


@cache
def _degrees(down: int, across: int) -> int:
    turn = fmath.atan2(down, across) if across else _RIGHT_ANGLE
    return round(turn * PER_RADIAN)  # a double: the firmware's constant is one


def directions(pixels: Pixels, around: int) -> Ints:
    """Whole degrees, modulo ``around``."""
    pairs, places = np.unique(np.stack([pixels.down, pixels.across]), axis=1, return_inverse=True)
    found = [int(_degrees(int(down), int(across))) for down, across in pairs.T]
    # towards 0 as C divides; what is negative then is moved up
    turns = np.array([abs(each) % around * (1 if each >= 0 else -1) % around for each in found], np.int64)
    theta: Ints = turns[places.reshape(-1)]
    return theta


def _singles(values: Array) -> Array:
    return np.asarray(values).astype(np.float32).astype(np.float64)


@cache
def _tables() -> tuple[Array, Array]:
    return np.array(fmath.COSINES), np.array(fmath.SINES)


def _rho(x: Array, y: Array, theta: Array) -> Array:
    """Distance of a line through a point, rounded to whole pixels."""
    cosines, sines = _tables()
    return np.rint(_singles(x * cosines[theta] + _singles(y * sines[theta]))).astype(np.int64)


class LineTable(NamedTuple):
    """The accumulator's shape: degrees and distances a cell, and the distance in the middle."""

    divide: int
    thetas: int
    half: int
    """Cells from the middle to the edge."""

    @property
    def size(self) -> int:
        """Bytes."""
        return 4 * self.thetas * (2 * self.half + 1)


def line_tables(roi: Roi) -> Iterator[LineTable]:
    """The finest, and coarser ones for less memory."""
    diagonal = round(fmath.sqrt(roi[2] ** 2 + roi[3] ** 2))
    for divide in (1, 2, 4):
        yield LineTable(divide, 2 + -(-180 // divide), -(-diagonal // divide))


def line_candidates(pixels: Pixels, roi: Roi, table: LineTable, threshold: int) -> list[Found]:
    """Peaks in the order of distance, then angle."""
    steep = (abs(pixels.across) + abs(pixels.down)) // 2
    chosen = steep >= LEAST_STEEP
    pixels = Pixels(*(part[chosen] for part in pixels))
    theta = directions(pixels, 180)
    rho = _rho(pixels.x - roi[0], pixels.y - roi[1], theta)
    rho = np.where(rho < 0, -(-rho // table.divide), rho // table.divide) + table.half
    votes = np.zeros((2 * table.half + 1, table.thetas), np.int64)
    np.add.at(votes, (rho, theta // table.divide + 1), steep[chosen])
    return [
        Found(((int(x) - 1) * table.divide, (int(y) - table.half) * table.divide), int(votes[y, x]))
        for y, x in _peaks(votes, threshold)
    ]


def _peaks(votes: Array, threshold: int) -> Array:
    """Cells that no neighbour exceeds, row by row, without the border."""
    inner = votes[1:-1, 1:-1]
    high = inner >= threshold
    for dy in range(3):
        for dx in range(3):
            high &= inner >= votes[dy : dy + inner.shape[0], dx : dx + inner.shape[1]]
    return np.argwhere(high) + 1


class Nodes(NamedTuple):
    """How a list's node is made and given back."""

    new: Callable[[], Block]
    free: Callable[[Block], None]


def merged(
    found: Sequence[Found], join: Callable[[Found, Found], Found | None], nodes: Nodes
) -> list[tuple[Found, Block]]:
    """Each with all behind it that it joins, again until nothing does; and the nodes of what is left."""
    left = [(each, nodes.new()) for each in found]
    while True:
        again, rest = False, []
        while left:
            (one, node), *others = left
            nodes.free(node)
            left = []
            for other, place in others:
                nodes.free(place)
                made = join(one, other)
                if made is None:
                    left.append((other, nodes.new()))
                else:
                    one, again = made, True
            rest.append((one, nodes.new()))
        left = rest
        if not again:
            return left


def join_lines(theta_margin: int, rho_margin: int) -> Callable[[Found, Found], Found | None]:
    """Lines of nearly the same angle and distance become their weighted mean."""

    def join(one: Found, other: Found) -> Found | None:
        (theta, rho), (theta_2, rho_2) = (_turned(*each.place) for each in (one, other))
        apart = abs(theta - theta_2)
        apart = 360 - apart if apart >= 180 else apart
        if not (apart < theta_margin and abs(rho - rho_2) < rho_margin):
            return None
        total = (one.magnitude + other.magnitude) % _WHOLE
        sine, cosine = (
            single(fused(table[theta], one.magnitude, single(table[theta_2] * other.magnitude)) / total)
            for table in (fmath.SINES, fmath.COSINES)
        )
        angle = round(fmath.atan2(sine, cosine) * PER_RADIAN)
        angle = angle % 360 if angle >= 0 else -(-angle % 360) + 360
        distance = round(single((rho * one.magnitude + rho_2 * other.magnitude) % _WHOLE // total))
        if angle >= 180:
            angle, distance = angle - 180, -distance
        return Found((angle, distance), total // 2)

    return join


def _turned(theta: int, rho: int) -> tuple[int, int]:
    return (theta + 180, -rho) if rho < 0 else (theta, rho)


def ends_of(theta: int, rho: int, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Where a line leaves a region; None if it never is in it."""
    cosine, sine = fmath.COSINES[theta], fmath.SINES[theta]
    if 45 <= theta < 135:
        ends = 0, _across(rho, 0, cosine, sine), width - 1, _across(rho, width - 1, cosine, sine)
    else:
        ends = _across(rho, 0, sine, cosine), 0, _across(rho, height - 1, sine, cosine), height - 1
    return clipped(ends, width, height)


def _across(rho: int, place: int, along: float, by: float) -> int:
    return round(single(fused(-place, along, rho) / by))


def clipped(ends: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int] | None:
    """``lb_clip_line`` (lib/imlib/line.c; Liang and Barsky)."""
    x1, y1, x2, y2 = ends
    dx, dy = x2 - x1, y2 - y1
    first, last = 0.0, 1.0
    for slope, room in ((-dx, x1), (dx, width - 1 - x1), (-dy, y1), (dy, height - 1 - y1)):
        if not slope:
            if room < 0:
                return None
            continue
        at = single(room / slope)
        if slope < 0:
            if at > last:
                return None
            first = max(first, at)
        else:
            if at < first:
                return None
            last = min(last, at)
    return tuple(int(fused(part, step, start)) for part in (first, last) for step, start in ((dx, x1), (dy, y1)))  # type: ignore[return-value]  # four


def moved_rho(theta: int, rho: int, x: int, y: int) -> int:
    """The distance from the picture's corner of a line that is known from a region's."""
    return rho + round(fused(x, fmath.COSINES[theta], single(y * fmath.SINES[theta])))


class CircleTable(NamedTuple):
    """The accumulator of one radius."""

    shift: int
    wide: int
    high: int

    @property
    def size(self) -> int:
        """Bytes."""
        return 4 * self.wide * self.high


def circle_tables(roi: Roi, radius: int) -> Iterator[CircleTable]:
    """The finest, and coarser ones for less memory."""
    for shift in range(3):
        step = 1 << shift
        wide, high = (2 + -(-(side - 2 * radius) // step) for side in roi[2:])
        yield CircleTable(shift, wide, high)


class Steep(NamedTuple):
    """Pixels of a region with their directions and strengths, row by row."""

    x: Ints
    y: Ints
    theta: Ints
    magnitude: Ints


def steep(pixels: Pixels, roi: Roi) -> Steep:
    """What ``find_circles`` keeps of each pixel."""
    magnitude = np.rint(_singles(np.sqrt(_singles(pixels.across**2 + pixels.down**2)))).astype(np.int64)
    chosen = magnitude > 0
    pixels = Pixels(*(part[chosen] for part in pixels))
    return Steep(pixels.x - roi[0], pixels.y - roi[1], directions(pixels, 360), magnitude[chosen])


def circle_candidates(pixels: Steep, roi: Roi, radius: int, table: CircleTable, threshold: int) -> list[Found]:
    """Peaks row by row; the pixel behind a peak that is higher than it is not looked at."""
    wide, high = (side - 2 * radius for side in roi[2:])
    cosines, sines = (_away_from_zero(single_values(radius, part)) for part in (fmath.COSINES, fmath.SINES))
    votes = np.zeros((table.high, table.wide), np.int64)
    for sign in (1, -1):
        a = pixels.x + sign * cosines[pixels.theta] - radius
        b = pixels.y + sign * sines[pixels.theta] - radius
        fits = (a >= 0) & (a < wide) & (b >= 0) & (b < high)
        np.add.at(votes, ((b[fits] >> table.shift) + 1, (a[fits] >> table.shift) + 1), pixels.magnitude[fits])
    found, passed = [], (-1, -1)
    for y, x in _peaks(votes, threshold).tolist():
        if (y, x) == passed:
            continue
        place = ((x - 1) << table.shift) + radius + roi[0], ((y - 1) << table.shift) + radius + roi[1], radius
        found.append(Found(place, int(votes[y, x])))
        if votes[y, x] > votes[y, x + 1]:
            passed = y, x + 1
    return found


def single_values(factor: int, values: Sequence[float]) -> Array:
    """Products, rounded to floats."""
    return _singles(factor * np.array(values))


def _away_from_zero(values: Array) -> Ints:
    """``roundf``."""
    rounded: Ints = (np.sign(values) * np.floor(abs(values) + 0.5)).astype(np.int64)
    return rounded


def join_circles(margins: Sequence[int]) -> Callable[[Found, Found], Found | None]:
    """Circles near one another become their weighted mean, in whole numbers."""

    def join(one: Found, other: Found) -> Found | None:
        pairs = list(zip(one.place, other.place, strict=True))
        if any(abs(a - b) >= margin for (a, b), margin in zip(pairs, margins, strict=True)):
            return None
        total = (one.magnitude + other.magnitude) % _WHOLE
        place = tuple((a * one.magnitude + b * other.magnitude) % _WHOLE // total for a, b in pairs)
        return Found(place, total // 2)

    return join


__all__ = [
    "CircleTable",
    "Found",
    "LineTable",
    "Nodes",
    "Steep",
    "circle_candidates",
    "circle_tables",
    "clipped",
    "ends_of",
    "gradients",
    "join_circles",
    "join_lines",
    "line_candidates",
    "line_tables",
    "merged",
    "moved_rho",
    "steep",
]
