"""The time of a model as JSON (the contract of ``omvsim time --json``) and as a text table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from omvsim.timing._instructions import accesses
from omvsim.timing._types import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from omvsim.timing._frame import Cost
    from omvsim.timing._improve import Improvement
    from omvsim.timing._profile import TimingProfile
    from omvsim.timing._types import InferenceTime, OperatorTime, Range


def time_json(
    path: str,
    time: InferenceTime,
    profile: TimingProfile,
    advice: Sequence[Improvement] = (),
    extras: Sequence[Cost] = (),
) -> dict[str, Any]:
    """One model as plain values; cycles and milliseconds are ``[low, nominal, high]``."""
    return {
        "path": path,
        "instructions": round(time.instructions),
        "ops": [_operator_json(o) for o in time.operators],
        "ms": time.ms.as_list(4),
        "cycles": time.cycles.as_list(0),
        "placement": dict(time.placement),
        "policy": time.policy,
        "board": profile.name,
        "clock_hz": time.clock_hz,
        "provenance": str(time.provenance),
        "unknown": list(time.unknown),
        "improvements": [{"action": i.action, "bytes": i.bytes, "saves_ms": i.saves_ms.as_list()} for i in advice],
        "frame": [
            {"what": c.name, "ms": c.ms(profile).as_list(), "provenance": str(c.provenance), "reason": c.reason}
            for c in extras
        ],
    }


def _operator_json(operator: OperatorTime) -> dict[str, Any]:
    lines, counted = operator.misses, operator.count
    return {
        "op": operator.name,
        "instructions": round(counted.instructions.nominal) if counted is not None else None,
        "instructions_range": counted.instructions.as_list(0) if counted is not None else None,
        "misses": {
            "weights": round(lines.weights),
            "arena_loads": round(lines.arena_loads),
            "arena_stores": round(lines.arena_stores),
            "write_backs": round(lines.write_backs),
        },
        "accesses": {name: round(n) for name, n in accesses(counted).items()} if counted is not None else None,
        "cycles": operator.cycles.as_list(0) if counted is not None else None,
        "bound": operator.bound,
        "kernel": counted.family if counted is not None else None,
        "provenance": str(counted.provenance) if counted is not None else "unknown",
        "note": counted.note if counted is not None else "no facts: nothing is added for it",
    }


_ALL_COLUMNS = 100
_WHERE_THERE_IS_ROOM = ("n", "M instr.", "k misses")


def span(ms: Range) -> str:
    """``12.3 (10.1 to 15.0)``, with as many digits as the size deserves."""
    digits = 1 if ms.high >= 10 else 3
    return f"{ms.nominal:.{digits}f} ({ms.low:.{digits}f} to {ms.high:.{digits}f})"


def render_time(
    path: str,
    time: InferenceTime,
    profile: TimingProfile,
    advice: Sequence[Improvement] = (),
    extras: Sequence[Cost] = (),
    *,
    every: bool = False,
    width: int = 120,
) -> RenderableType:
    """A table by operator kind (``every``: one line an operator), the improvements and what else a frame takes."""
    from rich.console import Group  # noqa: PLC0415 - JSON output must not pay for it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    head = Text(
        f"{path}: {'at least ' if time.unknown else ''}{span(time.ms)} ms an inference, "
        f"{time.instructions / 1e6:.2f} M instructions, "
        f"arena in {time.placement['arena']}, weights in {time.placement['weights']} "
        f"({profile.name}; {time.provenance})"
    )
    table = Table(box=None, pad_edge=False)
    names = ("operator", "n", "M instr.", "k misses", "ms", "share", "bound by")
    shown = names if width >= _ALL_COLUMNS else tuple(name for name in names if name not in _WHERE_THERE_IS_ROOM)
    for name in shown:
        table.add_column(name, justify="left" if name in {"operator", "bound by"} else "right", no_wrap=True)
    total = time.cycles.nominal or 1.0
    scale = 1000.0 / time.clock_hz
    for name, group in _groups(time, every=every):
        cycles = sum((o.cycles for o in group), ZERO)
        missed = sum(o.misses.weights + o.misses.arena_loads + o.misses.arena_stores for o in group)
        instructions = sum(o.count.instructions.nominal for o in group if o.count is not None)
        known = all(o.count is not None for o in group)
        bound = max({o.bound for o in group}, key=lambda b: sum(o.cycles.nominal for o in group if o.bound == b))
        cells = (
            name,
            str(len(group)),
            f"{instructions / 1e6:.3f}",
            f"{missed / 1e3:.1f}",
            span(cycles.times(scale)) if known else "unknown",
            f"{100 * cycles.nominal / total:.1f} %" if known else "",
            bound,
        )
        table.add_row(*(cell for title, cell in zip(names, cells, strict=True) if title in shown))
    notes = [Text(f"save {span(i.saves_ms)} ms: {i.action}") for i in advice]
    notes += [Text(f"{c.name}: {span(c.ms(profile))} ms ({c.provenance}: {c.reason})") for c in extras]
    if time.unknown:
        notes.append(Text(f"no facts for {', '.join(time.unknown)}: the time above is a lower bound"))
    return Group(head, table, *notes)


def _groups(time: InferenceTime, *, every: bool) -> list[tuple[str, list[OperatorTime]]]:
    if every:
        return [(f"{o.index} {o.name}", [o]) for o in time.operators]
    by_name: dict[str, list[OperatorTime]] = defaultdict(list)
    for operator in time.operators:
        by_name[operator.name].append(operator)
    return sorted(by_name.items(), key=lambda item: -sum(o.cycles.nominal for o in item[1]))
