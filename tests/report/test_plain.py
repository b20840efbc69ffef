"""What is not a terminal's has no blanks at the ends of its lines."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.report import console_of
from omvsim.report._plain import Unpadded

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("pieces", [["a  \n  b \n"], ["a ", " \n", "  b", " \n"], ["", "a\n  b  ", "\n"]])
def test_blanks_at_ends_of_lines_are_gone_however_they_come(pieces: list[str]) -> None:
    behind = io.StringIO()
    stream = Unpadded(behind)
    for piece in pieces:
        assert stream.write(piece) == len(piece)
        stream.flush()
    assert behind.getvalue() == "a\n  b\n"


def test_blanks_within_a_line_survive_a_flush() -> None:
    behind = io.StringIO()
    stream = Unpadded(behind)
    stream.write("a  ")
    stream.flush()
    stream.write("b\n")
    assert behind.getvalue() == "a  b\n"
    assert stream.getvalue() == behind.getvalue()


def test_a_terminal_gets_what_rich_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert console_of(40).file is terminal
    monkeypatch.setattr(sys, "stdout", pipe)
    assert console_of(40).file is not pipe


@pytest.mark.parametrize("command", ["run", "exec", "arena", "time"])
def test_no_report_ends_a_line_with_blanks(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "tiny.tflite"
    given.write_bytes(models.make("tiny-conv"))
    if command == "exec":
        given = tmp_path / "main.py"
        given.write_text("x = [0] * 100\nprint(len(x))\n")
    assert main([command, str(given)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 3
    assert [line for line in lines if line != line.rstrip(" ")] == []
