"""``omvsim run`` as a capture."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim._version import __version__
from omvsim.advice import LUCK, STILL, diagnose, explain_tf_result, headline_of, no_way_out, reasons_of
from omvsim.capture._columns import ALLOC, PLACED, Capture
from omvsim.capture._document import Collection, Document, Fact, Loop, Step, Timing
from omvsim.capture._fills import with_holders
from omvsim.capture._headline import Figure, Headline, Request, Tile, Tone
from omvsim.capture._parts import (
    arena_part,
    board_part,
    fact,
    fix_parts,
    frame_tile,
    no_figure,
    operator_times,
    overlap_part,
    room_tile,
    why_no_room,
)
from omvsim.capture._releases import releases_table
from omvsim.capture._tables import Row, request_columns
from omvsim.heap import BLOCK
from omvsim.provenance import Provenance
from omvsim.runs.scenario import DEFAULT_SCENARIO
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.advice import Advice, Diagnosis, TfExplanation
    from omvsim.capture._document import Moment
    from omvsim.capture._recorder import Recorder
    from omvsim.frame_time import FrameTime
    from omvsim.releases import ReleaseSummary
    from omvsim.runs.scenario import RunResult

TONES: dict[Verdict, Tone] = {Verdict.OK: "good", Verdict.UNKNOWN: "warn", Verdict.MAY_CRASH: "warn"}


def capture_run(
    result: RunResult,
    recorder: Recorder,
    advice: Sequence[Advice] | None = None,
    time: FrameTime | None = None,
    releases: Sequence[ReleaseSummary] = (),
) -> Capture:
    """Pour a run into a capture.

    Args:
        result: the run.
        recorder: what watched it.
        advice: ways out; None where nobody looked for them.
        time: of a frame (:func:`omvsim.frame_time.time_of_run`).
        releases: the model on every release, where somebody asked.
    """
    diagnosis, explanation = diagnose(result), explain_tf_result(result)
    columns, names = request_columns(_rows(result))
    document = Document(
        omvsim=__version__,
        kind="run",
        title=PurePath(result.model.graph.source).name,
        subtitle=_subtitle(result),
        verdict=_verdict(result, diagnosis, explanation, recorder),
        tiles=(_fits(result, diagnosis, explanation), _time_tile(result, time), _room_tile(result)),
        fixes=fix_parts(advice or ()),
        no_fix=no_way_out(result) if advice == () and diagnosis is not None else "",
        board=board_part(result.board),
        areas=recorder.areas,
        standing=recorder.standing,
        moments=_moments(recorder),
        steps=_steps(result),
        collections=_collections(result, recorder),
        loop=_loop(result),
        arenas=tuple(
            arena_part(file, PurePath(file.graph.source).name) for file in (result.model, *result.others.values())
        ),
        timing=_timing(result, time),
        tables=(releases_table(releases),) if releases else (),
        notes=(*result.board.notes, *result.notes),
        facts=_facts(result, time),
        names=names,
    )
    return with_holders(Capture(document, columns | recorder.changes()), by_line=False)


def _rows(result: RunResult) -> Iterator[Row]:
    for entry in result.allocations:
        kind = ALLOC if entry.area.startswith("gc") else PLACED
        yield Row(kind, entry.owner, 0, entry.step, entry.bytes, entry.address)


def _steps(result: RunResult) -> tuple[Step, ...]:
    return tuple(
        Step(
            name=step.name,
            detail=step.detail,
            requests=step.allocations,
            bytes=step.allocated_bytes,
            garbage=step.garbage_bytes,
            collections=step.collections,
            free=step.free_bytes,
            longest_free=step.max_free_blocks * BLOCK,
            exception=step.exception or "",
        )
        for step in result.steps
    )


def _collections(result: RunResult, recorder: Recorder) -> tuple[Collection, ...]:
    return tuple(
        Collection(
            requests=seen.requests,
            before=each.before,
            after=each.after,
            automatic=each.automatic,
        )
        for each, seen in zip(result.collections, recorder.collections, strict=False)
    )


def _subtitle(result: RunResult) -> str:
    text = f"{result.board.title}, firmware {result.board.firmware}"
    return text if result.scenario.name == DEFAULT_SCENARIO else f"{text}, scenario {result.scenario.name}"


def _moments(recorder: Recorder) -> tuple[Moment, ...]:
    """The recorder's, with predictions counted as frames."""
    found = []
    frames = 0
    for moment in recorder.moments:
        frames += moment.kind == "step" and moment.label == "predict"
        found.append(moment.model_copy(update={"frame": frames}))
    return tuple(found)


def _verdict(
    result: RunResult, diagnosis: Diagnosis | None, explanation: TfExplanation | None, recorder: Recorder
) -> Headline:
    word, _ = headline_of(result)
    failure = result.failure
    refusal = None if failure is None else failure.refused
    request = None
    if failure is not None and refusal is not None and diagnosis is not None:
        request = Request(
            bytes=refusal.bytes,
            needed=diagnosis.needed or refusal.bytes,
            owner=refusal.what,
            longest_free=refusal.longest_free,
            free=refusal.free,
            place=diagnosis.place or "",
            moment=recorder.refusal(refusal.what, failure.line, refusal.longest_free),
        )
    return Headline(
        key=str(result.verdict),
        tone=TONES.get(result.verdict, "bad"),
        word=word.capitalize(),
        sentence=_sentence(result, diagnosis) if explanation is None else explanation.in_short,
        message=result.exception or "",
        where="" if diagnosis is None else f"{diagnosis.step} {diagnosis.detail}".strip(),
        reasons=(*reasons_of(result, diagnosis), *_luck(result)),
        request=request,
        overlap=None if failure is None else overlap_part(failure.overlap),
        explains=() if explanation is None else explanation.sentences,
    )


def _luck(result: RunResult) -> tuple[tuple[str, str], ...]:
    if result.verdict is Verdict.MAY_CRASH:
        return (("so", LUCK),)
    return (("so", STILL),) if result.verdict is Verdict.HANGS else ()


def _sentence(result: RunResult, diagnosis: Diagnosis | None) -> str:
    """What a reader in a hurry has to know, in one sentence."""
    _, text = headline_of(result)
    if result.verdict is Verdict.MAY_CRASH and diagnosis is not None:
        return f"the camera may die of a HardFault: {diagnosis.reason}"
    if diagnosis is None or diagnosis.needed is None or diagnosis.missing is None:
        return text.removeprefix(": ").removesuffix(", the camera prints") + _because(result, diagnosis)
    what = f"the {diagnosis.what} needs {format_bytes(diagnosis.needed)} bytes in one piece"
    return f"{what}; {why_no_room(diagnosis.needed, diagnosis.longest_free or 0, diagnosis.free)}"


def _because(result: RunResult, diagnosis: Diagnosis | None) -> str:
    if diagnosis is None or not diagnosis.reason or result.verdict is Verdict.UNKNOWN:
        return ""
    return f"; {diagnosis.reason}"


def _fits(result: RunResult, diagnosis: Diagnosis | None, explanation: TfExplanation | None) -> Tile:
    provenance = str(result.provenance)
    if result.verdict is Verdict.OK:
        model = result.models[0] if result.models else None
        says = "" if model is None else f"arena in {model.arena_area}, model in {model.data_area}"
        ram = Figure(unit="bytes", value=result.model_ram, provenance=str(result.model.plan.provenance))
        return Tile(title="Fits: model.ram", figure=ram, says=says, tone="good")
    if explanation is not None:
        total = Figure(unit="bytes", value=explanation.needs.total, provenance=provenance)
        free = f"of the heap, of which {format_bytes(explanation.free_bytes)} were free"
        return Tile(title=f"Does not fit: {explanation.method}() needs", figure=total, says=free, tone="bad")
    missing = None if diagnosis is None else diagnosis.missing
    if missing is not None:
        figure = Figure(unit="bytes", value=missing, provenance=provenance)
        return Tile(title="Does not fit: bytes short", figure=figure, says="in one free run", tone="bad")
    tone = TONES.get(result.verdict, "bad")
    word = {Verdict.MAY_CRASH: "by luck", Verdict.UNKNOWN: "not known"}.get(result.verdict, "no")
    return Tile(title="Fits", figure=Figure(unit="text", text=word, provenance=provenance), tone=tone)


def _time_tile(result: RunResult, time: FrameTime | None) -> Tile:
    if time is None:
        says = "the run ends before" if result.verdict is not Verdict.OK else "the profile has no times for this"
        return Tile(title="Time of a frame", figure=no_figure("–"), says=says)
    return frame_tile(time.frame)


def _room_tile(result: RunResult) -> Tile:
    return room_tile(result.snapshot, result.failure, result.provenance)


def _loop(result: RunResult) -> Loop | None:
    loop = result.loop
    if loop is None:
        return None
    return Loop(
        frames=loop.frames,
        garbage_per_frame=loop.garbage_per_frame,
        collected_at=loop.collected_at,
        frames_until_collection=loop.frames_until_collection,
    )


def _timing(result: RunResult, time: FrameTime | None) -> Timing | None:
    if time is None:
        return None
    cache = result.board.cache
    return Timing(
        inference=(time.inference.ms.low, time.inference.ms.nominal, time.inference.ms.high),
        frame=(time.frame.ms.low, time.frame.ms.nominal, time.frame.ms.high),
        load=(time.load.low, time.load.nominal, time.load.high),
        provenance=str(time.inference.provenance),
        placement=tuple(time.inference.placement.items()),
        operators=operator_times(time.inference, 32 if cache is None else cache.line_bytes),
    )


def _facts(result: RunResult, time: FrameTime | None) -> tuple[Fact, ...]:
    facts = [fact("memory", result.provenance), fact("tensor arena", result.model.plan.provenance)]
    if time is not None:
        facts += [fact("time of an inference", time.inference.provenance), fact("time", time.frame.provenance)]
    if not result.board.measured:
        facts.append(fact("board", Provenance.ASSUMED))
    return tuple(facts)


__all__ = ["TONES", "capture_run"]
