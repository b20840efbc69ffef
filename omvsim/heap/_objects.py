"""What the simulated program holds: chunks, the references between them, and the roots a collection starts from.

MicroPython marks conservatively: whatever the C stack, the registers, or a reachable chunk point to stays. Here the
program says so explicitly. A chunk allocated inside a call is held by that call's frame (as a local on the C stack
would be) until the call returns; to live longer it must hang on another chunk (``refs``) or on the globals.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from omvsim.errors import OmvsimError
from omvsim.heap._area import BLOCK
from omvsim.heap._gc import GcHeap
from omvsim.records import dataclass, field
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(slots=True, eq=False)
class Chunk:
    """An allocation the program knows: ``size`` as asked for, ``what`` it is, and what it points to.

    ``address`` becomes 0 when the chunk is freed, so that a stale reference to it keeps nothing alive.
    """

    address: int
    size: int
    what: str
    refs: list[Chunk] = field(default_factory=list)
    finalise: Callable[[], None] | None = None
    points_behind: bool = False
    """Whether it holds a pointer to its own end, which keeps alive whatever chunk starts right there."""

    def holds(self, *others: Chunk) -> Chunk:
        """Let this chunk point to ``others``; returns itself."""
        self.refs.extend(others)
        return self


class OutOfHeap(OmvsimError):
    """A request found no room, after a collection if one was allowed; the firmware makes the camera's error of it."""

    def __init__(self, size: int, *, locked: bool = False) -> None:
        super().__init__(size)
        self.size = size
        self.locked = locked


class Observer(Protocol):
    """Whoever wants to know what happens on the heap (the session's ledger)."""

    def allocated(self, chunk: Chunk) -> None:
        """A chunk was allocated, or moved to the address it has now."""

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        """Something was allocated outside the GC heap."""

    def refused(self, size: int, what: str, longest_free: int) -> None:
        """A request for ``size`` bytes failed; the longest free run was ``longest_free`` bytes."""

    def freed(self, chunk: Chunk) -> None:
        """A chunk was freed explicitly."""

    def collected(self, before: int, after: int, *, automatic: bool) -> None:
        """A collection ran; bytes used before and after."""


class ObjectHeap:
    """A :class:`GcHeap` whose collections free what the program's roots do not reach."""

    def __init__(self, areas: Iterable[tuple[int, int]], observer: Observer | None = None) -> None:
        self.gc = GcHeap(areas, collector=self._sweep)
        self.observer = observer
        self.globals: dict[str, Chunk] = {}
        """The program's global names: roots by name, so that assigning again drops the old one."""
        self.permanent: list[Chunk] = []
        """Roots that nothing ever drops: what the firmware keeps for itself."""
        self.stale: list[Chunk] = []
        """Chunks that only a left-over word on the C stack still points to (marking is conservative)."""
        self.borrowed: Callable[[], Iterable[Chunk]] | None = None
        """More roots: chunks that someone outside this heap keeps alive (a script's own values)."""
        self.before_sweep: Callable[[], object] | None = None
        """Called first by every collection: drop what is no longer borrowed."""
        self._frames: list[list[Chunk]] = [[]]
        self._finalisable: dict[int, Chunk] = {}
        self._behind: dict[int, Chunk | None] = {}
        self._explicit = False

    # -- calls --------------------------------------------------------------------------------------------------

    @contextmanager
    def call(self) -> Iterator[list[Chunk]]:
        """A C or Python call: what it allocates is held until it returns."""
        frame: list[Chunk] = []
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()

    def adopt(self, gc: GcHeap, live: Iterable[Chunk]) -> None:
        """Take over a heap that something else filled; its ``live`` chunks are kept for good."""
        self.gc = gc
        gc.collector = self._sweep
        gc.auto_collect = True
        self.permanent.extend(live)

    def hand_back(self, chunk: Chunk) -> Chunk:
        """Return ``chunk`` from the running call: the caller's frame holds it from now on."""
        self._frames[-2].append(chunk)
        return chunk

    # -- allocating ---------------------------------------------------------------------------------------------

    def alloc_maybe(
        self, size: int, what: str, *, finalise: Callable[[], None] | None = None, has_finaliser: bool = False
    ) -> Chunk | None:
        """Allocate, or None when there is no room (``m_malloc_maybe``)."""
        flagged = has_finaliser or finalise is not None
        address = self.gc.alloc(size, finaliser=flagged)
        if address is None:
            if self.observer is not None and size:
                self.observer.refused(size, what, self.gc.max_free() * BLOCK)
            return None
        chunk = Chunk(address, size, what, finalise=finalise)
        self._frames[-1].append(chunk)
        if finalise is not None:
            self._finalisable[address] = chunk
        if address in self._behind:
            self._behind[address] = chunk
        if self.observer is not None:
            self.observer.allocated(chunk)
        return chunk

    def alloc(
        self, size: int, what: str, *, finalise: Callable[[], None] | None = None, has_finaliser: bool = False
    ) -> Chunk:
        """Allocate ``size`` bytes (``m_malloc``).

        Raises:
            OutOfHeap: no room, even after a collection.
        """
        chunk = self.alloc_maybe(size, what, finalise=finalise, has_finaliser=has_finaliser)
        if chunk is None:
            raise OutOfHeap(size, locked=self.gc.lock_depth > 0)
        return chunk

    def points_behind(self, chunk: Chunk) -> None:
        """Say that ``chunk`` holds a pointer to its own end, as a tensor arena does to its tail limit."""
        chunk.points_behind = True
        self._behind.setdefault(chunk.address + align_up(chunk.size, BLOCK))

    def took(self, address: int, size: int) -> None:
        """Say that a borrowed chunk was allocated on ``gc`` directly: an arena may point to it."""
        if address in self._behind:
            self._behind[address] = Chunk(address, size, "borrowed")

    def gave(self, address: int) -> None:
        """Say that a borrowed chunk was freed or has moved."""
        if address in self._behind:
            self._behind[address] = None

    def on_finalise(self, chunk: Chunk, action: Callable[[], None]) -> None:
        """Say what the finaliser of ``chunk`` does when a collection finds it dead."""
        chunk.finalise = action
        self._finalisable[chunk.address] = chunk

    def free(self, chunk: Chunk) -> None:
        """Free a chunk now (``m_free``)."""
        self.gc.free(chunk.address)
        self._finalisable.pop(chunk.address, None)
        if self.observer is not None:
            self.observer.freed(chunk)
        chunk.address = 0

    def realloc(self, chunk: Chunk, size: int, *, allow_move: bool = True) -> bool:
        """Resize in place or move (``gc_realloc``); False when there is no room, and nothing changes."""
        address = self.gc.realloc(chunk.address, size, allow_move=allow_move)
        if address is None:
            return False
        moved = address != chunk.address
        chunk.address, chunk.size = address, size
        if moved and self.observer is not None:
            self.observer.allocated(chunk)
        return True

    def area_name(self, address: int) -> str:
        """``gc[N]`` of the area that holds an address."""
        area = self.gc.area_of(address)
        return "?" if area is None else f"gc[{area.index}]"

    # -- collecting ---------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """``gc.collect()``."""
        self._explicit = True
        try:
            self.gc.collect()
        finally:
            self._explicit = False

    def roots(self) -> Iterator[Chunk]:
        """Everything a collection starts from."""
        yield from self.permanent
        yield from self.globals.values()
        yield from self.stale
        for frame in self._frames:
            yield from frame
        if self.borrowed is not None:
            yield from self.borrowed()

    def reachable(self) -> list[Chunk]:
        """Every chunk the roots reach."""
        seen: dict[int, Chunk] = {}
        pending = list(self.roots())
        while pending:
            chunk = pending.pop()
            if chunk.address and chunk.address not in seen:
                seen[chunk.address] = chunk
                pending.extend(chunk.refs)
                if chunk.points_behind:
                    neighbour = self._behind.get(chunk.address + align_up(chunk.size, BLOCK))
                    if neighbour is not None:
                        pending.append(neighbour)
        return list(seen.values())

    def _sweep(self) -> None:
        before = self.gc.used
        if self.before_sweep is not None:
            self.before_sweep()
        live = {chunk.address: chunk for chunk in self.reachable()}
        dead = [chunk for address, chunk in self._finalisable.items() if address not in live]
        self.gc.lock_depth += 1  # a finaliser runs with the heap locked
        for chunk in dead:
            del self._finalisable[chunk.address]
            if chunk.finalise is not None:
                chunk.finalise()
        self.gc.lock_depth -= 1
        self.gc.retain(live)
        for address in self._behind:
            if address not in live:
                self._behind[address] = None
        if self.observer is not None:
            self.observer.collected(before, self.gc.used, automatic=not self._explicit)
