"""int: small ones in the word (host int), big ones on the heap (py/objint.c, py/objint_mpz.c, py/runtime.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.strings import decode
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.static_methods import rom_class_method
from omvsim.micropython.types import buffers, bytes_, complex_, float_, intops, inttext
from omvsim.micropython.types.common import small
from omvsim.micropython.values import (
    SMALL_INT_MAX,
    SMALL_INT_MIN,
    UNSUPPORTED,
    BinaryOp,
    Obj,
    PrintKind,
    Sentinel,
    UnaryOp,
    Value,
)
from omvsim.numerals import single
from omvsim.numerals.mpz import Mpz, digits_in, raise_modulo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


def from_word(vm: Machine, value: int) -> Int:
    """``mp_obj_new_int_from_ll``: 16 bytes and four digits, whatever the value."""
    big = Int(vm.memory)
    big.mpz.need(sizes.MPZ_DIGITS_FOR_LL)
    big.mpz.value = value
    return big


def new_int(vm: Machine, value: int) -> int | Int:
    """``mp_obj_new_int`` and ``mp_obj_new_int_from_ll``: small if it fits, else a big int of up to 64 bits."""
    return value if SMALL_INT_MIN <= value <= SMALL_INT_MAX else from_word(vm, value)


def from_digits(vm: Machine, digits: int, value: int) -> Int:
    """A big int with room for so many digits (``mpz_set_from_str``, ``_bytes``, ``_float``)."""
    big = Int(vm.memory)
    big.mpz.need(digits)
    big.mpz.value = value
    return big


def finish(big: Int) -> int | Int:
    """A result: a small int where it fits, the big one being garbage then."""
    value = big.mpz.value
    return value if SMALL_INT_MIN <= value <= SMALL_INT_MAX else big


def is_int(value: object) -> bool:
    """``mp_obj_is_int``: small or big; bool is another type."""
    return type(value) is int or isinstance(value, Int)


def int_value(value: int | Obj) -> int:
    """The number of a small or big int."""
    if isinstance(value, Int):
        return value.mpz.value
    assert isinstance(value, int)
    return value


def as_float(value: int | Obj) -> float:
    """Its single-precision value (``mp_obj_int_as_float_impl`` for a big one)."""
    return single.of_big(value.mpz.value) if isinstance(value, Int) else single.of_int(int_value(value))


def mpz_of(memory: Memory, value: int | Obj) -> Mpz:
    """Its digits."""
    return value.mpz if isinstance(value, Int) else Mpz.fixed(memory, int_value(value))


class Int(Obj):
    """The type; an object is a big one (``mp_obj_int_t``, made before its digits). Small ones are host ints, with which
    the methods are called as ``self``.
    """

    __slots__ = ("mpz",)
    type_name: ClassVar[str] = "int"
    immediates: ClassVar[tuple[type, ...]] = (int,)

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory, memory.alloc(sizes.INT))
        self.mpz = Mpz(memory)

    def key(self) -> object:
        return self.mpz.value

    def unary(self: int | Obj, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if isinstance(self, Int):
            return _unary_big(vm, self, op)
        value = int_value(self)
        if op in (UnaryOp.POSITIVE, UnaryOp.INT, UnaryOp.HASH):
            return value
        if op is UnaryOp.BOOL:
            return value != 0
        if op is UnaryOp.NEGATIVE or (op is UnaryOp.ABS and value < 0):
            return new_int(vm, -value)
        if op is UnaryOp.ABS:
            return value
        return ~value if op is UnaryOp.INVERT else UNSUPPORTED

    def binary(self: int | Obj, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if type(self) is int and type(rhs) is int:
            return intops.small_binary(vm, op, self, rhs)
        if type(rhs) is int or isinstance(rhs, Int):
            return intops.big_binary(vm, op, self, rhs)

        if isinstance(rhs, float_.Float):
            return float_.float_binary(vm, op, as_float(self), rhs)
        if isinstance(rhs, complex_.Complex):
            return complex_.complex_binary(vm, op, as_float(self), 0.0, rhs)
        return intops.extra_cases(vm, op, self, rhs)

    def print(self: int | Obj, vm: Machine, out: Out, kind: PrintKind) -> None:
        if type(self) is int:
            out(str(self))
            return

        text, buffer = inttext.formatted(vm, self, 10, "", "a", "")
        out(text)
        if buffer is not None:
            vm.memory.free(buffer)

    @method("to_bytes", 1, 4)
    def to_bytes(self: int | Obj, vm: Machine, *args: Value) -> Value:
        """Size (default 1) and byte order; a negative number needs no ``signed``."""

        size = vm.int_of(args[0]) if args else 1
        if size < 0:
            vm.raise_value()
        order = "little" if len(args) >= 2 and args[1] == "little" else "big"
        block = vm.memory.block(size + 1)
        value = int_value(self)
        if not _fits(self, value, size):
            vm.error(Error.OVERFLOW, "buffer too small")
        data = (value & ((1 << (8 * size)) - 1)).to_bytes(size, "big")
        return bytes_.Bytes(vm.memory, vm.memory.alloc(sizes.STR), data if order == "big" else data[::-1], block)


def _fits(number: int | Obj, value: int, size: int) -> bool:
    """Whether ``size`` bytes hold it: unsigned or as two's complement (``mpz_as_bytes`` for a big one)."""
    if type(number) is int:
        if value >= 0:
            return (value.bit_length() + 7) // 8 <= size
        needed = 1 if value == -1 else ((~value).bit_length() + 8) // 8
        return needed <= size
    return -(1 << (8 * size - 1)) <= value < (1 << (8 * size)) if size else value == 0


def _negate(vm: Machine, source: Mpz) -> Int:
    """``-z``; stays big even where it would be small."""
    big = Int(vm.memory)
    big.mpz.set(source.value)
    big.mpz.value = -source.value
    return big


def _invert(vm: Machine, source: Mpz) -> Int:
    """``~z``; one digit more for a positive number."""
    big = Int(vm.memory)
    big.mpz.set(source.value)
    if source.value == 0:
        big.mpz.need(1)
    elif source.value > 0:
        big.mpz.need(source.length + 1)
    big.mpz.value = ~source.value
    return big


def _unary_big(vm: Machine, big: Int, op: UnaryOp) -> Value | Sentinel:
    if op in (UnaryOp.POSITIVE, UnaryOp.INT):
        return big
    if op is UnaryOp.BOOL:
        return big.mpz.value != 0
    if op is UnaryOp.HASH:
        return small(big.mpz.value)
    if op is UnaryOp.NEGATIVE or (op is UnaryOp.ABS and big.mpz.value < 0):
        return _negate(vm, big.mpz)
    if op is UnaryOp.ABS:
        return big
    return _invert(vm, big.mpz) if op is UnaryOp.INVERT else UNSUPPORTED


def int_from_float(vm: Machine, value: float_.Float) -> Value:
    """``mp_obj_new_int_from_float``: towards zero; big ones get digits for their exponent."""
    number = value.value
    if math.isnan(number):
        vm.raise_value("can't convert NaN to int")
    if number in (single.INFINITY, -single.INFINITY):
        vm.error(Error.OVERFLOW, "can't convert inf to int")
    whole = int(number)
    if -(1 << 30) < number < (1 << 30) or whole == SMALL_INT_MIN:
        return whole
    return from_digits(vm, digits_in(whole), whole)


def pow3(vm: Machine, base: Value, exponent: Value, modulus: Value) -> Value:
    """``mp_obj_int_pow3``: ``pow`` with three arguments; the result is a big int whatever its size."""
    if not (is_int(base) and is_int(exponent) and is_int(modulus)):
        vm.raise_type("pow() with 3 arguments requires integers")
    if modulus == 0 and type(modulus) is int:
        vm.raise_value("divide by zero")
    result = Int(vm.memory)
    operands: list[Mpz] = []
    temporary: list[Mpz] = []
    for value in (base, exponent, modulus):
        if isinstance(value, Int):
            operands.append(value.mpz)
            continue
        mpz = Mpz(vm.memory)
        mpz.set_word(int_value(value))  # type: ignore[arg-type]  # an int, as was checked
        operands.append(mpz)
        temporary.append(mpz)
    raise_modulo(result.mpz, *operands)
    for mpz in temporary:
        mpz.free()
    return result


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 2, keywords=False)
    if not args:
        return 0
    if len(args) == 2:
        return inttext.parse_int(vm, vm.str_of(args[0]), vm.int_of(args[1]))
    value = args[0]
    if type(value) is int or isinstance(value, Int):
        return value

    converted = vm.unary_maybe(UnaryOp.INT, value)
    if converted is not UNSUPPORTED and not isinstance(converted, Sentinel):
        return converted
    data = buffers.buffer_maybe(value)
    if data is not None:
        return inttext.parse_int(vm, decode(bytes(data)), 10)
    if isinstance(value, float_.Float):
        return int_from_float(vm, value)
    vm.raise_type("can't convert %s to int", vm.type_name(value))


@function("from_bytes", 2, 4)
def _from_bytes(vm: Machine, *args: Value) -> Value:
    """A class method: the first argument is the type."""

    data = bytes(buffers.buffer_of(vm, args[1]))
    if len(args) >= 3 and args[2] == "little":
        data = data[::-1]
    value = 0
    for byte in data:
        if value > (SMALL_INT_MAX >> 8):
            return from_digits(vm, (len(data) * 8 + 15) // 16, int.from_bytes(data, "big"))
        value = (value << 8) | byte
    return new_int(vm, value)


INT = NativeType("int", Int, _make_new, constants={"from_bytes": rom_class_method(_from_bytes)})

__all__ = [
    "INT",
    "Int",
    "as_float",
    "finish",
    "from_digits",
    "from_word",
    "int_from_float",
    "int_value",
    "is_int",
    "mpz_of",
    "new_int",
    "pow3",
]
