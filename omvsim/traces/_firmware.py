"""The traces of an instrumented firmware as :class:`Trace`, with the raw allocator events kept beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from omvsim.boards import FrameBufferKind, known_release, known_releases
from omvsim.errors import TraceError
from omvsim.traces._firmware_events import gc_areas, read_events
from omvsim.traces._types import (
    BIG,
    Allocation,
    AreaUse,
    Crash,
    End,
    Loaded,
    MemoryArea,
    ModelIdentity,
    Raised,
    Snapshot,
    Trace,
    TraceHeader,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omvsim.heap import Recorded
    from omvsim.traces._types import TraceEvent

_RAM_SIZE = re.compile(r"ram_size: (\d+), ram_addr: (0x[0-9a-f]+)")
_DATA = re.compile(r"model_addr: (0x[0-9a-f]+)")
_UNCAUGHT = re.compile(r"Traceback \(most recent call last\):\n(?:  .*\n)+(.*)\n+\[\[END\]\]")
"""A traceback at the very end of the output: what ended the script."""
_MAYBE = 0x100
"""Flag of a pool request that may fail without an exception (``UMA_MAYBE``)."""
_SCRIPT_END = "[[END]]"
_LAST_LABEL = "end"


@dataclass(frozen=True, slots=True)
class FirmwareTrace:
    """``trace`` is what a script could have seen; ``raw`` are all events, ``positions`` where each of the former is."""

    trace: Trace
    raw: Sequence[Recorded]
    positions: tuple[int, ...]


def read_firmware_trace(path: str | Path) -> FirmwareTrace:
    """Read a trace of allocator events.

    Raises:
        TraceError: it is cut off, out of order, or no such trace.
    """
    raw = [line.event for line in read_events(path)]
    head = raw[0]
    stdout = str(head.get("stdout", ""))
    header = _header(path, head)
    events: list[TraceEvent] = []
    positions: list[int] = []
    for position, event in enumerate(raw):
        seen = _seen(event)
        if seen is not None:
            events.append(seen)
            positions.append(position)
    ending = _UNCAUGHT.search(stdout)
    if ending is not None:
        events.append(Raised(ending[1]))
        positions.append(len(raw))
    if not any(isinstance(event, Loaded) for event in events):
        _add_printed_model(stdout, raw, events, positions)
    finished = (
        _SCRIPT_END in stdout and raw[-1].get("label") == _LAST_LABEL
    )  # the header has the output of the whole run
    if finished and not (events and isinstance(events[-1], Crash)):
        events.append(End())
        positions.append(len(raw))
    return FirmwareTrace(Trace(str(path), header, tuple(events)), raw, tuple(positions))


def _unnamed(*, pools: bool) -> str:
    """The release of a trace that does not say it: the first one with UMA pools, or the last one before."""
    known = known_releases()
    first = next(at for at, name in enumerate(known) if known_release(name).frame_buffer is FrameBufferKind.UMA)
    return known[first if pools else first - 1]


def _header(path: str | Path, head: Recorded) -> TraceHeader:
    mode = head.get("mode", "rom")
    load = mode if mode in ("file", "fb") else "rom"
    names = [head["model"]] if "model" in head else head.get("models", [])
    if not all(isinstance(name, str) for name in names):
        raise TraceError(path, "line 1: the header names its models by something that is not text")
    pools = head.get("uma_blocks", head.get("uma_arg")) or ()
    firmware = str(head.get("version") or _unnamed(pools="uma_blocks" in head)).removeprefix("v")
    return TraceHeader(
        origin="firmware",
        firmware=firmware,
        board="openmv-rt1062-qemu",
        areas=tuple(MemoryArea(start, size) for start, size in gc_areas(path, head)),
        pools=tuple(_pool(path, entry) for entry in pools),
        models=tuple(ModelIdentity(name) for name in names),
        load=cast('Literal["rom", "file", "fb"]', load),
        script=head.get("script"),
    )


def _pool(path: str | Path, entry: object) -> MemoryArea:
    try:
        origin, length, flags = cast("Sequence[int]", entry)  # what is none of these is refused by its use
        return MemoryArea(int(origin, 0) if isinstance(origin, str) else origin, length, flags)
    except (TypeError, ValueError) as error:
        raise TraceError(path, f"line 1: {entry!r} is not a pool [start, bytes, flags]") from error


def _seen(event: Recorded) -> TraceEvent | None:
    kind = event["ev"]
    if kind == "alloc":
        return Allocation(event["n"], event["addr"]) if event["n"] >= BIG else None
    if kind == "uma" and event["op"] in ("malloc", "malign") and event["size"] >= BIG:
        if event["addr"] is None and event["flags"] & _MAYBE:
            return None  # a try that may fail: nobody notices
        return Allocation(event["size"], event["addr"], event.get("caller"))
    if kind == "info":
        return snapshot_of(event)
    if kind == "exception":
        return Raised(str(event["text"]))
    if kind == "kv" and event.get("key") == "model.ram":
        return Loaded(int(event["value"]))
    if kind == "hardfault":
        return Crash("HardFault")
    return None


def snapshot_of(event: Recorded) -> Snapshot:
    """An ``info`` event as a snapshot."""
    areas = tuple(AreaUse(area["used_blocks"], area["max_free_blocks"]) for area in event.get("areas", ()))
    return Snapshot(
        label=str(event.get("label", "")),
        used=event["used"],
        free=event["free"],
        max_free=event["max_free"],
        max_block=event.get("max_block"),
        num_1block=event.get("num_1block"),
        num_2block=event.get("num_2block"),
        areas=areas,
    )


def _add_printed_model(stdout: str, raw: Sequence[Recorded], events: list[TraceEvent], positions: list[int]) -> None:
    """``print(model)`` in the script's output, put behind the allocation of the arena it names."""
    model = printed_model(stdout)
    if model is None:
        return
    for index, position in enumerate(positions):
        event = raw[position]
        if event["ev"] == "alloc" and (event["n"], event["addr"]) == (model.ram, model.arena_address):
            events.insert(index + 1, model)
            positions.insert(index + 1, position)
            return


def printed_model(stdout: str) -> Loaded | None:
    """The first ``print(model)`` in a script's output."""
    printed = _RAM_SIZE.search(stdout)
    data = _DATA.search(stdout)
    if printed is None:
        return None
    return Loaded(int(printed[1]), int(printed[2], 16), int(data[1], 16) if data else None)


__all__ = ["FirmwareTrace", "printed_model", "read_firmware_trace", "snapshot_of"]
