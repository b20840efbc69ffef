"""A run for people: one screen that answers, in this order, what a user asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.report._fitting import Block, fits, fitting, rows_of_terminal
from omvsim.report._notes import PIPE_WIDTH, paper
from omvsim.report._run_map import memory_bars
from omvsim.report._run_tables import figures_text, free_text, largest, loop_text
from omvsim.report._run_tf import in_short, render_tf_result
from omvsim.report._run_verdict import frame_line, headline, ways_out, why, wrapped
from omvsim.runs.scenario import DEFAULT_SCENARIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from omvsim.advice import Advice, Diagnosis
    from omvsim.frame_time import FrameTime
    from omvsim.runs.scenario import RunResult


def print_run(
    result: RunResult,
    advice: tuple[Advice, ...] | None = None,
    more: Sequence[RenderableType] = (),
    time: FrameTime | None = None,
) -> None:
    """Print the report on standard output, in colour on a terminal, and ``more`` below it."""
    console = paper()
    ascii_only = not console.encoding.startswith("utf")
    rows = rows_of_terminal()
    page = render_run(result, advice, console.width, ascii_only=ascii_only, time=time)
    if rows is not None and not more and (result.failure is not None or not fits(page, console, rows)):
        for part in fitting(_blocks(result, advice, console.width, time, ascii_only=ascii_only), console, rows):
            console.print(part)
        return
    console.print(page)
    for part in more:
        console.print()
        console.print(part)


def _blocks(
    result: RunResult, advice: tuple[Advice, ...] | None, width: int, time: FrameTime | None, *, ascii_only: bool
) -> Sequence[Block]:
    """The verdict; of a run that fails the cheapest way out, why; then what there is room for."""
    from omvsim.advice import diagnose  # noqa: PLC0415 - a run that works has nothing to diagnose

    diagnosis: Diagnosis | None = diagnose(result)
    known = diagnosis is not None and advice is not None
    first = ways_out(result, advice[:1], width) if known and advice is not None else []
    others = ways_out(result, advice[1:], width)[1:] if known and advice is not None and len(advice) > 1 else []
    notes = [_note(note, width) for note in (*result.board.notes, *result.notes)]
    tails = (("Loop", loop_text(result)), ("Free", free_text(result)), ("Figures", figures_text(result)))
    return (
        Block(0, [_title(result), *headline(result, width), *frame_line(time, width)]),
        Block(0, first),
        Block(1, in_short(result, width) if known else []),
        Block(1, why(result, diagnosis, width)),
        Block(5, others),
        Block(3, render_tf_result(result, width) if known else []),
        Block(2, memory_bars(result, diagnosis, width, ascii_only=ascii_only)),
        *(Block(4, _labelled(label, text, width)) for label, text in tails),
        Block(6, notes),
        Block(7, ["", *largest(result)]),
    )


def render_run(
    result: RunResult,
    advice: tuple[Advice, ...] | None = None,
    width: int = PIPE_WIDTH,
    *,
    ascii_only: bool = False,
    time: FrameTime | None = None,
) -> RenderableType:
    """The report for a terminal of ``width`` columns; at 100 columns it stays within 40 rows.

    ``advice`` is None when nobody looked for ways out.
    """
    from rich.console import Group  # noqa: PLC0415

    from omvsim.advice import diagnose  # noqa: PLC0415 - a run that works has nothing to diagnose

    diagnosis: Diagnosis | None = diagnose(result)
    parts: list[RenderableType] = [_title(result), *headline(result, width), *frame_line(time, width)]
    parts += why(result, diagnosis, width)
    if diagnosis is not None and advice is not None:
        parts += [*ways_out(result, advice, width), *render_tf_result(result, width)]
    parts += ["", *memory_bars(result, diagnosis, width, ascii_only=ascii_only), "", *largest(result), ""]
    for label, text in (("Loop", loop_text(result)), ("Free", free_text(result)), ("Figures", figures_text(result))):
        parts += _labelled(label, text, width)
    parts += [_note(note, width) for note in (*result.board.notes, *result.notes)]
    return Group(*parts)


def _labelled(label: str, text: str, width: int) -> list[RenderableType]:
    from rich.text import Text  # noqa: PLC0415

    if not text:
        return []
    line = Text(wrapped(f"{label:<9}{text}", width, " " * 9))
    line.stylize("bold", 0, len(label))
    return [line]


def _note(note: str, width: int) -> RenderableType:
    from rich.text import Text  # noqa: PLC0415

    return Text(wrapped(f"Note: {note}", width, " " * 6), style="yellow")


def _title(result: RunResult) -> RenderableType:
    from rich.text import Text  # noqa: PLC0415

    title = Text.assemble((Path(result.model.graph.source).name, "bold"), " on ", (result.board.title, "bold"))
    title.append(f", firmware {result.board.firmware}")
    if result.scenario.name != DEFAULT_SCENARIO:
        title.append(f", scenario {result.scenario.name}")
    return title
