"""Feeds the recorded events of a heap trace to the simulated heap and counts what differs.

The trace says what the program asked for and what each collection found dead; the heap must come to the same
addresses by itself. Event format: one object a line, ``ev`` first (see ``docs/traces.md``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.heap._gc import GcHeap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim.heap._recorded import Recorded


@dataclass(slots=True)
class ReplayCounts:
    """What a replay compared. ``first_mismatch`` describes the earliest difference, None when there is none."""

    allocations: int = 0
    address_mismatches: int = 0
    infos: int = 0
    info_mismatches: int = 0
    chunk_lists: int = 0
    chunk_list_mismatches: int = 0
    first_mismatch: str | None = None

    @property
    def exact(self) -> bool:
        """Whether nothing differed."""
        return not (self.address_mismatches or self.info_mismatches or self.chunk_list_mismatches)


@dataclass(slots=True)
class GcReplay:
    """Replays one trace; feed it the events in order with :meth:`feed`.

    ``areas`` is the header's ``areas_arg``: (start, bytes) in the order ``gc_init``, ``gc_add`` …
    """

    areas: list[tuple[int, int]]
    counts: ReplayCounts = field(default_factory=ReplayCounts)
    heap: GcHeap = field(init=False)
    _dead: list[int] | None = None
    _elsewhere: dict[int, int] = field(default_factory=dict)
    """Our address of a chunk that the record has at another, by the recorded one."""

    def __post_init__(self) -> None:
        self.heap = GcHeap(self.areas, collector=self._sweep)
        self.heap.auto_collect = False  # collections are events of their own here

    def _sweep(self) -> None:
        self.heap.release(self._dead or ())

    def _differs(self, event: Recorded, ours: object) -> None:
        if self.counts.first_mismatch is None:
            self.counts.first_mismatch = f"event {event.get('i')} {event['ev']}: {dict(event)} but here {ours}"

    def feed(self, event: Recorded) -> None:
        """Apply one event; kinds the heap does not care about are passed over."""
        handler = _HANDLERS.get(event["ev"])
        if handler is not None:
            handler(self, event)

    def _alloc(self, event: Recorded) -> None:
        self.counts.allocations += 1
        if event.get("locked"):
            self.heap.lock_depth += 1
        ours = self.heap.alloc(event["n"], finaliser=bool(event.get("fin")))
        if event.get("locked"):
            self.heap.lock_depth -= 1
        self._compare_address(event, ours)

    def _compare_address(self, event: Recorded, ours: int | None) -> None:
        if ours == event["addr"]:
            return
        self.counts.address_mismatches += 1
        self._differs(event, None if ours is None else f"0x{ours:08x}")
        if ours is not None and event["addr"] is not None:
            self._elsewhere[event["addr"]] = ours

    def _chunk(self, event: Recorded, recorded: int | None) -> int | None:
        """Our chunk for a recorded address; None, and a mismatch, when there is no such chunk here."""
        ours = None if recorded is None else self._elsewhere.pop(recorded, recorded)
        if ours is not None and not self.heap.is_chunk(ours):
            self.counts.address_mismatches += 1
            self._differs(event, "no such chunk")
            return None
        return ours

    def _free(self, event: Recorded) -> None:
        if not event.get("ignored"):
            self.heap.free(self._chunk(event, event["addr"]))

    def _realloc(self, event: Recorded) -> None:
        if event["how"] in ("move", "fail", "locked"):
            return  # its alloc and free lines came before it; a locked or failed one changes nothing
        chunk = self._chunk(event, event["in"])
        if chunk is not None:
            self._compare_address(event, self.heap.realloc(chunk, event["n"], allow_move=False))

    def _collect_start(self, _: Recorded) -> None:
        self._dead = []

    def _found_dead(self, event: Recorded) -> None:
        chunk = self._chunk(event, event["addr"])
        if self._dead is not None and chunk is not None:
            self._dead.append(chunk)

    def _collect_end(self, event: Recorded) -> None:
        self.heap.collect()
        self._dead = None
        self._compare_info(event, ("used", "free", "max_free"))

    def _info(self, event: Recorded) -> None:
        self._compare_info(event, ("total", "used", "free", "max_free", "max_block", "num_1block", "num_2block"))

    def _compare_info(self, event: Recorded, fields: Iterable[str]) -> None:
        self.counts.infos += 1
        ours = self.heap.info()
        given: Mapping[str, object] = event
        if any(name in given and given[name] != getattr(ours, name) for name in fields):
            self.counts.info_mismatches += 1
            self._differs(event, ours)

    def _chunks(self, event: Recorded) -> None:
        self.counts.chunk_lists += 1
        ours = [
            [area.address_of(block), count, int(area.address_of(block) in self.heap.finalisers)]
            for area in self.heap.areas
            for block, count in area.chunks()
        ]
        if ours != [list(chunk) for chunk in event["chunks"]]:
            self.counts.chunk_list_mismatches += 1
            self._differs(event, f"{len(ours)} chunks")


_HANDLERS = {
    "alloc": GcReplay._alloc,
    "free": GcReplay._free,
    "realloc": GcReplay._realloc,
    "collect_start": GcReplay._collect_start,
    "sweep": GcReplay._found_dead,
    "collect_end": GcReplay._collect_end,
    "info": GcReplay._info,
    "chunks": GcReplay._chunks,
}
