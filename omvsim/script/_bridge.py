"""The engine before the interpreter, for scripts that use camera modules which do not stand on the interpreter yet."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from omvsim.runs import Failure, FrameLoop, Outcome, ScriptResult
from omvsim.script._run import ScriptOptions as OldOptions
from omvsim.script._run import run_script as run_old

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.runs import ScriptOptions


def run_on_old_engine(script: Path, board: Board, options: ScriptOptions) -> ScriptResult:
    """Run a script there; the result in the new form, without its requests."""
    shared = {field.name for field in fields(OldOptions)} & {field.name for field in fields(options)}
    old: Any = run_old(script, board, OldOptions(**{name: getattr(options, name) for name in shared}))
    values = {field.name: getattr(old, field.name) for field in fields(ScriptResult) if hasattr(old, field.name)}
    values["outcome"] = Outcome(old.outcome.value)
    for name, kind in (("failure", Failure), ("loop", FrameLoop)):
        found = getattr(old, name)
        made = None if found is None else kind(**{each.name: getattr(found, each.name) for each in fields(kind)})
        values[name] = made
    return ScriptResult(**(values | {"placed": (), "requests": ()}))


__all__ = ["run_on_old_engine"]
