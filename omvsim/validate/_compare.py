"""Recorded against predicted, point by point."""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeVar

from omvsim.traces import Allocation, Crash, Loaded, Raised, Snapshot, Timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from omvsim.traces import MemoryArea, TraceEvent, TraceHeader

    _Areas = Sequence[tuple[str, MemoryArea]]

BLOCK = 16
NO_EXCEPTION = "no exception"
_Event = TypeVar("_Event")


class Quantity(enum.StrEnum):
    """What is compared. The order is that of the table."""

    EXCEPTION = "exception text"
    MODEL_RAM = "model.ram"
    BIG_SIZE = "large allocation: bytes"
    BIG_AREA = "large allocation: area"
    BIG_ADDRESS = "large allocation: address"
    USED = "bytes used (gc.mem_alloc)"
    LONGEST_FREE = "longest free run, bytes"
    REQUESTS = "every request in order: bytes and address"
    CHUNKS = "largest chunk, 1- and 2-block chunks"
    TIME = "time, µs"
    ARENA = "tensor arena, bytes"
    REPLAYED_ADDRESS = "address of a replayed request"
    REPLAYED_HEAP = "heap state after replayed requests"

    @property
    def is_size(self) -> bool:
        """Whether a relative error makes sense."""
        return self not in _TEXTS


_TEXTS = (
    Quantity.EXCEPTION,
    Quantity.BIG_AREA,
    Quantity.BIG_ADDRESS,
    Quantity.REQUESTS,
    Quantity.REPLAYED_ADDRESS,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One compared value; None on one side: only the other has it."""

    trace: str
    quantity: Quantity
    where: str
    recorded: int | str | None
    predicted: int | str | None
    count: int = 1
    """For how many values it stands: requests come by the thousand."""

    @property
    def exact(self) -> bool:
        """Whether both sides agree."""
        return self.recorded == self.predicted

    @property
    def error(self) -> int | None:
        """Predicted minus recorded; None for texts and where one side has nothing."""
        if isinstance(self.recorded, int) and isinstance(self.predicted, int) and self.quantity.is_size:
            return self.predicted - self.recorded
        return None

    @property
    def relative(self) -> float | None:
        """The error as a share of the recorded value."""
        error = self.error
        if error is None or not isinstance(self.recorded, int):
            return None
        return error / self.recorded if self.recorded else (0.0 if error == 0 else float("inf"))

    @property
    def under(self) -> bool:
        """Whether the prediction promises more room than there was: too few bytes used, or too many free."""
        error = self.error or 0
        return error > 0 if self.quantity is Quantity.LONGEST_FREE else error < 0


def compare(
    name: str,
    recorded: Sequence[TraceEvent],
    predicted: Sequence[TraceEvent],
    header: TraceHeader,
    *,
    complete: bool = True,
) -> tuple[list[Point], list[str]]:
    """Points of one trace, and the labels of recorded snapshots that the prediction does not have.

    Of an incomplete trace only what was recorded is compared: nobody knows how it went on.
    """
    areas = [(f"gc[{index}]", area) for index, area in enumerate(header.areas)]
    areas += [(f"uma[{index}]", pool) for index, pool in enumerate(header.pools)]
    points = [
        *_exceptions(name, recorded, predicted),
        *_models(name, recorded, predicted),
        *(_allocations(name, recorded, predicted, areas) if header.origin == "firmware" else ()),
    ]
    shots, missing = _snapshots(name, recorded, predicted)
    points = [*points, *shots, *_times(name, recorded, predicted)]
    if not complete:
        points = [point for point in points if point.recorded not in (None, NO_EXCEPTION)]
    return points, missing


def _of(kind: type[_Event], events: Iterable[TraceEvent]) -> list[_Event]:
    return [event for event in events if isinstance(event, kind)]


def _pairs(
    recorded: Sequence[_Event], predicted: Sequence[_Event]
) -> Iterator[tuple[int, _Event | None, _Event | None]]:
    for index in range(max(len(recorded), len(predicted))):
        yield (
            index,
            recorded[index] if index < len(recorded) else None,
            predicted[index] if index < len(predicted) else None,
        )


def _exceptions(name: str, recorded: Sequence[TraceEvent], predicted: Sequence[TraceEvent]) -> Iterator[Point]:
    """Texts in order; a crash counts as one, whatever its words. A run without any is a point as well."""

    def texts(events: Sequence[TraceEvent]) -> list[str]:
        found = [event for event in events if isinstance(event, Raised | Crash)]
        return [event.text if isinstance(event, Raised) else "HardFault" for event in found] or [NO_EXCEPTION]

    for index, ours, theirs in _pairs(texts(recorded), texts(predicted)):
        yield Point(name, Quantity.EXCEPTION, f"exception {index + 1}", ours, theirs)


def _models(name: str, recorded: Sequence[TraceEvent], predicted: Sequence[TraceEvent]) -> Iterator[Point]:
    seen = _of(Loaded, recorded)  # not every script prints model.ram
    for index, ours, theirs in _pairs(seen, _of(Loaded, predicted) if seen else []):
        yield Point(
            name, Quantity.MODEL_RAM, f"model {index + 1}", getattr(ours, "ram", None), getattr(theirs, "ram", None)
        )


def _allocations(
    name: str, recorded: Sequence[TraceEvent], predicted: Sequence[TraceEvent], areas: _Areas
) -> Iterator[Point]:
    """Large allocations in order; what only one side asked for is a miss of its own and shifts nothing else."""
    ours, theirs = _of(Allocation, recorded), _of(Allocation, predicted)
    matcher = SequenceMatcher(None, [e.bytes for e in ours], [e.bytes for e in theirs], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for _, one, other in _pairs(ours[i1:i2], theirs[j1:j2]):
            owners = [event.owner for event in (other, one) if event is not None and event.owner]
            sizes = [event.bytes for event in (one, other) if event is not None]
            where = f"{owners[0] if owners else 'allocation'} of {sizes[0]}"
            yield Point(name, Quantity.BIG_SIZE, where, getattr(one, "bytes", None), getattr(other, "bytes", None))
            if tag == "equal" and one is not None and other is not None:
                yield Point(name, Quantity.BIG_AREA, where, _area(one.address, areas), _area(other.address, areas))
                yield Point(name, Quantity.BIG_ADDRESS, where, _hex(one.address), _hex(other.address))


def _area(address: int | None, areas: _Areas) -> str:
    if address is None:
        return "refused"
    names = (name for name, area in areas if area.origin <= address < area.origin + area.length)
    return next(names, "elsewhere")


def _hex(address: int | None) -> str:
    return "refused" if address is None else f"0x{address:08x}"


def _snapshots(
    name: str, recorded: Sequence[TraceEvent], predicted: Sequence[TraceEvent]
) -> tuple[list[Point], list[str]]:
    ours, theirs = _numbered(recorded), _numbered(predicted)
    points: list[Point] = []
    for key, one in ours.items():
        other = theirs.get(key)
        if other is None:
            continue
        where = key[0] if key[1] == 0 else f"{key[0]} #{key[1] + 1}"
        points.append(Point(name, Quantity.USED, where, one.used, other.used))
        if one.max_free is not None and other.max_free is not None:
            points.append(Point(name, Quantity.LONGEST_FREE, where, one.max_free * BLOCK, other.max_free * BLOCK))
        for field in ("max_block", "num_1block", "num_2block"):
            values = getattr(one, field), getattr(other, field)
            if None not in values:
                points.append(Point(name, Quantity.CHUNKS, f"{where}: {field}", *values))
    return points, [label for label, number in ours if (label, number) not in theirs]


def _numbered(events: Sequence[TraceEvent]) -> dict[tuple[str, int], Snapshot]:
    """Snapshots by label and how often the label came before."""
    counts: dict[str, int] = defaultdict(int)
    found: dict[tuple[str, int], Snapshot] = {}
    for shot in _of(Snapshot, events):
        found[shot.label, counts[shot.label]] = shot
        counts[shot.label] += 1
    return found


def _times(name: str, recorded: Sequence[TraceEvent], predicted: Sequence[TraceEvent]) -> Iterator[Point]:
    theirs = {event.what: event.us for event in _of(Timing, predicted)}
    for event in _of(Timing, recorded):
        if event.what in theirs:
            yield Point(name, Quantity.TIME, event.what, event.us, theirs[event.what])


__all__ = ["Point", "Quantity", "compare"]
