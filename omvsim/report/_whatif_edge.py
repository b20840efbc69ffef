"""The edge along one value, as a page and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.report._notes import paper, print_page
from omvsim.report._run_verdict import wrapped
from omvsim.units import format_bytes, format_size

if TYPE_CHECKING:
    from omvsim.whatif import Edge, Range

KIB = 1024
_MOST_ROWS = 30


def edge_json(edge: Edge, model: str, *, until: str) -> dict[str, object]:
    """One JSON object; ``smallest_kib`` counts whole steps, ``smallest_bytes`` is exact to the block."""
    return {
        "model": Path(model).name,
        "param": edge.key,
        "until": until,
        "smallest_bytes": edge.smallest,
        "smallest_kib": _kib(edge.smallest_step),
        "largest_bytes": edge.largest,
        "always_from_kib": _kib(edge.always_from),
        "islands": [_range_json(entry) for entry in edge.islands],
        "may_crash_kib": sorted({value // KIB for value in edge.may_crash}),
        "ranges": [_range_json(entry) for entry in edge.ranges],
        "evaluations": edge.evaluations,
    }


def _kib(size: int | None) -> int | None:
    return None if size is None else -(-size // KIB)


def _range_json(entry: Range) -> dict[str, object]:
    return {
        "from_kib": entry.from_bytes // KIB,
        "to_kib": entry.to_bytes // KIB,
        "works": entry.works,
        "verdict": entry.verdict,
        "stage": entry.stage,
        "error": entry.error,
        "arena_area": entry.arena_area,
        "data_area": entry.data_area,
        "provenance": entry.provenance,
    }


def print_edge(edge: Edge, model: str, *, until: str, largest: bool) -> None:
    """Print what was found."""
    width = paper().width
    found = _headline(edge, Path(model).name, until, largest=largest)
    lines = [found]
    if edge.islands:
        end = (
            "but the upper end fails"
            if edge.always_from is None
            else f"from {format_size(edge.always_from)} on it always works"
        )
        lines.append(f"What works is not in order: see the table; {end}.")
    if edge.may_crash:
        lines.append(f"The camera may die at {_runs(edge.may_crash, edge.step)}.")
    lines = [
        *(part for line in lines for part in wrapped(line, width).splitlines()),
        "",
        *_table(edge.ranges[:_MOST_ROWS], width),
    ]
    if len(edge.ranges) > _MOST_ROWS:
        lines.append(f"… and {len(edge.ranges) - _MOST_ROWS} more ranges: see --json")
    lines += ["", f"{edge.evaluations} configurations tried, {format_size(edge.step)} apart at the edges."]
    print_page(lines, found)


def _headline(edge: Edge, model: str, until: str, *, largest: bool) -> str:
    goal = "load" if until == "load" else "predict"
    if largest:
        if edge.largest is None:
            return f"{model} does not {goal} with any {edge.key} in the range."
        return f"{edge.key} = {format_size(edge.largest)} is the largest with which {model} can {goal}."
    if edge.smallest is None:
        return f"{model} does not {goal} with any {edge.key} in the range."
    if edge.smallest == 0:
        return f"{model} can {goal} without {edge.key.removesuffix('.size')}."
    size = f"{format_bytes(edge.smallest)} bytes"
    whole = "" if edge.smallest_step == edge.smallest else f" ({format_size(edge.smallest_step or 0)} in whole steps)"
    return f"{edge.key} = {size}{whole} is the smallest with which {model} can {goal}."


def _runs(values: tuple[int, ...], step: int) -> str:
    """``471K…475K, 480K``."""
    parts: list[tuple[int, int]] = []
    for value in values:
        if parts and value == parts[-1][1] + step:
            parts[-1] = (parts[-1][0], value)
        else:
            parts.append((value, value))
    return ", ".join(format_size(a) if a == b else f"{format_size(a)}…{format_size(b)}" for a, b in parts)


def _table(ranges: tuple[Range, ...], width: int) -> list[str]:
    rows = [("from", "to", "", "arena in", "what the camera says")]
    rows += [
        (
            format_size(entry.from_bytes),
            format_size(entry.to_bytes),
            "works" if entry.works else "may crash" if entry.verdict == "may_crash" else "fails",
            entry.arena_area,
            f"{entry.stage}: {entry.error}" if entry.error else "",
        )
        for entry in ranges
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        left = row[0].rjust(widths[0]) + "  " + row[1].rjust(widths[1])
        left += f"  {row[2].ljust(widths[2])}  {row[3].ljust(widths[3])}  "
        said = wrapped(row[4], width - len(left)).splitlines() or [""]
        lines += [(left + said[0]).rstrip(), *(" " * len(left) + more for more in said[1:])]
    return lines
