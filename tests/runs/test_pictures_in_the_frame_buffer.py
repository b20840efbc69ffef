"""``copy_to_fb=True``: pixels go to the frame buffer, and the heap pays for the object alone (openmv#1550, #1653)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs import ScriptOptions, ScriptResult, run_script

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT = 512, 340
PIXELS = WIDTH * HEIGHT * 2


def bmp(width: int, height: int) -> bytes:
    """A picture of 24 bits a pixel, all grey."""
    rows = bytes([90]) * (width * 3 * height)
    head = struct.pack("<2sIHHI", b"BM", 54 + len(rows), 0, 0, 54)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 0, 0, 0, 0) + rows


def run(folder: Path, release: str, *lines: str) -> ScriptResult:
    (folder / "pic.bmp").write_bytes(bmp(WIDTH, HEIGHT))
    script = folder / "main.py"
    script.write_text("\n".join(["import image, gc", "m = gc.mem_free()", *lines, "print(m - gc.mem_free())", ""]))
    return run_script(script, load_board("openmv-rt1062", release), ScriptOptions(run_models=False))


@pytest.mark.parametrize("release", ["4.5.5", "4.6.20", "4.8.1", "5.0.0"])
def test_a_picture_from_a_file_costs_the_heap_next_to_nothing(release: str, tmp_path: Path) -> None:
    result = run(tmp_path, release, 'img = image.Image("pic.bmp", copy_to_fb=True)')
    assert result.failure is None
    assert int(result.output) < 1024


@pytest.mark.parametrize(("release", "image_object"), [("4.5.5", 24), ("4.6.20", 28)])
def test_before_4_7_the_open_file_is_not_on_the_heap(release: str, image_object: int, tmp_path: Path) -> None:
    """The fourth line asks for nothing but the image object, two blocks."""
    result = run(tmp_path, release, "img = None", 'img = image.Image("pic.bmp", copy_to_fb=True)')
    line = result.lines[4]
    assert (line.allocations, line.largest, line.bytes) == (1, image_object, 32)


def test_on_the_heap_it_is_all_there(tmp_path: Path) -> None:
    result = run(tmp_path, "4.8.1", 'img = image.Image("pic.bmp")')
    assert int(result.output) > PIXELS
    result = run(tmp_path, "4.5.5", 'img = image.Image("pic.bmp")')
    assert result.failure is not None
    assert result.failure.text == f"MemoryError: memory allocation failed, allocating {PIXELS} bytes"


@pytest.mark.parametrize("call", ["copy(x_scale=0.5, y_scale=0.5, copy_to_fb=True)", "to_grayscale(copy_to_fb=True)"])
def test_copies_go_there_as_well(call: str, tmp_path: Path) -> None:
    lines = ['img = image.Image("pic.bmp", copy_to_fb=True)', "n = gc.mem_free()", f"half = img.{call}"]
    result = run(tmp_path, "4.8.1", *lines, "print(n - gc.mem_free())")
    assert result.failure is None
    assert int(result.output.splitlines()[0]) < 128


def test_what_the_frame_buffer_cannot_take_is_the_camera_s_error(tmp_path: Path) -> None:
    result = run(tmp_path, "4.8.1", "img = image.Image(6000, 3000, image.RGB565, copy_to_fb=True)")
    assert result.failure is not None
    assert "MemoryError" not in result.failure.text
