"""One area of MicroPython's GC heap: its geometry and its allocation table.

Rules: ``gc_setup_area()`` in micropython/micropython v1.26.0 ``py/gc.c``, measured on the OpenMV 4.8.1 firmware.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.heap._runs import FreeRuns

BLOCK = 16
"""Bytes of a block (``MICROPY_BYTES_PER_GC_BLOCK``)."""
BLOCKS_PER_ATB = 4
"""Blocks described by one byte of the allocation table (two bits each)."""
AREA_DESCRIPTOR = 32
"""``sizeof(mp_state_mem_area_t)``: an area that is *added* keeps its descriptor in its own first bytes."""

FREE, HEAD, TAIL = 0, 1, 2


def blocks_for(size: int) -> int:
    """Blocks that a request of ``size`` bytes takes."""
    return -(-size // BLOCK)


class AreaGeometry(NamedTuple):
    """Where the tables and the pool of an area lie, given its memory."""

    start: int
    length: int
    atb_start: int
    atb_bytes: int
    ftb_start: int
    ftb_bytes: int
    pool_start: int
    pool_end: int

    @property
    def blocks(self) -> int:
        """Blocks in the pool."""
        return self.atb_bytes * BLOCKS_PER_ATB

    @classmethod
    def of(cls, start: int, length: int, *, added: bool) -> AreaGeometry:
        """Lay out an area of ``length`` bytes at ``start``.

        ``added`` says whether it came by ``gc_add`` (every area but the first): it then loses 32 bytes to its
        descriptor. Of the T bytes left, A = (T-1)*8 // (8+4+512) go to the allocation table, one byte to a gap,
        ceil(A*4/8) to the finaliser table, and 4*A blocks stand at the end.

        Raises:
            ValueError: too small for a single block.
        """
        end = (start + length) // BLOCK * BLOCK
        table = start + (AREA_DESCRIPTOR if added else 0)
        total = end - table
        bits_per_block = 2 + 1 + BLOCK * 8
        atb_bytes = (total - 1) * 8 // (BLOCKS_PER_ATB * bits_per_block) if total > 0 else 0
        if atb_bytes < 1:
            raise ValueError(f"a GC area of {length} bytes has no room for a block")
        ftb_bytes = -(-atb_bytes * BLOCKS_PER_ATB // 8)
        pool_start = end - atb_bytes * BLOCKS_PER_ATB * BLOCK
        return cls(start, length, table, atb_bytes, table + atb_bytes + 1, ftb_bytes, pool_start, end)


class Area:
    """One area of a heap, as a view on the heap's own books.

    ``base`` is its first position on the line of :class:`~omvsim.heap._runs.FreeRuns`, ``runs`` the free runs and
    ``sizes`` the blocks of every chunk by address, both of the whole heap.
    """

    __slots__ = ("_runs", "_sizes", "base", "blocks", "geometry", "index", "pool_end", "pool_start")

    def __init__(self, index: int, geometry: AreaGeometry, base: int, runs: FreeRuns, sizes: dict[int, int]) -> None:
        self.index = index
        self.geometry = geometry
        self.pool_start = geometry.pool_start
        self.pool_end = geometry.pool_end
        self.blocks = geometry.blocks
        self.base = base
        self._runs = runs
        self._sizes = sizes

    def block_of(self, address: int) -> int:
        """Block number of an address in the pool."""
        return (address - self.pool_start) // BLOCK

    def address_of(self, block: int) -> int:
        """Address of a block."""
        return self.pool_start + block * BLOCK

    @property
    def kinds(self) -> bytes:
        """The allocation table, a byte a block: ``FREE``, ``HEAD`` or ``TAIL``."""
        kinds = bytearray([FREE]) * self.blocks
        for block, count in self.chunks():
            kinds[block : block + count] = bytes((HEAD, *(TAIL,) * (count - 1)))
        return bytes(kinds)

    @property
    def used(self) -> int:
        """Blocks in chunks."""
        return self.blocks - sum(count for _, count in self._unordered())

    @property
    def last_used_block(self) -> int:
        """The highest block in use at any time since the last collection: as far as the next one looks."""
        return max(self._runs.reached(self.base, self.blocks) - 1, 0)

    def _unordered(self) -> Iterator[tuple[int, int]]:
        base, end = self.base, self.base + self.blocks
        return ((start - base, count) for start, count in self._runs.lengths.items() if base <= start < end)

    def free_runs(self) -> Iterator[tuple[int, int]]:
        """(first block, blocks) of every free run, by address."""
        return iter(sorted(self._unordered()))

    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first block, blocks) of every allocated chunk, by address."""
        start, end = self.pool_start, self.pool_end
        for address in sorted(address for address in self._sizes if start <= address < end):
            yield (address - start) // BLOCK, self._sizes[address]

    def occupancy(self, parts: int) -> Iterator[int]:
        """Blocks in chunks in each of ``parts`` equal parts of the pool, by address."""
        used = bytearray(b"\1") * self.blocks
        for start, count in self._unordered():
            used[start : start + count] = bytes(count)
        bounds = [self.blocks * part // parts for part in range(parts + 1)]
        for first, last in itertools.pairwise(bounds):
            yield used.count(1, first, last)

    def longest_free_run(self) -> int:
        """Blocks of the longest free run."""
        return max((count for _, count in self._unordered()), default=0)
