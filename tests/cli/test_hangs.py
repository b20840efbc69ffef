"""A model that makes the camera stand still: every command says so, with the operator and what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("model", "operator", "remedy"), [("hangs-at-load", "SOFTMAX", "train it"), ("hangs", "MAXIMUM", "5 dimensions")]
)
def test_run_names_operator_and_remedy(omvsim: Run, model_files: Path, model: str, operator: str, remedy: str) -> None:
    done = omvsim("run", model_files / f"{model}.tflite")
    words = " ".join(done.out.split())
    assert done.code == ExitCode.HANGS
    assert "HANGS: loaded from ROM, the camera stands still until it is reset" in words
    assert operator in words
    assert remedy in words
    assert "No other release that was tried takes it." in words
    report = json.loads(omvsim("run", model_files / f"{model}.tflite", "--json").out)
    assert (report["verdict"], report["exception"], report["advice"]) == ("hangs", None, [])
    assert operator in report["reason"]
    assert remedy in report["remedy"]


def test_arena(omvsim: Run, model_files: Path) -> None:
    at_load = json.loads(omvsim("arena", model_files / "hangs-at-load.tflite", "--json").out)
    assert (at_load["status"], at_load["refusal_details"]["fault"]) == ("hangs", "hangs")
    later = json.loads(omvsim("arena", model_files / "hangs.tflite", "--json").out)
    assert (later["status"], later["run_fault"]["fault"]) == ("ok", "hangs")
    assert later["run_fault"]["remedy"]
    assert "loads, and hangs when it runs" in omvsim("arena", model_files / "hangs.tflite").out
    assert "hangs while it loads" in omvsim("arena", model_files / "hangs-at-load.tflite").out


def test_releases(omvsim: Run, model_files: Path) -> None:
    report = json.loads(omvsim("releases", model_files / "hangs.tflite", "--json").out)
    assert {row["verdict"] for row in report["releases"] if row["firmware"] >= "4.6"} == {"hangs"}
    assert "it stands still until it is reset" in omvsim("releases", model_files / "hangs.tflite").out


@pytest.mark.parametrize("caught", [False, True])
def test_exec(omvsim: Run, model_files: Path, tmp_path: Path, caught: bool) -> None:
    """No ``except`` of the script catches it."""
    lines = ["import ml", "m = ml.Model('/rom/hangs.tflite')"]
    call = "m.predict([lambda buffer, shape, dtype: None])"
    lines += ["try:", f"    {call}", "except:", "    print('caught')"] if caught else [call]
    script = tmp_path / "main.py"
    script.write_text("\n".join(lines) + "\n")
    done = omvsim("exec", script, "--model", model_files / "hangs.tflite", "--kernels", "none")
    assert done.code == ExitCode.HANGS
    assert "hangs: operator 0 (MAXIMUM)" in " ".join(done.out.split())
    assert "remedy: reshape" in done.out
    assert "caught" not in done.out
    found = json.loads(
        omvsim("exec", script, "--model", model_files / "hangs.tflite", "--kernels", "none", "--json").out
    )
    assert (found["outcome"], found["verdict"]) == ("hangs", "hangs")
    assert "5 dimensions" in found["failure"]["remedy"]


def test_what_if(omvsim: Run, model_files: Path) -> None:
    done = omvsim("what-if", "compare", model_files / "hangs.tflite", "--json")
    assert '"hangs"' in done.out


@pytest.mark.parametrize(
    ("model", "verdict", "code"),
    [
        ("refused", "refused", ExitCode.REFUSED),
        ("null-pointer", "may_crash", ExitCode.MAY_CRASH),
        ("hangs-at-load", "hangs", ExitCode.HANGS),
        ("hangs", "hangs", ExitCode.HANGS),
        ("unknown", "unknown", ExitCode.UNKNOWN),
    ],
)
@pytest.mark.parametrize("profile", [(), ("--profile", "stm32h743")], ids=["board", "chip"])
def test_what_does_not_run_takes_no_time(
    omvsim: Run, model_files: Path, model: str, verdict: str, code: int, profile: tuple[str, ...]
) -> None:
    path = model_files / f"{model}.tflite"
    done = omvsim("time", path, *profile)
    assert done.code == code
    assert f"no time, it does not run ({verdict})" in done.out
    assert "ms an inference" not in done.out
    assert "frames per second" not in done.out
    report = json.loads(omvsim("time", path, "--json", *profile).out)
    assert (report["verdict"], report["ms"]) == (verdict, None)
    assert report["reason"]


def test_time_of_a_model_that_runs_and_of_one_that_does_not(omvsim: Run, model_files: Path) -> None:
    """The others are timed all the same, and the worst decides the code."""
    done = omvsim("time", model_files / "refused.tflite", model_files / "tiny-conv.tflite", "--json")
    assert done.code == ExitCode.REFUSED
    refused, timed = map(json.loads, done.out.splitlines())
    assert (refused["verdict"], timed["verdict"]) == ("refused", "ok")
    assert timed["ms"][1] > 0


def test_an_operator_without_facts_is_not_free() -> None:
    """Its line says that nothing is known, and the sum that it is a lower bound."""
    from rich.console import Console

    from omvsim.boards import load_board
    from omvsim.graph import TensorType, parse_model
    from omvsim.models.builder import ModelBuilder
    from omvsim.timing import predict, profile_of, render_time, time_json, workload

    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 20), TensorType.FLOAT32), graph.tensor((1, 20), TensorType.FLOAT32)
    graph.custom_operator("OfNobody", [x], [y])
    graph.output(y)
    profile = profile_of(load_board())
    time = predict(workload(parse_model(model.build(), "m")), profile)
    report = time_json("m", time, profile)
    assert report["unknown"] == ["CUSTOM:OfNobody"]
    assert report["ops"][0]["cycles"] is None
    console = Console(width=120)
    with console.capture() as captured:
        console.print(render_time("m", time, profile))
    shown = captured.get()
    assert "m: at least " in shown
    row = next(line for line in shown.splitlines() if line.startswith("CUSTOM:OfNobody"))
    assert "unknown" in row
    assert "0.000 (" not in row


@pytest.mark.parametrize("command", ["run", "exec", "time"])
def test_what_nobody_measured_is_no_pass(omvsim: Run, tmp_path: Path, command: str) -> None:
    """uint8 in a kernel of 4.5.5 that was seen to load and not to run."""
    from omvsim.graph import Quantization, TensorType
    from omvsim.models.builder import ModelBuilder

    model = ModelBuilder()
    graph = model.subgraph()
    quantization = Quantization((0.5,), (0,))
    x, y = (make((1, 4, 4, 1), TensorType.UINT8, quantization=quantization) for make in (graph.input, graph.tensor))
    graph.operator("RELU", [x], [y])
    graph.output(y)
    path, script = tmp_path / "old.tflite", tmp_path / "main.py"
    path.write_bytes(model.build())
    script.write_text(
        "import tf, image\nnet = tf.load('old.tflite')\nnet.segment(image.Image(4, 4, image.GRAYSCALE))\n"
    )
    words = ["exec", script, "--model", path, "--kernels", "none"] if command == "exec" else [command, path]
    done = omvsim(*words, "--firmware", "4.5.5")
    assert done.code == ExitCode.UNKNOWN
    assert "was not measured" in " ".join(done.out.split())
