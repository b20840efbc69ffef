"""Finders: what they look for really, and what a script is told to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.runs.result import Outcome
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

GREY = "import image\nimg = image.Image(40, 30, image.GRAYSCALE)\nimg.draw_rectangle(10, 5, 8, 8, 200, fill=True)\n"


def test_a_blob_has_its_place(tmp_path: Path) -> None:
    text = GREY + "for blob in img.find_blobs([(100, 255)]):\n    print(blob.rect(), blob.pixels())\n"
    assert run(tmp_path, text).output == "(10, 5, 8, 8) 64\n"


def test_a_template_is_found_where_it_is(tmp_path: Path) -> None:
    text = GREY + "part = img.crop(roi=(8, 3, 12, 12), copy=True)\nprint(img.find_template(part, 0.9))\n"
    assert run(tmp_path, text).output == "(8, 3, 12, 12)\n"


def test_a_flood_fills_what_is_joined(tmp_path: Path) -> None:
    text = GREY + "img.flood_fill(12, 7, color=90)\nprint(img.get_pixel(17, 12), img.get_pixel(18, 12))\n"
    assert run(tmp_path, text).output == "90 0\n"


def test_an_image_is_like_itself(tmp_path: Path) -> None:
    text = GREY + "print(img.get_similarity(img.copy()).mean())\n"
    assert run(tmp_path, text).output == "1.0\n"


def test_lists_of_what_is_not_found(tmp_path: Path) -> None:
    result = run(tmp_path, GREY + "def f():\n    return img.find_qrcodes()\nprint(f())\n")
    assert result.output == "[]\n"
    assert asked(result, 5) == [16, 16]


def test_steps_of_circles(tmp_path: Path) -> None:
    text = GREY + "try:\n    img.find_circles(x_stride=0)\nexcept Exception as e:\n    print(repr(e))\n"
    assert run(tmp_path, text).output == "OSError('x_stride must not be zero.',)\n"


def test_what_is_not_modelled_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, GREY + "img.draw_event_histogram(1)\n")
    assert result.outcome is Outcome.NOT_MODELLED


@pytest.mark.parametrize(
    ("release", "call", "said"),
    [
        ("4.8.1", "find_eye()", "function missing 1 required positional arguments"),
        ("4.8.1", "find_eye(roi=(0, 0, 9, 9))", "function missing 1 required positional arguments"),
        ("5.0.0", "find_eye()", "'roi' argument required"),
        ("5.0.0", "draw_string((0, 0))", "function missing 1 required positional arguments"),
        ("5.0.0", "draw_string(5)", "function missing 1 required positional arguments"),
    ],
)
def test_too_few_arguments(tmp_path: Path, release: str, call: str, said: str) -> None:
    """As many as modules/py_image.c declares of each release, by position."""
    text = f"import image\nimg = image.Image(40, 30, image.GRAYSCALE)\ntry:\n    img.{call}\n"
    assert run(tmp_path, text + "except TypeError as e:\n    print(e)\n", release=release).output == said + "\n"
