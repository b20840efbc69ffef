"""One verdict, one failure, one snapshot: ``run`` of a model and ``exec`` of the text it ran say the same of everything
that both say, to the byte and to the digit, and end with the same code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.boards import releases
from omvsim.cli import main
from omvsim.gate import GateOptions, run_gate
from omvsim.models import families

if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

BOARD = "openmv-rt1062"
NAMES = sorted(family.name for family in families())
SHARED = {
    "board", "firmware", "verdict", "provenance", "exception", "failure", "unknown", "advice", "ms_per_frame",
    "ms_per_frame_provenance", "models", "heap", "areas", "pools",
}  # fmt: skip
OWN = {"schema", "schema_version", "loop", "notes"}
"""Keys that both have and that are not the same thing: the loop of predictions, and that of frames."""
SMALL = ("tiny-conv", "fomo-like", "keyword-spotting", "lstm")
SOME = ("4.5.5", "4.5.8", "4.6.20", "4.8.1", "5.0.0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in NAMES:
        (folder / f"{name}.tflite").write_bytes(models.make(name, **({"size": 192} if "yolo" in name else {})))
    (folder / "large.tflite").write_bytes(models.make("yolov8n-like", size=640, classes=2))
    return folder


def both(
    capsys: Capture, model: Path, *words: str, board: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two reports; what the script is given by hand is what ``run`` gives it."""
    assert main(["run", str(model), *words, *board, "--show-script"]) == 0
    script = model.parent / "main.py"
    script.write_text(capsys.readouterr().out)
    ran = main(["run", str(model), *words, *board, "--json"])
    run = json.loads(capsys.readouterr().out)
    given = ["--model", str(model), "--kernels", "none", "--detections", "0"]
    executed = main(["exec", str(script), *given, *board, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert ran == executed
    return run, told


def alike(run: dict[str, Any], told: dict[str, Any], folder: Path) -> None:
    assert set(run) & set(told) == SHARED | OWN
    told = json.loads(json.dumps(told).replace(str(folder / "main.py"), "main.py"))
    assert {key: told[key] for key in SHARED} == {key: run[key] for key in SHARED}
    loop, frames = run["loop"], told["loop"]
    if run["verdict"] == "ok" and loop is not None and not loop["collected_at_frames"]:
        assert loop["garbage_per_frame"] == frames["garbage_bytes_per_frame"]
        assert loop["frames"] == len(frames["frames"])
        assert loop["frames_until_collection"] == frames["frames_until_collection"]
    assert [note for note in told["notes"] if note in run["notes"]] == run["notes"]


@pytest.mark.parametrize("firmware", SOME)
@pytest.mark.parametrize("name", SMALL)
def test_the_same_of_small_models(name: str, firmware: str, folder: Path, capsys: Capture) -> None:
    alike(*both(capsys, folder / f"{name}.tflite", board=("--firmware", firmware)), folder)


@pytest.mark.slow
@pytest.mark.parametrize("firmware", releases(BOARD))
@pytest.mark.parametrize("name", NAMES)
def test_the_same_on_every_release(name: str, firmware: str, folder: Path, capsys: Capture) -> None:
    alike(*both(capsys, folder / f"{name}.tflite", board=("--firmware", firmware)), folder)


@pytest.mark.parametrize(
    ("words", "board", "ways"),
    [
        (("--load", "file", "--input", "callable", "--keep-output"), (), ["drop-output", "callback", "load-to-fb"]),
        (("--load", "file", "--keep-output"), ("--firmware", "5.0.0"), ["drop-output", "callback", "load-from-rom"]),
    ],
)
def test_the_same_ways_out_of_the_same_failure(
    words: tuple[str, ...], board: tuple[str, ...], ways: list[str], folder: Path, capsys: Capture
) -> None:
    run, told = both(capsys, folder / "large.tflite", *words, board=board)
    assert run["verdict"] != "ok"
    alike(run, told, folder)
    assert [way["key"] for way in run["advice"]][: len(ways)] == ways


@pytest.mark.parametrize("areas", ["25K@0x60000000", "100K@0x60000000", "255K@0x60000000"])
@pytest.mark.parametrize("name", ["fomo-like", "keyword-spotting"])
def test_the_same_of_a_heap_that_is_too_small(name: str, areas: str, folder: Path, capsys: Capture) -> None:
    alike(*both(capsys, folder / f"{name}.tflite", board=("--gc", areas)), folder)


def test_what_is_left_is_what_the_user_then_has(folder: Path, capsys: Capture) -> None:
    """The figure of a way out is the one that the run with it prints: free after a collection."""
    model, words = folder / "large.tflite", ("--load", "file", "--input", "callable")
    run, _ = both(capsys, model, *words, "--keep-output")
    way = next(way for way in run["advice"] if way["key"] == "drop-output")
    assert main(["run", str(model), *words, "--json"]) == 0
    then = json.loads(capsys.readouterr().out)["heap"]
    assert way["free_bytes"] == then["free_after_collect_bytes"] > then["free_at_end_bytes"]
    assert way["longest_free_bytes"] == then["longest_free_after_collect_bytes"]
    main(["run", str(model), *words])
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{way['free_bytes']:,} bytes left after a collection".replace(",", " ") in shown


def test_time_says_the_same_frame(folder: Path, capsys: Capture) -> None:
    model = folder / "fomo-like.tflite"
    run, told = both(capsys, model)
    assert main(["time", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["frame_ms"] == run["ms_per_frame"] == told["ms_per_frame"]
    rate = told["loop"]["rate"]
    assert rate["computing_ms"] == [pytest.approx(value, abs=0.001) for value in told["ms_per_frame"]]
    assert rate["provenance"] == told["ms_per_frame_provenance"] == "assumed"


def test_the_gates_headroom_is_what_run_says_is_left(folder: Path, capsys: Capture) -> None:
    run, _ = both(capsys, folder / "tiny-conv.tflite", "--loops", "20")
    policy = folder / "omvsim.toml"
    policy.write_text(
        '[[gate]]\nname = "a"\nmodels = "tiny-conv.tflite"\nfirmware = ["4.8.1"]\nframes = 20\n'
        'budget = { headroom = "1K" }\n'
        '[[gate]]\nname = "b"\nscripts = "main.py"\nmodels = "tiny-conv.tflite"\nfirmware = ["4.8.1"]\nframes = 20\n'
        'budget = { headroom = "1K" }\n'
    )
    of_model, of_script = run_gate(GateOptions(policy)).results
    for result in (of_model, of_script):
        found = {figure.key: figure.value for figure in result.figures}
        assert found["headroom.total"] == run["heap"]["free_after_collect_bytes"]
        assert [found[f"headroom.gc{area['index']}"] for area in run["areas"]] == [
            area["free_after_collect_bytes"] for area in run["areas"]
        ]
        assert result.provenance == run["provenance"]


def test_a_release_whose_scripts_were_not_measured_is_exact_nowhere(folder: Path, capsys: Capture) -> None:
    """4.5.8: loading and predicting were measured, scripts were not, and the note says so; the arena is a library's."""
    run, told = both(capsys, folder / "tiny-conv.tflite", board=("--firmware", "4.5.8"))
    assert run["provenance"] == told["provenance"] == "modelled"
    assert run["arena"]["provenance"] == "exact"
    assert any("were not measured" in note for note in run["notes"])
    main(["run", str(folder / "tiny-conv.tflite"), "--firmware", "4.5.8"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "Figures modelled: follows from a model of the device with a stated bound" in shown
    assert "the arena and model.ram are exact" in shown
