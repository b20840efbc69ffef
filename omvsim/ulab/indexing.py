"""Subscripts of arrays (``ndarray_subscr``): integers, slices, tuples of them, one-dimensional boolean arrays.

Anything else gives None, or stores nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.types import int_, slice_, tuple_
from omvsim.micropython.values import NULL, Sentinel
from omvsim.ulab import making, ndarray
from omvsim.ulab.layout import DIMS, MAX_DIMS, WORD, Scratch
from omvsim.ulab.operators import broadcast

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def load(vm: Machine, array: NdArray, index: Value) -> Value:
    """``a[index]``."""
    if isinstance(index, ndarray.NdArray):
        _check_boolean(vm, index)
        return _selected(vm, array, index)
    if not _is_index(index):
        return None
    view = _view(vm, array, index)
    return view.item(vm, 0) if view.ndim == 0 else view


def store(vm: Machine, array: NdArray, index: Value, value: Value | Sentinel) -> None:
    """``a[index] = value``: the value is made an array first."""
    if value is NULL or isinstance(value, Sentinel):
        vm.raise_value("cannot delete array elements")
    values = making.from_value(vm, value)
    if isinstance(index, ndarray.NdArray):
        _check_boolean(vm, index)
        _assign_selected(array, index, values)
    elif _is_index(index):
        assign(vm, _view(vm, array, index), values)


def _check_boolean(vm: Machine, index: NdArray) -> None:
    if index.ndim > 1 or not index.boolean:
        vm.error(Error.NOT_IMPLEMENTED, "operation is implemented for 1D Boolean arrays only")


def _is_index(index: Value) -> bool:
    if isinstance(index, bool):
        return False
    return isinstance(index, int | int_.Int | slice_.Slice | tuple_.Tuple)


def _view(vm: Machine, array: NdArray, index: Value) -> NdArray:
    scratch = Scratch(vm)
    if isinstance(index, tuple_.Tuple):
        if len(index.items) > array.ndim:
            vm.error(Error.INDEX, "too many indices")
        return _view_of(vm, array, index)
    scratch.take(WORD)
    return _view_of(vm, array, tuple_.new_tuple(vm, (index,)))


def _view_of(vm: Machine, array: NdArray, index: tuple_.Tuple) -> NdArray:
    """``ndarray_view_from_slices``: shape, strides, object."""
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS)
    shape: list[int] = []
    strides: list[int] = []
    offset = 0
    lengths, steps = array.shape or (0,), array.strides or (0,)
    for place, part in enumerate(index.items):
        length, step = lengths[place], steps[place]
        if isinstance(part, int | int_.Int) and not isinstance(part, bool):
            at = vm.int_of(part)
            at += length if at < 0 else 0
            if not 0 <= at < length:
                vm.error(Error.INDEX, "index is out of bounds")
            offset += step * at
        elif isinstance(part, slice_.Slice):
            start, stop, by = slice_.indices(vm, part, length)
            shape.append(_slice_length(start, stop, by))
            strides.append(step * by)
            offset += step * start
        else:
            vm.error(Error.INDEX, "indices must be integers, slices, or Boolean lists")
    taken = len(index.items)
    return array.view(vm, (*shape, *array.shape[taken:]), (*strides, *array.strides[taken:]), offset)


def _slice_length(start: int, stop: int, step: int) -> int:
    span = stop - start + step + (-1 if step > 0 else 1)
    return max(int(span / step), 0)


def _selected(vm: Machine, array: NdArray, index: NdArray) -> NdArray:
    """``ndarray_from_boolean_index``: never boolean itself; walks along the last axis only."""
    if array.size != index.size:
        vm.raise_value("array and index length must be equal")
    chosen = index.values != 0
    made = making.new_linear(vm, int(np.count_nonzero(chosen)), array.code)
    if made.size:
        made.values[...] = _along_last(array)[chosen]
    return made


def _along_last(array: NdArray) -> NDArray[np.generic]:
    """As many elements as there are, one last stride after the other, whatever the shape."""
    step = array.strides[-1] if array.strides else array.itemsize
    last = array.offset + step * (array.size - 1)
    if not 0 <= last <= len(array.store) - array.itemsize:
        raise Unknown("ndarray", "the camera walks along the last axis only, beyond the array's data")
    return np.ndarray((array.size,), array.values.dtype, array.store, array.offset, (step,))


def _assign_selected(array: NdArray, index: NdArray, values: NdArray) -> None:
    """``ndarray_assign_from_boolean_index``: as many values as places, or the first one for all."""
    count = min(array.size, index.size)
    chosen = (index.values != 0)[:count]
    if not chosen.any() or not values.size:
        return
    enough = int(np.count_nonzero(index.values)) == values.size
    source = _along_last(values)[: int(np.count_nonzero(chosen))] if enough else _along_last(values)[:1]
    _along_last(array)[:count][chosen] = making.cast(source, array.code)


def assign(vm: Machine, view: NdArray, values: NdArray) -> None:
    """``ndarray_assign_view``: three blocks to walk both and a copy of the values in the view's type."""
    if values.size == 0:
        return
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS)
    if broadcast(view, values) is None:
        vm.raise_value("operands could not be broadcast together")
    converted = making.convert(vm, values, view.code)
    _put(view, converted)
    scratch.free()


def _put(view: NdArray, source: NdArray) -> None:
    """Elements of the source along the view; each loop runs at least once, so an empty view takes one element."""
    if view.size == 0:
        first = source.cells.reshape(-1)[:1].tobytes()
        if 0 <= view.offset <= len(view.store) - len(first):
            view.store[view.offset : view.offset + len(first)] = first
        return
    values = source.cells
    target = view.values
    while values.ndim > view.ndim and values.ndim > 1:
        values = values[0]
    missing = values.ndim - view.ndim
    cut = tuple(
        slice(0, length) for length in (target.shape if missing <= 0 else (1,) * missing + target.shape)[-values.ndim :]
    )
    target[...] = values[cut].reshape(()) if not view.ndim else values[cut]


__all__ = ["MAX_DIMS", "assign", "load", "store"]
