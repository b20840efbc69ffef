"""Which kernels compute a model on the host."""

from __future__ import annotations

from omvsim.records import StrEnum


class Kernels(StrEnum):
    """Which kernels compute."""

    AUTO = "auto"
    """Reference kernels for a model's first inputs, as many as cost about half a second, then optimised ones."""
    REFERENCE = "reference"
    FAST = "fast"


__all__ = ["Kernels"]
