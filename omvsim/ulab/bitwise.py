"""``bitwise_and`` and the like, shifts (code/numpy/bitwise.c)."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.native import NativeFunction, function
from omvsim.ulab import making, operators
from omvsim.ulab.layout import DIMS, FLOATS, HOST_TYPES, RANKS, Scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

    Words = NDArray[np.int64]
    Two = Callable[[Words, Words], Words]

_BITS: Final = {("B", "b"): "h", ("B", "H"): "H", ("B", "h"): "h", ("b", "H"): "H", ("b", "h"): "h", ("H", "h"): "h"}
_SHIFTS: Final = {**_BITS, ("b", "B"): "h", ("H", "B"): "H", ("H", "b"): "b", ("h", "B"): "h", ("h", "b"): "h"}
_SHIFTS_16: Final = {**_SHIFTS, ("h", "H"): "h"}
"""Types of results; equal types keep theirs. A shift of uint16 by int8 reads both sides as int8."""


def _shifted_left(left: Words, right: Words) -> Words:
    """Of machine words; beyond their bits nothing is left."""
    by = right & 0xFF
    return np.where(by < 32, left << np.minimum(by, 32), 0)


def _shifted_right(left: Words, right: Words) -> Words:
    return np.asarray(left >> np.minimum(right & 0xFF, 32))


def _bits(name: str, host: Two, results: dict[tuple[str, str], str], *, exchanges: bool) -> NativeFunction:
    """``bitwise_binary_operators``: three blocks that are given back."""

    @function(name, 2)
    def call(vm: Machine, first: Value, second: Value) -> Value:
        left, right = making.from_value(vm, first), making.from_value(vm, second)
        if FLOATS in (left.code, right.code):
            vm.raise_value("not supported for input types")
        scratch = Scratch(vm)
        scratch.take(DIMS, DIMS, DIMS)
        shape = operators.broadcast(left, right)
        if shape is None:
            scratch.free()
            vm.raise_value("operands could not be broadcast together")
        if exchanges and RANKS.index(left.code) > RANKS.index(right.code):
            left, right = right, left
        made = making.new_dense(vm, shape, results.get((left.code, right.code), left.code))
        if made.size:
            mine, other = left.cells, right.cells
            if not exchanges and (left.code, right.code) == ("H", "b"):
                mine = mine.astype(HOST_TYPES["b"])
            found = host(mine.astype(np.int64), other.astype(np.int64))
            making.fill(made, making.spread(found, made.shape))
        scratch.free()
        return made

    return call


FUNCTIONS: Final = (
    _bits("bitwise_and", operator.and_, _BITS, exchanges=True),
    _bits("bitwise_or", operator.or_, _BITS, exchanges=True),
    _bits("bitwise_xor", operator.xor, _BITS, exchanges=True),
    _bits("left_shift", _shifted_left, _SHIFTS_16, exchanges=False),
    _bits("right_shift", _shifted_right, _SHIFTS_16, exchanges=False),
)

__all__ = ["FUNCTIONS"]
