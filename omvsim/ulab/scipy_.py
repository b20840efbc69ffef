"""``ulab.scipy`` (code/scipy)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Sentinel
from omvsim.numerals.single import single
from omvsim.ulab import making, matrices, ndarray, optimize, vector
from omvsim.ulab.fused import fused_of
from omvsim.ulab.integrate import integrate
from omvsim.ulab.layout import FLOATS, ulab_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

    Floats = NDArray[np.float32]

_FACTORS: Final = 6


@function("sosfilt", 2, None, keywords=True)
def _sosfilt(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Second-order sections, one after the other."""
    sections, signal, start = vm.parse_keywords(args, kwargs, ("sos", "x", "zi"), 2, 2)
    assert not isinstance(sections, Sentinel)
    assert not isinstance(signal, Sentinel)
    if not making.array_like(sections) or not making.array_like(signal):
        vm.raise_type("sosfilt requires iterable arguments")
    length = vm.length(signal)
    made = making.new_linear(vm, length, FLOATS)
    if isinstance(signal, ndarray.NdArray):
        if signal.ndim > 1:
            vm.raise_value("input must be one-dimensional")
        numbers: list[float] = signal.values.astype(np.float32).tolist()
    else:
        numbers = [vm.float_of(item) for item in vm.items(signal)]
    count = vm.length(sections)
    state = making.new_shaped(vm, (count, 2), FLOATS)
    kept = not isinstance(start, Sentinel) and start is not None
    if kept:
        assert not isinstance(start, Sentinel)
        making.fill(state, _initial(vm, start, count))
    states = state.values if state.size else np.zeros((0, 2), np.float32)
    for place, item in enumerate(vm.items(sections)):
        if vm.length(item) != _FACTORS:
            vm.raise_value("sos array must be of shape (n_section, 6)")
        factors = [vm.float_of(each) for each in vm.items(item)]
        if factors[3] != 1.0:
            vm.raise_value("sos[:, 3] should be all ones")
        numbers = _filtered(numbers, factors, states[place])
    making.fill(made, np.array(numbers, np.float32))
    return tuple_.new_tuple(vm, (made, state)) if kept else made


def _initial(vm: Machine, start: Value, count: int) -> Floats:
    if not isinstance(start, ndarray.NdArray):
        vm.raise_type("zi must be an ndarray")
    if start.lengths[2:] != (count, 2):
        vm.raise_value("zi must be of shape (n_section, 2)")
    if start.code != FLOATS:
        vm.raise_value("zi must be of float type")
    return start.values.astype(np.float32)


def _filtered(numbers: list[float], factors: list[float], state: Floats) -> list[float]:
    first, second = state.tolist()
    b0, b1, b2, _, a1, a2 = factors
    found = []
    for number in numbers:
        out = fused_of(b0, number, first)
        first = fused_of(-a1, out, fused_of(b1, number, second))
        second = fused_of(b2, number, -single(a2 * out))
        found.append(out)
    state[...] = (first, second)
    return found


# -- linalg -----------------------------------------------------------------------------------------------------------


def _dense(vm: Machine, *arrays: Value) -> list[NdArray]:
    found = [each for each in arrays if isinstance(each, ndarray.NdArray)]
    if len(found) < len(arrays):
        vm.raise_type("first two arguments must be ndarrays")
    if not all(each.is_dense() for each in found):
        vm.raise_type("input must be a dense ndarray")
    return found


def _substituted(matrix: Floats, right: list[float], order: Sequence[int], *, lower: bool) -> list[float]:
    """Unknown after unknown."""
    found = [0.0] * len(right)
    for row in order:
        total = 0.0
        for column in range(row) if lower else range(row + 1, matrix.shape[1]):
            total = fused_of(float(matrix[row, column]), found[column], total)
        with np.errstate(all="ignore"):
            found[row] = float(np.float32(single(right[row] - total)) / matrix[row, row])
    return found


@function("solve_triangular", 2, None, keywords=True)
def _solve_triangular(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = vm.parse_keywords(args, kwargs, ("", "", "lower"), 2, 3)
    a, b = _dense(vm, *(each for each in given[:2] if not isinstance(each, Sentinel)))
    matrix = a.values.astype(np.float32)
    if (np.abs(matrix.diagonal()) < matrices.EPSILON).any():
        vm.raise_value("input matrix is singular")
    made = making.new_dense(vm, b.shape, FLOATS)
    lower = True if isinstance(given[2], Sentinel) else vm.truth(given[2])
    right = b.values.reshape(-1).astype(np.float32).tolist()
    rows = range(len(matrix))
    found = _substituted(matrix, right, rows if lower else rows[::-1], lower=lower)
    making.fill(made, np.array(found[: made.size], np.float32))
    return made


@function("cho_solve", 2)
def _cho_solve(vm: Machine, factor: Value, right: Value) -> Value:
    """With the lower factor and its transpose, which is made first."""
    low, b = _dense(vm, factor, right)
    matrix = low.values.astype(np.float32)
    making.new_dense(vm, low.shape[:-2] + low.shape[-2:][::-1], low.code, low.values.swapaxes(-1, -2))
    made = making.new_dense(vm, b.shape, FLOATS)
    making.new_dense(vm, b.shape, FLOATS)
    numbers = b.values.reshape(-1).astype(np.float32).tolist()
    rows = range(len(matrix))
    between = _substituted(matrix, numbers, rows, lower=True)
    making.fill(made, np.array(_substituted(matrix.T, between, rows[::-1], lower=False)[: made.size], np.float32))
    return made


def names(vm: Machine) -> dict[str, Value]:
    """What the module has: its parts."""
    found: dict[str, Value] = {
        "linalg": NativeModule("linalg", {"solve_triangular": _solve_triangular, "cho_solve": _cho_solve}),
        "optimize": NativeModule("optimize", {each.name: each for each in optimize.FUNCTIONS}),
        "signal": NativeModule("signal", {"sosfilt": _sosfilt}),
        "special": NativeModule("special", {each.name: each for each in vector.SPECIAL}),
    }
    if ulab_of(vm).has_integrate:
        found["integrate"] = integrate(vm)
    return found


__all__ = ["names"]
