"""The public cases that once came out wrong: each script and report answers as is written beside it.

Some of them are answered by the firmware's source where that says otherwise: a leading zero is a SyntaxError
(micropython v1.26.0, py/parsenumbase.c: "to provoke a ValueError if it's not all-digits-zero"), and the scales of
``copy`` are keywords only (openmv v4.8.1, modules/py_image.c, py_image_to). The text about a module that lacks a name
is py/runtime.c's.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.runs import ScriptOptions, ScriptResult, ScriptSession

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared
NOT_READ = "SyntaxError: invalid syntax for integer with base 0: '07'"
SCRIPTS = [
    ("02_many_globals.py", "4.8.1", "ok\n", None),
    ("03_pyb_on_rt1062.py", "4.5.0", "", "ImportError: no module named 'pyb'"),
    ("03_pyb_on_rt1062.py", "5.0.0", "", "ImportError: no module named 'pyb'"),
    ("04_import_tf_new_firmware.py", "4.8.1", "Failed to load: module 'ml' has no attribute 'load'\n", None),
    ("05_loop_without_constant_condition.py", "4.8.1", "", None),
    ("07_socket_server.py", "4.8.1", "", None),
    ("12_alloc_extra_fb.py", "4.8.1", "", "MemoryError: Out of fast frame buffer stack memory"),
    ("12_alloc_extra_fb.py", "5.0.0", "", "OSError: alloc_extra_fb is deprecated"),
    ("14_save_then_read.py", "4.8.1", "8\n", None),
    ("15_uart.py", "4.8.1", "None\n", None),
    ("17_async.py", "4.8.1", "done\n", None),
    ("18_timer_and_rtc.py", "4.8.1", "19\n", None),
    ("19_leading_zero.py", "4.6.20", "7\n", None),
    ("19_leading_zero.py", "4.8.1", "", NOT_READ),
    ("20_nested_frame_loops.py", "4.8.1", None, None),
    ("21_set_pixel.py", "4.8.1", "(255, 0, 0)\n", None),
    ("22_python_gaps.py", "4.8.1", "b'\\x02\\x01'\n__main__\n['a b', 'c']\nname 'x' isn't defined\n", None),
    ("23_callback_outputs_before_480.py", "4.7.0", "f\n", None),
    ("23_callback_outputs_before_480.py", "4.8.1", "b\n", None),
]
"""Script, release, what it prints, how it ends."""
SLOW = frozenset({"05_loop_without_constant_condition.py", "07_socket_server.py", "20_nested_frame_loops.py"})
"""Loops that only the number of frames ends."""
MEASURED_WITH = {"23_callback_outputs_before_480.py": "tiny-conv"}


def answer(folder: Path, script: Path, release: str, frames: int | None = 20) -> ScriptResult:
    """How a script ends; models of our own are beside it."""
    here = folder / "run"
    shutil.copytree(script.parent, here, ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)
    made = {"tiny-conv.tflite": "tiny-conv", "net.tflite": "tiny-conv", "trained.tflite": "tiny-conv"}
    files = []
    for name, kind in made.items():
        (here / name).write_bytes(models.make(kind))
        files.append(here / name)
    board = load_board("openmv-rt1062", firmware=release)
    options = ScriptOptions(frames=frames, models=tuple(files), run_models=False)
    return ScriptSession(board, here / script.name, options).run()


@pytest.mark.parametrize(("name", "release", "text", "ending"), SCRIPTS, ids=lambda value: str(value)[:20])
def test_scripts(shared: Path, tmp_path: Path, name: str, release: str, text: str | None, ending: str | None) -> None:
    result = answer(tmp_path, shared / "cases" / "scripts" / name, release, 3 if name in SLOW else None)
    assert (None if result.failure is None else result.failure.text.strip()) == ending
    assert result.verdict == ("ok" if ending is None else "memory_error" if "Memory" in ending else "other_error")
    if text is not None and ending is None:
        assert result.output == text
    if name in SLOW:
        assert result.loop is not None
        assert len(result.loop.frames) == 3


def test_nested_loops_count_pictures(shared: Path, tmp_path: Path) -> None:
    result = answer(tmp_path, shared / "cases" / "scripts" / "20_nested_frame_loops.py", "4.8.1", 3)
    assert result.loop is not None
    assert result.loop.garbage_bytes == 48


@pytest.mark.parametrize("release", ["4.7.0", "4.8.1", "5.0.0"])
def test_micro_speech_needs_a_module_that_is_not_there(shared: Path, tmp_path: Path, release: str) -> None:
    """Both models load, in the constructor; what comes after asks for the module that was never imported."""
    script = tmp_path / "main.py"
    shutil.copy(shared / "cases" / "scripts" / "24_micro_speech_needs_audio.py", script)
    names = ("audio_preprocessor", "micro_speech")
    files = tuple(shared / "models" / "real" / f"{name}.tflite" for name in names)
    options = ScriptOptions(models=files, run_models=False)
    result = ScriptSession(load_board("openmv-rt1062", firmware=release), script, options).run()
    assert sorted(model.path for model in result.models) == [f"/rom/{name}.tflite" for name in names]
    assert result.failure is not None
    assert result.failure.text == "NameError: name 'audio' isn't defined"


def test_every_script_has_an_answer_here(shared: Path) -> None:
    there = {path.name for path in (shared / "cases" / "scripts").glob("*.py")}
    assert there - {name for name, *_ in SCRIPTS} == {"24_micro_speech_needs_audio.py"}


@pytest.mark.parametrize("release", ["4.5.6", "4.6.0"])
def test_no_rom_before_4_7(shared: Path, tmp_path: Path, release: str) -> None:
    found = answer(tmp_path, shared / "cases" / "reports" / "02-rom-before-4.7" / "main.py", release)
    assert found.failure is not None
    assert found.failure.text.strip() == "OSError: Could not find the path"


@pytest.mark.parametrize("release", ["4.5.9", "5.0.0"])
def test_tf_is_an_alias(shared: Path, tmp_path: Path, release: str) -> None:
    found = answer(tmp_path, shared / "cases" / "reports" / "03-tf-is-an-alias" / "main.py", release)
    assert "has no attribute 'load'" in found.output
    assert found.failure is not None
    assert found.failure.text.startswith("Exception: could not load (")


@pytest.mark.slow
def test_reports_about_images(shared: Path, tmp_path: Path) -> None:
    reports = shared / "cases" / "reports"
    found = answer(tmp_path / "7", reports / "07-image-from-file-into-fb" / "main.py", "4.5.5")
    shape, _, cost = found.output.splitlines()[0].rpartition(" ")
    assert shape == '{"w":512, "h":340, "type":"rgb565", "size":348160}'
    assert int(cost) < 500
    found = answer(tmp_path / "8", reports / "08-jpeg-to-rgb565" / "main.py", "4.8.1")
    assert found.output == '{"w":320, "h":240, "type":"rgb565", "size":153600}\n'
    found = answer(tmp_path / "14", reports / "14-jpeg-limit" / "main.py", "5.0.0")
    assert found.failure is not None
    assert found.failure.text.strip() == "OSError: Compression Failed!"


def test_reports_about_files_and_frames(shared: Path, tmp_path: Path) -> None:
    reports = shared / "cases" / "reports"
    found = answer(tmp_path / "11", reports / "11-file-read-asks-n-plus-1" / "main.py", "4.5.5")
    assert found.failure is not None
    assert found.failure.text.strip() == "MemoryError: memory allocation failed, allocating 176401 bytes"
    assert answer(tmp_path / "12", reports / "12-skip-frames" / "main.py", "4.8.1").output == "3200\n"
    found = answer(tmp_path / "12b", reports / "12-skip-frames" / "overflow.py", "4.5.6")
    assert found.failure is not None
    assert found.failure.text.strip() == "RuntimeError: Frame buffer overflow, try reducing the frame size."


@pytest.mark.parametrize(
    ("release", "keys"),
    [("4.8.1", ("model_size", "model_addr", "ram_size", "ram_addr")), ("4.5.6", ("size", "ram", "addr"))],
)
def test_what_a_model_and_the_heap_print(shared: Path, tmp_path: Path, release: str, keys: tuple[str, ...]) -> None:
    found = answer(tmp_path, shared / "cases" / "reports" / "19-printed-figures" / "main.py", release)
    printed = found.output
    assert all(f"{key}: " in printed.splitlines()[0] for key in keys)
    assert "stack: " in printed
    assert "max blk sz: " in printed
    assert "max free sz: " in printed
