"""``collections`` (py/modcollections.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import deque_, dict_, namedtuple_

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@function("namedtuple", 2)
def _namedtuple(vm: Machine, name: Value, fields: Value) -> Value:
    return namedtuple_.new_namedtuple_type(vm, name, fields)


def module(vm: Machine) -> NativeModule:
    """``collections``."""
    names: dict[str, Value] = {"deque": deque_.DEQUE, "namedtuple": _namedtuple, "OrderedDict": dict_.ORDERED_DICT}
    return NativeModule("collections", names)


__all__ = ["module"]
