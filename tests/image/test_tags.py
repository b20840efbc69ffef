"""The search for tags and rectangles of 5.0.0: areas and clusters as the AprilTag library makes them, what it asks of
the pools, and what a tag that is forced costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.image import tag_search
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path


def test_where_there_is_no_contrast_nothing_is_looked_at() -> None:
    flat = tag_search.thresholded(np.full((12, 12), 90, np.uint8))
    assert flat.tolist() == [[127] * 12] * 12


def test_a_threshold_is_the_middle_of_the_tiles_around() -> None:
    grey = np.full((12, 16), 100, np.uint8)
    grey[:, 8:] = 200
    edges = tag_search.thresholded(grey)
    assert edges[0].tolist() == [127] * 4 + [0] * 4 + [255] * 4 + [127] * 4


def test_pixels_beyond_whole_tiles_are_always_dark_or_bright() -> None:
    edges = tag_search.thresholded(np.full((9, 10), 90, np.uint8))
    assert set(edges[8].tolist()) == set(edges[:, 9].tolist()) == {0}
    assert edges[7, 7] == 127


def test_areas_join_through_sides() -> None:
    """Not through corners, not in the last column, and in the first column only sideways."""
    edges = np.array(
        [
            [0, 0, 255, 255, 0],
            [0, 255, 0, 255, 0],
            [0, 127, 127, 255, 0],
        ],
        np.uint8,
    )
    area, sizes = tag_search.components(edges)
    assert area[0, 0] == area[0, 1]
    assert area[1, 0] not in (area[0, 0], area[2, 0])
    assert area[0, 3] == area[1, 3] == area[2, 3]
    assert sizes[area[0, 3]] == 4
    assert area[1, 1] != area[0, 2]
    assert area[2, 1] != area[2, 2]
    assert set(area[:, 4].tolist()) == {-1}


def by_flooding(edges: np.ndarray) -> list[int]:
    """Sizes of the areas of a picture whose first column is empty, pixel by pixel."""
    left = {(y, x) for y, x in np.argwhere(edges[:, :-1] != 127).tolist()}
    sizes = []
    while left:
        todo, count = [left.pop()], 0
        while todo:
            y, x = todo.pop()
            count += 1
            for near in ((y, x + 1), (y, x - 1), (y + 1, x), (y - 1, x)):
                if near in left and edges[near] == edges[y, x]:
                    left.remove(near)
                    todo.append(near)
        sizes.append(count)
    return sorted(sizes)


@pytest.mark.parametrize("seed", range(4))
def test_areas_of_noise_are_those_of_a_flood(seed: int) -> None:
    edges = np.random.default_rng(seed).choice(np.array([0, 127, 255], np.uint8), (30, 40), p=(0.45, 0.1, 0.45))
    edges[:, 0] = 127
    area, sizes = tag_search.components(edges)
    shown = (edges != 127) & (area >= 0)
    assert sorted(sizes[np.unique(area[shown])].tolist()) == by_flooding(edges)


SQUARE = """
import image
i = image.Image(160, 120, image.GRAYSCALE)
i.draw_rectangle((0, 0, 160, 120), color=220, fill=True)
i.draw_rectangle((40, 30, 60, 60), color=20, fill=True)
def f():
    return i.{call}
r = f()
print(r)
"""


def searched(folder: Path, call: str, finds: int | None = None, release: str = "5.0.0") -> list[int]:
    text = SQUARE.format(call=call)
    result = run(folder, text, release=release, finds=finds)
    assert result.failure is None, result.failure
    return asked(result, text.splitlines().index(f"    return i.{call}") + 1)


def test_nothing_found_is_an_empty_list(tmp_path: Path) -> None:
    assert searched(tmp_path, "find_rects()") == [16, 16]


def test_a_forced_rectangle_is_a_node_and_an_attrtuple(tmp_path: Path) -> None:
    """The node, the list and its room for four; corners, then the fields."""
    points = [16] * 4
    assert searched(tmp_path, "find_rects()", 1) == [36, 16, 16, *points, 24, 36]


def test_a_forced_tag_on_both_sides(tmp_path: Path) -> None:
    points = [16] * 4
    assert searched(tmp_path, "find_apriltags()", 1, "4.8.1") == [76, 16, 16, 80, *points, 24, *[8] * 9]
    found = searched(tmp_path, "find_apriltags()", 1)
    assert found[0] == 76
    assert found.count(8) == 11
    assert found[-1] == 4 * (24 + 3)


class Counted:
    """A pool that only adds up."""

    def __init__(self) -> None:
        self.fb = None
        self.sizes: dict[int, int] = {}
        self.now = self.most = 0
        self.asked: list[int] = []

    def alloc(self, size: int, _hint: int = 0, _flags: int = 0) -> int:
        address = len(self.asked) + 1
        self.asked.append(size)
        self.sizes[address] = size
        self.now += size
        self.most = max(self.most, self.now)
        return address

    def free(self, address: int | None) -> None:
        if address is not None:
            self.now -= self.sizes.pop(address)


def most_of(grey: np.ndarray) -> Counted:
    work = Counted()
    held = tag_search.prepare(work, [tag_search.FAMILIES["TAG36H11"]])  # type: ignore[arg-type]  # as much as it uses
    tag_search.search(work, held, grey)  # type: ignore[arg-type]
    tag_search.release(held)
    return work


def test_everything_is_given_back() -> None:
    work = most_of(np.random.default_rng(3).integers(0, 256, (60, 80)).astype(np.uint8))
    assert work.sizes == {}


def test_an_empty_picture_takes_pictures_trees_and_tables() -> None:
    """Of every second pixel: two pictures with rows of 96, 8 bytes a pixel of the forest."""
    work = most_of(np.zeros((120, 160), np.uint8))
    assert work.asked.count(60 * 96) == 2
    assert 8 * (60 * 80 + 1) in work.asked
    assert work.asked.count(15 * 20) == 4


def test_edges_take_more() -> None:
    square = np.full((120, 160), 220, np.uint8)
    empty = most_of(square).most
    square[30:90, 40:100] = 20
    found = most_of(square)
    assert found.most > empty
    assert 12 * 128 in found.asked  # of 4 sides of 30 points 30, then 60 … go into arrays that double


def test_pixels_beyond_64k_are_refused_up_to_451(tmp_path: Path) -> None:
    text = "import image\ni = image.Image(320, 240, image.GRAYSCALE)\nprint(i.find_apriltags())\n"
    refused = run(tmp_path, text, release="4.5.1")
    assert "The maximum supported resolution for find_apriltags() is < 64K pixels." in str(refused.failure)
    assert run(tmp_path, text, release="4.5.2").output == "[]\n"


def test_tiny_regions_are_not_looked_at(tmp_path: Path) -> None:
    text = SQUARE.format(call="find_apriltags(roi=(0, 0, 3, 100))")
    assert run(tmp_path, text, release="5.0.0").output == "[]\n"
