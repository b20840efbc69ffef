"""Counts the iterations of the script's loops, and ends an endless one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.script._errors import FrameLimit
from omvsim.script._memory import Watcher
from omvsim.script._time_limit import Deadline

if TYPE_CHECKING:
    from omvsim.script._memory import Memory

POLLING_LIMIT = 10_000
"""Iterations of an endless loop that takes no picture: it waits for something that never comes here."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The books at one moment."""

    used: int
    allocations: int
    bytes: int
    freed: int
    grown: int
    asked: int
    collections: int

    @classmethod
    def of(cls, memory: Memory) -> Snapshot:
        """The books now."""
        totals = memory.totals
        return cls(
            memory.heap.gc.used,
            totals.allocations,
            totals.bytes,
            totals.freed,
            totals.grown,
            totals.asked,
            len(memory.books.collections),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """One iteration: the books before and after it, and the largest request in it."""

    start: Snapshot
    end: Snapshot
    largest: int

    @property
    def allocations(self) -> int:
        """Requests."""
        return self.end.allocations - self.start.allocations

    @property
    def bytes(self) -> int:
        """Bytes of whole blocks asked for."""
        return self.end.bytes - self.start.bytes

    @property
    def freed(self) -> int:
        """Bytes freed explicitly."""
        return self.end.freed - self.start.freed

    @property
    def collections(self) -> int:
        """Collections that ran."""
        return self.end.collections - self.start.collections

    @property
    def garbage(self) -> int:
        """Bytes left behind for a collection: asked for and grown, less freed."""
        return self.bytes + self.end.grown - self.start.grown - self.freed


@dataclass(slots=True)
class LoopRecord:
    """One loop of the script that was run as an outermost one, or an endless one inside it."""

    line: int
    endless: bool
    """``while True``."""
    depth: int
    open: bool = False
    """Any ``while``: nothing says beforehand how often it runs."""
    frames: list[Frame] = field(default_factory=list)
    events: int = 0
    """Pictures taken and inferences in it."""


@dataclass(slots=True, eq=False)
class _Active:
    record: LoopRecord
    count: int = 0
    start: Snapshot | None = None
    watcher: Watcher = field(default_factory=Watcher)


class Loops:
    """The loops that run, outermost first."""

    def __init__(self, memory: Memory, frame_limit: int | None) -> None:
        self.memory = memory
        self.frame_limit = frame_limit
        self.deadline = Deadline(None)
        self._pictures = 0
        self.records: dict[tuple[int, int], LoopRecord] = {}
        self.cut: list[int] = []
        """Lines of loops that the limit ended."""
        self._active: list[_Active] = []

    def enter(self, line: int, endless: bool, opened: bool = False) -> _Active:
        """A loop begins; ``opened`` says that it is a ``while``."""
        depth = len(self._active)
        record = self.records.get((line, depth))
        if record is None:
            record = self.records[line, depth] = LoopRecord(line, endless, depth, opened)
        active = _Active(record)
        self._active.append(active)
        self.memory.watchers.append(active.watcher)
        return active

    def step(self, active: _Active) -> bool:
        """An iteration begins: close the last one. Always true.

        Raises:
            FrameLimit: an open loop has had its frames, or an endless one waits for what never comes here.
            TimeLimit: the host's time is over.
        """
        record = active.record
        if record.depth < 2:
            self._close(active)
            active.start = Snapshot.of(self.memory)
            active.watcher.largest = 0
        self.deadline.check()
        waits = record.endless and not record.events and active.count >= POLLING_LIMIT
        if waits or self._frames_are_done(active):
            active.start = None
            opened = (other.record.line for other in self._active if other.record.open)
            self.cut.append(record.line if waits else next(opened, record.line))
            raise FrameLimit
        active.count += 1
        return True

    def _frames_are_done(self, active: _Active) -> bool:
        """A frame is a picture taken in a ``while`` loop; without pictures a turn of the outermost one that infers."""
        outermost = next((each for each in self._active if each.record.open), None)
        if self.frame_limit is None or outermost is None:
            return False
        if self._pictures:
            return self._pictures >= self.frame_limit
        return active is outermost and active.record.events > 0 and active.count >= self.frame_limit

    def _close(self, active: _Active) -> None:
        if active.start is not None:
            frame = Frame(active.start, Snapshot.of(self.memory), active.watcher.largest)
            active.record.frames.append(frame)
            active.start = None

    def leave(self, active: _Active) -> None:
        """A loop ends, by itself or by an exception."""
        self._close(active)
        while self._active:
            ended = self._active.pop()
            self.memory.watchers.remove(ended.watcher)
            if ended is active:
                break

    def event(self, *, picture: bool = False) -> None:
        """A picture is taken or a model runs: the loops around it are frame loops."""
        if any(active.record.open for active in self._active):
            self._pictures += picture
        for active in self._active:
            active.record.events += 1

    def frame_loop(self) -> LoopRecord | None:
        """The loop that works on frames: the outermost one with pictures or inferences, endless ones first."""
        busy = [record for record in self.records.values() if record.events and record.frames]
        return min(busy, key=lambda record: (record.depth, not record.endless, -len(record.frames)), default=None)
