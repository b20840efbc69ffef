"""Operators of ints: small ones (py/runtime.c, mp_binary_op), and as soon as one is big (py/objint_mpz.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.errors import Error
from omvsim.micropython.operators import NORMAL_OF
from omvsim.micropython.types import float_, int_, sequences, tuple_
from omvsim.micropython.types.common import word
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN, UNSUPPORTED, BinaryOp, Obj, Sentinel, Value
from omvsim.numerals import mpz, single

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine

# -- small ints (mp_binary_op in py/runtime.c) ------------------------------------------------------------------------


def _divide_by_zero(vm: Machine) -> Value:
    vm.error(Error.ZERO_DIVISION, "divide by zero")


def _small_product(vm: Machine, a: int, b: int) -> Value | Sentinel:
    result = a * b
    if SMALL_INT_MIN <= result <= SMALL_INT_MAX:
        return result
    if vm.dialect.product_in_machine_word and word(result) == result:
        return int_.from_word(vm, result)
    return big_binary(vm, BinaryOp.MULTIPLY, int_.from_word(vm, a), b)


def _small_shift_left(vm: Machine, a: int, b: int) -> Value | Sentinel:
    if b < 0:
        vm.raise_value("negative shift count")
    if b >= 32 or a > (SMALL_INT_MAX >> b) or a < (SMALL_INT_MIN >> b):
        return big_binary(vm, BinaryOp.LSHIFT, int_.from_word(vm, a), b)
    return a << b


def _small_shift_right(vm: Machine, a: int, b: int) -> Value | Sentinel:
    if b < 0:
        vm.raise_value("negative shift count")
    return a >> min(b, 31)


def _small_power(vm: Machine, a: int, b: int) -> Value | Sentinel:
    if b < 0:
        return float_.float_power(vm, single.of_int(a), single.of_int(b), b)
    low, high = (-(1 << 31), (1 << 31) - 1) if vm.dialect.product_in_machine_word else (SMALL_INT_MIN, SMALL_INT_MAX)
    result, square, rest = 1, a, b
    while rest > 0:
        if rest & 1:
            result *= square
            if not low <= result <= high:
                return big_binary(vm, BinaryOp.POWER, int_.from_word(vm, a), b)
        if rest == 1:
            break
        rest >>= 1
        square *= square
        if not low <= square <= high:
            return big_binary(vm, BinaryOp.POWER, int_.from_word(vm, a), b)
    return int_.new_int(vm, result)


def _small_true_divide(vm: Machine, a: int, b: int) -> Value | Sentinel:
    if b == 0:
        return _divide_by_zero(vm)
    return float_.new_float(vm, single.single(single.of_int(a) / single.of_int(b)))


def _small_divmod(vm: Machine, a: int, b: int) -> Value | Sentinel:
    if b == 0:
        return _divide_by_zero(vm)
    return tuple_.new_tuple(vm, divmod(a, b))


_SMALL: dict[BinaryOp, Callable[[Machine, int, int], Value | Sentinel]] = {
    BinaryOp.OR: lambda _, a, b: a | b,
    BinaryOp.XOR: lambda _, a, b: a ^ b,
    BinaryOp.AND: lambda _, a, b: a & b,
    BinaryOp.LSHIFT: _small_shift_left,
    BinaryOp.RSHIFT: _small_shift_right,
    BinaryOp.ADD: lambda vm, a, b: int_.new_int(vm, a + b),
    BinaryOp.SUBTRACT: lambda vm, a, b: int_.new_int(vm, a - b),
    BinaryOp.MULTIPLY: _small_product,
    BinaryOp.FLOOR_DIVIDE: lambda vm, a, b: int_.new_int(vm, a // b) if b else _divide_by_zero(vm),
    BinaryOp.MODULO: lambda vm, a, b: a % b if b else _divide_by_zero(vm),
    BinaryOp.TRUE_DIVIDE: _small_true_divide,
    BinaryOp.POWER: _small_power,
    BinaryOp.DIVMOD: _small_divmod,
    BinaryOp.LESS: lambda _, a, b: a < b,
    BinaryOp.MORE: lambda _, a, b: a > b,
    BinaryOp.EQUAL: lambda _, a, b: a == b,
    BinaryOp.LESS_EQUAL: lambda _, a, b: a <= b,
    BinaryOp.MORE_EQUAL: lambda _, a, b: a >= b,
}
_SMALL.update({inplace: _SMALL[plain] for inplace, plain in NORMAL_OF.items() if plain in _SMALL})


def small_binary(vm: Machine, op: BinaryOp, a: int, b: int) -> Value | Sentinel:
    """Two small ints."""
    handler = _SMALL.get(op)
    return UNSUPPORTED if handler is None else handler(vm, a, b)


# -- big ints (mp_obj_int_binary_op in py/objint_mpz.c) ---------------------------------------------------------------


def _compare(op: BinaryOp, a: int, b: int) -> Value | Sentinel:
    handler = _SMALL[op] if op in _COMPARISONS else None
    return UNSUPPORTED if handler is None else handler(None, a, b)  # type: ignore[arg-type]  # comparing needs no machine


_COMPARISONS = {BinaryOp.LESS, BinaryOp.MORE, BinaryOp.EQUAL, BinaryOp.LESS_EQUAL, BinaryOp.MORE_EQUAL}
_DIVISIONS = {BinaryOp.FLOOR_DIVIDE, BinaryOp.MODULO, BinaryOp.DIVMOD}


def big_binary(vm: Machine, op: BinaryOp, lhs: int | Obj, rhs: int | Obj) -> Value | Sentinel:
    """``mp_obj_int_binary_op`` of two ints, one of them big at least where the result may be."""
    op = NORMAL_OF.get(op, op)
    left, right = int_.mpz_of(vm.memory, lhs), int_.mpz_of(vm.memory, rhs)
    if op is BinaryOp.TRUE_DIVIDE:
        if right.value == 0:
            return _divide_by_zero(vm)
        return float_.new_float(vm, single.single(_quotient(single.of_big(left.value), single.of_big(right.value))))
    if op in _COMPARISONS or op in (BinaryOp.CONTAINS, BinaryOp.IN) or op.name.startswith("REVERSE_"):
        return _compare(op, left.value, right.value)
    result = int_.Int(vm.memory)
    target = result.mpz
    if op is BinaryOp.ADD:
        mpz.add(target, left, right, 1)
    elif op is BinaryOp.SUBTRACT:
        mpz.add(target, left, right, -1)
    elif op is BinaryOp.MULTIPLY:
        mpz.multiply(target, left, right)
    elif op in _DIVISIONS:
        return _divisions(vm, op, result, left, right)
    elif op in (BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR):
        mpz.bitwise(target, op.value, left, right)
    elif op in (BinaryOp.LSHIFT, BinaryOp.RSHIFT):
        _shift(vm, op, target, left, rhs)
    elif op is BinaryOp.POWER:
        if right.value < 0:
            return float_.float_power(vm, single.of_big(left.value), int_.as_float(rhs), rhs)
        mpz.raise_to(target, left, right)
    else:
        return UNSUPPORTED
    return int_.finish(result)


def _quotient(a: float, b: float) -> float:
    if a in (single.INFINITY, -single.INFINITY) and b in (single.INFINITY, -single.INFINITY):
        return single.NAN
    return a / b


def _divisions(vm: Machine, op: BinaryOp, result: int_.Int, left: mpz.Mpz, right: mpz.Mpz) -> Value:
    if right.value == 0:
        return _divide_by_zero(vm)
    if op is BinaryOp.DIVMOD:
        whole = int_.Int(vm.memory)
        mpz.divide(whole.mpz, result.mpz, left, right)
        return tuple_.new_tuple(vm, (whole, result))
    other = mpz.Mpz(vm.memory)
    if op is BinaryOp.FLOOR_DIVIDE:
        mpz.divide(result.mpz, other, left, right)
    else:
        mpz.divide(other, result.mpz, left, right)
    other.free()
    return int_.finish(result)


def _shift(vm: Machine, op: BinaryOp, target: mpz.Mpz, left: mpz.Mpz, rhs: int | Obj) -> None:
    count = int_.int_value(rhs)
    if word(count) != count:
        vm.error(Error.OVERFLOW, "overflow converting long int to machine word")
    if count < 0:
        vm.raise_value("negative shift count")
    (mpz.shift_left if op is BinaryOp.LSHIFT else mpz.shift_right)(target, left, count)


def extra_cases(vm: Machine, op: BinaryOp, lhs: int | Obj, rhs: Value) -> Value | Sentinel:
    """``mp_obj_int_binary_opextra_cases``: a bool on the right, or ``int * sequence``."""
    if type(rhs) is bool:
        return vm.binary(op, lhs, int(rhs))
    if op is BinaryOp.MULTIPLY and sequences.repeats(rhs):
        return vm.binary(op, rhs, lhs)
    return UNSUPPORTED


__all__ = ["big_binary", "extra_cases", "small_binary"]
