"""``cmath`` (py/modcmath.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import complex_, float_, tuple_
from omvsim.numerals.single import INFINITY, power, single
from omvsim.standard.math_ import constants, evaluate

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def _parts(vm: Machine, value: Value) -> tuple[float, float]:
    """``mp_obj_get_complex``."""
    if isinstance(value, complex_.Complex):
        return value.real, value.imag
    return complex_.complex_of(vm, value)


def _size(real: float, imag: float) -> float:
    return single(single(real * real) + single(imag * imag))


def _angle(real: float, imag: float) -> float:
    return single(math.atan2(imag, real))


def _log_of(host: object, value: float) -> float:
    assert host in (math.log, math.log10)
    return -INFINITY if value == 0.0 else evaluate(host, value)


def _complex(vm: Machine, real: float, imag: float) -> Value:
    return complex_.new_complex(vm, single(real), single(imag))


def _sin(x: float) -> float:
    return evaluate(math.sin, x)


def _cos(x: float) -> float:
    return evaluate(math.cos, x)


@function("phase", 1)
def _phase(vm: Machine, z: Value) -> Value:
    return float_.new_float(vm, _angle(*_parts(vm, z)))


@function("polar", 1)
def _polar(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    size = float_.new_float(vm, single(math.sqrt(_size(real, imag))))
    return tuple_.new_tuple(vm, (size, float_.new_float(vm, _angle(real, imag))))


@function("rect", 2)
def _rect(vm: Machine, size: Value, angle: Value) -> Value:
    r, phi = vm.float_of(size), vm.float_of(angle)
    return _complex(vm, r * _cos(phi), r * _sin(phi))


@function("exp", 1)
def _exp(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    size = evaluate(math.exp, real)
    return _complex(vm, size * _cos(imag), size * _sin(imag))


@function("log", 1)
def _log(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    return _complex(vm, 0.5 * _log_of(math.log, _size(real, imag)), _angle(real, imag))


@function("log10", 1)
def _log10(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    angle = single(0.4342944819032518) * _angle(real, imag)
    return _complex(vm, 0.5 * _log_of(math.log10, _size(real, imag)), angle)


@function("sqrt", 1)
def _sqrt(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    size = power(_size(real, imag), 0.25)
    half = single(0.5 * _angle(real, imag))
    return _complex(vm, size * _cos(half), size * _sin(half))


@function("cos", 1)
def _complex_cos(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    first = _cos(real) * evaluate(math.cosh, imag)
    return _complex(vm, first, -_sin(real) * evaluate(math.sinh, imag))


@function("sin", 1)
def _complex_sin(vm: Machine, z: Value) -> Value:
    real, imag = _parts(vm, z)
    return _complex(vm, _sin(real) * evaluate(math.cosh, imag), _cos(real) * evaluate(math.sinh, imag))


_FUNCTIONS: Final = (_phase, _polar, _rect, _exp, _log, _log10, _sqrt, _complex_cos, _complex_sin)


def module(vm: Machine) -> NativeModule:
    """``cmath``."""
    return NativeModule("cmath", {**constants(("e", "pi")), **{each.name: each for each in _FUNCTIONS}})


__all__ = ["module"]
