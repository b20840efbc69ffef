"""Does it run; if not, what the camera prints, why, and the ways out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from omvsim.advice import headline_of, no_way_out, reasons_of
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from omvsim.advice import Advice, Diagnosis
    from omvsim.frame_time import Frame, FrameTime
    from omvsim.runs.scenario import RunResult

_STYLES = {
    Verdict.OK: "bold green",
    Verdict.MAY_CRASH: "bold magenta",
    Verdict.UNKNOWN: "bold yellow",
}
_BAD = "bold red"
WAYS_OUT = "Ways out, cheapest first; each was simulated and runs (left: after a collection):"
_JOINER = "\N{WORD JOINER}"


def headline(result: RunResult, width: int) -> list[Text]:
    """The verdict, and the camera's own words."""
    from rich.text import Text  # noqa: PLC0415 - JSON output must not pay for rich

    word, text = headline_of(result)
    line = Text(wrapped(word + text, width))
    line.stylize(_STYLES.get(result.verdict, _BAD), 0, len(word))
    if result.exception is None or result.failure is None:
        return [line]
    camera = Text(f"  {result.failure.text}", style="bold")
    if result.failure.text.endswith(": "):
        camera.append("(no text: no memory was left to build it)", style="dim")
    return [line, camera]


def frame_line(time: FrameTime | None, width: int) -> list[Text]:
    """How long one frame takes, and how far that can be trusted."""
    from rich.text import Text  # noqa: PLC0415 - as above

    return [] if time is None else [Text(wrapped(f"  {frame_words(time.frame)}", width, "  "))]


def frame_words(frame: Frame) -> str:
    """The same in words, of any script."""
    ms = frame.ms
    rate = f"{1000 / ms.nominal:.3g} a second" if ms.nominal <= 1000 else f"one in {ms.nominal / 1000:.3g} s"
    return (
        f"one frame {milliseconds(ms.nominal)} ms ({milliseconds(ms.low)} to {milliseconds(ms.high)}), "
        f"{rate}; {frame.provenance}, without the script's own work, camera and drawing"
    )


def milliseconds(value: float) -> str:
    """Three digits, or whole milliseconds: ``0.00812``, ``57.1``, ``38 214``."""
    return f"{value:.3g}" if value < 100 else format_bytes(round(value))


def why(result: RunResult, diagnosis: Diagnosis | None, width: int) -> list[Table]:
    """Which step and request failed, where it would have had to fit, and what was there instead."""
    reasons = reasons_of(result, diagnosis)
    table = _grid()
    for label, text in reasons:
        table.add_row(f"  {label:<9}", wrapped(text, width - 12))
    return [table] if reasons else []


def ways_out(result: RunResult, advice: tuple[Advice, ...], width: int) -> list[Text | Table]:
    """What helps, cheapest first; or that nothing tried does."""
    from rich.text import Text  # noqa: PLC0415

    if result.verdict is Verdict.UNKNOWN:
        return []
    if not advice:
        return [Text(wrapped(f"  {no_way_out(result)}", width, "  "))]
    table = _grid()
    for number, way in enumerate(advice, 1):
        line = Text(wrapped(way_words(way), width - 5))
        line.stylize("green", 0, len(way.title))
        table.add_row(f"  {number}.", line)
    return [Text(f"  {WAYS_OUT}", style="bold"), table]


def way_words(way: Advice) -> str:
    """One way out: what, how, and what the script can then still have."""
    code = f": {way.code}" if way.code else ""
    return f"{way.title}{code} → {format_bytes(way.free_bytes)} left"


def _grid() -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def wrapped(text: str, width: int, indent: str = "") -> str:
    """``text`` in lines of at most ``width`` that do not break inside a figure such as ``8 196 416``."""
    joined = re.sub(r"(?<=\d) (?=\d{3}\b)", _JOINER, text)
    import textwrap  # noqa: PLC0415 - JSON output must not pay for it

    lines = textwrap.wrap(joined, max(width, 20), subsequent_indent=indent, break_on_hyphens=False)
    return "\n".join(lines).replace(_JOINER, " ")
