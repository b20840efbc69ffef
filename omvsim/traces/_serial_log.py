"""The log of our recorder as it comes over a serial line: its JSON lines between whatever else was printed."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING

from omvsim.errors import TraceError
from omvsim.traces._jsonl import parse_trace
from omvsim.traces._lines import read_lines
from omvsim.traces._mem_info import decode, parse_mem_info
from omvsim.traces._types import End, HeapMap, Loaded, Snapshot, Trace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from omvsim.traces._types import TraceEvent

LINE_MARK = b'"omvsim.trace"'
"""What the recorder's header line holds, and no other text."""
_EVENT = re.compile(r'\{(?:"n":\d+,)?"ev":.*')
_NUMBERED = re.compile(r'\{"n":\d+,"ev":')
_REPR = re.compile(r"model_addr: (0x[0-9a-f]+).*ram_addr: (0x[0-9a-f]+)")


def read_serial_log(path: str | Path) -> Trace:
    """Read a log.

    Raises:
        TraceError: it cannot be read, or what the recorder printed is damaged.
    """
    return parse_serial_log(path, decode(read_lines(path)))


def parse_serial_log(source: str | Path, text: str) -> Trace:
    """A trace from a log's text, whatever stands before, between and behind the recorder's lines.

    A last line that was cut off is dropped. Where numbers of lines show that some were lost, the trace is incomplete
    and says so. Of several recordings in one log the last that came to its end is taken, else the last.

    Raises:
        TraceError: no recorder wrote this, or its lines are damaged.
    """
    found = _recordings(text)
    if not found:
        raise TraceError(source, "no line of the recorder in it")
    chosen = next((one for one in reversed(found) if one.lines[-1].find('"ev":"end"') >= 0), found[-1])
    trace = parse_trace(source, (line.encode() for line in chosen.lines))
    events: list[TraceEvent] = []
    for index, event in enumerate(trace.events, 1):
        events.append(_with_addresses(event, chosen.printed.get(index, "")))
    events, torn = _with_totals(events, numbered=bool(chosen.last))
    lost = chosen.lost + torn
    notes = trace.notes
    if len(found) > 1:
        notes += (f"recording {found.index(chosen) + 1} of {len(found)} in the log",)
    if lost:
        notes += (f"{lost} lines of the recorder are lost: the trace is incomplete",)
        events = [event for event in events if not isinstance(event, End)]
    return dataclasses.replace(trace, events=tuple(events), notes=notes)


@dataclasses.dataclass
class _Recording:
    """The recorder's lines without their numbers, and what was printed behind each."""

    lines: list[str] = dataclasses.field(default_factory=list)
    printed: dict[int, str] = dataclasses.field(default_factory=dict)
    last: int = 0
    """Number of the last line; recorders before version 2 number none."""
    lost: int = 0


def _recordings(text: str) -> list[_Recording]:
    """Every recording of a log; a heap map goes into the line it belongs to."""
    found: list[_Recording] = []
    for line in text.splitlines(keepends=True):
        match = _EVENT.search(line)
        if match is not None and LINE_MARK.decode() in line:
            found.append(_Recording())
        if not found:
            continue
        if match is None:
            at = len(found[-1].lines) - 1
            found[-1].printed[at] = found[-1].printed.get(at, "") + line
        else:
            _add(found[-1], match[0], whole=line.endswith("\n"))
    for recording in found:
        for index, line in enumerate(recording.lines):
            map_line = _map_line(line)
            if map_line is not None:
                recording.lines[index] = json.dumps({**map_line, "text": recording.printed.get(index, "")}) + "\n"
    return found


def _add(recording: _Recording, text: str, *, whole: bool) -> None:
    """One line of the recorder, without what another program printed behind it on the same line.

    A numbered line that is torn is left out: the number that follows shows that it is missing.
    """
    numbered = [found.start() for found in _NUMBERED.finditer(text)]
    value, end = _object(text[numbered[-1] :] if numbered else text)
    if numbered and value is not None:
        number = int(str(value.pop("n")))
        recording.lost += max(0, number - recording.last - 1)
        recording.last = number
        recording.lines.append(json.dumps(value, separators=(",", ":")) + "\n")
    elif not numbered and value is not None:
        recording.lines.append(text[:end] + "\n")
    elif not numbered:
        recording.lines.append(text + ("\n" if whole else ""))  # the parser drops it, or says what is wrong with it


def _object(text: str) -> tuple[dict[str, object] | None, int]:
    """The JSON object that ``text`` starts with, and where it ends."""
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0
    return (value, end) if isinstance(value, dict) else (None, 0)


def _map_line(line: str) -> dict[str, object] | None:
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


def _with_totals(events: Iterable[TraceEvent], *, numbered: bool) -> tuple[list[TraceEvent], int]:
    """Give each snapshot the totals of the heap map printed with it.

    Maps have no numbers: one that cannot be read, in a log whose lines have them, is left out and counted.

    Raises:
        TraceError: a map cannot be read, and lines have no numbers.
    """
    kept: list[TraceEvent] = []
    torn = 0
    for event in events:
        last = kept[-1] if kept else None
        if isinstance(event, HeapMap) and isinstance(last, Snapshot) and event.label == last.label and event.text:
            try:
                dump = parse_mem_info(event.text, event.label)
            except TraceError:
                if not numbered:
                    raise
                torn += 1
                continue
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
    return kept, torn
