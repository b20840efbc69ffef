"""The beginning of a tape, played once for all boards whose heaps differ in their last area alone.

Boot, the compiler and most of a script live in the first areas. As long as every request finds room there, and nobody
asks about the heap as a whole, no last area can change anything: a heap with one goes on from there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import GcHeap
from omvsim.runs import START
from omvsim.tape._player import Player
from omvsim.tape._tape import Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import GcArea
    from omvsim.tape._tape import Outside, Tape

MOST: Final = 64
"""Beginnings that are kept: one for each set of first areas."""
_OF_CHUNKS: Final = (Op.ALLOC, Op.FREE, Op.RESIZE, Op.COLLECT, Op.FINALISER)


class Beginnings:
    """Of one tape, by the areas before the last."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._most = _independent(tape.events)
        self._known: dict[tuple[tuple[int, int], ...], Player] = {}

    def player(self, areas: Sequence[GcArea], outside: Outside) -> Player:
        """A player on a new heap of these areas, as far into the tape as no last area matters."""
        laid_out = tuple((area.origin, area.length) for area in areas)
        first = laid_out[:-1]
        if not first:
            return Player(GcHeap(laid_out), outside)
        begun = self._known.get(first)
        if begun is None:
            if len(self._known) >= MOST:
                self._known.clear()
            begun = self._known[first] = self._begun(first, outside)
        heap = GcHeap(laid_out)
        heap.begin_as(begun.heap)
        heap.auto_collect = True
        return begun.on(heap, outside)

    def _begun(self, first: tuple[tuple[int, int], ...], outside: Outside) -> Player:
        events = self._most
        while True:
            player = Player(GcHeap(first), outside)
            player.heap.auto_collect = False  # where there is no room the last area is asked before any collection
            diverged = player.play(replace(self._tape, events=self._tape.events[:events]))
            if diverged is None:
                return player
            events = diverged.event


def _independent(events: Sequence[tuple[Any, ...]]) -> int:
    """Events before the first that looks at more than the areas it finds room in."""
    for at, event in enumerate(events):
        in_place = event[0] == Op.NOT_RESIZED and not event[3]
        begins = event[0] == Op.POINT and event[1] == START
        if event[0] not in _OF_CHUNKS and not in_place and not begins:
            return at
    return len(events)


__all__ = ["Beginnings"]
