"""Arithmetic in pieces gives what the host's own gives."""

from __future__ import annotations

import random
import sys

import pytest

from omvsim.numerals import longnumbers
from omvsim.numerals.longnumbers import PIECE_BITS, decimal, divided, number_of, product


@pytest.mark.parametrize(
    "bits", [(5, 9), (PIECE_BITS, 7), (PIECE_BITS + 1, PIECE_BITS + 1), (3 * PIECE_BITS, 2 * PIECE_BITS)]
)
def test_products(bits):
    numbers = random.Random(1)
    left, right = (1 << count | numbers.getrandbits(count) for count in bits)
    for signs in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        assert product(signs[0] * left, signs[1] * right) == signs[0] * left * signs[1] * right


@pytest.mark.parametrize("bits", [(9, 5), (5, 9), (4000, 1000), (4000, 3999), (4000, 60)])
def test_quotients(bits, monkeypatch):
    monkeypatch.setattr(longnumbers, "DIVISION_STEPS", 10)
    numbers = random.Random(2)
    for _ in range(20):
        left, right = (1 << count | numbers.getrandbits(count) for count in bits)
        assert divided(left, right) == divmod(left, right)
        assert divided(left * right, right) == (left, 0)
    assert divided(0, 3) == (0, 0)


@pytest.mark.parametrize(
    ("base", "exponent", "plus"),
    [(0, 1, 0), (7, 1, 0), (10, 3999, 0), (10, 4000, 0), (10, 8000, -1), (10, 8001, 5), (7, 20000, 0)],
)
def test_decimal_digits_and_back(base, exponent, plus):
    number = base**exponent + plus
    digits = decimal(number)
    assert number_of(digits, 10) == number
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        assert digits == str(number)
    finally:
        sys.set_int_max_str_digits(limit)


def test_digits_of_other_bases():
    assert number_of("z" * 9000, 36) == 36**9000 - 1
    assert number_of("10" * 4001, 2) == int("10" * 4001, 2)
