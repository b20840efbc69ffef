"""What the tests of ``ml`` share: a small model of ours, and scripts that load it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from omvsim import models
from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.runs import ScriptResult

RELEASES = ("4.5.8", "4.5.9", "4.6.20", "4.7.0", "4.8.1", "5.0.0")


def path_of(firmware: str, name: str = "tiny.tflite") -> str:
    """Where a script of a release finds a file of the internal file system."""
    return f"/{name}" if firmware.startswith("4.5") else f"/flash/{name}"


def session(
    folder: Path, text: str, firmware: str = "4.8.1", board: Board | None = None, **options: Any
) -> ScriptSession:
    """A run of a script; ``MODEL`` in its text is the model's path."""
    (folder / "tiny.tflite").write_bytes(models.make("tiny-conv"))
    script = folder / "main.py"
    script.write_text(textwrap.dedent(text).replace("MODEL", repr(path_of(firmware))))
    return ScriptSession(board or load_board("openmv-rt1062", firmware), script, ScriptOptions(**options))


def run(folder: Path, text: str, firmware: str = "4.8.1", board: Board | None = None, **options: Any) -> ScriptResult:
    """Run it."""
    return session(folder, text, firmware, board, **options).run()


def printed(folder: Path, text: str, firmware: str = "4.8.1", **options: Any) -> list[str]:
    """Lines that a script printed; it must end."""
    result = run(folder, text, firmware, run_models=False, **options)
    assert result.failure is None, result.failure
    return result.output.splitlines()
