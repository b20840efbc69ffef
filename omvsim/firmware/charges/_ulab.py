"""What ``ulab.numpy`` operations allocate, as functions of shapes and element types.

Every array costs an object of 52 bytes, a 16-byte block for strides and the data; views and results add 16-byte blocks
for their shape and strides (``ULAB_MAX_DIMS`` is 4 in OpenMV's builds). Facts: v923z/micropython-ulab 20f7259 (4.8.1)
and d161443 (5.0.0), ``code/ndarray.c``, ``code/numpy/``; the order and every size measured on both releases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.firmware.charges._tape import POINTER

if TYPE_CHECKING:
    from omvsim.firmware.charges._tape import Tape

_OBJECT = 52
_DIMS = 16
"""A block of shape or strides: four 32-bit numbers."""
_REDUCED = 20
"""Shape and strides of a reduction: room for one dimension more."""

ITEM_SIZES = {"f": 4, "h": 2, "H": 2, "b": 1, "B": 1}
"""Bytes an element, by ulab's type letter; booleans are kept as ``B``."""

_PROMOTED = {
    frozenset("B"): "B",
    frozenset("b"): "b",
    frozenset("H"): "H",
    frozenset("h"): "h",
    frozenset("Bb"): "h",
    frozenset("BH"): "H",
    frozenset("Bh"): "h",
    frozenset("bH"): "h",
    frozenset("bh"): "h",
    frozenset("Hh"): "f",
}
"""Element type of a sum, difference or product (``code/ndarray_operators.c``); with a float always float."""


_RANKS = "BbHhf"
"""Types in the order in which ``ndarray_operators.c`` tells them apart."""


@dataclass(frozen=True, slots=True)
class Array:
    """A ulab array as far as costs go."""

    shape: tuple[int, ...]
    kind: str
    """Type letter, a key of ``ITEM_SIZES``."""

    @property
    def size(self) -> int:
        """Number of elements."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def data_bytes(self) -> int:
        """Bytes of the data if it is dense; an empty array has room for one element."""
        return max(self.size, 1) * ITEM_SIZES[self.kind]


class Ulab:
    """Records on a tape what each operation allocates; the methods return what the result costs further on."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def _take(self, sizes: tuple[int, ...], what: str) -> int:
        return self._tape.take_all(sizes, what)

    def new(self, shape: tuple[int, ...], kind: str, what: str, *, kept: bool = False) -> Array:
        """``empty``, ``zeros``, ``full``: shape block, object, strides, data."""
        array = Array(shape, kind)
        self._tape.take(_DIMS, what)
        self._tape.take(_OBJECT, what, kept=kept)
        self._tape.take(_DIMS, what)
        self._tape.take(array.data_bytes, f"{what}: data", kept=kept)
        return array

    def by_reference(self, shape: tuple[int, ...], kind: str, what: str) -> Array:
        """An array on a buffer that exists."""
        self._take((_OBJECT, _DIMS), what)
        return Array(shape, kind)

    def reshape(self, array: Array, shape: tuple[int, ...], what: str, *, dense: bool = True) -> Array:
        """``reshape``: a view, or a copy if the array is itself a view with gaps.

        A plain number instead of a tuple is put into a vector first.
        """
        if len(shape) == 1:
            self._tape.take(POINTER, what)
        self._tape.tuple(len(shape), what)
        self._take((_DIMS, _DIMS, _OBJECT) if dense else (_DIMS, _OBJECT, _DIMS, array.data_bytes), what)
        return Array(shape, array.kind)

    def view(self, array: Array, shape: tuple[int, ...], what: str, *, slices: int, indices: int = 2) -> Array:
        """``a[i, j:]``: a slice object each, the index tuple, shape, strides, object."""
        self._take((_DIMS,) * slices, what)
        self._tape.tuple(indices, what)
        self._take((_DIMS, _DIMS, _OBJECT), what)
        return Array(shape, array.kind)

    def element(self, array: Array, what: str) -> None:
        """``a[i]`` of one dimension, or a row of more: a view, and the float if it is one element."""
        self._take((POINTER, 3 * POINTER, _DIMS, _DIMS, _OBJECT), what)
        if len(array.shape) == 1 and array.kind == "f":
            self._tape.floats(1, what)

    def rows(self, array: Array, count: int, what: str) -> Array:
        """``a[i:j]``."""
        self._take((_DIMS, POINTER, 3 * POINTER, _DIMS, _DIMS, _OBJECT), what)
        return Array((count, *array.shape[1:]), array.kind)

    def item(self, array: Array, indices: int, what: str, *, constant: bool = True) -> None:
        """``a[0, 0]``: the view on one element and, for floats, the float."""
        if not constant:
            self._tape.tuple(indices, what)
        self._take((_DIMS, _DIMS, _OBJECT), what)
        if array.kind == "f":
            self._tape.floats(1, what)

    def shape_of(self, array: Array, what: str) -> None:
        """``a.shape``: a scratch vector and the tuple."""
        vector = self._tape.take(POINTER * len(array.shape), what)
        self._tape.tuple(len(array.shape), what)
        self._tape.free(vector)

    def scalar(self, value: float, other: Array | None, what: str) -> Array:
        """A Python number made an array of one element, of the smallest type that takes it next to ``other``."""
        return self.new((1,), _scalar_kind(value, other.kind if other else ""), what)

    def binary(self, left: Array | float, operator: str, right: Array | float, what: str) -> Array:
        """An operation on two arrays or an array and a number.

        Sums and products with the wider type on the left are computed by a second call with the sides exchanged,
        which walks them with blocks of its own.
        """
        if not isinstance(left, Array):
            left = self.scalar(left, right if isinstance(right, Array) else None, what)
        if not isinstance(right, Array):
            right = self.scalar(right, left, what)
        exchanged = operator in "+*" and _RANKS.index(left.kind) > _RANKS.index(right.kind)
        self._take((_DIMS, _DIMS, _DIMS) * (2 if exchanged else 1), what)
        result = Array(_broadcast(left.shape, right.shape), _result_kind(left.kind, operator, right.kind))
        self._take((_OBJECT, _DIMS, result.data_bytes), what)
        return result

    def in_place(self, array: Array, right: Array | float, what: str) -> None:
        """``a *= x``: no result."""
        if not isinstance(right, Array):
            self.scalar(right, array, what)
        self._take((_DIMS, _DIMS, _DIMS), what)

    def negative(self, array: Array, what: str) -> Array:
        """``-a``: a copy."""
        self._take((_DIMS, _OBJECT, array.data_bytes), what)
        return array

    def function(self, array: Array, what: str) -> Array:
        """``exp`` and the like: a float array."""
        result = Array(array.shape, "f")
        self._take((_OBJECT, _DIMS, result.data_bytes, _DIMS), what)
        return result

    def extreme(self, array: Array, axis: int, what: str, *, index: bool = False, keepdims: bool = False) -> Array:
        """``max``/``min`` (``argmax`` with ``index``) along ``axis``."""
        self._tape.take(_DIMS, what)
        coordinates = self._tape.take(_DIMS, what)
        result = Array(_without(array.shape, axis, keepdims=keepdims), "h" if index else array.kind)
        self._take((_REDUCED, _REDUCED, _OBJECT, _DIMS, result.data_bytes), what)
        self._tape.free(coordinates)
        return result

    def total(self, array: Array, axis: int, what: str, *, keepdims: bool = False) -> Array:
        """``sum`` or ``mean`` along ``axis``."""
        result = Array(_without(array.shape, axis, keepdims=keepdims), array.kind)
        self._take((_REDUCED, _REDUCED, _OBJECT, _DIMS, result.data_bytes), what)
        return result

    def over_all(self, array: Array, what: str) -> None:
        """``max``, ``min``, ``mean`` of everything: a number."""
        if array.kind == "f":
            self._tape.floats(1, what)

    def nonzero(self, mask: Array, found: int, what: str) -> Array:
        """``nonzero(mask)[0]``: the mask compared with False, then an index array a dimension and their tuple."""
        self.scalar(0, mask, what)
        blocks = [self._tape.take(_DIMS, what) for _ in range(3)]
        self._take((_OBJECT, _DIMS, mask.size), what)
        for block in blocks:
            self._tape.free(block)
        self._tape.take(POINTER * len(mask.shape), what)
        for _ in mask.shape:
            self.new((found,), "H", what)
        self._tape.tuple(len(mask.shape), what)
        return Array((found,), "H")

    def pick(self, array: Array, indices: Array, axis: int, what: str) -> Array:
        """``take(a, indices, axis)``."""
        vector = self._tape.take(POINTER * indices.size, what)
        shape = tuple(indices.size if i == axis else n for i, n in enumerate(array.shape))
        result = self.new(shape, array.kind, what)
        self._tape.free(vector)
        return result

    def assign(self, values: Array | float, target: Array, what: str, *, slices: int, indices: int) -> None:
        """``a[…] = values``: the index, the value as an array, the view, three blocks to walk both, and a copy.

        ``a[…] += x`` builds the index once, for the view: then ``indices`` is 0 here.
        """
        if indices:
            self._take((_DIMS,) * slices, what)
            self._tape.tuple(indices, what)
        if not isinstance(values, Array):
            values = self.scalar(values, None, what)
        self._take((_DIMS, _DIMS, _OBJECT), what)
        blocks = [self._tape.take(_DIMS, what) for _ in range(3)]
        if values.kind == target.kind:
            self._take((_DIMS, _OBJECT, values.data_bytes), what)
        else:
            self._take((_OBJECT, _DIMS, values.size * ITEM_SIZES[target.kind]), what)
        for block in blocks:
            self._tape.free(block)


def _scalar_kind(value: float, other: str) -> str:
    if isinstance(value, float) or not -32767 <= value <= 32767:
        return "f"
    if value < 0:
        return "b" if value > -128 else "h"
    if other in ("b", "h"):
        return "b" if value < 128 else "h"
    return "B" if value < 256 else "H"


def _result_kind(left: str, operator: str, right: str) -> str:
    if operator in "<>":
        return "B"
    if operator == "/":
        return "f"
    return _PROMOTED.get(frozenset(left + right), "f")


def _broadcast(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    dims = max(len(left), len(right))
    wide = ((1,) * (dims - len(left)) + left, (1,) * (dims - len(right)) + right)
    return tuple(b if a == 1 else a for a, b in zip(*wide, strict=True))


def _without(shape: tuple[int, ...], axis: int, *, keepdims: bool) -> tuple[int, ...]:
    if keepdims:
        return tuple(1 if i == axis else n for i, n in enumerate(shape))
    return shape[:axis] + shape[axis + 1 :]
