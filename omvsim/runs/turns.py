"""Frames of a script: one picture's turn is a frame.

An *event* is a picture taken or an inference. The first loop that comes round after an event is the one that works on
frames there, so the turn that just ended was a frame of it: no matter how deep that loop is nested, or in which
function the picture is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.micropython.errors import LimitReached
from omvsim.runs.ledger import Frame, Snapshot

if TYPE_CHECKING:
    from omvsim.runs.ledger import Ledger


class FramesDone(LimitReached):
    """The script has had the frames asked for."""


@dataclass(slots=True)
class LoopRecord:
    """One loop with frames: its first and last line, and the frames so far."""

    line: int
    last_line: int
    frames: list[Frame] = field(default_factory=list)
    end: Snapshot | None = None
    """The books when its last turn ended."""


class Turns:
    """Counts frames; ends the run after ``limit`` of them (None: never)."""

    def __init__(self, ledger: Ledger, limit: int | None) -> None:
        self.ledger = ledger
        self.limit = limit
        self.loops: dict[int, LoopRecord] = {}
        self.count = 0

    def turn(self, line: int, last_line: int) -> None:
        """A loop comes round and there was an event since some loop last did.

        Raises:
            FramesDone: that was the last frame asked for.
        """
        record = self.loops.get(line)
        if record is None:
            record = self.loops[line] = LoopRecord(line, last_line)
        end = self.ledger.snapshot()
        start = record.end if record.end is not None else self._start(record, end)
        record.frames.append(Frame(start, end, self.ledger.largest))
        record.end = end
        self.ledger.largest = 0
        self.count += 1
        if self.limit is not None and self.count >= self.limit:
            raise FramesDone(f"{self.limit} frames")

    def _start(self, record: LoopRecord, end: Snapshot) -> Snapshot:
        """The books when a loop's first turn began: now, less what its lines have asked for until now."""
        costs = [cost for line, cost in self.ledger.lines.items() if record.line <= line <= record.last_line]
        total = sum(cost.bytes for cost in costs)
        freed = sum(cost.freed for cost in costs)
        return Snapshot(
            end.used - total + freed,
            end.allocations - sum(cost.allocations for cost in costs),
            end.bytes - total,
            end.freed - freed,
            end.grown,
            end.asked - sum(cost.asked for cost in costs),
            end.collections - sum(record.line <= each.line <= record.last_line for each in self.ledger.collections),
        )

    def frame_loop(self) -> LoopRecord | None:
        """The loop with most frames."""
        return max(self.loops.values(), key=lambda record: len(record.frames), default=None)


__all__ = ["FramesDone", "LoopRecord", "Turns"]
