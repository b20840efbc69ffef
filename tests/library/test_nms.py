"""``NMS`` as a script uses it; and in every request as measured (the scripts ``ml_*`` of the language corpus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.library import nms
from tests.library.running import asked, printed, run
from tools.compare_language import compare, load

if TYPE_CHECKING:
    from pathlib import Path

FILL = """
from ml.utils import NMS
n = NMS(96, 96, (10, 10, 192, 192))
n.add_bounding_box(0, 0, 10, 20, 0.9, 1)
n.add_bounding_box(0, 0, 10, 20, 0.8, 1)
n.add_bounding_box(50, 50, 60, 60, 0.7, 0)
n.add_bounding_box(50, 50, 50, 60, 0.7, 0)
n.add_bounding_box(50, 50, 60, 60, 1.5, 0)
"""


@pytest.mark.parametrize("firmware", ["4.5.8", "4.7.0", "4.8.1", "5.0.0"])
def test_boxes_are_suppressed_and_mapped_back(tmp_path: Path, firmware: str) -> None:
    lines = printed(tmp_path, FILL + "print(n.get_bounding_boxes())\n", firmware)
    assert lines == ["[[([110, 110, 20, 20], 0.7)], [([10, 10, 20, 40], 0.9)]]"]


def test_two_scales_from_5_on(tmp_path: Path) -> None:
    text = "from ml.utils import NMS\nn = NMS(100, 100, (0, 0, 200, 100))\nn.add_bounding_box(10, 10, 20, 20, 0.9, 0)\n"
    text += "print(n.get_bounding_boxes()[0][0][0])\n"
    assert printed(tmp_path, text, "4.8.1") == ["[60, 10, 10, 10]"]
    assert printed(tmp_path, text, "5.0.0") == ["[20, 10, 20, 10]"]


def test_keypoints_came_with_4_8(tmp_path: Path) -> None:
    text = "from ml.utils import NMS\nn = NMS(9, 9, (0, 0, 9, 9))\n"
    text += "try:\n    n.add_bounding_box(0, 0, 5, 5, 0.9, 0, keypoints=None)\n    print('ok')\n"
    text += "except TypeError as e:\n    print(e)\n"
    assert printed(tmp_path, text, "4.8.1") == ["ok"]
    assert printed(tmp_path, text, "4.7.0") == ["unexpected keyword argument 'keypoints'"]


def test_a_region_without_area(tmp_path: Path) -> None:
    result = run(tmp_path, "from ml.utils import NMS\nNMS(96, 96, (0, 0, 0, 10))\n")
    assert result.failure is not None
    assert result.failure.text == "ValueError: Invalid ROI dimensions!"


def test_what_one_box_asks_for(tmp_path: Path) -> None:
    text = "from ml.utils import NMS\nn = NMS(96, 96, (0, 0, 96, 96))\nn.add_bounding_box(1, 1, 9, 9, 1.0, 0)\n"
    assert asked(tmp_path, text, 3) == [("alloc", 96), ("alloc", 16), ("alloc", 28), ("free", 0)]


@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("name", ["ml_nms_counts", "ml_blaze", "ml_yolov2_lc"])
def test_every_request_and_address_of_the_measured_scripts(shared: Path, release: str, name: str) -> None:
    path = shared / "oracle" / "language" / "traces" / release / f"{name}.jsonl.gz"
    outcome = compare(load(path), name, release)
    assert outcome.all_equal, outcome.first


SHIFTED = """
from ml.utils import NMS
{own}
def boxes():
    nms = NMS(64, 48, (0, 0, 128, 96))
    some = [(0, 0, 20, 20), (5, 5, 20, 20), (40, 30, 30, 30), (41, 31, 9, 9), (0, 0, 64, 48)]
    for number, (x, y, w, h) in enumerate(some):
        nms.add_bounding_box(x, y, x + w, y + h, 0.9 - number / 10, number % 2)
    return nms.get_bounding_boxes()
print(boxes())
"""


@pytest.mark.parametrize("release", ["4.6.20", "4.8.1", "5.0.0"])
def test_overlaps_of_whole_numbers_are_those_of_every_step(
    release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SHIFTED.format(own="")
    soon = run(tmp_path, text, release)
    assert soon.failure is None
    monkeypatch.setattr(nms, "_areas", lambda *_: None)
    every = run(tmp_path, text, release)
    assert every.output == soon.output
    assert every.requests == soon.requests


def test_a_scripts_own_max_is_called(tmp_path: Path) -> None:
    own = """
import builtins
seen = []
mine = builtins.max
def larger(*args, **named):
    seen.append(1)
    return mine(*args, **named)
builtins.max = larger
"""
    result = run(tmp_path, SHIFTED.format(own=own) + "print(len(seen) > 20)\n")
    assert result.output.endswith("True\n")
