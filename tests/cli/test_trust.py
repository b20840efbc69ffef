"""How far figures can be trusted: every command says of a board what a run on it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.boards import list_boards, load_board
from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

ALL = [info.name for info in list_boards()]
BOARDS = ["openmv-rt1062", "openmv-rt1062-qemu", "openmv-h7", "openmv-ae3", "openmv-n6"]
SAYS = "nobody has measured a camera with this profile"


def test_the_cam_and_its_emulation_are_measured() -> None:
    assert [name for name in ALL if load_board(name).provenance is Provenance.EXACT] == [
        "openmv-rt1062",
        "openmv-rt1062-qemu",
    ]


def last_json(done: Outcome) -> Any:
    return json.loads(done.out.splitlines()[-1]) if done.out.count("\n") == 1 else json.loads(done.out)


@pytest.mark.parametrize("board", BOARDS)
def test_commands_agree_with_a_run(board: str, omvsim: Run, model_files: Path, tmp_path: Path) -> None:
    model = model_files / "keyword-spotting.tflite"
    options = ("--board", board)
    ran = last_json(omvsim("run", model, *options, "--json", "--no-advice"))
    said, known = ran["provenance"], str(load_board(board).provenance)
    assert said == ("unknown" if ran["verdict"] == "unknown" else known)
    arena = last_json(omvsim("arena", model, *options, "--json"))
    assert arena["provenance"] == ran["arena"]["provenance"] == known
    assert (SAYS in arena["note"]) == (known != "exact")
    row = last_json(omvsim("what-if", "sweep", model, *options))
    assert row["provenance"] == said
    proposed = last_json(omvsim("what-if", "recommend", model, *options, "--json", "--no-advice"))
    assert [each["provenance"] for each in proposed["present"]["models"]] == [said]
    largest = last_json(omvsim("what-if", "max", model, model, *options, "--json"))
    assert {rung["provenance"] for rung in largest["tried"]} == {said}
    rows = last_json(omvsim("releases", model, *options, "--json"))["releases"]
    default = load_board(board).firmware
    assert [each["provenance"] for each in rows if each["firmware"] == default] == [said]
    policy = tmp_path / "omvsim.toml"
    (tmp_path / model.name).write_bytes(model.read_bytes())
    policy.write_text(f'[[gate]]\nmodels = "*.tflite"\nboard = "{board}"\n')
    gate = last_json(omvsim("gate", "--policy", policy, "--jobs", 1, "--json"))
    assert {each["provenance"] for each in gate["results"]} == {said}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("run",), ("arena",), ("what-if", "recommend"), ("what-if", "max", "--param", "framesize")]
)
def test_text_says_it_too(command: tuple[str, ...], omvsim: Run, model_files: Path) -> None:
    def text(board: str) -> str:
        return " ".join(omvsim(*command, model_files / "tiny-conv.tflite", "--board", board).out.split())

    assert f"openmv-h7: {SAYS}" in text("openmv-h7")
    assert SAYS not in text("openmv-rt1062")


def test_a_script_is_trusted_as_its_board(omvsim: Run, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text("x = bytearray(1000)\n")
    said = {
        board: last_json(omvsim("exec", script, "--board", board, "--json"))["provenance"]
        for board in ("openmv-rt1062", "openmv-h7", "openmv-ae3")
    }
    assert said == {"openmv-rt1062": "exact", "openmv-h7": "assumed", "openmv-ae3": "assumed"}


def test_a_time_is_trusted_as_its_board(omvsim: Run, model_files: Path, tmp_path: Path) -> None:
    """A board of one's own with the speeds of the Cam."""
    own = tmp_path / "own.toml"
    own.write_text('extends = "openmv-rt1062"\n')
    model = model_files / "tiny-conv.tflite"
    assert last_json(omvsim("time", model, "--json"))["provenance"] == "modelled"
    assert last_json(omvsim("time", model, "--board", own, "--json"))["provenance"] == "assumed"


def test_the_camera_of_the_h7_is_assumed(omvsim: Run, model_files: Path) -> None:
    said = omvsim("run", model_files / "tiny-conv.tflite", "--board", "openmv-h7").out
    assert "its camera is assumed to be the OV7725" in " ".join(said.split())
