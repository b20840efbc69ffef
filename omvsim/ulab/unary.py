"""Unary operators of arrays (``ndarray_unary_op``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.values import UNSUPPORTED, Sentinel, UnaryOp, Value
from omvsim.ulab import making
from omvsim.ulab.layout import FLOAT, FLOATS

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.ulab.ndarray import NdArray


def unary(vm: Machine, array: NdArray, op: UnaryOp) -> Value | Sentinel:
    """A dense copy, changed; UNSUPPORTED for other operators (an array is true if it has a length)."""
    if op is UnaryOp.POSITIVE:
        return making.copy(vm, array)
    if op is UnaryOp.NEGATIVE:
        made = making.copy(vm, array)
        with np.errstate(all="ignore"):
            made.values[...] = np.negative(made.values)
        return made
    if op is UnaryOp.INVERT:
        if array.code == FLOATS:
            vm.raise_value("operation is not supported for given type")
        made = making.copy(vm, array)
        made.values[...] = np.bitwise_xor(made.values, 1) if made.boolean else np.invert(made.values)
        return made
    if op is UnaryOp.ABS:
        return _absolute(vm, array)
    return UNSUPPORTED


def _absolute(vm: Machine, array: NdArray) -> NdArray:
    """Unsigned arrays are taken for floats, four bytes each: what is a negative one loses its sign bit."""
    made = making.copy(vm, array)
    if array.code in "bhf":
        values = made.values
        with np.errstate(all="ignore"):
            values[...] = np.where(np.less(values, 0), np.negative(values), values)
        return made
    count = len(made.store) // FLOAT
    floats = np.frombuffer(made.store, np.float32, min(count, made.size))
    changed = np.where(floats < 0, -floats, floats).astype(np.float32).tobytes()
    del floats
    made.store[: len(changed)] = changed
    return made


__all__ = ["unary"]
