"""Matrices in single precision, in place (code/numpy/linalg/linalg_tools.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.numerals.single import single
from omvsim.ulab.fused import fused, fused_of
from omvsim.ulab.layout import FLOAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine

    Floats = NDArray[np.float32]

EPSILON: Final = single(1.2e-7)
_SWEEPS: Final = 20
"""``JACOBI_MAX``."""


def eliminate(data: Floats, row: int, others: Floats | None = None) -> None:
    """Subtract a row from all other rows so that its column becomes zero there."""
    for each in range(len(data)):
        if each != row:
            with np.errstate(all="ignore"):
                factor = np.full(data.shape[1], data[each, row] / data[row, row], np.float32)
            data[each] = fused(-factor, data[row], data[each])
            if others is not None:
                others[each] = fused(-factor, others[row], others[each])


def swap_for_pivot(data: Floats, row: int, others: Floats | None = None) -> bool | None:
    """Bring a row with a pivot to a place: None if there was one, True if rows were swapped, False if there is none."""
    if not abs(float(data[row, row])) < EPSILON:
        return None
    for other in range(row + 1, len(data)):
        if not abs(float(data[other, row])) < EPSILON:
            data[[row, other]] = data[[other, row]]
            if others is not None:
                others[[row, other]] = others[[other, row]]
            return True
    return False


def invert(vm: Machine, data: Floats) -> bool:
    """``linalg_invert_matrix``: with a block for the other matrix; false for a singular one."""
    size = len(data)
    block = vm.memory.block(FLOAT * size * size)
    unit = np.eye(size, dtype=np.float32)
    for row in range(size):
        if swap_for_pivot(data, row, unit) is False:
            vm.memory.free(block)
            return False
        eliminate(data, row, unit)
    with np.errstate(all="ignore"):
        data[...] = unit / data.diagonal()[:, None]
    vm.memory.free(block)
    return True


def jacobi(matrix: Floats, vectors: Floats) -> int:
    """``linalg_jacobi_rotations``: eigenvalues on the diagonal; iterations that were left."""
    size = len(matrix)
    vectors[...] = np.eye(size, dtype=np.float32)
    left = _SWEEPS * size * size
    while True:
        left -= 1
        pivot = _pivot(matrix)
        if sum(pivot) == 0:
            return left
        _rotate(matrix, vectors, *pivot)
        if left <= 0:
            return left


def _pivot(matrix: Floats) -> tuple[int, int]:
    found, largest = (0, 0), 0.0
    for row in range(len(matrix) - 1):
        for column in range(row + 1, len(matrix)):
            size = abs(float(matrix[row, column]))
            if largest < size and size > EPSILON:
                found, largest = (row, column), size
    return found


def _rotate(matrix: Floats, vectors: Floats, m: int, n: int) -> None:
    off = float(matrix[m, n])
    w = single(single(float(matrix[n, n]) - float(matrix[m, m])) / single(2.0 * off))
    root = single(math.sqrt(fused_of(w, w, 1.0)))
    t = single(root - w) if w > 0 else -single(root + w)
    norm = single(math.sqrt(fused_of(t, t, 1.0)))
    s, c = single(t / norm), single(1.0 / norm)
    # An angle too small for a single makes 0 / 0: what is multiplied with it is no number, the diagonal stays.
    tau = single(single(1.0 - c) / s) if s else math.nan
    matrix[m, m] = fused_of(-t, off, float(matrix[m, m]))
    matrix[n, n] = fused_of(t, off, float(matrix[n, n]))
    matrix[m, n] = matrix[n, m] = 0.0
    for k in range(len(matrix)):
        if k in (m, n):
            continue
        first, second = float(matrix[m, k]), float(matrix[n, k])
        matrix[m, k] = matrix[k, m] = fused_of(-s, fused_of(tau, first, second), first)
        matrix[n, k] = matrix[k, n] = fused_of(s, fused_of(-tau, second, first), second)
    for row in vectors:
        first, second = float(row[m]), float(row[n])
        row[m] = fused_of(c, first, -single(s * second))
        row[n] = fused_of(s, first, single(c * second))


__all__ = ["EPSILON", "eliminate", "invert", "jacobi", "swap_for_pivot"]
