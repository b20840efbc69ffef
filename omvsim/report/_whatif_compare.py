"""Two runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.report._notes import paper, print_page
from omvsim.report._run_verdict import wrapped
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from omvsim.runs.scenario import RunResult
    from omvsim.whatif import Comparison, Difference


_LEAST_OWNER = 12


def compare_json(comparison: Comparison) -> dict[str, object]:
    """One JSON object."""
    return {
        "model": Path(comparison.first.model.path).name,
        "settings": [{"key": key, "a": a, "b": b} for key, a, b in comparison.settings],
        "a": _run_json(comparison.first),
        "b": _run_json(comparison.second),
        "differences": [_difference_json(entry) for entry in comparison.differences],
        "small_allocations": [{"area": area, "a": a, "b": b} for area, a, b in comparison.small],
    }


def _run_json(result: RunResult) -> dict[str, object]:
    failure = result.failure
    return {
        "verdict": str(result.verdict),
        "stage": None if failure is None else failure.step,
        "error": None if failure is None else failure.text,
        "model_ram": result.model_ram,
        "areas": [
            {"area": f"gc[{a.index}]", "used": a.used_bytes, "longest_free": a.longest_free_bytes} for a in result.areas
        ],
    }


def _difference_json(entry: Difference) -> dict[str, object]:
    sides = {"a": entry.first, "b": entry.second}
    places = {
        name: None
        if place is None
        else {"bytes": place.bytes, "area": place.area, "address": format_address(place.address)}
        for name, place in sides.items()
    }
    return {"step": entry.step, "owner": entry.owner, **places}


def print_comparison(comparison: Comparison) -> None:
    """Print it."""
    width = paper().width
    lines = [f"{key}: {_value(a)} → {_value(b)}" for key, a, b in comparison.settings]
    ends = [f"{name}: {_ending(result)}" for name, result in (("a", comparison.first), ("b", comparison.second))]
    lines += ["", *(part for end in ends for part in wrapped(end, width, " " * 3).splitlines()), ""]
    if not comparison.differences and not comparison.small:
        lines.append("Every allocation is in the same area in both.")
    else:
        lines += _rows(comparison, width)
        lines += [f"Allocations below 1 KiB in {area}: {left} → {right}" for area, left, right in comparison.small]
    print_page(lines, "; ".join(ends))


def _rows(comparison: Comparison, width: int) -> list[str]:
    rows = [("step", "what", "a", "b")]
    rows += [(e.step, e.owner, _place(e, first=True), _place(e, first=False)) for e in comparison.differences]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    widths[1] = min(widths[1], max(width - sum(widths) + widths[1] - 6, _LEAST_OWNER))
    return ["  ".join(map(_fitted, row, widths)).rstrip() for row in rows]


def _fitted(cell: str, width: int) -> str:
    return (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)


def _place(entry: Difference, *, first: bool) -> str:
    place = entry.first if first else entry.second
    return "not made" if place is None else f"{format_bytes(place.bytes)} in {place.area}"


def _ending(result: RunResult) -> str:
    areas = ", ".join(f"gc[{a.index}] {format_bytes(a.longest_free_bytes)}" for a in result.areas)
    if result.failure is None:
        return f"runs; longest free runs at the end: {areas}"
    return f"{result.failure.step}: {result.failure.text}; longest free runs: {areas}"


def _value(value: object) -> str:
    return "not set" if value is None else str(value)
