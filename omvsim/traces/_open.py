"""Opens a trace of any known format: the format is told by the content, not by the name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from omvsim.errors import TraceError
from omvsim.traces._firmware import FirmwareTrace, read_firmware_trace
from omvsim.traces._jsonl import read_jsonl
from omvsim.traces._lines import read_lines
from omvsim.traces._mem_info import HEAP_MAP_START, decode, read_mem_info
from omvsim.traces._serial_log import LINE_MARK, read_serial_log
from omvsim.traces._types import SCHEMA, SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.traces._types import Trace

_LOOK_AHEAD = 200


def open_trace(path: str | Path) -> Trace | FirmwareTrace:
    """Read a trace: this project's format, a firmware's allocator events, a serial log, or a printed heap map.

    Raises:
        TraceError: it cannot be read, or is none of these; the message says why in one line.
    """
    lines = read_lines(path)
    head = [line for _, line in zip(range(_LOOK_AHEAD), lines, strict=False)]
    if not head:
        raise TraceError(path, "the file is empty")
    first = _object(head[0])
    if first is not None and first.get("schema") == SCHEMA:
        if first.get("version") != SCHEMA_VERSION:
            raise TraceError(path, f"version {first.get('version')!r} of {SCHEMA}; this omvsim reads {SCHEMA_VERSION}")
        return read_jsonl(path)
    if first is not None and first.get("ev") == "header":
        return read_firmware_trace(path)
    if first is not None and "ev" in first:
        raise TraceError(path, "line 1: an event where the header belongs: lines are missing or out of order")
    mark = LINE_MARK.decode()
    if mark in decode(head):
        return read_serial_log(path)
    if any(HEAP_MAP_START in line for line in head):
        return read_mem_info(path)
    if mark in decode([head[0], *lines]):  # much was printed before
        return read_serial_log(path)
    if first is not None:
        raise TraceError(path, "not a trace: its first line is JSON, but no header of one")
    raise TraceError(path, f"not a trace: no JSON header, no heap map and no line with {LINE_MARK.decode()!r}")


def _object(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
