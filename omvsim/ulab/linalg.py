"""``ulab.numpy.linalg`` (code/numpy/linalg/linalg.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, matrices, ndarray
from omvsim.ulab.fused import fused, fused_of
from omvsim.ulab.layout import FLOAT, FLOATS, Scratch
from omvsim.ulab.numerical import reduced
from omvsim.ulab.transform import square

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

    Floats = NDArray[np.float32]


@function("cholesky", 1)
def _cholesky(vm: Machine, value: Value) -> Value:
    source = square(vm, value)
    made = making.new_shaped(vm, source.shape, FLOATS)
    matrix = source.values.astype(np.float32)
    if _is_asymmetric(matrix):
        vm.raise_value("input matrix is asymmetric")
    lower = np.tril(matrix)
    for row in range(len(lower)):
        for column in range(row + 1):
            total = float(lower[row, column])
            for k in range(column):
                total = fused_of(-float(lower[row, k]), float(lower[column, k]), total)
            if row != column:
                lower[row, column] = single(total / float(lower[column, column]))
            elif total <= 0.0:
                vm.raise_value("matrix is not positive definite")
            else:
                lower[row, row] = math.sqrt(total)
    making.fill(made, lower)
    return made


def _is_asymmetric(matrix: Floats) -> bool:
    return bool((np.abs(matrix - matrix.T) > matrices.EPSILON).any())


@function("det", 1)
def _det(vm: Machine, value: Value) -> Value:
    source = square(vm, value)
    size = source.shape[0]
    block = vm.memory.block(FLOAT * size * size)
    matrix = source.values.astype(np.float32)
    sign = 1.0
    for row in range(size - 1):
        swapped = matrices.swap_for_pivot(matrix, row)
        if swapped is False:
            vm.memory.free(block)
            return vm.new_float(0.0)
        sign = -sign if swapped else sign
        matrices.eliminate(matrix, row)
    for number in matrix.diagonal().tolist():
        sign = single(sign * number)
    vm.memory.free(block)
    return vm.new_float(sign)


@function("eig", 1)
def _eig(vm: Machine, value: Value) -> Value:
    """Eigenvalues and eigenvectors of a symmetric matrix."""
    source = square(vm, value)
    size = source.shape[0]
    block = vm.memory.block(FLOAT * size * size)
    matrix = source.values.astype(np.float32)
    if _is_asymmetric(matrix):
        vm.raise_value("input matrix is asymmetric")
    made = making.new_shaped(vm, source.shape, FLOATS)
    vectors = np.zeros((size, size), np.float32)
    if matrices.jacobi(matrix, vectors) == 0:
        vm.memory.free(block)
        vm.raise_value("iterations did not converge")
    making.fill(made, vectors)
    values = making.new_linear(vm, size, FLOATS, matrix.diagonal().copy())
    making.fill(values, matrix.diagonal())
    vm.memory.free(block)
    return tuple_.new_tuple(vm, (values, made))


@function("inv", 1)
def _inv(vm: Machine, value: Value) -> Value:
    source = square(vm, value)
    made = making.new_shaped(vm, source.shape, FLOATS)
    matrix = source.values.astype(np.float32)
    if not matrices.invert(vm, matrix):
        vm.raise_value("input matrix is singular")
    making.fill(made, matrix)
    return made


@function("norm", 1, None, keywords=True)
def _norm(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Roots of running means of squares; an array of no dimensions is asked for in any case."""
    value, given = vm.parse_keywords(args, kwargs, ("", "axis"), 1, 2)
    assert not isinstance(value, Sentinel)
    axis = None if isinstance(given, Sentinel) else given
    if making.array_like(value) and not isinstance(value, ndarray.NdArray):
        numbers = [vm.float_of(item) for item in vm.items(value)]
        return vm.new_float(float(_norm_of(np.array(numbers, np.float32))))
    if not isinstance(value, ndarray.NdArray):
        return None
    if axis is None:
        made = making.new_dense(vm, (), FLOATS)
        flat = value.values.reshape(-1).astype(np.float32) if value.size else np.zeros(1, np.float32)
        number = float(_norm_of(flat))
        del made
        return vm.new_float(number)
    scratch = Scratch(vm)
    along, shape = reduced(vm, value, axis, scratch)
    made = making.new_dense(vm, shape, FLOATS)
    making.fill(made, _norm_of(np.moveaxis(value.values, along, 0).astype(np.float32)))
    return made


def _norm_of(values: Floats) -> Floats:
    mean = np.zeros(values.shape[1:], np.float32)
    with np.errstate(all="ignore"):
        for count, value in enumerate(values, 1):
            mean = np.asarray(mean + fused(value, value, -mean) / np.float32(count), np.float32)
        return np.asarray(np.sqrt(mean * np.float32(len(values))), np.float32)


@function("qr", 1, None, keywords=True)
def _qr(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """By Givens rotations."""
    source, given = vm.parse_keywords(args, kwargs, ("", "mode"), 1, 2)
    if not isinstance(source, ndarray.NdArray):
        vm.raise_type("operation is defined for ndarrays only")
    if source.ndim != 2:
        vm.raise_value("operation is defined for 2D arrays only")
    rows, columns = source.shape
    q_made = making.new_shaped(vm, (rows, rows), FLOATS)
    r_made = making.new_dense(vm, source.shape, FLOATS)
    r = source.values.astype(np.float32)
    q = np.eye(rows, dtype=np.float32)
    for column in range(columns):
        for row in range(rows - 1, column, -1):
            _rotate(q, r, row, column)
    made = tuple_.new_tuple(vm, (None, None))
    mode = "reduced" if isinstance(given, Sentinel) else vm.str_of(given)
    making.fill(q_made, q)
    making.fill(r_made, r)
    if mode.startswith("complete"):
        made.items = (q_made, r_made)
    elif mode.startswith("reduced"):
        left = rows - abs(rows - columns)
        q_made = making.new_shaped(vm, (rows, max(left, 0)), FLOATS)
        r_made = making.new_shaped(vm, (max(left, 0), columns), FLOATS)
        making.fill(q_made, q[:, : max(left, 0)])
        making.fill(r_made, r[: max(left, 0)])
        made.items = (q_made, r_made)
    else:
        vm.raise_value("mode must be complete, or reduced")
    return made


def _rotate(q: Floats, r: Floats, row: int, column: int) -> None:
    above, here = float(r[row - 1, column]), float(r[row, column])
    if abs(here) < matrices.EPSILON:
        c, s = (1.0 if above >= 0.0 else -1.0), 0.0
    elif abs(above) < matrices.EPSILON:
        c, s = 0.0, (-1.0 if here >= 0.0 else 1.0)
    elif abs(above) > abs(here):
        t = single(here / above)
        c = single(-1.0 / single(math.sqrt(fused_of(t, t, 1.0))))
        s = single(c * t)
    else:
        t = single(above / here)
        s = single(-1.0 / single(math.sqrt(fused_of(t, t, 1.0))))
        c = single(s * t)
    cosine, sine = np.float32(c), np.float32(s)
    for first, second in ((r[row - 1], r[row]), (q[:, row - 1], q[:, row])):
        one, two = first.copy(), second.copy()
        first[...] = fused(np.full_like(one, cosine), one, sine * two)
        second[...] = fused(np.full_like(one, sine), one, -(cosine * two))


def linalg(vm: Machine) -> NativeModule:
    """The module."""
    return NativeModule("linalg", {each.name: each for each in (_cholesky, _det, _eig, _inv, _norm, _qr)})


__all__ = ["linalg"]
