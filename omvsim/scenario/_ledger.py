"""What a session remembers of the heap: allocations by step, and what refused requests met."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.firmware import MomentKind
from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from omvsim.firmware import Watcher
    from omvsim.heap import Chunk, ObjectHeap


class Allocation(NamedTuple):
    """One allocation: ``bytes`` as asked for; ``area`` is ``gc[0]`` …, ``fb_alloc`` or ``uma[1]``."""

    step: int
    bytes: int
    address: int
    area: str
    owner: str


class Refusal(NamedTuple):
    """A request that found no room; ``longest_free`` is the longest free run then, in bytes."""

    step: int
    bytes: int
    owner: str
    longest_free: int
    free: int


class Collection(NamedTuple):
    """A collection; bytes used before and after it."""

    step: int
    before: int
    after: int
    automatic: bool


@dataclass(slots=True)
class Ledger:
    """Observes a heap for a session. Small allocations of repeated steps are counted, not kept, past ``limit``."""

    limit: int = 200_000
    step: int = 0
    allocations: list[Allocation] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    count: int = 0
    bytes: int = 0
    heap: ObjectHeap | None = None
    watcher: Watcher | None = None

    def allocated(self, chunk: Chunk) -> None:
        """An allocation on the GC heap."""
        self.count += 1
        self.bytes += chunk.size
        if len(self.allocations) < self.limit or chunk.size >= 1024:
            area = self.heap.gc.area_of(chunk.address) if self.heap is not None else None
            name = "?" if area is None else f"gc[{area.index}]"
            self.allocations.append(Allocation(self.step, chunk.size, chunk.address, name, chunk.what))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """An allocation outside the GC heap."""
        self.allocations.append(Allocation(self.step, size, address, area, owner))

    def refused(self, size: int, what: str, longest_free: int) -> None:
        """A request that failed."""
        free = self.heap.gc.free_bytes if self.heap is not None else 0
        self.refusals.append(Refusal(self.step, size, what, longest_free, free))
        if self.watcher is not None:
            self.watcher.saw(MomentKind.REFUSAL, what, 0)

    def freed(self, chunk: Chunk) -> None:
        """Explicit frees are not kept."""

    def collected(self, before: int, after: int, *, automatic: bool) -> None:
        """A collection ran."""
        self.collections.append(Collection(self.step, before, after, automatic))
        if self.watcher is not None:
            self.watcher.saw(MomentKind.COLLECTION, "automatic" if automatic else "gc.collect()", 0)
