"""What the points of a validation add up to, by quantity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.validate._compare import Point, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

SHARES = (0.05, 0.10, 0.15)
"""Relative errors for which the table says how many points stay within them."""


@dataclass(frozen=True, slots=True)
class Total:
    """One row of the table. Errors are predicted minus recorded, in the quantity's unit; None where there are none."""

    quantity: Quantity
    count: int
    exact: int
    under: int
    """Points where the prediction promises more room than there was."""
    one_sided: int
    """Points that only the recording or only the prediction has."""
    mean_error: float | None
    worst: Point | None
    mape: float | None
    """Mean absolute error relative to the recorded value."""
    within: tuple[float, ...] | None
    """Share of points within each of :data:`SHARES`."""


def totals(points: Iterable[Point]) -> tuple[Total, ...]:
    """A row for every quantity that has points, in the order of :class:`Quantity`."""
    by_quantity: dict[Quantity, list[Point]] = {quantity: [] for quantity in Quantity}
    for point in points:
        by_quantity[point.quantity].append(point)
    return tuple(_total(quantity, group) for quantity, group in by_quantity.items() if group)


def _total(quantity: Quantity, points: list[Point]) -> Total:
    errors = [(abs(point.error), point) for point in points if point.error is not None]
    relative = [abs(point.relative) for point in points if point.relative is not None]
    worst = max(errors, key=lambda entry: entry[0], default=(0, None))
    return Total(
        quantity=quantity,
        count=sum(point.count for point in points),
        exact=sum(point.count for point in points if point.exact),
        under=sum(point.under for point in points),
        one_sided=sum(point.count for point in points if None in (point.recorded, point.predicted)),
        mean_error=sum(point.error or 0 for _, point in errors) / len(errors) if errors else None,
        worst=worst[1] if worst[0] else next((point for point in points if not point.exact), None),
        mape=sum(relative) / len(relative) if relative else None,
        within=tuple(sum(r <= share for r in relative) / len(points) for share in SHARES) if relative else None,
    )


__all__ = ["SHARES", "Total", "totals"]
