"""Comparisons and choices element by element (code/numpy/compare.c)."""

from __future__ import annotations

from math import isinf, isnan
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import float_, tuple_
from omvsim.micropython.values import Sentinel
from omvsim.ulab import making, ndarray, operators
from omvsim.ulab.arithmetic import comparable
from omvsim.ulab.layout import BOOL, DIMS, FLOATS, RESULTS, UINT8, UINT16, UPCAST, WORD, Scratch
from omvsim.ulab.shaping import is_int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


def is_number(value: Value) -> bool:
    """An int or a float."""
    return is_int(value) or isinstance(value, float_.Float)


def _compared(vm: Machine, first: Value, second: Value, name: str) -> NdArray:
    """``compare_function``: both as arrays, three blocks, the result."""
    left, right = making.from_value(vm, first), making.from_value(vm, second)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS)
    shape = operators.broadcast(left, right)
    if shape is None:
        vm.raise_value("operands could not be broadcast together")
    if name in ("==", "!="):
        made = operators.equality(vm, name, left, right, shape)
        assert isinstance(made, ndarray.NdArray)
        return made
    code = RESULTS["-"][left.code, right.code]
    made = making.new_dense(vm, shape, code)
    if made.size:
        mine, other = comparable(left.cells, right.cells)
        chosen = np.where(mine > other if name == "maximum" else mine < other, mine, other)  # type: ignore[operator]
        making.fill(made, making.spread(chosen, made.shape))
    return made


def _first_of_both(vm: Machine, first: Value, second: Value, name: str) -> Value:
    made = _compared(vm, first, second, name)
    if not (is_number(first) and is_number(second)):
        return made
    return made.item(vm, 0)


def _comparison(name: str, sign: str) -> NativeFunction:
    @function(name, 2)
    def call(vm: Machine, first: Value, second: Value) -> Value:
        return _first_of_both(vm, first, second, sign)

    return call


@function("clip", 3)
def clip(vm: Machine, value: Value, low: Value, high: Value) -> Value:
    """Of a number one of the three; otherwise ``maximum(low, minimum(value, high))``."""
    if is_number(value):
        number, least, most = vm.float_of(value), vm.float_of(low), vm.float_of(high)
        return low if number < least else high if number > most else value
    return _compared(vm, low, _compared(vm, value, high, "minimum"), "maximum")


def _finiteness(name: str, *, infinite: bool) -> NativeFunction:
    @function(name, 1)
    def call(vm: Machine, value: Value) -> Value:
        if is_int(value):
            return not infinite
        if isinstance(value, float_.Float):
            return not isnan(value.value) and isinf(value.value) is infinite
        if not isinstance(value, ndarray.NdArray):
            vm.raise_type("wrong input type")
        made = making.new_dense(vm, value.shape, BOOL)
        if made.size:
            if value.code != FLOATS:
                made.values[...] = not infinite
            else:
                made.values[...] = np.isinf(value.values) if infinite else np.isfinite(value.values)
        return made

    return call


@function("nonzero", 1)
def nonzero(vm: Machine, value: Value) -> Value:
    """A tuple of one array of places a dimension: compared with zero first, with blocks that are given back."""
    array = making.from_value(vm, value)
    zero = making.new_linear(vm, 1, UINT8)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS)
    shape = operators.broadcast(array, zero)
    assert shape is not None
    found = operators.equality(vm, "!=", array, zero, shape)
    assert isinstance(found, ndarray.NdArray)
    scratch.free()
    places = np.nonzero(found.values)
    kept = Scratch(vm)
    kept.take(WORD * found.ndim)
    made = [making.new_linear(vm, len(places[0]) & 0xFFFF, UINT16) for _ in range(found.ndim)][::-1]
    for each, numbers in zip(made, places, strict=True):
        making.fill(each, numbers[: each.size])
    return tuple_.new_tuple(vm, made)


@function("where", 3)
def where(vm: Machine, condition: Value, first: Value, second: Value) -> Value:
    """Chosen through floats, whatever the type of the result."""
    arrays = [making.from_value(vm, each) for each in (condition, first, second)]
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS, DIMS)
    mask, left, right = arrays
    if any(operators.broadcast(*pair) is None for pair in ((mask, left), (mask, right), (left, right))):
        vm.raise_value("operands could not be broadcast together")
    lengths = [max(each) for each in zip(mask.lengths, left.lengths, right.lengths, strict=True)]
    ndim = max(each.ndim for each in arrays)
    made = making.new_dense(vm, tuple(lengths[len(lengths) - ndim :]), UPCAST[left.code, right.code])
    if made.size:
        chosen = np.where(mask.cells != 0, left.cells.astype(np.float32), right.cells.astype(np.float32))
        making.fill(made, making.spread(chosen, made.shape))
    return made


@function("bincount", 1, None, keywords=True)
def bincount(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """How often each number is there, or the sums of the weights."""
    array, weights, least = vm.parse_keywords(args, kwargs, ("", "weights", "minlength"), 1, 1)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("input must be an ndarray")
    if array.ndim != 1:
        vm.raise_value("object too deep for desired array")
    if array.code not in (UINT8, UINT16):
        vm.raise_type("cannot cast array data from dtype")
    numbers = array.values.astype(np.int64)
    length = int(numbers.max()) + 1 if array.size else 1
    if not isinstance(least, Sentinel) and least is not None:
        wanted = vm.int_of(least)
        if wanted < 0:
            vm.raise_value("minlength must not be negative")
        length = max(length, wanted)
    elif array.size == 0:
        length = 0
    if isinstance(weights, Sentinel) or weights is None:
        return making.new_linear(vm, length, UINT16, np.bincount(numbers, minlength=length)[:length])
    if not isinstance(weights, ndarray.NdArray):
        vm.raise_type("input must be an ndarray")
    if weights.size < array.size:
        vm.raise_value("the weights and list don't have the same length")
    made = making.new_linear(vm, length, FLOATS)
    sums = np.zeros(length, np.float32)
    for place, weight in zip(numbers.tolist(), weights.values.reshape(-1).astype(np.float32), strict=False):
        sums[place] += weight
    making.fill(made, sums)
    return made


FUNCTIONS: Final = (
    _comparison("equal", "=="),
    _comparison("not_equal", "!="),
    _comparison("maximum", "maximum"),
    _comparison("minimum", "minimum"),
    clip,
    _finiteness("isfinite", infinite=False),
    _finiteness("isinf", infinite=True),
    nonzero,
    where,
)

__all__ = ["FUNCTIONS", "bincount", "is_number"]
