"""Sums, means, extremes and the like over all elements or along an axis (code/numpy/numerical.c).

Means are running ones in single precision, element by element, and sums of floats are means times their number: the
order of the elements matters.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.errors import Fault
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.fused import fused
from omvsim.ulab.layout import BOOL, DIMS, FLOATS, INT16, REDUCED, Scratch
from omvsim.ulab.shaping import is_int
from omvsim.ulab.sorting import axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

_EXTREMES: Final = frozenset({"max", "min", "argmax", "argmin"})
_LONGEST: Final = 65535
"""Elements along an axis that the 16-bit counter of RUN_ARGMIN1 can count."""


def reduced(vm: Machine, array: NdArray, axis: Value, scratch: Scratch) -> tuple[int, tuple[int, ...]]:
    """``tools_reduce_axes`` along an axis: two blocks, then the axis is looked at. It and the other lengths."""
    scratch.take(REDUCED, REDUCED)
    along = axis_of(vm, axis, array.ndim)
    return along, array.shape[:along] + array.shape[along + 1 :] or (1,)


def _is_sequence(value: Value) -> bool:
    return making.array_like(value) and not isinstance(value, ndarray.NdArray)


def _reduction(name: str) -> NativeFunction:
    """``numerical_function``."""

    @function(name, 1, None, keywords=True)
    def call(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        value, given_axis, keepdims = vm.parse_keywords(args, kwargs, ("", "axis", "keepdims"), 1, 3)
        assert not isinstance(value, Sentinel)
        axis = None if isinstance(given_axis, Sentinel) else given_axis
        if axis is not None and not is_int(axis):
            vm.raise_type("axis must be None, or an integer")
        if name in ("all", "any"):
            return _all_any(vm, name, value, axis)
        if _is_sequence(value):
            return _of_sequence(vm, name, value)
        if not isinstance(value, ndarray.NdArray):
            vm.raise_type("input must be tuple, list, range, or ndarray")
        if name in _EXTREMES:
            return _extreme(vm, name, value, axis, keepdims is True)
        return _sum_mean_std(vm, name, value, axis, keepdims=keepdims is True)

    return call


# -- all, any ---------------------------------------------------------------------------------------------------------


def _all_any(vm: Machine, name: str, value: Value, axis: Value) -> Value:
    """``numerical_all_any``. Of a sequence, ``all`` is always true and ``any`` always false."""
    wants_all = name == "all"
    if isinstance(value, ndarray.NdArray):
        if value.size == 0:
            return wants_all
        if axis is None:
            return bool((value.values != 0).all() if wants_all else (value.values != 0).any())
        scratch = Scratch(vm)
        along, shape = reduced(vm, value, axis, scratch)
        made = making.new_dense(vm, shape, BOOL)
        found = (value.values != 0).all(along) if wants_all else (value.values != 0).any(along)
        if made.size:
            made.values[...] = np.asarray(found).reshape(shape)
        return made
    if is_int(value) or vm.type_name(value) == "float":
        return vm.truth(value)
    for item in vm.items(value):
        if vm.truth(item) == wants_all:
            return wants_all
    return wants_all


# -- sum, mean, std ---------------------------------------------------------------------------------------------------


def running_mean(
    values: NDArray[np.generic], *, deviation: bool = False
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean along the first axis as ``RUN_MEAN_STD1`` computes it, and the sum of squared deviations."""
    mean = np.zeros(values.shape[1:], np.float32)
    squares = np.zeros(values.shape[1:], np.float32)
    floats = values.astype(np.float32)
    with np.errstate(all="ignore"):
        for number, value in enumerate(floats, 1):
            before = value - mean
            new = mean + before / np.float32(number)
            if deviation:
                squares = fused(before, value - new, squares)
            mean = new
    return mean, squares


def running_mean_of(numbers: Sequence[float], *, deviation: bool = False) -> tuple[float, float]:
    """:func:`running_mean` of single numbers."""
    mean = squares = 0.0
    for count, value in enumerate(numbers, 1):
        before = single(value - mean)
        new = single(mean + single(before / single(count)))
        if deviation:
            squares = single(before * single(value - new) + squares)
        mean = new
    return mean, squares


def _of_sequence(vm: Machine, name: str, value: Value, ddof: int = 0) -> Value:
    if name in _EXTREMES:
        return _extreme_of_sequence(vm, name, value)
    numbers = [vm.float_of(item) for item in vm.items(value)]
    if name == "sum":
        return vm.new_float(single(running_mean_of(numbers)[0] * len(numbers)))
    if name == "mean":
        return vm.new_float(running_mean_of(numbers)[0])
    if name == "std" and len(numbers) > ddof:
        return vm.new_float(math.sqrt(single(running_mean_of(numbers, deviation=True)[1] / (len(numbers) - ddof))))
    return vm.new_float(0.0)


def _sum_mean_std(vm: Machine, name: str, array: NdArray, axis: Value, *, keepdims: bool, ddof: int = 0) -> Value:
    """``numerical_sum_mean_std_ndarray``."""
    if axis is None:
        return _of_all(vm, name, array, ddof)
    scratch = Scratch(vm)
    along, shape = reduced(vm, array, axis, scratch)
    code = array.code if name == "sum" else FLOATS
    made = making.new_dense(vm, shape, code)
    values = np.moveaxis(array.values, along, 0)
    length = values.shape[0]
    if name == "std" and length <= ddof:
        return made
    if name == "sum" and code != FLOATS:
        found = values.sum(axis=0, dtype=made.values.dtype) if values.size else np.zeros(shape)
    else:
        mean, squares = running_mean(values, deviation=name == "std")
        with np.errstate(all="ignore"):
            found = mean * np.float32(length) if name == "sum" else mean
            if name == "std":
                found = np.sqrt(squares / np.float32(length - ddof))
    if made.size:
        made.values[...] = np.asarray(found).reshape(shape)
    return _restored(vm, array, made, along, keepdims)


def _of_all(vm: Machine, name: str, array: NdArray, ddof: int) -> Value:
    """Over all elements; of an empty array its one zero is looked at."""
    if name == "std" and ddof > array.size:
        return vm.new_float(0.0)
    numbers = array.values.astype(np.float32).reshape(-1).tolist() if array.size else [0.0]
    mean, squares = running_mean_of(numbers, deviation=name == "std")
    if name == "mean":
        return vm.new_float(mean)
    if name == "std":
        left = array.size - ddof
        return vm.new_float(math.sqrt(single(squares / left)) if left else math.nan)
    total = single(mean * single(array.size))
    if array.code == FLOATS:
        return vm.new_float(total)
    return vm.new_int(int(making.rounded_words(np.array([total], np.float32))[0]))


def _restored(vm: Machine, array: NdArray, made: NdArray, along: int, keepdims: bool) -> Value:
    """``ulab_tools_restore_dims``: a number for one dimension, or the axis back with a length of one."""
    if array.ndim == 1:
        if not keepdims:
            made.boolean = False
            return made.item(vm, 0)
        made.shape, made.strides = (0, 1), (made.itemsize, made.itemsize)  # two dimensions, of which the first is none
        return made
    if keepdims:
        shape = tuple(1 if axis == along else length for axis, length in enumerate(array.shape))
        made.shape, made.strides = shape, making.dense_strides(shape, array.itemsize)
    return made


@function("std", 1, None, keywords=True)
def std(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Standard deviation, along the axes 0 and 1 only."""
    value, given_axis, given, keepdims = vm.parse_keywords(args, kwargs, ("", "axis", "ddof", "keepdims"), 1, 2)
    assert not isinstance(value, Sentinel)
    axis = None if isinstance(given_axis, Sentinel) else given_axis
    ddof = 0 if isinstance(given, Sentinel) else vm.int_of(given) & 0xFFFFFFFF
    if axis is not None and vm.int_of(axis) not in (0, 1):
        vm.raise_value("axis must be None, or an integer")
    if _is_sequence(value):
        return _of_sequence(vm, "std", value, ddof)
    if not isinstance(value, ndarray.NdArray):
        vm.raise_type("input must be tuple, list, range, or ndarray")
    return _sum_mean_std(vm, "std", value, axis, keepdims=keepdims is True, ddof=ddof)


# -- max, min, argmax, argmin -----------------------------------------------------------------------------------------


def _extreme_of_sequence(vm: Machine, name: str, value: Value) -> Value:
    """``numerical_argmin_argmax_iterable``: the item itself, or its place."""
    if vm.length(value) == 0:
        vm.raise_value("attempt to get argmin/argmax of an empty sequence")
    best_item: Value = None
    best_place, best = 0, 0.0
    for place, item in enumerate(vm.items(value)):
        number = vm.float_of(item)
        if place == 0 or (number > best if name.endswith("max") else number < best):
            best_item, best_place, best = item, place, number
    return best_place if name.startswith("arg") else best_item


def places_of_extremes(values: NDArray[np.generic], *, largest: bool) -> NDArray[np.int64]:
    """Along the first axis: the first place of the extreme; comparisons with no number are false."""
    if values.dtype.kind != "f" or not np.isnan(values).any():
        return np.asarray(values.argmax(0) if largest else values.argmin(0), np.int64)
    places = np.zeros(values.shape[1:], np.int64)
    best = np.array(values[0])
    for place in range(1, values.shape[0]):
        better = values[place] > best if largest else values[place] < best
        places = np.where(better, place, places)
        best = np.where(better, values[place], best)
    return places


def _extreme(vm: Machine, name: str, array: NdArray, axis: Value, keepdims: bool) -> Value:
    """``numerical_argmin_argmax_ndarray``."""
    if array.size == 0:
        vm.raise_value("attempt to get (arg)min/(arg)max of empty sequence")
    largest = name.endswith("max")
    if axis is None:
        flat = array.values.reshape(-1)
        place = int(places_of_extremes(flat.astype(np.float32), largest=largest))
        if name.startswith("arg"):
            return vm.new_int(place)
        return vm.new_float(float(flat[place])) if array.code == FLOATS else int(flat[place])
    along = axis_of(vm, axis, array.ndim)
    kept, given_back = Scratch(vm), Scratch(vm)
    kept.take(DIMS)
    given_back.take(DIMS)
    _, shape = reduced(vm, array, axis, kept)
    made = making.new_dense(vm, shape, INT16 if name.startswith("arg") else array.code)
    values = np.moveaxis(array.values, along, 0)
    if values.shape[0] > _LONGEST:
        raise Fault(f"numpy.{name}: the 16-bit counter never reaches the end of the axis", hangs=True)
    places = places_of_extremes(values, largest=largest)
    found = places if name.startswith("arg") else np.take_along_axis(values, places[None], 0)[0]
    if made.size:
        made.values[...] = found.reshape(shape).astype(made.values.dtype)
    given_back.free()
    return _restored(vm, array, made, along, keepdims)


FUNCTIONS: Final = (
    *(_reduction(name) for name in ("all", "any", "argmax", "argmin", "max", "mean", "min", "sum")),
    std,
)

__all__ = ["FUNCTIONS", "places_of_extremes", "reduced", "running_mean", "running_mean_of"]
