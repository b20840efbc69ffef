"""Playing a tape on another heap: the same requests, its own addresses, up to the first answer that differs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from omvsim.errors import OmvsimError
from omvsim.heap import BLOCK, blocks_for
from omvsim.memory.questions import Extent
from omvsim.runs import START
from omvsim.tape._tape import NO_CHUNK, Diverged, Op, Operand, Outside, Pointing, Tape

if TYPE_CHECKING:
    from collections.abc import Hashable

    from omvsim.heap import GcHeap


class Refused(NamedTuple):
    """A request that found no room: which event, the longest free run and all that was free then, in bytes."""

    event: int
    size: int
    longest_free: int
    free: int


class Collected(NamedTuple):
    """A collection: the event that it ran in, bytes in use before and after it."""

    event: int
    before: int
    after: int
    automatic: bool


class Point(NamedTuple):
    """The heap at a point with a name, in bytes."""

    label: str
    used: int
    free: int
    longest_free: int


@dataclass(slots=True)
class Heard:
    """What a heap did with a tape."""

    refused: list[Refused] = field(default_factory=list)
    collections: list[Collected] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    used_at_start: int | None = None
    """Bytes in use when the script's first line ran; None where it never came to that."""
    high_water: int = 0
    """Most bytes in use since power-up."""


class _OtherLives(OmvsimError):
    """A chunk is kept by a pointer to its start that was not kept on the tape, or the other way round."""

    def __init__(self, event: int, chunk: int, keeper: int) -> None:
        super().__init__(event)
        self.diverged = Diverged(event, (chunk, keeper), restart=True)


_ALLOC: Final = int(Op.ALLOC)
_FREE: Final = int(Op.FREE)
_RESIZE: Final = int(Op.RESIZE)
_MAY_FIND = {int(Op.REFUSED), int(Op.NOT_RESIZED), int(Op.NO_LONGEST)}


class Player:
    """One heap on which tapes are played.

    Args:
        heap: one that nothing was asked for yet.
        outside: what a script can notice beside the heap (:func:`omvsim.tape.outside`).
    """

    def __init__(self, heap: GcHeap, outside: Outside) -> None:
        self.heap = heap
        heap.collector = self._collector
        self.outside = outside
        self.heard = Heard()
        self.addresses: list[int] = []
        """Of each chunk, by its number; where it was last if it is gone."""
        self.longest: dict[int, int] = {}
        """Bytes of the chunks that were as large as the longest free run."""
        self._tape = Tape()
        self._next = 0
        self._at = 0
        """The event that runs."""
        self._given: int | None = None
        """What the heap gave at the event where the last tape was left."""
        self._deaths = self._kept = 0
        """How many of the tape's have been looked at."""
        self._garbage: list[int] = []
        self._registered: set[int] = set()
        self._finalised: list[int] = []
        self._explicit = False

    def on(self, heap: GcHeap, outside: Outside) -> Player:
        """Another player that goes on from here on another heap, which is in the same state."""
        other = Player(heap, outside)
        other.heard = replace(
            self.heard,
            refused=list(self.heard.refused),
            collections=list(self.heard.collections),
            points=list(self.heard.points),
        )
        other.addresses, other.longest = list(self.addresses), dict(self.longest)
        other._tape, other._next = self._tape, self._next
        other._deaths, other._kept = self._deaths, self._kept
        other._garbage, other._finalised = list(self._garbage), list(self._finalised)
        other._registered = set(self._registered)
        return other

    def play(self, tape: Tape) -> Diverged | None:
        """Go on with a tape where the last one was left; None: it was played to its end.

        The course of both has to be the same up to there.
        """
        before, self._tape = self._tape, tape
        if not self._same_lives(before, tape):
            return Diverged(self._next, "lives", restart=True)
        self.addresses += [0] * (tape.chunks - len(self.addresses))
        if self._next:
            self._settle(tape.events[self._next - 1])
        try:
            return self._play(tape.events)
        except _OtherLives as other:
            return other.diverged

    def _same_lives(self, before: Tape, tape: Tape) -> bool:
        """Whether what was looked at of the last tape's lives is the same on this one."""
        deaths, kept = self._deaths, self._kept
        return before.deaths[:deaths] == tape.deaths[:deaths] and before.kept[:kept] == tape.kept[:kept]

    def _settle(self, event: tuple[Any, ...]) -> None:
        """The last event has run on the heap already: keep what it gave under the new tape's number."""
        if self._given is None:
            return
        if event[0] == _ALLOC:
            self.addresses[event[3]] = self._given
        elif event[0] == _RESIZE:
            self.addresses[event[1]] = self._given
        self._given = None

    def _play(self, events: list[tuple[Any, ...]]) -> Diverged | None:
        heap, addresses, free = self.heap, self.addresses, self.heap.free
        alloc = heap.alloc
        for at in range(self._next, len(events)):
            event = events[at]
            op = event[0]
            self._at = at
            if op == _ALLOC:
                address = alloc(event[1], finaliser=event[2])
                if address is None:
                    self._refused(event[1])
                    return self._left(at, False)
                addresses[event[3]] = address
            elif op == _FREE:
                self._note_use()
                free(addresses[event[1]])
            elif op == _RESIZE:
                self._note_use()
                address = heap.realloc(addresses[event[1]], event[2], allow_move=event[3])
                if address is None:
                    if event[3]:
                        self._refused(event[2])
                    return self._left(at, False)
                addresses[event[1]] = address
            else:
                diverged = self._seldom(at, event)
                if diverged is not None:
                    return diverged
        self._next = len(events)
        return None

    def _left(self, at: int, answer: Hashable) -> Diverged:
        self._next = at + 1
        return Diverged(at, answer)

    # -- events that are seldom ---------------------------------------------------------------------------------

    def _seldom(self, at: int, event: tuple[Any, ...]) -> Diverged | None:
        op, heap = event[0], self.heap
        if op == Op.ASK:
            _, question, operands, expected = event
            answer = question(heap, [self._extent(operand) for operand in operands])
            return None if answer == expected else self._left(at, answer)
        if op == Op.OUTSIDE:
            seen = (self.outside.regions, tuple(self._finalised)) if event[1] else (self.outside.memories, ())
            return None if seen == event[2] else self._left(at, seen)
        if op in _MAY_FIND:
            return self._unlikely(at, event)
        if op == Op.LONGEST:
            return self._longest(at, event[1], event[2])
        if op == Op.COLLECT:
            self._explicit = True
            heap.collect()
            self._explicit = False
        elif op == Op.SET:
            setattr(heap, event[1], event[2])
        elif op == Op.FINALISER:
            self._registered.add(event[1])
        else:
            self._point(event[1])
        return None

    def _extent(self, operand: Operand) -> Extent:
        chunk, size, address = operand
        if chunk == NO_CHUNK:
            return Extent(address, size or 0)
        return Extent(self.addresses[chunk], self.longest[chunk] if size is None else size)

    def _longest(self, at: int, finaliser: bool, chunk: int) -> Diverged | None:
        size = self.heap.max_free() * BLOCK
        address = self.heap.alloc(size, finaliser=finaliser)
        if address is None:
            if size:
                self._refused(size)
            return self._left(at, False)
        self.addresses[chunk], self.longest[chunk] = address, size
        return None

    def _unlikely(self, at: int, event: tuple[Any, ...]) -> Diverged | None:
        """A request that found no room on the tape."""
        heap, op = self.heap, event[0]
        if op == Op.NOT_RESIZED:
            self._note_use()
            size, told = event[2], event[3]
            given = heap.realloc(self.addresses[event[1]], size, allow_move=event[3])
        else:
            size = heap.max_free() * BLOCK if op == Op.NO_LONGEST else event[1]
            told = size > 0
            given = heap.alloc(size, finaliser=event[-1])
        if given is None:
            if told:
                self._refused(size)
            return None
        if op == Op.NO_LONGEST:
            return Diverged(at, True, restart=True)
        self._given = given
        return self._left(at, True)

    def _point(self, label: str) -> None:
        used = self.heap.used
        self._note_use()
        if label == START:
            self.heard.used_at_start = used
            return
        self.heard.points.append(Point(label, used, self.heap.free_bytes, self.heap.max_free() * BLOCK))

    # -- books --------------------------------------------------------------------------------------------------

    def _note_use(self) -> None:
        """Use only grows until something is freed, so this is enough before that."""
        used = self.heap.used
        self.heard.high_water = max(self.heard.high_water, used)

    def _refused(self, size: int) -> None:
        heap = self.heap
        self.heard.refused.append(Refused(self._at, size, heap.max_free() * BLOCK, heap.free_bytes))

    # -- collecting ---------------------------------------------------------------------------------------------

    def _collector(self) -> None:
        before, at = self.heap.used, self._at
        self._note_use()
        self._gather(at)
        finalised = sorted((self.addresses[chunk], chunk) for chunk in self._garbage if chunk in self._registered)
        self._finalised += [chunk for _, chunk in finalised]
        self._registered.difference_update(self._finalised)
        held = {self._end(each) for each in self._tape.pointing if each.made < at < each.gone}
        released = [chunk for chunk in self._garbage if self.addresses[chunk] not in held]
        self._garbage = [chunk for chunk in self._garbage if self.addresses[chunk] in held]
        self.heap.release([self.addresses[chunk] for chunk in released])
        self.heard.collections.append(Collected(at, before, self.heap.used, not self._explicit))

    def _gather(self, at: int) -> None:
        """Who has died until now, if the same chunks are held by pointers to their starts as on the tape."""
        tape, deaths = self._tape, self._tape.deaths
        while self._kept < len(tape.kept) and tape.kept[self._kept][0] <= at:
            event, chunk, keeper = tape.kept[self._kept]
            if self._keeper(event, chunk) != keeper:
                raise _OtherLives(event, chunk, self._keeper(event, chunk))
            self._kept += 1
        while self._deaths < len(deaths) and deaths[self._deaths][0] <= at:
            event, chunk = deaths[self._deaths]
            if tape.pointing and self._keeper(event, chunk) != NO_CHUNK:
                raise _OtherLives(event, chunk, self._keeper(event, chunk))
            self._garbage.append(chunk)
            self._deaths += 1

    def _keeper(self, event: int, chunk: int) -> int:
        """Who holds a pointer to where a chunk starts that dies before an event."""
        address = self.addresses[chunk]
        for each in self._tape.pointing:
            if each.made < event < each.gone and self._end(each) == address:
                return each.chunk
        return NO_CHUNK

    def _end(self, pointing: Pointing) -> int:
        return self.addresses[pointing.chunk] + blocks_for(pointing.size) * BLOCK


__all__ = ["Collected", "Heard", "Player", "Point", "Refused"]
