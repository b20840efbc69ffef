"""What is worked out of a histogram, in single precision and in the camera's order (lib/imlib/stats.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import fmath, formats, pixels
from omvsim.image.fmath import fused, quotient, single
from omvsim.image.thresholds import selected
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.image.pixels import Array
    from omvsim.image.thresholds import Threshold

    Bins = Sequence[float] | Array
    """Shares of a channel."""

RANGES: Final = {
    formats.BINARY: ((0, 1),),
    formats.GRAYSCALE: ((0, 255),),
    formats.RGB565: ((0, 100), (-128, 127), (-128, 127)),
}
"""Least and largest value of each channel."""


def shares_of(
    part: Array, code: int, counted: Sequence[int], thresholds: Sequence[Threshold], *, invert: bool
) -> list[Array]:
    """The shares of pixels in each bin, an array a channel (``imlib_get_histogram``)."""
    flat = part.reshape(-1)
    if thresholds:
        flat = np.concatenate([part[selected(part, code, each, invert=invert)] for each in thresholds])
    lab = pixels.lab_table()[flat] if code == formats.RGB565 else None
    share = np.float32(1) / np.float32(flat.size) if flat.size else np.float32(0)
    found = []
    for number, count in enumerate(counted):
        low, high = RANGES[code][number]
        channel = flat if lab is None else lab[..., number]
        scale = np.float32(count - 1) / np.float32(high - low)
        places = np.rint((channel.astype(np.float32) - np.float32(low)) * scale).astype(np.int64)
        found.append((np.bincount(places, minlength=count).astype(np.float32) * share).astype(np.float64))
    return found


def _values(bins: Bins, code: int, number: int) -> Iterator[tuple[float, float]]:
    """The value that a bin stands for, and its share."""
    low, high = RANGES[code][number]
    step = single((high - low) / (len(bins) - 1))
    for at, share in enumerate(bins):
        yield fused(at, step, low), share


def percentile(bins: Bins, code: int, number: int, share: float) -> int:
    """The value at which a share is reached; 0 if it never is (``imlib_get_percentile``)."""
    share, before = single(share), 0.0
    for value, part in _values(bins, code, number):
        after = single(before + part)
        if before < share <= after:
            return math.floor(value)
        before = after
    return 0


def threshold(bins: Bins, code: int, number: int) -> int:
    """Otsu's: what separates two groups best (``imlib_get_threshold``)."""
    low, high = RANGES[code][number]
    left, sums = [single(bins[0])], [0.0]
    for at in range(1, len(bins)):
        left.append(single(left[-1] + bins[at]))
        sums.append(fused(at, bins[at], sums[-1]))
    best, place = 0.0, 0
    for at in range(len(bins) - 1):
        if left[at] in (0.0, 1.0):
            continue
        apart = fused(left[at], sums[-1], -sums[at])
        between = single(single(apart * apart) / single(left[at] * single(1 - left[at])))
        if between > best:
            best, place = between, at
    return quotient(place * (high - low), len(bins) - 1) + low


def measures(bins: Bins, code: int, number: int) -> list[int]:
    """Mean, median, mode, deviation, least, largest, quartiles of a channel (``imlib_get_statistics``)."""
    mean = squares = before = often = 0.0
    mode = least = most = 0
    places = dict.fromkeys((0.25, 0.5, 0.75), 0)
    seen = False
    for exact, share in _values(bins, code, number):
        value = math.floor(exact)
        mean, squares = fused(exact, share, mean), fused(single(exact * exact), share, squares)
        after = single(before + share)
        for wanted in places:
            if before < wanted <= after:
                places[wanted] = value
        if share > often:
            often, mode = share, value
        if share > 0:
            least = least if seen else value
            most, seen = value, True
        before = after
    spread = fused(-mean, mean, squares)
    deviation = math.floor(fmath.sqrt(spread)) if spread > 0 else 0
    return [math.floor(mean), places[0.5], mode, deviation, least, most, places[0.25], places[0.75]]


__all__ = ["RANGES", "measures", "percentile", "shares_of", "threshold"]
