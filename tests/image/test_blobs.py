"""Blobs as the camera measures them: order, perimeter, corners, moments, in its own precision, on tiny pictures."""

from __future__ import annotations

import ast
import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from omvsim.image import fmath, formats, pixels
from omvsim.image.blob_filling import Filler, Run
from omvsim.image.blob_shape import corners_of, least_rectangle, moments_of, rect_of
from omvsim.image.thresholds import Threshold, selected, selects_nothing
from omvsim.image.value import Image
from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path


def filled(*rows: str, deepest: int = 100) -> Filler:
    ok = np.array([[letter == "#" for letter in row] for row in rows])
    return Filler(ok, np.zeros(ok.shape, bool), (0, 0, ok.shape[1], ok.shape[0]), deepest)


def test_runs_come_up_first_and_from_the_left() -> None:
    filler = filled("#.#", "###", "#.#")
    runs, _ = filler.fill(1, 1)
    assert runs == [Run(1, 0, 2), Run(0, 0, 0), Run(0, 2, 2), Run(2, 0, 0), Run(2, 2, 2)]


def test_what_was_filled_is_taken() -> None:
    filler = filled("##.#", "...#")
    assert filler.fill(0, 0)[0] == [Run(0, 0, 1)]
    assert filler.taken().tolist() == [[True, True, False, False], [False] * 4]
    assert list(filler.starts(0, 0, 1)) == [3]


@pytest.mark.parametrize(
    ("rows", "perimeter"),
    [
        (("...", ".#.", "..."), 2),  # a run's two ends; beside the ends nothing counts
        ((".....", ".###.", "....."), 2 + 1 + 1),
        (("###",), 2 + 3 + 3),  # the region's edges count whole
        (("###", "#.#"), 2 + 3 + 3 + 3 + 1 + 2 + 1 + 2 + 1),  # the edge above again each time it comes back from below
    ],
)
def test_the_perimeter(rows: tuple[str, ...], perimeter: int) -> None:
    filler = filled(*rows)
    y, x = np.argwhere(filler.taken() == 0)[0] if rows[0][0] == "#" else (1, 1)
    assert filler.fill(int(x), int(y))[1] == perimeter


def test_a_full_stack_ends_the_search_there() -> None:
    runs, perimeter = filled("#", "#", "#", deepest=1).fill(0, 0)
    assert runs == [Run(0, 0, 0), Run(1, 0, 0)]
    assert perimeter == 2 + 1 + 2 + 2 + 1


def test_corners_of_a_rectangle() -> None:
    """The middle of a run; of runs as far out as one another an average that never leaves the first."""
    corners = corners_of([Run(y, 3, 7) for y in range(2, 7)], 19, 9)
    assert rect_of(corners) == (3, 2, 5, 5)
    assert corners[5] == (5, 2)
    assert corners[15] == (5, 6)
    assert corners[0] == (3, 2)
    assert least_rectangle(corners) == [(3, 2), (7, 2), (7, 6), (3, 6)]


def test_averages_are_whole_numbers_one_by_one() -> None:
    """(0, 1) and the third: (0 + 1) / 2 = 0, then (2 + 2 · 0) / 3 = 0, while the mean of all is 1."""
    assert corners_of([Run(y, 4, 4) for y in range(3)], 9, 9)[0] == (4, 0)


def test_a_blob_in_the_last_row_shares_its_corner_with_the_region() -> None:
    """Corners begin there, and one that is as far out is averaged with it."""
    corners = corners_of([Run(9, 2, 4)], 19, 9)
    assert corners[5] == ((3 + 19) // 2, 9)
    assert corners[15] == (3, 9)


def test_moments_of_a_bar() -> None:
    moments = moments_of([Run(4, 10, 30)])
    assert (moments.cx, moments.cy) == (20.0, 4.0)
    assert (moments.rotation, moments.roundness) == (0.0, 0.0)
    upright = moments_of([Run(y, 4, 4) for y in range(10, 31)])
    assert upright.rotation == pytest.approx(math.pi / 2)


def test_moments_of_a_square_have_no_direction() -> None:
    moments = moments_of([Run(y, 0, 4) for y in range(5)])
    assert (moments.rotation, moments.roundness) == (0.0, 1.0)


def test_the_tables_of_angles() -> None:
    assert fmath.COSINES[90] == fmath.SINES[0] == fmath.SINES[180] == 0
    assert fmath.SINES[18] == fmath.single(0.309017)


@pytest.mark.parametrize("angle", [0.1, 0.7, 1.5, 2.0, 3.0, 3.5, 4.6, 6.0])
def test_the_arc_tangent_goes_once_round(angle: float) -> None:
    assert fmath.atan2(math.sin(angle), math.cos(angle)) == pytest.approx(angle, abs=1e-5)


def test_the_arc_tangent_of_the_axis() -> None:
    assert (fmath.atan2(0, 0), fmath.atan2(1, 0), fmath.atan2(-1, 0)) == (0.0, fmath.PI, -fmath.PI)


@pytest.mark.parametrize(
    ("colour", "lab"),
    [
        ((0, 0, 0), (0, 0, -1)),
        ((255, 255, 255), (100, 0, 2)),
        ((255, 0, 0), (53, 80, 66)),
        ((0, 0, 255), (31, 78, -106)),
    ],
)
def test_words_that_differ_in_the_last_blue_share_a_colour(
    colour: tuple[int, int, int], lab: tuple[int, int, int]
) -> None:
    """CIE gives 0, 0, 0 and 0, 3, -9 for the two darkest blues that share: the mean is cut towards 0."""
    word = pixels.word_of_rgb(*colour)
    assert [tuple(pixels.lab_table()[each].tolist()) for each in (word, word ^ 1)] == [lab, lab]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("solidity", 24 / 15),
        ("convexity", 16 / 20),
        ("enclosing_circle", (5, 3, 4)),
        ("enclosed_ellipse", (5, 3, 1, 2, 90)),
        ("major_axis_line", (8, 3, 3, 3)),
        ("minor_axis_line", (5, 2, 5, 5)),
    ],
)
def test_measures_are_functions_in_500(tmp_path: Path, name: str, value: object) -> None:
    text = "import image\ni = image.Image(24, 16, image.GRAYSCALE)\n"
    text += "i.draw_rectangle((3, 2, 6, 4), color=255, fill=True)\nb = i.find_blobs([(255, 255)])[0]\n"
    result = run(
        tmp_path,
        f"{text}found = image.get_{name}(b)\nprint(found if isinstance(found, float) else tuple([x for x in found]))\n",
        release="5.0.0",
    )
    assert result.failure is None, result.failure
    found = ast.literal_eval(result.output)
    assert found == (value if isinstance(value, tuple) else pytest.approx(min(value, 1.0), abs=1e-6))  # type: ignore[type-var]


def test_a_measure_of_no_blob_is_not_known(tmp_path: Path) -> None:
    result = run(tmp_path, "import image\nimage.get_solidity((1, 2, 3))\n", release="5.0.0")
    assert "unknown" in repr(result)
    assert result.failure is None


PICTURE = """
import image
i = image.Image(24, 16, image.GRAYSCALE)
i.draw_rectangle(3, 2, 6, 4, color=255, fill=True)
i.draw_rectangle(11, 2, 4, 4, color=255, fill=True)
"""


def shown(folder: Path, *expressions: str) -> list[object]:
    result = run(folder, PICTURE + "".join(f"print({each})\n" for each in expressions))
    assert result.failure is None, result.failure
    return [ast.literal_eval(line) for line in result.output.splitlines()]


def test_merged_blobs_add_up(tmp_path: Path) -> None:
    call = "i.find_blobs([(255, 255)], merge=True, margin=3, x_hist_bins_max=4, y_hist_bins_max=4)[0]"
    names = ("rect", "pixels", "count", "x_hist_bins", "y_hist_bins", "cxf", "perimeter")
    found = dict(zip(names, shown(tmp_path, *(f"{call}.{name}()" for name in names)), strict=True))
    assert found["rect"] == (3, 2, 12, 4)
    assert (found["pixels"], found["count"]) == (40, 2)
    assert found["cxf"] == pytest.approx((24 * 5.5 + 16 * 12.5) / 40)
    assert found["x_hist_bins"] == [12, 12, 4, 12]
    assert found["y_hist_bins"] == [10, 10, 10, 10]
    assert found["perimeter"] == (8 + 4 + 4 + 4) + (8 + 2 + 2 + 2)  # above counts again on the way back


def test_shapes_of_a_blob(tmp_path: Path) -> None:
    call = "i.find_blobs([(255, 255)])[0]"
    names = ("min_corners", "major_axis_line", "minor_axis_line", "enclosing_circle", "enclosed_ellipse")
    found = dict(zip(names, shown(tmp_path, *(f"{call}.{name}()" for name in names)), strict=True))
    assert found["min_corners"] == ((3, 2), (8, 2), (8, 5), (3, 5))
    assert found["major_axis_line"] == (8, 3, 3, 3)
    assert found["minor_axis_line"] == (5, 2, 5, 5)
    assert found["enclosing_circle"] == (5, 3, 4)
    assert found["enclosed_ellipse"] == (5, 3, 1, 2, 90)


def test_a_threshold_that_selects_nothing_still_has_its_number(tmp_path: Path) -> None:
    text = (
        "import image\nimg = image.Image(8, 4, image.GRAYSCALE)\nimg.set_pixel(2, 2, 200)\n"
        "for looked in ([(90, 100), (150, 255)], [(150, 255), (90, 100)], [(90, 100)]):\n"
        "    found = img.find_blobs(looked, area_threshold=1, pixels_threshold=1)\n"
        "    print([(blob.code(), blob.x(), blob.pixels()) for blob in found])\n"
    )
    assert run(tmp_path, text).output == "[(2, 2, 1)]\n[(1, 2, 1)]\n[]\n"


@pytest.mark.parametrize("code", [formats.GRAYSCALE, formats.BINARY, formats.RGB565, formats.JPEG])
def test_what_is_seen_at_a_glance_is_what_comparing_shows(code: int) -> None:
    values = np.random.default_rng(3).integers(90, 110, 60, np.uint8)
    image: Any = SimpleNamespace(
        code=code, is_compressed=code == formats.JPEG, size=54, store=bytearray(values.tobytes())
    )  # the last six bytes are not part of it
    seen = 0
    for low, high in [(0, 89), (110, 255), (0, 255), (100, 100), (int(values[:54].max()) + 1, 255), (255, 255)]:
        threshold = Threshold((low, -128, -128), (high, 127, 127), None)  # type: ignore[arg-type]
        nothing = not selected(values[:54], formats.GRAYSCALE, threshold, invert=False).any()
        assert selects_nothing(image, threshold) is (nothing and code == formats.GRAYSCALE)
        seen += nothing
    assert seen == 4


@pytest.mark.parametrize("place", [(0, 3, 0, 4), (1, 3, 0, 4), (2, 2, 0, 4), (3, 1, 0, 4), (0, 2, 1, 3)])
@pytest.mark.parametrize("depth", [1, 2])
def test_rows_are_made_black(place: tuple[int, int, int, int], depth: int) -> None:
    image: Any = SimpleNamespace(width=4, line_size=4 * depth, store=bytearray(b"x" * 4 * depth * 3))
    Image.blacken(image, *place)
    top, bottom, left, right = place
    expected = np.full((3, 4, depth), ord("x"), np.uint8)
    expected[top:bottom, left:right] = 0
    assert image.store == expected.tobytes()
