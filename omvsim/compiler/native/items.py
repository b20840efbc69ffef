"""Items in machine code: of objects a call, of viper's pointers a load or store (py/emitnative.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.native.stack import NATIVE_TO_OBJ, R0, R1, R2, WHOLE, Kind, Type
from omvsim.compiler.native.table import F, not_modelled

if TYPE_CHECKING:
    from omvsim.compiler.native.stack import MachineStack

_SHIFTS: Final = {Type.PTR8: 0, Type.PTR16: 1, Type.PTR32: 2}
_SENTINEL: Final = 4
"""``MP_OBJ_SENTINEL``: what asks for loading; it fits in a byte."""


def _shift(kind: Type) -> int:
    """Binary logarithm of the bytes that a pointer's item takes."""
    if kind not in _SHIFTS:
        not_modelled(f"an item of {kind.value}")
    return _SHIFTS[kind]


def _is_constant(s: MachineStack) -> bool:
    return s.top().type is Type.INT and s.top().kind is Kind.CONSTANT


def load_item(s: MachineStack) -> None:
    """``emit_native_load_subscr``."""
    if s.type(1) is Type.OBJECT:
        if s.type() is Type.OBJECT:
            s.pop(R1)
        else:
            s.pop(R0)
            s.call_with(NATIVE_TO_OBJ, 1)
            s.code.put(2)
        s.pop(R0)
        s.call_with(F["subscr"], _SENTINEL)
        s.push(Type.OBJECT, R0)
        return
    if _is_constant(s):
        index = s.top().data
        s.adjust(-1)
        kind, _ = s.pop_where_it_is(R0, R1)
        s.spill(R0)
        s.code.access(index, _shift(kind))
    else:
        number, _ = s.pop_where_it_is(R1, R0)
        kind = s.pop(R0)
        s.spill(R0)
        _indexed(s, kind, number)
    s.push(Type.INT, R0)


def store_item(s: MachineStack) -> None:
    """``emit_native_store_subscr``: index on top, then the base, then the value."""
    if s.type(1) is Type.OBJECT:
        if s.type() is not Type.OBJECT or s.type(2) is not Type.OBJECT:
            s.pointer_to_pop(3)
            s.adjust(3)
        for register in (R1, R0, R2):
            s.pop(register)
        s.call(F["subscr"])
    elif _is_constant(s):
        index = s.top().data
        s.adjust(-1)
        kind, base = s.pop_where_it_is(R0, R1, R2)
        value, _ = s.pop_where_it_is(R2, base, R1)
        _check_stored(value)
        s.code.access(index, _shift(kind))
    else:
        number, at = s.pop_where_it_is(R1, R0, R2)
        kind = s.pop(R0)
        value, _ = s.pop_where_it_is(R2, R0, at)
        _check_stored(value)
        _indexed(s, kind, number)


def _check_stored(value: Type) -> None:
    if value not in (Type.BOOL, *WHOLE):
        not_modelled(f"storing {value.value}")


def _indexed(s: MachineStack, kind: Type, number: Type) -> None:
    """A load or store at an index in a register, which is shifted first for wider items."""
    if number not in WHOLE:
        not_modelled(f"an index of type {number.value}")
    s.code.put(4 if _shift(kind) else 2)


__all__ = ["load_item", "store_item"]
