"""Keypoints, regression, displacement, eyes and cascades: what they find really, and what each thing costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.image.corners import AGAST, FAST, Corner, detected, strongest
from omvsim.runs.result import Outcome
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

GREY = "import image\nimg = image.Image(%d, %d, image.GRAYSCALE)\n"
CALL = "def f():\n    return %s\nr = f()\n"
LINE = 4
"""Of the call in ``GREY % … + CALL % …``."""


def square(size: int = 40) -> np.ndarray:
    """A square of 10 x 10 in the middle of the dark, brightest in its corners."""
    made = np.zeros((size, size), np.uint8)
    far = np.abs(np.arange(10) * 2 - 9)
    made[15:25, 15:25] = 100 + 3 * (far[:, None] + far[None, :]) + np.arange(10)
    return made


def test_corners_of_a_square_in_both_ways() -> None:
    for detector in (FAST, AGAST):
        found = strongest(detected(square(), (0, 0, 40, 40), 20, detector))
        assert found
        assert all(min(abs(c.x - 15), abs(c.x - 24)) <= 3 and min(abs(c.y - 15), abs(c.y - 24)) <= 3 for c in found)


def test_a_score_is_the_largest_threshold_that_still_finds_it() -> None:
    picture = square()
    corner = detected(picture, (0, 0, 40, 40), 20, FAST)[0]
    again = detected(picture, (0, 0, 40, 40), corner.score, FAST)
    assert (corner.x, corner.y) in {(c.x, c.y) for c in again}
    if corner.score < 254:
        more = detected(picture, (0, 0, 40, 40), corner.score + 1, FAST)
        assert (corner.x, corner.y) not in {(c.x, c.y) for c in more}


def test_a_table_of_corners_that_is_full_ends_the_search() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (60, 60)).astype(np.uint8)
    assert len(detected(noise, (0, 0, 60, 60), 1, AGAST, 7)) == 7


def test_of_equal_neighbours_none_is_kept() -> None:
    assert strongest([Corner(5, 5, 9), Corner(6, 5, 9)]) == []
    assert strongest([Corner(5, 5, 9), Corner(6, 6, 8)]) == [Corner(5, 5, 9)]


def test_a_small_picture_has_no_keypoints(tmp_path: Path) -> None:
    result = run(tmp_path, GREY % (160, 120) + CALL % "img.find_keypoints()" + "print(r)\n")
    assert result.output == "None\n"
    assert asked(result, LINE) == [16, 16]


def test_each_keypoint_costs_44_bytes_and_the_best_are_kept(tmp_path: Path) -> None:
    text = (
        GREY % (320, 240)
        + "for i in range(12):\n    img.draw_rectangle(70 + 15 * i, 70 + 6 * i, 6, 6, 250, fill=True)\n"
    )
    text += CALL % "img.find_keypoints(max_keypoints=5, threshold=10, normalized=True)" + "print(len(r), r)\n"
    result = run(tmp_path, text)
    assert result.output == '5 {"size":5, "threshold":10, "normalized":1}\n'
    requests = asked(result, LINE + 2)
    assert requests[:2] == [16, 16]
    assert requests.count(44) > 5
    assert requests[-1] == 16


def test_a_descriptor_matches_itself_also_from_a_file(tmp_path: Path) -> None:
    text = (
        GREY % (320, 240)
        + "for i in range(12):\n    img.draw_rectangle(70 + 15 * i, 70 + 6 * i, 6 + i, 6, 250, fill=True)\n"
    )
    text += "a = img.find_keypoints(max_keypoints=8, threshold=10, normalized=True)\n"
    text += "image.save_descriptor(a, '/flash/k.orb')\nb = image.load_descriptor('/flash/k.orb')\n"
    text += "print(len(b), a[0] == b[0], image.match_descriptor(a, b).count())\n"
    assert run(tmp_path, text).output == "8 True 8\n"


def test_local_patterns_differ_by_how_unlike_they_are(tmp_path: Path) -> None:
    text = GREY % (80, 80) + "img.draw_rectangle(20, 20, 30, 30, 200, fill=True)\n"
    text += "a, b = img.find_lbp((0, 0, 70, 70)), img.find_lbp((5, 0, 70, 70))\n"
    text += "print(image.match_descriptor(a, a), image.match_descriptor(a, b) > 0)\n"
    assert run(tmp_path, text).output == "0 True\n"


def test_descriptors_of_two_kinds_do_not_match(tmp_path: Path) -> None:
    text = GREY % (80, 80) + "try:\n    image.match_descriptor(img.find_lbp((0, 0, 70, 70)), 3)\n"
    text += "except Exception as e:\n    print(repr(e))\n"
    assert run(tmp_path, text).output == "OSError('Descriptors have different types!',)\n"


@pytest.mark.parametrize("robust", ["", ", robust=True"])
def test_a_line_through_what_is_bright(robust: str, tmp_path: Path) -> None:
    text = GREY % (80, 60) + "img.draw_line(10, 6, 70, 36, 255)\n"
    text += f"r = img.get_regression([(100, 255)]{robust})\nprint(r.theta(), r.line()[:2])\n"
    theta = run(tmp_path, text).output.split()[0]
    assert 114 <= int(theta) <= 119


def test_no_line_without_pixels_but_the_threshold_is_paid(tmp_path: Path) -> None:
    result = run(tmp_path, GREY % (80, 60) + CALL % "img.get_regression([(100, 255)])" + "print(r)\n")
    assert result.output == "None\n"
    assert asked(result, LINE).count(14) == 1
    assert 36 not in asked(result, LINE)


def test_robust_is_gone_and_a_line_is_a_tuple_in_5_0_0(tmp_path: Path) -> None:
    text = GREY % (80, 60) + "img.draw_line((10, 6, 59, 55), color=255)\nr = img.get_regression([(100, 255)])\n"
    text += "print(130 < r.theta < 140)\ntry:\n    img.get_regression([(100, 255)], robust=True)\n"
    text += "except TypeError as e:\n    print(e)\n"
    assert run(tmp_path, text, release="5.0.0").output == "True\nextra keyword arguments given\n"


def test_how_far_a_picture_is_shifted(tmp_path: Path) -> None:
    text = GREY % (64, 64) + "other = image.Image(64, 64, image.GRAYSCALE)\n"
    text += (
        "for i in range(9):\n    img.draw_circle(10 + 5 * i, 12 + 4 * i * i % 40, 2 + i % 3, 90 + 15 * i, fill=True)\n"
    )
    text += "for i in range(9):\n"
    text += "    other.draw_circle(14 + 5 * i, 15 + 4 * i * i % 40, 2 + i % 3, 90 + 15 * i, fill=True)\n"
    text += "d = img.find_displacement(other)\nprint(round(d.x_translation()), round(d.y_translation()))\n"
    assert run(tmp_path, text).output == "-4 3\n"


def test_regions_of_two_sizes_have_no_displacement(tmp_path: Path) -> None:
    text = (
        GREY % (64, 64) + "try:\n    img.find_displacement(img, roi=(0, 0, 9, 9))\nexcept OSError as e:\n    print(e)\n"
    )
    assert run(tmp_path, text).output == "ROI(w,h) != TEMPLATE_ROI(w,h)\n"


def test_a_displacement_at_vga_does_not_fit_a_heap_of_words(tmp_path: Path) -> None:
    """Two spectra of 1024 x 512 complex numbers of 8 bytes: 8 MB, more than a QVGA's 2 MB."""
    result = run(tmp_path, GREY % (64, 64) + CALL % "img.find_displacement(img)")
    assert asked(result, LINE) == [24, 8, 8, 8, 8, 8]


def test_a_pupil_is_where_the_gradients_point_away_from(tmp_path: Path) -> None:
    text = (
        GREY % (100, 80)
        + "img.draw_rectangle(0, 0, 100, 80, 230, fill=True)\nimg.draw_circle(55, 55, 8, 20, fill=True)\n"
    )
    text += CALL % "img.find_eye((10, 10, 80, 65))" + "print(r)\n"
    result = run(tmp_path, text)
    x, y = (int(part) for part in result.output.strip("()\n").split(","))
    assert abs(x - 55) <= 2
    assert abs(y - 55) <= 2
    assert set(asked(result, LINE + 2)) >= {16}


def cascade(threshold: int = 1) -> bytes:
    """24 x 24, one stage of one feature: the left half brighter than the right."""
    boxes = np.array([[0, 0, 23, 23], [0, 0, 11, 23]], np.int8)
    parts = [np.array([24, 24, 1], np.int32), np.array([1, 0, 0, 0], np.int8), np.array([threshold], np.int16)]
    parts += [np.array([0], np.int16), np.array([0], np.int16), np.array([threshold], np.int16), np.array([2], np.int8)]
    parts += [np.array([-1, 2], np.int8), boxes]
    return b"".join(part.tobytes() for part in parts)


def with_cascade(data: bytes, rest: str) -> str:
    """A script that writes a cascade and loads it."""
    return (
        GREY % (60, 50)
        + f"with open('/flash/c', 'wb') as file:\n    file.write({data!r})\nc = image.HaarCascade('/flash/c')\n"
        + rest
    )


def test_a_cascade_tells_what_is_in_it(tmp_path: Path) -> None:
    result = run(tmp_path, with_cascade(cascade(), "print(c)\n"))
    assert result.output == '{"width":24, "height":24, "n_stages":1, "n_features":1, "n_rectangles":2}\n'


def test_features_are_seen_where_they_are_and_merged(tmp_path: Path) -> None:
    rest = "img.draw_rectangle(0, 0, 30, 50, 250, fill=True)\n"
    rest += "for f in img.find_features(c, threshold=1.0, scale_factor=2):\n    print(f[0] + f[2] // 2)\n"
    middles = [int(line) for line in run(tmp_path, with_cascade(cascade(), rest)).output.split()]
    assert middles
    assert all(abs(middle - 30) <= 12 for middle in middles)


def test_what_is_even_has_no_features(tmp_path: Path) -> None:
    text = with_cascade(cascade(), CALL % "img.find_features(c)" + "print(r)\n")
    result = run(tmp_path, text)
    assert result.output == "[]\n"
    assert asked(result, 7) == [16, 16, 16, 16]


def test_a_region_that_is_no_larger_than_the_window(tmp_path: Path) -> None:
    rest = "try:\n    img.find_features(c, roi=(0, 0, 24, 24))\nexcept OSError as e:\n    print(e)\n"
    assert (
        run(tmp_path, with_cascade(cascade(), rest)).output == "Region of interest is smaller than detector window!\n"
    )


def test_tables_in_the_firmware_are_not_known(tmp_path: Path) -> None:
    text = "import image\nimage.HaarCascade('frontalface')\n"
    assert run(tmp_path, text, release="4.5.9").outcome is Outcome.NOT_MODELLED
