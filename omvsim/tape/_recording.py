"""Taking a tape: a heap that writes down what it is asked, and who died in between."""

from __future__ import annotations

import gc as host_gc
from typing import TYPE_CHECKING, Any

from omvsim.heap import BLOCK, GcHeap, blocks_for
from omvsim.memory.questions import address_of
from omvsim.runs import END
from omvsim.tape._address import ChunkAddress
from omvsim.tape._tape import NO_CHUNK, Op, Operand, Outside, Tape, Where, pointers

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from omvsim.heap import Area
    from omvsim.memory.questions import Extent, Question
    from omvsim.memory.requests import Memory


class TapeRecorder:
    """Writes a tape (:class:`omvsim.memory.questions.Recorder`).

    A chunk dies in the host when its last reference goes, so it is enough to look at the dead before every event. Only
    what refers to itself waits for the host's collector: ``thorough`` runs that before every event, and ``late`` says
    that it would have been needed.
    """

    def __init__(self, memory: Memory, outside: Outside, *, thorough: bool) -> None:
        self.tape = Tape()
        self.memory = memory
        self.outside_answer = outside
        self.thorough = thorough
        self.late = False
        self.closed = False
        self.quiet = 0
        """Above 0: books are kept, and addresses compared, by nobody whom the script could ask."""
        self.largest = False
        """Whether the next request is for the longest free run."""
        self._sizes: list[int] = []
        self._longest: set[int] = set()
        """Chunks as large as the longest free run was."""
        self._dead: list[int] = []
        self._seen = 0
        self._dying: set[int] = set()
        self._kept: set[int] = set()
        self._pointing: list[int] = []
        self._ends: dict[int, int] = {}
        self._registered: set[int] = set()
        self._finalised: list[int] = []
        self._finalisers: list[int] = []
        self._went_out = self._timed = self._ended = False
        self._exposed: set[tuple[int, int]] = set()
        self._places: dict[Where, int] = {}

    # -- what the interpreter says ------------------------------------------------------------------------------

    def answered(self, question: Question[Hashable], chunks: Sequence[Extent], answer: Hashable) -> None:
        """The run goes on as ``answer`` says."""
        self._add(Op.ASK, question, tuple(self._operand(chunk) for chunk in chunks), answer)

    def _operand(self, extent: Extent) -> Operand:
        address = extent.address
        if not isinstance(address, ChunkAddress):
            return Operand(NO_CHUNK, extent.size, address)
        return Operand(address.chunk, None if address.chunk in self._longest else extent.size)

    def heard(self, address: ChunkAddress) -> None:
        """Somebody computes with an address."""
        key = address.chunk, int(address)
        if not self.quiet and not self.closed and key not in self._exposed:
            self._exposed.add(key)
            self._add(Op.ASK, address_of, (Operand(address.chunk, 0),), int(address))

    def points_behind(self, address: int) -> None:
        """The chunk there holds a pointer to its own end."""
        assert isinstance(address, ChunkAddress)
        chunk = address.chunk
        self._pointing.append(chunk)
        self._ends[int(address) + blocks_for(self._sizes[chunk]) * BLOCK] = chunk

    def largest_next(self) -> None:
        """The next request is for the longest free run."""
        self.largest = True

    def point(self, label: str) -> None:
        """The run is at a point with a name."""
        self._add(Op.POINT, label)
        self._ended = label == END

    def unrepeatable(self, why: str) -> None:
        """The course depends on something that no question puts in words."""
        self.tape.unrepeatable = why

    def outside(self, *, regions: bool) -> None:
        """The speed of memories counts, or regions outside the heap do; finalisers may have changed these."""
        if self.closed or self.quiet or self._ended:
            return
        if regions and (self._registered or not self._went_out):
            self._went_out = True
            self._add(Op.OUTSIDE, True, (self.outside_answer.regions, tuple(self._finalised)))
        elif not regions and not self._timed:
            self._timed = True
            self._add(Op.OUTSIDE, False, (self.outside_answer.memories, ()))

    # -- what the heap says -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """An event is about to come: who has died since the last one?"""
        if self.thorough:
            host_gc.collect()
        memory, event = self.memory, len(self.tape.events)
        if memory.dead is not self._dead:
            self._dead, self._seen = memory.dead, 0
        if len(memory.dead) > self._seen:
            self._died(event, memory.dead[self._seen :])
        self._seen = len(memory.dead)
        for end, chunk in memory.behind.items():
            if chunk is not None and _chunk_of(chunk.address) not in self._kept:
                self._kept.add(_chunk_of(chunk.address))
                self.tape.kept.append((event, _chunk_of(chunk.address), self._ends[end]))
        for address in memory.finalisers:
            if _chunk_of(address) not in self._registered:
                self._registered.add(_chunk_of(address))
                self._add(Op.FINALISER, _chunk_of(address))

    def _died(self, event: int, dead: Iterable[int]) -> None:
        for address in dead:
            chunk = _chunk_of(address)
            if chunk not in self._dying:
                self._dying.add(chunk)
                self.tape.deaths.append((event, chunk))

    def allocated(self, size: int, address: int | None, *, finaliser: bool) -> int | None:
        """A request for ``size`` bytes has ended; the address as the interpreter is to see it."""
        largest, self.largest = self.largest, False
        if address is None:
            if largest:
                self._add(Op.NO_LONGEST, finaliser)
            else:
                self._add(Op.REFUSED, size, finaliser)
            return None
        chunk = self.tape.chunks
        self.tape.chunks += 1
        self._sizes.append(size)
        if largest:
            self._longest.add(chunk)
            self._add(Op.LONGEST, finaliser, chunk)
        else:
            self._add(Op.ALLOC, size, finaliser, chunk)
        return ChunkAddress.of(address, chunk, self.heard)

    def freed(self, address: int) -> None:
        """A chunk was freed."""
        self._add(Op.FREE, _chunk_of(address))

    def resized(self, address: int, size: int, moved: int | None, *, allow_move: bool) -> int | None:
        """A chunk was resized, or not for lack of room."""
        chunk = _chunk_of(address)
        self._add(Op.NOT_RESIZED if moved is None else Op.RESIZE, chunk, size, allow_move)
        if moved is None:
            return None
        return address if moved == address else ChunkAddress.of(moved, chunk, self.heard)

    def collecting(self, *, explicit: bool) -> None:
        """A collection starts."""
        if explicit:
            self._add(Op.COLLECT)
        self.quiet += 1
        self._finalisers = sorted(self.memory.finalisers, key=int)

    def releasing(self, dead: Sequence[int]) -> None:
        """The collection frees these."""
        late = [address for address in dead if _chunk_of(address) not in self._dying]
        if late:
            self.late = True
            self._died(max(0, len(self.tape.events) - 1), late)

    def collected(self) -> None:
        """It is done."""
        self.quiet -= 1
        ran = [address for address in self._finalisers if address not in self.memory.finalisers]
        self._finalised += [_chunk_of(address) for address in ran]

    def set(self, name: str, value: object) -> None:
        """A setting of the collector."""
        self._add(Op.SET, name, value)

    def _add(self, op: Op, *rest: Any) -> None:
        place = self.memory.place
        where = Where(place.phase, place.line, place.function, self.memory.what)
        self.tape.where.append(self._places.setdefault(where, len(self._places)))
        self.tape.events.append((int(op), *rest))

    def close(self) -> Tape:
        """The tape, complete."""
        self.closed = True
        self.tape.places = list(self._places)
        self.tape.pointing = pointers(self.tape, self._pointing)
        return self.tape

    @property
    def pointing(self) -> int:
        """How many chunks held a pointer to their own end until now."""
        return len(self._pointing)


def _chunk_of(address: int) -> int:
    assert isinstance(address, ChunkAddress)
    return address.chunk


_SETTINGS = frozenset({"auto_collect", "threshold", "lock_depth"})


class RecordingHeap(GcHeap):
    """A heap that tells a recorder what it is asked, once it has one."""

    def __init__(self, areas: Iterable[tuple[int, int]]) -> None:
        self.recorder: TapeRecorder | None = None
        self._inside = 0
        """Above 0: the heap is at work for an event that is being written down."""
        super().__init__(areas)

    def _listener(self) -> TapeRecorder | None:
        recorder = self.recorder
        return None if recorder is None or recorder.closed or self._inside else recorder

    def alloc(self, size: int, *, finaliser: bool = False) -> int | None:
        """As :meth:`GcHeap.alloc`."""
        recorder = self._listener()
        if recorder is None:
            return super().alloc(size, finaliser=finaliser)
        recorder.begin()
        self._inside += 1
        address = super().alloc(size, finaliser=finaliser)
        self._inside -= 1
        if size <= 0 and not recorder.largest:
            return None  # nothing was asked for
        return recorder.allocated(size, address, finaliser=finaliser)

    def free(self, address: int | None) -> int:
        """As :meth:`GcHeap.free`."""
        recorder = self._listener()
        if recorder is not None and address is not None:
            recorder.begin()
            recorder.freed(address)
        return super().free(None if address is None else int(address))

    def realloc(self, address: int | None, size: int, *, allow_move: bool = True) -> int | None:
        """As :meth:`GcHeap.realloc`."""
        recorder = self._listener()
        if recorder is None or address is None or size == 0:
            return super().realloc(address, size, allow_move=allow_move)
        recorder.begin()
        self._inside += 1
        moved = super().realloc(int(address), size, allow_move=allow_move)
        self._inside -= 1
        return recorder.resized(address, size, moved, allow_move=allow_move)

    def collect(self) -> None:
        """As :meth:`GcHeap.collect`."""
        recorder = self.recorder
        if recorder is None or recorder.closed:
            super().collect()
            return
        if not self._inside:
            recorder.begin()
        recorder.collecting(explicit=not self._inside)
        self._inside += 1
        super().collect()
        self._inside -= 1
        recorder.collected()

    def release(self, dead: Iterable[int]) -> None:
        """As :meth:`GcHeap.release`."""
        gone = list(dead)
        if self.recorder is not None and not self.recorder.closed:
            self.recorder.releasing(gone)
        super().release([int(address) for address in gone])

    def area_of(self, address: int) -> Area | None:
        """As :meth:`GcHeap.area_of`."""
        return super().area_of(int(address))

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        recorder = self._listener() if name in _SETTINGS else None
        if recorder is not None:
            recorder.set(name, value)


__all__ = ["RecordingHeap", "TapeRecorder"]
