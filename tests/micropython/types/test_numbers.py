"""float, complex, bool, None, Ellipsis, NotImplemented."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.micropython.types.complex_ import Complex, new_complex
from omvsim.micropython.types.float_ import Float, float_hash
from omvsim.micropython.types.numbertext import parse_decimal, read_number
from omvsim.micropython.types.singletons import ELLIPSIS, NOT_IMPLEMENTED
from omvsim.micropython.values import BinaryOp, PrintKind, UnaryOp, Value
from omvsim.numerals.single import single
from tests.micropython.types._machine import lines, machine, shown, sizes

VM = machine(size=1 << 22)
VM.memory.tape = None
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)


def value(result: Value) -> float:
    assert isinstance(result, Float)
    return result.value


@given(SINGLES, SINGLES)
def test_arithmetic_rounds_to_single(left: float, right: float) -> None:
    one, two = VM.new_float(left), VM.new_float(right)
    assert value(VM.binary(BinaryOp.ADD, one, two)) == single(left + right)
    assert value(VM.binary(BinaryOp.SUBTRACT, one, two)) == single(left - right)
    assert value(VM.binary(BinaryOp.INPLACE_MULTIPLY, one, two)) == single(left * right)
    if right:
        assert value(VM.binary(BinaryOp.TRUE_DIVIDE, one, two)) == single(left / right)
        rest = value(VM.binary(BinaryOp.MODULO, one, two))
        assert rest == 0 or (rest < 0) == (right < 0)
    assert VM.binary(BinaryOp.LESS, one, two) is (left < right)
    assert VM.equal(one, two) is (left == right)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
def test_whole_quotients(left: int, right: int) -> None:
    one, two = VM.new_float(left), VM.new_float(right)
    assert value(VM.binary(BinaryOp.FLOOR_DIVIDE, one, two)) == left // right
    whole, rest = VM.sequence(VM.binary(BinaryOp.DIVMOD, one, two))
    assert (value(whole), value(rest)) == divmod(float(left), float(right))


@given(SINGLES)
def test_one_operand(number: float) -> None:
    made = VM.new_float(number)
    assert value(VM.unary(UnaryOp.NEGATIVE, made)) == -number
    assert value(VM.unary(UnaryOp.ABS, made)) == abs(number)
    assert VM.unary(UnaryOp.POSITIVE, made) is made
    assert VM.truth(made) is (number != 0)


def test_what_they_ask_for() -> None:
    vm = machine()
    one = vm.new_float(1.5)
    assert sizes(vm) == [8]
    vm.binary(BinaryOp.ADD, one, 1)
    assert sizes(vm) == [8]
    vm.binary(BinaryOp.DIVMOD, one, 1)
    assert sizes(vm) == [8, 8, 16]
    assert vm.unary(UnaryOp.ABS, one) is one
    assert sizes(vm) == []
    pair = new_complex(vm, 1.0, 2.0)
    assert sizes(vm) == [12]
    vm.attr(pair, "real")
    assert sizes(vm) == [8]
    vm.binary(BinaryOp.MULTIPLY, pair, 2)
    assert sizes(vm) == [12]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.5", 1.5), (" -2e3 ", -2000.0), ("inf", math.inf), ("-Infinity", -math.inf), ("1_0.5", 10.5), (".5", 0.5)],
)
def test_texts(text: str, expected: float) -> None:
    assert value(parse_decimal(VM, text, imaginary=False, force_complex=False)) == expected


def test_nan_is_read() -> None:
    found = read_number("NaN", 0)
    assert found is not None
    assert math.isnan(found[0])
    assert found[1] == 3


@pytest.mark.parametrize(
    ("text", "real", "imag"),
    [("1+2j", 1.0, 2.0), ("-j", 0.0, -1.0), ("3", 3.0, 0.0), ("1.5e1-2.5j", 15.0, -2.5), (" 2j ", 0.0, 2.0)],
)
def test_complex_texts(text: str, real: float, imag: float) -> None:
    found = parse_decimal(VM, text, imaginary=True, force_complex=True)
    assert isinstance(found, Complex)
    assert (found.real, found.imag) == (real, imag)


@given(st.integers(-30, 30), st.integers(-30, 30), st.integers(-30, 30), st.integers(-30, 30))
def test_complex_arithmetic(a: int, b: int, c: int, d: int) -> None:
    one, two = new_complex(VM, a, b), new_complex(VM, c, d)
    for op, expected in (
        (BinaryOp.ADD, complex(a + c, b + d)),
        (BinaryOp.SUBTRACT, complex(a - c, b - d)),
        (BinaryOp.MULTIPLY, complex(a, b) * complex(c, d)),
    ):
        found = VM.binary(op, one, two)
        assert isinstance(found, Complex)
        assert complex(found.real, found.imag) == expected
    if c or d:
        found = VM.binary(BinaryOp.TRUE_DIVIDE, one, two)
        assert isinstance(found, Complex)
        assert abs(complex(found.real, found.imag) - complex(a, b) / complex(c, d)) < 1e-4
    assert VM.equal(one, two) is (complex(a, b) == complex(c, d))


def test_scripts() -> None:
    assert lines(
        "print(1.0, 0.1, 1e10, 1e-7, 1e38, 3.14159265, -0.0, float('nan'), float('inf'), 100000000.0, 2 / 3)\n"
        "print(1.5 + 1, 2 ** 0.5, 7.5 // 2, -7.5 // 2, 7.5 % -2, 2.25 ** 0.5, 2.0 ** -1, 1e38 * 10, float(), "
        "float('1e3'))\n"
        "print(1j, 1 + 2j, (1 + 2j) * 2, abs(3 + 4j) if 0 else '', (1 + 2j).real, (1j) ** 2, complex(1, 2), "
        "complex('1+j'), -1j)\n"
        "print(True + 1, True == 1.0, None == None, ..., NotImplemented, bool([]), bool('a'), not None, True and 0)\n"
        "print(float(True), float(1 << 70), 1 == 1.0, 1 < 1.5, [1.0] == [1], 1.0 in (1, 2), 1e3 == 1000, 0.1 + 0.2)\n"
    ) == [
        "1.0 0.1 10000000000.0 1e-07 1e+38 3.1415928 -0.0 nan inf 100000000.0 0.6666667",
        "2.5 1.4142135 3.0 -4.0 -0.5 1.5 0.5 inf 0.0 1000.0",
        "1j (1+2j) (2+4j)  1.0 (-1-8.742278e-08j) (1+2j) (1+1j) -1j",
        "2 True True Ellipsis NotImplemented False True True 0",
        "1.0 1.1805916e+21 True True True True True 0.3",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1.0 / 0", "ZeroDivisionError: divide by zero"),
        ("1.0 // 0.0", "ZeroDivisionError: divide by zero"),
        ("1.5 % 0", "ZeroDivisionError: divide by zero"),
        ("0.0 ** -1", "ZeroDivisionError: divide by zero"),
        ("1j / 0", "ZeroDivisionError: complex divide by zero"),
        ("0j ** -1", "ZeroDivisionError: 0.0 to a complex power"),
        ("1j // 2", "TypeError: can't truncate-divide a complex number"),
        ("1.0 & 1", "TypeError: unsupported types for __and__: 'float', 'int'"),
        ("~1.0", "TypeError: unsupported type for __invert__: 'float'"),
        ("-None", "TypeError: unsupported type for __neg__: 'NoneType'"),
        ("float('x')", "ValueError: invalid syntax for number"),
        ("float('')", "ValueError: invalid syntax for number"),
        ("float('1e')", "ValueError: invalid syntax for number"),
        ("float([])", "TypeError: can't convert list to float"),
        ("complex('1+')", "ValueError: invalid syntax for number"),
        ("complex([])", "TypeError: can't convert list to complex"),
        ("1j < 2j", "TypeError: unsupported types for __lt__: 'complex', 'complex'"),
        ("True.x", "AttributeError: 'bool' object has no attribute 'x'"),
        ("None()", "TypeError: 'NoneType' object isn't callable"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text


def test_hashes_and_keys() -> None:
    assert float_hash(3.9) == 3
    assert float_hash(-1.5) == -1
    assert float_hash(1e20) == -1, "2147483647 loses its highest bit in a small int"
    nan = VM.new_float(math.nan)
    assert isinstance(nan, Float)
    assert nan.key() is nan
    assert VM.new_float(2.0).key() == 2  # type: ignore[union-attr]  # a float
    assert not VM.equal(nan, nan)


def test_as_json() -> None:
    assert [shown(VM, item, PrintKind.JSON) for item in (True, False, None, 5)] == ["true", "false", "null", "5"]
    assert [shown(VM, item) for item in (ELLIPSIS, NOT_IMPLEMENTED, None, True)] == [
        "Ellipsis",
        "NotImplemented",
        "None",
        "True",
    ]
