"""Products and sums in one rounding: what GCC makes of ``a * b + c`` on the Cortex-M7 (VFMA, ``-std=gnu11``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.numerals.single import single

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def fused(a: Floats, b: Floats, c: Floats) -> Floats:
    """``a * b + c`` of singles: the product is exact in double precision."""
    with np.errstate(all="ignore"):
        return np.asarray(a.astype(np.float64) * b.astype(np.float64) + c, np.float32)


def fused_of(a: float, b: float, c: float) -> float:
    """:func:`fused` of numbers that are singles."""
    return single(a * b + c)


__all__ = ["fused", "fused_of"]
