"""``array`` (py/modarray.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.types.array_ import ARRAY

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``array``."""
    return NativeModule("array", {"array": ARRAY})


__all__ = ["module"]
