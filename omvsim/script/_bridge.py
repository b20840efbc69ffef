"""The engine before the interpreter, for scripts that use camera modules which do not stand on the interpreter yet."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from omvsim.modules.registry import MAKERS
from omvsim.runs import Failure, FrameLoop, Outcome, ScriptResult
from omvsim.script._imports import has_maker
from omvsim.script._run import ScriptOptions as OldOptions
from omvsim.script._run import run_script as run_old

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.runs import ScriptOptions

_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w., ]+))", re.MULTILINE)


def needs_old_engine(source: str) -> bool:
    """Whether a script imports a module of the camera that only the old engine has."""
    names: set[str] = set()
    for found in _IMPORT.finditer(source):
        for part in (found[1] or found[2]).split(","):
            names.add(part.strip().partition(" ")[0].partition(".")[0])
    return any(has_maker(name) and name not in MAKERS for name in names)


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


__all__ = ["needs_old_engine", "run_on_old_engine"]
