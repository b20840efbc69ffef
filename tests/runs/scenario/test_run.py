"""A scenario's run and ``exec`` of the same text are one run; steps, loops and verdicts are read off it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim import models
from omvsim.boards import load_board, releases
from omvsim.cli import main
from omvsim.errors import ScenarioError
from omvsim.runs import ScriptOptions, run_script
from omvsim.runs.scenario import Case, Options, Postprocess, default_mode, load_scenario, shipped_scenarios

if TYPE_CHECKING:
    from omvsim.runs import ScriptResult
    from omvsim.runs.scenario import RunResult

BOARD = "openmv-rt1062"
NAMES = tuple(family.name for family in models.families())
"""Every sample model."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scenario")
    for name in NAMES:
        (made / f"{name}.tflite").write_bytes(models.make(name))
    return made


def executed(result: RunResult, folder: Path) -> ScriptResult:
    """What ``exec`` does with the text of a run."""
    script = folder / "main.py"
    script.write_text(result.script)
    options = ScriptOptions(
        frames=None, models=(Path(result.model.graph.source),), run_models=False, detections=0, requests=True
    )
    return run_script(script, result.board, options)


def agree(result: RunResult, folder: Path) -> None:
    """Every request, its address, what is free at the end, and how it ends."""
    there = executed(result, folder)
    asked = [(each.bytes, each.address) for each in result.allocations if each.area.startswith("gc")]
    wanted = [
        (each.size, each.address)
        for each in there.requests
        if each.address and (each.kind == "alloc" or each.how == "move")
    ]
    assert asked == wanted
    assert result.verdict == there.verdict
    assert result.exception == (None if there.failure is None or not there.failure.kind else there.failure.text)
    assert result.steps[-1].used_bytes == there.snapshot.used


@pytest.mark.slow
@pytest.mark.parametrize("firmware", releases(BOARD))
@pytest.mark.parametrize("name", NAMES)
def test_run_and_exec_agree_on_every_release(name: str, firmware: str, folder: Path) -> None:
    agree(omvsim.run(folder / f"{name}.tflite", firmware=firmware, loops=2), folder)


@pytest.mark.parametrize(
    "options",
    [
        {"load": "file", "input": "ndarray", "keep_output": True},
        {"load": "fb", "input": "callable"},
        {"input": "image", "callback": True},
        {"postprocess": Postprocess("fomo")},
        {"gc": [(25 << 10, 0x60000000)], "input": "ndarray"},
        {"gc": [(16 << 10, 0x60000000)], "load": "file"},
    ],
)
def test_run_and_exec_agree_whatever_is_asked_for(options: dict[str, object], folder: Path) -> None:
    agree(omvsim.run(folder / "tiny-conv.tflite", **options), folder)  # type: ignore[arg-type]


@pytest.mark.shared
@pytest.mark.parametrize("firmware", ["4.5.5", "4.6.20", "4.8.1", "5.0.0"])
def test_real_models_agree(shared: Path, firmware: str, tmp_path: Path) -> None:
    compared = 0
    for path in sorted((shared / "models/real").glob("*.tflite"))[:12]:
        agree(omvsim.run(path, firmware=firmware, loops=2), tmp_path)
        compared += 1
    assert compared


# -- steps ----------------------------------------------------------------------------------------------------------


def test_steps_are_what_the_script_says(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite", loops=3)
    names = [step.name for step in result.steps]
    assert names == ["boot", "main", "import ml", "camera", "load", "predict", "predict", "predict"]
    assert [step.index for step in result.steps] == list(range(8))
    load = result.steps[4]
    assert load.detail == 'model = ml.Model("/rom/tiny-conv.tflite")'
    assert sum(step.allocations for step in result.steps) == sum(
        entry.area.startswith("gc") for entry in result.allocations
    )
    assert result.steps[0].used_bytes == 5472  # what boot leaves (measured)


def test_a_loop_s_garbage_is_that_of_a_quiet_frame(folder: Path) -> None:
    """Of a picture and ``predict([img])``: 976 bytes with the outputs (measured), fewer for an output of one row."""
    result = omvsim.run(folder / "tiny-conv.tflite", loops=4)
    frames = [step for step in result.steps if step.name == "predict"]
    assert len({step.garbage_bytes for step in frames[1:]}) == 1
    assert result.loop is not None
    assert (result.loop.frames, result.loop.garbage_per_frame) == (4, frames[-1].garbage_bytes)
    last = result.steps[-1]
    assert result.loop.frames_until_collection == 4 + last.free_bytes // frames[-1].garbage_bytes


def test_collections_are_in_their_frames(folder: Path) -> None:
    board = load_board(BOARD).with_gc_areas([(64 << 10, None)])
    result = omvsim.run(folder / "tiny-conv.tflite", board=board, loops=120)
    assert result.loop is not None
    assert len(result.loop.collected_at) > 1
    first, second = result.loop.collected_at[:2]
    assert result.loop.frames_until_collection == second - first
    names = {result.steps[each.step].name for each in result.collections if each.automatic}
    assert names == {"predict"}


def test_the_request_that_found_no_room(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite", load="file", gc=[(16 << 10, 0x60000000)])
    assert result.failure is not None
    assert result.failure.refused is not None
    assert (result.failure.step, result.failure.refused.what) == ("load", "model file data")
    assert result.steps[-1].exception == result.exception
    assert result.failure.refused.longest_free < result.failure.refused.bytes


def test_a_script_without_labels_is_told_line_by_line(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text('import ml\nm = ml.Model("/rom/tiny-conv.tflite")\nx = bytearray(2000)\n')
    result = omvsim.run(folder / "tiny-conv.tflite", scenario=str(script))
    assert [step.name for step in result.steps] == ["boot", "main", "line 1", "line 2", "line 3"]
    assert result.model_ram
    biggest = max((entry for entry in result.allocations if entry.step == 4), key=lambda entry: entry.bytes)
    assert (biggest.bytes, biggest.owner) == (2000, "x = bytearray(2000)")


def test_a_collection_at_the_end_is_a_step_of_its_own(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite", loops=3)
    ended = Case.of(result).with_options(collect_at_end=True).run()
    assert [step.name for step in ended.steps[-2:]] == ["predict", "collect"]
    assert ended.steps[-1].used_bytes < result.steps[-1].used_bytes
    assert sum(area.used_bytes for area in ended.areas) == ended.steps[-1].used_bytes


# -- what is chosen -------------------------------------------------------------------------------------------------


def test_shipped_scenarios_are_scripts_with_a_title() -> None:
    assert set(shipped_scenarios()) == {"load-and-predict", "forum-9790"}
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        assert scenario.title
        assert "MODEL" in scenario.options
    assert load_scenario("load_and_predict") is load_scenario()
    assert load_scenario("forum-9790").firmware == "4.5.5"


def test_a_scenario_s_own_way_of_loading_is_its_default() -> None:
    forum, plain = load_scenario("forum-9790"), load_scenario()
    assert default_mode(forum, Options()) == "fb"
    assert default_mode(plain, Options()) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(loops=3), "no option LOOPS, so --loops"),
        (Options(keep_output=True), "no option KEEP_OUTPUT"),
        (Options(collect="load"), "no option COLLECT"),
        (Options(postprocess=Postprocess("fomo")), "no option POSTPROCESS"),
    ],
)
def test_what_a_script_has_no_option_for_is_an_error(options: Options, said: str, folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite", loops=1)
    script = folder / "bare.py"
    script.write_text('import ml\nml.Model("/rom/tiny-conv.tflite")\n')
    case = Case(result.board, result.model, load_scenario(str(script)), options, {})
    with pytest.raises(ScenarioError, match=said):
        case.run()


def test_show_script_prints_what_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(folder / "tiny-conv.tflite")
    assert main(["run", path, "--show-script", "--keep-output"]) == 0
    shown = capsys.readouterr().out
    assert shown == omvsim.run(path, keep_output=True).script
    assert "outputs = model.predict([img])" in shown
    assert main(["run", path, "--keep-output", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == "load-and-predict"


def test_a_repr_fits_a_line(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite")
    assert len(repr(result)) < 120
    assert "\n" not in repr(result)
