"""MicroPython's garbage-collected heap, address-exact, over one or several areas.

The rules are those of ``gc_alloc``, ``gc_free`` and ``gc_realloc`` in micropython/micropython v1.26.0 ``py/gc.c``
with the split heap, as measured on the OpenMV 4.8.1 firmware (every address of 116 698 recorded allocations). What a
collection frees is not decided here: the heap asks its ``collector`` (see :mod:`omvsim.heap._objects`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.heap._area import BLOCK, BLOCKS_PER_ATB, HEAD, Area, AreaGeometry, blocks_for
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


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
        self.areas = [
            Area(index, AreaGeometry.of(start, length, added=index > 0)) for index, (start, length) in enumerate(areas)
        ]
        if not self.areas:
            raise ValueError("a heap needs at least one area")
        self.collector = collector
        self.auto_collect = True
        self.lock_depth = 0
        self.threshold: int | None = None
        self.collections = 0
        self._last_free_area = 0
        self._allocated_blocks = 0

    # -- allocating ---------------------------------------------------------------------------------------------

    def alloc(self, size: int, *, finaliser: bool = False) -> int | None:
        """Address of a new chunk of ``size`` bytes; None if ``size`` is 0, the heap is locked or there is no room.

        Without room there is one collection (unless ``auto_collect`` is off) and one more search.
        """
        count = -(-size // BLOCK)
        if count <= 0 or self.lock_depth:
            return None
        may_collect = self.auto_collect
        if may_collect and self.threshold is not None and self._allocated_blocks >= self.threshold:
            self.collect()
            may_collect = False
        # The marked area first, without the walk over all of them: it is nearly always the one.
        area = self.areas[self._last_free_area]
        block = area.find_free(count)
        if block < 0:
            found = self._search(count)
            if found is None and may_collect:
                self.collect()
                found = self._search(count)
            if found is None:
                return None
            area, block = found
        area.take(block, count)
        if count == 1:
            # Only a one-block search proves that nothing is free before its find, so only it moves the marks.
            self._last_free_area = area.index
            area.last_free_atb = (block + 1) // BLOCKS_PER_ATB
        self._allocated_blocks += count
        if finaliser:
            area.finalisers.add(block)
        return area.pool_start + block * BLOCK

    def _search(self, count: int) -> tuple[Area, int] | None:
        """The first run of ``count`` free blocks, from the marked area and that area's own mark on."""
        for area in self.areas[self._last_free_area :]:
            block = area.find_free(count)
            if block >= 0:
                return area, block
            if count == 1:
                # The device counts table bytes here although the mark is in units of one: a quarter, not the end.
                area.last_free_atb = (area.geometry.atb_bytes + 1) // BLOCKS_PER_ATB
        return None

    def free(self, address: int | None) -> int:
        """Free a chunk; returns its blocks (0 for None, or while the heap is locked)."""
        if address is None or self.lock_depth:
            return 0
        area, block = self.locate(address)
        count = area.chunk_blocks(block)
        self._give_back(area, block, count)
        area.finalisers.discard(block)
        return count

    def _give_back(self, area: Area, block: int, count: int) -> None:
        if area.index != self._last_free_area:
            self._last_free_area = 0
        area.last_free_atb = min(area.last_free_atb, block // BLOCKS_PER_ATB)
        area.clear(block, count)

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
        area, block = self.locate(address)
        old, new = area.chunk_blocks(block), blocks_for(size)
        if new == old:
            return address
        if new < old:
            self._give_back(area, block + new, old - new)
            return address
        wanted = bytes(new - old)
        if area.kinds[block + old : block + new] == wanted:
            area.extend(block, old, new)
            return address
        if not allow_move:
            return None
        moved = self.alloc(size, finaliser=block in area.finalisers)
        if moved is not None:
            self.free(address)
        return moved

    # -- collecting ---------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """``gc.collect()``: free what the collector finds dead, and put every search mark back to the start."""
        self.collections += 1
        self._allocated_blocks = 0
        if self.collector is not None:
            self.collector()
        for area in self.areas:
            area.swept()
        self._last_free_area = 0

    def retain(self, live: Iterable[int]) -> None:
        """Free every chunk whose address is not in ``live`` (for collectors)."""
        kept: list[list[tuple[int, int]]] = [[] for _ in self.areas]
        for address in live:
            area, block = self.locate(address)
            kept[area.index].append((block, area.chunk_blocks(block)))
        for area, chunks in zip(self.areas, kept, strict=True):
            area.wipe()
            for block, count in chunks:
                area.take(block, count)
            area.finalisers.intersection_update(block for block, _ in chunks)

    def release(self, dead: Iterable[int]) -> None:
        """Free exactly the chunks in ``dead`` (for collectors that know the dead, such as a replay)."""
        for address in dead:
            area, block = self.locate(address)
            area.clear(block, area.chunk_blocks(block))
            area.finalisers.discard(block)

    # -- looking ------------------------------------------------------------------------------------------------

    def area_of(self, address: int) -> Area | None:
        """The area whose pool holds ``address``."""
        for area in self.areas:
            if area.pool_start <= address < area.pool_end:
                return area
        return None

    def locate(self, address: int) -> tuple[Area, int]:
        """Area and block of a chunk.

        Raises:
            ValueError: no chunk starts at ``address``.
        """
        for area in self.areas:
            if area.pool_start <= address < area.pool_end:
                block, inside = divmod(address - area.pool_start, BLOCK)
                if inside or area.kinds[block] != HEAD:
                    break
                return area, block
        raise ValueError(f"no chunk of the heap starts at 0x{address:08x}")

    def is_chunk(self, address: int) -> bool:
        """Whether a chunk starts at ``address``."""
        area = self.area_of(address)
        return area is not None and address % BLOCK == 0 and area.kinds[area.block_of(address)] == HEAD

    def max_free(self) -> int:
        """Blocks of the longest free run in one area."""
        return max(area.longest_free_run() for area in self.areas)

    def info(self) -> GcInfo:
        """What ``gc_info()`` reports now."""
        total = sum(len(area.kinds) for area in self.areas)
        free = total - sum(area.used for area in self.areas)
        sizes = [count for area in self.areas for _, count in area.chunks()]
        return GcInfo(
            total=total * BLOCK,
            used=(total - free) * BLOCK,
            free=free * BLOCK,
            max_free=self.max_free(),
            max_block=max(sizes, default=0),
            num_1block=sizes.count(1),
            num_2block=sizes.count(2),
        )

    @property
    def used(self) -> int:
        """Bytes in chunks, garbage included (``gc.mem_alloc()``)."""
        return sum(area.used for area in self.areas) * BLOCK

    @property
    def free_bytes(self) -> int:
        """Bytes in free blocks (``gc.mem_free()``)."""
        return sum(len(area.kinds) - area.used for area in self.areas) * BLOCK


__all__ = ["GcHeap", "GcInfo"]
