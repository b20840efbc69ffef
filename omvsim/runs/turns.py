"""Frames of a script: one picture's turn is a frame.

An *event* is a picture taken or an inference. The first loop that comes round after an event is the one that works on
frames there, so the turn that just ended was a frame of it: no matter how deep that loop is nested, or in which
function the picture is taken.

A *warm-up* has no frames, as ``skip_frames`` has none: turns of ``for … in range(…)`` that take pictures, and neither
look at one nor infer, before the script comes to a loop further down.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from omvsim.firmware import MomentKind
from omvsim.micropython.errors import LimitReached
from omvsim.records import dataclass, field
from omvsim.world.ledger import Books, Frame
from omvsim.world.spent import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.world.spent import Spent
    from omvsim.world.world import World

_LOOP: Final = re.compile(r"\s*(for|while)\b")
_COUNTED: Final = re.compile(r"\s*for\s+\w+\s+in\s+range\s*\(")


class FramesDone(LimitReached):
    """The script has had the frames asked for."""


@dataclass(slots=True)
class LoopRecord:
    """One loop with frames: its first and last line, and the frames so far."""

    line: int
    last_line: int
    frames: list[Frame] = field(default_factory=list)
    end: Books | None = None
    """The books when its last turn ended."""
    times: list[Spent] = field(default_factory=list)
    """Where the camera's time had gone when each frame ended."""
    first: Work = field(default_factory=Work)
    last: Work = field(default_factory=Work)
    """What had been worked when the first and the last frame ended."""

    def ended(self, frame: Frame, spent: Spent, work: Work) -> None:
        """One more frame."""
        self.frames.append(frame)
        self.times.append(spent)
        if len(self.frames) == 1:
            self.first = work
        self.last = work

    @property
    def work(self) -> Work:
        """A frame's; of a single one all there ever was."""
        frames = len(self.frames)
        return self.last.per_frame(self.first, frames - 1) if frames > 1 else self.last


class Turns:
    """Counts frames; ends the run after ``limit`` of them (None: never).

    Several pictures in one turn are as many frames; inferences count where no picture was taken. Where no loop comes
    round between two of them (a callback, a recursion) the run ends before the next one.
    """

    def __init__(self, world: World, limit: int | None, source: Sequence[str] = ()) -> None:
        self.world = world
        self.ledger = world.ledger
        self.limit = limit
        self.loop_lines = [number for number, text in enumerate(source, 1) if _LOOP.match(text)]
        self.counted = frozenset(number for number in self.loop_lines if _COUNTED.match(source[number - 1]))
        self.loops: dict[int, LoopRecord] = {}
        self.count = 0
        self._pictures = self._inferences = 0
        """Since a loop last came round."""
        self._loose: LoopRecord | None = None
        """Frames that no loop ended."""
        self._last: Books | None = None
        """The books at the last picture, if no loop came round since."""

    @property
    def _waiting(self) -> int:
        """Frames since a loop last came round."""
        if self._pictures:
            return self._pictures
        return self._inferences if not self.world.pictures else min(self._inferences, 1)

    def before(self, picture: bool) -> None:
        """A picture or an inference is about to be.

        Raises:
            FramesDone: there were enough, and no loop came round to end the run.
        """
        another = picture or not (self._pictures or self.world.pictures)
        if another and self.limit is not None and self._waiting and self.count + self._waiting >= self.limit:
            self.count += self._waiting
            raise FramesDone(f"{self.limit} frames")

    def after(self, picture: bool) -> None:
        """There was one."""
        if picture:
            self._pictures += 1
        else:
            self._inferences += 1
        if picture or not self.world.pictures:
            self._end_loose()

    def _end_loose(self) -> None:
        """A frame lasts from picture to picture where no loop ends it."""
        now, line = self.ledger.now(), self.ledger.memory.place.line
        if self._last is not None and not self.loops:
            if self._loose is None:
                self._loose = LoopRecord(line, line)
            self._loose.ended(Frame(self._last, now, self.ledger.largest), self._spent(), self.world.times.work())
            self.ledger.largest = 0
        self._last = now

    def turn(self, line: int, last_line: int) -> None:
        """A loop comes round and there was an event since some loop last did.

        Raises:
            FramesDone: that was the last frame asked for.
        """
        waiting = max(1, self._waiting)
        self._pictures = self._inferences = 0
        self._last = None
        worked, self.world.worked_on = self.world.worked_on, False
        if not worked and self._warms_up(line, last_line):
            return
        record = self.loops.get(line)
        if record is None:
            record = self.loops[line] = LoopRecord(line, last_line)
        end = self.ledger.now()
        start = record.end if record.end is not None else self._start(record, end)
        record.ended(Frame(start, end, self.ledger.largest), self._spent(), self.world.times.work())
        record.end = end
        self.ledger.largest = 0
        self.count += waiting
        self.ledger.saw(MomentKind.FRAME, f"loop at line {line}")
        if self.limit is not None and self.count >= self.limit:
            raise FramesDone(f"{self.limit} frames")

    def _spent(self) -> Spent:
        return self.world.times.now(self.world.now_us)

    def _warms_up(self, line: int, last_line: int) -> bool:
        """Whether pictures that nobody looks at are a warm-up: a counted loop, and one further down is yet to come."""
        return line in self.counted and any(other > last_line and other not in self.loops for other in self.loop_lines)

    def _start(self, record: LoopRecord, end: Books) -> Books:
        """The books when a loop's first turn began: now, less what its lines have asked for until now."""
        costs = [cost for line, cost in self.ledger.lines.items() if record.line <= line <= record.last_line]
        total = sum(cost.bytes for cost in costs)
        freed, grown = sum(cost.freed for cost in costs), sum(cost.grown for cost in costs)
        return Books(
            end.used - total - grown + freed,
            end.allocations - sum(cost.allocations for cost in costs),
            end.bytes - total,
            end.freed - freed,
            end.grown - grown,
            end.asked - sum(cost.asked for cost in costs),
            end.collections - sum(record.line <= each.line <= record.last_line for each in self.ledger.collections),
            end.live,  # what the first turn holds is what every turn finds
        )

    def frame_loop(self) -> LoopRecord | None:
        """The loop with most frames; the line of the pictures where no loop works on them."""
        return max(self.loops.values(), key=lambda record: len(record.frames), default=self._loose)


__all__ = ["FramesDone", "LoopRecord", "Turns"]
