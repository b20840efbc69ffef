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
    assert "MAXIMUM" in done.out
    assert "caught" not in done.out


def test_what_if(omvsim: Run, model_files: Path) -> None:
    done = omvsim("what-if", "compare", model_files / "hangs.tflite", "--json")
    assert '"hangs"' in done.out
