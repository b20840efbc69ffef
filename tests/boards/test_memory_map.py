"""``omvsim boards``: the map and the list, as text and as JSON."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from omvsim.boards import Board, list_boards, load_board
from omvsim.cli import main
from omvsim.report import memory_map_json, render_memory_map

GOLDEN = Path(__file__).parent / "golden"


def _drawn(board: Board) -> str:
    stream = io.StringIO()
    Console(file=stream, width=100, highlight=False).print(render_memory_map(board))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


@pytest.mark.parametrize("version", ["4.5.0", "4.5.5", "4.5.6-dev", "4.7.0", "4.8.1", "5.0.0"])
def test_map_as_text(version: str) -> None:
    """Set OMVSIM_UPDATE_GOLDEN=1 to write the files anew, then read the difference."""
    path = GOLDEN / f"openmv-rt1062-{version}.txt"
    drawn = _drawn(load_board("openmv-rt1062", version))
    if os.environ.get("OMVSIM_UPDATE_GOLDEN"):
        path.write_text(drawn, encoding="utf-8")
    assert drawn == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "version", [v for info in list_boards() for v in info.releases if info.name == "openmv-rt1062"]
)
def test_map_fits_100_columns_and_totals_are_lengths(version: str) -> None:
    board = load_board("openmv-rt1062", version)
    drawn = _drawn(board)
    assert max(map(len, drawn.splitlines())) <= 100
    for memory in board.memories:
        total = f"0x{memory.origin:08x}-{memory.end - 1:08x}  {memory.length:>10,}".replace(",", " ")
        assert f"{total}  100.0 %" in drawn


def test_map_as_json() -> None:
    values = memory_map_json(load_board("openmv-rt1062", "5.0.0"))
    again = json.loads(json.dumps(values))
    assert again == values
    for memory in again["memories"]:
        assert sum(region["bytes"] for region in memory["regions"]) == memory["bytes"]
    assert [(pool["bytes"], pool["flags"]) for pool in again["uma_pools"]] == [(24117248, 0), (524288, 5), (65536, 4)]
    assert again["release"]["arena"] == {"sizing": "gc", "align": 16, "extra": 512, "pad": 0}


def test_command_shows_the_map(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "show", "openmv-rt1062", "--firmware", "4.8.1", "--gc", "64K@0x20280000,1M@0x60000000"]) == 0
    out = capsys.readouterr().out
    assert "Note: GC area 1 (1M at 0x60000000) lies where this board has no such RAM" in " ".join(out.split())
    assert "0x80900000-815fffff  13 631 488" in out


def test_command_shows_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "show", "openmv-rt1062", "--set", "gc[2].size=4M", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["schema_version"] == 1
    assert [area["bytes"] for area in values["gc_areas"]] == [65536, 278528, 4194304]


def test_command_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards"]) == 0
    text = capsys.readouterr().out
    assert "4.8.1 (default)" in text
    assert main(["boards", "--json"]) == 0
    from_option = capsys.readouterr().out
    assert main(["boards", "list", "--json"]) == 0
    assert from_option == capsys.readouterr().out
    names = [board["name"] for board in json.loads(from_option)["boards"]]
    assert {"openmv-rt1062", "openmv-rt1062-qemu", "openmv-h7", "openmv-n6"} <= set(names)
    assert names == sorted(names)


def test_command_with_an_unknown_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boards", "show", "openmv-rt1062", "--firmware", "6"]) == 3
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "no firmware '6'" in error
