"""``compress``, ``delete``, ``dot``, ``size``, ``trace``, ``convolve`` (code/numpy/transform.c, stats.c, filter.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.native import function
from omvsim.micropython.types import float_, int_
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.compare import is_number
from omvsim.ulab.fused import fused, fused_of
from omvsim.ulab.layout import DIMS, FLOATS, WORD, Scratch
from omvsim.ulab.shaping import is_int
from omvsim.ulab.sorting import axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def _along(vm: Machine, array: NdArray, axis: Value | Sentinel) -> int | None:
    return None if isinstance(axis, Sentinel) or axis is None else axis_of(vm, axis, array.ndim)


@function("compress", 2, None, keywords=True)
def compress(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """What a condition is true for; the condition is iterated over twice, along an axis once more for each row."""
    condition, array, given = vm.parse_keywords(args, kwargs, ("", "", "axis"), 2, 2)
    assert not isinstance(condition, Sentinel)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("wrong input type")
    length = vm.length(condition)
    axis = _along(vm, array, given)
    if length != (array.size if axis is None else array.shape[axis]):
        vm.raise_value("wrong length of condition array")
    true = sum(vm.truth(item) for item in vm.items(condition))
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS, DIMS)
    if axis is None:
        made = making.new_linear(vm, true, array.code)
        rows = 1
    else:
        shape = (*array.shape[:axis], true, *array.shape[axis + 1 :])
        made = making.new_dense(vm, shape, array.code)
        rows = max(array.size // length, 1) if length else 1
    chosen: list[bool] = []
    for _ in range(rows):
        chosen = [vm.truth(item) for item in vm.items(condition)]
    if made.size:
        values = array.values.reshape(-1) if axis is None else array.values
        made.values[...] = np.compress(chosen, values, axis or 0)
    scratch.free()
    return made


@function("delete", 2, None, keywords=True)
def delete(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Without the elements at some places; the block of places and one of the shapes stay."""
    array, indices, given = vm.parse_keywords(args, kwargs, ("", "", "axis"), 2, 2)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("first argument must be an ndarray")
    assert not isinstance(indices, Sentinel)
    axis = _along(vm, array, given)
    length = array.size if axis is None else array.shape[axis]
    count = 1
    if not is_int(indices):
        known = vm.length_maybe(indices)
        if isinstance(known, Sentinel):
            vm.raise_type("wrong index type")
        count = vm.length(indices)
        if count == 0:
            return array
    if count > length:
        vm.raise_value("wrong length of index array")
    kept, scratch = Scratch(vm), Scratch(vm)
    kept.take(WORD * count)
    places = []
    for item in (indices,) if is_int(indices) else vm.items(indices):
        place = vm.int_of(item)
        place += length if place < 0 else 0
        if not 0 <= place <= length:
            vm.raise_value("index is out of bounds")
        places.append(place)
    kept.take(DIMS)
    scratch.take(DIMS, DIMS, DIMS)
    if axis is None:
        made = making.new_linear(vm, array.size - count, array.code)
    else:
        shape = (*array.shape[:axis], length - count, *array.shape[axis + 1 :])
        made = making.new_dense(vm, shape, array.code)
    if made.size:
        values = array.values.reshape(-1) if axis is None else array.values
        gone = _deleted(sorted(places), length)
        left = np.delete(values, gone, axis or 0)
        cut = tuple(slice(0, size) for size in made.shape)
        made.values[...] = left[cut]
    scratch.free()
    return made


def _deleted(places: list[int], length: int) -> list[int]:
    """What the walk along the axis leaves out: it waits for one place after the other, a second equal one for ever."""
    gone: list[int] = []
    for place in places:
        if place >= length or place in gone:
            break
        gone.append(place)
    return gone


@function("dot", 2)
def dot(vm: Machine, first: Value, second: Value) -> Value:
    """Products of matrices and vectors, added up in single precision."""
    if not isinstance(first, ndarray.NdArray) or not isinstance(second, ndarray.NdArray):
        vm.raise_type("arguments must be ndarrays")
    inner = first.lengths[-1]
    if inner != (second.shape[0] if second.shape else 0):
        vm.raise_value("dimensions do not match")
    ndim = min(first.ndim, second.ndim)
    rows = first.shape[0] if first.ndim == 2 else 1
    columns = second.shape[-1] if second.ndim == 2 else 1
    made = making.new_shaped(vm, (rows, columns) if ndim == 2 else (rows * columns,), FLOATS)
    left = first.values.astype(np.float32).reshape(-1, inner)[:rows]
    right = second.values.astype(np.float32).reshape(inner, -1)[:, :columns]
    total = np.zeros((rows, columns), np.float32)
    for place in range(inner):
        total = fused(left[:, place : place + 1], right[place : place + 1, :], total)
    making.fill(made, total)
    if first.ndim * second.ndim == 1:
        return vm.new_float(float(total[0, 0]))
    return made


@function("size", 1, None, keywords=True)
def size(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Number of elements, of all or along an axis."""
    value, axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    assert not isinstance(value, Sentinel)
    if is_number(value):
        return 1
    if not making.array_like(value):
        vm.raise_type("first argument must be an ndarray")
    if not isinstance(value, ndarray.NdArray):
        return vm.length(value)
    along = _along(vm, value, axis)
    return value.size if along is None else value.shape[along]


def square(vm: Machine, value: Value) -> NdArray:
    """``tools_object_is_square``."""
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("size is defined for ndarrays only")
    if value.lengths[-1] != value.lengths[-2] or value.ndim != 2:
        vm.raise_value("input must be square matrix")
    return value


@function("trace", 1)
def trace(vm: Machine, value: Value) -> Value:
    """Sum of the diagonal."""
    array = square(vm, value)
    total = 0.0
    for number in np.diagonal(array.values).astype(np.float32).tolist():
        total = single(total + number)
    if array.code == FLOATS:
        return vm.new_float(total)
    return int_.int_from_float(vm, float_.Float(vm.memory, 0, total))


@function("convolve", 2, None, keywords=True)
def convolve(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Of two linear arrays, in full."""
    first, second = vm.parse_keywords(args, kwargs, ("a", "v"), 2, 2)
    if not isinstance(first, ndarray.NdArray) or not isinstance(second, ndarray.NdArray):
        vm.raise_type("convolve arguments must be ndarrays")
    if first.ndim != 1 or second.ndim != 1:
        vm.raise_type("convolve arguments must be linear arrays")
    if first.size == 0 or second.size == 0:
        vm.raise_type("convolve arguments must not be empty")
    made = making.new_linear(vm, first.size + second.size - 1, FLOATS)
    left = first.values.astype(np.float32).tolist()
    right = second.values.astype(np.float32).tolist()[::-1]
    sums = []
    for shift in range(1 - len(right), len(left)):
        total = 0.0
        for place in range(max(-shift, 0), min(len(right), len(left) - shift)):
            total = fused_of(left[place + shift], right[place], total)
        sums.append(total)
    making.fill(made, np.array(sums, np.float32))
    return made


FUNCTIONS = (compress, convolve, delete, dot, size, trace)

__all__ = ["FUNCTIONS", "square"]
