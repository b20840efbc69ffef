"""fb_alloc, its overlay, frame buffers and UMA pools stand beside the heap in the report and its JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from omvsim.boards import load_board
from omvsim.firmware import Camera
from omvsim.heap import FbAlloc, FbHint, FbOverlay
from omvsim.report import exec_json
from omvsim.report._exec_text import render_exec
from omvsim.runs import ScriptOptions, ScriptResult, ScriptSession
from omvsim.runs.outside import outside

START = "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"


def run(folder: Path, text: str, release: str = "4.8.1") -> ScriptResult:
    (folder / "main.py").write_text(text, encoding="utf-8")
    board = load_board("openmv-rt1062", firmware=release)
    return ScriptSession(board, folder / "main.py", ScriptOptions()).run()


def lines(result: ScriptResult, kind: str) -> list[str]:
    return [str(part) for part in render_exec(result) if str(part).startswith(kind)]


def test_extra_frame_buffers_are_held(tmp_path: Path) -> None:
    result = run(tmp_path, START + "extra = sensor.alloc_extra_fb(320, 240, sensor.RGB565)\n")
    found = exec_json(result)["outside"]["fb_alloc"]
    # 320 * 240 * 2, its size word, and the mark in front of it.
    assert found["used_at_end_bytes"] == found["peak_bytes"] == 153_600 + 4 + 4
    assert found["overlay_peak_bytes"] == 153_600
    assert "153 608 still held" in lines(result, "fb_alloc")[0]


def test_what_a_call_takes_for_a_moment_is_in_the_high_water_mark(tmp_path: Path) -> None:
    result = run(tmp_path, START + "img = sensor.snapshot()\nimg.erode(1)\nimg.to_jpeg(quality=50)\n")
    stack = result.outside.fb_alloc
    assert stack is not None
    assert stack.used == 0
    assert stack.peak >= 2 * 320 * 2
    assert stack.took_all >= 1
    assert "everything left" in lines(result, "fb_alloc")[0]


@pytest.mark.parametrize("release", ["4.5.5", "4.8.1", "5.0.0"])
def test_a_script_without_a_camera_has_nothing_outside(release: str, tmp_path: Path) -> None:
    result = run(tmp_path, "x = 1\n", release)
    assert lines(result, "fb_alloc") == lines(result, "Frames") == lines(result, "UMA") == []


@pytest.mark.parametrize(("release", "each"), [("4.8.1", 153_600), ("5.0.0", 153_600)])
def test_frame_buffers(release: str, each: int, tmp_path: Path) -> None:
    result = run(tmp_path, START, release)
    assert exec_json(result)["outside"]["frame_buffers"] == {"count": 3, "bytes_each": each}
    assert lines(result, "Frames") == ["Frames    3 frame buffers of 153 600 bytes"]


def test_pools_of_5_0_0(tmp_path: Path) -> None:
    result = run(tmp_path, START + "sensor.set_framebuffers(1)\n", "5.0.0")
    found = exec_json(result)["outside"]
    assert found["fb_alloc"] is None
    dram = found["uma"][0]
    # facts: QVGA x3 460 952 bytes, x1 153 672, always pool 0.
    assert (dram["memory"], dram["peak_bytes"], dram["used_at_end_bytes"]) == ("DRAM", 460_952, 153_672)
    assert dram["persistent_bytes"] == 153_672
    assert dram["size_bytes"] == 24_114_052
    assert [pool["peak_bytes"] for pool in found["uma"][1:]] == [0, 0]
    assert len(lines(result, "UMA")) == 1


def test_the_stack_counts_its_peak_but_not_requests_for_everything() -> None:
    stack = FbAlloc(0x2000, floor=lambda: 0x1000, overlay=FbOverlay(0x100, 0x80))
    stack.mark()
    stack.alloc(100, FbHint.PREFER_SIZE)
    stack.alloc(64)
    assert (stack.peak, stack.overlay_peak, stack.took_all) == (4 + 104 + 68, 64, 0)
    stack.alloc_all(FbHint.PREFER_SIZE)
    stack.free_till_mark()
    assert (stack.peak, stack.overlay_peak, stack.took_all) == (4 + 104 + 68, 64, 1)
    stack.mark()
    stack.alloc(8, FbHint.PREFER_SIZE)
    assert stack.peak == 4 + 104 + 68


@pytest.mark.parametrize("release", ["4.5.0", "4.8.1", "5.0.0"])
def test_a_camera_at_power_up(release: str) -> None:
    found = outside(Camera(load_board("openmv-rt1062", firmware=release)))
    assert (found.fb_alloc is None) is (release == "5.0.0")
    assert len(found.uma) == (3 if release == "5.0.0" else 0)
    assert all(pool.used == pool.peak == 0 for pool in found.uma)
    assert found.fb_alloc is None or (found.fb_alloc.peak, found.fb_alloc.used) == (0, 0)


def test_the_schema_has_it() -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "exec.json").read_text(encoding="utf-8"))
    assert "outside" in schema["required"]
    (outside,) = re.findall(r"#/\$defs/(\w+)", json.dumps(schema["properties"]["outside"]))
    assert set(schema["$defs"][outside]["properties"]) == {"frame_buffers", "fb_alloc", "uma"}
