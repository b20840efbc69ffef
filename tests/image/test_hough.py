"""Lines and circles by votes: what is found in drawn pictures, and what it costs on the way."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.image import hough
from omvsim.image.hough import Found
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = (0, 0, 64, 48)


def picture() -> np.ndarray:
    """Dark to the left, bright to the right of column 30."""
    grey = np.zeros((48, 64), np.uint8)
    grey[:, 30:] = 200
    return grey


def candidates(grey: np.ndarray, roi: tuple[int, int, int, int] = WHOLE, threshold: int = 1000) -> list[Found]:
    pixels = hough.gradients(grey, roi, 2, 1)
    return hough.line_candidates(pixels, roi, next(hough.line_tables(roi)), threshold)


def test_gradients_lie_on_a_grid_that_is_shifted_row_by_row() -> None:
    pixels = hough.gradients(picture(), (4, 2, 10, 6), 2, 1)
    assert sorted(set(pixels.y.tolist())) == [3, 4, 5, 6]
    assert pixels.x[pixels.y == 4].tolist() == [5, 7, 9, 11]
    assert pixels.x[pixels.y == 3].tolist() == [6, 8, 10, 12]


def test_a_gradient_points_to_the_left_and_up() -> None:
    pixels = hough.gradients(picture(), WHOLE, 1, 1)
    at = (pixels.x == 30) & (pixels.y == 20)
    assert (int(pixels.across[at][0]), int(pixels.down[at][0])) == (-800, 0)


def test_an_upright_edge_is_a_line_at_0_degrees() -> None:
    found = candidates(picture())
    assert [each.place for each in found] == [(0, 29), (0, 30)]
    assert sum(each.magnitude for each in found) == 46 * 400  # every second pixel of two columns


@pytest.mark.parametrize(("across", "down", "degrees"), [(-800, 0, 0), (0, 800, 90), (0, -800, 90), (100, 100, 45)])
def test_directions(across: int, down: int, degrees: int) -> None:
    """Straight up and straight down are a right angle both."""
    one = np.array([0])
    pixels = hough.Pixels(one, one, np.array([across]), np.array([down]))
    assert hough.directions(pixels, 180).tolist() == [degrees]


def test_coarser_tables() -> None:
    shapes = list(hough.line_tables((0, 0, 160, 120)))
    assert [(each.divide, each.thetas, each.half) for each in shapes] == [(1, 182, 200), (2, 92, 100), (4, 47, 50)]
    assert shapes[0].size == 4 * 182 * 401


class List:
    """Counts nodes."""

    def __init__(self) -> None:
        self.made = self.freed = 0

    def nodes(self) -> hough.Nodes:
        return hough.Nodes(self.new, self.free)

    def new(self) -> int:
        self.made += 1
        return self.made

    def free(self, _node: int) -> None:
        self.freed += 1


def test_lines_near_each_other_become_one() -> None:
    books = List()
    found = [Found((0, 29), 100), Found((2, 31), 300), Found((90, 10), 50)]
    merged = [each for each, _ in hough.merged(found, hough.join_lines(25, 25), books.nodes())]
    assert merged == [Found((2, 30), 200), Found((90, 10), 50)]  # weighted, half of the votes
    # each of three, one put back and two put aside; both again
    assert (books.made, books.made - books.freed) == (3 + 1 + 2 + 1 + 2, 2)


def test_angles_on_both_sides_of_180_are_near() -> None:
    join = hough.join_lines(25, 25)
    assert join(Found((178, -30), 100), Found((2, 30), 100)) == Found((0, 30), 100)
    assert join(Found((0, 30), 100), Found((90, 30), 100)) is None


@pytest.mark.parametrize(
    ("theta", "rho", "ends"),
    [
        (0, 30, (30, 0, 30, 47)),
        (90, 10, (0, 10, 63, 10)),
        (45, 30, (0, 42, 42, 0)),
        (135, 0, (0, 0, 47, 47)),
        (0, 200, None),
    ],
)
def test_ends(theta: int, rho: int, ends: tuple[int, int, int, int] | None) -> None:
    assert hough.ends_of(theta, rho, 64, 48) == ends


DRAWN = """
import image
i = image.Image(80, 60, image.{kind})
i.draw_circle((40, 30, 14), color=(255, 255, 255), fill=True)
i.draw_rectangle((0, 0, 20, 60), color=(255, 255, 255), fill=True)
def f():
    return i.{call}
r = f()
print([tuple(each) if not callable(each.x) else {shape} for each in r] if {listed} else len(r))
"""


def found(folder: Path, call: str, kind: str = "GRAYSCALE", finds: int | None = None) -> tuple[object, list[int]]:
    circle = "circles" in call
    shape = "(each.x(), each.y(), each.r())" if circle else "(each.theta(), each.rho())"
    text = DRAWN.format(call=call, kind=kind, shape=shape if circle else "0", listed=circle)
    if not circle:
        text = text.replace("callable(each.x)", "True")
    result = run(folder, text, finds=finds)
    assert result.failure is None, result.failure
    line = text.splitlines().index(f"    return i.{call}") + 1
    return ast.literal_eval(result.output), asked(result, line)


@pytest.mark.parametrize("kind", ["BINARY", "GRAYSCALE", "RGB565"])
def test_a_disc_is_found(tmp_path: Path, kind: str) -> None:
    circles, _ = found(tmp_path, "find_circles(threshold=3000, r_min=12, r_max=17)", kind)
    assert isinstance(circles, list)
    assert any(abs(x - 40) <= 2 and abs(y - 30) <= 2 and abs(r - 14) <= 2 for x, y, r in circles)


def test_forced_lines_are_as_many_as_were_told(tmp_path: Path) -> None:
    count, sizes = found(tmp_path, "find_lines()", finds=3)
    assert count == 3
    assert sizes == [24] * 3 + [16, 16] + [36] * 3


def test_every_candidate_costs_a_node(tmp_path: Path) -> None:
    count, sizes = found(tmp_path, "find_lines(threshold=2000)")
    assert isinstance(count, int)
    assert sizes[-count:] == [36] * count
    assert sizes.count(24) > 2 * count


def test_nothing_is_found_in_a_flat_picture() -> None:
    flat = np.full((48, 64), 90, np.uint8)
    assert candidates(flat) == []
    pixels = hough.steep(hough.gradients(flat, WHOLE, 1, 1), WHOLE)
    assert hough.circle_candidates(pixels, WHOLE, 10, next(hough.circle_tables(WHOLE, 10)), 1) == []


def test_circles_near_each_other_become_one() -> None:
    join = hough.join_circles([10, 10, 10])
    assert join(Found((10, 10, 5), 100), Found((14, 10, 7), 300)) == Found((13, 10, 6), 200)
    assert join(Found((10, 10, 5), 100), Found((20, 10, 5), 100)) is None


def test_coarser_circles() -> None:
    shapes = list(hough.circle_tables((0, 0, 65, 48), 10))
    assert [(each.shift, each.wide, each.high) for each in shapes] == [(0, 47, 30), (1, 25, 16), (2, 14, 9)]
