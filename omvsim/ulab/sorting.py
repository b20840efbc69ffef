"""``sort``, ``argsort``, ``median`` (code/numpy/numerical.c).

Integers are compared as unsigned ones, whatever their type: negative ones come last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.errors import Error
from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.ulab import making, ndarray
from omvsim.ulab.layout import DIMS, FLOATS, UINT16, Scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def axis_of(vm: Machine, axis: Value, ndim: int) -> int:
    """``tools_get_axis``."""
    at = vm.int_of(axis)
    at += ndim if at < 0 else 0
    if not 0 <= at < ndim:
        vm.raise_value("axis is out of bounds")
    return at


def as_compared(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Integers as the unsigned ones of their size."""
    return values if values.dtype.kind == "f" else values.view(f"u{values.dtype.itemsize}")


def _sort(vm: Machine, value: Value, axis: Value, *, inplace: bool) -> NdArray:
    """``numerical_sort_helper``: two blocks, of which the second is given back."""
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("sort argument must be an ndarray")
    array = value if inplace else making.copy(vm, value)
    along = 0
    if axis is None:
        array.shape, array.strides = (array.size,), (array.itemsize,)
    else:
        along = axis_of(vm, axis, array.ndim)
    kept, scratch = Scratch(vm), Scratch(vm)
    kept.take(DIMS)
    scratch.take(DIMS)
    if array.size:
        values = array.values
        values[...] = np.sort(as_compared(np.array(values)), axis=along).view(values.dtype)
    scratch.free()
    return array


def sort_in_place(vm: Machine, array: NdArray, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``a.sort(axis=-1)``."""
    _, axis = vm.parse_keywords((array, *args), kwargs, ("", "axis"), 1, 1)
    _sort(vm, array, -1 if isinstance(axis, Sentinel) else axis, inplace=True)
    return None


@function("sort", 1, None, keywords=True)
def sort(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A sorted copy; flat without an axis."""
    value, axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    assert not isinstance(value, Sentinel)
    return _sort(vm, value, None if isinstance(axis, Sentinel) else axis, inplace=False)


@function("argsort", 1, None, keywords=True)
def argsort(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Places of the elements in order, by heap sort: equal ones may change places."""
    array, axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("argsort argument must be an ndarray")
    if isinstance(axis, Sentinel) or axis is None:
        vm.error(Error.NOT_IMPLEMENTED, "argsort is not implemented for flattened arrays")
    if any(length > 65535 for length in array.shape):
        vm.raise_value("axis too long")
    along = axis_of(vm, axis, array.ndim)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS)
    made = making.new_dense(vm, array.shape, UINT16)
    scratch.take(DIMS)
    if array.size:
        rows = np.moveaxis(as_compared(np.array(array.values)), along, -1)
        places = np.moveaxis(made.values, along, -1)
        for place in np.ndindex(rows.shape[:-1]):
            places[place] = heap_order(rows[place].tolist())
    scratch.free()
    return made


def heap_order(values: list[float]) -> list[int]:
    """``HEAP_ARGSORT1``."""
    count = len(values)
    order = list(range(count))
    end, root = count, count >> 1
    while True:
        if root > 0:
            root -= 1
            moved = order[root]
        else:
            end -= 1
            if end == 0:
                return order
            moved = order[end]
            order[end] = order[0]
        at, child = root, 2 * root + 1
        while child < end:
            if child + 1 < end and values[order[child + 1]] > values[order[child]]:
                child += 1
            if values[order[child]] <= values[moved]:
                break
            order[at] = order[child]
            at, child = child, 2 * child + 1
        order[at] = moved


@function("median", 1, None, keywords=True)
def median(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The middle of a sorted copy."""
    value, axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("median argument must be an ndarray")
    if value.size == 0:
        return vm.new_float(float("nan"))
    along = None if isinstance(axis, Sentinel) else axis
    array = _sort(vm, value, along, inplace=False)
    if along is None or array.ndim == 1:
        return vm.new_float(float(_middle(array.values.reshape(-1), 0)))
    at = axis_of(vm, along, array.ndim)
    shape, strides = Scratch(vm), Scratch(vm)
    shape.take(DIMS)
    strides.take(DIMS)
    made = making.new_dense(vm, array.shape[:at] + array.shape[at + 1 :], FLOATS)
    shape.free()
    making.fill(made, _middle(array.values, at))
    return made


def _middle(values: NDArray[np.generic], axis: int) -> NDArray[np.float32]:
    length = values.shape[axis]
    upper: NDArray[np.float32] = np.asarray(values.take(length >> 1, axis), np.float32)
    if length & 1:
        return upper
    lower: NDArray[np.float32] = np.asarray(values.take((length >> 1) - 1, axis), np.float32)
    return np.asarray((upper + lower) * np.float32(0.5), np.float32)


__all__ = ["argsort", "as_compared", "axis_of", "heap_order", "median", "sort", "sort_in_place"]
