"""Filters pixel by pixel against the camera's rules written out plainly, on small random pictures."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from omvsim.image import kernels

CHANCE = np.random.default_rng(23)
GREY = CHANCE.integers(0, 256, (9, 12))
FEW = CHANCE.integers(0, 4, (11, 14))
BITS = (CHANCE.random((9, 12)) < 0.5).astype(np.int64)


def window(part: np.ndarray, y: int, x: int, size: int) -> list[int]:
    """Values around a pixel, row by row, the border repeated."""
    height, width = part.shape
    reach = range(-size, size + 1)
    return [int(part[min(max(y + j, 0), height - 1), min(max(x + k, 0), width - 1)]) for j in reach for k in reach]


def everywhere(part: np.ndarray, size: int, rule: object) -> list[list[int]]:
    return [[rule(window(part, y, x, size)) for x in range(part.shape[1])] for y in range(part.shape[0])]  # type: ignore[operator]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_mean(size: int) -> None:
    share = 65536 // (2 * size + 1) ** 2
    assert kernels.mean(GREY, size).tolist() == everywhere(GREY, size, lambda around: sum(around) * share >> 16)


@pytest.mark.parametrize("percentile", [0.1, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("coarse", [0, 2])
def test_median(percentile: float, coarse: int) -> None:
    """The first bin with which so many are reached."""

    def rule(around: list[int]) -> int:
        wanted, count = int(np.float32(percentile) * np.float32(25)), 0
        bins = Counter(value >> coarse for value in around)
        for value in sorted(bins):
            count += bins[value]
            if count >= wanted:
                return value << coarse
        raise AssertionError

    found = kernels.median(GREY, 2, percentile, bits=False, coarse=coarse)
    assert found.tolist() == everywhere(GREY, 2, rule)


def test_a_percentile_that_asks_for_nothing_is_before_the_first() -> None:
    assert set(kernels.median(GREY, 1, 0.0, bits=False, coarse=2).ravel().tolist()) == {252}
    assert set(kernels.median(GREY, 1, 0.0, bits=True, coarse=0).ravel().tolist()) == {1}


def test_median_of_bits() -> None:
    """Half of nine are four."""
    assert kernels.median(BITS, 1, 0.5, bits=True, coarse=0).tolist() == everywhere(BITS, 1, lambda a: int(sum(a) >= 4))


def first_most(around: list[int]) -> int:
    counts: Counter[int] = Counter()
    best, found = 0, 0
    for value in around:
        counts[value] += 1
        if counts[value] > best:
            best, found = counts[value], value
    return found


def test_mode_of_whole_windows() -> None:
    """With a mask no counts are moved along."""
    assert kernels.mode(FEW, 1, bits=False, masked=True).tolist() == everywhere(FEW, 1, first_most)


def slid(part: np.ndarray, size: int) -> list[list[int]]:
    """The camera's loop, a pixel after the other."""
    height, width = part.shape
    half = (2 * size + 1) ** 2 // 2
    rows = []
    for y in range(height):
        bins: Counter[int] = Counter()
        mode, times, row = 0, 0, []
        for x in range(width):
            if size < x < width - size and size <= y < height - size:
                for j in range(-size, size + 1):
                    gone, come = int(part[y + j, x - size - 1]), int(part[y + j, x + size])
                    bins[gone] -= 1
                    if gone == mode:
                        times = bins[gone] if bins[gone] >= half else 256
                    bins[come] += 1
                    if bins[come] > times:
                        mode, times = come, bins[come]
                if times == 256:
                    mode = max(sorted(bins), key=lambda value: bins[value])
                    times = bins[mode]
            else:
                around = window(part, y, x, size)
                bins, mode = Counter(around), first_most(around)
                times = bins[mode]
            row.append(mode)
        rows.append(row)
    return rows


@pytest.mark.parametrize("size", [1, 2])
def test_mode_moves_its_counts_along(size: int) -> None:
    assert kernels.mode(FEW, size, bits=False, masked=False).tolist() == slid(FEW, size)


def test_a_picture_smaller_than_the_window_has_no_middle() -> None:
    small = FEW[:3, :4]
    assert kernels.mode(small, 2, bits=False, masked=False).tolist() == everywhere(small, 2, first_most)


@pytest.mark.parametrize("bias", [0.0, 0.3, 0.5, 1.0])
def test_midpoint(bias: float) -> None:
    """A pixel that is the least so far is not asked whether it is the largest."""

    def rule(around: list[int]) -> int:
        low, high = 255, 0
        for value in around:
            if value < low:
                low = value
            else:
                high = max(high, value)
        return low + int(np.float32(max(high - low, 0)) * np.float32(bias))

    assert kernels.midpoint(GREY, 1, bias, bits=False, most=255).tolist() == everywhere(GREY, 1, rule)


def test_morph_is_fixed_point_and_cut() -> None:
    kernel = [-1, -1, -1, -1, 8, -1, -1, -1, -1]

    def rule(around: list[int]) -> int:
        total = sum(weight * value for weight, value in zip(kernel, around, strict=True))
        return min(max(total * round(65536 * 0.3) + 2 * 65536 >> 16, 0), 255)

    assert kernels.morph(GREY, 1, kernel, (0.3, 2.0), 255).tolist() == everywhere(GREY, 1, rule)


def test_erosion_leaves_out_a_pixel_for_the_middle() -> None:
    """Even where the middle is not set; only zeros come of it."""
    assert kernels.eroded(BITS, 1, 2).tolist() == [
        [0 if sum(window(BITS, y, x, 1)) - 1 < 8 - 2 else int(BITS[y, x]) for x in range(12)] for y in range(9)
    ]


def test_dilation_makes_white_of_any_grey() -> None:
    sparse = np.where(CHANCE.random((9, 12)) < 0.2, GREY, 0)
    assert kernels.dilated(sparse, 1, 1, 255).tolist() == [
        [255 if sum(each > 0 for each in window(sparse, y, x, 1)) > 1 else int(sparse[y, x]) for x in range(12)]
        for y in range(9)
    ]


def test_bilateral_keeps_edges_and_flat_parts() -> None:
    step = np.where(np.arange(12) < 6, 40, 200) * np.ones((9, 1), np.int64)
    assert kernels.bilateral(step, 1, 0.05, 1.0, 255).tolist() == step.tolist()
    smoothed = kernels.bilateral(GREY, 1, 10.0, 10.0, 255)
    assert abs(smoothed - np.array(everywhere(GREY, 1, lambda a: sum(a) // 9))).max() <= 1
