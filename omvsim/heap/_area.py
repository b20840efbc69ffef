"""One area of MicroPython's GC heap: its geometry and its allocation table.

Rules: ``gc_setup_area()`` in micropython/micropython v1.26.0 ``py/gc.c``, measured on the OpenMV 4.8.1 firmware.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 16
"""Bytes of a block (``MICROPY_BYTES_PER_GC_BLOCK``)."""
BLOCKS_PER_ATB = 4
"""Blocks described by one byte of the allocation table (two bits each)."""
AREA_DESCRIPTOR = 32
"""``sizeof(mp_state_mem_area_t)``: an area that is *added* keeps its descriptor in its own first bytes."""

FREE, HEAD, TAIL = 0, 1, 2

_HINTED = 129
"""Runs of fewer blocks than this have a hint each; longer ones are rare and share the last."""
_NEAR = 64
"""Blocks that a search may walk again: cheaper than to move the hints."""
_FREE = tuple(bytes(count) for count in range(_HINTED))
_TAILED = tuple(b"\2" * count for count in range(_HINTED))

_FREE_RUN = re.compile(rb"\0+")
_CHUNK = re.compile(rb"\x01\x02*")
_TAILS = re.compile(rb"\x02*")


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
    """The allocation table of one area, one byte a block so that ``bytes.find`` can search it.

    ``last_free_atb`` is where a search starts (in bytes of the device's table, four blocks each) and
    ``last_used_block`` how far a sweep looks; both move as on the device, quirks included.

    The device looks at every block from its mark on. So that a full heap is not walked again for every request, this
    table also knows *hints*: before block ``_hints[n]`` no run of n free blocks starts. They never grow with n falling,
    so that one slice keeps them in order, and they change what a search costs, never what it finds.
    """

    __slots__ = (
        "_hints",
        "_longest",
        "finalisers",
        "geometry",
        "index",
        "kinds",
        "last_free_atb",
        "last_used_block",
        "pool_end",
        "pool_start",
        "used",
    )

    def __init__(self, index: int, geometry: AreaGeometry) -> None:
        self.index = index
        self.geometry = geometry
        self.pool_start = geometry.pool_start
        self.pool_end = geometry.pool_end
        self.kinds = bytearray(geometry.blocks)
        self.finalisers: set[int] = set()
        self.used = 0
        """Blocks in chunks."""
        self._longest: int | None = geometry.blocks
        self.last_free_atb = 0
        self.last_used_block = 0
        self._hints = [0] * (_HINTED + 1)

    def block_of(self, address: int) -> int:
        """Block number of an address in the pool."""
        return (address - self.pool_start) // BLOCK

    def address_of(self, block: int) -> int:
        """Address of a block."""
        return self.pool_start + block * BLOCK

    def find_free(self, count: int) -> int:
        """First block at or after the search mark that starts ``count`` free blocks; -1 if there is none."""
        if count < _HINTED:
            start, mark = self._hints[count], self.last_free_atb * BLOCKS_PER_ATB
            block = self.kinds.find(_FREE[count], start if start > mark else mark)
            if block > start + _NEAR or block < 0:
                self._proven(count, len(self.kinds) if block < 0 else block)
            return block
        if count > len(self.kinds):
            return -1  # before building a pattern of any size a hostile file may ask for
        return self.kinds.find(bytes(count), max(self._hints[_HINTED], self.last_free_atb * BLOCKS_PER_ATB))

    def _proven(self, count: int, block: int) -> None:
        """Raise the hints: no run of ``count`` free blocks starts before ``block``, so no longer one does."""
        hints = self._hints
        last = bisect_left(hints, block, count)
        if last > count:
            hints[count:last] = [block] * (last - count)

    def take(self, block: int, count: int) -> None:
        """Make ``count`` free blocks a chunk."""
        self.used += count
        self._longest = None
        kinds = self.kinds
        kinds[block] = HEAD
        last = block + count - 1
        if count > 1:
            kinds[block + 1 : last + 1] = _TAILED[count - 1] if count <= _HINTED else b"\2" * (count - 1)
        self.last_used_block = max(self.last_used_block, last)

    def _freed(self, block: int, count: int) -> None:
        """Lower the hints of every length that the free run around these blocks, which are free now, has room for."""
        kinds, start, end = self.kinds, block, block + count
        if block and not kinds[block - 1]:
            head = kinds.rfind(HEAD, 0, block)
            start = head + self.chunk_blocks(head) if head >= 0 else 0
        if end < len(kinds) and not kinds[end]:
            behind = kinds.find(HEAD, end, start + _HINTED)
            end = behind if behind >= 0 else max(end, min(start + _HINTED, len(kinds)))
        hints = self._hints
        after = min(end - start, _HINTED) + 1
        if hints[after - 1] > start:
            first = bisect_right(hints, start, 0, after)
            hints[first:after] = [start] * (after - first)

    def chunk_blocks(self, block: int) -> int:
        """Blocks of the chunk whose head is ``block``."""
        kinds = self.kinds
        if block + 1 < len(kinds) and kinds[block + 1] != TAIL:
            return 1
        match = _TAILS.match(kinds, block + 1)
        return 1 if match is None else match.end() - block

    def clear(self, block: int, count: int) -> None:
        """Give ``count`` blocks back."""
        self.used -= count
        self._longest = None
        self.kinds[block : block + count] = _FREE[count] if count < _HINTED else bytes(count)
        self._freed(block, count)

    def extend(self, block: int, count: int, new_count: int) -> None:
        """Let a chunk of ``count`` blocks grow in place to ``new_count``."""
        self.kinds[block + count : block + new_count] = b"\2" * (new_count - count)
        self.used += new_count - count
        self._longest = None
        self.last_used_block = max(self.last_used_block, block + new_count - 1)

    def wipe(self) -> None:
        """Free everything."""
        self.kinds[:] = bytes(len(self.kinds))
        self.used = 0
        self._longest = None
        self._hints = [0] * (_HINTED + 1)

    def free_runs(self) -> Iterator[tuple[int, int]]:
        """(first block, blocks) of every free run."""
        for match in _FREE_RUN.finditer(self.kinds):
            yield match.start(), match.end() - match.start()

    def chunks(self) -> Iterator[tuple[int, int]]:
        """(first block, blocks) of every allocated chunk."""
        for match in _CHUNK.finditer(self.kinds):
            yield match.start(), match.end() - match.start()

    def occupancy(self, parts: int) -> Iterator[int]:
        """Blocks in chunks in each of ``parts`` equal parts of the pool, by address."""
        bounds = [len(self.kinds) * part // parts for part in range(parts + 1)]
        for first, last in itertools.pairwise(bounds):
            yield last - first - self.kinds.count(0, first, last)

    def longest_free_run(self) -> int:
        """Blocks of the longest free run."""
        if self._longest is None:
            self._longest = self._find_longest()
        return self._longest

    def _find_longest(self) -> int:
        """Most areas end in one long run: whatever is longer must fit before it."""
        kinds = self.kinds
        tail = len(kinds) - 1 - max(kinds.rfind(HEAD), kinds.rfind(TAIL))
        before = len(kinds) - tail
        if before - self.used <= tail:
            return tail
        used = self.kinds.rstrip(b"\0")  # what lies behind the last chunk is often all there is: not worth a scan
        longest = len(self.kinds) - len(used)
        for match in _FREE_RUN.finditer(used):
            longest = max(longest, match.end() - match.start())
        return longest

    def swept(self) -> None:
        """What the end of a collection leaves behind: marks back at the start."""
        self.last_used_block = max(self.kinds.rfind(HEAD), self.kinds.rfind(TAIL), 0)
        self.last_free_atb = 0
