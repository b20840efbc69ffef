"""``omvsim boards diff``: every value in which two boards differ, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from omvsim.boards import differences, load_board
from omvsim.cli import main

if TYPE_CHECKING:
    import pytest


def test_a_board_does_not_differ_from_itself() -> None:
    assert differences(load_board("openmv-h7"), load_board("openmv-h7")) == ()


def test_one_changed_value_is_the_only_difference() -> None:
    board = load_board("openmv-rt1062", "4.8.1")
    found = differences(board, board.with_values({"release.arena.extra": 0}))
    assert [(each.key, each.before, each.after) for each in found if "measured" not in each.key] == [
        ("release.arena.extra", 512, 0)
    ]


def test_a_smaller_area_moves_what_is_behind() -> None:
    board = load_board("openmv-rt1062", "4.8.1")
    keys = {each.key for each in differences(board, board.with_values({"gc[2].size": "4M"}))}
    assert {"gc[2].size", "streaming.origin", "frame_buffer.origin", "fb_alloc.origin"} <= keys
    assert "gc[1].origin" not in keys


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "diff", "openmv-h7@4.8.1", "openmv-h7-plus@4.8.1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("openmv-h7 4.8.1 → openmv-h7-plus 4.8.1: ")
    assert "gc[1].size" in out
    assert "267K → 4M" in out
    assert "gc[1].memory" not in out
    assert "gc1.memory" in out
    assert "SRAM1 → DRAM" in out
    assert "OMV4 H7 1024 → OMV4P H7 32768 SDRAM" in out


def test_the_command_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "diff", "openmv-h7@4.8.1", "openmv-h7@5.0.0", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["schema"], values["schema_version"]) == ("omvsim.boards.diff", 1)
    rows = {row["key"]: (row["before"], row["after"]) for row in values["differences"]}
    assert rows["gc[1].size"] == (267 * 1024, 264 * 1024)
    assert rows["frame_buffer.size"] == (400 * 1024, None)
    assert rows["firmware"] == ("4.8.1", "5.0.0")


def test_an_unknown_board_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "diff", "openmv-h7@9.9.9", "openmv-h7"]) == 3
    assert "no firmware '9.9.9'" in capsys.readouterr().err
