"""Digits of floats.

The rows were printed by py/formatfloat.c and py/parsenum.c of MicroPython v1.26.0, compiled for a host with single
precision (MICROPY_FLOAT_FORMAT_IMPL_APPROX, as the RT1062 has it) and a correctly rounded powf.
"""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.numerals.floattext import REPR_PRECISION, format_float, read_decimal
from omvsim.numerals.single import bits_of, from_bits, of_big, power, single, times_power_of_ten, to_word

PRINTED = [
    (0x3DCCCCCD, "g", 99, "0.1"),
    (0x3DCCCCCD, "f", 20, "0.10000000000000000000"),
    (0x3DCCCCCD, "F", 1, "0.1"),
    (0x3EAAAAAB, "g", 99, "0.33333334"),
    (0x3EAAAAAB, "g", 20, "0.33333334"),
    (0x3EAAAAAB, "E", 20, "3.33333340000000000000E-01"),
    (0x3F2AAAAB, "g", 99, "0.6666667"),
    (0x3F2AAAAB, "e", 20, "6.66666700000000000000e-01"),
    (0x3F2AAAAB, "e", 9, "6.666667000e-01"),
    (0x40490FDB, "g", 99, "3.1415928"),
    (0x40490FDB, "g", 12, "3.1415928"),
    (0x40490FDB, "f", 2, "3.14"),
    (0x501502F9, "g", 99, "10000000000"),
    (0x501502F9, "G", 9, "1E+10"),
    (0x501502F9, "F", 12, "10000000000.000000000000"),
    (0x34210FB0, "g", 99, "1.5e-07"),
    (0x34210FB0, "E", 7, "1.5000000E-07"),
    (0x34210FB0, "G", 1, "2E-07"),
    (0x47F12065, "g", 99, "123456.79"),
    (0x47F12065, "f", 1, "123456.8"),
    (0x47F12065, "F", 7, "123456.7900000"),
    (0x7E967699, "g", 99, "1e+38"),
    (0x7E967699, "G", -1, "1E+38"),
    (0x7E967699, "G", 0, "1E+38"),
    (0x4B800000, "g", 99, "16777216"),
    (0x4B800000, "f", 20, "16777216.00000000000000000000"),
    (0x4B800000, "e", 3, "1.678e+07"),
    (0x4B800000, "E", 20, "1.67772160000000000000E+07"),
    (0x47C35000, "g", 99, "100000"),
    (0x47C35000, "G", 7, "100000"),
    (0x49742400, "g", 99, "1000000"),
    (0x49742400, "E", 20, "1.00000000000000000000E+06"),
    (0x49742400, "E", 1, "1.0E+06"),
    (0x4B189680, "g", 99, "10000000"),
    (0x4B189680, "g", 0, "1e+07"),
    (0x4B189680, "e", 1, "1.0e+07"),
    (0x58635FA9, "g", 99, "1000000000000000"),
    (0x58635FA9, "E", 2, "1.00E+15"),
    (0x58635FA9, "g", 7, "1e+15"),
    (0x5A0E1BCA, "g", 99, "1e+16"),
    (0x5A0E1BCA, "G", 3, "1E+16"),
    (0x5A0E1BCA, "E", 12, "1.000000000000E+16"),
    (0x5BB1A2BC, "g", 99, "1e+17"),
    (0x5BB1A2BC, "E", 20, "1.00000000000000000000E+17"),
    (0x5BB1A2BC, "g", 12, "1e+17"),
    (0x3A83126F, "g", 99, "0.001"),
    (0x3A83126F, "F", 7, "0.0010000"),
    (0x3A83126F, "F", 2, "0.00"),
    (0x38D1B717, "g", 99, "0.0001"),
    (0x38D1B717, "g", -1, "0.0001"),
    (0x38D1B717, "g", 20, "0.0001"),
    (0x3727C5AC, "g", 99, "1e-05"),
    (0x3727C5AC, "G", 1, "1E-05"),
    (0x3727C5AC, "G", 5, "1E-05"),
    (0x411FFFFF, "g", 99, "9.999999"),
    (0x411FFFFF, "F", 20, "9.99999900000000000000"),
    (0x411FFFFF, "F", 0, "10"),
    (0x47C34FFA, "g", 99, "99999.95"),
    (0x47C34FFA, "G", 2, "1E+05"),
    (0x47C34FFA, "G", 20, "99999.95"),
    (0x3F000000, "g", 99, "0.5"),
    (0x3F000000, "g", 3, "0.5"),
    (0x3F000000, "e", 0, "5e-01"),
    (0x40200000, "g", 99, "2.5"),
    (0x40200000, "E", 9, "2.500000000E+00"),
    (0x40200000, "e", 5, "2.50000e+00"),
    (0x449A522B, "g", 99, "1234.5678"),
    (0x449A522B, "e", 7, "1.2345678e+03"),
    (0x449A522B, "f", -1, "1234.567800"),
    (0x00000000, "g", 99, "0"),
    (0x00000000, "g", 7, "0"),
    (0x00000000, "E", 0, "0E+00"),
    (0x000116C2, "g", 99, "1.63250339e-39"),
    (0x000116C2, "e", 20, "1.63250339000000000000e-39"),
    (0x000116C2, "F", -1, "0.000000"),
    (0x7F7FFFFF, "g", 99, "3.4028236e+38"),
    (0x7F7FFFFF, "E", 20, "3.40282360000000000000E+38"),
    (0x7F7FFFFF, "g", 12, "3.4028236e+38"),
    (0x00800000, "g", 99, "1.1754944e-38"),
    (0x00800000, "g", 12, "1.1754944e-38"),
    (0x00800000, "f", -1, "0.000000"),
    (0x50000000, "g", 99, "8589935000"),
    (0x50000000, "g", -1, "8.58993e+09"),
    (0x50000000, "e", 0, "9e+09"),
    (0x38302928, "g", 99, "4.2e-05"),
    (0x38302928, "F", 12, "0.000042000000"),
    (0x38302928, "e", 2, "4.20e-05"),
    (0x40E00000, "g", 99, "7"),
    (0x40E00000, "E", 3, "7.000E+00"),
    (0x40E00000, "F", 3, "7.000"),
    (0x42C90000, "g", 99, "100.5"),
    (0x42C90000, "f", -1, "100.500000"),
    (0x42C90000, "g", 5, "100.5"),
    (0x477FE000, "g", 99, "65504"),
    (0x477FE000, "g", 1, "7e+04"),
    (0x477FE000, "E", 7, "6.5504000E+04"),
    (0x3E99999A, "g", 99, "0.3"),
    (0x3E99999A, "E", 12, "3.000000000000E-01"),
    (0x3E99999A, "E", 20, "3.00000000000000000000E-01"),
    (0x572A0D6B, "e", 2, "1.87e+14"),
    (0x373148E9, "f", 2, "0.00"),
    (0x37FE38F2, "g", 2, "3e-05"),
    (0x4632F833, "g", 99, "11454.05"),
    (0x64EA2CE2, "g", 2, "3.5e+22"),
    (0x029117D9, "g", -1, "2.13195e-37"),
    (0x07B0B7DA, "g", 8, "2.6589596e-34"),
    (0x2D2C58C2, "g", 2, "9.8e-12"),
    (0x5E77E853, "g", 99, "4.4659048e+18"),
    (0x4B70B44A, "e", 99, "1.577479400e+07"),
    (0x7B4D98E7, "g", 2, "1.1e+36"),
    (0x50614CAF, "g", 2, "1.5e+10"),
    (0x4BDCAC07, "g", -1, "2.89239e+07"),
    (0x2E96149C, "f", 2, "0.00"),
    (0x6109A78A, "g", 2, "1.6e+20"),
    (0x2673A32A, "g", 99, "8.4528684e-16"),
    (0x62D9DAE9, "e", -1, "2.009359e+21"),
    (0x27AEA086, "f", 2, "0.00"),
    (0x1E8D9042, "g", -1, "1.49886e-20"),
    (0x56CAC9DA, "g", 99, "111484150000000"),
    (0x0D09260A, "g", 2, "4.2e-31"),
    (0x5664055A, "f", 8, "62677910000000.00000000"),
    (0x67A6611C, "f", 99, "1.5714084e+24"),
    (0x2B195223, "f", 8, "0.00000000"),
    (0x22A30452, "f", 99, "0.000000000"),
    (0x04572097, "f", 2, "0.00"),
    (0x674479F3, "f", 2, "927833400000000000000000.00"),
    (0x2B88B6A6, "e", 2, "9.71e-13"),
    (0x4B741AF3, "f", 8, "15997683.00000000"),
    (0x255E6272, "g", 8, "1.9288784e-16"),
    (0x2C555640, "g", 2, "3e-12"),
    (0x35BB0FE2, "g", 99, "1.3937208e-06"),
    (0x75D6A068, "g", -1, "5.44143e+32"),
    (0x198B8B6C, "e", 8, "1.44285750e-23"),
    (0x78BD0015, "g", -1, "3.06671e+34"),
    (0x04230043, "g", 2, "1.9e-36"),
    (0x459D3D25, "g", -1, "5031.64"),
    (0x6E46A6E8, "e", 2, "1.54e+28"),
    (0x0F5C0A19, "f", 99, "0.000000000"),
    (0x047F9D56, "f", 8, "0.00000000"),
]
READ = [
    ("0", 0x00000000, 1),
    ("1", 0x3F800000, 1),
    ("1.0", 0x3F800000, 3),
    ("1.5", 0x3FC00000, 3),
    ("0.1", 0x3DCCCCCD, 3),
    ("3.14159265358979", 0x40490FDA, 16),
    ("123456789", 0x4CEB79A3, 9),
    ("1234567890123", 0x538FB8FE, 13),
    ("1e10", 0x501502F9, 4),
    ("1e-10", 0x2EDBE6FF, 5),
    ("1E5", 0x47C35000, 3),
    ("1.e3", 0x447A0000, 4),
    (".5", 0x3F000000, 2),
    ("1_000.5", 0x447A2000, 7),
    ("00012", 0x41400000, 5),
    ("1e38", 0x7E967699, 4),
    ("3.5e38", 0x7F800000, 6),
    ("1e39", 0x7F800000, 4),
    ("1e-45", 0x00000001, 5),
    ("1e-46", 0x00000000, 5),
    ("0.000000001", 0x3089705F, 11),
    ("100000000000000000000", 0x60AD78EC, 21),
    ("1.7976931348623157", 0x3FE61ACF, 18),
    ("1x", 0x3F800000, 1),
    ("5e-5abc", 0x3851B717, 4),
    ("16777217", 0x4B800000, 8),
    ("16777219", 0x4B800002, 8),
    ("0.30000001", 0x3E99999A, 10),
    ("9999999999", 0x501502F9, 10),
    ("1e400", 0x7F800000, 5),
    ("1e-400", 0x00000000, 6),
    ("0.00000000000000000001234", 0x1E691894, 25),
]


@pytest.mark.parametrize(("bits", "style", "precision", "text"), PRINTED)
def test_printed(bits: int, style: str, precision: int, text: str) -> None:
    assert format_float(from_bits(bits), style, precision) == text


@pytest.mark.parametrize(("text", "bits", "length"), READ)
def test_read(text: str, bits: int, length: int) -> None:
    found = read_decimal(text)
    assert found is not None
    assert (bits_of(found[0]), found[1]) == (bits, length)


def test_a_bare_exponent_is_no_number() -> None:
    assert read_decimal("1e") is None
    assert read_decimal("1e+") is None


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (math.inf, "g", "inf"),
        (-math.inf, "F", "-INF"),
        (math.nan, "e", "nan"),
        (math.nan, "G", "NAN"),
        (0.0, "g", "0"),
        (-0.0, "g", "-0"),
    ],
)
def test_what_is_no_number(value: float, style: str, text: str) -> None:
    assert format_float(value, style, REPR_PRECISION) == text


def test_a_sign_in_front() -> None:
    assert format_float(1.5, "f", 2, "+") == "+1.50"
    assert format_float(-1.5, "f", 2, "+") == "-1.50"


@given(st.integers(-999_999, 999_999), st.integers(0, 5))
def test_six_digits_come_back(number: int, places: int) -> None:
    """What has at most six digits is printed with those."""
    value = single(number / 10**places)
    text = format_float(value, "g", REPR_PRECISION)
    assert float(text) == pytest.approx(number / 10**places, rel=1e-9, abs=1e-12)
    assert single(float(text)) == value


@given(st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=2.0**-100, max_value=2.0**100))
def test_repr_is_near(value: float) -> None:
    """At most nine digits, within the last of them."""
    text = format_float(value, "g", REPR_PRECISION)
    assert float(text) == pytest.approx(value, rel=3e-7)
    assert sum(char.isdigit() for char in text.split("e")[0].lstrip("0.").rstrip("0")) <= 9


@given(st.floats(width=32, allow_nan=False))
def test_single_is_what_struct_has(value: float) -> None:
    assert single(value) == struct.unpack("<f", struct.pack("<f", value))[0]
    assert from_bits(bits_of(value)) == value


def test_single_overflows_to_infinity() -> None:
    assert single(1e39) == math.inf
    assert single(-1e300) == -math.inf
    assert single(1e-50) == 0.0


@pytest.mark.parametrize(
    ("value", "number"),
    [(1.9, 1), (-1.9, -1), (1e10, 2147483647), (-1e10, -2147483648), (math.nan, 0), (math.inf, 2147483647)],
)
def test_to_a_word(value: float, number: int) -> None:
    assert to_word(value) == number


@given(st.integers(-(10**30), 10**30))
def test_big_ints_as_floats(value: int) -> None:
    assert of_big(value) == pytest.approx(float(value), rel=1e-6)


def test_powers() -> None:
    assert power(2.0, 10.0) == 1024.0
    assert power(10.0, 39.0) == math.inf
    assert power(-10.0, 39.0) == -math.inf
    assert power(-8.0, 3.0) == -512.0
    assert times_power_of_ten(1.0, 0) == 1.0
    assert times_power_of_ten(1.5, -2) == single(0.015)
    assert times_power_of_ten(1.0, 40) == math.inf
