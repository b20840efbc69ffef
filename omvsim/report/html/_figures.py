"""Figures as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from omvsim.capture import Cell, Figure, Unit


def milliseconds(value: float) -> str:
    """Three digits, or whole milliseconds."""
    return f"{value:.3g}" if abs(value) < 100 else format_bytes(round(value))


def figure_text(figure: Figure) -> str:
    """The figure with its unit."""
    if figure.value is None:
        return figure.text or "–"
    return f"{cell_text(figure.value, figure.unit)}{_SUFFIX.get(figure.unit, '')}"


_SUFFIX = {"bytes": " bytes", "ms": " ms"}


def bounds_text(figure: Figure) -> str:
    """Its bounds, where it has any."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{cell_text(figure.low, figure.unit)} to {cell_text(figure.high, figure.unit)}"


def cell_text(value: Cell, unit: Unit) -> str:
    """One cell of a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if unit == "ms":
        return milliseconds(value)
    if unit == "percent":
        return f"{value:.2f} %"
    if unit == "address":
        return format_address(int(value))
    return format_bytes(int(value)) if value == int(value) else f"{value:.4g}"


def short_size(size: float) -> str:
    """``1.5M``: for axes."""
    for unit, letter in ((1 << 20, "M"), (1 << 10, "K")):
        if size >= unit:
            return f"{size / unit:.3g}{letter}"
    return f"{size:g}"


__all__ = ["bounds_text", "cell_text", "figure_text", "milliseconds", "short_size"]
