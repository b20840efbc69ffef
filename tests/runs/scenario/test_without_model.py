"""A script that says nothing of the model it was given is no pass for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim import models
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "# A scenario.\n"
CATCHES = HEADER + (
    "import ml\nMODEL = '/rom/net.tflite'\ntry:\n    m = ml.Model(MODEL)\nexcept ValueError:\n    print('none')\n"
)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.mark.parametrize("text", ["", HEADER, HEADER + "print('hi')\n"])
def test_a_script_that_loads_nothing_is_one_line(
    tmp_path: Path, net: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    script = tmp_path / "mine.py"
    script.write_text(text)
    assert main(["run", str(net), "--scenario", str(script)]) == ExitCode.BAD_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "mine: the script never loads a model" in shown.err
    assert shown.err.count("\n") == 1


def test_a_failure_that_the_script_caught_is_no_promise(
    tmp_path: Path, net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "catches.py"
    script.write_text(CATCHES)
    assert omvsim.run(net, scenario=script).verdict is Verdict.OK
    small = ["--gc", "20K", "--no-advice", "--json"]
    assert main(["run", str(net), "--scenario", str(script), *small]) == ExitCode.UNKNOWN
    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["models"]) == ("unknown", [])
    assert "went on without its model" in json.dumps(report)
