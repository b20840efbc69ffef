"""The camera's PNG encoder: what it writes reads back, and is packed by its own rules."""

from __future__ import annotations

import io
import itertools
import zlib
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from omvsim.image import encoders, formats, png
from omvsim.image.draw_image import Source

CHANCE = np.random.default_rng(31)


def pictures() -> dict[str, np.ndarray]:
    slope = np.add.outer(np.arange(40), 2 * np.arange(70)).astype(np.uint8)
    noise = CHANCE.integers(0, 256, (30, 50)).astype(np.uint8)
    blocks = np.kron(CHANCE.integers(0, 256, (6, 7)), np.ones((8, 9), int)).astype(np.uint8)
    return {
        "slope": slope,
        "noise": noise,
        "blocks": blocks,
        "flat": np.zeros((300, 300), np.uint8),
        "dot": slope[:1, :1],
    }


@pytest.mark.parametrize("name", pictures())
def test_grey_reads_back(name: str) -> None:
    rows = pictures()[name]
    with Image.open(io.BytesIO(png.encoded(rows, rows.shape[1]))) as picture:
        assert picture.mode == "L"
        assert np.asarray(picture).tolist() == rows.tolist()


def test_colour_reads_back() -> None:
    colours = CHANCE.integers(0, 256, (20, 31, 3)).astype(np.uint8)
    data = png.encoded(colours.reshape(20, 93), 31, colour=True)
    with Image.open(io.BytesIO(data)) as picture:
        assert np.asarray(picture).tolist() == colours.tolist()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 257, 70_000])
def test_streams_unpack(size: int) -> None:
    """Blocks of 65536 bytes; matches do not reach beyond a block's end."""
    data = bytes(CHANCE.integers(0, 3, size).tolist())
    assert zlib.decompress(png.zlib_stream(data)) == data


def test_runs_unpack() -> None:
    data = b"\0" * 5000 + b"ab" * 300 + b"\0" * 20 + bytes(range(256)) * 9
    assert zlib.decompress(png.zlib_stream(data)) == data


def test_a_distance_is_within_the_window() -> None:
    """What repeats 1500 bytes later is not found; 900 bytes later it is."""
    once = bytes(CHANCE.integers(0, 256, 900).tolist())
    near, far = png.zlib_stream(once * 2), png.zlib_stream(once + bytes(CHANCE.integers(0, 256, 600).tolist()) + once)
    assert len(near) < 1100
    assert len(far) > 2300


@pytest.mark.parametrize(
    ("row", "kind"), [([0, 0, 0, 0], 0), ([9, 9, 9, 9], 1), ([3, 200, 7, 90], 2), ([8, 11, 11, 11], 3)]
)
def test_the_filter_with_the_least_sum(row: list[int], kind: int) -> None:
    """Of equals the first. The row above is 3, 200, 7, 90 for the second kind, 16, 3, 3 … for the average."""
    above = {2: [3, 200, 7, 90], 3: [16, 14, 11, 11]}.get(kind, [0, 0, 0, 0])
    lines = png.filtered(np.array([above, row], np.uint8), 1)
    assert lines[5] == kind


def test_the_predictor_of_three() -> None:
    rows = np.array([[10, 20, 30, 40], [12, 22, 32, 42]], np.uint8)
    assert zlib.decompress(png.zlib_stream(png.filtered(rows, 1)))[5] in (2, 4)


def cheapest(counts: list[int], most: int) -> int:
    """Of all lengths that leave no code unused and none too many, the frequent symbols' the shortest."""
    tried = itertools.combinations_with_replacement(range(1, most + 1), len(counts))
    fitting = (each for each in tried if sum(2.0**-length for length in each) == 1.0)
    ordered = sorted(counts, reverse=True)
    return min(sum(count * length for count, length in zip(ordered, each, strict=True)) for each in fitting)


@pytest.mark.parametrize("most", [3, 4, 7])
@pytest.mark.parametrize("weights", [(1, 1, 2, 3, 5, 8, 13), (4, 4, 4, 4, 4, 4), (1, 90, 2, 2, 7)])
def test_code_lengths_are_the_best_of_so_many_bits(weights: tuple[int, ...], most: int) -> None:
    lengths = png.code_lengths(Counter(dict(enumerate(weights))), len(weights), 19, most)
    assert sum(2.0**-each for each in lengths) == 1.0
    assert max(lengths) <= most
    cost = sum(weights[symbol] * length for symbol, length in enumerate(lengths))
    assert cost == cheapest(list(weights), most)


def test_a_tree_has_two_codes_at_least() -> None:
    assert png.code_lengths(Counter(), 2, 30, 15) == [1, 1]
    assert png.code_lengths(Counter({4: 9}), 2, 30, 15) == [1, 0, 0, 0, 1]


def binary(values: np.ndarray) -> Source:
    return Source(values.shape[1], values.shape[0], formats.BINARY, values.astype(np.uint8))


def test_bits_of_a_binary_picture() -> None:
    """Up to 4.8.1 eight bits a pixel, and rows that do not end with a word are torn; from 5.0.0 on one bit."""
    values = CHANCE.integers(0, 2, (6, 40))
    with Image.open(io.BytesIO(encoders.encode(binary(values), formats.PNG, png_bits=1))) as picture:
        assert picture.mode == "1"
        assert np.asarray(picture).astype(int).tolist() == values.tolist()
    with Image.open(io.BytesIO(encoders.encode(binary(values), formats.PNG))) as picture:
        shown = np.asarray(picture) // 255
    assert shown[0].tolist() == values[0].tolist()
    assert shown[1].tolist() == [0] * 24 + values[1][:16].tolist()
    whole = CHANCE.integers(0, 2, (6, 64))
    with Image.open(io.BytesIO(encoders.encode(binary(whole), formats.PNG))) as picture:
        assert (np.asarray(picture) // 255).tolist() == whole.tolist()
