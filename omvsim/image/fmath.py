"""Arithmetic in single precision as the camera does it (lib/imlib/fmath.c, sincos_tab.c; the same from v4.5.0 to
v5.0.0). A product that is added to something is fused: GCC contracts both, and the Cortex-M7 has the instruction.
"""

from __future__ import annotations

import math
import struct
from typing import Final

_SINGLE: Final = struct.Struct("<f")
PI: Final = _SINGLE.unpack(_SINGLE.pack(math.pi))[0]
_STEEP: Final = 2.414213562373095
_FLAT: Final = 0.4142135623730950
_ATAN: Final = (8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1)
_WRAP: Final = 1 << 32


def single(value: float) -> float:
    """Rounded to a float."""
    try:
        found: float = _SINGLE.unpack(_SINGLE.pack(value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return found


def fused(a: float, b: float, c: float) -> float:
    """a · b + c, rounded once."""
    return single(a * b + c)


def divided(a: float, b: float) -> float:
    """``IM_DIV`` of floats: 0 where the divisor is."""
    return single(a / b) if b else 0.0


def whole(value: int) -> int:
    """What an ``int`` holds of it."""
    return (value + _WRAP // 2) % _WRAP - _WRAP // 2


def quotient(a: int, b: int) -> int:
    """Of ints: rounded towards 0."""
    return a // b if (a < 0) == (b < 0) else -(-a // b)


def sqrt(value: float) -> float:
    """``fast_sqrtf``."""
    return single(math.sqrt(value))


def degrees(value: float) -> float:
    """``IM_RAD2DEG``."""
    return single(single(value * 180) / PI)


def atan(value: float) -> float:
    """``fast_atanf``: a polynomial in three ranges."""
    x, base = abs(value), 0.0
    if x > _STEEP:
        x, base = -single(1 / x), single(math.pi / 2)
    elif x > _FLAT:
        x, base = single(single(x - 1) / single(x + 1)), single(math.pi / 4)
    z = single(x * x)
    sum_ = single(_ATAN[0])
    for factor in _ATAN[1:]:
        sum_ = fused(sum_, z, single(factor))
    found = single(base + fused(single(sum_ * z), x, x))
    return -found if value < 0 else found


def atan2(y: float, x: float) -> float:
    """``fast_atan2f``: from 0 to two pi."""
    if x == 0:
        return 0.0 if y == 0 else math.copysign(PI, y)
    if x > 0:
        return atan(single(y / x)) if y >= 0 else single(2 * PI - atan(single(-y / x)))
    return single(PI - atan(single(-y / x))) if y >= 0 else single(PI + atan(single(y / x)))


COSINES: Final = tuple(single(round(math.cos(math.radians(angle)), 6)) for angle in range(360))
"""``cos_table``, a degree each, six digits."""
SINES: Final = tuple(single(round(math.sin(math.radians(angle)), 6)) for angle in range(360))

__all__ = [
    "COSINES",
    "PI",
    "SINES",
    "atan",
    "atan2",
    "degrees",
    "divided",
    "fused",
    "quotient",
    "single",
    "sqrt",
    "whole",
]
