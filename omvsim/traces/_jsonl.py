"""Reads and writes the trace format ``omvsim.trace``: JSON Lines, the header first, plain or gzip."""

from __future__ import annotations

import dataclasses
import gzip
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from omvsim.errors import TraceError
from omvsim.traces._lines import read_lines
from omvsim.traces._types import Trace, TraceEvent, TraceHeader
from omvsim.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pydantic import TypeAdapter, ValidationError


@lru_cache(maxsize=1)
def _adapters() -> tuple[TypeAdapter[TraceHeader], TypeAdapter[TraceEvent]]:
    from pydantic import Field, TypeAdapter  # noqa: PLC0415 - costs 0.2 s, needed for files of this format only

    return TypeAdapter(TraceHeader), TypeAdapter(Annotated[TraceEvent, Field(discriminator="ev")])


def parse_trace(source: str | Path, lines: Iterable[bytes]) -> Trace:
    """A trace from its lines. A last line that was cut off is dropped: the trace is incomplete then.

    Raises:
        TraceError: a line is not one of this format; the message names it.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    header_of, event_of = _adapters()
    header: TraceHeader | None = None
    events: list[TraceEvent] = []
    notes: tuple[str, ...] = ()
    pending = iter(lines)
    for number, line in enumerate(pending, 1):
        if not line.strip():
            continue
        try:
            if header is None:
                header = header_of.validate_json(line)
            else:
                events.append(event_of.validate_json(line))
        except ValidationError as error:
            if header is not None and not line.endswith(b"\n") and next(pending, None) is None:
                notes = (f"line {number} is cut off and was dropped",)
                break
            raise TraceError(source, f"line {number}: {_cause(error)}") from error
    if header is None:
        raise TraceError(source, "the file is empty")
    return Trace(str(source), header, tuple(events), notes)


def _cause(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "json_invalid":
        return "not JSON"
    return f"{where}: {first['msg'].lower()}" if where else first["msg"].lower()


def read_jsonl(path: str | Path) -> Trace:
    """Read a file of the format ``omvsim.trace``.

    Raises:
        TraceError: it cannot be read, or is not of this format.
    """
    return parse_trace(path, read_lines(path))


def trace_lines(trace: Trace) -> Iterator[str]:
    """The lines of a trace, without line ends; values that a field leaves at its default are not written."""
    yield json.dumps(_plain(trace.header), ensure_ascii=False)
    for event in trace.events:
        yield json.dumps(_plain(event), ensure_ascii=False)


def _plain(record: TraceHeader | TraceEvent) -> dict[str, object]:
    kept: dict[str, object] = {"ev": record.ev}
    if isinstance(record, TraceHeader):
        kept |= {"schema": record.schema, "version": record.version}
    for entry in dataclasses.fields(record):
        value = getattr(record, entry.name)
        if value != entry.default and entry.name not in kept:
            kept[entry.name] = _value(value)
    return kept


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


def write_trace(trace: Trace, path: str | Path) -> None:
    """Write a trace; a name that ends in ``.gz`` is packed without a time stamp (equal traces are equal files).

    Raises:
        InputError: the file cannot be written.
    """
    text = "".join(f"{line}\n" for line in trace_lines(trace)).encode()
    if str(path).endswith(".gz"):
        text = gzip.compress(text, mtime=0)
    write_bytes(path, text)
