"""``math`` (py/modmath.c): single precision, a float of 8 bytes each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import float_, int_, tuple_
from omvsim.micropython.values import BinaryOp, Sentinel
from omvsim.numerals.single import INFINITY, NAN, power, single

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

    One = Callable[[float], float]
    Two = Callable[[float, float], float]

_LOG2_E: Final = single(1.442695040888963407354163704)


def _domain(vm: Machine) -> NoReturn:
    vm.raise_value("math domain error")


def evaluate(host: One, x: float) -> float:
    """A function of the C library: infinite beyond the range, no number outside of its domain."""
    try:
        return single(host(x))
    except OverflowError:
        return -INFINITY if x < 0 and host in (math.sinh, math.expm1) else INFINITY
    except ValueError:
        return NAN


def _checked(vm: Machine, answer: float, *given: float) -> Value:
    if (math.isnan(answer) and not any(map(math.isnan, given))) or (
        math.isinf(answer) and not any(map(math.isinf, given))
    ):
        _domain(vm)
    return float_.new_float(vm, answer)


def _one(name: str, host: One) -> NativeFunction:
    """``math_generic_1``."""

    @function(name, 1)
    def call(vm: Machine, value: Value) -> Value:
        x = vm.float_of(value)
        return _checked(vm, evaluate(host, x), x)

    return call


def _two(name: str, host: Two) -> NativeFunction:
    """``math_generic_2``."""

    @function(name, 2)
    def call(vm: Machine, first: Value, second: Value) -> Value:
        x, y = vm.float_of(first), vm.float_of(second)
        try:
            answer = single(host(x, y))
        except ValueError:
            answer = NAN
        return _checked(vm, answer, x, y)

    return call


def _whole(name: str, host: Callable[[float], int]) -> NativeFunction:
    @function(name, 1)
    def call(vm: Machine, value: Value) -> Value:
        x = vm.float_of(value)
        answer = float(host(x)) if math.isfinite(x) else x
        return int_.int_from_float(vm, float_.Float(vm.memory, 0, answer))

    return call


def _test(name: str, host: Callable[[float], bool]) -> NativeFunction:
    @function(name, 1)
    def call(vm: Machine, value: Value) -> Value:
        return host(vm.float_of(value))

    return call


def _log2(x: float) -> float:
    """The port makes its own of ``logf`` (MP_NEED_LOG2)."""
    return single(math.log(x)) * _LOG2_E if x > 0 else math.log(x) if x < 0 or x != 0 else -INFINITY


def _log10(x: float) -> float:
    return math.log10(x) if x else -INFINITY


def _gamma(x: float) -> float:
    if x == 0.0:
        return math.copysign(INFINITY, x)
    return math.gamma(x)


def _lgamma(x: float) -> float:
    return INFINITY if x <= 0 and x == math.floor(x) else math.lgamma(x)


def _atanh(x: float) -> float:
    return math.copysign(INFINITY, x) if abs(x) == 1.0 else math.atanh(x)


@function("ldexp", 2)
def _ldexp(vm: Machine, value: Value, exponent: Value) -> Value:
    x, shift = vm.float_of(value), vm.int_of(exponent)
    try:
        return float_.new_float(vm, single(math.ldexp(x, shift)))
    except OverflowError:
        return float_.new_float(vm, math.copysign(INFINITY, x))


@function("isclose", 2, None, keywords=True)
def _isclose(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    relative, absolute = vm.parse_keywords(args[2:], kwargs, ("rel_tol", "abs_tol"), 0, 0)
    a, b = vm.float_of(args[0]), vm.float_of(args[1])
    rel = single(1e-9) if isinstance(relative, Sentinel) else vm.float_of(relative)
    least = 0.0 if isinstance(absolute, Sentinel) else vm.float_of(absolute)
    if rel < 0.0 or least < 0.0:
        _domain(vm)
    if a == b:
        return True
    difference = abs(single(a - b))
    if math.isinf(difference):
        return False
    return difference <= least or difference <= abs(single(rel * a)) or difference <= abs(single(rel * b))


@function("log", 1, 2)
def _log(vm: Machine, value: Value, *base: Value) -> Value:
    x = vm.float_of(value)
    if x <= 0.0:
        _domain(vm)
    answer = single(math.log(x))
    if not base:
        return float_.new_float(vm, answer)
    to = vm.float_of(base[0])
    if to <= 0.0:
        _domain(vm)
    if to == 1.0:
        vm.error(Error.ZERO_DIVISION, "divide by zero")
    return float_.new_float(vm, single(answer / single(math.log(to))))


@function("frexp", 1)
def _frexp(vm: Machine, value: Value) -> Value:
    part, exponent = math.frexp(vm.float_of(value))
    return tuple_.new_tuple(vm, (float_.new_float(vm, part), exponent))


@function("modf", 1)
def _modf(vm: Machine, value: Value) -> Value:
    rest, whole = math.modf(vm.float_of(value))
    first = float_.new_float(vm, rest)
    return tuple_.new_tuple(vm, (first, float_.new_float(vm, whole)))


@function("radians", 1)
def _radians(vm: Machine, value: Value) -> Value:
    return float_.new_float(vm, single(vm.float_of(value) * single(single(math.pi) / 180.0)))


@function("degrees", 1)
def _degrees(vm: Machine, value: Value) -> Value:
    return float_.new_float(vm, single(vm.float_of(value) * single(180.0 / single(math.pi))))


def _product(vm: Machine, first: int, last: int) -> Value:
    """``mp_math_factorial_inner``: halves, each product an operation of its own."""
    if first == last:
        return first
    if last - first == 1:
        return vm.binary(BinaryOp.MULTIPLY, first, last)
    if last - first == 2:
        return vm.binary(BinaryOp.MULTIPLY, vm.binary(BinaryOp.MULTIPLY, first, first + 1), last)
    middle = first + ((last - first) >> 1)
    left = _product(vm, first, middle)
    return vm.binary(BinaryOp.MULTIPLY, left, _product(vm, middle + 1, last))


@function("factorial", 1)
def _factorial(vm: Machine, value: Value) -> Value:
    """``MICROPY_OPT_MATH_FACTORIAL``."""
    most = vm.int_of(value)
    if most < 0:
        vm.raise_value("negative factorial")
    return _product(vm, 1, most) if most else 1


_FUNCTIONS: Final = (
    _one("sqrt", math.sqrt),
    _two("pow", power),
    _one("exp", math.exp),
    _one("expm1", math.expm1),
    _log,
    _one("log2", _log2),
    _one("log10", _log10),
    _one("cosh", math.cosh),
    _one("sinh", math.sinh),
    _one("tanh", math.tanh),
    _one("acosh", math.acosh),
    _one("asinh", math.asinh),
    _one("atanh", _atanh),
    _one("cos", math.cos),
    _one("sin", math.sin),
    _one("tan", math.tan),
    _one("acos", math.acos),
    _one("asin", math.asin),
    _one("atan", math.atan),
    _two("atan2", math.atan2),
    _whole("ceil", math.ceil),
    _two("copysign", math.copysign),
    _one("fabs", math.fabs),
    _whole("floor", math.floor),
    _two("fmod", math.fmod),
    _frexp,
    _ldexp,
    _modf,
    _test("isfinite", math.isfinite),
    _test("isinf", math.isinf),
    _test("isnan", math.isnan),
    _isclose,
    _whole("trunc", math.trunc),
    _radians,
    _degrees,
    _factorial,
    _one("erf", math.erf),
    _one("erfc", math.erfc),
    _one("gamma", _gamma),
    _one("lgamma", _lgamma),
)
_CONSTANTS: Final = {"e": math.e, "pi": math.pi, "tau": math.tau, "inf": INFINITY, "nan": NAN}


def constants(names: Sequence[str]) -> dict[str, Value]:
    """Floats in ROM."""
    return {name: float_.Float(None, 0, single(_CONSTANTS[name])) for name in names}


def module(vm: Machine) -> NativeModule:
    """``math``."""
    return NativeModule("math", {**constants(list(_CONSTANTS)), **{each.name: each for each in _FUNCTIONS}})


__all__ = ["constants", "evaluate", "module"]
