"""``omvsim what-if recommend``: which proposal is shown and written, and what is said where there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from omvsim.boards import load_board
from omvsim.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

COMMAND = ["what-if", "recommend", "--no-advice"]


def test_pick_is_what_is_shown_and_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, header, board = str(folder / "tiny-conv.tflite"), tmp_path / "h.h", tmp_path / "b.toml"
    files = ["--write-header", str(header), "--write-board", str(board)]
    assert main([*COMMAND, model, "--firmware", "5.0.0", "--pick", "2", *files]) == 0
    out = capsys.readouterr().out
    assert "Proposal 2 in boards/OPENMV_RT1060/board_config.h:\n#define OMV_" in out
    written = header.read_text()
    assert written
    assert written in out
    assert load_board(board).name == "openmv-rt1062-proposal"


def test_a_proposal_that_changes_nothing_writes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = tmp_path / "h.h"
    assert main([*COMMAND, str(folder / "tiny-conv.tflite"), "--write-header", str(header)]) == 3
    assert "proposal 1 changes nothing" in capsys.readouterr().err
    assert not header.exists()
    assert main([*COMMAND, str(folder / "tiny-conv.tflite")]) == 0
    out = capsys.readouterr().out
    assert "Proposal 1 leaves boards/OPENMV_RT1060/omv_boardconfig.h as it is." in out


def test_there_is_no_such_proposal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, str(folder / "tiny-conv.tflite"), "--pick", "99"]) == 3
    assert "there is no proposal 99" in capsys.readouterr().err


def test_a_goal_that_nothing_meets(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The H7's sensor has 640 pixels a line."""
    command = [*COMMAND, str(folder / "tiny-conv.tflite"), "--board", "openmv-h7", "--must", "frame=UXGA"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "No proposal is left." in out
    assert "frame UXGA: RuntimeError: Sensor control failed." in out
    assert main([*command, "--write-header", str(tmp_path / "h.h")]) == 3
    assert "no proposal meets what is asked for: frame UXGA" in capsys.readouterr().err


def test_an_npu_is_named_as_what_is_not_simulated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, str(folder / "tiny-conv.tflite"), "--board", "openmv-n6"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "ml.Model: this board's runs nothing but what ST's tools compiled for its NPU: no size of memory" in out
    assert "No proposal makes a model run." in out
    assert "#define" not in out


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, str(folder / "tiny-conv.tflite"), "--must", "frame=VGA", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["goals"] == {"frame": "VGA", "releases": []}
    assert values["header"] == "boards/OPENMV_RT1060/omv_boardconfig.h"
    assert values["proposals"][0]["largest_frame"] == "WQXGA2"
    assert values["proposals"][0]["gives_up"] == []
