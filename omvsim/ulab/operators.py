"""Binary operators of arrays (``ndarray_binary_op``): requests, broadcasting, types of results.

Both sides are made arrays and three blocks are asked for before it is known whether the operator exists at all; they
are never given back. Sums, products and bit operations of a wider type on the left are computed by a second call with
the sides exchanged, with blocks of its own; ``==`` and ``!=`` have made their result by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Sentinel, Value
from omvsim.ulab import alike, arithmetic, making
from omvsim.ulab.layout import BOOL, DIMS, FLOATS, INT16, RANKS, RESULTS, UINT16, Scratch, ulab_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.ulab.ndarray import NdArray

    Shape = tuple[int, ...]

_REVERSED: Final = {
    BinaryOp.REVERSE_ADD: BinaryOp.ADD,
    BinaryOp.REVERSE_MULTIPLY: BinaryOp.MULTIPLY,
    BinaryOp.REVERSE_POWER: BinaryOp.POWER,
    BinaryOp.REVERSE_SUBTRACT: BinaryOp.SUBTRACT,
    BinaryOp.REVERSE_TRUE_DIVIDE: BinaryOp.TRUE_DIVIDE,
}
_IN_PLACE: Final = frozenset(
    {
        BinaryOp.INPLACE_ADD,
        BinaryOp.INPLACE_MULTIPLY,
        BinaryOp.INPLACE_POWER,
        BinaryOp.INPLACE_SUBTRACT,
        BinaryOp.INPLACE_TRUE_DIVIDE,
    }
)
_KEEPS_TYPE: Final = frozenset("+*-")
_COMPARISONS: Final = frozenset({"<", ">", "<=", ">="})
_EQUALITY: Final = frozenset({"==", "!="})
_EXCHANGING: Final = frozenset("+*&|^")
_EXCHANGED: Final = {"<": ">", "<=": ">="}


def broadcast(left: NdArray, right: NdArray) -> Shape | None:
    """``ndarray_can_broadcast``: the shape of the result; None if they do not go together."""
    shape = []
    for mine, other in zip(left.lengths, right.lengths, strict=True):
        if mine != other and mine > 1 and other > 1:
            return None
        shape.append(max(mine, other))
    return tuple(length for length in shape if length > 0)


def _broadcast_in_place(left: NdArray, right: NdArray) -> Shape | None:
    """``ndarray_can_broadcast_inplace``."""
    fits = all(mine == other or other < 2 for mine, other in zip(left.lengths, right.lengths, strict=True))
    return left.shape if fits else None


def binary(vm: Machine, op: BinaryOp, lhs: Value, rhs: Value) -> Value | Sentinel:
    """``ndarray_binary_op``; UNSUPPORTED for operators that it does not have."""
    if op in _REVERSED:
        op = _REVERSED[op]
        lhs, rhs = rhs, lhs
    left = making.from_value(vm, lhs)
    right = making.from_value(vm, rhs, left.code)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS)
    shape = _broadcast_in_place(left, right) if op in _IN_PLACE else broadcast(left, right)
    if shape is None:
        vm.raise_value("operands could not be broadcast together")
    sign = op.value
    if left.size == 0 or right.size == 0:
        return _of_nothing(vm, sign.rstrip("=") if sign.endswith("=") and sign[:-1] in "+-***/" else sign, left, right)
    if op in _IN_PLACE or (sign == "%=" and ulab_of(vm).has_modulo):
        return _in_place(vm, sign, left, right)
    return _of_arrays(vm, sign, left, right, shape)


def _of_nothing(vm: Machine, sign: str, left: NdArray, right: NdArray) -> Value:
    """Empty arrays: an empty array of the type that the operation would give; None for the other operators."""
    if sign in _KEEPS_TYPE:
        return making.new_linear(vm, 0, _type_of_nothing(left.code, right.code))
    if sign in ("**", "/"):
        return making.new_linear(vm, 0, FLOATS)
    if sign in _COMPARISONS or sign in _EQUALITY:
        made = making.new_linear(vm, 0, "B")
        made.boolean = True
        return made
    return None


def _type_of_nothing(left: str, right: str) -> str:
    if left == right:
        return right
    if FLOATS in (left, right):
        return FLOATS
    return UINT16 if UINT16 in (left, right) and INT16 not in (left, right) else INT16


def _of_arrays(vm: Machine, sign: str, left: NdArray, right: NdArray, shape: Shape) -> Value | Sentinel:
    if sign in _COMPARISONS:
        made = making.new_dense(vm, shape, BOOL)
        _compare(made, sign, left, right)
        return made
    if sign in _EQUALITY:
        return equality(vm, sign, left, right, shape)
    if sign in "&|^":
        _check_bits(vm, left, right)
    if sign in _EXCHANGING and RANKS.index(left.code) > RANKS.index(right.code):
        scratch = Scratch(vm)
        scratch.take(DIMS, DIMS, DIMS)
        left, right = right, left
        return _arithmetic(vm, sign, left, right, shape)
    if sign in RESULTS or sign in ("/", "**"):
        if sign == "%" and not ulab_of(vm).has_modulo:
            return UNSUPPORTED
        return _arithmetic(vm, sign, left, right, shape)
    return UNSUPPORTED


def _arithmetic(vm: Machine, sign: str, left: NdArray, right: NdArray, shape: Shape) -> Value:
    code = RESULTS[sign][left.code, right.code] if sign in RESULTS else FLOATS
    made = making.new_dense(vm, shape, code)
    if sign in "&|^":
        made.boolean = left.boolean and right.boolean
    known = alike.result(sign, left, right, shape)
    if known is not None:
        made.store[: len(known)] = known
        return made
    values = arithmetic.compute(sign, left, right, shape, code)
    made.values[...] = making.cast(values, code)
    return made


def _check_bits(vm: Machine, left: NdArray, right: NdArray) -> None:
    if FLOATS in (left.code, right.code):
        vm.raise_type("operation not supported for the input types")
    if {left.code, right.code} == {INT16, UINT16}:
        vm.raise_type("dtype of int32 is not supported")


def _compare(made: NdArray, sign: str, left: NdArray, right: NdArray) -> None:
    """``<`` is ``>`` with the sides exchanged; int16 on the left of a float is read as uint16."""
    if sign in _EXCHANGED:
        sign, left, right = _EXCHANGED[sign], right, left
    mine: NDArray[np.generic] = left.values
    if left.code == INT16 and right.code == FLOATS:
        mine = mine.astype(np.uint16)
    mine, other = arithmetic.comparable(mine, right.values)
    made.values[...] = (mine > other if sign == ">" else mine >= other).reshape(made.shape)  # type: ignore[operator]


def equality(vm: Machine, sign: str, left: NdArray, right: NdArray, shape: Shape) -> Value:
    """``ndarray_binary_equality``."""
    made = making.new_dense(vm, shape, BOOL)
    if RANKS.index(left.code) > RANKS.index(right.code):
        scratch = Scratch(vm)
        scratch.take(DIMS, DIMS, DIMS)
        return equality(vm, sign, right, left, shape)
    mine, other = arithmetic.comparable(left.cells, right.cells)
    found = mine == other if sign == "==" else mine != other
    made.values[...] = making.spread(np.asarray(found), made.shape)
    return made


def _in_place(vm: Machine, sign: str, left: NdArray, right: NdArray) -> Value:
    """The left side, changed in its own type."""
    if sign in ("/=", "**="):
        if left.code != FLOATS:
            vm.raise_type("results cannot be cast to specified type")
    elif left.code != FLOATS and right.code == FLOATS:
        vm.raise_type("cannot cast output with casting rule")
    known = alike.result(sign[:-1], left, right, left.shape)
    if known is not None:
        left.store[left.offset : left.offset + len(known)] = known
    else:
        arithmetic.change(sign[:-1], left, right)
    return left


__all__ = ["binary", "broadcast", "equality"]
