"""Two-Level Segregated Fit (TLSF) heap: the allocator under each UMA pool of firmware 5.0.0.

The algorithm is Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems" (ECRTS 2004). Parameters
and the corners that decide addresses (which end a gap goes to, where the round-up happens, last-in-first-out lists)
are those of openmv/openmv v5.0.0 ``common/tlsf.c``: 4-byte alignment, blocks below 1 GiB, 32 second-level lists, a
4-byte header in front of every block. Addresses are those of the user data, just behind the header; all sizes are
bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash
from omvsim.records import NamedTuple
from omvsim.units import align_up

if TYPE_CHECKING:
    from collections.abc import Iterator

ALIGN_SIZE = 4
BLOCK_HEADER = 4
BLOCK_SIZE_MIN = 12
BLOCK_SIZE_MAX = 1 << 30
CONTROL_SIZE = 3188  # null block 16, first-level bitmap 4, 24 second-level bitmaps, 24 * 32 list heads
POOL_OVERHEAD = 8  # header of the first block and of the sentinel

_FREE_BLOCK_HEADER = BLOCK_HEADER + BLOCK_SIZE_MIN  # what a free block needs, so the smallest gap that can be split off
_SECOND_LEVEL_LOG2 = 5
_SMALL_BLOCK_LOG2 = 7  # below 128 bytes every 4 bytes is a list of its own
_SMALL_BLOCK = 1 << _SMALL_BLOCK_LOG2
_FIRST_LEVELS = 30 - _SMALL_BLOCK_LOG2 + 1


class TlsfBlock(NamedTuple):
    """One block as a walk over the pool shows it."""

    address: int
    size: int
    free: bool
    persistent: bool


class _Block:
    """A block and its physical neighbours; ``persist`` is bit 31 of the size word, which free blocks keep too."""

    __slots__ = ("above", "address", "below", "free", "persist", "size")

    def __init__(self, address: int, size: int, below: _Block | None, above: _Block | None) -> None:
        self.address = address
        self.size = size
        self.free = False
        self.persist = False
        self.below = below
        self.above = above


def adjust_request(size: int, align: int = ALIGN_SIZE) -> int:
    """The block size a request of ``size`` bytes needs: rounded up, at least 12; 0 if it is 0 or 1 GiB and more."""
    aligned = align_up(size, align)
    return max(aligned, BLOCK_SIZE_MIN) if 0 < aligned < BLOCK_SIZE_MAX else 0


def _rounding(size: int) -> int:
    """How far good-fit search rounds ``size`` up, so that any block of the list it arrives at is large enough."""
    return (1 << (size.bit_length() - 1 - _SECOND_LEVEL_LOG2)) - 1 if size >= _SMALL_BLOCK else 0


def _mapping(size: int) -> tuple[int, int]:
    """First- and second-level index of the free list that holds blocks of ``size`` bytes."""
    if size < _SMALL_BLOCK:
        return 0, size // ALIGN_SIZE
    high = size.bit_length() - 1
    return high - _SMALL_BLOCK_LOG2 + 1, (size >> (high - _SECOND_LEVEL_LOG2)) ^ (1 << _SECOND_LEVEL_LOG2)


def _lowest_bit(word: int) -> int:
    return (word & -word).bit_length() - 1


class TlsfHeap:
    """A TLSF heap on the memory ``[base, base + size)``; its control structure takes the first 3188 bytes.

    ``dirty`` says that bit 31 of the word in front of the first block was set in RAM before. The firmware does not
    clear that word (``tlsf_add_pool``), so the first block carved from the pool is then born persistent (measured).

    Raises:
        ValueError: ``base`` is not a multiple of 4 (an assertion of the firmware).
        DeviceCrash: the pool is one block of just 1 GiB, which ``tlsf_add_pool`` lets pass. Its list would be the first
            behind the last (``mapping_insert``): the block's own size word is taken for the list's head and written to.
    """

    def __init__(self, base: int, size: int, *, dirty: bool = False) -> None:
        if base % ALIGN_SIZE:
            raise ValueError(f"a TLSF heap starts at a multiple of {ALIGN_SIZE}, not at {base:#x}")
        self.base = base
        self.size = size
        self._used: dict[int, _Block] = {}
        # Lists are dictionaries by address in order of insertion: the last entry is the head of the device's list.
        self._lists: dict[tuple[int, int], dict[int, _Block]] = {}
        self._first_map = 0
        self._second_maps = [0] * _FIRST_LEVELS
        first = base + CONTROL_SIZE + BLOCK_HEADER
        usable = (size - CONTROL_SIZE - POOL_OVERHEAD) // ALIGN_SIZE * ALIGN_SIZE
        self._first: _Block | None = None
        if usable == BLOCK_SIZE_MAX:
            raise DeviceCrash(f"a UMA pool of {size} bytes is one block of 1 GiB, for which TLSF has no list")
        if BLOCK_SIZE_MIN <= usable < BLOCK_SIZE_MAX:
            self._first = _Block(first, usable, None, None)
            self._first.above = _Block(first + usable + BLOCK_HEADER, 0, self._first, None)  # the sentinel
            self._first.persist = dirty
            self._insert(self._first)

    @property
    def alloc_size_max(self) -> int:
        """The largest request sure to succeed: the head of the highest list less the search's round-up.

        Not the largest free block: a larger block may stand behind that head, and requests between this value and the
        free size fail although they would fit.
        """
        if not self._first_map:
            return 0
        first = self._first_map.bit_length() - 1
        block = self._head((first, self._second_maps[first].bit_length() - 1))
        return block.size - _rounding(block.size)

    @property
    def first_word_dirty(self) -> bool:
        """Bit 31 of the word in front of the first block: what a heap created anew on this memory inherits."""
        return self._first is not None and self._first.persist

    def malloc(self, size: int) -> int | None:
        """Allocate ``size`` bytes; the address, or None if no list holds a block sure to be large enough."""
        adjust = adjust_request(size)
        block = self._locate_free(adjust)
        return None if block is None else self._use(block, adjust)

    def memalign(self, align: int, size: int) -> int | None:
        """Allocate ``size`` bytes at a multiple of ``align``, giving the gap in front back as a free block.

        Raises:
            ValueError: ``align`` is not a power of two (an assertion of the firmware).
        """
        if align < 1 or align & (align - 1):
            raise ValueError(f"{align} is not a power of two")
        adjust = adjust_request(size)
        if not adjust or align <= ALIGN_SIZE:
            return self.malloc(size)
        block = self._locate_free(adjust_request(adjust + align + _FREE_BLOCK_HEADER, align))
        if block is None:
            return None
        aligned = align_up(block.address, align)
        gap = aligned - block.address
        if 0 < gap < _FREE_BLOCK_HEADER:
            aligned = align_up(aligned + max(_FREE_BLOCK_HEADER - gap, align), align)
            gap = aligned - block.address
        if gap:
            leading, block = block, self._split(block, gap - BLOCK_HEADER)
            self._insert(leading)
        return self._use(block, adjust)

    def free(self, address: int) -> None:
        """Free the block at ``address`` and merge it with free neighbours."""
        block = self._block(address)
        del self._used[address]
        block.persist = False
        if block.below is not None and block.below.free:
            self._remove(block.below)
            block = self._absorb_next(block.below)
        block = self._merge_next(block)
        self._insert(block)

    def realloc(self, address: int, size: int) -> int | None:
        """Shrink or grow the block at ``address``, moving it if what lies above is used or too small.

        None if it would have to move and there is no room; the block then stays as it is. Size 0 frees it.
        """
        if size == 0:
            self.free(address)
            return None
        block = self._block(address)
        adjust = adjust_request(size)
        if not self.can_resize(address, size):
            moved = self.malloc(size)
            if moved is not None:
                self.free(address)
            return moved
        if adjust > block.size:
            self._merge_next(block)
        if adjust and block.size >= _FREE_BLOCK_HEADER + adjust:
            self._insert(self._merge_next(self._split(block, adjust)))
        return address

    def can_resize(self, address: int, size: int) -> bool:
        """Whether the block at ``address`` can take ``size`` bytes without moving."""
        block = self._block(address)
        adjust = adjust_request(size)
        if size and not adjust:
            return False
        above = block.above
        assert above is not None, "a used block always has the sentinel above it"
        return adjust <= block.size or (above.free and adjust <= block.size + above.size + BLOCK_HEADER)

    def block_size(self, address: int) -> int:
        """Bytes of the used block at ``address``."""
        return self._block(address).size

    def is_persistent(self, address: int) -> bool:
        """Whether ``collect`` spares the used block at ``address``."""
        return self._block(address).persist

    def set_persistent(self, address: int) -> None:
        """Make ``collect`` spare the used block at ``address``."""
        self._block(address).persist = True

    def collect(self) -> tuple[int, int]:
        """Free every used block that is not persistent, in address order; (bytes, blocks) freed."""
        doomed = sorted(address for address, block in self._used.items() if not block.persist)
        freed = sum(self._used[address].size for address in doomed)
        for address in doomed:
            self.free(address)
        return freed, len(doomed)

    def walk(self) -> Iterator[TlsfBlock]:
        """Every block in address order, without the sentinel."""
        block = self._first
        while block is not None and block.size:
            yield TlsfBlock(block.address, block.size, block.free, block.persist and not block.free)
            block = block.above

    def __contains__(self, address: int) -> bool:
        return address in self._used

    def _block(self, address: int) -> _Block:
        block = self._used.get(address)
        if block is None:
            raise DeviceCrash(f"no block is allocated at {address:#010x}: the TLSF heap would be corrupted")
        return block

    def _head(self, index: tuple[int, int]) -> _Block:
        return next(reversed(self._lists[index].values()))

    def _insert(self, block: _Block) -> None:
        block.free = True
        index = first, second = _mapping(block.size)
        self._lists.setdefault(index, {})[block.address] = block
        self._first_map |= 1 << first
        self._second_maps[first] |= 1 << second

    def _remove(self, block: _Block) -> None:
        block.free = False
        index = first, second = _mapping(block.size)
        entries = self._lists[index]
        del entries[block.address]
        if not entries:
            self._second_maps[first] &= ~(1 << second)
            if not self._second_maps[first]:
                self._first_map &= ~(1 << first)

    def _locate_free(self, size: int) -> _Block | None:
        """Take the first block of the lowest list whose blocks are all at least ``size`` (good fit)."""
        if not size:
            return None
        first, second = _mapping(size + _rounding(size))
        if first >= _FIRST_LEVELS:
            return None
        candidates = self._second_maps[first] & (-1 << second)
        if not candidates:
            higher = self._first_map & (-1 << (first + 1))
            if not higher:
                return None
            first = _lowest_bit(higher)
            candidates = self._second_maps[first]
        block = self._head((first, _lowest_bit(candidates)))
        self._remove(block)
        return block

    def _use(self, block: _Block, size: int) -> int:
        """Give back what ``size`` does not need of a block taken from its list; the address."""
        if block.size >= _FREE_BLOCK_HEADER + size:
            self._insert(self._split(block, size))
        self._used[block.address] = block
        return block.address

    @staticmethod
    def _split(block: _Block, size: int) -> _Block:
        """Cut ``block`` down to ``size`` bytes; the rest, which starts with a clear persist bit, in no list yet."""
        rest = _Block(block.address + size + BLOCK_HEADER, block.size - size - BLOCK_HEADER, block, block.above)
        assert block.above is not None, "the sentinel is never split"
        block.above.below = rest
        block.above = rest
        block.size = size
        return rest

    def _absorb_next(self, block: _Block) -> _Block:
        """Join the block above, which is in no list, to ``block``; ``block`` keeps its own flags."""
        above = block.above
        assert above is not None, "the sentinel is never absorbed"
        assert above.above is not None, "the sentinel is never absorbed"
        block.size += above.size + BLOCK_HEADER
        block.above = above.above
        above.above.below = block
        return block

    def _merge_next(self, block: _Block) -> _Block:
        above = block.above
        if above is not None and above.free:
            self._remove(above)
            self._absorb_next(block)
        return block
