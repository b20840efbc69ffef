"""Floats as text and back: the digits MicroPython prints (py/formatfloat.c, APPROX) and reads (py/parsenum.c).

The printer takes as many digits as it needs until reading them gives the number again, trying neighbours of its first
guess because its arithmetic is single precision; so both directions belong together.
"""

from __future__ import annotations

import math
from typing import Final

from omvsim.numerals.single import INFINITY, NAN, bits_of, single, times_power_of_ten
from omvsim.records import NamedTuple

REPR_PRECISION: Final = 99
"""``MP_FLOAT_REPR_PREC``: as many digits as are needed to read the same number again."""
BUFFER: Final = 33
"""Bytes mp_print_float gives the digits."""
MAX_DIGITS: Final = 9
SAFE_DIGITS: Final = 6
MANTISSA_MAX: Final = 0x19999998
SHORTEST: Final = 6  # FPMIN_BUF_SIZE: +9e+99


# -- reading ----------------------------------------------------------------------------------------------------------


def read_decimal(text: str) -> tuple[float, int] | None:
    """The decimal number at the start of ``text`` and how many characters it takes; None for a bare exponent."""
    at = 0
    part = 0  # 0 integer, 1 fraction, 2 exponent
    mantissa = exponent = scale = whole_zeros = fraction_zeros = 0
    negative = False
    while at < len(text):
        char = text[at]
        at += 1
        if char.isascii() and char.isdigit():
            digit = int(char)
            if part == 2:
                if exponent < (0x3FFFFFFF - 9) // 10:
                    exponent = 10 * exponent + digit
            elif digit == 0 or mantissa >= MANTISSA_MAX:
                whole_zeros, fraction_zeros = (whole_zeros, fraction_zeros + 1) if part else (whole_zeros + 1, 0)
            else:
                for zero_part in (0,) * whole_zeros + (1,) * fraction_zeros:
                    mantissa, scale = _take(mantissa, 0, scale, zero_part)
                whole_zeros = fraction_zeros = 0
                mantissa, scale = _take(mantissa, digit, scale, part)
        elif part == 0 and char == ".":
            part = 1
        elif part != 2 and char in "eE":
            part = 2
            if text[at : at + 1] in ("+", "-") and at < len(text):
                negative = text[at] == "-"
                at += 1
            if at == len(text):
                return None
        elif char != "_":
            at -= 1
            break
    exponent = (-exponent if negative else exponent) + scale + whole_zeros
    return times_power_of_ten(single(mantissa), exponent), at


def _take(mantissa: int, digit: int, scale: int, part: int) -> tuple[int, int]:
    if mantissa < MANTISSA_MAX:
        return 10 * mantissa + digit, scale - 1 if part == 1 else scale
    return mantissa, scale + 1 if part == 0 else scale


# -- printing ---------------------------------------------------------------------------------------------------------


class _Plan(NamedTuple):
    """How many digits go where. ``mode``: f, g or e; ``exponent`` of the first digit; ``zeros`` after the point before
    the digits, ``trailing`` after them; ``digits`` now, at most ``most``; ``plain_below``: g prints 10**n plainly for
    n below it.
    """

    mode: str
    upper: bool
    exponent: int
    digits: int
    most: int
    zeros: int
    trailing: int
    plain_below: int


def format_float(value: float, style: str, precision: int, sign: str = "") -> str:
    """``mp_format_float`` with mp_print_float's buffer. ``style``: one of ``eEfFgG``; ``sign`` of positive numbers."""
    if math.copysign(1.0, value) < 0 and not math.isnan(value):
        value, sign = -value, "-"
    upper = style.isupper()
    if math.isinf(value) or math.isnan(value):
        text = "inf" if math.isinf(value) else "nan"
        return sign + (text.upper() if upper else text)
    plan = _plan(value, style.lower(), upper, precision, BUFFER - len(sign))
    return sign + _search(value, plan)


def _plan(value: float, mode: str, upper: bool, precision: int, room: int) -> _Plan:
    if precision < 0:
        precision = 6
    plain_below = min(precision, room - 3)
    if precision == REPR_PRECISION:
        precision, plain_below = MAX_DIGITS, 16
    exponent = _exponent(value)
    if mode == "f" and exponent > 0 and exponent + precision + 2 > room:
        mode, precision = "g", precision + 1
    most, zeros = precision, 0
    if mode == "f":
        most = min(most, room - 3)
        if exponent >= 0:
            most += exponent + 1
        elif most > 2 and exponent < -2:
            zeros = min(-exponent, most) - 2
            most -= zeros
        else:
            most += 1
    elif mode == "e" or most == 0:
        most += 1
    trailing = max(most - MAX_DIGITS, 0)
    most -= trailing
    trailing = min(trailing, room - most - (3 if mode == "f" else SHORTEST + 1))
    return _Plan(mode, upper, exponent, min(SAFE_DIGITS, most), most, zeros, max(trailing, 0), plain_below)


def _exponent(value: float) -> int:
    """The decimal exponent, found by comparing with rounded powers of ten."""
    if value == 0.0:
        return 0
    bits = bits_of(value)
    exponent = int(single(((bits >> 23) - 127) * single(0.3010299956639812)))
    above_one = bits >= 0x3F800000
    while (value >= times_power_of_ten(1.0, exponent + above_one)) == above_one:
        exponent += 1 if above_one else -1
    return exponent


def _search(value: float, plan: _Plan) -> str:
    while True:
        mantissa = _first_guess(value, plan)
        text, exact = _nearest(value, plan, mantissa)
        if exact or plan.digits == plan.most:
            return text
        plan = plan._replace(digits=plan.digits + 1)


def _first_guess(value: float, plan: _Plan) -> int:
    if value == 0.0:
        shift = 0
    elif plan.mode != "f" or plan.exponent >= 0:
        shift = plan.digits - plan.exponent - 1
    else:
        shift = plan.digits - 1 + (plan.zeros + 1 if plan.zeros else 0)
    factor = 1
    if plan.digits > SAFE_DIGITS and shift > 1:
        factor = 100 if plan.digits > SAFE_DIGITS + 1 and shift > 2 else 10
        shift -= 2 if factor == 100 else 1
    return (factor * int(single(times_power_of_ten(value, shift) + 0.5))) & 0xFFFFFFFF


def _nearest(value: float, plan: _Plan, mantissa: int) -> tuple[str, bool]:
    """The text of the best mantissa near the guess, and whether it reads as the number itself.

    Steps start wide where many digits make the guess poor, and halve; the best so far wins ties with a round end.
    """
    text = _text(mantissa, plan)
    off = _off(text, value)
    if off == 0.0:
        return text, True
    best, best_off = mantissa, off
    step = 8 ** max(plan.digits - SAFE_DIGITS, 0)
    for _ in range(3 + 3 * (MAX_DIGITS - SAFE_DIGITS)):
        mantissa += step if math.copysign(1.0, off) < 0 else -step
        text = _text(mantissa, plan)
        off = _off(text, value)
        if off == 0.0:
            return text, True
        change = single(abs(off) - abs(best_off))
        if math.copysign(1.0, change) < 0 or (change == 0.0 and mantissa % 10 == 0):
            best, best_off = mantissa, off
        if step > 1:
            step >>= 1
            continue
        if plan.digits < plan.most:
            return text, False
        return (text if mantissa == best else _text(best, plan)), False
    return text, plan.digits == plan.most


def _off(text: str, value: float) -> float:
    read = read_decimal(text)
    assert read is not None
    return single(read[0] - value)


def _text(mantissa: int, plan: _Plan) -> str:
    """Digits, point, zeros and exponent of a mantissa (``mp_format_mantissa``)."""
    digits, exponent = plan.digits, plan.exponent
    trailing = plan.trailing + plan.most - digits
    before = max(exponent, 0) + 1 if plan.mode == "f" else 1
    if mantissa >= 10**digits:
        if plan.mode == "f":
            digits += 1
            before += 1
        else:
            mantissa //= 10
            exponent += 1
    leading = ""
    if plan.mode == "f" and plan.exponent < 0 and plan.zeros:
        leading = "0." + "0" * plan.zeros
    elif plan.mode == "g" and exponent > 0 and exponent < plan.plain_below:
        before += exponent
        if before > digits:
            trailing = before - digits
        exponent = 0
    elif plan.mode == "g" and -4 <= exponent < 0:
        cut = 0
        while cut < -exponent and mantissa % 10 == 0:
            mantissa //= 10
            cut += 1
        digits -= cut
        leading, exponent = "0." + "0" * (-exponent - 1), 0
    figures = str(mantissa).rjust(digits, "0")[-digits:] if digits > 0 else ""
    text = _pointed(leading, figures + "0" * trailing, before)
    if plan.mode == "g" and "." in text:
        text = text.rstrip("0").removesuffix(".")
    if plan.mode == "e" or (plan.mode == "g" and exponent != 0):
        text += f"{'E' if plan.upper else 'e'}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return text


def _pointed(leading: str, figures: str, before: int) -> str:
    """Figures behind a leading ``0.000``, or with a point after so many of them."""
    if leading or before >= len(figures):
        return leading + figures
    return figures[:before] + "." + figures[before:]


__all__ = ["BUFFER", "INFINITY", "NAN", "REPR_PRECISION", "format_float", "read_decimal"]
