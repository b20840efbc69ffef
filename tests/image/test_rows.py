"""Every measured image call, picture by picture: what differs is one of a few methods, each with its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tools.compare_images import rows, totals

if TYPE_CHECKING:
    from pathlib import Path

LEFT: Final = {
    "HaarCascade": "the cascade is a file of OpenMV's unit tests that is not there",
    "draw_event_histogram": "the measured build has no GENX320; the camera's has",
    "draw_image": "what 5.0.0's PNG decoder asks of the pools depends on the data",
    "find_apriltags": "the measured 5.0.0 was built without them; a picture was measured at another size",
    "find_datamatrices": "what a found code costs is not modelled",
    "find_displacement": "the measured 5.0.0 was built without",
    "find_features": "the cascade is not there; through its tables, read shifted, the camera reads wild pointers",
    "find_line_segments": "segments before they are merged are not worked out",
    "find_qrcodes": "a Bayer picture, whose colours are not worked out",
    "find_rects": "the measured 5.0.0 was built without; a picture was measured at another size",
    "find_template": "the diamond search ends elsewhere than the best place",
    "match_descriptor": "the firmware faulted in it",
    "rotation_corr": "the measured 5.0.0 was built without",
}
SMALLEST: Final = "scene_qqvga"
PICTURES: Final = (SMALLEST, "scene_qvga", "scene_vga", "noise_qqvga", "noise_qvga")
TEN: Final = (
    *("crop", "copy", "to_grayscale", "get_statistics", "get_histogram"),
    *("find_blobs", "draw_image", "binary", "add", "find_template"),
)
COUNTED: Final = {"4.8.1": (TEN, 124, 124), "5.0.0": ((), 178, 161)}
"""Of the smallest picture: methods (all if none is named), the rows measured, and how many are alike at least."""


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("picture", [*PICTURES, "others"])
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_rows(release: str, picture: str, shared: Path) -> None:
    others = {row["picture"] for row in rows(shared, release)} - set(PICTURES)
    pictures = [picture] if picture != "others" else sorted(others)
    if not pictures or (release == "5.0.0" and picture != SMALLEST):
        pytest.skip("not measured")
    found = totals(shared, release, pictures, [])
    assert {method for method, each in found.items() if each["all"] < each["rows"]} - set(LEFT) == set()
    if picture == SMALLEST:
        methods, measured, alike = COUNTED[release]
        counted = [found[method] for method in methods or found]
        assert sum(each["rows"] for each in counted) == measured
        assert sum(each["all"] for each in counted) >= alike
