"""Looks at the limits come from a signal, in the middle of anything: an import there would break one under way."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from omvsim.boards import load_board
from omvsim.runs import ScriptOptions
from omvsim.runs.limits import Limits
from omvsim.runs.session import ScriptSession

if TYPE_CHECKING:
    import pytest


def test_a_look_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    board = load_board("openmv-rt1062", firmware="4.8.1")
    world = ScriptSession(board, Path("main.py"), ScriptOptions(), b"").world
    limits = Limits(world, 1000, 1 << 40, 1_000_000_000)

    def refused(name: str, *_rest: object) -> NoReturn:
        raise AssertionError(f"import of {name}")

    monkeypatch.setattr(builtins, "__import__", refused)
    limits.look()
