"""The smaller parts of a run's report: biggest allocations, the loop, the way of the free memory, provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.provenance import Provenance
from omvsim.units import align_up, format_address, format_bytes

if TYPE_CHECKING:
    from rich.table import Table

    from omvsim.scenario import Allocation, RunResult

_BLOCK = 16
_LARGE = 1024
_ROWS = 6
_FRAMES = 5
_MUCH = 8 * 1024
"""Bytes of difference that make a step worth a place in the line of free memory."""
_PROVENANCE = {
    Provenance.EXACT: "follows the device's own rules, which agree with measurements of it byte for byte",
    Provenance.MODELLED: "follows from a model of the device with a stated bound",
    Provenance.CALIBRATED: "fitted to recorded traces",
    Provenance.ASSUMED: "not measured: the release's source was followed where it is known",
    Provenance.UNKNOWN: "omvsim has no facts for something that decides this",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """Allocations of one size for one purpose; ``kept`` of them are still there."""

    first: Allocation
    count: int
    kept: int


def largest(result: RunResult) -> list[Table]:
    """The biggest allocations with area and address, and whether they are still there."""
    from rich.table import Table  # noqa: PLC0415 - JSON output must not pay for rich

    table = Table(box=None, padding=(0, 2, 0, 0), title="Biggest allocations", title_justify="left", title_style="bold")
    for name in ("bytes", "area", "address", "for", "in step", ""):
        table.add_column(
            name, justify="right" if name == "bytes" else "left", header_style="dim", no_wrap=name != "for"
        )
    for group in _groups(result)[:_ROWS]:
        entry = group.first
        times = f" × {group.count}" if group.count > 1 else ""
        table.add_row(
            format_bytes(entry.bytes),
            entry.area,
            format_address(entry.address),
            entry.owner + times,
            result.steps[entry.step].name,
            _fate(group),
        )
    return [table]


def _fate(group: _Group) -> str:
    if not group.kept:
        return "freed"
    return "" if group.count == 1 else f"{group.kept} there"


def _groups(result: RunResult) -> list[_Group]:
    there = {chunk for area in result.areas for chunk in area.large_chunks}
    latest = {entry.address: entry for entry in result.allocations if entry.bytes >= _LARGE}
    groups: dict[tuple[str, int, str], list[Allocation]] = {}
    for entry in result.allocations:
        if entry.bytes >= _LARGE:
            groups.setdefault((entry.owner, entry.bytes, result.steps[entry.step].name), []).append(entry)

    def kept(entry: Allocation) -> bool:
        outside = not entry.area.startswith("gc")
        return latest[entry.address] is entry and (outside or (entry.address, align_up(entry.bytes, _BLOCK)) in there)

    found = [
        _Group(next((e for e in entries if kept(e)), entries[-1]), len(entries), sum(map(kept, entries)))
        for entries in groups.values()
    ]
    return sorted(found, key=lambda group: -group.first.bytes)


def loop_text(result: RunResult) -> str:
    """What a frame leaves behind, and when a collection comes; empty without a loop."""
    loop = result.loop
    if loop is None or (result.failure is not None and loop.frames < 2):
        return ""
    if result.failure is not None and result.failure.step == "predict":
        return f"fails in frame {loop.frames}"
    garbage = loop.garbage_per_frame
    if garbage is None:
        return "a collection runs in every frame"
    if not garbage:
        return "a frame leaves no garbage: no collection ever comes"
    text = f"{format_bytes(garbage)} bytes of garbage a frame"
    if loop.collected_at:
        text += f", collections in frames {_some(loop.collected_at)}"
    if loop.frames_until_collection is not None:
        text += f", a collection every {loop.frames_until_collection} frames"
    return text


def _some(frames: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, frames[:_FRAMES]))
    return f"{shown} …" if len(frames) > _FRAMES else shown


def free_text(result: RunResult) -> str:
    """Free bytes after the steps that changed them by much."""
    parts = []
    shown = None
    for step, following in zip(result.steps, [*result.steps[1:], None], strict=True):
        if following is not None and following.name == step.name:
            continue  # a loop: its last round says it
        if shown is None or following is None or abs(shown - step.free_bytes) >= _MUCH:
            parts.append(f"{step.name} {format_bytes(step.free_bytes)}")
            shown = step.free_bytes
    return " → ".join(parts)


def figures_text(result: RunResult) -> str:
    """How far the figures can be trusted."""
    return f"{result.provenance}: {_PROVENANCE[result.provenance]}"
