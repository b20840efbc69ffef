"""Regions of pictures against numpy: what is counted, cut out and computed pixel by pixel, on pictures at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from tests.running import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RELEASES: Final = ("4.8.1", "5.0.0")
WIDE, HIGH = 23, 17
Region = tuple[int, int, int, int]


def picture(seed: int, wide: int = WIDE, high: int = HIGH) -> NDArray[np.uint8]:
    """Noise with a smooth part, so that nothing is all alike."""
    chance = np.random.default_rng(seed)
    ramp = np.add.outer(np.arange(high) * 5, np.arange(wide) * 7) % 256
    return np.where(chance.random((high, wide)) < 0.5, ramp, chance.integers(0, 256, (high, wide))).astype(np.uint8)


def regions(seed: int, count: int) -> list[Region]:
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        x, y = chance.randrange(WIDE), chance.randrange(HIGH)
        made.append((x, y, chance.randint(1, WIDE - x), chance.randint(1, HIGH - y)))
    return made


def cut(array: NDArray[Any], region: Region) -> NDArray[Any]:
    x, y, wide, high = region
    return array[y : y + high, x : x + wide]


def printed(folder: Path, release: str, seed: int, lines: Sequence[str]) -> list[Any]:
    """What each expression prints, on a picture that is made anew before it."""
    head = f"import image\nDATA = {picture(seed).tobytes()!r}\nOTHER = {picture(seed + 50).tobytes()!r}\n"
    head += f"def new(data=DATA):\n    return image.Image({WIDE}, {HIGH}, image.GRAYSCALE, buffer=bytearray(data))\n"
    head += "def px(i): return list(i.bytearray())\ndef v(x): return x() if callable(x) else x\n"
    result = run(folder, head + "".join(f"i = new()\nprint({line})\n" for line in lines), release=release)
    assert result.failure is None, result.failure
    return [eval(line) for line in result.output.splitlines()]  # what our own interpreter printed


@pytest.mark.parametrize("release", RELEASES)
def test_statistics_of_regions(tmp_path: Path, release: str) -> None:
    """lib/imlib/stats.c: of a histogram with a bin a value; quartiles count from below."""
    cuts = regions(1, 25)
    names = ("mean", "median", "mode", "min", "max", "lq", "uq")
    told = ", ".join(f"v(s.{name})" for name in names)
    found = printed(tmp_path, release, 7, [f"(lambda s: ({told}))(i.get_statistics(roi={region}))" for region in cuts])
    for region, (mean, median, mode, least, most, lower, upper) in zip(cuts, found, strict=True):
        part = cut(picture(7), region).astype(int)
        counts = np.bincount(part.ravel(), minlength=256)
        below = np.cumsum(counts) / part.size
        assert abs(mean - part.mean()) <= 1
        assert (least, most) == (part.min(), part.max())
        assert counts[mode] == counts.max()
        for value, share in ((lower, 0.25), (median, 0.5), (upper, 0.75)):
            assert below[value] >= share - 1e-6
            assert value == 0 or below[value - 1] <= share + 1e-6


@pytest.mark.parametrize("release", RELEASES)
def test_histograms_of_regions_are_shares(tmp_path: Path, release: str) -> None:
    cuts = regions(2, 12)
    found = printed(tmp_path, release, 8, [f"v(i.get_histogram(roi={r}, bins=16).bins)" for r in cuts])
    for region, bins in zip(cuts, found, strict=True):
        part = cut(picture(8), region)
        counts = np.bincount(np.floor(part.ravel() * (15 / 255) + 0.5).astype(int), minlength=16)  # fast_roundf
        assert bins == pytest.approx(counts / part.size, abs=1e-5)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_cut_out_are_the_pixels_of_the_region(tmp_path: Path, release: str) -> None:
    cuts = regions(3, 12)
    found = printed(tmp_path, release, 9, [f"px(i.copy(roi={r}))" for r in cuts])
    assert found == [cut(picture(9), region).ravel().tolist() for region in cuts]
    found = printed(tmp_path, release, 9, [f"(i.crop(roi={r}), i.width(), i.height(), px(i))[1:]" for r in cuts])
    assert found == [(r[2], r[3], cut(picture(9), r).ravel().tolist()) for r in cuts]


THRESHOLDS: Final = ([(0, 100)], [(50, 200)], [(0, 10), (240, 255)], [(128, 128)])


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_computed_of_each_pixel(tmp_path: Path, release: str) -> None:
    one, other = picture(10).astype(int), picture(60).astype(int)
    cases: list[tuple[str, NDArray[Any]]] = [
        ("px(i.invert())", 255 - one),
        ("px(i.negate())", 255 - one),
        ("px(i.add(new(OTHER)))", np.minimum(one + other, 255)),
        ("px(i.sub(new(OTHER)))", np.maximum(one - other, 0)),
        ("px(i.min(new(OTHER)))", np.minimum(one, other)),
        ("px(i.max(new(OTHER)))", np.maximum(one, other)),
        ("px(i.difference(new(OTHER)))", np.abs(one - other)),
        ("px(i.b_and(new(OTHER)))", one & other),
        ("px(i.b_or(new(OTHER)))", one | other),
        ("px(i.b_xor(new(OTHER)))", one ^ other),
        ("px(i.b_nand(new(OTHER)))", ~(one & other) & 255),
        ("px(i.b_nor(new(OTHER)))", ~(one | other) & 255),
        ("px(i.b_xnor(new(OTHER)))", ~(one ^ other) & 255),
        ("px(i.replace(new(OTHER)))", other),
        ("px(i.clear())", one * 0),
        ("px(i.set_pixel((3, 2), 77))", np.where((np.arange(HIGH)[:, None] == 2) & (np.arange(WIDE) == 3), 77, one)),
        ("px(i.set_pixel((99, 2), 77))", one),
    ]
    for limits in THRESHOLDS:
        each = [(one >= low) & (one <= high) for low, high in limits]
        inside, outside = np.any(each, axis=0), np.any([~part for part in each], axis=0)
        cases.append((f"px(i.binary({limits}))", np.where(inside, 255, 0)))
        # lib/imlib/binary.c inverts each pair of limits, and what fits one of them is set
        cases.append((f"px(i.binary({limits}, invert=True))", np.where(outside, 255, 0)))
        cases.append((f"px(i.binary({limits}, zero=True))", np.where(inside, 0, one)))
    found = printed(tmp_path, release, 10, [text for text, _ in cases])
    assert [text for (text, want), got in zip(cases, found, strict=True) if got != want.ravel().tolist()] == []


@pytest.mark.parametrize("release", RELEASES)
def test_blobs_are_the_connected_parts(tmp_path: Path, release: str) -> None:
    """Four neighbours (lib/imlib/blob.c): boxes and pixels against a fill of our own."""
    chance = np.random.default_rng(4)
    dots = (chance.random((HIGH, WIDE)) < 0.4).astype(np.uint8) * 255
    text = (
        f"import image\ni = image.Image({WIDE}, {HIGH}, image.GRAYSCALE, buffer=bytearray({dots.tobytes()!r}))\n"
        "def v(x): return x() if callable(x) else x\n"
        "found = i.find_blobs([(255, 255)], x_stride=1, pixels_threshold=1, area_threshold=1)\n"
        "print(sorted((v(b.rect), v(b.pixels)) for b in found))\n"
    )
    result = run(tmp_path, text, release=release)
    assert result.failure is None, result.failure
    assert eval(result.output) == sorted(parts(dots > 0))


def parts(mask: NDArray[np.bool_]) -> list[tuple[Region, int]]:
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    found = []
    while left:
        todo, part = [left.pop()], []
        while todo:
            y, x = todo.pop()
            part.append((y, x))
            near = {(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)} & left
            left -= near
            todo += near
        ys, xs = [y for y, _ in part], [x for _, x in part]
        found.append(((min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1), len(part)))
    return found


REFUSED: Final = [
    ("i.copy(roi=(30, 0, 4, 4))", "OSError: ROI does not overlap on the image!"),
    ("i.copy(roi=(0, 0, 0, 4))", "OSError: Invalid ROI dimensions!"),
    ("i.copy(roi=(1, 2, 3))", "ValueError: requested length 4 but object has length 3"),
    ("i.copy(roi=7)", "TypeError: object 'int' isn't a tuple or list"),
    ("i.get_statistics(roi=(0, 99, 4, 4))", "OSError: ROI does not overlap on the image!"),
]


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_a_region_that_is_none(tmp_path: Path, text: str, error: str) -> None:
    """modules/py_helper.c, py_helper_keyword_rectangle."""
    failure = run(tmp_path, f"import image\ni = image.Image({WIDE}, {HIGH}, image.GRAYSCALE)\n{text}").failure
    assert failure is not None
    assert failure.text == error
