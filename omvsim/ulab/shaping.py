"""Shape and order of the elements: ``reshape``, ``T``, ``transpose``, ``flatten``, ``byteswap`` (code/ndarray.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.types import int_, tuple_
from omvsim.micropython.values import Sentinel
from omvsim.ulab import making
from omvsim.ulab.layout import DIMS, FLOATS, MAX_DIMS, WORD, Scratch, ulab_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

TOO_MANY_DIMENSIONS = f"maximum number of dimensions is ({MAX_DIMS})"


def is_int(value: object) -> bool:
    """``mp_obj_is_int``: no booleans."""
    return isinstance(value, int | int_.Int) and not isinstance(value, bool)


def reshape(vm: Machine, array: NdArray, value: Value, *, inplace: bool) -> Value:
    """``ndarray_reshape_core``."""
    if not isinstance(value, tuple_.Tuple) and not is_int(value):
        vm.raise_type("shape must be integer or tuple of integers")
    scratch = Scratch(vm)
    if not isinstance(value, tuple_.Tuple):
        scratch.take(WORD)
        value = tuple_.new_tuple(vm, (value,))
    if len(value.items) > MAX_DIMS:
        vm.raise_value(TOO_MANY_DIMENSIONS)
    scratch.take(DIMS)
    shape = _completed(vm, array, [vm.int_of(item) for item in reversed(value.items)][::-1])
    if not array.is_dense():
        if inplace:
            vm.raise_value("cannot assign new shape")
        return making.new_dense(vm, shape, array.code, array.values)
    scratch.take(DIMS)
    strides = making.dense_strides(shape, array.itemsize)
    if not inplace:
        return array.view(vm, shape, strides, 0)
    if len(shape) == array.ndim:
        array.shape, array.strides = shape, strides
    else:  # the number of dimensions stays as it was
        padded = (0,) * (MAX_DIMS - len(shape)) + shape
        steps = (0,) * (MAX_DIMS - len(shape)) + strides
        array.shape, array.strides = padded[MAX_DIMS - array.ndim :], steps[MAX_DIMS - array.ndim :]
    return array


def _completed(vm: Machine, array: NdArray, shape: list[int]) -> tuple[int, ...]:
    unknown = [place for place, length in enumerate(shape) if length < 0]
    known = 1
    for length in shape:
        known *= length if length >= 0 else 1
    if len(unknown) > 1:
        vm.raise_value("can only specify one unknown dimension")
    if unknown:
        shape[unknown[0]] = array.size // known if known else 0
        known = array.size
    if array.size != known:
        vm.raise_value("cannot reshape array")
    return tuple(shape)


def reversed_axes(vm: Machine, array: NdArray) -> Value:
    """``a.T``: a view; one-dimensional arrays themselves."""
    if array.ndim == 1:
        return array
    scratch = Scratch(vm)
    scratch.take(WORD * array.ndim, WORD * array.ndim)
    return array.view(vm, array.shape[::-1], array.strides[::-1], 0)


def transpose(vm: Machine, array: NdArray, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``a.transpose()``; with a choice of axes in newer versions."""
    if not ulab_of(vm).transposes_axes:
        vm.check_args(1 + len(args), len(kwargs), 1, 1, keywords=False)
        return reversed_axes(vm, array)
    _, axes = vm.parse_keywords((array, *args), kwargs, ("", "axes"), 1, 2)
    if array.ndim == 1:
        return array
    scratch = Scratch(vm)
    scratch.take(WORD * array.ndim, WORD * array.ndim, array.ndim)
    order = list(range(array.ndim))[::-1]
    if not isinstance(axes, Sentinel) and axes is not None:
        order = _order(vm, array, axes)
    shape = tuple(array.shape[axis] for axis in order)
    return array.view(vm, shape, tuple(array.strides[axis] for axis in order), 0)


def _order(vm: Machine, array: NdArray, axes: Value) -> list[int]:
    if not isinstance(axes, tuple_.Tuple):
        vm.raise_type("keyword argument must be tuple of integers")
    order = list(range(array.ndim))
    if len(axes.items) > array.ndim:
        vm.raise_value("too many axes specified")
    for place, item in enumerate(axes.items):
        axis = vm.int_of(item)
        if not 0 <= axis < array.ndim:
            vm.raise_value("axis index out of bounds")
        order[place] = axis
        if axis in order[:place]:
            vm.raise_value("repeated indices")
    return order


def flatten(vm: Machine, array: NdArray, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A dense copy in one dimension; never boolean."""
    (order,) = vm.parse_keywords(args, kwargs, ("order",), 0, 0)
    text = "C" if isinstance(order, Sentinel) else vm.str_of(order)
    if text not in ("C", "F"):
        vm.raise_value("flattening order must be either 'C', or 'F'")
    made = making.new_linear(vm, array.size, array.code)
    if made.size:
        made.values[...] = array.values.reshape(-1, order="F" if text == "F" else "C")
    return made


def byteswap(vm: Machine, array: NdArray, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``ndarray_byteswap``."""
    _, inplace = vm.parse_keywords((array, *args), kwargs, ("", "inplace"), 1, 1)
    if isinstance(inplace, Sentinel) or inplace is False:
        made = making.copy(vm, array)
    else:
        made = array.view(vm, array.shape, array.strides, 0)
    if array.code in "hH" + FLOATS and made.size:
        made.values[...] = made.values.byteswap()
    return made


__all__ = ["TOO_MANY_DIMENSIONS", "byteswap", "flatten", "is_int", "reshape", "reversed_axes", "transpose"]
