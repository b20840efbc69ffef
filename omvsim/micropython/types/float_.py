"""float: single precision, 8 bytes (py/objfloat.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.strings import decode
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType
from omvsim.micropython.operators import NORMAL_OF
from omvsim.micropython.types import buffers, complex_, int_, tuple_
from omvsim.micropython.types.common import small
from omvsim.micropython.types.numbertext import parse_decimal
from omvsim.micropython.types.padding import Spec, print_float
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value
from omvsim.numerals.floattext import REPR_PRECISION
from omvsim.numerals.single import bits_of, from_bits, of_int, power, single, to_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class Float(Obj):
    """``value`` is a host float that is a single-precision number."""

    __slots__ = ("value",)
    type_name: ClassVar[str] = "float"
    equals_other_types = True
    equals_itself = False

    def __init__(self, memory: Memory | None, address: int, value: float) -> None:
        self.address = address
        if memory is not None:
            self.memory = memory
        self.value = value

    def key(self) -> object:
        return self if self.value != self.value else self.value

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        value = self.value
        if op is UnaryOp.BOOL:
            return value != 0.0
        if op is UnaryOp.HASH:
            return float_hash(value)
        if op is UnaryOp.POSITIVE:
            return self
        if op is UnaryOp.NEGATIVE or (op is UnaryOp.ABS and math.copysign(1.0, value) < 0):
            return new_float(vm, -value)
        return self if op is UnaryOp.ABS else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if type(rhs) is Float:
            simple = _SIMPLE.get(op)
            if simple is not None:
                result = single(simple(self.value, rhs.value))
                if not vm.port.floats_are_objects:
                    return _in_word(vm, result)
                return Float(vm.memory, vm.memory.alloc(sizes.FLOAT), result)
        if isinstance(rhs, complex_.Complex):
            return complex_.complex_binary(vm, op, self.value, 0.0, rhs)
        return float_binary(vm, op, self.value, rhs)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        spec = Spec(always_decimal=True, precision=REPR_PRECISION)
        print_float(vm, out, self.value, "g", spec)


def float_hash(value: float) -> int:
    """``mp_float_hash``: the whole part, as a small int."""
    return small(to_word(value))


def new_float(vm: Machine, value: float) -> Float:
    """``mp_obj_new_float`` of a single-precision number."""
    if not vm.port.floats_are_objects:
        return _in_word(vm, value)
    return Float(vm.memory, vm.memory.alloc(sizes.FLOAT), value)


def _in_word(vm: Machine, value: float) -> Float:
    """A float as part of a word (object representation C, ``mp_obj_new_float`` in py/obj.h): its last two bits go.

    From 1.26 on the two bits before them are taken for them when it is read (``mp_obj_float_get``).
    """
    if math.isnan(value):
        return Float(None, 0, value)
    bits = bits_of(value) & ~3
    return Float(None, 0, from_bits(bits | bits >> 2 & 3 if vm.dialect.floats_keep_guess else bits))


def float_maybe(vm: Machine, value: Value) -> float | None:
    """``mp_obj_get_float_maybe``."""
    if type(value) is Float:
        return value.value
    if isinstance(value, int) or int_.is_int(value):
        return of_int(int(value)) if isinstance(value, int) else int_.as_float(value)  # type: ignore[arg-type]
    if value is None or type(value) is str:
        return None
    converted = vm.unary_maybe(UnaryOp.FLOAT, value)
    return converted.value if isinstance(converted, Float) else None


_SIMPLE = {
    BinaryOp.ADD: float.__add__,
    BinaryOp.INPLACE_ADD: float.__add__,
    BinaryOp.SUBTRACT: float.__sub__,
    BinaryOp.INPLACE_SUBTRACT: float.__sub__,
    BinaryOp.MULTIPLY: float.__mul__,
    BinaryOp.INPLACE_MULTIPLY: float.__mul__,
}
_DIVISIONS = (BinaryOp.TRUE_DIVIDE, BinaryOp.FLOOR_DIVIDE, BinaryOp.MODULO, BinaryOp.DIVMOD)
_ORDERS = {
    BinaryOp.LESS: float.__lt__,
    BinaryOp.MORE: float.__gt__,
    BinaryOp.EQUAL: float.__eq__,
    BinaryOp.LESS_EQUAL: float.__le__,
    BinaryOp.MORE_EQUAL: float.__ge__,
}


def float_binary(vm: Machine, op: BinaryOp, left: float, rhs: Value) -> Value | Sentinel:
    """``mp_obj_float_binary_op``: a float on the left, anything that is a number on the right."""
    right = rhs.value if type(rhs) is Float else float_maybe(vm, rhs)
    if right is None:
        return UNSUPPORTED
    simple = _SIMPLE.get(op)
    if simple is not None:
        return new_float(vm, single(simple(left, right)))
    order = _ORDERS.get(op)
    if order is not None:
        return order(left, right)
    op = NORMAL_OF.get(op, op)
    if op is BinaryOp.POWER:
        return float_power(vm, left, right, rhs)
    return _divided(vm, op, left, right) if op in _DIVISIONS else UNSUPPORTED


def _divided(vm: Machine, op: BinaryOp, left: float, right: float) -> Value:
    if right == 0.0:
        vm.error(Error.ZERO_DIVISION, "divide by zero")
    if op is BinaryOp.TRUE_DIVIDE:
        return new_float(vm, single(left / right))
    if op is BinaryOp.MODULO:
        return new_float(vm, _modulo(left, right))
    whole, rest = _divmod(left, right)
    if op is BinaryOp.FLOOR_DIVIDE:
        return new_float(vm, whole)
    first = new_float(vm, whole)
    second = new_float(vm, rest)
    return tuple_.new_tuple(vm, (first, second))


def _fmod(left: float, right: float) -> float:
    if math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _modulo(left: float, right: float) -> float:
    """The sign of the divisor, zeroes included."""
    rest = _fmod(left, right)
    if rest == 0.0:
        return math.copysign(0.0, right)
    return single(rest + right) if (rest < 0) != (right < 0) else rest


def _divmod(left: float, right: float) -> tuple[float, float]:
    """``mp_obj_float_divmod``."""
    rest = _fmod(left, right)
    whole = single(single(left - rest) / right)
    if rest == 0.0:
        rest = math.copysign(0.0, right)
    elif (rest < 0) != (right < 0):
        rest = single(rest + right)
        whole = single(whole - 1.0)
    if whole == 0.0:
        return math.copysign(0.0, single(left / right)), rest
    if math.isnan(whole) or math.isinf(whole):
        return whole, rest
    floor = float(math.floor(whole))
    return (single(floor + 1.0) if whole - floor > 0.5 else floor), rest


def float_power(vm: Machine, left: float, right: float, rhs: Value) -> Value | Sentinel:
    """``**``: a negative base with a broken exponent is complex."""
    if left == 0.0 and right < 0 and not math.isinf(right):
        vm.error(Error.ZERO_DIVISION, "divide by zero")
    if left < 0 and not math.isnan(right) and not math.isinf(right) and right != math.floor(right):
        return complex_.complex_binary(vm, BinaryOp.POWER, left, 0.0, rhs)
    return new_float(vm, power(left, right))


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    if not args:
        return new_float(vm, 0.0)
    value = args[0]
    data = buffers.buffer_maybe(value)
    if data is not None:
        return parse_decimal(vm, decode(bytes(data)), imaginary=False, force_complex=False)
    return value if isinstance(value, Float) else new_float(vm, vm.float_of(value))


FLOAT = NativeType("float", Float, _make_new)

__all__ = ["FLOAT", "Float", "float_binary", "float_hash", "float_maybe", "float_power", "new_float"]
