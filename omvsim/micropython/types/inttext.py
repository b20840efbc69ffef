"""Ints as text and back (py/objint.c, py/mpprint.c, py/parsenum.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.memory import sizes
from omvsim.memory.strings import encode, size_of
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error
from omvsim.micropython.types import int_, quoting, str_
from omvsim.micropython.types.padding import Spec, print_padded
from omvsim.micropython.values import SMALL_INT_MAX
from omvsim.numerals.longnumbers import decimal, number_of
from omvsim.numerals.mpz import digits_in

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj, Out, Value

_BITS_A_DIGIT = {2: 1, 8: 3, 10: 3, 16: 4}
"""Floor of log2 of a base."""
_WHITESPACE = " \t\n\r\v\f"


def _format_size(bits: int, base: int, prefix: str, comma: str) -> int:
    """``mp_int_format_size``: bytes for the worst case."""
    digits = bits // _BITS_A_DIGIT[base] + 1
    commas = (digits // 3 if base == 10 else digits // 4) if comma else 0
    return digits + commas + len(prefix) + 2


def formatted(
    vm: Machine, value: int | Obj, base: int, prefix: str, base_char: str, comma: str
) -> tuple[str, Block | None]:
    """``mp_obj_int_formatted``: the text, and the chunk it is in if the C frame's 16 bytes are too few.

    A big int's digits are copied to be divided; that chunk is given back at once.
    """
    memory = vm.memory
    number = value.mpz.value if isinstance(value, int_.Int) else int_.int_value(value)
    bits = digits_in(number) * sizes.DIGIT_BITS if isinstance(value, int_.Int) else 32
    needed = _format_size(bits, base, prefix, comma)
    buffer = memory.block(needed) if needed > sizes.INT_BUFFER else None
    if isinstance(value, int_.Int) and number:
        memory.free(memory.block(digits_in(number) * sizes.DIGIT))
    digits = _digits(abs(number), base)
    if base_char == "A":
        digits = digits.upper()
    if comma:
        digits = _grouped(digits, comma, 3 if base == 10 else 4)
    return ("-" if number < 0 else "") + prefix + digits, buffer


def _digits(magnitude: int, base: int) -> str:
    if base == 10:
        return decimal(magnitude)
    return {2: "{:b}", 8: "{:o}", 16: "{:x}"}[base].format(magnitude)


def _grouped(digits: str, comma: str, size: int) -> str:
    first = len(digits) % size
    groups = [digits[:first]] if first else []
    groups += [digits[i : i + size] for i in range(first, len(digits), size)]
    return comma.join(groups)


def print_int(vm: Machine, out: Out, value: Value, base: int, base_char: str, spec: Spec) -> None:
    """``mp_print_mp_int``. ``base_char``: ``a`` or ``A`` for the digits beyond 9."""
    if type(value) is not int and not isinstance(value, int_.Int):
        value = vm.int_of(value)
    width, precision, fill = spec.width, spec.precision, spec.fill
    after_sign = spec.after_sign
    if not spec.left and not spec.center and fill == "0":
        width, precision = max(width, precision), 0
    number = value.mpz.value if isinstance(value, int_.Int) else value
    prefix = (spec.sign if number >= 0 else "") + _base_prefix(base, base_char, spec)
    if precision > 1:
        after_sign = True
    text, buffer = formatted(vm, value, base, "" if after_sign else prefix, base_char, spec.grouping)
    first: list[str] = []
    if after_sign:
        first = [part for part in (text[:1] if text[0] == "-" else "", prefix) if part]
        text = text.removeprefix("-")
    laid_out = Spec(left=spec.left, center=spec.center, fill=fill, grouping=spec.grouping)
    if precision > 1:
        _print_precise(vm, out, text, first, laid_out, width, precision)
    else:
        for part in first:
            out(part)
        print_padded(vm, out, text, len(text), laid_out, width - sum(map(len, first)))
    if buffer is not None:
        vm.memory.free(buffer)


def _print_precise(vm: Machine, out: Out, text: str, first: list[str], spec: Spec, width: int, precision: int) -> None:
    """At least so many digits, zeroes in front, spaces around."""
    pad = width - max(len(text), precision) - sum(map(len, first))
    spaces = Spec()
    if pad > 0 and not spec.left:
        print_padded(vm, out, "", 0, spaces, pad)
    for part in first:
        out(part)
    zeroes = Spec(center=spec.center, fill="0", grouping=spec.grouping)
    print_padded(vm, out, text, len(text), zeroes, precision)
    if pad > 0 and spec.left:
        print_padded(vm, out, "", 0, spaces, pad)


def _base_prefix(base: int, base_char: str, spec: Spec) -> str:
    if not spec.prefix or base == 10:
        return ""
    letter = {2: "b", 8: "o" if spec.octal_letter else "", 16: "x"}[base]
    return "0" + (letter.upper() if base_char == "A" else letter)


# -- reading ----------------------------------------------------------------------------------------------------------


def _digit(char: str) -> int:
    """Value of a digit of any base up to 36; 99 for another character."""
    if char.isascii() and char.isalnum():
        return int(char, 36)
    return 99


def parse_base(text: str, base: int, *, refuses_zeros: bool) -> tuple[int, int]:
    """``mp_parse_num_base``: characters of a prefix, and the base. Base 1: a leading zero where the base was open
    and the release refuses one before other digits.
    """
    if len(text) > 1 and text[0] == "0":
        letters = {"x": 16, "o": 8, "b": 2}
        found = letters.get(chr(ord(text[1]) | 32))
        if found is not None and base in (0, found):
            return 2, found
        return 0, base or (1 if refuses_zeros else 10)
    return 0, base or 10


def parse_int(vm: Machine, text: str, base: int) -> int | int_.Int:
    """``mp_parse_num_integer``: spaces, sign, prefix, digits with underscores, spaces; ValueError otherwise."""
    if (base != 0 and base < 2) or base > 36:
        vm.raise_value("int() arg 2 must be >= 2 and <= 36")
    end = len(text)
    at = 0
    while at < end and text[at] in _WHITESPACE:
        at += 1
    negative = text[at : at + 1] == "-"
    if text[at : at + 1] in ("+", "-") and at < end:
        at += 1
    prefix, base = parse_base(text[at:], base, refuses_zeros=vm.dialect.refuses_leading_zeros)
    at += prefix
    start = at
    value = 0
    result: int | int_.Int | None = None
    while at < end:
        if text[at] != "_":
            digit = _digit(text[at])
            if digit >= base:
                break
            value = value * base + digit
            if value > SMALL_INT_MAX:
                result, at = _parse_big(vm, text, start, base, negative)
                break
        at += 1
    stop = at
    while stop < end and text[stop] in _WHITESPACE:
        stop += 1
    if at == start or stop != end:
        _syntax(vm, text[start:], base)
    if result is not None:
        return result
    return -value if negative else value


def _parse_big(vm: Machine, text: str, start: int, base: int, negative: bool) -> tuple[int_.Int, int]:
    """``mpz_set_from_str``: digits for the rest of the text, without underscores; where it stopped."""
    size = size_of(text[start:])
    big = int_.from_digits(vm, size * 8 // sizes.DIGIT_BITS + 1, 0)
    at = start
    while at < len(text) and _digit(text[at]) < base:
        at += 1
    value = number_of(text[start:at], base)
    big.mpz.value = -value if negative else value
    return big, at


def _syntax(vm: Machine, rest: str, base: int) -> NoReturn:
    """The ValueError with its text, which is built in a buffer of 50 bytes."""

    vstr = VStr(vm.memory, 50)
    out = str_.writer(vstr)
    out("invalid syntax for integer with base ")
    out(str(0 if base == 1 else base))
    out(": ")
    quoting.quoted_bytes(out, encode(rest))
    vm.raise_arg(vm.exception_type(Error.VALUE), str_.finish_str(vm, vstr))


__all__ = ["formatted", "parse_base", "parse_int", "print_int"]
