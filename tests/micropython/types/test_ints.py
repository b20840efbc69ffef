"""int: values against the host's, requests by the rules of py/mpz.c."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.micropython.errors import Raised
from omvsim.micropython.types.int_ import Int, as_float, from_digits, int_value, is_int, new_int, pow3
from omvsim.micropython.types.inttext import parse_base, parse_int
from omvsim.micropython.values import SMALL_INT_MAX, SMALL_INT_MIN, BinaryOp, UnaryOp, Value
from omvsim.numerals.mpz import Mpz, digits_in
from tests.micropython.types._machine import Asked, asked, lines, machine, run, shown, sizes

NUMBERS = st.one_of(st.integers(-20, 20), st.integers(-(1 << 33), 1 << 33), st.integers(-(1 << 200), 1 << 200))
BIG = st.integers(-(1 << 200), 1 << 200)


def number(value: Value) -> int:
    assert is_int(value)
    return int_value(value)  # type: ignore[arg-type]


def literal(value: int) -> Value:
    """A value as the parser makes it: small, or with room for its digits."""
    if SMALL_INT_MIN <= value <= SMALL_INT_MAX:
        return value
    return from_digits(VM, digits_in(value), value)


VM = machine(size=1 << 22)
VM.memory.tape = None


@pytest.mark.parametrize(
    ("op", "host"),
    [
        (BinaryOp.ADD, int.__add__),
        (BinaryOp.SUBTRACT, int.__sub__),
        (BinaryOp.MULTIPLY, int.__mul__),
        (BinaryOp.AND, int.__and__),
        (BinaryOp.OR, int.__or__),
        (BinaryOp.XOR, int.__xor__),
        (BinaryOp.INPLACE_ADD, int.__add__),
        (BinaryOp.INPLACE_XOR, int.__xor__),
    ],
)
@given(left=NUMBERS, right=NUMBERS)
def test_arithmetic(op: BinaryOp, host: object, left: int, right: int) -> None:
    result = VM.binary(op, literal(left), literal(right))
    assert number(result) == host(left, right)  # type: ignore[operator]
    assert type(result) is int or not SMALL_INT_MIN <= number(result) <= SMALL_INT_MAX


@given(NUMBERS, NUMBERS.filter(bool))
def test_division(left: int, right: int) -> None:
    assert number(VM.binary(BinaryOp.FLOOR_DIVIDE, literal(left), literal(right))) == left // right
    assert number(VM.binary(BinaryOp.MODULO, literal(left), literal(right))) == left % right
    both = VM.sequence(VM.binary(BinaryOp.DIVMOD, literal(left), literal(right)))
    assert [number(part) for part in both] == list(divmod(left, right))


@given(NUMBERS, st.integers(0, 100))
def test_shifts(left: int, count: int) -> None:
    assert number(VM.binary(BinaryOp.LSHIFT, literal(left), count)) == left << count
    assert number(VM.binary(BinaryOp.RSHIFT, literal(left), count)) == left >> count


@given(st.integers(-(1 << 40), 1 << 40), st.integers(0, 9))
def test_powers(base: int, exponent: int) -> None:
    assert number(VM.binary(BinaryOp.POWER, literal(base), exponent)) == base**exponent


@given(NUMBERS, st.integers(0, 1 << 40), st.integers(2, 1 << 40))
def test_powers_with_a_modulus(base: int, exponent: int, modulus: int) -> None:
    """Zero to any power is 0, as the firmware has it."""
    expected = pow(base, exponent, modulus) if base else 0
    assert number(pow3(VM, literal(base), literal(exponent), literal(modulus))) == expected


@given(NUMBERS, NUMBERS)
def test_comparisons(left: int, right: int) -> None:
    one, two = literal(left), literal(right)
    assert VM.binary(BinaryOp.LESS, one, two) is (left < right)
    assert VM.binary(BinaryOp.MORE_EQUAL, one, two) is (left >= right)
    assert VM.equal(one, two) is (left == right)


@given(NUMBERS)
def test_one_operand(value: int) -> None:
    made = literal(value)
    assert number(VM.unary(UnaryOp.NEGATIVE, made)) == -value
    assert number(VM.unary(UnaryOp.INVERT, made)) == ~value
    assert number(VM.unary(UnaryOp.ABS, made)) == abs(value)
    assert VM.unary(UnaryOp.POSITIVE, made) is made
    assert VM.truth(made) is (value != 0)


@given(NUMBERS)
def test_text_and_back(value: int) -> None:
    assert shown(VM, literal(value)) == str(value)
    assert number(parse_int(VM, str(value), 10)) == value
    assert number(parse_int(VM, hex(value), 16)) == value
    assert number(parse_int(VM, f"  {value}\n", 0)) == value


@given(BIG)
def test_the_hash_is_the_low_word(value: int) -> None:
    hashed = VM.unary(UnaryOp.HASH, literal(value))
    assert isinstance(hashed, int)
    assert (hashed - value) % (1 << 31) == 0


# -- what is asked for -------------------------------------------------------------------------------------------------


def test_a_sum_beyond_31_bits() -> None:
    """16 bytes and four digits: it comes from a 64-bit number."""
    vm = machine()
    assert number(vm.binary(BinaryOp.ADD, SMALL_INT_MAX, 1)) == 1 << 30
    assert asked(vm) == [Asked("alloc", 16), Asked("alloc", 8)]


@pytest.mark.parametrize(("release", "expected"), [("4.8.1", [16, 8, 16, 8]), ("5.0.0", [16, 8])])
def test_a_product_beyond_31_bits(release: str, expected: list[int]) -> None:
    """1.28 multiplies in the machine word first; 1.26 makes the left factor big."""
    vm = machine(release)
    assert number(vm.binary(BinaryOp.MULTIPLY, 1 << 20, 1 << 10)) == 1 << 30
    found = sizes(vm)
    assert found[: len(expected) - 1] == expected[:-1]
    assert len(found) == len(expected)


def test_a_shift_makes_the_number_big_first() -> None:
    vm = machine()
    vm.binary(BinaryOp.LSHIFT, 1, 40)
    assert sizes(vm) == [16, 8, 16, 2 * (1 + 3)]


def test_a_big_sum_has_a_digit_to_carry_into() -> None:
    vm = machine()
    big = from_digits(vm, 5, 1 << 70)
    sizes(vm)
    vm.binary(BinaryOp.ADD, big, big)
    assert sizes(vm) == [16, 12]
    vm.binary(BinaryOp.SUBTRACT, big, 1)
    assert sizes(vm) == [16, 10]


def test_a_small_result_leaves_its_digits() -> None:
    vm = machine()
    big = from_digits(vm, 5, 1 << 70)
    sizes(vm)
    assert vm.binary(BinaryOp.SUBTRACT, big, big) == 0
    assert asked(vm) == [Asked("alloc", 16), Asked("alloc", 10)]


def test_division_gives_back_what_is_not_wanted() -> None:
    vm = machine()
    big = from_digits(vm, 5, 1 << 70)
    sizes(vm)
    vm.binary(BinaryOp.FLOOR_DIVIDE, big, 3)
    assert asked(vm) == [Asked("alloc", 16), Asked("alloc", 12), Asked("alloc", 12), Asked("free", 0)]


def test_unlike_signs_cost_a_minus_one() -> None:
    """Four bytes that nobody gives back."""
    vm = machine()
    big = from_digits(vm, 5, -(1 << 70))
    sizes(vm)
    vm.binary(BinaryOp.MODULO, big, 3)
    assert sizes(vm) == [16, 12, 12, 4, 0]


def test_squaring_clones() -> None:
    """base and exponent, then a clone a product, each an mpz and its digits."""
    vm = machine()
    vm.binary(BinaryOp.POWER, 1 << 20, 3)
    made = asked(vm)
    assert made[:4] == [Asked("alloc", 16), Asked("alloc", 8), Asked("alloc", 16), Asked("alloc", 12)]
    assert [entry.kind for entry in made].count("free") == sum(entry.kind == "alloc" for entry in made) - len(
        (16, 8, 16, 4)
    )


def test_what_does_not_fit_is_never_built() -> None:
    """A shift of a thousand million bits is the camera's MemoryError at once."""
    out = run("try:\n    1 << 1000000000\nexcept MemoryError as e:\n    print(e)\n")
    assert out.text == "memory allocation failed, allocating 125000002 bytes\n"


def test_printing_takes_a_buffer() -> None:
    """More than 16 characters are not in the C frame; the digits are copied to be divided."""
    vm = machine()
    big = from_digits(vm, 5, 1 << 70)
    sizes(vm)
    shown(vm, big)
    assert asked(vm) == [
        Asked("alloc", 80 // 3 + 1 + 2),
        Asked("alloc", 10),
        Asked("free", 0),
        Asked("free", 0),
    ]
    shown(vm, 12345)
    assert asked(vm) == []


def test_reading_a_long_text() -> None:
    """Room for as many bits as the text has bytes times eight."""
    vm = machine()
    parse_int(vm, "12345678901234567890", 10)
    assert sizes(vm) == [16, (20 * 8 // 16 + 1) * 2]


# -- methods, conversions, errors -------------------------------------------------------------------------------------


def test_bytes() -> None:
    assert lines(
        "print((258).to_bytes(2, 'big'), (258).to_bytes(3, 'little'), (-1).to_bytes(2, 'big'), (5).to_bytes())\n"
        "print(int.from_bytes(b'\\x01\\x02', 'big'), int.from_bytes(b'\\x01\\x02', 'little'))\n"
        "print(int.from_bytes(b'\\xff' * 8, 'big'), (1 << 64).to_bytes(9, 'big'), int.from_bytes(b''))\n"
    ) == [
        "b'\\x01\\x02' b'\\x02\\x01\\x00' b'\\xff\\xff' b'\\x05'",
        "258 513",
        "18446744073709551615 b'\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00' 0",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("(256).to_bytes(1, 'big')", "OverflowError: buffer too small"),
        ("(1 << 40).to_bytes(2, 'big')", "OverflowError: buffer too small"),
        ("(1).to_bytes(-1, 'big')", "ValueError: "),
        ("1 // 0", "ZeroDivisionError: divide by zero"),
        ("(1 << 70) % 0", "ZeroDivisionError: divide by zero"),
        ("1 / 0", "ZeroDivisionError: divide by zero"),
        ("1 << -1", "ValueError: negative shift count"),
        ("(1 << 70) >> -1", "ValueError: negative shift count"),
        ("1 << (1 << 70)", "OverflowError: overflow converting long int to machine word"),
        ("int('12x')", "ValueError: invalid syntax for integer with base 10: '12x'"),
        ("int('')", "ValueError: invalid syntax for integer with base 10: ''"),
        ("int('0z', 16)", "ValueError: invalid syntax for integer with base 16: '0z'"),
        ("int('1_0_', 37)", "ValueError: int() arg 2 must be >= 2 and <= 36"),
        ("int([])", "TypeError: can't convert list to int"),
        ("int(float('inf'))", "OverflowError: can't convert inf to int"),
        ("int(float('nan'))", "ValueError: can't convert NaN to int"),
        ("1 + 'a'", "TypeError: unsupported types for __add__: 'int', 'str'"),
        ("int('1' * 12 + '_0')", "ValueError: invalid syntax for integer with base 10: '111111111111_0'"),
        ("int(1, 2, 3)", "TypeError: function expected at most 2 arguments, got 3"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text


def test_conversions() -> None:
    assert lines(
        "print(int(), int(3.99), int(-3.99), int('0x1f', 16), int('0x1f', 0), int('017'), int(b' 12 '), int(True))\n"
        "print(int(1e10), int(-1e20), int('1_000'), int('-0b101', 2), int('zz', 36))\n"
        "print(3 * 'ab', 2 * (1,), True + True, 2 ** -1, 7 / 2, 1 << 31 == 2.0 ** 31, True & 3)\n"
    ) == [
        "0 3 -3 31 31 17 12 1",
        "10000000000 -100000002004087734272 1000 -5 1295",
        "ababab (1, 1) 2 0.5 3.5 True 1",
    ]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("0x1", 0, (2, 16)),
        ("0b1", 0, (2, 2)),
        ("0o7", 8, (2, 8)),
        ("0x1", 10, (0, 10)),
        ("017", 0, (0, 1)),
        ("5", 0, (0, 10)),
    ],
)
def test_prefixes(text: str, base: int, expected: tuple[int, int]) -> None:
    assert parse_base(text, base, refuses_zeros=True) == expected


def test_leading_zeros_are_decimal_where_they_are_not_refused() -> None:
    assert parse_base("017", 0, refuses_zeros=False) == (0, 10)
    assert parse_base("0x1", 0, refuses_zeros=False) == (2, 16)


def test_a_big_int_may_be_small() -> None:
    """A text of minus 2**30 is read as a big int and stays one."""
    vm = machine()
    value = parse_int(vm, "-1073741824", 10)
    assert isinstance(value, Int)
    assert int_value(value) == SMALL_INT_MIN
    assert new_int(vm, SMALL_INT_MIN) == SMALL_INT_MIN


def test_as_float() -> None:
    assert as_float(16777217) == 16777216.0
    assert as_float(literal(1 << 127)) == 2.0**127
    assert as_float(literal(1 << 129)) == float("inf")


def test_digits_of_an_mpz() -> None:
    vm = machine()
    mpz = Mpz(vm.memory)
    mpz.need(1)
    assert sizes(vm) == [4]
    mpz.set(1 << 40)
    assert [entry.kind for entry in asked(vm)] == ["realloc"]
    assert (mpz.alloc, mpz.length) == (3, 3)
    mpz.free()
    assert [entry.kind for entry in asked(vm)] == ["free"]


def test_raised_is_the_languages() -> None:
    vm = machine()
    with pytest.raises(Raised):
        vm.binary(BinaryOp.FLOOR_DIVIDE, 1, 0)
