"""Image calls against what the camera asked for when it ran them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

LEFT = {"Image_from_ndarray", "img320x240_GRAYSCALE_draw_string", "img320x240_RGB565_draw_string"}
"""They end in an error: the first one's text is unpacked when it is printed, which no line of the script does; the
others' text begins in a buffer of 18 bytes where omvsim has the 10 of the build that freezes everything.
"""


def unmoved(record: dict[str, Any]) -> list[int]:
    """Sizes asked for, but for blocks that grew elsewhere: that depends on what lay behind them."""
    events = record["events"]
    moved = {place for kind, how, *rest in events if (kind, how) == ("r", "move") for place in rest[2:3]}
    return [event[1] for event in events if event[0] == "a" and event[2] not in moved]


@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_measured_statements(release: str, tmp_path: Path, shared: Path) -> None:
    """Requests of every statement about images, all in one script."""
    with gzip.open(shared / "oracle/scripts/micro.json.gz") as packed:
        records = [each for each in json.load(packed)[f"v{release}"] if each["group"] == "image" and "first" in each]
    lines: list[str] = []
    places: list[tuple[dict[str, Any], int, int]] = []
    for record in records:
        lines += [*record["setup"].splitlines(), "def f():"]
        first = len(lines) + 1
        lines += ["    " + each for each in record["stmt"].splitlines()]
        places.append((record, first, len(lines)))
        lines += ["    return r", "try:", "    keep = f()", "except Exception:", "    pass", "keep = None"]
    result = run(tmp_path, "\n".join(lines) + "\n", release=release)
    different = {}
    for record, first, last in places:
        ours = [size for line in range(first, last + 1) for size in asked(result, line)]
        if ours != unmoved(record["first"]):
            different[record["name"]] = (ours, record["first"]["sizes"])
    assert len(records) > 60
    assert set(different) - LEFT == set()
