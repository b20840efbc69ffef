"""Single precision: what ``mp_float_t`` and the C library's float functions give, on the host's doubles.

Sums, products, quotients and roots of two singles, computed in double and rounded once more, are the single results.
Powers are rounded correctly here; the camera's ``powf`` (newlib, computed in double) is as good in all but rare cases.
"""

from __future__ import annotations

import math
from array import array
from struct import Struct
from typing import Final

INFINITY: Final = math.inf
NAN: Final = math.nan
_FLOAT: Final = Struct("<f")
_BITS: Final = Struct("<I")
_cell: Final = array("f", [0.0])


def single(value: float) -> float:
    """The nearest single-precision number, infinite beyond the largest."""
    _cell[0] = value
    return _cell[0]


def bits_of(value: float) -> int:
    """The 32 bits of a single-precision number."""
    packed: int = _BITS.unpack(_FLOAT.pack(value))[0]
    return packed


def from_bits(bits: int) -> float:
    """The single-precision number with these 32 bits."""
    value: float = _FLOAT.unpack(_BITS.pack(bits))[0]
    return value


def of_int(value: int) -> float:
    """A machine word as a float (``(mp_float_t)value``)."""
    return single(value)


def of_big(value: int) -> float:
    """A big int as a float: digit by digit, rounded at each (py/mpz.c, mpz_as_float)."""
    rest = abs(value)
    result = 0.0
    for shift in range((rest.bit_length() + 15) // 16 * 16 - 16, -1, -16):
        result = single(single(result * 65536.0) + ((rest >> shift) & 0xFFFF))
    return -result if value < 0 else result


def to_word(value: float) -> int:
    """``(mp_int_t)value``: towards zero, saturating, NaN is 0 (VCVT of the Cortex-M7)."""
    if math.isnan(value):
        return 0
    return int(max(-2147483648.0, min(2147483647.0, value)))


def power(base: float, exponent: float) -> float:
    """``powf`` for a base and exponent that have a real power (the sign rules are C's)."""
    try:
        return single(math.pow(base, exponent))
    except OverflowError:
        odd = exponent == math.floor(exponent) and math.fmod(exponent, 2.0) != 0.0
        return -INFINITY if base < 0 and odd else INFINITY
    except ValueError:
        return NAN if base != 0.0 else INFINITY


def times_power_of_ten(value: float, exponent: int) -> float:
    """``value * 10 ** exponent`` as py/parsenum.c, mp_decimal_exp (APPROX) computes it: two to the exponent by changing
    the exponent bits of the number (they wrap), then five to the exponent by one product or quotient.
    """
    if exponent == 0 or value == 0.0:
        return value
    bits = bits_of(value)
    field = ((bits >> 23) + exponent) & 0xFF
    scaled = from_bits((bits & 0x807FFFFF) | (field << 23))
    if -10 <= exponent < 0:
        return single(scaled / 5.0**-exponent)
    return single(scaled * power(5.0, max(min(exponent, 1000), -1000)))


__all__ = [
    "INFINITY",
    "NAN",
    "bits_of",
    "from_bits",
    "of_big",
    "of_int",
    "power",
    "single",
    "times_power_of_ten",
    "to_word",
]
