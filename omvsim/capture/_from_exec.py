"""``omvsim exec`` as a capture."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from omvsim._version import __version__
from omvsim.capture._columns import ALLOC, FREE, GROW, MOVE, PLACED, REFUSED, Capture
from omvsim.capture._document import Collection, Document, Fact, Loop, Source, SourceLine, Step, Timing
from omvsim.capture._exec_ending import ending, fits, last_inference, time_tile
from omvsim.capture._fills import with_holders
from omvsim.capture._parts import (
    arena_part,
    board_part,
    fact,
    fix_parts,
    operator_times,
    room_tile,
)
from omvsim.capture._releases import releases_tables
from omvsim.capture._tables import Row, request_columns
from omvsim.memory.requests import Phase
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.advice import Advice
    from omvsim.capture._document import Moment
    from omvsim.capture._recorder import Recorder
    from omvsim.frame_time import Frame
    from omvsim.memory.requests import Request as Taped
    from omvsim.releases import ReleaseSummary, ScriptSummary
    from omvsim.runs import FrameLoop, ScriptResult
    from omvsim.timing import InferenceTime

MOST_REQUESTS = 1_000_000
"""Requests that are kept; of a longer run the first."""
MOST_OUTPUT = 20_000
"""Characters of what the script printed: the last ones."""
_PHASES = {Phase.BOOT: "boot", Phase.OPEN: "compiling", Phase.PARSE: "compiling", Phase.COMPILE: "compiling"}
_OUTSIDE = "<module>"
"""Python's name of what stands outside functions."""
_HOW = {"move": MOVE, "fail": REFUSED}
_NO_WAY = (
    "Nothing that was tried makes it run: a collection before loading, other places for the model, other releases, a "
    "larger heap within the board's memory."
)


def capture_exec(
    result: ScriptResult,
    recorder: Recorder,
    advice: Sequence[Advice] | None = None,
    releases: Sequence[tuple[str, Sequence[ReleaseSummary]]] = (),
    itself: Sequence[ScriptSummary] = (),
    *,
    frame: Frame | None = None,
) -> Capture:
    """Pour a script's run into a capture; it has to have been run with ``recorder`` as its watcher.

    ``itself`` is the script on every release, ``releases`` are its models, by name, where somebody asked; ``frame`` is
    the time of one.
    """
    requests = result.requests[:MOST_REQUESTS]
    rows, shifts = _rows(requests, recorder)
    columns, names = request_columns(rows)
    time = last_inference(result, recorder)
    document = Document(
        omvsim=__version__,
        kind="exec",
        title=PurePath(result.script).name,
        subtitle=f"{result.board.title}, firmware {result.board.firmware}",
        verdict=ending(result, recorder),
        tiles=(fits(result), time_tile(frame), room_tile(result.snapshot, result.failure, result.provenance)),
        fixes=fix_parts(advice or ()),
        no_fix=_NO_WAY if advice == () and result.failure is not None and result.models else "",
        board=board_part(result.board),
        areas=recorder.areas,
        standing=recorder.standing,
        moments=tuple(_shifted(moment, shifts) for moment in recorder.moments),
        steps=_frames(result, recorder),
        collections=tuple(
            Collection(
                requests=_moved(seen.requests, shifts),
                before=event.before,
                after=event.after,
                automatic=event.automatic,
                line=event.line,
            )
            for event, seen in zip(result.collections, recorder.collections, strict=False)
        ),
        loop=None if result.loop is None else _loop(result, result.loop),
        source=_source(result),
        arenas=tuple(arena_part(file, PurePath(file.path).name) for file in result.models),
        timing=_timing(result, time, frame),
        tables=releases_tables(releases, [(PurePath(result.script).name, itself)] if itself else ()),
        output=result.output[-MOST_OUTPUT:],
        notes=(*result.board.notes, *result.notes, *_left_out(result, recorder)),
        facts=_facts(result, time, frame),
        names=names,
    )
    return with_holders(Capture(document, columns | recorder.changes()), by_line=True)


# -- requests -------------------------------------------------------------------------------------------------------


def _rows(requests: Sequence[Taped], recorder: Recorder) -> tuple[list[Row], list[int]]:
    """The requests with what was placed beside the heap between them; and before how many each of those stands."""
    ends = [moment.requests for moment in recorder.moments if moment.kind == "frame"]
    frames = np.searchsorted(np.array(ends, np.int64), np.arange(len(requests)), side="right").tolist()
    rows = [_row(request, frame) for request, frame in zip(requests, frames, strict=True)]
    at: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        at.setdefault(row.address, []).append(number)
    shifts, outside = [], []
    for placed in recorder.placed_blocks:
        if placed.area:
            before = min(placed.requests, len(rows))
            frame = int(np.searchsorted(np.array(ends, np.int64), before, side="right"))
            line = rows[before - 1].line if before else 0
            outside.append((before, Row(PLACED, placed.owner, line, frame, placed.bytes, placed.address)))
            shifts.append(before)
            continue
        last = max((number for number in at.get(placed.address, ()) if number < placed.requests), default=None)
        if last is not None:
            rows[last] = rows[last]._replace(name=placed.owner)
    for before, row in reversed(outside):
        rows.insert(before, row)
    return rows, shifts


def _row(request: Taped, frame: int) -> Row:
    kind = {"alloc": ALLOC, "free": FREE}.get(request.kind, _HOW.get(request.how, GROW))
    if request.kind == "alloc" and request.how == "fail":
        kind = REFUSED
    name = _PHASES.get(request.phase) or _function(request.function)
    return Row(kind, name, request.line, frame, request.size, request.address)


def _moved(position: int, shifts: Sequence[int]) -> int:
    return position + sum(each <= position for each in shifts)


def _function(name: str) -> str:
    """Whom a request is for: the line says the rest of what stands outside functions."""
    return "script" if name in ("", _OUTSIDE) else name


def _shifted(moment: Moment, shifts: Sequence[int]) -> Moment:
    return moment.model_copy(
        update={"requests": _moved(moment.requests, shifts), "label": moment.label.replace(_OUTSIDE, "script")}
    )


# -- the loop and the script ----------------------------------------------------------------------------------------


def _frames(result: ScriptResult, recorder: Recorder) -> tuple[Step, ...]:
    loop = result.loop
    if loop is None:
        return ()
    label = f"loop at line {loop.line}"
    seen = [moment for moment in recorder.moments if moment.kind == "frame" and moment.label == label]
    heaps = [index for index, area in enumerate(recorder.areas) if area.kind == "gc"]
    sizes = sum(recorder.areas[index].size for index in heaps)
    return tuple(
        Step(
            name=f"frame {number}",
            requests=frame.allocations,
            bytes=max(0, frame.bytes),
            garbage=frame.garbage,
            collections=frame.collections,
            free=sizes - sum(moment.levels[index].used for index in heaps),
            longest_free=max(moment.levels[index].longest_free for index in heaps),
        )
        for number, (frame, moment) in enumerate(zip(loop.frames, seen, strict=False), 1)
    )


def _loop(result: ScriptResult, loop: FrameLoop) -> Loop:
    return Loop(
        frames=len(loop.frames),
        garbage_per_frame=loop.garbage_bytes,
        allocated_per_frame=loop.allocated_bytes,
        collected_at=tuple(number + 1 for number in loop.collections),
        frames_until_collection=loop.frames_until_collection,
        collection_ms=result.collection_ms,
    )


def _source(result: ScriptResult) -> Source:
    loop = result.loop
    return Source(
        name=PurePath(result.script).name,
        text=tuple(result.source_lines),
        lines=tuple(
            SourceLine(
                line=line,
                requests=cost.allocations,
                bytes=cost.bytes,
                freed=cost.freed,
                largest=cost.largest,
                high_water=cost.high_water,
                garbage_per_frame=_garbage(result, line),
            )
            for line, cost in result.lines.items()
        ),
        loop_lines=None if loop is None else (min(loop.body), max(loop.body)),
    )


def _garbage(result: ScriptResult, line: int) -> int | None:
    loop = result.loop
    if loop is None or not loop.frames or line not in loop.body:
        return None
    cost = result.lines[line]
    return round((cost.bytes - cost.freed) / len(loop.frames))


def _timing(result: ScriptResult, time: InferenceTime | None, frame: Frame | None) -> Timing | None:
    if time is None:
        return None
    ms, cache = (time.ms.low, time.ms.nominal, time.ms.high), result.board.cache
    whole = ms if frame is None else (frame.ms.low, frame.ms.nominal, frame.ms.high)
    return Timing(
        inference=ms,
        frame=whole,
        load=(0.0, 0.0, 0.0),
        provenance=str(time.provenance),
        placement=tuple(time.placement.items()),
        operators=operator_times(time, 32 if cache is None else cache.line_bytes),
    )


def _left_out(result: ScriptResult, recorder: Recorder) -> Iterator[str]:
    if len(result.requests) > MOST_REQUESTS:
        yield f"Of {format_bytes(len(result.requests))} requests the first {format_bytes(MOST_REQUESTS)} are kept."
    unmapped = sum(not moment.mapped for moment in recorder.moments) + recorder.dropped
    if unmapped:
        yield f"Heap maps are kept of the first {recorder.mapped} moments, not of the {unmapped} after them."
    if len(result.output) > MOST_OUTPUT:
        yield f"Of what the script printed the last {format_bytes(MOST_OUTPUT)} characters are kept."


def _facts(result: ScriptResult, time: InferenceTime | None, frame: Frame | None) -> tuple[Fact, ...]:
    facts = [fact("memory", result.provenance)]
    facts += [fact(f"tensor arena of {PurePath(file.path).name}", file.plan.provenance) for file in result.models]
    if time is not None:
        facts.append(fact("time of an inference", time.provenance))
    if frame is not None:
        facts.append(fact("time", frame.provenance))
    return tuple(facts)


__all__ = ["capture_exec"]
