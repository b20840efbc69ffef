"""Statistics, thresholds and likeness worked out in single precision, on small histograms and pictures."""

from __future__ import annotations

import numpy as np
import pytest

from omvsim.image import formats, histograms, similarity

GREY = formats.GRAYSCALE
COLOUR = formats.RGB565


def test_shares_of_a_picture() -> None:
    part = np.array([[0, 10], [10, 255]], np.uint8)
    (bins,) = histograms.shares_of(part, GREY, [256], [], invert=False)
    assert (bins[0], bins[10], bins[255], bins.sum()) == (0.25, 0.5, 0.25, 1.0)


def test_a_value_between_two_bins_goes_to_the_even_one() -> None:
    """Of 0 … 255 in 3 bins 63.75 is half of one: 63 and 64 are on its two sides; of 0 … 1 in 2 nothing is between."""
    part = np.array([[63, 64, 191, 192]], np.uint8)
    (bins,) = histograms.shares_of(part, GREY, [3], [], invert=False)
    assert bins.tolist() == [0.25, 0.5, 0.25]


def test_nothing_selected_has_no_shares() -> None:
    (bins,) = histograms.shares_of(np.zeros((0, 4), np.uint8), GREY, [4], [], invert=False)
    assert bins.tolist() == [0.0] * 4


def shares(**places: float) -> list[float]:
    bins = [0.0] * 256
    for name, share in places.items():
        bins[int(name[1:])] = share
    return bins


def test_measures() -> None:
    found = histograms.measures(shares(v10=0.25, v20=0.5, v90=0.25), GREY, 0)
    assert found == [35, 20, 20, 32, 10, 90, 10, 20]


def test_negative_values_are_floored_as_the_processor_does() -> None:
    """``vcvtm`` of an RT1062; where a build does not know its processor it cuts towards 0."""
    bins = [0.0] * 256
    bins[124], bins[125] = 0.5, 0.5  # -4 and -3
    mean, median, *_ = histograms.measures(bins, COLOUR, 1)
    assert (mean, median) == (-4, -4)


@pytest.mark.parametrize(("share", "value"), [(0.25, 10), (0.26, 20), (0.75, 20), (1.0, 90), (0.0, 0)])
def test_percentiles(share: float, value: int) -> None:
    assert histograms.percentile(shares(v10=0.25, v20=0.5, v90=0.25), GREY, 0, share) == value


def test_a_threshold_parts_two_groups() -> None:
    """The last value of the darker one, and the first of two places as good as one another."""
    assert histograms.threshold(shares(v10=0.25, v12=0.25, v200=0.25, v210=0.25), GREY, 0) == 12


def test_a_picture_is_like_itself() -> None:
    part = np.random.default_rng(2).integers(0, 256, (16, 24)).astype(np.uint8)
    assert similarity.likeness(part, part, 255) == pytest.approx([1.0] * 6)
    mean, spread, low, high = similarity.summed(similarity.likeness(part, part, 255), unlike=True)
    assert (mean, low, high) == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert spread < 1e-3


def by_hand(one: np.ndarray, two: np.ndarray, size: int) -> float:
    a, b = one.astype(float), two.astype(float)
    mx, my = a.sum() / size, b.sum() / size
    vx, vy = (a * a).sum() - size * mx * mx, (b * b).sum() - size * my * my
    both = (a * b).sum() - size * mx * my
    c1, c2 = 2.55**2, 7.65**2
    return float((2 * mx * my + c1) * (2 * both + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2)))


def test_the_last_row_of_squares_is_divided_by_one_line() -> None:
    chance = np.random.default_rng(4)
    one, two = (chance.integers(0, 256, (16, 8)).astype(np.uint8) for _ in range(2))
    first, last = similarity.likeness(one, two, 255)
    assert first == pytest.approx(by_hand(one[:8], two[:8], 64), abs=1e-4)
    assert last == pytest.approx(by_hand(one[8:], two[8:], 8), abs=1e-4)


def test_sums_of_likeness() -> None:
    mean, spread, low, high = similarity.summed([0.25, 0.75], unlike=False)
    assert (mean, spread, low, high) == (0.5, 0.25, 0.25, 0.75)
