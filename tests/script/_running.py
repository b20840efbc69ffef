"""What the tests of scripts share: run a text, take the sizes a statement asks for."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.script import ScriptOptions, ScriptResult, run_script

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board


def board_of(firmware: str = "4.8.1") -> Board:
    return load_board("openmv-rt1062", firmware)


def run_text(
    folder: Path, text: str, firmware: str = "4.8.1", board: Board | None = None, **options: Any
) -> ScriptResult:
    script = folder / "main.py"
    script.write_text(textwrap.dedent(text))
    return run_script(script, board or board_of(firmware), ScriptOptions(run_models=False, **options))


def printed(folder: Path, text: str, **options: Any) -> str:
    result = run_text(folder, text, **options)
    assert result.failure is None, result.failure
    return result.output
