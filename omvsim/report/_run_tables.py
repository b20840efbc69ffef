"""The smaller parts of a run's report: biggest allocations, the loop, the way of the free memory, provenance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.heap import BLOCK
from omvsim.provenance import Provenance
from omvsim.records import dataclass
from omvsim.runs.states import SLICES
from omvsim.units import align_up, format_address, format_bytes

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.table import Table

    from omvsim.runs.scenario import RunResult
    from omvsim.runs.states import PoolState
    from omvsim.runs.steps import Allocation

_LARGE = 1024
"""From here on a result says which chunks are still there."""
_ROWS = 6
_FRAMES = 5
_MUCH = 8 * 1024
"""Bytes of difference that make a step worth a place in the line of free memory."""
_PROVENANCE = {
    Provenance.EXACT: "follows the device's own rules, which agree with measurements of it byte for byte",
    Provenance.DERIVED: "follows from the same sources and sizes as what was measured, and was not measured itself",
    Provenance.MODELLED: "follows from a model of the device with a stated bound",
    Provenance.CALIBRATED: "fitted to recorded traces",
    Provenance.ASSUMED: "not measured: the release's source was followed where it is known",
    Provenance.UNKNOWN: "omvsim has no facts for something that decides this",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """Allocations of one size for one purpose in steps of one name; ``kept`` of them are still there, if known."""

    first: Allocation
    count: int
    kept: int | None

    @property
    def total(self) -> int:
        """Bytes of all of them, in blocks."""
        return self.count * align_up(self.first.bytes, BLOCK)


def largest(result: RunResult) -> list[Table]:
    """The biggest allocations, also many small ones alike, with area and address, and whether they are still there."""
    from rich.table import Table  # noqa: PLC0415 - JSON output must not pay for rich

    table = Table(box=None, padding=(0, 2, 0, 0), title="Biggest allocations", title_justify="left", title_style="bold")
    for name in ("bytes", "area", "address", "for", "in step", ""):
        justify: JustifyMethod = "right" if name == "bytes" else "left"
        table.add_column(name, justify=justify, header_style="dim", no_wrap=name != "for")
    for group in _groups(result)[:_ROWS]:
        entry = group.first
        many = f": {group.count} × {format_bytes(entry.bytes)}" if group.count > 1 else ""
        table.add_row(
            format_bytes(entry.bytes if group.count == 1 else group.total),
            entry.area,
            format_address(entry.address),
            entry.owner + many,
            result.steps[entry.step].name,
            _fate(group),
        )
    return [table]


def _fate(group: _Group) -> str:
    if group.kept == 0:
        return "freed"
    return f"{group.kept} there" if group.kept is not None and group.count > 1 else ""


def _groups(result: RunResult) -> list[_Group]:
    groups: dict[tuple[str, int, str], list[Allocation]] = {}
    for entry in result.allocations:
        if entry.bytes:
            groups.setdefault((entry.owner, entry.bytes, result.steps[entry.step].name), []).append(entry)
    biggest = sorted(groups.values(), key=lambda entries: -len(entries) * align_up(entries[0].bytes, BLOCK))[:_ROWS]
    latest = {entry.address: entry for entry in result.allocations}
    return [_group(result, entries, latest) for entries in biggest]


def _group(result: RunResult, entries: list[Allocation], latest: dict[int, Allocation]) -> _Group:
    if entries[0].bytes < _LARGE:
        return _Group(entries[0], len(entries), None)
    there = {chunk for area in result.areas for chunk in area.large_chunks}

    def kept(entry: Allocation) -> bool:
        if latest[entry.address] is not entry:
            return False
        if entry.area.startswith("gc"):
            return (entry.address, align_up(entry.bytes, BLOCK)) in there
        return any(_covers(pool, entry) for pool in result.pools)

    still = [entry for entry in entries if kept(entry)]
    return _Group((still or entries)[0], len(entries), len(still))


def _covers(pool: PoolState, entry: Allocation) -> bool:
    """Whether that part of a pool is in use: every whole slice of it full, or, of a small one, its slice not empty."""
    if not pool.origin <= entry.address < pool.origin + pool.length:
        return False
    size = pool.length / SLICES
    first, last = (entry.address - pool.origin) / size, (entry.address + entry.bytes - pool.origin) / size
    whole = pool.occupancy[math.ceil(first) : math.floor(last)]
    if whole:
        return min(whole) >= math.floor(size)
    return pool.occupancy[int(first)] > 0


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
    grows = ""
    if loop.full_at is not None:
        grows = f"{format_bytes(loop.held_per_frame)} bytes more held every frame, full about frame {loop.full_at}; "
    if not garbage and not grows:
        return "a frame leaves no garbage: no collection ever comes"
    text = f"{grows}{format_bytes(garbage)} bytes of garbage a frame"
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
    return f"{' → '.join(parts)}; after a collection {format_bytes(result.snapshot.free_collected)}"


def figures_text(result: RunResult) -> str:
    """How far the figures can be trusted; the arena, which a library alone decides, may be known better."""
    text, arena = f"{result.provenance}: {_PROVENANCE[result.provenance]}", result.model.plan.provenance
    if arena is result.provenance or Provenance.UNKNOWN in (arena, result.provenance) or not result.model.plan.is_ok:
        return text
    return f"{text}; the arena and model.ram are {arena}"
