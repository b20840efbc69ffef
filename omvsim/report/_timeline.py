"""A timeline as a table for people and as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from omvsim.units import format_bytes

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from omvsim.runtime import Timeline, TimelineStep

_BAR = 8
_COLUMNS = ("live", "room", "read", "weights", "written", "scratch")
_HOLDERS = 8
"""Tensors named under the table; the JSON has all of them."""


def timeline_to_dict(timeline: Timeline) -> dict[str, object]:
    """The whole timeline as JSON-ready data; all sizes are bytes, offsets count from the arena's start."""
    peak = timeline.peak
    return {
        "model": timeline.model,
        "arena_bytes": timeline.arena_bytes,
        "head_bytes": timeline.head_bytes,
        "tail_bytes": timeline.tail_bytes,
        "peak": {
            "live_bytes": peak.live_bytes,
            "gap_bytes": peak.gap_bytes,
            "operators": [_operator(timeline.steps[i]) for i in peak.steps],
            "tensors": [asdict(timeline.buffers[i]) for i in peak.holders],
            "top": [asdict(timeline.buffers[i]) for i in peak.top],
            "limiting_operators": [_operator(timeline.steps[i]) for i in peak.limiting],
        },
        "buffers": [asdict(buffer) for buffer in timeline.buffers],
        "operators": [
            {
                **_operator(step),
                "live_bytes": step.live_bytes,
                "extent": step.extent,
                "headroom": step.headroom,
                "read_bytes": step.read_bytes,
                "constant_bytes": step.constant_bytes,
                "written_bytes": step.written_bytes,
                "scratch_bytes": step.scratch_bytes,
                "live": list(step.live),
                "reads": [asdict(access) for access in step.reads],
                "writes": [asdict(access) for access in step.writes],
            }
            for step in timeline.steps
        ],
    }


def timeline_to_rich(timeline: Timeline) -> RenderableType:
    """A table with one line an operator, and below it what makes the peak."""
    from rich.console import Group  # noqa: PLC0415 - rich only when something is printed
    from rich.text import Text  # noqa: PLC0415

    return Group(_table(timeline), *(Text(line, no_wrap=True, overflow="ellipsis") for line in peak_lines(timeline)))


def peak_lines(timeline: Timeline) -> list[str]:
    """What holds the peak, in words."""
    peak = timeline.peak
    lines = [
        f"Arena {format_bytes(timeline.arena_bytes)} = head {format_bytes(timeline.head_bytes)}"
        f" + tail {format_bytes(timeline.tail_bytes)}"
        f" + free {format_bytes(timeline.arena_bytes - timeline.head_bytes - timeline.tail_bytes)}"
    ]
    if not peak.steps:
        return [*lines, "No operators."]
    at = ", ".join(_label(timeline.steps[i]) for i in peak.steps)
    lines.append(f"Peak {format_bytes(peak.live_bytes)} bytes alive at {at}, held by:")
    for index in peak.holders[:_HOLDERS]:
        buffer = timeline.buffers[index]
        place = f"at {buffer.offset:<8} {_place(buffer.kind, buffer.owner)}"
        lines.append(f"  {format_bytes(buffer.bytes):>11} {place} {buffer.name}")
    if len(peak.holders) > _HOLDERS:
        rest = sum(timeline.buffers[i].bytes for i in peak.holders[_HOLDERS:])
        lines.append(f"  {format_bytes(rest):>11} in {len(peak.holders) - _HOLDERS} more")
    lines.append(f"To lower it, shrink {at}{' (all of them)' if len(peak.steps) > 1 else ''}.")
    if peak.gap_bytes > 0:
        limiting = ", ".join(_label(timeline.steps[i]) for i in peak.limiting)
        lines.append(
            f"The planner loses {format_bytes(peak.gap_bytes)} bytes to gaps:"
            f" the head ends where it does because of {limiting}."
        )
    return lines


def _table(timeline: Timeline) -> Table:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=f"{timeline.model}: arena by operator (bytes)", title_justify="left", box=SIMPLE_HEAD)
    table.padding = (0, 1, 0, 0)
    rows = [_sizes(step) for step in timeline.steps]
    table.add_column("operator", no_wrap=True, max_width=20)
    for number, column in enumerate(_COLUMNS):
        # Only names and the bar give way in a narrow terminal.
        width = max([len(column), *(len(row[number]) for row in rows)])
        table.add_column(column, justify="right", no_wrap=True, min_width=width)
    table.add_column("of head", no_wrap=True)
    for index, (step, row) in enumerate(zip(timeline.steps, rows, strict=True)):
        filled = round(_BAR * step.live_bytes / timeline.head_bytes) if timeline.head_bytes else 0
        at_peak = index in timeline.peak.steps
        table.add_row(_label(step), *row, "█" * filled + " peak" * at_peak, style="bold" if at_peak else "")
    return table


def _sizes(step: TimelineStep) -> tuple[str, ...]:
    sizes = (
        step.live_bytes,
        step.headroom,
        step.read_bytes,
        step.constant_bytes,
        step.written_bytes,
        step.scratch_bytes,
    )
    return tuple(map(format_bytes, sizes))


def _operator(step: TimelineStep) -> dict[str, object]:
    return {"step": step.step, "subgraph": step.subgraph, "operator": step.operator, "name": step.name}


def _label(step: TimelineStep) -> str:
    where = f"{step.subgraph}:{step.operator}" if step.subgraph else str(step.operator)
    return f"{where} {step.name}"


def _place(kind: str, owner: int) -> str:
    return f"tensor {owner}" if kind == "tensor" else "scratch"
