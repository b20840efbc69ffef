"""``ulab.scipy.optimize`` (code/scipy/optimize/optimize.c): each evaluation makes a float and calls the function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.micropython.native import function
from omvsim.micropython.values import Obj, Sentinel
from omvsim.numerals.single import single
from omvsim.ulab.fused import fused_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

_TOLERANCE: Final = single(2.4e-7)
_EPSILON: Final = single(1.2e-7)
_STEP: Final = single(1.0e-4)
_NONZERO_DELTA: Final = single(0.05)
_ZERO_DELTA: Final = single(0.00025)


class _Function:
    """The function of the script."""

    def __init__(self, vm: Machine, fun: Value | Sentinel) -> None:
        if not isinstance(fun, Obj) or type(fun).call is Obj.call:
            vm.raise_type("first argument must be a function")
        self._vm = vm
        self._fun = fun

    def __call__(self, x: float) -> float:
        vm = self._vm
        return vm.float_of(vm.call(self._fun, (vm.new_float(x),)))


def _float(vm: Machine, value: Value | Sentinel, default: float) -> float:
    return default if isinstance(value, Sentinel) else vm.float_of(value)


def _int(vm: Machine, value: Value | Sentinel, default: int) -> int:
    return default if isinstance(value, Sentinel) else vm.int_of(value)


def _quotient(first: float, second: float) -> float:
    with np.errstate(all="ignore"):
        return float(np.float32(first) / np.float32(second))


@function("bisect", 3, None, keywords=True)
def _bisect(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = vm.parse_keywords(args, kwargs, ("", "", "", "xtol", "maxiter"), 3, 3)
    most = _int(vm, given[4], 100)
    fun = _Function(vm, given[0])
    tolerance = _float(vm, given[3], _TOLERANCE)
    a, b = _float(vm, given[1], 0.0), _float(vm, given[2], 0.0)
    left, right = fun(a), fun(b)
    if single(left * right) > 0:
        vm.raise_value("function has the same sign at the ends of interval")
    found, step = (a, single(b - a)) if left < 0.0 else (b, single(a - b))
    if most < 0:
        vm.raise_value("maxiter should be > 0")
    for _ in range(most):
        step = single(step * 0.5)
        middle = single(found + step)
        if fun(middle) < 0.0:
            found = middle
        if abs(step) < tolerance:
            break
    return vm.new_float(found)


@function("newton", 2, None, keywords=True)
def _newton(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The secant method."""
    given = vm.parse_keywords(args, kwargs, ("", "", "tol", "rtol", "maxiter"), 2, 2)
    most = _int(vm, given[4], 50)
    fun = _Function(vm, given[0])
    x = _float(vm, given[1], 0.0)
    tolerance, relative = _float(vm, given[2], _TOLERANCE), _float(vm, given[3], 0.0)
    step = single(_STEP * x) if x > 0.0 else single(-_STEP * x)
    if most <= 0:
        vm.raise_value("maxiter must be > 0")
    for _ in range(most):
        value = fun(x)
        slope = _quotient(single(fun(single(x + step)) - value), step)
        step = _quotient(value, slope)
        x = single(x - step)
        if abs(step) < fused_of(relative, abs(x), tolerance):
            break
    return vm.new_float(x)


@function("fmin", 2, None, keywords=True)
def _fmin(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A simplex of two points."""
    given = vm.parse_keywords(args, kwargs, ("", "", "xatol", "fatol", "maxiter"), 2, 2)
    most = _int(vm, given[4], 200)
    fun = _Function(vm, given[0])
    x_tolerance, f_tolerance = _float(vm, given[2], _TOLERANCE), _float(vm, given[3], _TOLERANCE)
    if most <= 0:
        vm.raise_value("maxiter must be > 0")
    best = _float(vm, given[1], 0.0)
    other = single(single(1.0 + _NONZERO_DELTA) * best) if abs(best) > _EPSILON else _ZERO_DELTA
    f_best, f_other = fun(best), fun(other)
    if f_other < f_best:
        best, other = other, best
    for _ in range(most & 0xFFFF):
        f_best, f_other = fun(best), fun(other)
        other, f_other, expanded = _moved(fun, best, other, (f_best, f_other))
        if expanded:
            continue
        if abs(single(f_other - f_best)) < f_tolerance or abs(single(other - best)) < x_tolerance:
            break
        if f_other < f_best:
            best, other = other, best
    return vm.new_float(best)


def _moved(fun: _Function, best: float, other: float, values: tuple[float, float]) -> tuple[float, float, bool]:
    """The worse point reflected, and further, or nearer; whether it went further or stayed reflected."""
    f_best, f_other = values
    reflected = fused_of(2.0, best, -other)
    f_reflected = fun(reflected)
    if f_reflected < f_best:
        further = fused_of(3.0, best, -single(2.0 * other))
        f_further = fun(further)
        better = f_further < f_reflected
        return (further, f_further, True) if better else (reflected, f_reflected, True)
    if f_reflected < f_other:
        nearer, limit = fused_of(1.5, best, -single(0.5 * other)), f_reflected
    else:
        nearer, limit = fused_of(0.5, best, single(0.5 * other)), f_other
    f_nearer = fun(nearer)
    if f_nearer < limit:
        return nearer, f_nearer, False
    shrunk = fused_of(0.5, single(other - best), best)
    return shrunk, fun(shrunk), False


FUNCTIONS: Final = (_bisect, _fmin, _newton)

__all__ = ["FUNCTIONS"]
