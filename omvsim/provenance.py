"""Where a number comes from: every figure a user sees says how far it can be trusted."""

from __future__ import annotations

from omvsim.records import NamedTuple, StrEnum


class Provenance(StrEnum):
    """How a figure came about, best first."""

    EXACT = "exact"
    """Follows from the device's own rules and was checked against measurements, byte for byte."""
    DERIVED = "derived"
    """Follows from the same sources and sizes as something that was measured, and was not measured itself."""
    MODELLED = "modelled"
    """Follows from a model of the device with a stated error bound."""
    CALIBRATED = "calibrated"
    """Fitted to recorded traces (named with the figure)."""
    ASSUMED = "assumed"
    """No measurement stands behind it."""
    UNKNOWN = "unknown"
    """omvsim has no fact for it: the figure is a lower bound at best and must not be relied on."""

    def weakest(self, other: Provenance) -> Provenance:
        """The less trustworthy of the two, which is what a sum of both deserves."""
        order = list(Provenance)
        return max(self, other, key=order.index)


class Figure(NamedTuple):
    """A value with its provenance; ``low`` and ``high`` bound it where it is not exact."""

    value: float
    provenance: Provenance
    low: float | None = None
    high: float | None = None
    source: str = ""
