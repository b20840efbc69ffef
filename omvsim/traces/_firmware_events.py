"""Reads recorded allocator events (JSON Lines, plain or gzip) and replays them on the simulated allocators.

The format is described in ``docs/traces.md``. A file is read as a stream, and every field the replay needs is checked
where it is read, so that a file that is cut off, shuffled or something else altogether ends in one line that names it.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeGuard, cast

from omvsim.errors import TraceError
from omvsim.heap import GcReplay, ReplayCounts, UmaCounts, UmaReplay
from omvsim.traces._lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from omvsim.heap import Recorded

_ADDRESSES = 2**32


def _number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < _ADDRESSES


def _number_or_null(value: object) -> bool:
    return value is None or _number(value)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _rows(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == 3 and all(map(_number, row)) for row in value
    )


def _areas_used(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(area, dict) and _number(area.get("used_blocks")) and _number(area.get("max_free_blocks"))
        for area in value
    )


_POOL_TOTALS = dict.fromkeys(("pool_free", "pool_peak", "pool_persist", "pool_alloc_max"), _number)
_FIELDS: dict[str, dict[str, Callable[[object], bool]]] = {
    "alloc": {"n": _number, "addr": _number_or_null},
    "free": {"addr": _number_or_null},
    "realloc": {"in": _number_or_null, "n": _number, "addr": _number_or_null, "how": _text},
    "sweep": {"addr": _number},
    "collect_end": {"used": _number, "free": _number, "max_free": _number},
    "info": {"total": _number, "used": _number, "free": _number, "max_free": _number},
    "chunks": {"chunks": _rows},
    "uma_pool": dict.fromkeys(("idx", "base", "end", "bytes", "usable", "flags", "alloc_size_max"), _number),
    "uma_collect": {"pool": lambda value: value == -1 or _number(value), "freed": _number, "pool_free": _number},
    "uma_walk": {"pool": _number, "blocks": _rows, **_POOL_TOTALS},
    "uma": {"op": _text},
}
_UMA_FIELDS: dict[str, dict[str, Callable[[object], bool]]] = {
    "malloc": {"size": _number, "flags": _number, "addr": _number_or_null},
    "malign": {"size": _number, "align": _number, "flags": _number, "addr": _number_or_null},
    "realloc": {"in": _number, "size": _number, "flags": _number, "addr": _number_or_null},
    "free": {"in": _number, "in_block": _number, **_POOL_TOTALS},
    "avail": {"flags": _number},
}
"""What the replay reads of each event, by its kind and, for calls of the pool allocator, by operation."""
_OPTIONAL: dict[str, dict[str, Callable[[object], bool]]] = {
    "info": {"areas": _areas_used, **dict.fromkeys(("max_block", "num_1block", "num_2block"), _number_or_null)}
}
"""What is read where it is there."""


class TraceLine(NamedTuple):
    """An event and the line of the file it stands in, from 1."""

    number: int
    event: Recorded


@dataclass(frozen=True, slots=True)
class TraceReplay:
    """What a replay compared. ``uma`` is None for a trace without pool events."""

    path: str
    header: Recorded
    gc: ReplayCounts
    uma: UmaCounts | None

    @property
    def allocations(self) -> int:
        """Requests whose address was compared, of the GC heap and of the pools."""
        return self.gc.allocations + (0 if self.uma is None else self.uma.allocations)

    @property
    def address_mismatches(self) -> int:
        """Requests that came to another address than recorded."""
        return self.gc.address_mismatches + (0 if self.uma is None else self.uma.address_mismatches)

    @property
    def info_mismatches(self) -> int:
        """Recorded states (totals, free runs, chunk lists, pool walks) that the simulated allocators do not show."""
        pools = 0 if self.uma is None else self.uma.mismatches - self.uma.address_mismatches
        return self.gc.info_mismatches + self.gc.chunk_list_mismatches + pools

    @property
    def exact(self) -> bool:
        """Whether nothing differed."""
        return not (self.address_mismatches or self.info_mismatches)

    @property
    def first_mismatch(self) -> str | None:
        """The earliest difference in words, None when there is none."""
        return self.gc.first_mismatch or (self.uma.examples[0] if self.uma is not None and self.uma.examples else None)


def replay_trace(path: str | Path) -> TraceReplay:
    """Feed a recorded trace to the simulated GC heap and pools.

    Raises:
        TraceError: the file is no such trace, is cut off or out of order; the message names the line.
    """
    lines = read_events(path)
    header = next(lines).event
    areas = gc_areas(path, header)
    try:
        gc = GcReplay(areas) if areas else None
    except ValueError as error:
        raise _fault(path, 1, str(error)) from error
    uma: UmaReplay | None = None
    for number, event in lines:
        try:
            if event["ev"].startswith("uma"):
                if uma is None:
                    uma = UmaReplay()
                    uma.feed(header)
                uma.feed(event)
            elif gc is not None:
                gc.feed(event)
        except TraceError as error:
            raise _fault(path, number, error.cause) from error
        except ValueError as error:  # how the allocators say that a request makes no sense on them
            raise _fault(path, number, str(error)) from error
    counts = ReplayCounts() if gc is None else gc.counts
    return TraceReplay(str(path), header, counts, None if uma is None else uma.finish())


def read_events(path: str | Path) -> Iterator[TraceLine]:
    """The lines of a trace, the header first.

    Raises:
        TraceError: while reading, at the first line that cannot be one of a whole trace.
    """
    expected: int | None = None
    number = 0
    for number, text in enumerate(read_lines(path), 1):
        event = _parse(path, number, text)
        if number == 1:
            if event["ev"] != "header":
                raise _fault(path, number, "a trace of allocator events starts with a header line")
        else:
            _check_fields(path, number, event)
            if "i" in event:
                if event["i"] != (expected or 0):
                    cause = f"event {event['i']} where event {expected or 0} belongs: lines are missing or out of order"
                    raise _fault(path, number, cause)
                expected = event["i"] + 1
        yield TraceLine(number, event)
    if number == 0:
        raise TraceError(path, "the file is empty")
    if number == 1:
        raise TraceError(path, "nothing follows the header: the trace is cut off")


def gc_areas(path: str | Path, header: Recorded) -> list[tuple[int, int]]:
    """(start, bytes) of every GC area in the order they were added; none where only pools were traced.

    Raises:
        TraceError: the header has neither, or areas that overlap or lie outside 32 bits.
    """
    given = header.get("areas_arg", header.get("gc_areas"))
    if given is None and "uma_blocks" in header:
        return []
    if not isinstance(given, list) or not given:
        raise _fault(path, 1, "the header has no areas (areas_arg or gc_areas): not a trace of allocator events")
    areas = [_area(path, entry) for entry in given]
    ordered = sorted(areas)
    for (start, size), (following, _) in itertools.pairwise(ordered):
        if start + size > following:
            raise _fault(path, 1, f"the areas at 0x{start:08x} and 0x{following:08x} overlap")
    return areas


def _area(path: str | Path, entry: object) -> tuple[int, int]:
    try:
        start, size = (int(value, 0) if isinstance(value, str) else value for value in _of_two(entry))
    except (TypeError, ValueError) as error:
        raise _fault(path, 1, f"{entry!r} is not an area [start, bytes]") from error
    if not (_number(start) and _number(size) and start + size <= _ADDRESSES and size > 0):
        raise _fault(path, 1, f"{entry!r} is not an area [start, bytes] within 32 bits")
    return start, size


def _of_two(entry: object) -> tuple[object, object]:
    """
    Raises:
        ValueError: it is not a list of two.
    """
    if not isinstance(entry, list) or len(entry) != 2:
        raise ValueError(entry)
    return entry[0], entry[1]


def _parse(path: str | Path, number: int, text: bytes) -> Recorded:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        cause = "cut off in the middle" if text.startswith(b"{") and not text.endswith(b"\n") else "not JSON"
        raise _fault(path, number, cause) from error
    if not isinstance(event, dict) or not isinstance(event.get("ev"), str):
        raise _fault(path, number, "not an event (a JSON object with a key ev)")
    return cast("Recorded", event)  # the fields of its kind are looked at next


def _check_fields(path: str | Path, number: int, event: Recorded) -> None:
    kind = event["ev"]
    fields = _FIELDS.get(kind)
    if fields is None:
        return
    given: Mapping[str, object] = event
    for name, fits in fields.items():
        if name not in given or not fits(given[name]):
            raise _fault(path, number, f"{kind} event without a usable {name!r}")
    for name, fits in _OPTIONAL.get(kind, {}).items():
        if name in given and not fits(given[name]):
            raise _fault(path, number, f"{kind} event without a usable {name!r}")
    if kind == "uma":
        for name, fits in _UMA_FIELDS.get(event["op"], {}).items():
            if name not in given or not fits(given[name]):
                raise _fault(path, number, f"uma event ({event['op']}) without a usable {name!r}")
        if event["op"] not in _UMA_FIELDS:
            raise _fault(path, number, f"uma event with the unknown operation {event['op']!r}")


def _fault(path: str | Path, number: int, cause: str) -> TraceError:
    return TraceError(path, f"line {number}: {cause}")
