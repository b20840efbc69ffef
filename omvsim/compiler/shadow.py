"""An emitter that asks for nothing: what machine code does is run from the instructions that bytecode would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.emitter import Emitter, Pass
from omvsim.compiler.tables import ConstantTable, NameTable

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.values import Value


class _NoNames(NameTable):
    """Machine code has no use for a table of names."""

    def __init__(self) -> None:
        """Nothing is asked for."""

    def use(self, name: str) -> int:
        return 0


class _NoConstants(ConstantTable):
    """Its constants have been counted."""

    def __init__(self) -> None:
        """Nothing is asked for."""

    def use(self, value: Value) -> int:
        return 0


class Shadow(Emitter):
    """Instructions of a function that is machine code.

    Args:
        memory: the machine's, which is left as it is.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.names = _NoNames()
        self.constants = _NoConstants()
        self.lines = True
        self.walk = Pass.EMIT


__all__ = ["Shadow"]
