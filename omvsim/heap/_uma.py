"""UMA: the memory pools of firmware 5.0.0, each a TLSF heap, chosen by attribute flags.

Rules from openmv/openmv v5.0.0 ``common/umalloc.c`` and ``umalloc.h``, checked against traces of the running
firmware. Sizes are bytes; a request that fails raises ``DeviceMemoryError("Out of memory")`` unless it carries
``UmaFlag.MAYBE``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceMemoryError, DeviceRuntimeError
from omvsim.heap._tlsf import CONTROL_SIZE, POOL_OVERHEAD, TlsfBlock, TlsfHeap
from omvsim.heap._uma_flags import UmaFlag
from omvsim.records import NamedTuple
from omvsim.units import align_down, align_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_POOLS = 4
OUT_OF_MEMORY = "Out of memory"

_WORD = 0xFFFF_FFFF


_ATTRIBUTES = 0xFF
_MAYBE, _STRICT, _CACHE, _PERSIST = (int(f) for f in (UmaFlag.MAYBE, UmaFlag.STRICT, UmaFlag.CACHE, UmaFlag.PERSIST))
_TRANSIENT = int(UmaFlag.TRANSIENT)


class UmaRegion(NamedTuple):
    """Memory that becomes a pool: ``flags`` are its attributes, 0 for the generic pool.

    ``dirty``: bit 31 of the word in front of the pool's first block is set in RAM at power-on. It is 0 under an
    emulator and unknown on a camera; addresses and sizes do not depend on it, only whether the first block is born
    persistent.
    """

    base: int
    size: int
    flags: int = 0
    dirty: bool = False


class UmaStats(NamedTuple):
    """``umalloc.stats()``, in its order; ``peak_bytes`` is 0 unless one pool was asked for."""

    used_count: int
    free_count: int
    persist_count: int
    used_bytes: int
    free_bytes: int
    persist_bytes: int
    peak_bytes: int


class UmaCollected(NamedTuple):
    """What a collection gave back in one pool."""

    freed: int
    blocks: int


class UmaPool:
    """One pool and its books; ``size`` is what requests can use, ``free`` counts block sizes without their headers."""

    def __init__(self, region: UmaRegion) -> None:
        self.region = region
        self.size = max(0, region.size - CONTROL_SIZE - POOL_OVERHEAD)
        self._start(dirty=region.dirty)

    def restart(self) -> None:
        """Create the heap anew on memory that keeps its content, as ``umalloc.init()`` and a soft reset do."""
        self._start(dirty=self.heap.first_word_dirty)

    def _start(self, *, dirty: bool) -> None:
        self.heap = TlsfHeap(self.region.base, self.region.size, dirty=dirty)
        self.free = self.size
        self.persist = 0
        self.peak = 0

    @property
    def flags(self) -> int:
        """The pool's attributes."""
        return self.region.flags

    @property
    def alloc_size_max(self) -> int:
        """The largest request this pool is sure to serve."""
        return self.heap.alloc_size_max

    def __contains__(self, address: int) -> bool:
        return self.region.base <= address < self.region.base + self.region.size

    def _note_peak(self) -> None:
        self.peak = max(self.peak, self.size - self.free)


class UmaPools:
    """All pools, in table order; ``cache_line`` is that of the Cortex-M7.

    Raises:
        DeviceMemoryError: more than four regions.
    """

    def __init__(self, regions: Sequence[UmaRegion], *, cache_line: int = 32) -> None:
        if len(regions) > MAX_POOLS:
            raise DeviceMemoryError(OUT_OF_MEMORY)
        self.pools = tuple(UmaPool(region) for region in regions)
        self.cache_line = cache_line
        self.watch: Callable[[int, int, int | None], None] | None = None
        """Told of every request for a new block, as asked for: bytes, flags and the address (None: no room)."""
        self._locked = 0

    def find(self, size: int, flags: int = 0) -> UmaPool | None:
        """The pool a request goes to: the first exact match with room, else the first partial, else a generic one."""
        wanted = flags & _ATTRIBUTES
        strict = bool(flags & _STRICT)
        partial: UmaPool | None = None
        generic: UmaPool | None = None
        for pool in self.pools:
            if pool.alloc_size_max < size:
                continue
            if pool.flags == wanted:
                return pool
            if not strict and partial is None and pool.flags & wanted:
                partial = pool
            if not strict and generic is None and not pool.flags:
                generic = pool
        return partial or generic

    def pool_of(self, address: int) -> UmaPool:
        """The pool that holds ``address``.

        Raises:
            DeviceMemoryError: none does (the firmware's own answer to a foreign pointer).
        """
        for pool in self.pools:
            if address in pool:
                return pool
        raise DeviceMemoryError(OUT_OF_MEMORY)

    def malloc(self, size: int, flags: int = 0) -> int | None:
        """``uma_malloc``: the address, or None for 0 bytes and for a failed request with ``MAYBE``.

        Raises:
            DeviceMemoryError: no pool has room.
        """
        if size == 0:
            return None
        return self._watched(size, flags, self._shape(size, flags))

    def malign(self, size: int, align: int, flags: int = 0) -> int | None:
        """``uma_malign``: as ``malloc`` at a multiple of ``align``, which rounds the size to 4 at most.

        Raises:
            DeviceMemoryError: no pool has room.
        """
        if size == 0:
            return None
        return self._watched(size, flags, (align_up(size, min(align, 4)), align))

    def realloc(self, address: int | None, size: int, flags: int = 0) -> int | None:
        """``uma_realloc``: in place where the block above allows it, else a new block, perhaps in another pool.

        Raises:
            DeviceRuntimeError: the block is persistent.
            DeviceMemoryError: no pool has room; the old block stays.
        """
        if address is None:
            return self.malloc(size, flags)
        pool = self.pool_of(address)
        if flags & _PERSIST or pool.heap.is_persistent(address):
            raise DeviceRuntimeError("can't realloc a persistent block")
        if size == 0:
            self.free(address)
            return None
        old_size = pool.heap.block_size(address)
        size, align = self._shape(size, flags)
        if pool.heap.can_resize(address, size):
            pool.heap.realloc(address, size)
            pool.free += old_size - pool.heap.block_size(address)
            pool._note_peak()
            return address
        return self._move(address, size, align, flags)

    def free(self, address: int | None) -> None:
        """``uma_free``; None does nothing."""
        if address is None:
            return
        pool = self.pool_of(address)
        size = pool.heap.block_size(address)
        if pool.heap.is_persistent(address):
            # An unsigned word: a block born persistent in dirty RAM was never added, so this can wrap below zero.
            pool.persist = (pool.persist - size) & _WORD
        pool.free += size
        pool.heap.free(address)

    def collect(self) -> tuple[UmaCollected, ...]:
        """``uma_collect``: free all that is not persistent, as every caught exception does; empty if locked."""
        if self._locked:
            return ()
        result = tuple(UmaCollected(*pool.heap.collect()) for pool in self.pools)
        for pool, (freed, _) in zip(self.pools, result, strict=True):
            pool.free += freed
        return result

    def collect_lock(self) -> None:
        """Make collections do nothing until as many ``collect_unlock``."""
        self._locked += 1

    def collect_unlock(self) -> None:
        """Undo one ``collect_lock``."""
        self._locked -= 1

    def avail(self, flags: int = 0) -> int:
        """``uma_avail``: the largest request the preferred pool serves, in whole cache lines; 0 without a pool."""
        pool = self.find(0, flags)
        return 0 if pool is None else align_down(pool.alloc_size_max, self.cache_line)

    def init(self) -> None:
        """``umalloc.init()``: forget every block; pointers dangle, and bit 31 of a pool's first block stays in RAM."""
        for pool in self.pools:
            pool.restart()

    def stats(self, index: int = -1) -> UmaStats:
        """``umalloc.stats(index)``; an index that is no pool means all, like none at all."""
        one = 0 <= index < len(self.pools)
        pools = (self.pools[index],) if one else self.pools
        blocks = [block for pool in pools if not pool.flags & _TRANSIENT for block in pool.heap.walk()]
        free = sum(block.free for block in blocks)
        persist = sum(block.persistent for block in blocks)
        return UmaStats(
            used_count=len(blocks) - free - persist,
            free_count=free,
            persist_count=persist,
            used_bytes=sum(pool.size - pool.free for pool in pools),
            free_bytes=sum(pool.free for pool in pools),
            persist_bytes=sum(pool.persist for pool in pools) & _WORD,
            peak_bytes=pools[0].peak if len(pools) == 1 else 0,
        )

    def walk(self, index: int) -> list[TlsfBlock]:
        """Every block of pool ``index`` in address order."""
        return list(self.pools[index].heap.walk())

    def _shape(self, size: int, flags: int) -> tuple[int, int]:
        """Size and alignment of a request: with ``CACHE`` both are whole cache lines."""
        return (align_up(size, self.cache_line), self.cache_line) if flags & _CACHE else (size, 1)

    def _place(self, size: int, align: int, flags: int) -> tuple[UmaPool, int] | None:
        pool = self.find(size, flags)
        address = pool.heap.memalign(align, size) if pool is not None else None
        if pool is None or address is None:
            if flags & _MAYBE:
                return None
            raise DeviceMemoryError(OUT_OF_MEMORY)
        return pool, address

    def _watched(self, size: int, flags: int, shape: tuple[int, int]) -> int | None:
        """A request of ``size`` that comes to this size and alignment; whoever watches is told."""
        address = None
        try:
            address = self._allocate(*shape, flags)
        finally:
            if self.watch is not None:
                self.watch(size, flags, address)
        return address

    def _allocate(self, size: int, align: int, flags: int) -> int | None:
        placed = self._place(size, align, flags)
        if placed is None:
            return None
        pool, address = placed
        block = pool.heap.block_size(address)
        pool.free -= block
        if flags & _PERSIST:
            pool.heap.set_persistent(address)
            pool.persist = (pool.persist + block) & _WORD
        pool._note_peak()
        return address

    def _move(self, address: int, size: int, align: int, flags: int) -> int | None:
        """The new block is taken before the old one goes, and counted after it: the peak never sees both."""
        placed = self._place(size, align, flags)
        if placed is None:
            return None
        pool, moved = placed
        self.free(address)
        pool.free -= pool.heap.block_size(moved)
        pool._note_peak()
        return moved
