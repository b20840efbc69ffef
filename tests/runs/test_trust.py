"""How far figures of memory can be trusted: one rule, and which notes touch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board, releases
from omvsim.provenance import Provenance
from omvsim.runs import ScriptOptions, run_script
from omvsim.runs.trust import notes_of, provenance_of

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult


def run(folder: Path, text: str, firmware: str | None = None, board: str = "openmv-rt1062") -> ScriptResult:
    script = folder / "main.py"
    script.write_text(text)
    (folder / "net.tflite").write_bytes(models.make("tiny-conv"))
    options = ScriptOptions(models=(folder / "net.tflite",), run_models=False)
    return run_script(script, load_board(board, firmware), options)


@pytest.mark.parametrize("firmware", releases("openmv-rt1062"))
def test_exact_is_a_release_whose_scripts_were_measured(firmware: str) -> None:
    board = load_board("openmv-rt1062", firmware)
    measured = firmware in ("4.8.0", "4.8.1", "5.0.0")
    assert provenance_of(board, ()) is (Provenance.EXACT if measured else Provenance.MODELLED)
    assert provenance_of(board, (), doubted=True) is Provenance.MODELLED
    assert bool(notes_of(board)) is not measured  # what is said below the figures agrees with them


def test_a_board_that_nobody_measured_is_assumed() -> None:
    board = load_board("openmv-h7-plus")
    assert provenance_of(board, ()) is Provenance.ASSUMED
    assert any("nobody has measured" in note for note in notes_of(board))


def test_a_model_is_as_good_as_its_library(tmp_path: Path) -> None:
    """5.0.0 has a library that was derived from one that was measured."""
    assert run(tmp_path, "x = 1\n", "5.0.0").provenance is Provenance.EXACT
    assert run(tmp_path, 'import ml\nml.Model("/rom/net.tflite")\n', "5.0.0").provenance is Provenance.DERIVED
    assert run(tmp_path, 'import ml\nml.Model("/rom/net.tflite")\n', "4.8.1").provenance is Provenance.EXACT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Notes about time, or about what the script is given.
        ("import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"
         "sensor.snapshot()\n", "exact"),
        ('import ml\nm = ml.Model("/rom/net.tflite")\ndef f(b, s, d):\n    pass\nm.predict([f])\n', "exact"),
        ('import ml\ntry:\n    ml.Model("/rom/other.tflite")\nexcept OSError:\n    pass\n', "exact"),
        # Notes about what is only like the camera's.
        ("import image\nimage.Image(32, 32, image.RGB565).compress(quality=50)\n", "modelled"),
        ("import machine\nmachine.unique_id()\n", "modelled"),
    ],
)  # fmt: skip
def test_a_note_counts_where_it_touches_memory(text: str, expected: str, tmp_path: Path) -> None:
    result = run(tmp_path, text, "4.8.1")
    assert result.verdict == "ok", result.failure
    assert result.notes
    assert str(result.provenance) == expected


def test_boxes_found_in_zeros_are_not_those_of_the_camera(tmp_path: Path) -> None:
    """With ``--detections`` they are given, and so no doubt."""
    (tmp_path / "f.tflite").write_bytes(models.make("fomo-like"))
    text = (
        "import ml\nfrom ml.postprocessing.edgeimpulse import Fomo\n"
        'm = ml.Model("/rom/f.tflite", postprocess=Fomo())\ndef f(b, s, d):\n    pass\n{}\n'
    )
    found = {}
    for line in ("pass", "m.predict([f])"):
        for detections in (None, 0):
            script = tmp_path / "main.py"
            script.write_text(text.format(line))
            options = ScriptOptions(models=(tmp_path / "f.tflite",), run_models=False, detections=detections)
            found[line, detections] = str(run_script(script, load_board(firmware="4.8.1"), options).provenance)
    assert found == {
        ("pass", None): "exact",
        ("pass", 0): "exact",
        ("m.predict([f])", None): "modelled",
        ("m.predict([f])", 0): "exact",
    }


def test_of_what_is_not_known_there_is_no_figure(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("while True:\n    pass\n")
    result = run_script(script, load_board(), ScriptOptions(time_limit=0.2))
    assert (result.verdict, result.provenance) == ("unknown", "unknown")


# -- what a frame asks for and leaves ------------------------------------------------------------------------------


def test_what_a_chunk_grows_by_stands_beside_what_was_placed(tmp_path: Path) -> None:
    """A bytearray that grows in place: the frame leaves no more than was placed and what it grew by."""
    text = (
        "import ml\nm = ml.Model('/rom/net.tflite')\ndef f(b, s, d):\n    pass\n"
        "for i in range(12):\n    data = bytearray(10)\n    for n in range(40):\n        data.extend(b'0123456789')\n"
        "    m.predict([f])\n"
    )
    loop = run(tmp_path, text).loop
    assert loop is not None
    for frame in loop.frames:
        assert frame.end.used - frame.start.used == frame.left == frame.bytes + frame.grown - frame.freed
        assert frame.garbage + frame.held == frame.left
    assert loop.garbage_bytes is not None
    assert loop.allocated_bytes is not None
    assert loop.grown_bytes is not None
    assert loop.grown_bytes >= 300
    assert loop.allocated_bytes < loop.garbage_bytes <= loop.allocated_bytes + loop.grown_bytes


def test_the_high_water_mark_is_since_power_up(tmp_path: Path) -> None:
    result = run(tmp_path, "x = 1\n" + "".join(f"def f{n}(a, b):\n    return a + {n}\n" for n in range(50)))
    assert result.snapshot.high_water == max(cost.high_water for cost in result.lines.values())
    assert result.snapshot.used_at_start is not None
    assert result.snapshot.high_water > result.snapshot.used_at_start


def test_a_script_that_cannot_be_compiled_never_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from omvsim.cli import main

    result = run(tmp_path, "x = (\n")
    assert result.failure is not None
    assert (result.failure.kind, result.failure.line, result.snapshot.used_at_start) == ("SyntaxError", 2, None)
    main(["exec", str(tmp_path / "main.py")])
    shown = capsys.readouterr().out
    assert "main.py:2: the end of the file" in shown
    assert "line 1 never ran" in shown
    assert "used when line 1 runs" not in shown
