"""``omvsim validate`` as a capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Column, Document, Table
from omvsim.capture._headline import Figure, Headline, Tile
from omvsim.capture._parts import fact
from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from omvsim.validate import Point, Validation

_MOST_MISSES = 2000


def capture_validation(validation: Validation) -> Capture:
    """Pour a validation into a capture."""
    results = validation.results
    compared = sum(bool(result.points) for result in results)
    clean = sum(bool(result.points) and not result.misses for result in results)
    points = sum(total.count for total in validation.totals)
    exact = sum(total.exact for total in validation.totals)
    provenance = str(Provenance.EXACT)
    good = validation.passed
    return Capture(
        Document(
            omvsim=__version__,
            kind="validate",
            title="Predictions against recorded runs",
            subtitle=f"{len(results)} traces",
            verdict=Headline(
                key="passed" if good else "differs",
                tone="good" if good else "bad",
                word="Agrees" if good else "Differs",
                sentence=f"{compared} of {len(results)} traces compared, {clean} of them without any difference",
            ),
            tiles=(
                Tile(
                    title="Points compared",
                    figure=Figure(unit="count", value=points, provenance=provenance),
                    says=f"in {compared} traces",
                ),
                Tile(
                    title="Exact",
                    figure=Figure(unit="count", value=exact, provenance=provenance),
                    says=f"{points - exact} are not",
                    tone="good" if exact == points else "warn",
                ),
                Tile(
                    title="Too optimistic",
                    figure=Figure(
                        unit="count", value=sum(total.under for total in validation.totals), provenance=provenance
                    ),
                    says="predictions that promise more room than there was",
                ),
            ),
            tables=tuple(table for table in (_totals(validation), _misses(validation), _traces(validation))),
            facts=(fact("comparison", Provenance.EXACT, "recorded values against predictions, point by point"),),
        )
    )


def _totals(validation: Validation) -> Table:
    return Table(
        key="totals",
        title="By quantity",
        columns=(
            Column(title="quantity"),
            *(Column(title=name, unit="count") for name in ("points", "exact", "too optimistic")),
            Column(title="mean error"),
            Column(title="MAPE", unit="percent"),
        ),
        rows=tuple(
            (
                str(total.quantity),
                total.count,
                total.exact,
                total.under,
                "–" if total.mean_error is None else f"{total.mean_error:+.1f}",
                None if total.mape is None else 100 * total.mape,
            )
            for total in validation.totals
        ),
        tones=tuple("good" if total.exact == total.count else "warn" for total in validation.totals),
    )


def _misses(validation: Validation) -> Table:
    found = [point for result in validation.results for point in result.misses]
    return Table(
        key="differences",
        title="Every difference",
        columns=tuple(Column(title=name) for name in ("trace", "quantity", "where", "recorded", "predicted", "error")),
        rows=tuple(map(_miss, found[:_MOST_MISSES])),
        note="" if len(found) <= _MOST_MISSES else f"The first {_MOST_MISSES} of {len(found)}.",
    )


def _miss(point: Point) -> tuple[str | int | None, ...]:
    return point.trace, str(point.quantity), point.where, point.recorded, point.predicted, point.error


def _traces(validation: Validation) -> Table:
    return Table(
        key="traces",
        title="Traces",
        columns=(
            Column(title="trace"),
            Column(title="points", unit="count"),
            Column(title="exact", unit="count"),
            Column(title="what to know"),
        ),
        rows=tuple(
            (
                result.source,
                len(result.points),
                sum(point.exact for point in result.points),
                result.skipped or (result.used_for_fit or "") or ("" if result.complete else "incomplete"),
            )
            for result in validation.results
        ),
    )


__all__ = ["capture_validation"]
