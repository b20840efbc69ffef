"""A script's run for people."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.report._exec_json import garbage_per_frame, source_of
from omvsim.report._fitting import Block, fitting, rows_of_terminal
from omvsim.report._plain import console_of
from omvsim.report._run_verdict import WAYS_OUT, frame_words, way_words, wrapped
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from omvsim.advice import Advice
    from omvsim.frame_time import Frame
    from omvsim.runs import FrameLoop, FrameRate, ScriptResult
    from omvsim.runs.outside import Outside
    from omvsim.runs.states import MemorySnapshot

PIPE_WIDTH = 100
SOURCE_WIDTH = 44
_TITLES = ("Line", "Requests", "Bytes", "Left/frame", "High water")
_GAP = 3
_LABEL = re.compile(r"\w+ {2,}|Note: | +(?:\d+\. )?")
"""What stands before a line's text."""


def print_exec(
    result: ScriptResult, lines: int, advice: tuple[Advice, ...] | None = None, frame: Frame | None = None
) -> None:
    """Print the report on standard output; ``lines`` is how many lines of the script the table shows."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    console = console_of(width, markup=False)
    rows = rows_of_terminal()
    if rows is not None and result.failure is not None and result.verdict != "unknown":
        for part in fitting(_blocks(result, lines, advice, console.width), console, rows):
            console.print(part)
        return
    console.print()
    for part in render_exec(result, lines, advice, console.width, frame=frame):
        console.print(part)


_FEW_LINES = 4


def _blocks(result: ScriptResult, lines: int, advice: tuple[Advice, ...] | None, width: int) -> Sequence[Block]:
    """A script that fails: the camera's words, the cheapest way out, where; then what there is room for."""
    name = Path(result.script).name
    ways = _ways_out(advice)
    heading = f"{name} on {result.board.name}, OpenMV {result.board.firmware}: {_ending(result)}"
    ranked: tuple[tuple[int, Sequence[RenderableType]], ...] = (
        (0, [heading, *ways[:2]]),
        (1, _failure_lines(result, name)),
        (5, ways[2:]),
        (2, _heap_lines(result)),
        (3, [] if result.loop is None else _loop_lines(result.loop, result)),
        (4, [_table(result, min(lines, _FEW_LINES), width)] if lines else []),
        (6, [f"Note: {note}" for note in (*result.board.notes, *result.notes)]),
    )
    return [Block(rank, [_whole(part, width) for part in parts]) for rank, parts in ranked]


def render_exec(
    result: ScriptResult,
    lines: int = 12,
    advice: tuple[Advice, ...] | None = None,
    width: int = PIPE_WIDTH,
    *,
    frame: Frame | None = None,
) -> list[RenderableType]:
    """How the script ended, the time of a frame, its frames, its dearest lines, and what the figures leave out."""
    name = Path(result.script).name
    parts: list[RenderableType] = [f"{name} on {result.board.name}, OpenMV {result.board.firmware}: {_ending(result)}"]
    parts += _unknown_lines(result, name)
    if result.failure is not None and result.verdict != "unknown":
        parts += _failure_lines(result, name)
        parts += _ways_out(advice)
    if frame is not None:
        parts.append(f"  {frame_words(frame)}")
    parts.append("")
    parts += _heap_lines(result)
    if result.loop is not None:
        parts += _loop_lines(result.loop, result)
    parts += ["", _table(result, lines, width)] if lines else []
    parts += [f"Note: {note}" for note in (*result.board.notes, *result.notes)]
    return [_whole(part, width) for part in parts]


def _ending(result: ScriptResult) -> str:
    if result.outcome == "time limit":
        return f"NO PROMISE: stopped after {result.time_limit:g} s of this computer"
    if result.outcome == "interrupted":
        return "NO PROMISE: interrupted"
    if result.verdict == "unknown":
        return "NO PROMISE: it called what omvsim does not model"
    if result.failure is not None:
        if result.outcome == "exception":
            return result.failure.text
        return f"{result.outcome}: {result.failure.text.removeprefix('Hang: ')}"
    frames = 0 if result.loop is None else len(result.loop.frames)
    endings = {
        "finished": "runs to its end",
        "frames done": f"runs; ended after {frames} frames",
        "stopped": "stopped itself",
    }
    return endings[result.outcome] + _warning(result)


def _warning(result: ScriptResult) -> str:
    """What comes later: the loop was cut short, and it holds more every time."""
    loop = result.loop
    if loop is None or loop.full_at is None or result.outcome == "finished":
        return ""
    return f", BUT its memory grows and is full about frame {loop.full_at}"


_MOST_CALLS = 8


def _unknown_lines(result: ScriptResult, name: str) -> list[str]:
    """What is not modelled, and what came of the run without it."""
    lines = [f"  not modelled: {what} at {name}:{line}" for what, line in result.unmodelled[:_MOST_CALLS]]
    if len(result.unmodelled) > _MOST_CALLS:
        lines.append(f"  and {len(result.unmodelled) - _MOST_CALLS} more")
    if result.unmodelled and result.failure is not None:
        lines.append(f"  omvsim's own run then ended at line {result.failure.line}; the camera may go on")
    return lines


def _failure_lines(result: ScriptResult, name: str) -> list[str]:
    failure = result.failure
    if failure is None:
        return []
    lines = [f"  {where}: {source_of(result, line)}" for line, where in failure.places(name)]
    if failure.refused is not None:
        refused = failure.refused
        lines.append(
            f"  {format_bytes(refused.bytes)} bytes for {refused.what} at {name}:{refused.line}: the longest free run "
            f"was {format_bytes(refused.longest_free)}, {format_bytes(refused.free)} free in all"
        )
    if failure.reason and failure.reason not in failure.text:
        lines.append(f"  because {failure.reason}")
    if failure.remedy:
        lines.append(f"  remedy: {failure.remedy}")
    return lines


def _ways_out(advice: tuple[Advice, ...] | None) -> list[str]:
    """What helps, cheapest first."""
    if not advice:
        return []
    return [f"  {WAYS_OUT}", *(f"  {number}. {way_words(way)}" for number, way in enumerate(advice, 1))]


def _heap_lines(result: ScriptResult) -> list[str]:
    return [
        _heap_line(result.snapshot),
        *_outside_lines(result.outside),
    ]


def _heap_line(end: MemorySnapshot) -> str:
    start = (
        "line 1 never ran" if end.used_at_start is None else f"{format_bytes(end.used_at_start)} used when line 1 runs"
    )
    return (
        f"Heap      {start}, high-water mark {format_bytes(end.high_water)}; at the end "
        f"{format_bytes(end.live)} held, {format_bytes(end.free_collected)} left after a collection "
        f"(longest run {format_bytes(end.longest_collected)})"
    )


def _outside_lines(outside: Outside) -> list[str]:
    """Only what the script had something of."""
    lines, buffers, stack = [], outside.frame_buffers, outside.fb_alloc
    if buffers is not None and buffers.in_use:
        noun = "frame buffer" if buffers.number == 1 else "frame buffers"
        lines.append(f"Frames    {buffers.number} {noun} of {format_bytes(buffers.bytes_each)} bytes")
    if stack is not None and (stack.peak or stack.took_all):
        everything = f", everything left {stack.took_all} times for a moment" if stack.took_all else ""
        overlay = f" ({format_bytes(stack.overlay_peak)} of it in the overlay)" if stack.overlay_peak else ""
        lines.append(
            f"fb_alloc  high-water mark {format_bytes(stack.peak)} bytes{overlay}{everything}, "
            f"{format_bytes(stack.used)} still held, {format_bytes(stack.left)} left"
        )
    for pool in outside.uma:
        if pool.peak:
            lines.append(
                f"UMA       {pool.memory}: high-water mark {format_bytes(pool.peak)} bytes of "
                f"{format_bytes(pool.size)}, {format_bytes(pool.used)} still held"
            )
    return lines


def _loop_lines(loop: FrameLoop, result: ScriptResult) -> list[str]:
    stays = f" and {format_bytes(loop.held_bytes)} stay held" if loop.held_bytes else ""
    asked, grown, garbage = loop.allocated_bytes or 0, loop.grown_bytes or 0, loop.garbage_bytes or 0
    more = f" and {format_bytes(grown)} more in place" if grown else ""
    left = f"of which {format_bytes(garbage)} are garbage"
    if garbage > asked + grown:  # medians of frames that differ
        left = f"and {format_bytes(garbage)} become garbage, also what was held before"
    lines = [
        f"Frame     {loop.allocations} requests, {format_bytes(asked)} bytes{more}, {left}{stays} "
        f"(median of {len(loop.frames)}, line {loop.line})"
    ]
    if loop.full_at is not None:
        lines.append(
            f"Grows     by {format_bytes(loop.held_bytes)} bytes a frame: no memory is left about frame {loop.full_at}"
        )
    if loop.first_collection is not None:
        lines.append(f"Collects  automatically in frame {', '.join(str(number) for number in loop.collections[:8])}")
    elif loop.frames_until_collection is not None:
        lines.append(f"Collects  first about frame {loop.frames_until_collection}")
    elif any(event.automatic for event in result.collections):
        lines.append("Collects  by itself, but in no whole frame")
    else:
        lines.append("Collects  never by itself")
    lines[-1] += f"; a collection takes about {result.collection_ms:.0f} ms (estimated)"
    if loop.rate is not None:
        lines.append(_rate_line(loop.rate))
    if result.detections:
        lines.append(f"Found     {min(result.detections)} to {max(result.detections)} detections a frame")
    return lines


def _rate_line(rate: FrameRate) -> str:
    if rate.unknown:
        return f"Rate      not known: the time of {', '.join(rate.unknown)} is not"
    parts = [f"{rate.computing_ms.nominal:.1f} ms of inference and the like"] if rate.computing_ms.nominal else []
    if rate.camera_ms:
        parts.append(f"a picture every {rate.camera_ms:.1f} ms at most")
    how_often = f"{rate.fps.nominal:.1f} frames a second ({rate.fps.low:.1f} to {rate.fps.high:.1f}, "
    if rate.fps.nominal < 1:
        low, nominal, high = (ms / 1000 for ms in (rate.frame_ms.low, rate.frame_ms.nominal, rate.frame_ms.high))
        how_often = f"a frame in {nominal:.1f} s ({low:.1f} to {high:.1f}, "
    return f"Rate      {how_often}{rate.provenance}): {', '.join(parts) or 'waiting'}; Python and drawing not counted"


def _table(result: ScriptResult, count: int, width: int) -> RenderableType:
    """The dearest lines; the source gives way where there is too little room, a figure never does."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    dearest = sorted(result.lines, key=lambda line: -result.lines[line].bytes)[:count]
    rows = [_row(result, line) for line in sorted(dearest)]
    widths = [max(len(title), *(len(row[at]) for row in rows)) for at, title in enumerate(_TITLES)]
    room = max(1, min(SOURCE_WIDTH, width - sum(widths) - _GAP * len(widths)))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title, size in zip(_TITLES, widths, strict=True):
        table.add_column(title, justify="right", no_wrap=True, min_width=size)
    table.add_column("Source", no_wrap=True)
    for row, line in zip(rows, sorted(dearest), strict=True):
        source = source_of(result, line)
        table.add_row(*row, source if len(source) <= room else f"{source[: room - 1]}…")
    return table


def _row(result: ScriptResult, line: int) -> tuple[str, ...]:
    cost, garbage = result.lines[line], garbage_per_frame(result, line)
    return (
        str(line) if line else "–",
        format_bytes(cost.allocations),
        format_bytes(cost.bytes),
        "" if garbage is None else format_bytes(garbage),
        format_bytes(cost.high_water),
    )


def _whole(part: RenderableType, width: int) -> RenderableType:
    """A line that is longer than the terminal goes on below its text, and breaks inside no figure."""
    if not isinstance(part, str) or len(part) <= width:
        return part
    label = _LABEL.match(part)
    return wrapped(part, width, " " * (len(label[0]) if label else 0))
