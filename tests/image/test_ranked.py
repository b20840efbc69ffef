"""A value by its place in the order of a window, as the median takes it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from omvsim.image.kernels import ranked, swept, windows


@pytest.mark.parametrize("place", range(9))
def test_nine_values_are_put_in_order(place: int) -> None:
    """The zeros and ones of all 512 windows: what orders those orders everything (Knuth, 5.3.4)."""
    windows = np.array(list(itertools.product((0, 1), repeat=9)), np.uint8)
    assert (ranked(windows, place) == np.sort(windows, axis=-1)[:, place]).all()


@pytest.mark.parametrize("count", [1, 9, 25, 49])
def test_any_window(count: int) -> None:
    windows = np.random.default_rng(3).integers(0, 256, (5, 7, count)).astype(np.int32)
    for place in (0, count // 2, count - 1):
        assert (ranked(windows, place) == np.sort(windows, axis=-1)[..., place]).all()


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("shape", [(1, 1), (3, 8), (20, 17)])
def test_sweeping_is_what_whole_windows_give(size: int, shape: tuple[int, int]) -> None:
    part = np.random.default_rng(5).integers(0, 256, shape).astype(np.uint16)
    window = windows(part, size)
    assert (swept(part, size, np.add) == window.sum(axis=-1)).all()
    assert (swept(part, size, np.maximum) == window.max(axis=-1)).all()
    assert (swept(part, size, np.minimum) == window.min(axis=-1)).all()
