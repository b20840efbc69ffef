"""The simulated heap as the script's objects use it: who holds what, and which line asked for it.

A value of the script keeps its :class:`Block` as long as CPython keeps the value, so what a collection on the camera
would free is what the running script no longer reaches. Firmware code (loading a model) uses the same heap through
:class:`omvsim.heap.ObjectHeap`.
"""

from __future__ import annotations

import gc as host_gc
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.heap import BLOCK, Chunk, OutOfHeap
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.firmware import MicroPython
    from omvsim.heap import ObjectHeap


class Block:
    """One allocation that a value of the script owns."""

    __slots__ = ("_memory", "address", "size")

    def __init__(self, memory: Memory, address: int, size: int) -> None:
        self._memory = memory
        self.address = address
        self.size = size

    def __del__(self) -> None:
        if self.address:
            self._memory.live.pop(self.address, None)


class Held:
    """Keeps chunks of the firmware alive for as long as a value of the script needs them."""

    __slots__ = ("__weakref__", "_memory", "chunks")

    def __init__(self, memory: Memory, chunks: Sequence[Chunk]) -> None:
        self.chunks = tuple(chunks)
        self._memory = memory
        memory.held[id(self)] = self.chunks

    def __del__(self) -> None:
        self._memory.held.pop(id(self), None)


@dataclass(slots=True)
class LineCost:
    """What one line of the script asked of the heap. Bytes are whole blocks but for ``asked``."""

    allocations: int = 0
    asked: int = 0
    bytes: int = 0
    freed: int = 0
    largest: int = 0
    high_water: int = 0


@dataclass(frozen=True, slots=True)
class CollectionEvent:
    """A collection: the line that ran into it, bytes used before and after."""

    line: int
    before: int
    after: int
    automatic: bool
    allocations: int
    """Allocations of the whole run before it."""


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """A request without room."""

    line: int
    bytes: int
    what: str
    longest_free: int
    free: int


@dataclass(slots=True)
class Totals:
    """Running sums over the whole script, in bytes of whole blocks but for ``asked``."""

    allocations: int = 0
    asked: int = 0
    bytes: int = 0
    freed: int = 0
    grown: int = 0


@dataclass(slots=True, eq=False)
class Watcher:
    """Remembers the largest request since it was last reset."""

    largest: int = 0


@dataclass(slots=True)
class _Books:
    lines: dict[int, LineCost] = field(default_factory=dict)
    collections: list[CollectionEvent] = field(default_factory=list)
    refused: list[RefusedEvent] = field(default_factory=list)
    placed: list[tuple[int, int, int, str, str]] = field(default_factory=list)


class Memory:
    """Allocates for the script and keeps the books; it is the observer of the camera's heap too.

    Args:
        py: MicroPython on the camera's heap.
        filename: name under which the script's code is compiled; its frames tell the line.
    """

    def __init__(self, py: MicroPython, filename: str) -> None:
        self.py = py
        self.heap: ObjectHeap = py.heap
        self.filename = filename
        self.live: dict[int, None] = {}
        self.held: dict[int, tuple[Chunk, ...]] = {}
        self.totals = Totals()
        self.watchers: list[Watcher] = []
        self.books = _Books()
        self.high_water = 0
        self.charging: int | None = None
        """A line that is charged whatever runs, e.g. 0 for boot."""
        self.log: list[int] | None = None
        """Sizes of every request, in order, while somebody asks for them."""
        self.heap.borrowed = self._borrowed
        self.heap.observer = self
        self.heap.before_sweep = host_gc.collect

    # -- lines --------------------------------------------------------------------------------------------------

    def line(self) -> int:
        """The line of the script that is running; 0 outside it."""
        if self.charging is not None:
            return self.charging
        frame = sys._getframe(2)
        name = self.filename
        while frame is not None:
            if frame.f_code.co_filename == name:
                return frame.f_lineno
            frame = frame.f_back  # type: ignore[assignment]
        return 0

    def _cost(self) -> LineCost:
        line = self.line()
        cost = self.books.lines.get(line)
        if cost is None:
            cost = self.books.lines[line] = LineCost()
        return cost

    # -- what the script's values ask for -----------------------------------------------------------------------

    def alloc(self, size: int, what: str, *, finaliser: bool = False) -> Block:
        """``m_malloc``.

        Raises:
            DeviceMemoryError: no room, even after a collection.
        """
        heap = self.heap
        address = heap.gc.alloc(size, finaliser=finaliser)
        if address is None:
            self.refused(size, what, heap.gc.max_free() * BLOCK)
            self.py.memory_error(OutOfHeap(size, locked=heap.gc.lock_depth > 0))
        block = Block(self, address, size)
        self.live[address] = None
        heap.took(address, size)
        self._count(size)
        return block

    def _count(self, size: int) -> None:
        whole = align_up(size, BLOCK)
        totals, cost, used = self.totals, self._cost(), self.heap.gc.used
        totals.allocations += 1
        totals.asked += size
        totals.bytes += whole
        cost.allocations += 1
        cost.asked += size
        cost.bytes += whole
        for watcher in self.watchers:
            watcher.largest = max(watcher.largest, size)
        cost.largest = max(cost.largest, size)
        cost.high_water = max(cost.high_water, used)
        self.high_water = max(self.high_water, used)
        if self.log is not None:
            self.log.append(size)

    def free(self, block: Block) -> None:
        """``m_free``: the block is gone, whoever still has it."""
        if not block.address:
            return
        self.live.pop(block.address, None)
        self.heap.gave(block.address)
        self._freed(self.heap.gc.free(block.address) * BLOCK)
        block.address = 0

    def _freed(self, count: int) -> None:
        self.totals.freed += count
        self._cost().freed += count

    def realloc(self, block: Block, size: int, *, allow_move: bool = True) -> bool:
        """``m_realloc``: in place or moved; a moved one counts as an allocation. False when it may not move.

        Raises:
            DeviceMemoryError: no room.
        """
        heap = self.heap
        if not block.address:
            new = self.alloc(size, "reallocated")
            block.address, block.size, new.address = new.address, size, 0
            return True
        before, old = heap.gc.used, block.address
        address = heap.gc.realloc(old, size, allow_move=allow_move)
        if address is None:
            if not allow_move:
                return False
            self.refused(size, "reallocated", heap.gc.max_free() * BLOCK)
            self.py.memory_error(OutOfHeap(size, locked=heap.gc.lock_depth > 0))
        if address == old:
            change = heap.gc.used - before
            if change > 0:
                self.totals.grown += change
            elif change < 0:
                self._freed(-change)
        else:
            self.live.pop(old, None)
            heap.gave(old)
            self.live[address] = None
            heap.took(address, size)
            self._count(size)
            self._freed(align_up(block.size, BLOCK))
        block.address, block.size = address, size
        return True

    def move(self, block: Block) -> Block:
        """The block under a new owner: the old handle no longer keeps it."""
        new = Block(self, block.address, block.size)
        block.address = 0
        return new

    # -- the firmware's own requests ----------------------------------------------------------------------------

    @contextmanager
    def firmware(self) -> Iterator[None]:
        """Run firmware code that uses the object heap: what it leaves in its frame dies unless it is held."""
        with self.heap.call():
            yield

    def hold(self, *chunks: Chunk) -> Held:
        """A handle that keeps ``chunks`` and what they point to."""
        return Held(self, chunks)

    def _borrowed(self) -> Iterator[Chunk]:
        for chunks in list(self.held.values()):
            yield from chunks
        for address in list(self.live):  # a copy: values die while the collection looks at them
            yield Chunk(address, BLOCK, "")

    # -- observer of the heap -----------------------------------------------------------------------------------

    def allocated(self, chunk: Chunk) -> None:
        """The firmware allocated a chunk."""
        self._count(chunk.size)

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Something was placed outside the GC heap."""
        self.books.placed.append((self.line(), size, address, area, owner))

    def refused(self, size: int, what: str, longest_free: int) -> None:
        """A request failed."""
        self.books.refused.append(RefusedEvent(self.line(), size, what, longest_free, self.heap.gc.free_bytes))

    def freed(self, chunk: Chunk) -> None:
        """The firmware freed a chunk."""
        self._freed(align_up(chunk.size, BLOCK))

    def collected(self, before: int, after: int, *, automatic: bool) -> None:
        """A collection ran."""
        self.books.collections.append(CollectionEvent(self.line(), before, after, automatic, self.totals.allocations))
