"""``io`` (py/modio.c, py/objstringio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.standard.io.base import IO_BASE
from omvsim.standard.io.memory import BYTES_IO, STRING_IO
from omvsim.standard.vfs.opening import open_

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def module(vm: Machine) -> NativeModule:
    """``io``."""
    return NativeModule("io", {"open": open_, "IOBase": IO_BASE, "StringIO": STRING_IO, "BytesIO": BYTES_IO})


__all__ = ["module"]
