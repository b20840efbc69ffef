"""Differences of pairs as ``get_regression`` counts them, and what makes a line upright or level in 5.0.0."""

from __future__ import annotations

import ast
import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.image import regression
from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path


def by_hand(each: np.ndarray) -> Counter[tuple[int, int]]:
    """All pairs of a list of points: threshold by threshold, row by row, an earlier less a later one."""
    points = [(int(y), int(x)) for one in each for y, x in np.argwhere(one)]
    return Counter((a[0] - b[0], a[1] - b[1]) for a, b in itertools.combinations(points, 2))


@pytest.mark.parametrize("thresholds", [1, 2, 3])
def test_pairs_of_several_thresholds(thresholds: int) -> None:
    each = (np.random.default_rng(7).random((thresholds, 6, 8)) < 0.3).astype(np.int64)
    found = regression.pairs_of(each)
    shown = {(int(y) - 6, int(x) - 8): int(found[y, x]) for y, x in np.argwhere(found)}
    assert shown == dict(by_hand(each))


TEXT = """
import image
i = image.Image(40, 30, image.GRAYSCALE)
i.draw_rectangle(({box}), color=255, fill=True)
line = i.get_regression([(255, 255)], x_stride=1{robust})
print(line.theta{call})
"""


def theta(folder: Path, box: str, release: str) -> int:
    old = release != "5.0.0"
    result = run(
        folder, TEXT.format(box=box, robust=", robust=True" if old else "", call="()" if old else ""), release=release
    )
    assert result.failure is None, result.failure
    return int(ast.literal_eval(result.output))


@pytest.mark.parametrize(("box", "degrees"), [("2, 12, 36, 3", 90), ("18, 1, 3, 27", 0)])
def test_a_bar_is_level_or_upright_in_500(tmp_path: Path, box: str, degrees: int) -> None:
    assert theta(tmp_path, box, "5.0.0") == degrees


def test_a_bar_leans_in_481(tmp_path: Path) -> None:
    """Rows above come first, so that the medians of a thick bar's differences lean."""
    bar = np.zeros((1, 30, 40), np.int64)
    bar[0, 12:15, 2:38] = 1
    points = [(int(y), int(x)) for y, x in np.argwhere(bar[0])]
    pairs = list(itertools.combinations(points, 2))
    down, across = (sorted(a[axis] - b[axis] for a, b in pairs)[(len(pairs) - 1) // 2] for axis in (0, 1))
    leans = round(math.degrees(math.atan2(down, across) % (2 * math.pi)) + 90) % 180
    assert leans != 90
    assert theta(tmp_path, "2, 12, 36, 3", "4.8.1") == leans
