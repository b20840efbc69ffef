"""``concatenate``, ``diag``, ``take``, ``meshgrid`` (code/numpy/create.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import function
from omvsim.micropython.types import str_, tuple_
from omvsim.micropython.values import Sentinel
from omvsim.ulab import making, ndarray
from omvsim.ulab.layout import DIMS, FLOATS, MAX_DIMS, WORD, Scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


@function("concatenate", 1, None, keywords=True)
def concatenate(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Arrays of one type and one number of dimensions."""
    given, given_axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    axis = 0 if isinstance(given_axis, Sentinel) else vm.int_of(given_axis)
    if not isinstance(given, tuple_.Tuple):
        vm.raise_type("first argument must be a tuple of ndarrays")
    scratch = Scratch(vm)
    scratch.take(DIMS)
    arrays = [item for item in given.items if isinstance(item, ndarray.NdArray)]
    if len(arrays) < len(given.items) or not arrays:
        vm.raise_value("only ndarrays can be concatenated")
    first = arrays[0]
    axis += first.ndim if axis < 0 else 0
    if not 0 <= axis < first.ndim:
        vm.raise_value("wrong axis specified")
    for other in arrays[1:]:
        same = other.code == first.code and other.ndim == first.ndim
        if not same or any(
            mine != its for at, (mine, its) in enumerate(zip(first.shape, other.shape, strict=True)) if at != axis
        ):
            vm.raise_value("input arrays are not compatible")
    joined = np.concatenate([each.values for each in arrays], axis)
    return making.new_dense(vm, joined.shape, first.code, joined)


@function("diag", 1, None, keywords=True)
def diag(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The diagonal of a matrix, or a matrix with that diagonal."""
    value, given = vm.parse_keywords(args, kwargs, ("", "k"), 1, 1)
    k = 0 if isinstance(given, Sentinel) else vm.int_of(given)
    assert not isinstance(value, Sentinel)
    source = making.from_iterable(vm, value, FLOATS)
    if source.ndim == 2:
        return _diagonal(vm, source, k)
    if source.ndim != 1:
        vm.raise_value("input must be 1- or 2-d")
    length = source.size + abs(k)
    made = making.new_shaped(vm, (length, length), source.code)
    making.fill(made, np.diag(source.values, k))
    return made


def _diagonal(vm: Machine, source: NdArray, k: int) -> NdArray:
    """As many elements as the axis it starts on has left: of matrices that are no squares it may run out of the row."""
    side = source.shape[1] if k >= 0 else source.shape[0]
    length = max(side - abs(k), 0)
    made = making.new_linear(vm, length, source.code)
    start = source.strides[1] * k if k >= 0 else source.strides[0] * -k
    for place in range(length):
        at = source.offset + start + place * sum(source.strides)
        cell = bytes(source.store[at : at + source.itemsize])
        made.store[place * made.itemsize : (place + 1) * made.itemsize] = cell.ljust(made.itemsize, b"\0")
    return made


@function("take", 2, None, keywords=True)
def take(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Elements, or along an axis parts, by their places."""
    array, indices, given_axis, out, mode = vm.parse_keywords(args, kwargs, ("", "", "axis", "out", "mode"), 2, 2)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("input is not an array")
    flat = isinstance(given_axis, Sentinel) or given_axis is None
    axis = 0
    if not isinstance(given_axis, Sentinel) and given_axis is not None:
        axis = vm.int_of(given_axis)
        axis += array.ndim if axis < 0 else 0
        if not 0 <= axis < array.ndim:
            vm.raise_value("index out of range")
    length = array.size if flat else array.shape[axis]
    how = _mode(vm, mode)
    assert not isinstance(indices, Sentinel)
    count = vm.length(indices)
    block = vm.memory.block(WORD * count)
    places = []
    for item in vm.items(indices):
        place = _place(vm, vm.int_of(item), length, how)
        if isinstance(place, str):
            vm.memory.free(block)
            vm.raise_value(place)
        places.append(place)
    scratch = Scratch(vm)
    scratch.take(DIMS)
    shape = (count,) if flat else (*array.shape[:axis], count, *array.shape[axis + 1 :])
    if isinstance(out, Sentinel) or out is None:
        made = making.new_dense(vm, shape, array.code)
    else:
        made = inspect_out(vm, out, array.code, shape)
    if made.size and (flat or array.ndim == 1):
        _pick(array, made, places)
    elif made.size:
        if min(places) < 0:
            raise Unknown("numpy.take", "the camera reads what is beside the array's data")
        made.values[...] = array.values.take(places, axis)
    vm.memory.free(block)
    return made


def _pick(array: NdArray, made: NdArray, places: list[int]) -> None:
    """Element by element, from where the camera believes each to be."""
    size = array.itemsize
    for number, place in enumerate(places):
        at = array.offset + array.flat_offset(place)
        if place < 0 or not 0 <= at <= len(array.store) - size:
            raise Unknown("numpy.take", "the camera reads what is beside the array's data")
        start = made.offset + number * size
        made.store[start : start + size] = array.store[at : at + size]


def _mode(vm: Machine, mode: Value | Sentinel) -> str:
    if isinstance(mode, Sentinel) or not str_.is_str(mode):
        return "raise"
    text = vm.str_of(mode)
    name = next((name for name in ("raise", "wrap", "clip") if text.startswith(name)), None)
    if name is None:
        vm.raise_value("mode should be raise, wrap or clip")
    return name


def _place(vm: Machine, index: int, length: int, mode: str) -> int | str:
    """A place, or what is wrong with it."""
    if mode == "raise":
        index += length if index < 0 else 0
        return index if 0 <= index < length else "index out of range"
    if mode == "wrap":
        rest = abs(index) % length if length else 0
        return rest if index >= 0 else -rest
    return "index must not be negative" if index < 0 else min(index, length - 1)


def inspect_out(vm: Machine, out: Value, code: str, shape: tuple[int, ...]) -> NdArray:
    """``ulab_tools_inspect_out``: the array that a result goes to."""
    if not isinstance(out, ndarray.NdArray):
        vm.raise_type("out has wrong type")
    if out.code != code:
        vm.raise_value("out array has wrong dtype")
    if out.ndim != len(shape):
        vm.raise_value("out array has wrong dimension")
    if out.shape != shape:
        vm.raise_value("out array has wrong shape")
    if not out.is_dense():
        vm.raise_value("output array must be contiguous")
    return out


@function("meshgrid", 0, None, keywords=True)
def meshgrid(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A tuple of arrays of all coordinates."""
    (indexing,) = vm.parse_keywords((), kwargs, ("indexing",), 0, 0)
    if not isinstance(indexing, Sentinel) and not str_.is_str(indexing):
        vm.raise_type("indexing should be 'xy' or 'ij'")
    order = "xy" if isinstance(indexing, Sentinel) else vm.str_of(indexing)
    if order not in ("xy", "ij"):
        vm.raise_value("indexing must be 'xy' or 'ij'")
    if not args:
        return vm.empty_tuple()
    if len(args) > MAX_DIMS:
        vm.raise_value("too many input arrays")
    block = vm.memory.block(DIMS)
    arrays: list[NdArray] = []
    for item in args:
        if not isinstance(item, ndarray.NdArray):
            vm.raise_type("arguments must be ndarrays")
        if item.ndim != 1:
            vm.raise_value("arguments must be 1D arrays")
        arrays.append(item)
    grids = np.meshgrid(*(each.values for each in arrays), indexing="ij" if order == "ij" else "xy")
    made = tuple_.new_tuple(vm, [None] * len(arrays))
    made.items = tuple(
        making.new_dense(vm, grid.shape, each.code, grid) for each, grid in zip(arrays, grids, strict=True)
    )
    vm.memory.free(block)
    return made


__all__ = ["concatenate", "diag", "inspect_out", "meshgrid", "take"]
