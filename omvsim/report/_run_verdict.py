"""Does it run; if not, what the camera prints, why, and the ways out."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from omvsim.firmware import LoadMode, needs_card
from omvsim.provenance import Provenance
from omvsim.tflm import at_fault
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from omvsim.advice import Advice, Diagnosis
    from omvsim.frame_time import FrameTime
    from omvsim.scenario import AreaState, RunResult

_WORDS = {
    Verdict.OK: ("RUNS", "bold green"),
    Verdict.MEMORY_ERROR: ("DOES NOT RUN", "bold red"),
    Verdict.VALUE_ERROR: ("DOES NOT RUN", "bold red"),
    Verdict.OTHER_ERROR: ("DOES NOT RUN", "bold red"),
    Verdict.REFUSED: ("REFUSED", "bold red"),
    Verdict.MAY_CRASH: ("MAY CRASH", "bold magenta"),
    Verdict.NO_SPACE: ("DOES NOT FIT", "bold red"),
    Verdict.HANGS: ("HANGS", "bold red"),
    Verdict.UNKNOWN: ("UNKNOWN", "bold yellow"),
}
_NOT_MEASURED = " (no promise: nobody has measured this release's library)"
_JOINER = "\N{WORD JOINER}"
_NO_FACTS = "what the library does with this model is not known, so there is no promise either way"
_NOTHING = (
    "Nothing that was tried makes it run: changes of the script, other places for the model, other releases, two of "
    "these at once, a larger heap within the board's memory."
)
_NO_RELEASE = "No other release that was tried takes it."
_STILL = "the camera stands still until it is reset; no exception reaches the script"
_LUCK = "no exception reaches the script, and it may work on one boot and hang on the next"


def headline(result: RunResult, width: int) -> list[Text]:
    """The verdict, and the camera's own words."""
    from rich.text import Text  # noqa: PLC0415 - JSON output must not pay for rich

    word, style = _WORDS[result.verdict]
    if result.failure is not None and result.models and word == "DOES NOT RUN":
        word = "LOADS, BUT DOES NOT RUN"
    library = result.model.plan.library
    doubt = result.verdict is Verdict.REFUSED and library.provenance is not Provenance.EXACT
    text = f"{word}{_NOT_MEASURED if doubt else ''}: {_loaded(result)}"
    if result.verdict is Verdict.UNKNOWN:
        text = f"{word}: {_NO_FACTS}"
    elif result.verdict is Verdict.NO_SPACE:
        text = f"{word}: {result.model.path} cannot be on the camera; a script that opens it gets"
    elif result.verdict is Verdict.MAY_CRASH:
        text += f", the camera may die of a HardFault; {_LUCK}"
    elif result.verdict is Verdict.HANGS:
        text += f", {_STILL}"
    else:
        text += _room_left(result) if result.failure is None else ", the camera prints"
    line = Text(wrapped(text, width))
    line.stylize(style, 0, len(word))
    if result.exception is None or result.failure is None:
        return [line]
    camera = Text(f"  {result.failure.exception}", style="bold")
    if result.failure.exception.endswith(": "):
        camera.append("(no text: no memory was left to build it)", style="dim")
    return [line, camera]


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
    return f"{text}, from an SD card (/flash is too small for it)" if needs_card(board, file.path) else text


def _room_left(result: RunResult) -> str:
    last = result.steps[-1]
    done = sum(step.name == "predict" for step in result.steps)
    ram = "" if result.model_ram is None else f", model.ram {format_bytes(result.model_ram)}"
    room = f"{format_bytes(last.free_bytes)} bytes left (longest run {format_bytes(last.max_free_blocks * 16)})"
    return f", {done} prediction{'s' * (done != 1)}{ram}; {room}"


def frame_line(time: FrameTime | None, width: int) -> list[Text]:
    """How long one frame takes, and how far that can be trusted."""
    from rich.text import Text  # noqa: PLC0415 - as above

    if time is None:
        return []
    frame = time.frame
    rate = f"{time.fps.nominal:.3g} a second" if time.fps.nominal >= 1 else f"one in {frame.nominal / 1000:.3g} s"
    text = (
        f"  one frame {milliseconds(frame.nominal)} ms ({milliseconds(frame.low)} to {milliseconds(frame.high)}), "
        f"{rate}; {time.inference.provenance}, without the script's own work, camera and drawing"
    )
    return [Text(wrapped(text, width, "  "))]


def milliseconds(value: float) -> str:
    """Three digits, or whole milliseconds: ``0.00812``, ``57.1``, ``38 214``."""
    return f"{value:.3g}" if value < 100 else format_bytes(round(value))


def why(result: RunResult, diagnosis: Diagnosis | None, width: int) -> list[Table]:
    """Which step and request failed, where it would have had to fit, and what was there instead."""
    reasons = _reasons(result, diagnosis)
    table = _grid()
    for label, text in reasons:
        table.add_row(f"  {label:<9}", wrapped(text, width - 12))
    return [table] if reasons else []


def _reasons(result: RunResult, diagnosis: Diagnosis | None) -> list[tuple[str, str]]:
    plan = result.model.plan
    if result.verdict is Verdict.UNKNOWN:
        return [("because", str(plan.refusal or plan.run_fault))]
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
    refusal = result.failure.refusal
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


def ways_out(result: RunResult, advice: tuple[Advice, ...], width: int) -> list[Text | Table]:
    """What helps, cheapest first; or that nothing tried does."""
    from rich.text import Text  # noqa: PLC0415

    if result.verdict is Verdict.UNKNOWN:
        return []
    if not advice:
        nothing = _NO_RELEASE if at_fault(result.model.plan) else _NOTHING
        return [Text(wrapped(f"  {nothing}", width, "  "))]
    table = _grid()
    for number, way in enumerate(advice, 1):
        code = f": {way.code}" if way.code else ""
        line = Text(wrapped(f"{way.title}{code} → {format_bytes(way.free_bytes)} left", width - 5))
        line.stylize("green", 0, len(way.title))
        table.add_row(f"  {number}.", line)
    return [Text("  Ways out, cheapest first; each was simulated and runs:", style="bold"), table]


def _grid() -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def wrapped(text: str, width: int, indent: str = "") -> str:
    """``text`` in lines of at most ``width`` that do not break inside a figure such as ``8 196 416``."""
    joined = re.sub(r"(?<=\d) (?=\d{3}\b)", _JOINER, text)
    lines = textwrap.wrap(joined, max(width, 20), subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join(lines).replace(_JOINER, " ")
