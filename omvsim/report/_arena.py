"""A tensor arena's plan, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.tflm import Fault, Phase, Status, explain_allocation, minimum_arena
from omvsim.units import align_up, format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.text import Text

    from omvsim.boards import ArenaRule
    from omvsim.tflm import ArenaPlan, Refusal

ARENA_SCHEMA_VERSION = 1
_LARGEST = 6
_PHASES = {
    Phase.CREATE: "allocator, planner",
    Phase.START: "tensor and node records",
    Phase.PARSE: "operator parameters",
    Phase.INIT: "operator data",
    Phase.PREPARE: "operator buffers",
    Phase.HANDLES: "scratch buffer handles",
    Phase.VARIABLES: "variable tensors",
    Phase.INPUTS: "inputs",
    Phase.OUTPUTS: "outputs",
}


def arena_json(path: str, plan: ArenaPlan, rule: ArenaRule, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The plan as JSON values, sizes in bytes. Keys are stable within ``schema_version``.

    ``rule`` is how the release sizes the arena it keeps; ``second_allocation`` is the outcome there. ``notes`` are
    those of a board that was not measured.
    """
    known, smallest = plan.is_ok, minimum_arena(plan)
    kept = align_up(plan.arena_used_bytes, rule.align) + rule.extra
    second = explain_allocation(plan, kept) if known else None
    return {
        "schema": "omvsim.arena",
        "schema_version": ARENA_SCHEMA_VERSION,
        "path": path,
        "status": plan.status,
        "refusal": None if plan.refusal is None else str(plan.refusal),
        "refusal_details": None if plan.refusal is None else _details(plan.refusal),
        "run_fault": None if plan.run_fault is None else _details(plan.run_fault),
        "arena_used_bytes": plan.arena_used_bytes if known else None,
        "head_bytes": plan.head_bytes if known else None,
        "tail_bytes": plan.tail_bytes if known else None,
        "bounds": None if plan.bound is None else list(plan.bound),
        "kept_arena_bytes": kept if known else None,
        "minimum_arena_bytes": smallest,
        "temporaries_bytes": None if smallest is None else smallest - plan.arena_used_bytes,
        "second_allocation": None if second is None else second.outcome,
        "second_allocation_reason": None if second is None else second.reason,
        "buffers": [
            {
                "offset": buffer.offset,
                "bytes": buffer.bytes,
                "first": buffer.first,
                "last": buffer.last,
                "kind": buffer.kind,
                "subgraph": buffer.subgraph,
                "owner": buffer.owner,
            }
            for buffer in plan.buffers
        ],
        "library": plan.library.name,
        "provenance": plan.provenance,
        "note": "; ".join((*notes, plan.library.note)),
    }


def _details(refusal: Refusal) -> dict[str, Any]:
    return {
        "reason": refusal.reason,
        "operator": refusal.operator or None,
        "subgraph": refusal.subgraph,
        "operator_index": None if refusal.operator_index < 0 else refusal.operator_index,
        "library_message": refusal.library_message or None,
        "fault": refusal.fault,
        "remedy": refusal.remedy or None,
    }


def render_arena(path: str, plan: ArenaPlan, rule: ArenaRule) -> RenderableType:
    """The plan for a terminal: totals, what the tail goes to, the largest buffers of the head."""
    from rich.console import Group  # noqa: PLC0415 - JSON output must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    title = Text.assemble((path, "bold"), f"  {plan.library.name} ({plan.provenance})")
    if plan.status is not Status.OK:
        return Group(title, *_fault_lines(_LOADING[plan.status], plan.refusal))
    described = arena_json(path, plan, rule)
    second = described["second_allocation"]
    verdict = Text(f"  second AllocateTensors in {format_bytes(described['kept_arena_bytes'])}: {second}")
    if described["second_allocation_reason"]:
        verdict.append(f" ({described['second_allocation_reason']})", style="red")
    smallest = (
        f"  smallest arena that works {format_bytes(described['minimum_arena_bytes'])} = used + "
        f"{format_bytes(described['temporaries_bytes'])} that the second AllocateTensors takes for a moment"
    )
    used = f"  arena_used_bytes {format_bytes(plan.arena_used_bytes)}"
    if plan.bound is not None:
        used += f" (estimated, {format_bytes(plan.bound[0])} to {format_bytes(plan.bound[1])})"
    used += f" = head {format_bytes(plan.head_bytes)} + tail {format_bytes(plan.tail_bytes)}"
    faults = [] if plan.run_fault is None else _fault_lines(_RUNNING[plan.run_fault.fault], plan.run_fault)
    return Group(title, *faults, Text(used), Text(smallest), verdict, _tail_table(plan), _head_table(plan))


_LOADING = {
    Status.REFUSED: "refused",
    Status.HANGS: "hangs while it loads",
    Status.CRASHES: "may crash while it loads",
    Status.UNKNOWN: "unknown",
}
_RUNNING = {
    Fault.ERROR: "loads, and does not run",
    Fault.HANGS: "loads, and hangs when it runs",
    Fault.CRASHES: "loads, and may crash when it runs",
    Fault.UNKNOWN: "loads; whether it runs is unknown",
}


def _fault_lines(word: str, fault: Refusal | None) -> list[Text]:
    from rich.text import Text  # noqa: PLC0415

    lines = [Text(f"  {word}: {fault}", style="red")]
    if fault is not None and fault.remedy:
        lines.append(Text(f"  remedy: {fault.remedy}"))
    if fault is not None and fault.library_message:
        words = fault.library_message.replace("\n", " / ")
        lines.append(Text(f"  the library's own words: {words}", style="dim"))
    return lines


def _tail_table(plan: ArenaPlan) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="tail", title_justify="left", box=None, padding=(0, 2))
    table.add_column("what")
    table.add_column("pieces", justify="right")
    table.add_column("bytes", justify="right")
    for phase, what in _PHASES.items():
        pieces = [piece for piece in plan.tail if piece.phase is phase]
        if pieces:
            number, taken = sum(piece.times for piece in pieces), sum(piece.taken for piece in pieces)
            table.add_row(what, str(number), format_bytes(taken))
    return table


def _head_table(plan: ArenaPlan) -> RenderableType:
    from rich.table import Table  # noqa: PLC0415

    largest = sorted(plan.buffers, key=lambda buffer: -buffer.bytes)[:_LARGEST]
    table = Table(title=f"head: largest of {len(plan.buffers)} buffers", title_justify="left", box=None, padding=(0, 2))
    for name in ("offset", "bytes", "alive"):
        table.add_column(name, justify="right")
    table.add_column("holds")
    for buffer in largest:
        owner = "tensor" if buffer.kind == "tensor" else "scratch of operator"
        table.add_row(
            format_bytes(buffer.offset),
            format_bytes(buffer.bytes),
            f"{buffer.first}..{buffer.last}",
            f"{owner} {buffer.owner}" + (f" of subgraph {buffer.subgraph}" if buffer.subgraph else ""),
        )
    return table
