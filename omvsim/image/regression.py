"""``get_regression``: a line through the pixels that thresholds select (lib/imlib/stats.c).

Up to 4.8.1 by least squares, or with ``robust`` by the medians of all pairs' differences (Theil-Sen); 5.0.0 only has
the latter, on a copy that fits ``target_size``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import UmaFlag
from omvsim.image import draw_image, formats
from omvsim.image.arguments import Options, fixed, mutable, numbers, os_error, tuples_only
from omvsim.image.hough import clipped
from omvsim.image.scratch import Scratch, scratch
from omvsim.image.statistics import record
from omvsim.image.thresholds import release, selected, thresholds_of
from omvsim.later import np
from omvsim.micropython.types.namedtuple_ import new_attrtuple
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods, Roi
    from omvsim.image.pixels import Array
    from omvsim.image.thresholds import Threshold
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

_NAMES: Final = ("thresholds", "invert", "roi", "x_stride", "y_stride", "area_threshold", "pixels_threshold")
LINE: Final = ("x1", "y1", "x2", "y2", "length", "magnitude", "theta", "rho")
LINE_WORDS: Final = 9
FIT: Final = (80, 60)
FIRST_POINTS: Final = 256
POINT: Final = 4


@dataclass(frozen=True)
class Line:
    """Its ends, how clear it is, its angle in degrees and distance from the corner."""

    ends: tuple[int, int, int, int]
    magnitude: int
    theta: int
    rho: int


def new_line(vm: CameraMachine, line: Line) -> Value:
    """``py_line_obj``, in 5.0.0 an attrtuple."""
    x1, y1, x2, y2 = line.ends
    length = _round(math.hypot(x2 - x1, y2 - y1))
    values: dict[str, Value] = dict(zip(LINE, (*line.ends, length, line.magnitude, line.theta, line.rho), strict=True))
    if tuples_only(vm):
        return new_attrtuple(vm, LINE, list(values.values()))
    made = record(vm, "line", LINE_WORDS, values, list(values.values()))
    made.text = "{" + ", ".join(f'"{name}":{value}' for name, value in values.items()) + "}"
    box: Any = lambda vm: new_tuple(vm, line.ends)  # noqa: E731  # made when asked for
    made.values = {**values, "line": box}
    return made


def _round(value: float) -> int:
    return math.floor(value + 0.5)


def get_regression(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``get_regression``."""
    image = mutable(vm, args[0])
    strict = tuples_only(vm)
    options = Options(vm, args, kwargs, 1, (*_NAMES, "target_size" if strict else "robust"), positional=1)
    thresholds = thresholds_of(vm, options.obj("thresholds"))
    if not thresholds:
        return None
    invert, area = bool(options.number("invert", 0)), options.roi(image)
    strides = tuple(options.number(name, default) for name, default in (("x_stride", 2), ("y_stride", 1)))
    for name, stride in zip(("x_stride", "y_stride"), strides, strict=True):
        if stride <= 0:
            os_error(vm, f"{name} must not be zero.")
    least = options.number("area_threshold", 10), options.number("pixels_threshold", 10)
    values: Array = draw_image.values_of(image)
    with scratch(vm) as work:
        if strict:
            line = _fitted(vm, work, image, area, options, lambda part: (thresholds, invert, strides, least, part))
        else:
            counts = _selected(values, image.code, thresholds, invert, strides, area)
            robust = bool(options.number("robust", 0))
            line = (_robust if robust else _squares)(work, counts, area, least)
    release(vm, thresholds)
    return None if line is None else new_line(vm, line)


def _selected(  # noqa: PLR0917  # a search's settings
    values: Array, code: int, thresholds: Sequence[Threshold], invert: bool, strides: Sequence[int], area: Roi
) -> Array:
    """Which pixels of a grid each threshold selects; a row's first column is its number modulo the stride."""
    x, y, width, height = area
    rows, columns = np.mgrid[0 : values.shape[0], 0 : values.shape[1]]
    grid = (rows >= y) & (rows < y + height) & ((rows - y) % strides[1] == 0)
    grid &= (columns >= x) & (columns < x + width) & ((columns - x - rows % strides[0]) % strides[0] == 0)
    grid &= columns >= x + rows % strides[0]
    chosen = [grid & selected(values, code, each, invert=invert) for each in thresholds]
    counts: Array = np.stack(chosen).astype(np.int64)
    return counts


def _enough(counts: Array, least: tuple[int, int]) -> bool:
    rows, columns = np.nonzero(counts)
    if not rows.size:
        return False
    size = int((columns.max() - columns.min()) * (rows.max() - rows.min()))
    return size >= least[0] and int(counts.sum()) >= least[1]


def _squares(_work: Scratch, each: Array, area: Roi, least: tuple[int, int]) -> Line | None:
    counts = each.sum(axis=0)
    if not _enough(counts, least):
        return None
    rows, columns = np.nonzero(counts)
    weight = counts[rows, columns]
    total = int(weight.sum())
    x, y = int((columns * weight).sum()), int((rows * weight).sum())
    mx, my = x // total, y // total
    a = int((columns * columns * weight).sum()) - 2 * mx * x + total * mx * mx
    b = int((columns * rows * weight).sum()) - mx * y - my * x + total * mx * my
    c = int((rows * rows * weight).sum()) - 2 * my * y + total * my * my
    turn = (math.atan2(2 * b, a - c) / 2 if a != c else math.pi / 2) + math.pi / 2
    half, spread = (a + c) / 2, math.sqrt(4 * b * b + (a - c) ** 2) / 2
    short, long = math.sqrt(max(half - spread, 0)), math.sqrt(half + spread)
    return _line(mx, my, turn, _round(long / short) - 1 if short else 0, area)


def _median(counts: Array) -> int:
    half = (int(counts.sum()) + 1) // 2
    return int(np.searchsorted(np.cumsum(counts), half))


def _robust(work: Scratch, each: Array, area: Roi, least: tuple[int, int]) -> Line | None:
    """Four histograms, then the points in all that is left, or (5.0.0) in a table that doubles."""
    counts = each.sum(axis=0)
    height, width = counts.shape
    held = [work.alloc(size, 0, UmaFlag.DTCM) for size in (4 * width, 4 * height, 16 * width, 16 * height)]
    if work.fb is not None:
        address, size = work.all()
        room = size // POINT
    else:
        address, room = work.alloc(FIRST_POINTS * POINT, 0, UmaFlag.DTCM), FIRST_POINTS
        while room < int(counts.sum()):
            room *= 2
            work.free(address)
            address = work.alloc(room * POINT, 0, UmaFlag.DTCM)
    line = _theil_sen(each, area, snaps=work.fb is None) if room and _enough(counts, least) else None
    for block in reversed((*held, address)):
        work.free(block)
    return line


def pairs_of(each: Array) -> Array:
    """How often each difference is there, (0, 0) in the middle: of a threshold's pixels an earlier less a later one,
    then of each threshold's less those of the thresholds behind it.
    """
    height, width = each.shape[1:]
    shape = (2 * height, 2 * width)
    spectra = [np.fft.rfft2(counts.astype(np.float64), shape) for counts in each]

    def correlated(one: Array, two: Array) -> Array:
        found = np.rint(np.fft.irfft2(one * np.conj(two), shape)).astype(np.int64)
        return np.fft.fftshift(found)

    total = np.zeros(shape, np.int64)
    for number, spectrum in enumerate(spectra):
        own = correlated(spectrum, spectrum)
        own[height + 1 :] = 0
        own[height, width:] = 0
        total += own
        for other in spectra[number + 1 :]:
            total += correlated(spectrum, other)
    return total


def _theil_sen(each: Array, area: Roi, *, snaps: bool) -> Line | None:
    """Medians of the differences of all pairs. ``snaps``: pixels along a row or a column make a line along it."""
    counts = each.sum(axis=0)
    height, width = counts.shape
    if int(counts.sum()) < 2:  # a pair
        return None
    pairs = pairs_of(each)
    mdx, mdy = _median(pairs.sum(axis=0)) - width, _median(pairs.sum(axis=1)) - height
    turn = (math.atan2(mdy, mdx) if mdx else math.pi / 2) + math.pi / 2
    across, down = counts.sum(axis=0), counts.sum(axis=1)
    fixed_turn = None
    if snaps and int(down.max()) > 3 * int(across.max()):
        fixed_turn = 90
    elif snaps and int(across.max()) > 3 * int(down.max()):
        fixed_turn = 0
    return _line(_median(across), _median(down), turn, _round(math.hypot(mdx, mdy)), area, fixed_turn)


def _line(  # noqa: PLR0917  # a point, an angle and what else a line is of
    mx: int, my: int, turn: float, magnitude: int, area: Roi, wanted: int | None = None
) -> Line | None:
    """From a point and an angle: distance, and ends at the edges of the region; ``wanted``: degrees in its place."""
    x, y, width, height = area
    theta = int(math.fmod(_round(math.degrees(turn)), 180)) if wanted is None else wanted
    theta += 180 if theta < 0 else 0
    cosine, sine = math.cos(math.radians(theta)), math.sin(math.radians(theta))
    rho = _round((mx - x) * cosine + (my - y) * sine)
    ends: tuple[int, int, int, int]
    if 45 <= theta < 135:  # flat rather than steep
        ends = 0, _round(rho / sine), width - 1, _round((rho - (width - 1) * cosine) / sine)
    else:
        ends = _round(rho / cosine), 0, _round((rho - (height - 1) * sine) / cosine), height - 1
    cut = clipped(ends, width, height)
    if cut is None:
        return None
    x1, y1, x2, y2 = cut
    return Line((x1 + x, y1 + y, x2 + x, y2 + y), magnitude, theta, rho + _round(x * cosine + y * sine))


def _fitted(  # noqa: PLR0917  # a search's settings
    vm: CameraMachine, work: Scratch, image: Image, area: Roi, options: Options, settings: Any
) -> Line | None:
    """5.0.0: on a copy of the region that is no larger than ``target_size``."""
    wide, high = FIT
    if options.obj("target_size") is not None:
        wide, high = numbers(vm, fixed(vm, options.obj("target_size"), 2))
        if wide <= 0 or high <= 0:
            os_error(vm, "target_size dimensions must be positive.")
    scale = min(wide / area[2], high / area[3], 1.0)
    values, part, copy = draw_image.values_of(image), area, None
    if scale < 1:
        width, height = max(_round(area[2] * scale), 1), max(_round(area[3] * scale), 1)
        copy = work.alloc(formats.size(width, height, image.code), 0, UmaFlag.CACHE)
        kind = np.uint16 if image.code == formats.RGB565 else np.uint8
        target = draw_image.Target(width, height, image.code, np.zeros((height, width), kind))
        how = draw_image.Drawing(x_scale=scale, y_scale=scale, roi=area, hint=draw_image.AREA)
        draw_image.draw(work, target, draw_image.source_of(image), how)
        values, part = target.values, (0, 0, width, height)
    thresholds, invert, strides, least, part = settings(part)
    line = _robust(work, _selected(values, image.code, thresholds, invert, strides, part), part, least)
    if copy is None:
        return line
    work.free(copy)
    if line is None:
        return None
    x1, y1, x2, y2 = (_round(end / scale) for end in line.ends)
    turn = math.radians(line.theta)
    rho = _round(line.rho / scale) + _round(area[0] * math.cos(turn) + area[1] * math.sin(turn))
    ends = x1 + area[0], y1 + area[1], x2 + area[0], y2 + area[1]
    return Line(ends, _round(line.magnitude / scale), line.theta, rho)


METHODS: Methods = {"get_regression": (get_regression, 2)}

__all__ = ["LINE", "LINE_WORDS", "METHODS", "Line", "new_line", "pairs_of"]
