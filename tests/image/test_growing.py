"""An image in the frame buffer that becomes larger than it (openmv/openmv v5.0.0, modules/py_image.c, py_image_to)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult

FIRST = 'import image\nimg = image.Image("pic.jpg", copy_to_fb=True)\n'


def run(folder: Path, text: str, firmware: str) -> ScriptResult:
    pillow = pytest.importorskip("PIL.Image")
    picture = io.BytesIO()
    pillow.new("RGB", (320, 240), (255, 0, 0)).save(picture, "JPEG")
    (folder / "pic.jpg").write_bytes(picture.getvalue())
    script = folder / "main.py"
    script.write_text(FIRST + text)
    return ScriptSession(load_board("openmv-rt1062", firmware), script, ScriptOptions()).run()


def test_5_0_0_makes_the_buffers_larger(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "img = img.to_rgb565()\nprint(img.width(), img.height(), img.size(), *img.get_pixel((9, 9)))\n",
        "5.0.0",
    )
    assert result.failure is None, result.failure
    width, height, size, red, *_ = result.output.split()
    assert (width, height, size) == ("320", "240", "153600")
    assert int(red) > 240


def test_the_new_buffer_is_no_longer_the_images(tmp_path: Path) -> None:
    """Its queue of used buffers is empty, so what comes next is measured against the image itself."""
    text = "img = img.to_rgb565()\nimg = img.to_grayscale()\nimg.to_rgb565()\n"
    result = run(tmp_path, text, "5.0.0")
    assert result.failure is not None
    assert result.failure.text == "OSError: The image doesn't fit in the frame buffer!"
    assert result.failure.line == 5


def test_what_no_memory_holds_does_not_fit(tmp_path: Path) -> None:
    result = run(tmp_path, "img.to_rgb565(x_scale=40, y_scale=40)\n", "5.0.0")
    assert result.failure is not None
    assert result.failure.text == "OSError: The image doesn't fit in the frame buffer!"


def test_before_5_0_0_the_buffer_is_as_large_as_it_is(tmp_path: Path) -> None:
    result = run(tmp_path, "img.to_rgb565(x_scale=40, y_scale=40)\n", "4.8.1")
    assert result.failure is not None
    assert result.failure.text == "OSError: The image doesn't fit in the frame buffer!"
