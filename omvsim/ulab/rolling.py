"""``roll``, ``flip``, ``diff``, ``cross`` (code/numpy/numerical.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, ndarray
from omvsim.ulab.fused import fused_of
from omvsim.ulab.layout import DIMS, FLOAT, FLOATS, MAX_DIMS, UPCAST, Scratch
from omvsim.ulab.shaping import is_int
from omvsim.ulab.sorting import axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray


@function("roll", 2, None, keywords=True)
def roll(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``numerical_roll``: along an axis with four blocks to walk both arrays."""
    array, distance, axis = vm.parse_keywords(args, kwargs, ("", "", "axis"), 2, 2)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("roll argument must be an ndarray")
    assert not isinstance(distance, Sentinel)
    made = making.new_dense(vm, array.shape, array.code)
    shift = vm.int_of(distance)
    if shift == 0:
        making.fill(made, array.values)
        return made
    if isinstance(axis, Sentinel) or axis is None:
        rows = array.values.reshape(1, -1)
        _roll_rows(made, rows, shift, made.values.reshape(1, -1))
        return made
    if not is_int(axis):
        vm.raise_type("wrong axis index")
    along = axis_of(vm, axis, array.ndim)
    scratch = Scratch(vm)
    scratch.take(DIMS, DIMS, DIMS, DIMS)
    _roll_rows(made, np.moveaxis(array.values, along, -1), shift, np.moveaxis(made.values, along, -1))
    scratch.free()
    return made


def _roll_rows(made: NdArray, rows: NDArray[np.generic], shift: int, target: NDArray[np.generic]) -> None:
    """Each row to its place. To the left by whole lengths the counter never comes to zero: a row is written behind its
    place, over the next one, the last one beside the array.
    """
    length = rows.shape[-1]
    if not made.size:
        return
    by = abs(shift) % length
    if by or shift > 0:
        target[...] = np.roll(rows, by if shift > 0 else -by, axis=-1)
        return
    step = target.strides[-1] * length
    for place in np.ndindex(target.shape[:-1]):
        at = sum(index * stride for index, stride in zip(place, target.strides, strict=False)) + step
        row = np.ascontiguousarray(rows[place])
        for number in range(length):
            cell = at + number * target.strides[-1]
            if cell + made.itemsize <= len(made.store):
                made.store[cell : cell + made.itemsize] = row[number].tobytes()


@function("flip", 1, None, keywords=True)
def flip(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A view backwards along an axis; without one a flat copy, backwards."""
    array, axis = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 1)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("flip argument must be an ndarray")
    if isinstance(axis, Sentinel) or axis is None:
        made = making.new_linear(vm, array.size, array.code)
        making.fill(made, array.values)
        made.offset = max(made.size - 1, 0) * made.itemsize
        made.strides = tuple(-step for step in made.strides)
        return made
    if not is_int(axis):
        vm.raise_type("wrong axis index")
    along = axis_of(vm, axis, array.ndim)
    strides = tuple(-step if at == along else step for at, step in enumerate(array.strides))
    return array.view(vm, array.shape, strides, (array.shape[along] - 1) * array.strides[along])


@function("diff", 1, None, keywords=True)
def diff(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Differences of neighbours, ``n`` times, by a stencil of 8-bit factors."""
    array, times, axis = vm.parse_keywords(args, kwargs, ("", "n", "axis"), 1, 1)
    order = 1 if isinstance(times, Sentinel) else vm.int_of(times)
    along = -1 if isinstance(axis, Sentinel) else vm.int_of(axis)
    if not isinstance(array, ndarray.NdArray):
        vm.raise_type("diff argument must be an ndarray")
    along += array.ndim if along < 0 else 0
    if not 0 <= along < array.ndim:
        vm.raise_value("index out of range")
    if not 0 <= order <= 9 or order > array.shape[along]:
        vm.raise_value("differentiation order out of range")
    scratch = Scratch(vm)
    scratch.take(order + 1, DIMS)
    shape = tuple(length - order if at == along else length for at, length in enumerate(array.shape))
    made = making.new_dense(vm, shape, array.code)
    scratch.take(DIMS)
    if made.size:
        _differences(array, made, order, along)
    scratch.free()
    return made


def _differences(array: NdArray, made: NdArray, order: int, axis: int) -> None:
    """``RUN_DIFF``: it counts rows by the wrong lengths, so that of two dimensions only the first row is computed."""
    lengths, strides = reduced_axes(array, axis)
    source = target = 0
    for _ in range(max(lengths[0], 1)):
        for _ in range(max(lengths[1], 1)):
            for _ in range(max(lengths[2], 1)):
                _row_of_differences(array, made, order, (source, target, array.strides[axis]))
                source += array.full_strides[2]
                target += made.full_strides[2]
            source += strides[1] - strides[2] * lengths[2]
            target += made.full_strides[1] - made.full_strides[2] * made.lengths[2]
        source += strides[0] - strides[1] * lengths[1]
        target += made.full_strides[0] - made.full_strides[1] * made.lengths[1]


def _row_of_differences(array: NdArray, made: NdArray, order: int, places: tuple[int, int, int]) -> None:
    source, target, step = places
    count, itemsize = made.lengths[3], made.itemsize
    kind = np.float64 if made.code == FLOATS else np.int64
    factor = 1
    total: NDArray[np.generic] = np.zeros(count, made.values.dtype)
    for place in range(order + 1):
        first = array.offset + source + place * step
        if first < 0 or first + array.strides[-1] * (count - 1) + itemsize > len(array.store):
            raise Unknown("numpy.diff", "the camera reads what is beside the array's data")
        part: NDArray[np.generic] = np.ndarray((count,), total.dtype, array.store, first, (array.strides[-1],))
        total = making.cast(np.subtract(total.astype(kind), np.multiply(part.astype(kind), factor)), made.code)
        factor = -factor * (order - place) // (place + 1)
    if 0 <= target <= len(made.store) - count * itemsize:
        made.store[target : target + count * itemsize] = total.tobytes()


def reduced_axes(array: NdArray, axis: int) -> tuple[list[int], list[int]]:
    """``numerical_reduce_axes``: four lengths and strides without an axis."""
    if array.ndim == 1:
        return [0, 0, 0, 1], [0, 0, 0, 0]
    place = MAX_DIMS - array.ndim + axis
    keep = [number if number > place else number - 1 for number in range(1, MAX_DIMS)]
    return [0, *(array.lengths[at] for at in keep)], [0, *(array.full_strides[at] for at in keep)]


_CROSS: Final = ((1, 2, 2, 1, 1), (0, 2, 2, 0, -1), (0, 1, 1, 0, 1))
"""Places of the first product's factors, of the second's, and the first one's sign."""


@function("cross", 2)
def cross(vm: Machine, left: Value, right: Value) -> Value:
    """Of two arrays of three elements; elements are read side by side, whatever the strides."""
    if not isinstance(left, ndarray.NdArray) or not isinstance(right, ndarray.NdArray):
        vm.raise_type("arguments must be ndarrays")
    if left.ndim != 1 or right.ndim != 1 or left.size != right.size or left.size != 3:
        vm.raise_value("cross is defined for 1D arrays of length 3")
    scratch = Scratch(vm)
    scratch.take(3 * FLOAT)
    a, b = (np.frombuffer(each.store, each.values.dtype, offset=each.offset)[:3].tolist() for each in (left, right))
    found = [fused_of(-sign * a[m], b[n], single(sign * a[i] * b[j])) for i, j, m, n, sign in _CROSS]
    made = making.new_linear(vm, 3, UPCAST[left.code, right.code], np.array(found, np.float32))
    scratch.free()
    return made


__all__ = ["cross", "diff", "flip", "roll"]
