"""Methods of grayscale and colour images on a random picture against numpy: every pixel."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.running import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.int64]

WIDTH, HEIGHT = 13, 9
CHANCE = np.random.default_rng(17)
ONE: Picture = CHANCE.integers(0, 256, (HEIGHT, WIDTH))
OTHER: Picture = CHANCE.integers(0, 256, (HEIGHT, WIDTH))
BITS: Picture = (CHANCE.random((HEIGHT, WIDTH)) < 0.6) * 255


def around(picture: Picture, size: int = 1) -> Picture:
    """Every pixel's neighbourhood along a third axis; beyond the edge stands the nearest pixel."""
    wide = np.pad(picture, size, mode="edge")
    span = 2 * size + 1
    places = [wide[row : row + HEIGHT, col : col + WIDTH] for row in range(span) for col in range(span)]
    return np.stack(places, axis=2)


def largest(window: Picture) -> int:
    """As the camera finds it: a pixel that is the least so far is not asked."""
    low, high = 255, 0
    for value in window.tolist():
        if value < low:
            low = value
        elif value > high:
            high = value
    return max(high, low)


CALLS: dict[str, tuple[Picture, Callable[[Picture], Picture]]] = {
    "a.add(b)": (ONE, lambda a: np.minimum(a + OTHER, 255)),
    "a.add(40)": (ONE, lambda a: np.minimum(a + 40, 255)),
    "a.sub(b)": (ONE, lambda a: np.maximum(a - OTHER, 0)),
    "a.rsub(b)": (ONE, lambda a: np.maximum(OTHER - a, 0)),
    "a.min(b)": (ONE, lambda a: np.minimum(a, OTHER)),
    "a.max(b)": (ONE, lambda a: np.maximum(a, OTHER)),
    "a.max(100)": (ONE, lambda a: np.maximum(a, 100)),
    "a.difference(b)": (ONE, lambda a: abs(a - OTHER)),
    "a.b_and(b)": (ONE, lambda a: a & OTHER),
    "a.b_or(b)": (ONE, lambda a: a | OTHER),
    "a.b_xor(b)": (ONE, lambda a: a ^ OTHER),
    "a.b_nand(b)": (ONE, lambda a: 255 - (a & OTHER)),
    "a.b_nor(b)": (ONE, lambda a: 255 - (a | OTHER)),
    "a.b_xnor(b)": (ONE, lambda a: 255 - (a ^ OTHER)),
    "a.b_and(15)": (ONE, lambda a: a & 15),
    "a.invert()": (ONE, lambda a: 255 - a),
    "a.binary([(50, 150)])": (ONE, lambda a: ((a >= 50) & (a <= 150)) * 255),
    "a.binary([(50, 60), (200, 255)])": (ONE, lambda a: (((a >= 50) & (a <= 60)) | (a >= 200)) * 255),
    "a.binary([(50, 150)], invert=True)": (ONE, lambda a: ((a < 50) | (a > 150)) * 255),
    "a.binary([(0, 99)], zero=True)": (ONE, lambda a: np.where(a <= 99, 0, a)),
    "a.replace(b)": (ONE, lambda a: a * 0 + OTHER),
    "a.draw_image(b, 0, 0, hint=image.HMIRROR)": (ONE, lambda a: a * 0 + OTHER[:, ::-1]),
    "a.draw_image(b, 0, 0, hint=image.VFLIP)": (ONE, lambda a: a * 0 + OTHER[::-1]),
    "a.add(b, mask=c)": (ONE, lambda a: np.where(BITS > 0, np.minimum(a + OTHER, 255), a)),
    "a.clear()": (ONE, lambda a: a * 0),
    "a.clear(mask=c)": (ONE, lambda a: np.where(BITS > 0, 0, a)),
    "a.median(1)": (ONE, lambda a: np.sort(around(a), axis=2)[..., 3] & ~3),  # half of 9 pixels are 4, in steps of 4
    "a.median(2)": (ONE, lambda a: np.sort(around(a, 2), axis=2)[..., 11] & ~3),
    "a.midpoint(1, bias=0)": (ONE, lambda a: around(a).min(axis=2)),
    "a.midpoint(1, bias=1)": (ONE, lambda a: np.apply_along_axis(largest, 2, around(a))),
    "a.mean(1)": (ONE, lambda a: around(a).sum(axis=2) * (65536 // 9) >> 16),
    "c.erode(1)": (BITS, lambda c: around(c).min(axis=2)),
    "c.dilate(1)": (BITS, lambda c: around(c).max(axis=2)),
    "c.open(1)": (BITS, lambda c: around(around(c).min(axis=2)).max(axis=2)),
    "c.close(1)": (BITS, lambda c: around(around(c).max(axis=2)).min(axis=2)),
    "a.draw_rectangle(2, 1, 5, 4, color=77, fill=True)": (ONE, lambda a: painted(a, slice(1, 5), slice(2, 7), 77)),
    "a.draw_line(0, 3, 12, 3, color=9)": (ONE, lambda a: painted(a, slice(3, 4), slice(0, 13), 9)),
    "a.draw_line(4, 0, 4, 8, color=9)": (ONE, lambda a: painted(a, slice(0, 9), slice(4, 5), 9)),
    "a.set_pixel(12, 8, 33)": (ONE, lambda a: painted(a, slice(8, 9), slice(12, 13), 33)),
    "a.draw_image(b, 3, 2)": (ONE, lambda a: placed(a, OTHER, 3, 2)),
    "a.draw_image(b, -4, -5)": (ONE, lambda a: placed(a, OTHER, -4, -5)),
}


def painted(picture: Picture, rows: slice, columns: slice, value: int) -> Picture:
    made = picture.copy()
    made[rows, columns] = value
    return made


def placed(picture: Picture, other: Picture, x: int, y: int) -> Picture:
    """Another picture with its corner at a place; what is outside is cut."""
    made = picture.copy()
    target = made[max(y, 0) :, max(x, 0) :]
    source = other[max(-y, 0) :, max(-x, 0) :]
    rows, columns = min(len(target), len(source)), min(target.shape[1], source.shape[1])
    target[:rows, :columns] = source[:rows, :columns]
    return made


def text_of(calls: list[str]) -> str:
    pictures = {"a": ONE, "b": OTHER, "c": BITS}
    lines = ["import image"]
    lines += [
        f"{name}_data = {bytes(picture.astype(np.uint8).ravel().tolist())!r}" for name, picture in pictures.items()
    ]
    lines += [f"{name} = image.Image({WIDTH}, {HEIGHT}, image.GRAYSCALE)" for name in pictures]
    for call in calls:
        lines += [f"{name}.bytearray()[:] = {name}_data" for name in pictures]
        lines += [call, f"print(list({call[0]}.bytearray()))"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def pixels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """The picture after each call."""
    result = run(tmp_path_factory.mktemp("calls"), text_of(list(CALLS)))
    assert result.failure is None, result.failure
    return {call: ast.literal_eval(line) for call, line in zip(CALLS, result.output.splitlines(), strict=True)}


@pytest.mark.parametrize("call", CALLS)
def test_every_pixel(call: str, pixels: dict[str, list[int]]) -> None:
    picture, reference = CALLS[call]
    found = np.array(pixels[call]).reshape(HEIGHT, WIDTH)
    assert found.tolist() == reference(picture).tolist()


def shown(folder: Path, expressions: list[str]) -> list[object]:
    text = text_of([]) + "a.bytearray()[:] = a_data\nc.bytearray()[:] = c_data\n"
    result = run(folder, text + "".join(f"print({each})\n" for each in expressions))
    assert result.failure is None, result.failure
    return [ast.literal_eval(line) for line in result.output.splitlines()]


def reached(values: Picture, share: float) -> int:
    """The value at which the shares, added up in single precision, reach one."""
    part, total = np.float32(1) / np.float32(len(values)), np.float32(0)
    for value, count in enumerate(np.bincount(values)):
        total = np.float32(total + np.float32(count) * part)
        if total >= share:
            return value
    raise AssertionError


def test_statistics(tmp_path: Path) -> None:
    """Of the picture and of a region; the mode is the most frequent value, the smallest of several."""
    for roi, part in (("", ONE), ("roi=(2, 3, 6, 4)", ONE[3:7, 2:8])):
        names = ("mean", "median", "mode", "stdev", "min", "max", "lq", "uq")
        found = dict(zip(names, shown(tmp_path, [f"a.get_statistics({roi}).{name}()" for name in names]), strict=True))
        values = part.ravel()
        assert (found["min"], found["max"]) == (values.min(), values.max())
        assert found["mean"] == pytest.approx(values.mean(), abs=1)
        assert found["stdev"] == pytest.approx(values.std(), abs=1)
        assert found["mode"] == np.bincount(values).argmax()
        for name, share in (("median", 0.5), ("lq", 0.25), ("uq", 0.75)):
            assert found[name] == reached(values, share)


def test_a_histogram(tmp_path: Path) -> None:
    """Shares of the pixels a bin."""
    (bins,) = shown(tmp_path, ["a.get_histogram(bins=256).bins()"])
    counts = np.bincount(ONE.ravel(), minlength=256)
    assert bins == pytest.approx((counts / ONE.size).tolist(), abs=1e-6)


def components(bits: Picture) -> set[tuple[int, int, int, int, int]]:
    """Rectangle and count of the areas connected through sides, by flooding."""
    left = {(int(x), int(y)) for y, x in np.argwhere(bits)}
    found = set()
    while left:
        area, edge = set(), [left.pop()]
        while edge:
            x, y = edge.pop()
            area.add((x, y))
            near = {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} & left
            left -= near
            edge += near
        xs, ys = [x for x, _ in area], [y for _, y in area]
        found.add((min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1, len(area)))
    return found


def test_blobs_are_the_connected_areas(tmp_path: Path) -> None:
    call = "c.find_blobs([(255, 255)], pixels_threshold=0, area_threshold=0, x_stride=1, y_stride=1)"
    (found,) = shown(tmp_path, [f"[blob.rect() + (blob.pixels(),) for blob in {call}]"])
    assert isinstance(found, list)
    assert len(found) == len(set(found))
    assert set(found) == components(BITS)


def test_parts_of_a_picture(tmp_path: Path) -> None:
    parts = ["a.copy(roi=(3, 2, 5, 4))", "a.crop(roi=(3, 2, 5, 4))"]
    for part in shown(tmp_path, [f"list({part}.bytearray())" for part in parts]):
        assert part == ONE[2:6, 3:8].ravel().tolist()


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (248, 0, 0), (0, 252, 0), (0, 0, 248), (96, 132, 40)])
def test_colours_are_held_in_565(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    """Five, six and five bits, whose upper ones are repeated below; the word's bytes stand in memory's order."""
    text = f"import image\ni = image.Image(2, 1, image.RGB565)\ni.set_pixel(1, 0, {colour})\n"
    text += "print((i.get_pixel(1, 0), list(i.bytearray())[2:]))\n"
    pixel, data = ast.literal_eval(run(tmp_path, text).output)
    red, green, blue = colour[0] >> 3, colour[1] >> 2, colour[2] >> 3
    assert pixel == (red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2)
    assert int.from_bytes(bytes(data), "little") == red << 11 | green << 5 | blue
