"""All courses of one script: each is run once, and every other board that takes it is foreseen from its tape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omvsim.heap import BLOCK, GcHeap
from omvsim.tape._beginning import Beginnings
from omvsim.tape._capture import capture, outside, regions_outside
from omvsim.tape._player import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from omvsim.boards import Board, Region
    from omvsim.firmware import Camera
    from omvsim.runs import Failure, Placed, ScriptResult, ScriptSession
    from omvsim.tape._player import Collected, Point, Refused
    from omvsim.tape._tape import Diverged, Outside, Tape
    from omvsim.verdict import Verdict

MOST_COURSES = 256
"""Tapes that are kept; a script that prints addresses has one for each board."""
MOST_TURNS = 32
"""How often a board is led from one tape to another before its own course is run."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a script does on a board, by a tape. Sizes are bytes."""

    board: Board
    tape: Tape
    """What does not depend on the heap is in its result."""
    refused: tuple[Refused, ...]
    collections: tuple[Collected, ...]
    points: tuple[Point, ...]
    used_at_start: int | None
    high_water: int
    free: int
    """At the end, after a last collection."""
    longest_free: int
    live: int
    addresses: tuple[int, ...]
    """Of each chunk of the tape, where it was last."""
    longest: dict[int, int]
    """Bytes of the chunks that were as large as the longest free run."""
    pools: tuple[tuple[int, int], ...]
    """Where the blocks of each area start and end."""

    @property
    def course(self) -> ScriptResult:
        """The run that the tape was taken from: right in all that no heap decides."""
        assert self.tape.result is not None
        return self.tape.result

    @property
    def placed(self) -> tuple[Placed, ...]:
        """What was placed outside the heap, at this board's addresses."""
        moved = list(zip(regions_outside(self.course.board), regions_outside(self.board), strict=True))
        return tuple(each._replace(address=_moved(each.address, moved)) for each in self.course.placed)

    def last_request(self, what: str) -> tuple[int, str] | None:
        """Bytes and area of the last thing of that name that was given room, here or outside the heap."""
        found = self.tape.last_named(what)
        if found is not None:
            chunk, size = found
            address = self.addresses[chunk]
            number = next(n for n, (start, end) in enumerate(self.pools) if start <= address < end)
            return self.longest[chunk] if size is None else size, f"gc[{number}]"
        outside = next((each for each in reversed(self.course.placed) if each.owner == what), None)
        return None if outside is None else (outside.bytes, outside.area)

    @property
    def verdict(self) -> Verdict:
        """How it ends."""
        return self.course.verdict

    @property
    def failure(self) -> Failure | None:
        """What ended it, with this board's figures."""
        failure = self.course.failure
        if failure is None or failure.refused is None:
            return failure
        number = next(at for at, event in enumerate(self.course.refused) if event is failure.refused)
        own = self.refused[number]
        return replace(failure, refused=failure.refused._replace(longest_free=own.longest_free, free=own.free))


class Courses:
    """What is known of one script with its options, on boards that differ in their GC areas and pools only.

    Args:
        started: makes a session of the script for a board and its camera.
    """

    def __init__(self, started: Callable[[Board, Camera], ScriptSession]) -> None:
        self._started = started
        self._tapes: list[Tape] = []
        self._turns: dict[tuple[int, int, Hashable], int] = {}
        """By tape, event and another answer there: the tape to go on with."""
        self._beginnings: Beginnings | None = None
        """Of the first tape."""
        self.runs = 0
        """How often the script was run in full."""

    def on(self, board: Board) -> Foreseen:
        """What the script does on a board."""
        beside = outside(board)
        if not self._tapes:
            return self._own(board, beside, None)
        number, player = 0, self._begun(board, beside)
        for _ in range(MOST_TURNS):
            tape = self._tapes[number]
            if tape.unrepeatable:
                break
            diverged = player.play(tape)
            if diverged is None:
                return _foreseen(board, tape, player)
            found = self._turns.get((number, diverged.event, diverged.answer))
            if found is None:
                return self._own(board, beside, (number, diverged.event, diverged.answer))
            number = found
            if diverged.restart:
                player = self._player(board, beside)
        return self._own(board, beside, None)

    def _own(self, board: Board, beside: Outside, turn: tuple[int, int, Hashable] | None) -> Foreseen:
        """Run it on this very board."""
        tape = self._run(board)
        if turn is not None and self._tapes[-1] is tape:
            self._turns[turn] = len(self._tapes) - 1
        player = self._player(board, beside)
        diverged = player.play(tape)
        if diverged is not None:
            raise RuntimeError(_fault(tape, diverged))
        return _foreseen(board, tape, player)

    def _run(self, board: Board) -> Tape:
        self.runs += 1
        tape = capture(board, lambda camera: self._started(board, camera))
        if len(self._tapes) < MOST_COURSES:
            self._tapes.append(tape)
        return tape

    def _begun(self, board: Board, beside: Outside) -> Player:
        """A player that has the beginning of the first tape behind it."""
        if self._tapes[0].unrepeatable:
            return self._player(board, beside)
        if self._beginnings is None:
            self._beginnings = Beginnings(self._tapes[0])
        return self._beginnings.player(board.gc_areas, beside)

    @staticmethod
    def _player(board: Board, beside: Outside) -> Player:
        return Player(GcHeap([(area.origin, area.length) for area in board.gc_areas]), beside)


def _moved(address: int, regions: list[tuple[Region, Region]]) -> int:
    for ours, theirs in regions:
        if ours.origin <= address < ours.end:
            return address - ours.origin + theirs.origin
    return address


def _fault(tape: Tape, diverged: Diverged) -> str:
    return f"a tape does not play on the heap it was taken from: event {diverged.event}, {tape.place(diverged.event)}"


def _foreseen(board: Board, tape: Tape, player: Player) -> Foreseen:
    heap, heard = player.heap, player.heard
    return Foreseen(
        board=board,
        tape=tape,
        refused=tuple(heard.refused),
        collections=tuple(heard.collections),
        points=tuple(heard.points),
        used_at_start=heard.used_at_start,
        high_water=heard.high_water,
        free=heap.free_bytes,
        longest_free=heap.max_free() * BLOCK,
        live=heap.used,
        addresses=tuple(player.addresses),
        longest=player.longest,
        pools=tuple((area.pool_start, area.pool_end) for area in heap.areas),
    )


__all__ = ["Courses", "Foreseen"]
