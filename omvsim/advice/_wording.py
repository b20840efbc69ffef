"""How a run ended, in words: shared by every report of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import LoadMode, needs_card, storage_name
from omvsim.provenance import Provenance
from omvsim.tflm import at_fault
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.advice._diagnosis import Diagnosis
    from omvsim.runs import Failure
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.states import AreaState

VERDICT_WORDS = {
    Verdict.OK: "RUNS",
    Verdict.MEMORY_ERROR: "DOES NOT RUN",
    Verdict.VALUE_ERROR: "DOES NOT RUN",
    Verdict.OTHER_ERROR: "DOES NOT RUN",
    Verdict.REFUSED: "REFUSED",
    Verdict.MAY_CRASH: "MAY CRASH",
    Verdict.NO_SPACE: "DOES NOT FIT",
    Verdict.HANGS: "HANGS",
    Verdict.UNKNOWN: "UNKNOWN",
}
_NOT_MEASURED = " (no promise: nobody has measured this release's library)"
_NO_FACTS = "what the library does with this model is not known, so there is no promise either way"
_NOT_MODELLED = "it asks for something that is not simulated on this board, so there is no promise either way"
_NOTHING = (
    "Nothing that was tried makes it run: changes of the script, other places for the model, other releases, two of "
    "these at once, a larger heap within the board's memory."
)
_NO_RELEASE = "No other release that was tried takes it."
STILL = "the camera stands still until it is reset; no exception reaches the script"
LUCK = "no exception reaches the script, and it may work on one boot and hang on the next"


def headline_of(result: RunResult) -> tuple[str, str]:
    """(the verdict in capitals, the sentence that goes on from there)."""
    word = VERDICT_WORDS[result.verdict]
    if result.failure is not None and result.models and word == "DOES NOT RUN":
        word = "LOADS, BUT DOES NOT RUN"
    library = result.model.plan.library
    doubt = result.verdict is Verdict.REFUSED and library.provenance is not Provenance.EXACT
    text = f"{_NOT_MEASURED if doubt else ''}: {_loaded(result)}"
    if result.verdict is Verdict.UNKNOWN:
        text = f": {_NO_FACTS if _library_doubt(result) else _NOT_MODELLED}"
    elif result.verdict is Verdict.NO_SPACE:
        text = f": {result.model.path} cannot be on the camera; a script that opens it gets"
    elif result.verdict is Verdict.MAY_CRASH:
        text += f", the camera may die of a HardFault; {LUCK}"
    elif result.verdict is Verdict.HANGS:
        text += f", {STILL}"
    else:
        text += _room_left(result) if result.failure is None else ", the camera prints"
    return word, text


def _library_doubt(result: RunResult) -> str:
    """What is not known of the library with this model; empty where the run ended for another reason."""
    plan = result.model.plan
    return str(plan.refusal or plan.run_fault or "")


def _loaded(result: RunResult) -> str:
    """Where this release has taken the model from, or put it."""
    file, board = result.model, result.board
    has_fb = board.release.load_to_fb
    if file.mode is LoadMode.ROM:
        return "loaded from ROM" if file.path.startswith("/") else f"the {file.path} that is built into the firmware"
    if file.mode is LoadMode.FB and has_fb:
        text = "loaded into the frame buffer"
    else:
        text = "loaded from a file" if file.mode is LoadMode.FILE else "loaded from a file (no load_to_fb here)"
    return (
        f"{text}, from an SD card ({storage_name(board)} is too small for it)"
        if needs_card(board, file.path, file.graph.size)
        else text
    )


def _room_left(result: RunResult) -> str:
    end = result.snapshot
    done = sum(step.name == "predict" for step in result.steps)
    ram = "" if result.model_ram is None else f", model.ram {format_bytes(result.model_ram)}"
    free, longest = format_bytes(end.free_collected), format_bytes(end.longest_collected)
    room = f"{free} bytes left after a collection (longest run {longest})"
    return f", {done} prediction{'s' * (done != 1)}{ram}; {room}"


def _not_simulated(failure: Failure | None) -> str:
    if failure is None:
        return ""
    what, colon, why = failure.text.partition(": ")
    return f"{what} is not simulated{colon}{why}"


def reasons_of(result: RunResult, diagnosis: Diagnosis | None) -> list[tuple[str, str]]:
    """(label, text): which step and request failed, where it would have had to fit, and what was there instead."""
    if result.verdict is Verdict.UNKNOWN:
        return [("because", _library_doubt(result) or _not_simulated(result.failure))]
    if diagnosis is None:
        return []
    rows = [("step", _where(diagnosis))]
    if diagnosis.needed is not None:
        rows += _room(result, diagnosis, diagnosis.needed)
    if diagnosis.reason:
        rows.append(("because", diagnosis.reason))
    failure = result.failure
    if failure is not None and failure.remedy:
        rows.append(("remedy", failure.remedy))
    if failure is not None and failure.library_message:
        words = failure.library_message.replace("\n", " / ")
        rows.append(("library", f"“{words}” (not in the release's exception)"))
    return rows


def _where(diagnosis: Diagnosis) -> str:
    number = f" {diagnosis.occurrence}" if diagnosis.occurrence > 1 else ""
    return f"{diagnosis.step}{number}: {diagnosis.detail}" if diagnosis.detail else f"{diagnosis.step}{number}"


def _room(result: RunResult, diagnosis: Diagnosis, needed: int) -> list[tuple[str, str]]:
    assert result.failure is not None
    refusal = result.failure.refused
    asked = needed if refusal is None else refusal.bytes
    rows = [("request", f"{format_bytes(asked)} bytes in one run, for the {diagnosis.what}")]
    fitting = [area for area in result.areas if area.pool_bytes >= needed]
    if fitting:
        places = " or ".join(_named(area) for area in fitting)
        rows.append(("must fit", places + _only(result, fitting)))
    else:
        largest = max(result.areas, key=lambda area: area.pool_bytes)
        room = f"no area is that large: {_named(largest)} has {format_bytes(largest.pool_bytes)} when empty"
        rows.append(("must fit", room))
    if diagnosis.longest_free is not None:
        text = f"longest free run {format_bytes(diagnosis.longest_free)}"
        if diagnosis.missing is not None:
            text += f", {format_bytes(diagnosis.missing)} short"
        if diagnosis.free is not None:
            text += f"; {format_bytes(diagnosis.free)} free in all"
        rows.append(("there was", text))
    return rows


def _only(result: RunResult, fitting: list[AreaState]) -> str:
    if len(fitting) > 1:
        return ""
    return ", the only area" if len(result.areas) == 1 else ": no other area is that large"


def _named(area: AreaState) -> str:
    return f"gc[{area.index}] ({area.memory})"


def no_way_out(result: RunResult) -> str:
    """What to say where ways out were looked for and none was found."""
    return _NO_RELEASE if at_fault(result.model.plan) else _NOTHING


__all__ = ["LUCK", "STILL", "VERDICT_WORDS", "headline_of", "no_way_out", "reasons_of"]
