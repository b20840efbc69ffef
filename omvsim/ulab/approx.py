"""``interp`` and ``trapz`` (code/numpy/approx.c), ``polyfit`` and ``polyval`` (poly.c)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.fused import fused, fused_of
from omvsim.ulab.layout import FLOAT, FLOATS
from omvsim.ulab.matrices import invert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

    Floats = NDArray[np.float32]


def _floats(array: NdArray) -> list[float]:
    found: list[float] = array.values.reshape(-1).astype(np.float32).tolist()
    return found


@function("interp", 2, None, keywords=True)
def interp(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Between the two neighbours that a binary search finds."""
    given = vm.parse_keywords(args, kwargs, ("", "", "", "left", "right"), 3, 3)
    arrays = [making.from_value(vm, each) for each in given[:3] if not isinstance(each, Sentinel)]
    x, xp, fp = arrays
    if xp.ndim != 1 or fp.ndim != 1 or xp.size < 2 or fp.size < 2 or xp.size != fp.size:
        vm.raise_value("interp is defined for 1D iterables of equal length")
    made = making.new_linear(vm, x.size, FLOATS)
    places, values = _floats(xp), _floats(fp)
    left = values[0] if isinstance(given[3], Sentinel) or given[3] is None else vm.float_of(given[3])
    right = values[-1] if isinstance(given[4], Sentinel) or given[4] is None else vm.float_of(given[4])
    found = [
        left if number < places[0] else right if number > places[-1] else _between(number, places, values)
        for number in _floats(x)
    ]
    making.fill(made, np.array(found, np.float32))
    return made


def _between(number: float, places: list[float], values: list[float]) -> float:
    low, high = 0, len(places) - 1
    while high - low > 1:
        middle = low + (high - low) // 2
        if number <= places[middle]:
            high = middle
        else:
            low = middle
    product = single(single(number - places[low]) * single(values[high] - values[low]))
    with np.errstate(all="ignore"):
        part = float(np.float32(product) / np.float32(single(places[high] - places[low])))
    return single(values[low] + part)


@function("trapz", 1, None, keywords=True)
def trapz(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """By a running mean of the trapezoids."""
    value, given_x, given_dx = vm.parse_keywords(args, kwargs, ("", "x", "dx"), 1, 3)
    assert not isinstance(value, Sentinel)
    y = making.from_value(vm, value)
    if y.size < 2:
        return vm.new_float(0.0)
    if y.ndim != 1:
        vm.raise_value("trapz is defined for 1D iterables")
    heights = _floats(y)
    mean = 0.0
    if isinstance(given_x, Sentinel) or given_x is None:
        dx = 1.0 if isinstance(given_dx, Sentinel) else vm.float_of(given_dx)
        for count, (first, second) in enumerate(pairwise(heights), 1):
            mean = single(mean + single(single(single(second + first) - mean) / count))
        mean = single(mean * dx)
    else:
        x = making.from_value(vm, given_x)
        if x.ndim != 1 or y.size != x.size:
            vm.raise_value("trapz is defined for 1D arrays of equal length")
        places = _floats(x)
        for count in range(1, len(heights)):
            width = single(places[count] - places[count - 1])
            height = single(heights[count] + heights[count - 1])
            mean = single(mean + single(fused_of(width, height, -mean) / count))
    return vm.new_float(single(single(0.5 * mean) * (y.size - 1)))


@function("polyval", 2)
def polyval(vm: Machine, factors: Value, value: Value) -> Value:
    """Horner's scheme."""
    if not making.array_like(factors):
        vm.raise_type("input is not iterable")
    count = vm.length(factors)
    block = vm.memory.block(FLOAT * count)
    numbers = [vm.float_of(item) for item in vm.items(factors)]
    if not making.array_like(value):
        found = _polynomial(numbers, np.array([vm.float_of(value)], np.float32))
        return vm.new_float(float(found[0]))
    if isinstance(value, ndarray.NdArray):
        made = making.new_dense(vm, value.shape, FLOATS)
        places = value.values.astype(np.float32)
    else:
        made = making.new_linear(vm, vm.length(value), FLOATS)
        places = np.array([vm.float_of(item) for item in vm.items(value)], np.float32)
    making.fill(made, _polynomial(numbers, places))
    vm.memory.free(block)
    return made


def _polynomial(factors: list[float], x: Floats) -> Floats:
    y = np.full(x.shape, factors[0] if factors else 0.0, np.float32)
    for factor in factors[1:]:
        y = fused(y, x, np.full(x.shape, factor, np.float32))
    return y


@function("polyfit", 2, 3)
def polyfit(vm: Machine, *args: Value) -> Value:
    """Least squares by the inverse of the normal matrix."""
    if not making.array_like(args[0]):
        vm.raise_value("input data must be an iterable")
    memory = vm.memory
    if len(args) == 3:
        if not making.array_like(args[1]):
            vm.raise_value("input data must be an iterable")
        length = vm.length(args[0])
        if length != vm.length(args[1]):
            vm.raise_value("input vectors must be of equal length")
    else:
        length = vm.length(args[0])
    degree = vm.int_of(args[-1]) & 0xFF
    if length < degree:
        vm.raise_value("more degrees of freedom than data points")
    x_block = memory.block(FLOAT * length)
    x = (
        [float(place) for place in range(length)]
        if len(args) == 2
        else [vm.float_of(item) for item in vm.items(args[0])]
    )
    y_block = memory.block(FLOAT * length)
    y = [vm.float_of(item) for item in vm.items(args[-2])]
    powers_block = memory.block(FLOAT * (degree + 1) * length)
    powers = np.ones((degree + 1, length), np.float32)
    for row in range(1, degree + 1):
        powers[row] = powers[row - 1] * np.array(x, np.float32)
    product_block = memory.block(FLOAT * (degree + 1) ** 2)
    product = _times(powers, powers.T.copy())
    if not invert(vm, product):
        for block in (powers_block, x_block, y_block, product_block):
            memory.free(block)
        vm.raise_value("could not invert Vandermonde matrix")
    right = _times(powers, np.array(y, np.float32).reshape(-1, 1))
    memory.free(powers_block)
    made = making.new_linear(vm, degree + 1, FLOATS)
    memory.free(y_block)
    making.fill(made, _times(product, right)[::-1])
    memory.free(x_block)
    memory.free(product_block)
    return made


def _times(left: Floats, right: Floats) -> Floats:
    total = np.zeros((left.shape[0], right.shape[1]), np.float32)
    for place in range(left.shape[1]):
        total = fused(left[:, place : place + 1], right[place : place + 1, :], total)
    return total


FUNCTIONS = (interp, polyfit, polyval, trapz)

__all__ = ["FUNCTIONS"]
