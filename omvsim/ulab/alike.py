"""Sums, products and quotients of floats whose rows are all alike: computed once a row, without numpy.

The tensor of a black picture has such rows, and ``Normalization`` scales them before every inference.
"""

from __future__ import annotations

import math
import operator
from struct import pack, unpack_from
from typing import TYPE_CHECKING, Final

from omvsim.numerals.single import single
from omvsim.ulab.layout import FLOAT, FLOATS

if TYPE_CHECKING:
    from omvsim.ulab.ndarray import NdArray

MOST: Final = 4
"""Longer rows are left to numpy."""
_OPERATORS: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def result(sign: str, left: NdArray, right: NdArray, shape: tuple[int, ...]) -> bytes | None:
    """The bytes of ``left sign right``, which has this shape; None where rows differ or numbers are out of the usual.

    In double and rounded once more these are the single results.
    """
    length = shape[-1]
    if sign not in _OPERATORS or not 0 < length <= MOST:
        return None
    mine, other = _row(left, length), _row(right, length)
    if mine is None or other is None or (sign == "/" and 0 in other):
        return None
    combine = _OPERATORS[sign]
    row = [single(combine(first, second)) for first, second in zip(mine, other, strict=True)]
    return pack(f"<{length}f", *row) * (math.prod(shape) // length)


def _row(array: NdArray, length: int) -> list[float] | None:
    """Each row of an array, or of one number spread over a row."""
    if array.code != FLOATS or not array.size or not array.is_dense():
        return None
    width = 1 if array.size == 1 else length
    if array.shape[-1] != width:
        return None
    store, start = array.store, array.offset
    end = start + FLOAT * array.size
    row = bytes(store[start : start + FLOAT * width])
    if end > len(store) or bytes(store[start:end]) != row * (array.size // width):
        return None
    numbers = [*unpack_from(f"<{width}f", row)] * (length // width)
    return numbers if all(map(math.isfinite, numbers)) else None


__all__ = ["MOST", "result"]
