"""Arithmetic of big ints: ``mpz_t`` (py/mpz.c) and the digits each operation asks for.

Results get their digits before they are computed, so what the camera cannot hold is never built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.numerals.longnumbers import divided, product

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory


def digits_in(value: int) -> int:
    """16-bit digits of a magnitude."""
    return (abs(value).bit_length() + 15) // 16


class Mpz:
    """Digits on the heap: ``alloc`` of them, ``value`` in them. Small ints are in the frame (no chunk)."""

    __slots__ = ("alloc", "block", "value")

    def __init__(self, memory: Memory, value: int = 0, alloc: int = 0) -> None:
        self.block = Block(memory, 0, 0)
        self.alloc = alloc
        self.value = value

    @classmethod
    def fixed(cls, memory: Memory, value: int) -> Mpz:
        """``mpz_init_fixed_from_int``: a small int's digits, in the C frame."""
        return cls(memory, value, sizes.MPZ_DIGITS_FOR_INT)

    @property
    def length(self) -> int:
        """Digits in use."""
        return digits_in(self.value)

    def need(self, digits: int) -> None:
        """``mpz_need_dig``."""
        digits = max(digits, sizes.MPZ_MIN_DIGITS)
        if self.alloc < digits:
            self.block.memory.resize(self.block, digits * sizes.DIGIT)
            self.alloc = digits

    def set(self, value: int) -> None:
        """``mpz_set``."""
        self.need(digits_in(value))
        self.value = value

    def set_word(self, value: int) -> None:
        """``mpz_set_from_int``: nothing is asked for by zero."""
        if value:
            self.need(sizes.MPZ_DIGITS_FOR_INT)
        self.value = value

    def free(self) -> None:
        """``mpz_deinit``."""
        self.block.memory.free(self.block)


class _Clone(Mpz):
    """``mpz_clone``: 12 bytes for the ``mpz_t`` itself and as many digits as the source has room for."""

    __slots__ = ("struct",)

    def __init__(self, source: Mpz) -> None:
        memory = source.block.memory
        self.struct = memory.block(sizes.MPZ)
        super().__init__(memory, source.value, source.alloc)
        self.block = memory.block(source.alloc * sizes.DIGIT)

    def free(self) -> None:
        """``mpz_free``."""
        super().free()
        self.struct.memory.free(self.struct)


def add(target: Mpz, left: Mpz, right: Mpz, sign: int) -> None:
    """``left + sign * right``: a digit to carry into where magnitudes add up."""
    a, b = left.value, sign * right.value
    longest = max(left.length, right.length)
    target.need(longest + 1 if (a < 0) == (b < 0) else longest)
    target.value = a + b


def bitwise(target: Mpz, operator: str, left: Mpz, right: Mpz) -> None:
    """``&``, ``|``, ``^`` in two's complement: a digit more where a sign has to be carried."""
    a, b = left.value, right.value
    plain = (a < 0) == (b < 0) if operator == "^" else a >= 0 and b >= 0
    longest = max(left.length, right.length)
    target.need(longest if plain else longest + 1)
    target.value = a & b if operator == "&" else a | b if operator == "|" else a ^ b


def multiply(target: Mpz, left: Mpz, right: Mpz) -> None:
    """``left * right``; an operand that is the target is cloned for the time being."""
    if not left.value or not right.value:
        target.set_word(0)
        return
    clone: Mpz | None = None
    if left is target:
        left, right = (clone := _Clone(left)), clone if right is target else right
    elif right is target:
        right = clone = _Clone(right)
    target.need(left.length + right.length)
    target.value = product(left.value, right.value)
    if clone is not None:
        clone.free()


def divide(quotient: Mpz, remainder: Mpz, left: Mpz, right: Mpz) -> None:
    """``mpz_divmod_inpl``: both get a digit more than the dividend; a -1 (never given back) mends the signs."""
    quotient.need(left.length + 1)
    remainder.need(left.length + 1)
    whole, rest = divided(abs(left.value), abs(right.value))
    left_value = left.value
    quotient.value = whole
    remainder.value = -rest if left_value < 0 else rest
    if (left_value < 0) != (right.value < 0):
        quotient.value = -whole
        if rest:
            minus_one = Mpz(remainder.block.memory)
            minus_one.set_word(-1)
            add(quotient, quotient, minus_one, 1)
            add(remainder, remainder, right, 1)


def shift_left(target: Mpz, left: Mpz, count: int) -> None:
    """``left << count``."""
    if not left.value or not count:
        target.set(left.value)
        return
    target.need(left.length + (count + 15) // 16)
    target.value = left.value << count


def shift_right(target: Mpz, left: Mpz, count: int) -> None:
    """``left >> count``, towards minus infinity."""
    target.need(left.length)
    target.value = left.value >> count


def raise_to(target: Mpz, base: Mpz, exponent: Mpz) -> None:
    """``base ** exponent`` by squaring; base and exponent are cloned."""
    if not base.value:
        target.set_word(0)
        return
    if not exponent.value:
        target.set_word(1)
        return
    square, rest = _Clone(base), _Clone(exponent)
    target.set_word(1)
    bits = exponent.value
    while bits:
        if bits & 1:
            multiply(target, target, square)
        bits >>= 1
        if bits:
            multiply(square, square, square)
    square.free()
    rest.free()


def raise_modulo(target: Mpz, base: Mpz, exponent: Mpz, modulus: Mpz) -> None:
    """``pow(base, exponent, modulus)``."""
    if not base.value or exponent.value < 0 or abs(modulus.value) == 1:
        target.set_word(0)
        return
    target.set_word(1)
    if not exponent.value:
        return
    square, rest = _Clone(base), _Clone(exponent)
    quotient = Mpz(target.block.memory)
    bits = exponent.value
    while bits:
        if bits & 1:
            multiply(target, target, square)
            divide(quotient, target, target, modulus)
        bits >>= 1
        if bits:
            multiply(square, square, square)
            divide(quotient, square, square, modulus)
    quotient.free()
    square.free()
    rest.free()


__all__ = [
    "Mpz",
    "add",
    "bitwise",
    "digits_in",
    "divide",
    "multiply",
    "raise_modulo",
    "raise_to",
    "shift_left",
    "shift_right",
]
