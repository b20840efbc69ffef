"""Operators in machine code: of viper's whole numbers a few instructions, of objects a call (py/emitnative.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.native.stack import R0, R1, R2, WHOLE, Type
from omvsim.compiler.native.table import F, not_modelled
from omvsim.micropython.values import BinaryOp, UnaryOp

if TYPE_CHECKING:
    from omvsim.compiler.native.stack import MachineStack

_DIVIDING: Final = {BinaryOp.FLOOR_DIVIDE: F["floor_divide"], BinaryOp.MODULO: F["modulo"]}
_ONE_INSTRUCTION: Final = frozenset(
    {
        *(BinaryOp.LSHIFT, BinaryOp.RSHIFT, BinaryOp.OR, BinaryOp.XOR, BinaryOp.AND),
        *(BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY),
    }
)
_COMPARING: Final = frozenset(
    {
        *(BinaryOp.LESS, BinaryOp.MORE, BinaryOp.EQUAL),
        *(BinaryOp.LESS_EQUAL, BinaryOp.MORE_EQUAL, BinaryOp.NOT_EQUAL),
    }
)
_NEGATED: Final = (BinaryOp.NOT_IN, BinaryOp.IS_NOT)
_NUMBER: Final = 1
"""Stands for an operator's number, which fits in a byte."""


def unary(s: MachineStack, op: UnaryOp) -> None:
    """``emit_native_unary_op``."""
    kind = s.type()
    if kind in WHOLE:
        if op is UnaryOp.NOT:
            not_modelled("not of a whole number")
        if op is not UnaryOp.POSITIVE:
            found, register = s.pop_where_it_is(R0, R0)
            s.code.put(2)
            s.push(found, register)
    elif kind is Type.OBJECT:
        s.pop(R1)
        s.call_with(F["unary_op"], _NUMBER)
        s.push(Type.OBJECT, R0)
    else:
        not_modelled(f"an operator on {kind.value}")


def binary(s: MachineStack, op: BinaryOp) -> None:
    """``emit_native_binary_op``."""
    left, right = s.type(1), s.type()
    if left in WHOLE and right in WHOLE:
        _whole(s, BinaryOp(op.value.removesuffix("=")) if op.name.startswith("INPLACE_") else op)
    elif left is Type.OBJECT and right is Type.OBJECT:
        s.pop(R2)
        s.pop(R1)
        s.call_with(F["binary_op"], _NUMBER)
        if op in _NEGATED:
            s.code.put(2)
            s.call_with(F["unary_op"], _NUMBER)
        s.push(Type.OBJECT, R0)
    else:
        not_modelled(f"an operator on {left.value} and {right.value}")


def _whole(s: MachineStack, op: BinaryOp) -> None:
    if op in _DIVIDING:
        s.pop(R1)
        if s.pop(R0) is not Type.INT:
            not_modelled("division of uint")
        s.call(_DIVIDING[op])
        s.push(Type.INT, R0)
        return
    right, _ = s.pop_where_it_is(R2, R0, R1)
    left = s.pop(R1)
    if op in _ONE_INSTRUCTION:
        s.code.put(2)
        s.push(left, R1)
    elif op in _COMPARING and left is right:
        s.spill(R0)
        s.code.put(4 * 2)  # cmp, ite, mov, mov
        s.push(Type.BOOL, R0)
    else:
        not_modelled(f"{op.value} of {left.value} and {right.value}")


__all__ = ["binary", "unary"]
