"""How a script's run ended, for its capture: the headline, what was asked for and refused, the figures beside it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim.capture._from_run import TONES
from omvsim.capture._headline import Figure, Headline, Request, Tile, Tone
from omvsim.capture._parts import (
    frame_tile,
    no_figure,
    overlap_part,
    why_no_room,
)
from omvsim.errors import BoardError
from omvsim.heap import BLOCK
from omvsim.timing import inference_time
from omvsim.units import align_up, format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.capture._recorder import Recorder
    from omvsim.frame_time import Frame
    from omvsim.runs import RefusedEvent, ScriptResult
    from omvsim.timing import InferenceTime

_WORDS = {Verdict.OK: "Runs", Verdict.MAY_CRASH: "May crash", Verdict.HANGS: "Hangs", Verdict.UNKNOWN: "No promise"}


def _text(result: ScriptResult, line: int) -> str:
    return result.source_lines[line - 1].strip() if 0 < line <= len(result.source_lines) else ""


def ending(result: ScriptResult, recorder: Recorder) -> Headline:
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


def fits(result: ScriptResult) -> Tile:
    provenance = str(result.provenance)
    refused = None if result.failure is None else result.failure.refused
    if refused is not None and align_up(refused.bytes, BLOCK) > refused.longest_free:
        short = align_up(refused.bytes, BLOCK) - refused.longest_free
        figure = Figure(unit="bytes", value=short, provenance=provenance)
        return Tile(title="Does not fit: bytes short", figure=figure, says="in one free run", tone="bad")
    words = {Verdict.OK: "yes", Verdict.UNKNOWN: "not known", Verdict.MAY_CRASH: "by luck"}
    figure = Figure(unit="text", text=words.get(result.verdict, "no"), provenance=provenance)
    high = f"high-water mark {format_bytes(result.snapshot.high_water)} bytes"
    return Tile(title="Runs", figure=figure, says=high, tone=_tone(result))


def time_tile(frame: Frame | None) -> Tile:
    if frame is None:
        return Tile(title="Time of a frame", figure=no_figure("–"), says="no model got as far as that")
    return frame_tile(frame)


def last_inference(result: ScriptResult, recorder: Recorder) -> InferenceTime | None:
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


__all__ = ["fits", "last_inference", "time_tile", "ending"]
