"""The log of our recorder as it comes over a serial line: its JSON lines between whatever else was printed."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from omvsim.errors import TraceError
from omvsim.traces._jsonl import parse_trace
from omvsim.traces._lines import read_lines
from omvsim.traces._mem_info import decode, parse_mem_info
from omvsim.traces._types import HeapMap, Loaded, Snapshot, Trace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from omvsim.traces._types import TraceEvent

LINE_MARK = b'"omvsim.trace"'
"""What the recorder's header line holds, and no other text."""
_EVENT = re.compile(r'\{"ev":.*')
_REPR = re.compile(r"model_addr: (0x[0-9a-f]+).*ram_addr: (0x[0-9a-f]+)")


def read_serial_log(path: str | Path) -> Trace:
    """Read a log.

    Raises:
        TraceError: it cannot be read, or what the recorder printed is damaged.
    """
    return parse_serial_log(path, decode(read_lines(path)))


def parse_serial_log(source: str | Path, text: str) -> Trace:
    """A trace from a log's text; a last line that was cut off is dropped.

    Raises:
        TraceError: no recorder wrote this, or its lines are damaged.
    """
    lines, printed = _separate(text)
    if not lines:
        raise TraceError(source, "no line of the recorder in it")
    trace = parse_trace(source, (line.encode() for line in lines))
    events: list[TraceEvent] = []
    for index, event in enumerate(trace.events, 1):
        events.append(_with_addresses(event, printed.get(index, "")))
    return dataclasses.replace(trace, events=tuple(_with_totals(events)))


def _separate(text: str) -> tuple[list[str], dict[int, str]]:
    """The recorder's lines, and what was printed behind each of them; a heap map goes into the line it belongs to."""
    lines: list[str] = []
    printed: dict[int, str] = {}
    for line in text.splitlines(keepends=True):
        match = _EVENT.search(line)
        if match is None and not lines:
            continue
        if match is None:
            printed[len(lines) - 1] = printed.get(len(lines) - 1, "") + line
        elif lines or LINE_MARK.decode() in line:
            lines.append(match[0] + ("\n" if line.endswith("\n") else ""))
    for index, line in enumerate(lines):
        map_line = _map_line(line)
        if map_line is not None:
            lines[index] = json.dumps({**map_line, "text": printed.get(index, "")}) + "\n"
    return lines, printed


def _map_line(line: str) -> dict[str, Any] | None:
    if '"mem_info"' not in line:
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None  # cut off: the parser says so
    return value if isinstance(value, dict) and "text" not in value else None


def _with_addresses(event: TraceEvent, printed: str) -> TraceEvent:
    """``print(model)`` names the addresses."""
    found = _REPR.search(printed)
    if not isinstance(event, Loaded) or found is None:
        return event
    return dataclasses.replace(event, data_address=int(found[1], 16), arena_address=int(found[2], 16))


def _with_totals(events: Iterable[TraceEvent]) -> list[TraceEvent]:
    """Give each snapshot the totals of the heap map printed with it."""
    kept: list[TraceEvent] = []
    for event in events:
        last = kept[-1] if kept else None
        if isinstance(event, HeapMap) and isinstance(last, Snapshot) and event.label == last.label and event.text:
            dump = parse_mem_info(event.text, event.label)
            kept[-1] = dataclasses.replace(
                last,
                max_free=dump.max_free,
                max_block=dump.max_block,
                num_1block=dump.num_1block,
                num_2block=dump.num_2block,
            )
            if not dump.areas:
                continue
        kept.append(event)
    return kept
