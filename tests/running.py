"""Runs scripts of the camera on a simulated one, for tests of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import load_board
from omvsim.runs import ScriptOptions, ScriptResult
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from pathlib import Path


def run(
    folder: Path, text: str, *, release: str = "4.8.1", frames: int | None = None, finds: int | None = None
) -> ScriptResult:
    """The result of a script, with every request kept."""
    script = folder / "main.py"
    script.write_text(text, encoding="utf-8")
    board = load_board("openmv-rt1062", firmware=release)
    return ScriptSession(board, script, ScriptOptions(frames=frames, requests=True, detections=finds)).run()


def asked(result: ScriptResult, line: int) -> list[int]:
    """Sizes that a line of the script asked for while it ran."""
    return [each.size for each in result.requests if each.line == line and each.phase == "run" and each.kind == "alloc"]
