"""A loop's turns played on its heap over and over, until the heap too is in a state that it was in before."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from omvsim.errors import OmvsimError
from omvsim.heap import BLOCK
from omvsim.memory.questions import Extent
from omvsim.records import NamedTuple
from omvsim.tape._tape import NO_CHUNK, Op, Operand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.heap import GcHeap
    from omvsim.memory.questions import Question

ALWAYS: Final = 4
"""Rounds before each of which the heap is looked at; after them only where a collection ran."""
MOST_LISTED: Final = 1000
_ALLOC, _FREE, _RESIZE, _COLLECT, _ASK = (int(op) for op in (Op.ALLOC, Op.FREE, Op.RESIZE, Op.COLLECT, Op.ASK))
"""Plain numbers: they are compared millions of times."""


class NotForeseenError(OmvsimError):
    """The loop's turns cannot be foreseen, and why."""


class KeptError(NotForeseenError):
    """A chunk that dies in turn ``turn`` is kept, with all that it holds, by a pointer from another."""

    def __init__(self, turn: int) -> None:
        super().__init__(f"a pointer keeps a chunk in frame {turn}")
        self.turn = turn


class Turn(NamedTuple):
    """What one turn asks of the heap: events as on a tape, with slots for chunks."""

    events: Sequence[tuple[Any, ...]]
    deaths: Sequence[Sequence[int]]
    """Slots that died before each event, and at last those that died before the turn's end."""


class Round(NamedTuple):
    """The turns after which the script is in the same state.

    Slots below ``held`` are the chunks that it holds when a round begins; the others are made in it.
    """

    turns: Sequence[Turn]
    held: int
    slots: int
    moves: Sequence[tuple[int, int]]
    """(slot, slot whose chunk is in its place when the next round begins)."""


class CollectingTurns:
    """In which turns collections ran: the first :data:`MOST_LISTED`, and how many in all."""

    def __init__(self, first: Sequence[int]) -> None:
        self.first = list(first)
        self.count = len(first)

    def add(self, turn: int) -> None:
        """One more."""
        self.count += 1
        if self.count <= MOST_LISTED:
            self.first.append(turn)

    def repeat(self, period: int, count: int, times: int) -> None:
        """The last ``count`` of them, of ``period`` turns, come ``times`` more."""
        if self.count <= MOST_LISTED:
            those = self.first[len(self.first) - count :]
            needed = min(times, MOST_LISTED // max(1, count) + 1)
            self.first += [each + period * again for again in range(1, needed + 1) for each in those]
            del self.first[MOST_LISTED:]
        self.count += count * times


class LoopPlayer:
    """The heap behind a loop.

    Args:
        heap: as it is when a round begins; it is changed.
        held: addresses of the chunks that the script holds, by slot.
        garbage: addresses of the dead.
        kept: addresses that a chunk which lives on points to; what dies there stays.
        turn: how many there have been.
    """

    def __init__(
        self,
        heap: GcHeap,
        rounds: Round,
        held: Sequence[int],
        garbage: Sequence[int],
        *,
        kept: frozenset[int],
        turn: int,
    ) -> None:
        self.heap = heap
        heap.collector = self._collector
        self.round = rounds
        self.addresses = [*held, *([0] * (rounds.slots - len(held)))]
        self.garbage = list(garbage)
        self.kept = kept
        self.turn = turn
        self.events = 0
        self.played = turn
        """Turns that were run or played one by one."""
        self.high_water = 0
        """Of the turns that were played."""
        self._phase = 0
        self._collected = False

    @property
    def garbage_bytes(self) -> int:
        """Bytes of the dead."""
        return sum(self.heap.chunk_blocks(each) for each in self.garbage) * BLOCK

    def until(self, last: int, most_events: int, collecting: CollectingTurns) -> int | None:
        """Go on to turn ``last``; the turns after which the heap's state comes again, None where it did not have to.

        Raises:
            NotForeseenError: a request finds no room, an answer differs, or there were too many events.
            KeptError: what a chunk holds that is kept is known to the run alone.
        """
        seen: dict[bytes, tuple[int, int]] = {}
        rounds, period, collected = 0, None, False
        while self.turn < last:
            if self._phase == 0 and period is None:
                if rounds < ALWAYS or collected:
                    first, before = seen.setdefault(self._state(), (self.turn, collecting.count))
                    period = self.turn - first or None
                    if period is not None:
                        times = (last - self.turn) // period
                        collecting.repeat(period, collecting.count - before, times)
                        self.turn += times * period
                        continue
                if self.events > most_events:
                    raise NotForeseenError(f"the heap is in no state again until frame {self.turn}")
                rounds, collected = rounds + 1, False
            collected |= self.step(collecting)
        return period

    def step(self, collecting: CollectingTurns) -> bool:
        """One turn; whether a collection ran in it."""
        self._collected = False
        self._play(self.round.turns[self._phase])
        self._phase += 1
        self.turn += 1
        self.played += 1
        if self._phase == len(self.round.turns):
            self._phase = 0
            moved = [(to, self.addresses[slot]) for to, slot in self.round.moves]
            for to, address in moved:
                self.addresses[to] = address
        if self._collected:
            collecting.add(self.turn)
        return self._collected

    def _state(self) -> bytes:
        state = self.heap.layout(), self.addresses[: self.round.held], sorted(self.garbage)
        return hashlib.blake2b(repr(state).encode(), digest_size=16).digest()

    def _play(self, turn: Turn) -> None:
        addresses, heap = self.addresses, self.heap
        alloc = heap.alloc
        for event, died in zip(turn.events, turn.deaths, strict=False):
            if died:
                self._died(died)
            op = event[0]
            if op == _ALLOC:
                address = alloc(event[1], finaliser=event[2])
                if address is None:
                    raise self._no_room(event[1])
                addresses[event[3]] = address
            elif op == _FREE:
                self._note_use()
                heap.free(addresses[event[1]])
            elif op == _RESIZE:
                self._note_use()
                address = heap.realloc(addresses[event[1]], event[2], allow_move=event[3])
                if address is None:
                    raise self._no_room(event[2])
                addresses[event[1]] = address
            elif op == _COLLECT:
                heap.collect()
            elif op == _ASK:
                self._ask(event[1], event[2], event[3])
        self._note_use()
        self._died(turn.deaths[-1])
        self.events += len(turn.events)

    def _died(self, slots: Sequence[int]) -> None:
        gone = [self.addresses[slot] for slot in slots]
        if self.kept and not self.kept.isdisjoint(gone):
            raise KeptError(self.turn + 1)
        self.garbage += gone

    def _no_room(self, size: int) -> NotForeseenError:
        return NotForeseenError(f"a request for {size} bytes finds no room in frame {self.turn + 1}")

    def _ask(self, question: Question[Any], operands: Sequence[Operand], expected: object) -> None:
        extents = [
            Extent(each.address if each.chunk == NO_CHUNK else self.addresses[each.chunk], each.size or 0)
            for each in operands
        ]
        if question(self.heap, extents) != expected:
            raise NotForeseenError(f"the script sees another state of the heap in frame {self.turn + 1}")

    def _note_use(self) -> None:
        """Use only grows until something is freed, so this is enough before that."""
        used = self.heap.used
        if used > self.high_water:  # noqa: PLR1730 - asked for with every free: max() takes four times as long
            self.high_water = used

    def _collector(self) -> None:
        self._note_use()
        self._collected = True
        self.heap.release(self.garbage)
        self.garbage.clear()


__all__ = ["CollectingTurns", "KeptError", "LoopPlayer", "NotForeseenError", "Round", "Turn"]
