"""The error table of a validation, as JSON, Markdown and text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.units import format_bytes
from omvsim.validate import SHARES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from omvsim.validate import Point, Total, TraceResult, Validation

VALIDATE_SCHEMA_VERSION = 1
_COLUMNS = ("quantity", "points", "exact", "exact %", "too optimistic", "mean error", "worst error", "MAPE",
            *(f"≤ {share:.0%}" for share in SHARES))  # fmt: skip
_NARROW = ("quantity", "points", "exact", "%", "low", "mean", "worst", "MAPE", *(f"≤{share:.0%}" for share in SHARES))
"""The same for a terminal; "low" are predictions below what was recorded."""
_SHOWN = 20


def validation_json(validation: Validation) -> dict[str, object]:
    """The validation as JSON values; ``error`` is predicted minus recorded. Keys are stable within the version."""
    return {
        "schema": "omvsim.validate",
        "schema_version": VALIDATE_SCHEMA_VERSION,
        "passed": validation.passed,
        "tolerances": {str(quantity): value for quantity, value in validation.tolerances.items()},
        "totals": [_total_json(total) for total in validation.totals],
        "traces": [_result_json(result) for result in validation.results],
    }


def _total_json(total: Total) -> dict[str, object]:
    return {
        "quantity": str(total.quantity),
        "count": total.count,
        "exact": total.exact,
        "under_predicted": total.under,
        "one_sided": total.one_sided,
        "mean_error": total.mean_error,
        "worst": None if total.worst is None else _point_json(total.worst),
        "mape": total.mape,
        "within": None if total.within is None else dict(zip(map(str, SHARES), total.within, strict=True)),
    }


def _result_json(result: TraceResult) -> dict[str, object]:
    return {
        "trace": result.source,
        "prediction_starts_at": result.start or None,
        "complete": result.complete,
        "stopped": result.stopped,
        "skipped": result.skipped,
        "used_for_fit": result.used_for_fit,
        "points": sum(point.count for point in result.points),
        "exact": sum(point.count for point in result.points if point.exact),
        "misses": [_point_json(point) for point in result.misses],
        "not_predicted": list(result.not_predicted),
    }


def _point_json(point: Point) -> dict[str, object]:
    return {
        "trace": point.trace,
        "quantity": str(point.quantity),
        "where": point.where,
        "recorded": point.recorded,
        "predicted": point.predicted,
        "error": point.error,
        "relative_error": point.relative,
        "under_predicted": point.under,
    }


# ── Text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(total: Total) -> tuple[str, ...]:
    worst = total.worst
    return (
        str(total.quantity),
        str(total.count),
        str(total.exact),
        f"{_floor_percent(total.exact, total.count)} %",
        str(total.under) if total.mean_error is not None else "–",
        "–" if total.mean_error is None else f"{total.mean_error:+.1f}",
        "–" if worst is None or worst.error is None else f"{worst.error:+d}",
        "–" if total.mape is None else f"{total.mape:.2%}",
        *("–" if total.within is None else f"{share:.1%}" for share in total.within or SHARES),
    )


def _floor_percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 means all."""
    return f"{part * 1000 // whole / 10:g}"


def _counts(validation: Validation) -> str:
    results = validation.results
    compared = sum(bool(result.points) for result in results)
    exact = sum(bool(result.points) and not result.misses for result in results)
    return f"{compared} of {len(results)} traces compared, {exact} of them without any difference"


def _remarks(validation: Validation) -> Iterator[str]:
    """What the reader must know beside the numbers: traces left out, incomplete ones, other starts."""
    for result in validation.results:
        if result.used_for_fit is not None:
            yield f"{result.source}: left out, {result.used_for_fit} was fitted to it"
        elif result.skipped is not None:
            yield f"{result.source}: not compared: {result.skipped}"
        elif result.stopped is not None:
            yield f"{result.source}: predicted up to a point only: {result.stopped}"
        elif not result.complete:
            yield f"{result.source}: incomplete, compared as far as it goes"


def _misses(points: Iterable[Point], limit: int | None) -> Iterator[str]:
    found = list(points)
    for point in found[:limit]:
        error = "" if point.error is None else f" ({point.error:+d}{', too optimistic' if point.under else ''})"
        sides = f"recorded {_side(point.recorded)}, predicted {_side(point.predicted)}"
        yield f"{point.trace}: {point.quantity}, {point.where}: {sides}{error}"
    if limit is not None and len(found) > limit:
        yield f"… and {len(found) - limit} more (--json has them all)"


def _side(value: int | str | None) -> str:
    return "nothing" if value is None else format_bytes(value) if isinstance(value, int) else value


def validation_markdown(validation: Validation) -> str:
    """The table as Markdown, with every miss and every trace left out."""
    lines = [
        "| " + " | ".join(_COLUMNS) + " |",
        "|---|" + "---:|" * (len(_COLUMNS) - 1),
        *("| " + " | ".join(_row(total)) + " |" for total in validation.totals),
        "",
        f"{_counts(validation)}.",
    ]
    misses = [f"* {line}" for line in _misses((p for r in validation.results for p in r.misses), None)]
    remarks = [f"* {line}" for line in _remarks(validation)]
    if misses:
        lines += ["", "Every difference:", "", *misses]
    if remarks:
        lines += ["", "Not in the table:", "", *remarks]
    return "\n".join(lines) + "\n"


def render_validation(validation: Validation) -> RenderableType:
    """The table for a terminal."""
    from rich.console import Group  # noqa: PLC0415 - rich costs start-up time
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, heading in zip(_COLUMNS, _NARROW, strict=True):
        table.add_column(heading, justify="left" if column == "quantity" else "right", no_wrap=column != "quantity")
    for total in validation.totals:
        table.add_row(*_row(total), style=None if total.exact == total.count else "yellow")
    lines = [_counts(validation)]
    lines += [f"  {line}" for line in _misses((p for r in validation.results for p in r.misses), _SHOWN)]
    lines += [f"  {line}" for line in _remarks(validation)]
    return Group(table, Text(), *(Text(line) for line in lines))


__all__ = ["render_validation", "validation_json", "validation_markdown"]
