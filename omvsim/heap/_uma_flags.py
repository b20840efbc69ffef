"""Flags of UMA (openmv/openmv v5.0.0 ``common/umalloc.h``)."""

from __future__ import annotations

from enum import IntFlag


class UmaFlag(IntFlag):
    """Attributes of a pool (low byte) and of a request (the rest), as in ``umalloc.h``."""

    FAST = 1 << 0
    ITCM = 1 << 1
    DTCM = 1 << 2
    DMA_D1 = 1 << 3
    DMA_D2 = 1 << 4
    DMA_D3 = 1 << 5
    TRANSIENT = 1 << 6
    MAYBE = 1 << 8
    STRICT = 1 << 9
    CACHE = 1 << 10
    PERSIST = 1 << 11


__all__ = ["UmaFlag"]
