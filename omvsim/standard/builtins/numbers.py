"""Built-in functions of numbers: abs, bin, divmod, hex, oct, pow, round (py/modbuiltins.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import float_, int_, strformat
from omvsim.micropython.values import BinaryOp, UnaryOp
from omvsim.numerals.single import power, single

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@function("abs", 1)
def _abs(vm: Machine, value: Value) -> Value:
    return vm.unary(UnaryOp.ABS, value)


@function("bin", 1)
def _bin(vm: Machine, value: Value) -> Value:
    return strformat.format_(vm, "{:#b}", (value,), ())


@function("divmod", 2)
def _divmod(vm: Machine, left: Value, right: Value) -> Value:
    return vm.binary(BinaryOp.DIVMOD, left, right)


@function("hex", 1)
def _hex(vm: Machine, value: Value) -> Value:
    return vm.binary(BinaryOp.MODULO, "%#x", value)


@function("oct", 1)
def _oct(vm: Machine, value: Value) -> Value:
    return vm.binary(BinaryOp.MODULO, "%#o", value)


@function("pow", 2, 3)
def _pow(vm: Machine, base: Value, exponent: Value, *modulus: Value) -> Value:
    if modulus:
        return int_.pow3(vm, base, exponent, modulus[0])
    return vm.binary(BinaryOp.POWER, base, exponent)


@function("round", 1, 2)
def _round(vm: Machine, value: Value, *digits: Value) -> Value:
    if int_.is_int(value):
        return _round_int(vm, value, vm.int_of(digits[0])) if digits else value
    number = vm.float_of(value)
    if digits:
        factor = power(10.0, float(vm.int_of(digits[0])))
        product = single(number * factor)
        return float_.new_float(vm, _divide(_nearest(product), factor))
    return int_.int_from_float(vm, float_.Float(vm.memory, 0, _nearest(number)))


def _divide(number: float, factor: float) -> float:
    """A quotient as the hardware gives it."""
    if factor == 0.0:
        return single(number * float("inf")) if number else float("nan")
    return single(number / factor)


def _nearest(number: float) -> float:
    """``nearbyint``: the nearest whole number, the even one of two; the sign of a zero stays."""
    return float(round(number)) or number * 0.0 if math.isfinite(number) else number


def _round_int(vm: Machine, value: Value, digits: int) -> Value:
    """To tens, hundreds …: every step is an operation of its own, which may ask for a big int."""
    if digits >= 0:
        return value
    factor = vm.binary(BinaryOp.POWER, 10, -digits)
    half = vm.binary(BinaryOp.FLOOR_DIVIDE, factor, 2)
    rest = vm.binary(BinaryOp.MODULO, value, factor)
    rounded = vm.binary(BinaryOp.SUBTRACT, value, rest)
    if vm.truth(vm.binary(BinaryOp.MORE, half, rest)):
        return rounded
    if vm.truth(vm.binary(BinaryOp.MORE, rest, half)):
        return vm.binary(BinaryOp.ADD, rounded, factor)
    floor = vm.binary(BinaryOp.FLOOR_DIVIDE, value, factor)
    return vm.binary(BinaryOp.ADD, rounded, factor) if vm.truth(vm.binary(BinaryOp.AND, floor, 1)) else rounded


FUNCTIONS: Final[tuple[NativeFunction, ...]] = (_abs, _bin, _divmod, _hex, _oct, _pow, _round)

__all__ = ["FUNCTIONS"]
