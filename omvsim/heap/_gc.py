"""MicroPython's garbage-collected heap, address-exact, over one or several areas.

The rules are those of ``gc_alloc``, ``gc_free`` and ``gc_realloc`` in micropython/micropython v1.26.0 ``py/gc.c``
with the split heap, as measured on the OpenMV 4.8.1 firmware (every address of 116 698 recorded allocations). What a
collection frees is not decided here: the heap asks its ``collector``.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from omvsim.heap._area import BLOCK, Area, AreaGeometry, blocks_for
from omvsim.heap._runs import FreeRuns
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable


class GcInfo(NamedTuple):
    """``gc_info()``: bytes, except ``max_free`` and ``max_block``, which count blocks as on the device.

    Garbage that no collection has freed yet counts as used; ``max_free`` is the longest free run in one area.
    """

    total: int
    used: int
    free: int
    max_free: int
    max_block: int
    num_1block: int
    num_2block: int


class GcHeap:
    """The heap of a booted camera.

    Args:
        areas: (start, length) in bytes of every area, in the order ``gc_init``, ``gc_add`` …
        collector: called by a collection; must call :meth:`retain` or :meth:`release` to free what is dead.

    Raises:
        ValueError: no area, or one too small for a block.
    """

    def __init__(self, areas: Iterable[tuple[int, int]], collector: Callable[[], None] | None = None) -> None:
        laid_out = [AreaGeometry.of(start, length, added=index > 0) for index, (start, length) in enumerate(areas)]
        if not laid_out:
            raise ValueError("a heap needs at least one area")
        self._bases = [0]
        for geometry in laid_out[:-1]:
            self._bases.append(self._bases[-1] + geometry.blocks + 1)
        self._runs = FreeRuns((base, geometry.blocks) for base, geometry in zip(self._bases, laid_out, strict=True))
        self._sizes: dict[int, int] = {}
        self.areas = [
            Area(index, geometry, base, self._runs, self._sizes)
            for index, (geometry, base) in enumerate(zip(laid_out, self._bases, strict=True))
        ]
        self._offsets = [area.pool_start // BLOCK - area.base for area in self.areas]
        by_address = sorted(self.areas, key=lambda area: area.pool_start)
        self._starts = [area.pool_start for area in by_address]
        self._from_start = [self._offsets[area.index] for area in by_address]
        self.finalisers: set[int] = set()
        """Addresses of chunks with a finaliser."""
        self.collector = collector
        self.auto_collect = True
        self.lock_depth = 0
        self.threshold: int | None = None
        self.collections = 0
        self._taken_before = 0
        """What ``_runs`` had given when the last collection began."""

    # -- allocating ---------------------------------------------------------------------------------------------

    def alloc(self, size: int, *, finaliser: bool = False) -> int | None:
        """Address of a new chunk of ``size`` bytes; None if ``size`` is 0, the heap is locked or there is no room.

        Without room there is one collection (unless ``auto_collect`` is off) and one more search.
        """
        if size <= 0 or self.lock_depth:
            return None
        count = -(-size // BLOCK)
        may_collect = self.auto_collect
        if self.threshold is not None and may_collect and self._allocated_blocks >= self.threshold:
            self.collect()
            may_collect = False
        position = self._runs.take(count)
        if position < 0:
            if not may_collect:
                return None
            self.collect()
            position = self._runs.take(count)
            if position < 0:
                return None
        address = (position + self._offsets[bisect_right(self._bases, position) - 1]) * BLOCK
        self._sizes[address] = count
        if finaliser:
            self.finalisers.add(address)
        return address

    def free(self, address: int | None) -> int:
        """Free a chunk; returns its blocks (0 for None, or while the heap is locked).

        Raises:
            ValueError: no chunk starts at ``address``.
        """
        if address is None or self.lock_depth:
            return 0
        count = self._sizes.pop(address, 0)
        if not count:
            raise _no_chunk(address)
        self._runs.give(address // BLOCK - self._from_start[bisect_right(self._starts, address) - 1], count)
        if self.finalisers:
            self.finalisers.discard(address)
        return count

    def _position(self, address: int) -> int:
        return address // BLOCK - self._from_start[bisect_right(self._starts, address) - 1]

    def realloc(self, address: int | None, size: int, *, allow_move: bool = True) -> int | None:
        """Resize a chunk as ``gc_realloc`` does; None if there is no room, no move is allowed or the heap is locked.

        A size of 0 frees; an address of None allocates. A failed resize leaves the chunk as it was.
        """
        if address is None:
            return self.alloc(size)
        if size == 0:
            self.free(address)
            return None
        if self.lock_depth:
            return None
        old, new = self.chunk_blocks(address), blocks_for(size)
        if new <= old:
            if new < old:
                self._runs.give(self._position(address) + new, old - new)
        elif not self._runs.take_at(self._position(address) + old, new - old):
            return self._moved(address, size) if allow_move else None
        self._sizes[address] = new
        return address

    def _moved(self, address: int, size: int) -> int | None:
        moved = self.alloc(size, finaliser=address in self.finalisers)
        if moved is not None:
            self.free(address)
        return moved

    # -- collecting ---------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """``gc.collect()``: free what the collector finds dead."""
        self.collections += 1
        self._taken_before = self._runs.taken
        if self.collector is not None:
            self.collector()
        self._runs.forget()

    def retain(self, live: Iterable[int]) -> None:
        """Free every chunk whose address is not in ``live`` (for collectors)."""
        kept = set(live)
        for address in kept - self._sizes.keys():
            raise _no_chunk(address)
        self.release(self._sizes.keys() - kept)

    def release(self, dead: Iterable[int]) -> None:
        """Free exactly the chunks in ``dead`` (for collectors that know the dead, such as a replay).

        Raises:
            ValueError: no chunk starts at an address; those below it are free.
        """
        ordered = sorted(dead)
        sizes, start, end = self._sizes, 0, 0
        for address in ordered:
            count = sizes.pop(address, 0)
            if address != end or not count:
                if end > start:
                    self._runs.give(self._position(start), (end - start) // BLOCK)
                if not count:
                    raise _no_chunk(address)
                start = end = address
            end += count * BLOCK
        if end > start:
            self._runs.give(self._position(start), (end - start) // BLOCK)
        if self.finalisers:
            self.finalisers.difference_update(ordered)

    # -- looking ------------------------------------------------------------------------------------------------

    def twin(self) -> GcHeap:
        """Another heap in the same state, without a collector."""
        other = GcHeap([(area.geometry.start, area.geometry.length) for area in self.areas])
        for area in self.areas:
            other._runs.take_at(area.base, area.blocks)
            for start, count in area.free_runs():
                other._runs.give(area.base + start, count)
        other._sizes.update((int(address), count) for address, count in self._sizes.items())
        other.finalisers |= {int(address) for address in self.finalisers}
        other.auto_collect, other.lock_depth, other.threshold = self.auto_collect, self.lock_depth, self.threshold
        other._runs.count_as(self._runs)
        other._taken_before, other.collections = self._taken_before, self.collections
        return other

    def begin_as(self, other: GcHeap) -> None:
        """Be in the state of a heap of the first of these areas, on which nothing was refused or asked of the whole.

        Nothing may have been asked of this one yet. As requests go to the lowest place that fits, it would have given
        the same addresses.
        """
        self._runs.begin_as(other._runs)
        self._sizes.update(other._sizes)
        self.finalisers |= other.finalisers
        self.auto_collect, self.lock_depth, self.threshold = other.auto_collect, other.lock_depth, other.threshold
        self._taken_before, self.collections = other._taken_before, other.collections

    def layout(self) -> Hashable:
        """All that decides what the heap gives from now on, chunks by address: equal ones go on alike."""
        return (
            tuple(sorted(self._sizes.items())),
            tuple(sorted(self.finalisers)),
            self._allocated_blocks if self.threshold is not None else 0,
            (self.auto_collect, self.lock_depth, self.threshold),
        )

    def area_of(self, address: int) -> Area | None:
        """The area whose pool holds ``address``."""
        for area in self.areas:
            if area.pool_start <= address < area.pool_end:
                return area
        return None

    def chunk_blocks(self, address: int) -> int:
        """Blocks of a chunk.

        Raises:
            ValueError: no chunk starts at ``address``.
        """
        count = self._sizes.get(address)
        if count is None:
            raise _no_chunk(address)
        return count

    def is_chunk(self, address: int) -> bool:
        """Whether a chunk starts at ``address``."""
        return address in self._sizes

    def max_free(self) -> int:
        """Blocks of the longest free run in one area."""
        return max(self._runs.lengths.values(), default=0)

    def info(self) -> GcInfo:
        """What ``gc_info()`` reports now."""
        total = sum(area.blocks for area in self.areas)
        sizes = list(self._sizes.values())
        return GcInfo(
            total=total * BLOCK,
            used=self.used,
            free=self.free_bytes,
            max_free=self.max_free(),
            max_block=max(sizes, default=0),
            num_1block=sizes.count(1),
            num_2block=sizes.count(2),
        )

    @property
    def used(self) -> int:
        """Bytes in chunks, garbage included (``gc.mem_alloc()``)."""
        return self._used_blocks * BLOCK

    @property
    def _used_blocks(self) -> int:
        return self._runs.taken + self._runs.grown - self._runs.given

    @property
    def _allocated_blocks(self) -> int:
        """Blocks given since the last collection (``gc_alloc_amount``)."""
        return self._runs.taken - self._taken_before

    @property
    def free_bytes(self) -> int:
        """Bytes in free blocks (``gc.mem_free()``)."""
        return (sum(area.blocks for area in self.areas) - self._used_blocks) * BLOCK


def _no_chunk(address: int) -> ValueError:
    return ValueError(f"no chunk of the heap starts at 0x{address:08x}")


__all__ = ["GcHeap", "GcInfo"]
