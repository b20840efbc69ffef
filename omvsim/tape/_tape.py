"""The request tape: what one course of a run asks of the GC heap, and what its course depends on.

Chunks are numbered in the order they were asked for; an *event* is an operation, by its place in :attr:`Tape.events`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from omvsim.memory.requests import Phase
    from omvsim.runs import ScriptResult


class Op(enum.IntEnum):
    """What an event is; the rest of its tuple is given here."""

    ALLOC = 0
    """size, finaliser, chunk"""
    FREE = 1
    """chunk"""
    RESIZE = 2
    """chunk, size, whether it may move"""
    REFUSED = 3
    """size, finaliser: an allocation that finds no room"""
    NOT_RESIZED = 4
    """chunk, size, whether it may move: there is no room"""
    COLLECT = 5
    ASK = 6
    """question, operands, answer"""
    OUTSIDE = 7
    """whether regions count (or the speed of memories), answer: what lies outside the heap is used"""
    LONGEST = 8
    """finaliser, chunk: an allocation of the longest free run"""
    NO_LONGEST = 9
    """finaliser: the same where there is none, or no room for it"""
    SET = 10
    """name, value: a setting of the collector"""
    FINALISER = 11
    """chunk: its finaliser does something outside the heap"""
    POINT = 12
    """label"""


class Outside(NamedTuple):
    """What a script can notice of a board's memories beside the GC heap; equal ones are alike to it.

    Where a region starts shows in nothing but addresses of what is placed there, as long as it is the start of a cache
    line in both.
    """

    memories: Hashable
    """Which memory each GC area is in: inferences take longer in some."""
    regions: Hashable


class Operand(NamedTuple):
    """A chunk that a question is about; ``size`` None: as large as the longest run was. No chunk: a fixed address."""

    chunk: int
    size: int | None
    address: int = 0


class Where(NamedTuple):
    """What the camera did when an event came."""

    phase: Phase
    line: int
    function: str
    what: str
    """What the request was for, where that has a name of its own."""


class Pointing(NamedTuple):
    """A chunk that holds a pointer to its own end: the event that made it, its bytes, the event it died before."""

    chunk: int
    made: int
    size: int
    gone: int


NO_CHUNK = -1


@dataclass(slots=True)
class Tape:
    """One course.

    Attributes:
        events: operations in order, each a tuple that starts with an :class:`Op`.
        where: index into ``places`` for each event.
        deaths: (event, chunk) in order: unreachable before that event came. A chunk that is freed has none.
        kept: (event, chunk, chunk that points to it): as a death, but a pointer to its start still keeps it.
        pointing: chunks that hold a pointer to their own end, and keep what starts there.
        result: the run it was taken from; what its heap decided is in it too.
        unrepeatable: why another heap's run cannot be foreseen from it; empty if it can.
    """

    events: list[tuple[Any, ...]] = field(default_factory=list)
    where: list[int] = field(default_factory=list)
    places: list[Where] = field(default_factory=list)
    deaths: list[tuple[int, int]] = field(default_factory=list)
    kept: list[tuple[int, int, int]] = field(default_factory=list)
    pointing: list[Pointing] = field(default_factory=list)
    chunks: int = 0
    result: ScriptResult | None = None
    unrepeatable: str = ""
    _named: dict[str, tuple[int, int | None] | None] = field(default_factory=dict, repr=False)

    def place(self, event: int) -> Where:
        """Where the script was at an event."""
        return self.places[self.where[event]]

    def last_named(self, what: str) -> tuple[int, int | None] | None:
        """Chunk and bytes (None: the longest run) of the last request for what has that name."""
        if what not in self._named:
            self._named[what] = self._last_named(what)
        return self._named[what]

    def _last_named(self, what: str) -> tuple[int, int | None] | None:
        for at in range(len(self.events) - 1, -1, -1):
            if self.place(at).what == what:
                match self.events[at]:
                    case (Op.ALLOC, size, _, chunk):
                        return chunk, size
                    case (Op.LONGEST, _, chunk):
                        return chunk, None
        return None

    def requests(self) -> int:
        """Operations that the heap is asked for."""
        asked = (Op.ALLOC, Op.FREE, Op.RESIZE, Op.REFUSED, Op.NOT_RESIZED, Op.LONGEST, Op.NO_LONGEST)
        return sum(event[0] in asked for event in self.events)


@dataclass(frozen=True, slots=True)
class Diverged:
    """Another heap answered otherwise than the tape says, so the course may be another one from here on."""

    event: int
    answer: Hashable
    """What it answered."""
    restart: bool = False
    """Whether what came before may differ as well."""


def pointers(tape: Tape, chunks: Sequence[int]) -> list[Pointing]:
    """Size and life of each of ``chunks``."""
    made: dict[int, tuple[int, int]] = {}
    gone: dict[int, int] = {}
    for number, event in enumerate(tape.events):
        if event[0] == Op.ALLOC:
            made[event[3]] = number, event[1]
        elif event[0] == Op.FREE:
            gone[event[1]] = number
    gone.update({chunk: number for number, chunk in tape.deaths})
    return [Pointing(chunk, *made[chunk], gone.get(chunk, len(tape.events))) for chunk in chunks]


__all__ = ["NO_CHUNK", "Diverged", "Op", "Operand", "Outside", "Pointing", "Tape", "Where", "pointers"]
