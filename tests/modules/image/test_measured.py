"""Image calls against what the camera asked for when it ran them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.compare_images import totals

if TYPE_CHECKING:
    from pathlib import Path

MANY = [  # of the 1549 calls measured in 4.8.1, those of ten methods on one picture
    "crop",
    "copy",
    "to_grayscale",
    "get_statistics",
    "get_histogram",
    "find_blobs",
    "draw_image",
    "binary",
    "add",
    "find_template",
]


@pytest.mark.shared
@pytest.mark.parametrize(("release", "rows", "alike"), [("4.8.1", 124, 124), ("5.0.0", 178, 129)])
def test_rows_of_a_picture(release: str, rows: int, alike: int, shared: Path) -> None:
    found = totals(shared, release, ["scene_qqvga"], [] if release == "5.0.0" else MANY)
    assert sum(each["rows"] for each in found.values()) == rows
    assert sum(each["all"] for each in found.values()) >= alike
