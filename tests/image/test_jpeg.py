"""The camera's JPEG encoder: what it makes is a JPEG of the picture, in every format and subsampling."""

from __future__ import annotations

import io

import numpy as np
import pytest

from omvsim.image import pixels
from omvsim.image.draw_image import Source
from omvsim.image.encoders import encode
from omvsim.image.formats import BINARY, GRAYSCALE, JPEG, RGB565
from omvsim.image.jpeg import ZIGZAG

PillowImage = pytest.importorskip("PIL.Image")
DOWN, ACROSS = np.mgrid[0:37, 0:50]
"""No side is a whole number of blocks."""


def decoded(data: bytes) -> np.ndarray:
    with PillowImage.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int64)


def test_the_order_of_coefficients() -> None:
    assert ZIGZAG[:10] == [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]
    assert ZIGZAG[-3:] == [55, 62, 63]
    assert sorted(ZIGZAG) == list(range(64))


@pytest.mark.parametrize("quality", [30, 80, 95])
def test_a_grey_picture_comes_back(quality: int) -> None:
    grey = (3 * ACROSS + 2 * DOWN).astype(np.uint8)
    back = decoded(encode(Source(50, 37, GRAYSCALE, grey), JPEG, quality))[..., 0]
    assert back.shape == grey.shape
    assert abs(back - grey).mean() < 6


def test_a_binary_picture_is_black_and_white() -> None:
    bits = (ACROSS // 8 + DOWN // 8) % 2
    back = decoded(encode(Source(50, 37, BINARY, bits.astype(np.uint8)), JPEG, 95))[..., 0]
    assert abs(back - 255 * bits).mean() < 12


@pytest.mark.parametrize("subsampling", [0x11, 0x21, 0x22])
def test_colours_come_back_in_every_subsampling(subsampling: int) -> None:
    parts = (5 * ACROSS, 6 * DOWN, 200 - 2 * ACROSS)
    words = pixels.join(*(part.astype(np.int32) for part in parts))
    wanted = pixels.rgb(words, RGB565, 50).astype(np.int64)
    data = encode(Source(50, 37, RGB565, words), JPEG, 90, subsampling)
    assert abs(decoded(data) - wanted).mean() < 8
    scan = data.index(b"\xff\xc0")
    assert data[scan + 11] == subsampling


def test_less_quality_takes_less() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    sizes = [len(encode(Source(64, 64, GRAYSCALE, noise), JPEG, quality)) for quality in (10, 50, 90)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2] // 2


def test_one_even_block() -> None:
    """Header, a difference of 0, the end of the block, padding and the end: 6 bits of data in one byte."""
    data = encode(Source(8, 8, GRAYSCALE, np.full((8, 8), 128, np.uint8)), JPEG, 50)
    assert len(data) == 324 + 1 + 2
