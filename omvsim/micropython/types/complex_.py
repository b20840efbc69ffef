"""complex: two singles, 12 bytes (py/objcomplex.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType
from omvsim.micropython.operators import NORMAL_OF
from omvsim.micropython.types import float_, str_
from omvsim.micropython.types.numbertext import parse_decimal
from omvsim.micropython.types.padding import Spec, print_float
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value
from omvsim.numerals.floattext import REPR_PRECISION
from omvsim.numerals.single import single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class Complex(Obj):
    """Parts are host floats that are single-precision numbers."""

    __slots__ = ("imag", "real")
    type_name: ClassVar[str] = "complex"
    equals_other_types = True
    equals_itself = False

    def __init__(self, memory: Memory, address: int, real: float, imag: float) -> None:
        super().__init__(memory, address)
        self.real = real
        self.imag = imag

    def key(self) -> object:
        if self.real != self.real or self.imag != self.imag:
            return self
        return complex(self.real, self.imag)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.real != 0.0 or self.imag != 0.0
        if op is UnaryOp.HASH:
            return float_.float_hash(self.real) ^ float_.float_hash(self.imag)
        if op is UnaryOp.POSITIVE:
            return self
        if op is UnaryOp.NEGATIVE:
            return new_complex(vm, -self.real, -self.imag)
        return float_.new_float(vm, _length(self.real, self.imag)) if op is UnaryOp.ABS else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        return complex_binary(vm, op, self.real, self.imag, rhs)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        if name in ("real", "imag"):
            return float_.new_float(vm, self.real if name == "real" else self.imag)
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        spec = Spec(precision=REPR_PRECISION)
        if self.real != 0.0:
            out("(")
            print_float(vm, out, self.real, "g", spec)
            spec.sign = "+"
        print_float(vm, out, self.imag, "g", spec)
        out("j)" if self.real != 0.0 else "j")


def _length(real: float, imag: float) -> float:
    squares = single(single(real * real) + single(imag * imag))
    return single(math.sqrt(squares)) if not math.isnan(squares) else squares


def new_complex(vm: Machine, real: float, imag: float) -> Complex:
    """``mp_obj_new_complex``."""
    return Complex(vm.memory, vm.memory.alloc(sizes.COMPLEX), real, imag)


def complex_maybe(vm: Machine, value: Value) -> tuple[float, float] | None:
    """``mp_obj_get_complex_maybe``."""
    number = float_.float_maybe(vm, value)
    if number is not None:
        return number, 0.0
    if isinstance(value, Complex):
        return value.real, value.imag
    converted = vm.unary_maybe(UnaryOp.COMPLEX, value)
    return (converted.real, converted.imag) if isinstance(converted, Complex) else None


def complex_of(vm: Machine, value: Value) -> tuple[float, float]:
    """``mp_obj_get_complex``."""
    found = complex_maybe(vm, value)
    if found is None:
        vm.raise_type("can't convert %s to complex", vm.type_name(value))
    return found


def complex_binary(vm: Machine, op: BinaryOp, real: float, imag: float, rhs: Value) -> Value | Sentinel:
    """``mp_obj_complex_binary_op``."""
    right = complex_maybe(vm, rhs)
    if right is None:
        return UNSUPPORTED
    op = NORMAL_OF.get(op, op)
    if op is BinaryOp.EQUAL:
        return real == right[0] and imag == right[1]
    if op is BinaryOp.ADD:
        result = single(real + right[0]), single(imag + right[1])
    elif op is BinaryOp.SUBTRACT:
        result = single(real - right[0]), single(imag - right[1])
    elif op is BinaryOp.MULTIPLY:
        result = _product(real, imag, *right)
    elif op is BinaryOp.FLOOR_DIVIDE:
        vm.raise_type("can't truncate-divide a complex number")
    elif op is BinaryOp.TRUE_DIVIDE:
        result = _quotient(vm, real, imag, *right)
    elif op is BinaryOp.POWER:
        result = _power(vm, real, imag, *right)
    else:
        return UNSUPPORTED
    return new_complex(vm, *result)


def _product(a: float, b: float, c: float, d: float) -> tuple[float, float]:
    return single(single(a * c) - single(b * d)), single(single(a * d) + single(b * c))


def _quotient(vm: Machine, a: float, b: float, c: float, d: float) -> tuple[float, float]:
    if d == 0.0:
        if c == 0.0:
            vm.error(Error.ZERO_DIVISION, "complex divide by zero")
        return single(a / c), single(b / c)
    if c == 0.0:
        return single(b / d), single(-a / d)
    squares = single(single(c * c) + single(d * d))
    if squares == 0.0:
        return math.nan, math.nan
    return _product(a, b, single(c / squares), single(d / -squares))


def _power(vm: Machine, a: float, b: float, c: float, d: float) -> tuple[float, float]:
    length = _length(a, b)
    if length == 0.0:
        if d != 0.0 or c < 0:
            vm.error(Error.ZERO_DIVISION, "0.0 to a complex power")
        return (1.0 if c == 0.0 else 0.0), b
    if not all(map(math.isfinite, (length, a, b, c, d))):
        return math.nan, math.nan
    logarithm = single(math.log(length))
    angle = single(math.atan2(b, a))
    x = single(single(c * logarithm) - single(d * angle))
    y = single(single(d * logarithm) + single(c * angle))
    if not math.isfinite(y):  # the cosine and sine of the camera's library are no numbers then
        return math.nan, math.nan
    try:
        size = single(math.exp(x))
    except OverflowError:
        size = math.inf
    return single(size * single(math.cos(y))), single(size * single(math.sin(y)))


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 2, keywords=False)
    if not args:
        return new_complex(vm, 0.0, 0.0)
    if len(args) == 1:
        if str_.is_str(args[0]):
            return parse_decimal(vm, str_.text_of(args[0]), imaginary=True, force_complex=True)
        return args[0] if isinstance(args[0], Complex) else new_complex(vm, *complex_of(vm, args[0]))
    first, second = args
    real, imag = (first.real, first.imag) if isinstance(first, Complex) else (vm.float_of(first), 0.0)
    if isinstance(second, Complex):
        return new_complex(vm, single(real - second.imag), single(imag + second.real))
    return new_complex(vm, real, single(imag + vm.float_of(second)))


COMPLEX = NativeType("complex", Complex, _make_new)

__all__ = ["COMPLEX", "Complex", "complex_binary", "complex_maybe", "complex_of", "new_complex"]
