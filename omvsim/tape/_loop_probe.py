"""Running the first frames of a loop until the script is in a state that it was in before."""

from __future__ import annotations

import itertools
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from omvsim.micropython.codegen import NAMES_AND_LINES
from omvsim.records import NamedTuple
from omvsim.runs.turns import FramesDone
from omvsim.tape._loop_player import LoopPlayer, NotForeseenError, Round, Turn
from omvsim.tape._sameness import NotReadError, StatePrint
from omvsim.tape._tape import NO_CHUNK, Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.frames import Frame
    from omvsim.runs import ScriptSession
    from omvsim.tape._recording import TapeRecorder
    from omvsim.tape._tape import Operand, Tape

MOST_PROBED: Final = 24
"""Frames within which the script has to come to a state again."""
_HEADER: Final = re.compile(r"for (\w+) in range\((\d+)\):\s*(#.*)?")
_PLAYED: Final = frozenset({Op.ALLOC, Op.FREE, Op.RESIZE, Op.COLLECT, Op.ASK, Op.OUTSIDE, Op.POINT})


class Mark(NamedTuple):
    """Where the books were when a turn ended."""

    events: int
    deaths: int
    steps: int
    pointing: int
    """Chunks until then that hold a pointer to their own end."""


class Repeating(NamedTuple):
    """After the turns that ``player`` knows of the script is as it was after turn ``first``; the loop has ``last``."""

    player: LoopPlayer
    first: int
    last: int
    steps: Sequence[int]
    """Of each turn that was run, the step."""

    def step_of(self, turn: int) -> int:
        """The step that a later turn is like."""
        period = len(self.player.round.turns)
        return self.steps[self.first + (turn - 1 - self.first) % period]


class LoopProbe:
    """Watches a session run. What it raises comes out of the run: NotForeseenError where the script does not come to a
    state again, or cannot be read.

    Args:
        begin: the first turn whose state is looked at.

    Attributes:
        found: what repeats; None where the run ended before.
    """

    def __init__(self, session: ScriptSession, recorder: TapeRecorder, begin: int) -> None:
        self.session = session
        self.begin = begin
        self.recorder = recorder
        self.found: Repeating | None = None
        self._prints: dict[bytes, tuple[int, StatePrint]] = {}
        self._marks: list[Mark] = []
        self._source = session.source.decode("utf-8", "replace").splitlines()
        self._turned = session.vm.on_turn
        session.vm.on_turn = self._turn

    def _turn(self, line: int, last_line: int) -> None:
        self._turned(line, last_line)
        name, last = self._header(line, last_line)
        recorder, vm = self.recorder, self.session.vm
        recorder.thorough = len(self._marks) + 1 >= self.begin
        recorder.begin()
        if recorder.tape.unrepeatable:
            raise NotForeseenError(recorder.tape.unrepeatable)
        assert self.session.steps is not None
        tape, steps = recorder.tape, self.session.steps.steps
        self._marks.append(Mark(len(tape.events), len(tape.deaths), len(steps) - 1, recorder.pointing))
        turns = len(self._marks)
        if turns < self.begin:
            return
        now = self._print(name)
        first, before = self._prints.setdefault(now.digest, (turns, now))
        if first < turns:
            round_ = round_of(recorder.tape, self._marks[first - 1 :], before.chunks, now.chunks)
            dead = [int(address) for address in vm.memory.dead]
            if not vm.memory.finalisers.keys().isdisjoint(dead):
                raise NotForeseenError("a finaliser is still to run")
            kept = frozenset(int(address) for address, chunk in vm.memory.behind.items() if chunk is None)
            player = LoopPlayer(vm.memory.heap.twin(), round_, now.addresses, dead, kept=kept, turn=turns)
            self.found = Repeating(player, first, last, [mark.steps for mark in self._marks])
            raise FramesDone(f"{turns} frames")
        if turns >= self.begin + MOST_PROBED:
            raise NotForeseenError(
                f"the script is in no state again within {MOST_PROBED} frames from frame {self.begin} on"
            )

    def _header(self, line: int, last_line: int) -> tuple[str, int]:
        """Name and turns of the loop, if it is the script's last statement and counts to a number."""
        found = _HEADER.fullmatch(self._source[line - 1])
        behind = [text for text in self._source[last_line:] if not text.startswith((" ", "\t", "#")) and text.strip()]
        if found is None or behind:
            raise NotForeseenError(f"line {line} is no counted loop that ends the script")
        return found[1], int(found[2])

    def _print(self, name: str) -> StatePrint:
        """Of all that the script's future hangs on: the machine, and the frame of the loop."""
        frames: list[Frame] = []
        host = sys._getframe(3)
        while host is not None:
            if NAMES_AND_LINES in host.f_globals:
                frames.append(host.f_locals["f"])
            host = host.f_back  # type: ignore[assignment]  # None ends the loop
        if len(frames) != 1:
            raise NotForeseenError("the loop is in a function")
        (frame,) = frames
        # Of numbers a module's frame holds the loop's own counter and end alone, which no code can read.
        slots = [slot if type(slot) is not int else None for slot in frame.slots]
        others = [value for field in frame.__slots__ if (value := getattr(frame, field)) is not frame.slots]
        vm = self.session.vm
        roots = [vm, slots, others, list(vm.memory.finalisers.items()), list(vm.memory.behind.items())]
        try:
            return StatePrint(roots, [self], (name, vm.locals_found[name]))
        except NotReadError as unread:
            raise NotForeseenError(str(unread)) from unread


def round_of(tape: Tape, marks: Sequence[Mark], before: Sequence[int], after: Sequence[int]) -> Round:
    """What a script asks for between two times that it is in the same state.

    Args:
        tape: of the run.
        marks: where the round began, and where each of its turns ended.
        before: chunks held when it began.
        after: those held when it ended, in the same order.

    Raises:
        NotForeseenError: it works on another chunk, or has events that may be others next time.
    """
    begin = marks[0].events
    if any(begin <= event for event, _, _ in tape.kept) or marks[0].pointing < marks[-1].pointing:
        raise NotForeseenError("a chunk is kept by a pointer from another in a frame")
    slots = _Slots(before)
    turns = []
    for mark, following in itertools.pairwise(marks):
        events = [slots.event(event) for event in tape.events[mark.events : following.events]]
        deaths: list[list[int]] = [[] for _ in range(len(events) + 1)]
        for event, chunk in tape.deaths[mark.deaths : following.deaths]:
            deaths[event - mark.events].append(slots.of(chunk))
        turns.append(Turn(events, deaths))
    moves = [(to, slots.of(chunk)) for to, chunk in enumerate(after) if slots.of(chunk) != to]
    return Round(turns, len(before), len(slots.known), moves)


class _Slots:
    """Slots by number of the chunk."""

    def __init__(self, held: Sequence[int]) -> None:
        self.known = {chunk: slot for slot, chunk in enumerate(held)}

    def of(self, chunk: int) -> int:
        """Of a chunk that is held, or was made in the round."""
        found = self.known.get(chunk)
        if found is None:
            raise NotForeseenError("a frame works on a chunk that nothing holds")
        return found

    def _operand(self, operand: Operand) -> Operand:
        return operand if operand.chunk == NO_CHUNK else operand._replace(chunk=self.of(operand.chunk))

    def event(self, event: tuple[Any, ...]) -> tuple[Any, ...]:
        """An event of a tape, with slots."""
        match event:
            case (Op.ALLOC, size, finaliser, chunk):
                self.known[chunk] = len(self.known)
                return int(Op.ALLOC), size, finaliser, self.known[chunk]
            case (Op.FREE, chunk):
                return int(Op.FREE), self.of(chunk)
            case (Op.RESIZE, chunk, size, may_move):
                return int(Op.RESIZE), self.of(chunk), size, may_move
            case (Op.ASK, question, operands, answer):
                own = [
                    each if each.chunk == NO_CHUNK else each._replace(chunk=self.of(each.chunk)) for each in operands
                ]
                return int(Op.ASK), question, own, answer
        if event[0] not in _PLAYED:
            raise NotForeseenError(f"a frame has an event of the kind {Op(event[0]).name.lower()}")
        return event


__all__ = ["LoopProbe", "Repeating", "round_of"]
