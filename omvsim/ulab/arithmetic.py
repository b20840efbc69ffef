"""What ulab's loops compute: C's arithmetic on machine words and singles, on the host's arrays.

Whole numbers are computed in machine words and cut to the result's bits: also ``/``, which divides them as C does and
makes a float of the whole quotient. Division by zero gives 0 (SDIV and UDIV of the Cortex-M7).
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.ulab import making
from omvsim.ulab.layout import FLOATS, INT16, UINT16

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from omvsim.ulab.ndarray import NdArray

    Numbers = NDArray[np.generic]
    Two = Callable[[Numbers, Numbers], Numbers]

_SIMPLE: Final[dict[str, Two]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
_MISREAD: Final = frozenset({"-", "//", "**"})
"""Operations that read int16 on the left of a float as uint16 (ndarray_operators.c)."""


def comparable(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Two sides in one type: singles if one is a single, machine words otherwise."""
    kind = np.float32 if "f" in (left.dtype.kind, right.dtype.kind) else np.int64
    return left.astype(kind), right.astype(kind)


def compute(sign: str, left: NdArray, right: NdArray, shape: tuple[int, ...], code: str) -> Numbers:
    """``left sign right`` as the loop of that sign computes it, before it is stored as ``code``."""
    mine = left.values
    if sign in _MISREAD and left.code == INT16 and right.code == FLOATS:
        mine = mine.astype(np.uint16)
    pair = np.broadcast_arrays(mine, right.values)
    mine, other = (side.reshape(shape) for side in pair)
    if sign == "//":
        return _floor_divided(mine, other, code, left.code, right.code)
    if sign == "%" and (left.code, right.code) == ("b", UINT16):
        other = other.astype(np.int16)
    return plain(sign, mine, other)


def plain(sign: str, left: Numbers, right: Numbers) -> Numbers:
    """The operators of C on two sides of the same shape."""
    mine, other = comparable(left, right)
    with np.errstate(all="ignore"):
        if sign == "**":
            return power(left, right)
        if sign in _SIMPLE:
            return _SIMPLE[sign](mine, other)
        if mine.dtype.kind == "f":
            return np.divide(mine, other) if sign == "/" else np.fmod(mine, other)
        quotient = whole_quotient(mine, other)
        return quotient if sign == "/" else mine - quotient * other  # type: ignore[operator]


def power(left: Numbers, right: Numbers) -> Numbers:
    """``powf``."""
    with np.errstate(all="ignore"):
        wide = np.power(left.astype(np.float64), right.astype(np.float64))
        return wide.astype(np.float32)


def whole_quotient(left: Numbers, right: Numbers) -> Numbers:
    """Towards zero; 0 where the divisor is 0."""
    safe = np.where(right == 0, 1, right)
    quotient = np.trunc(left.astype(np.float64) / safe.astype(np.float64)).astype(np.int64)
    return np.where(right == 0, 0, quotient)


def _floor_divided(left: Numbers, right: Numbers, code: str, left_code: str, right_code: str) -> Numbers:
    """Unsigned sides are simply divided; signed ones in 16 bits, by the first divisor of each row."""
    if code == FLOATS:
        with np.errstate(all="ignore"):
            if FLOATS not in (left_code, right_code):
                return np.floor(whole_quotient(*comparable(left, right)).astype(np.float32))
            mine, other = comparable(left, right)
            return np.asarray(np.floor(np.divide(mine, other)))
    if left_code in "BH" and right_code in "BH":
        return whole_quotient(*comparable(left, right))
    divisor = right[..., :1].astype(np.int16)
    number = left.astype(np.int16)
    with np.errstate(all="ignore"):
        shift = np.where(divisor < 0, -divisor - 1, 0)
        back = np.where(divisor >= 0, -divisor + 1, 0)
        number = (number + np.where(number >= 0, shift, back)).astype(np.int16)
    return whole_quotient(number.astype(np.int64), np.broadcast_to(divisor, number.shape).astype(np.int64))


def change(sign: str, left: NdArray, right: NdArray) -> None:
    """``left sign= right``: in the left side's type, element by element."""
    other = right.values
    while other.ndim > left.ndim:
        other = other[0]
    target = left.values
    shape = target.shape
    other = other[tuple(slice(0, length) for length in shape[len(shape) - other.ndim :])]
    other = np.array(np.broadcast_to(other, shape))
    target[...] = making.cast(plain(sign, np.array(target), other), left.code)


__all__ = ["change", "comparable", "compute", "plain", "power", "whole_quotient"]
