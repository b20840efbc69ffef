"""Pixels of a scaled picture, worked out by hand: 16.16 steps, half a pixel off, weights of 8 and of 5 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.image import formats
from omvsim.image.scaling import Axis, bilinear, nearest
from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

ONE = Axis(0, 0, 1, 1.0, 1, 0, 1, mirrored=False)
"""A direction of one pixel."""


def axis(length: int, room: int, *, start: int = 0, mirrored: bool = False) -> Axis:
    """``room`` pixels from ``start`` drawn over ``length``."""
    return Axis(0, 0, length, length / room, length, start, room, mirrored)


def test_twice_as_wide_is_quarters_between_two_pixels() -> None:
    # Places -0.5, 0, 0.5, 1 and so on: the first is outside, the last one too.
    found = bilinear(np.array([[0, 200, 100]], np.uint8), formats.GRAYSCALE, ONE, axis(6, 3))
    assert found is not None
    assert found.tolist() == [[0, 0, 100, 200, 150, 100]]


def test_four_times_as_wide_rounds_a_half_up() -> None:
    # Places -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1 …: 10 and 13 make 10.75, 11.5, 12.25.
    found = bilinear(np.array([[10, 13]], np.uint8), formats.GRAYSCALE, ONE, axis(8, 2))
    assert found is not None
    assert found.tolist() == [[10, 10, 10, 11, 12, 12, 13, 13]]


def test_half_as_wide_takes_between_every_second_pair() -> None:
    # Places -0.5, 1.5: the firmware takes half a pixel off whatever the scale is.
    found = bilinear(np.array([[8, 16, 32, 64]], np.uint8), formats.GRAYSCALE, ONE, axis(2, 4))
    assert found is not None
    assert found.tolist() == [[8, 24]]


def test_colours_are_mixed_one_by_one_with_weights_of_five_bits() -> None:
    red, blue = 31 << 11, 31
    found = bilinear(np.array([[red, blue]], np.uint16), formats.RGB565, ONE, axis(4, 2))
    assert found is not None
    half = (31 * 16 + 16) >> 5
    assert found.tolist() == [[red, red, half << 11 | half, blue]]


def test_bits_are_those_of_the_nearer_pixel() -> None:
    found = bilinear(np.array([[1, 0]], np.uint8), formats.BINARY, ONE, axis(8, 2))
    assert found is not None
    assert found.tolist() == [[1, 1, 1, 1, 0, 0, 0, 0]]


def test_other_formats_are_not_drawn_so() -> None:
    assert bilinear(np.array([[1, 0]], np.uint8), min(formats.BAYER), ONE, axis(4, 2)) is None


@pytest.mark.parametrize(("mirrored", "row"), [(False, [1, 1, 2, 2]), (True, [2, 2, 1, 1])])
def test_nearest_pixels_of_a_region(mirrored: bool, row: list[int]) -> None:
    pixels = np.array([[9, 1, 2, 9]], np.uint8)
    assert nearest(pixels, ONE, axis(4, 2, start=1, mirrored=mirrored)).tolist() == [row]


def test_a_region_does_not_see_what_is_beside_it() -> None:
    pixels = np.array([[255, 10, 20, 255]], np.uint8)
    found = bilinear(pixels, formats.GRAYSCALE, ONE, axis(4, 2, start=1))
    assert found is not None
    assert found.tolist() == [[10, 10, 15, 20]]


def test_a_script_draws_so(tmp_path: Path) -> None:
    text = """import image
img = image.Image(2, 2, image.GRAYSCALE)
for x in range(2):
    for y in range(2):
        img.set_pixel(x, y, 100 * x + 40 * y)
big = image.Image(4, 4, image.GRAYSCALE)
big.draw_image(img, 0, 0, x_scale=2.0, y_scale=2.0, hint=image.BILINEAR)
for y in range(4):
    print([big.get_pixel(x, y) for x in range(4)])
"""
    result = run(tmp_path, text)
    assert result.failure is None, result.failure
    assert result.output.splitlines() == [
        "[0, 0, 50, 100]",
        "[0, 0, 50, 100]",
        "[20, 20, 70, 120]",
        "[40, 40, 90, 140]",
    ]
