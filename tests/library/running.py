"""What the tests of the package share: scripts whose model is a class of theirs, on every release."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.memory.requests import Phase
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import run_script

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult

MODEL = """
from ulab import numpy as np
class In:
    roi = (0, 0, 96, 96)
class M:
    input_shape = [(1, 96, 96, 3)]
    output_shape = [SHAPE]
    output_scale = [1.0]
    output_zero_point = [0]
    output_dtype = ["f"]
"""


def run(folder: Path, text: str, firmware: str = "4.8.1", **options: Any) -> ScriptResult:
    """Run a script."""
    script = folder / "main.py"
    script.write_text(textwrap.dedent(text))
    return run_script(script, load_board("openmv-rt1062", firmware), ScriptOptions(requests=True, **options))


def printed(folder: Path, text: str, firmware: str = "4.8.1", **options: Any) -> list[str]:
    """Lines that it printed; it must end."""
    result = run(folder, text, firmware, **options)
    assert result.failure is None, result.failure
    return result.output.splitlines()


def asked(folder: Path, text: str, line: int, firmware: str = "4.8.1") -> list[tuple[str, int]]:
    """Kind and bytes of the requests of one line."""
    result = run(folder, text, firmware)
    assert result.failure is None, result.failure
    return [(each.kind, each.size) for each in result.requests if each.phase is Phase.RUN and each.line == line]


def model(shape: tuple[int, ...]) -> str:
    """A script's model with one float output."""
    return MODEL.replace("SHAPE", repr(shape))
