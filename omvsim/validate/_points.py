"""Published figures from devices (``points.jsonl``): each about memory is reproduced in its meaning, or the reason
why it cannot be is given.

A point has ``what``, ``value``, ``unit``, ``board``, ``firmware``, ``model``, ``source`` and a literal ``quote``.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board, releases
from omvsim.errors import TraceError
from omvsim.heap import GcHeap
from omvsim.tflm import Phase, plan_arena
from omvsim.traces import read_lines
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.tflm import ArenaPlan
    from omvsim.validate._models import ModelLibrary

BLOCK = 16
DEVICE, RELEASE = "RT1062", re.compile(r"v?(\d+\.\d+\.\d+)")
OTHER_ENGINES = ("X-CUBE-AI", "Cube.AI", "TinyEngine", "Plumerai", "EON", "CMSIS-NN 011bf32", "713b6ed", "TFLM 2.5")


class Judgement(enum.StrEnum):
    """What a published figure says about the simulator."""

    EQUAL = "reproduced"
    CONSISTENT = "consistent"
    """The figure depends on more than the simulator knows; it lies where it must."""
    CONTRADICTS = "contradicts"
    IMPOSSIBLE = "not comparable"


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A published figure and what became of it."""

    what: str
    board: str
    value: str
    source: str
    judgement: Judgement
    predicted: str
    why: str


def judge_points(path: str | Path, models: ModelLibrary) -> list[JudgedPoint]:
    """Judge every figure of kind ``memory`` in a file.

    Raises:
        TraceError: the file cannot be read or is no list of points.
    """
    judged = []
    for number, line in enumerate(read_lines(path), 1):
        point = _parse(path, number, line)
        if point["kind"] == "memory":
            judged.append(_judge(point, models))
    if not judged:
        raise TraceError(path, "no figure about memory in it")
    return judged


def _parse(path: str | Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        point = json.loads(line)
    except ValueError as error:
        raise TraceError(path, f"line {number}: not JSON") from error
    if not isinstance(point, dict) or not {"kind", "what", "value", "board", "source"} <= set(point):
        raise TraceError(path, f"line {number}: not a published figure (kind, what, value, board, source)")
    return point


def _judge(point: Mapping[str, Any], models: ModelLibrary) -> JudgedPoint:
    judgement, predicted, why = next(verdict for rule in _RULES if (verdict := rule(point, models)) is not None)
    unit = str(point.get("unit") or "")
    value = "–" if point["value"] is None else f"{_number(point['value'])} {unit}".strip()
    return JudgedPoint(str(point["what"]), str(point["board"]), value, str(point["source"]), judgement, predicted, why)


def _number(value: object) -> str:
    return format_bytes(value) if isinstance(value, int) else str(value)


_Verdict = tuple[Judgement, str, str]


def _free_bytes(point: Mapping[str, Any], models: ModelLibrary) -> _Verdict | None:  # noqa: ARG001 - a rule's form
    """``gc.mem_free()`` on an RT1062: what the GC areas of that release hold, less what was in use."""
    value = point["value"]
    if DEVICE not in point["board"] or not isinstance(value, int) or "mem_free" not in point["what"]:
        return None
    release = RELEASE.search(point["firmware"])
    if release is None:
        return None
    board = load_board("openmv-rt1062", release[1])
    heap = GcHeap([(area.origin, area.length) for area in board.gc_areas])
    used = heap.free_bytes - value
    fits = used >= 0 and used % BLOCK == 0
    judgement = Judgement.CONSISTENT if fits else Judgement.CONTRADICTS
    why = f"the {len(heap.areas)} GC area(s) of {release[1]} hold {format_bytes(heap.free_bytes)}, "
    why += f"so {format_bytes(used)} were in use: boot, network, USB, the IDE, the user's objects"
    return judgement, format_bytes(heap.free_bytes), why


def _linked(point: Mapping[str, Any], models: ModelLibrary) -> _Verdict | None:  # noqa: ARG001 - a rule's form
    """The linker's total for DTCM of a build after the last release omvsim knows."""
    value = point["value"]
    if DEVICE not in point["board"] or not isinstance(value, int) or "link" not in point["what"]:
        return None
    board = load_board("openmv-rt1062", releases("openmv-rt1062")[-1])
    memory = board.memory("DTCM")
    why = f"that build overflowed the {format_bytes(memory.length)} of DTCM by {format_bytes(value - memory.length)}, "
    why += f"as the linker said; 5.0.0 links {_regions(board)} besides .data and .bss, which leaves less than that"
    return Judgement.CONSISTENT if value - memory.length == 832 else Judgement.CONTRADICTS, "393 216", why


def _regions(board: Board) -> str:
    parts = [region for region in board.regions_in("DTCM") if region.kind in ("gc", "uma")]
    return " and ".join(f"{region.name} {format_bytes(region.size)}" for region in parts)


def _arena(point: Mapping[str, Any], models: ModelLibrary) -> _Verdict | None:
    """Arena figures of TensorFlow Lite Micro for a model whose file is here."""
    value, source = point["value"], point["source"]
    name = re.match(r"(person_detect|keyword_scrambled)\b", str(point.get("model") or ""))
    if name is None or not isinstance(value, int) or "tflite-micro" not in source or "configured" in point["what"]:
        return None
    graph = models.graph(name[1])
    if graph is None:
        return Judgement.IMPOSSIBLE, "–", f"{name[1]}.tflite is not here (--models)"
    plan = plan_arena(graph)
    parts = _arena_parts(plan)
    quoted = re.search(r"head (\d+)", point["what"])
    for word, ours in parts.items():
        if word in point["what"] and ours == value:
            return Judgement.EQUAL, format_bytes(ours), "the same data structures and planner"
    if quoted is not None and int(quoted[1]) == plan.head_bytes:
        why = f"the head of {quoted[1]} is reproduced; the tail is that of 64-bit pointers, the camera's are 32-bit"
        return Judgement.CONSISTENT, format_bytes(plan.arena_used_bytes), why
    why = "another version of the library and of CMSIS-NN (and a recording allocator): other buffers in the tail"
    return Judgement.IMPOSSIBLE, format_bytes(plan.arena_used_bytes), why


def _arena_parts(plan: ArenaPlan) -> dict[str, int]:
    start = [taken.bytes for taken in plan.tail if taken.phase is Phase.START]
    return {
        "non-persistent": plan.head_bytes,
        "Eval tensor": next((size for size in start if size == 12 * plan.tensors), 0),
        "Node and registration": next((size for size in start if size % 32 == 0), 0),
    }


def _reasons(point: Mapping[str, Any], models: ModelLibrary) -> _Verdict:  # noqa: ARG001 - a rule's form
    """Why nothing can be compared."""
    text = f"{point['board']} {point.get('firmware') or ''}"
    if point["value"] is None:
        why = "an event without a figure"
    elif any(engine in text for engine in OTHER_ENGINES):
        why = "another inference engine, or another version of the library with other kernels, and no model file"
    elif "configured" in point["what"]:
        why = "the size somebody chose for an arena, not what a model needs"
    elif "allocation class" in point["what"]:
        why = "a recording allocator's class of another library version"
    elif DEVICE in text:
        why = "not about the heap, the arena or the memory map"
    else:
        why = f"another board ({point['board'] or 'not named'}) or a model whose file is not public"
    return Judgement.IMPOSSIBLE, "–", why


_RULES: tuple[Callable[[Mapping[str, Any], ModelLibrary], _Verdict | None], ...] = (
    _free_bytes,
    _linked,
    _arena,
    _reasons,
)


def points_markdown(judged: list[JudgedPoint]) -> str:
    """The judged figures as a Markdown table; figures that cannot be compared are gathered by reason."""
    lines = ["| figure | board | published | here | verdict | why |", "|---|---|---:|---:|---|---|"]
    for point in judged:
        if point.judgement is not Judgement.IMPOSSIBLE:
            cells = (point.what, point.board, point.value, point.predicted, point.judgement, point.why)
            lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    lines += ["", "Not comparable:", ""]
    reasons: dict[str, list[str]] = {}
    for point in judged:
        if point.judgement is Judgement.IMPOSSIBLE:
            reasons.setdefault(point.why, []).append(f"{point.what} ({point.board or 'no board'}, {point.value})")
    lines += [f"* {why} ({len(whats)}): {'; '.join(dict.fromkeys(whats))}" for why, whats in reasons.items()]
    return "\n".join(lines) + "\n"


__all__ = ["JudgedPoint", "Judgement", "judge_points", "points_markdown"]
