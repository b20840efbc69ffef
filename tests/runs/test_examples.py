"""The example scripts: each runs 20 frames on 4.8.1 and on 5.0.0; the forum's fails and its modern form runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.models import make
from omvsim.runs import Outcome, ScriptOptions, ScriptSession, run_script
from tests.runs._running import board_of, stock_models

if TYPE_CHECKING:
    from omvsim.runs import ScriptResult

EXAMPLES = Path(__file__).parents[2] / "examples"
STOCK_EXAMPLES = sorted(
    path.name for path in EXAMPLES.glob("*.py") if not path.name.startswith(("forum", "micro_speech"))
)


def run(name: str, firmware: str, options: ScriptOptions) -> ScriptResult:
    return run_script(EXAMPLES / name, board_of(firmware), options)


@pytest.mark.slow
@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("name", STOCK_EXAMPLES)
def test_an_example_runs_twenty_frames(name: str, firmware: str, shared: Path) -> None:
    result = run(name, firmware, ScriptOptions(models=stock_models(shared), run_models=False, detections=0))
    assert result.failure is None
    assert result.loop is not None
    assert len(result.loop.frames) == 20
    assert result.inferences >= 20
    assert {frame.garbage for frame in result.loop.frames[1:]} == {result.loop.garbage_bytes}


def test_forced_detections_cost_what_their_boxes_cost(shared: Path) -> None:
    models = stock_models(shared)
    garbage = []
    for count in (0, 1, 5):
        result = run("yolo_v8_persons.py", "4.8.1", ScriptOptions(models=models, detections=count))
        assert result.loop is not None
        assert set(result.detections) == {count}
        garbage.append(result.loop.garbage_bytes or 0)
    assert garbage[0] < garbage[1] < garbage[2]


def test_the_port_has_no_audio(shared: Path) -> None:
    """``ml.apps`` goes on without ``audio``, which the firmware of the RT1062 lacks, until it is asked for."""
    result = run("micro_speech.py", "4.8.1", ScriptOptions(models=stock_models(shared)))
    assert result.failure is not None
    assert result.failure.text == "NameError: name 'audio' isn't defined"


@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
def test_its_modern_form_runs(firmware: str, tmp_path: Path) -> None:
    model = tmp_path / "yolov8.tflite"
    model.write_bytes(make("yolov8n-like", size=192, classes=2))
    result = run("forum_ml_detect.py", firmware, ScriptOptions(models=(model,), detections=2))
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.loop is not None
    assert len(result.loop.frames) == 20


def test_a_model_of_the_firmware_that_is_not_given_is_not_known() -> None:
    """It is in the camera's ROM, and omvsim does not have it."""
    result = run("person_detection.py", "4.8.1", ScriptOptions())
    assert result.verdict == "unknown"
    assert any("person_detect.tflite" in what and "--model" in what for what, _ in result.unmodelled)


def test_a_model_that_is_not_given_is_an_oserror_and_a_note(tmp_path: Path) -> None:
    (tmp_path / "other.tflite").write_bytes(make("tiny-conv"))
    (tmp_path / "main.py").write_text("import ml\nml.Model('/rom/mine.tflite')\n")
    options = ScriptOptions(models=(tmp_path / "other.tflite",))
    result = ScriptSession(load_board("openmv-rt1062", "4.8.1"), tmp_path / "main.py", options).run()
    assert result.failure is not None
    assert result.failure.text == "OSError: [Errno 2] ENOENT"
    assert any("--model" in note and "given: other.tflite" in note for note in result.notes)


@pytest.mark.parametrize(("firmware", "modelled"), [("4.7.0", True), ("4.8.1", False)])
def test_a_release_that_was_not_measured_is_called_modelled(firmware: str, modelled: bool) -> None:
    result = run("person_detection.py", firmware, ScriptOptions())
    assert any(note.startswith("modelled:") for note in result.notes) is modelled
