"""Arithmetic of numbers with thousands of digits, in pieces: a limit on the host's time holds between them.

The host's own operations cannot be interrupted, and the host refuses to turn numbers of more than 4300 digits into
text. Numbers here fit the camera's heap, which has 8 MB.
"""

from __future__ import annotations

from typing import Final

PIECE_BITS: Final = 1 << 20
PIECE_DIGITS: Final = 4000
"""Decimal digits that the host converts at once (``sys.get_int_max_str_digits`` is 4300)."""
DIVISION_STEPS: Final = 100_000_000
"""Products of the host's digits (30 bits) in one division: about a tenth of a second."""
HOST_DIGIT: Final = 30


def product(left: int, right: int) -> int:
    """``left * right``."""
    if left.bit_length() < right.bit_length():
        left, right = right, left
    if right.bit_length() <= PIECE_BITS:
        return left * right
    magnitude, mask = abs(left), (1 << PIECE_BITS) - 1
    total = 0
    for at in range(0, magnitude.bit_length(), PIECE_BITS):
        total += (magnitude >> at & mask) * right << at
    return -total if left < 0 else total


def divided(left: int, right: int) -> tuple[int, int]:
    """``divmod`` of two magnitudes."""
    width = right.bit_length() // HOST_DIGIT + 1
    length = left.bit_length() - right.bit_length()
    if length <= 0 or length // HOST_DIGIT * width <= DIVISION_STEPS:
        return divmod(left, right)
    step = max(1, DIVISION_STEPS // width) * HOST_DIGIT
    mask = (1 << step) - 1
    quotient = rest = 0
    for at in reversed(range(0, left.bit_length(), step)):
        digits, rest = divmod(rest << step | left >> at & mask, right)
        quotient = quotient << step | digits
    return quotient, rest


def decimal(magnitude: int) -> str:
    """Decimal digits."""
    unit = 10**PIECE_DIGITS
    pieces: list[str] = []
    while magnitude >= unit:
        magnitude, rest = divided(magnitude, unit)
        pieces.append(f"{rest:0{PIECE_DIGITS}d}")
    pieces.append(str(magnitude))
    return "".join(reversed(pieces))


def number_of(digits: str, base: int) -> int:
    """The number that digits stand for."""
    value = 0
    for at in range(0, len(digits), PIECE_DIGITS):
        piece = digits[at : at + PIECE_DIGITS]
        value = value * base ** len(piece) + int(piece, base)
    return value


__all__ = ["decimal", "divided", "number_of", "product"]
