"""``omvsim exec`` as a capture."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from omvsim._version import __version__
from omvsim.capture._columns import ALLOC, FREE, GROW, MOVE, PLACED, REFUSED, Capture
from omvsim.capture._document import Collection, Document, Fact, Loop, Source, SourceLine, Step, Timing
from omvsim.capture._fills import with_holders
from omvsim.capture._from_run import TONES
from omvsim.capture._headline import Figure, Headline, Request, Tile, Tone
from omvsim.capture._parts import (
    arena_part,
    board_part,
    fact,
    fix_parts,
    no_figure,
    operator_times,
    overlap_part,
    why_no_room,
)
from omvsim.capture._releases import releases_tables
from omvsim.capture._tables import Row, request_columns
from omvsim.errors import BoardError
from omvsim.heap import BLOCK
from omvsim.memory.requests import Phase
from omvsim.timing import inference_time
from omvsim.units import align_up, format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.advice import Advice
    from omvsim.capture._document import Moment
    from omvsim.capture._recorder import Recorder
    from omvsim.memory.requests import Request as Taped
    from omvsim.releases import ReleaseSummary, ScriptSummary
    from omvsim.runs import FrameLoop, RefusedEvent, ScriptResult
    from omvsim.timing import InferenceTime

MOST_REQUESTS = 1_000_000
"""Requests that are kept; of a longer run the first."""
MOST_OUTPUT = 20_000
"""Characters of what the script printed: the last ones."""
_WORDS = {Verdict.OK: "Runs", Verdict.MAY_CRASH: "May crash", Verdict.HANGS: "Hangs", Verdict.UNKNOWN: "No promise"}
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
) -> Capture:
    """Pour a script's run into a capture; it has to have been run with ``recorder`` as its watcher.

    ``itself`` is the script on every release, ``releases`` are its models, by name, where somebody asked.
    """
    requests = result.requests[:MOST_REQUESTS]
    rows, shifts = _rows(requests, recorder)
    columns, names = request_columns(rows)
    time = _inference_time(result, recorder)
    document = Document(
        omvsim=__version__,
        kind="exec",
        title=PurePath(result.script).name,
        subtitle=f"{result.board.title}, firmware {result.board.firmware}",
        verdict=_verdict(result, recorder),
        tiles=(_fits(result), _time_tile(time), _room_tile(result)),
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
        timing=_timing(result, time),
        tables=releases_tables(releases, [(PurePath(result.script).name, itself)] if itself else ()),
        output=result.output[-MOST_OUTPUT:],
        notes=(*result.board.notes, *result.notes, *_left_out(result, recorder)),
        facts=_facts(result, time),
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


# -- how it ended ---------------------------------------------------------------------------------------------------


def _verdict(result: ScriptResult, recorder: Recorder) -> Headline:
    failure, name = result.failure, PurePath(result.script).name
    reasons: list[tuple[str, str]] = [
        ("not modelled", f"{what} at {name}:{line}") for what, line in result.unmodelled[:8]
    ]
    known = failure is not None and result.verdict is not Verdict.UNKNOWN
    if failure is not None and known:
        reasons += [("at", f"{where}: {_text(result, line)}") for line, where in failure.places(name)]
        reasons += [("because", failure.reason)] * bool(failure.reason and failure.reason not in failure.text)
        reasons += [("remedy", failure.remedy)] * bool(failure.remedy)
    reasons += _grows(result)
    refused = failure.refused if failure is not None and known else None
    return Headline(
        key=str(result.verdict),
        tone=_tone(result),
        word=_WORDS.get(result.verdict, "Fails"),
        sentence=_sentence(result, refused),
        message=failure.text if failure is not None and failure.kind and known else "",
        where=f"{name}:{failure.line}" if failure is not None else "",
        reasons=tuple(reasons),
        request=None if refused is None else _request(refused, recorder),
        overlap=None if failure is None else overlap_part(failure.overlap),
    )


def _tone(result: ScriptResult) -> Tone:
    return TONES.get(result.verdict, "bad")


def _request(refused: RefusedEvent, recorder: Recorder) -> Request:
    needed = align_up(refused.bytes, BLOCK)
    fitting = [area for area in recorder.areas if area.kind == "gc" and area.size >= needed]
    return Request(
        bytes=refused.bytes,
        needed=needed,
        owner=f"line {refused.line}" if refused.line else refused.what,
        longest_free=refused.longest_free,
        free=refused.free,
        place=max(fitting, key=lambda area: area.size).name if fitting else "",
        line=refused.line,
        moment=recorder.refusal(refused.what, refused.line, refused.longest_free),
    )


def _sentence(result: ScriptResult, refused: RefusedEvent | None) -> str:
    if refused is not None:
        what = f"line {refused.line} asks for {format_bytes(refused.bytes)} bytes in one piece"
        return f"{what}; {why_no_room(align_up(refused.bytes, BLOCK), refused.longest_free, refused.free)}"
    if result.outcome == "time limit":
        return f"stopped after {result.time_limit:g} s of this computer, so there is no promise either way"
    if result.outcome == "interrupted":
        return "interrupted, so there is no promise either way"
    if result.verdict is Verdict.UNKNOWN:
        return "the script calls what omvsim does not model, so there is no promise either way"
    if result.failure is not None:
        return f"line {result.failure.line}: {result.failure.text.removeprefix('Hang: ')}"
    frames = 0 if result.loop is None else len(result.loop.frames)
    endings = {"frames done": f"still running after {frames} frames", "stopped": "the script stopped itself"}
    return endings.get(result.outcome, "to the script's end") + _growth(result)


def _growth(result: ScriptResult) -> str:
    """What a loop leaves behind."""
    loop = result.loop
    if loop is None or not loop.garbage_bytes:
        return ""
    return f"; a frame leaves {format_bytes(loop.garbage_bytes)} bytes of garbage"


def _grows(result: ScriptResult) -> list[tuple[str, str]]:
    """What a loop goes on holding: the leak that fills the heap in the end."""
    loop = result.loop
    if loop is None or not loop.held_bytes:
        return []
    end = "" if loop.full_at is None else f": no memory is left about frame {loop.full_at}"
    return [("grows", f"what the script holds, by {format_bytes(loop.held_bytes)} bytes a frame{end}")]


def _fits(result: ScriptResult) -> Tile:
    provenance = str(result.provenance)
    refused = None if result.failure is None else result.failure.refused
    if refused is not None and align_up(refused.bytes, BLOCK) > refused.longest_free:
        short = align_up(refused.bytes, BLOCK) - refused.longest_free
        figure = Figure(unit="bytes", value=short, provenance=provenance)
        return Tile(title="Does not fit: bytes short", figure=figure, says="in one free run", tone="bad")
    words = {Verdict.OK: "yes", Verdict.UNKNOWN: "not known", Verdict.MAY_CRASH: "by luck"}
    figure = Figure(unit="text", text=words.get(result.verdict, "no"), provenance=provenance)
    high = f"high-water mark {format_bytes(result.high_water)} bytes"
    return Tile(title="Runs", figure=figure, says=high, tone=_tone(result))


def _time_tile(time: InferenceTime | None) -> Tile:
    if time is None:
        return Tile(title="Time of an inference", figure=no_figure("–"), says="no model got as far as that")
    ms = time.ms
    figure = Figure(unit="ms", value=ms.nominal, low=ms.low, high=ms.high, provenance=str(time.provenance))
    return Tile(title="Time of an inference", figure=figure, says="without the script's own work, camera and drawing")


def _room_tile(result: ScriptResult) -> Tile:
    refused = None if result.failure is None else result.failure.refused
    if refused is not None:
        figure = Figure(unit="bytes", value=refused.free, provenance=str(result.provenance))
        says = f"when it failed; longest run {format_bytes(refused.longest_free)}"
        return Tile(title="Room left in the heap", figure=figure, says=says)
    figure = Figure(unit="bytes", value=result.free_at_end, provenance=str(result.provenance))
    says = f"after a collection at the end; longest run {format_bytes(result.longest_free_at_end)}"
    return Tile(title="Room left in the heap", figure=figure, says=says)


def _inference_time(result: ScriptResult, recorder: Recorder) -> InferenceTime | None:
    """That of the last model which got an arena."""
    if not result.models or not result.inferences:
        return None
    places = {placed.owner: _area_of(recorder, placed.address, placed.area) for placed in recorder.placed_blocks}
    if "tensor arena" not in places:
        return None
    file = result.models[-1]
    data = "rom" if file.mode == "rom" else places.get("model file data", "rom")
    try:
        return inference_time(result.board, file.graph, file.plan, places["tensor arena"], data)
    except BoardError:  # a profile without the speed of its memories
        return None


def _area_of(recorder: Recorder, address: int, area: str) -> str:
    inside = (each.name for each in recorder.areas if each.origin <= address < each.origin + each.length)
    return area or next(inside, "")


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


def _text(result: ScriptResult, line: int) -> str:
    return result.source_lines[line - 1].strip() if 0 < line <= len(result.source_lines) else ""


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


def _timing(result: ScriptResult, time: InferenceTime | None) -> Timing | None:
    if time is None:
        return None
    ms, cache = (time.ms.low, time.ms.nominal, time.ms.high), result.board.cache
    return Timing(
        inference=ms,
        frame=ms,
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


def _facts(result: ScriptResult, time: InferenceTime | None) -> tuple[Fact, ...]:
    facts = [fact("memory", result.provenance)]
    facts += [fact(f"tensor arena of {PurePath(file.path).name}", file.plan.provenance) for file in result.models]
    if time is not None:
        facts.append(fact("time of an inference", time.provenance))
    return tuple(facts)


__all__ = ["capture_exec"]
