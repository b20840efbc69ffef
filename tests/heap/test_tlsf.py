"""TLSF: published parameters, the corners that decide addresses, and a state machine against a naive model."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from omvsim.errors import DeviceCrash
from omvsim.heap import TlsfHeap

BASE = 0x8000_0000
FIRST = BASE + 3192


def heap(size: int = 65536, **options: bool) -> TlsfHeap:
    return TlsfHeap(BASE, size, **options)


@pytest.mark.parametrize(
    ("size", "usable", "largest"),
    [(23 << 20, 24114052, 23589765), (512 << 10, 521092, 512901), (64 << 10, 62340, 61317)],
)
def test_geometry_of_the_rt1062_pools(size: int, usable: int, largest: int) -> None:
    fresh = heap(size)
    assert [tuple(block) for block in fresh.walk()] == [(FIRST, usable, True, False)]
    assert fresh.alloc_size_max == largest


def test_block_sizes_are_requests_rounded_to_4_and_at_least_12() -> None:
    fresh = heap()
    assert [fresh.block_size(fresh.malloc(n) or 0) for n in (1, 12, 13, 40, 41)] == [12, 12, 16, 40, 44]


def test_a_request_above_alloc_size_max_fails_although_the_block_is_larger() -> None:
    assert heap().alloc_size_max == 61317
    assert heap().malloc(61440) == FIRST  # the last whose search rounds to the list that holds 62340 bytes
    assert heap().malloc(61441) is None


def test_lists_are_last_in_first_out() -> None:
    fresh = heap()
    blocks = [fresh.malloc(256) or 0 for _ in range(6)]
    for index in (0, 4, 2):
        fresh.free(blocks[index])
    assert [fresh.malloc(256) for _ in range(3)] == [blocks[2], blocks[4], blocks[0]]


def test_good_fit_prefers_a_surely_large_block_to_an_exact_one() -> None:
    fresh = heap()
    exact, _, large, _ = (fresh.malloc(n) or 0 for n in (1000, 12, 4000, 12))
    fresh.free(exact)
    fresh.free(large)
    assert fresh.malloc(1000) == large  # 1000 is searched as 1015, whose list starts above 1000


def test_memalign_gives_the_gap_back() -> None:
    fresh = heap()
    address = fresh.memalign(32, 64)
    assert address == FIRST + 40  # 8 bytes to the boundary are too few for a block, so the next boundary but one
    assert next(iter(fresh.walk())) == (FIRST, 36, True, False)
    fresh.free(address or 0)
    assert len(list(fresh.walk())) == 1


def test_memalign_takes_a_block_that_is_aligned_as_it_is() -> None:
    fresh = heap()
    assert fresh.memalign(8, 64) == FIRST
    assert next(iter(fresh.walk())) == (FIRST, 64, False, False)


@pytest.mark.parametrize(
    ("before", "align", "gap"), [(16, 8, 20), (12, 8, 0), (12, 16, 24), (16, 16, 20), (24, 16, 28), (20, 32, 16)]
)
def test_a_gap_too_small_for_a_block_is_made_large_enough(before: int, align: int, gap: int) -> None:
    """tlsf_memalign: by what it lacks, at least by the alignment, and up to the next boundary."""
    fresh = heap()
    fresh.malloc(before)
    start = FIRST + before + 4
    assert fresh.memalign(align, 64) == start + gap
    assert [block.size for block in fresh.walk()][1] == (gap - 4 if gap else 64)


@pytest.mark.parametrize(("usable", "there"), [((1 << 30) - 4, True), ((1 << 30) + 4, False)])
def test_a_pool_has_a_block_of_at_most_one_gib(usable: int, there: bool) -> None:
    """tlsf_add_pool: "Memory size must be between …"."""
    fresh = heap(3188 + 8 + usable)
    assert [block.size for block in fresh.walk()] == ([usable] if there else [])


@pytest.mark.parametrize("more", range(4))
def test_a_block_of_just_one_gib_has_no_list(more: int) -> None:
    """Its first level is 24, one behind the last: tlsf_add_pool writes through the block's own size word."""
    with pytest.raises(DeviceCrash, match=f"a UMA pool of {3196 + (1 << 30) + more} bytes is one block of 1 GiB"):
        heap(3188 + 8 + (1 << 30) + more)


def test_realloc_in_place_and_moving() -> None:
    fresh = heap()
    first = fresh.malloc(64) or 0
    assert fresh.realloc(first, 256) == first
    assert fresh.realloc(first, 16) == first
    assert fresh.block_size(first) == 16
    fresh.malloc(16)
    moved = fresh.realloc(first, 1000)
    assert moved not in (first, None)
    assert fresh.realloc(moved or 0, 1 << 20) is None
    assert fresh.block_size(moved or 0) == 1000
    assert fresh.realloc(moved or 0, 0) is None
    assert moved not in fresh


def test_collect_spares_persistent_blocks() -> None:
    fresh = heap()
    kept = fresh.malloc(100) or 0
    fresh.malloc(200)
    fresh.malloc(300)
    fresh.set_persistent(kept)
    assert fresh.collect() == (500, 2)
    assert fresh.is_persistent(kept)
    assert [block.free for block in fresh.walk()] == [False, True]


def test_dirty_memory_makes_the_first_block_persistent_once() -> None:
    fresh = heap(dirty=True)
    first = fresh.malloc(100) or 0
    assert fresh.is_persistent(first)
    assert not fresh.is_persistent(fresh.malloc(100) or 0)
    fresh.free(first)
    assert not fresh.is_persistent(fresh.malloc(100) or 0)


@pytest.mark.parametrize("size", [0, 3188, 3200])
def test_too_little_memory_is_a_heap_that_gives_nothing(size: int) -> None:
    tiny = heap(size)
    assert tiny.alloc_size_max == 0
    assert tiny.malloc(1) is None
    assert list(tiny.walk()) == []


def test_requests_it_cannot_serve() -> None:
    fresh = heap()
    assert fresh.memalign(64, 62000) is None
    first = fresh.malloc(64) or 0
    assert not fresh.can_resize(first, 1 << 30)
    assert fresh.realloc(first, 1 << 30) is None
    fresh.free(first)
    assert fresh.malloc(0) is None
    assert fresh.malloc(1 << 30) is None
    assert fresh.memalign(32, 0) is None
    with pytest.raises(ValueError, match="power of two"):
        fresh.memalign(24, 10)
    with pytest.raises(ValueError, match="multiple of 4"):
        TlsfHeap(BASE + 2, 65536)
    with pytest.raises(DeviceCrash, match="0x80000010"):
        fresh.free(BASE + 16)


class NaiveTlsf:
    """Blocks in a row, searched whole: of those whose list is the request's or above it the lowest list's last one."""

    def __init__(self, usable: int) -> None:
        self.blocks = [Cut(FIRST, usable, since=0)]
        self.clock = 0

    def freed(self, at: int) -> None:
        """Free the block number ``at``, joined with its free neighbours."""
        self.clock += 1
        block = self.blocks[at]
        if at + 1 < len(self.blocks) and self.blocks[at + 1].since is not None:
            block.size += self.blocks.pop(at + 1).size + 4
        if at and self.blocks[at - 1].since is not None:
            self.blocks[at - 1].size += self.blocks.pop(at).size + 4
            block = self.blocks[at - 1]
        block.since = self.clock

    def cut(self, at: int, size: int) -> None:
        """What block number ``at`` does not need is a free one behind it, if it can be a block."""
        block = self.blocks[at]
        if block.size >= size + 16:
            self.blocks.insert(at + 1, Cut(block.address + size + 4, block.size - size - 4))
            block.size = size
            self.freed(at + 1)

    def taken(self, size: int) -> int | None:
        """Number of the block that serves ``size`` bytes."""
        rounded = size if size < 128 else size + (1 << (size.bit_length() - 6)) - 1
        found = [
            (list_of(block.size), -block.since, at)
            for at, block in enumerate(self.blocks)
            if block.since is not None and list_of(block.size) >= list_of(rounded)
        ]
        if not found:
            return None
        at = min(found)[2]
        self.blocks[at].since = None
        return at

    def memalign(self, align: int, size: int) -> int | None:
        """``tlsf_malloc`` for an alignment of 4."""
        size = needed(size)
        at = self.taken(size if align <= 4 else needed(-(-(size + align + 16) // align) * align))
        if at is None:
            return None
        gap = -self.blocks[at].address % align if align > 4 else 0
        if 0 < gap < 16:
            gap += max(16 - gap, align)
            gap += -(self.blocks[at].address + gap) % align
        if gap:
            block = self.blocks[at]
            self.blocks.insert(at + 1, Cut(block.address + gap, block.size - gap))
            block.size = gap - 4
            self.clock += 1
            block.since = self.clock
            at += 1
        self.cut(at, size)
        return self.blocks[at].address

    def free(self, address: int) -> None:
        self.freed(self.number(address))

    def realloc(self, address: int, size: int) -> int | None:
        at, wanted = self.number(address), needed(size)
        block, above = self.blocks[at], self.blocks[at + 1 : at + 2]
        room = above[0].size + 4 if above and above[0].since is not None else 0
        if wanted > block.size + room:
            moved = self.memalign(4, size)
            if moved is not None:
                self.free(address)
            return moved
        if wanted > block.size:
            block.size += self.blocks.pop(at + 1).size + 4
        self.cut(at, wanted)
        return address

    def number(self, address: int) -> int:
        return [block.address for block in self.blocks].index(address)


@dataclass
class Cut:
    """A block; ``since``: when it was freed, None where it is used."""

    address: int
    size: int
    since: int | None = None


def needed(size: int) -> int:
    return max(-(-size // 4) * 4, 12)


def list_of(size: int) -> tuple[int, int]:
    """32 lists for each power of two from 128 on, below it one for every 4 bytes."""
    power = size.bit_length() - 1
    return (0, size // 4) if size < 128 else (power, (size - (1 << power)) * 32 >> power)


class TlsfMachine(RuleBasedStateMachine):
    """The naive heap's addresses; no overlap, alignment, nothing lost, neighbours merged, alloc_size_max kept."""

    blocks = Bundle("blocks")
    SIZE = 32768

    def __init__(self) -> None:
        super().__init__()
        self.heap = TlsfHeap(BASE, self.SIZE)
        self.naive = NaiveTlsf(self.SIZE - 3196)
        self.live: dict[int, int] = {}

    def _placed(self, address: int, size: int) -> int:
        block = self.heap.block_size(address)
        assert block >= max(size, 12)
        assert block % 4 == 0
        assert all(address + block <= other or other + length <= address for other, length in self.live.items())
        self.live[address] = block
        return address

    @rule(target=blocks, size=st.integers(1, 6000))
    def malloc(self, size: int) -> int:
        sure = size <= self.heap.alloc_size_max
        address = self.heap.malloc(size)
        assert address == self.naive.memalign(4, size)
        assert address is not None or not sure
        return self._placed(address, size) if address is not None else 0

    @rule(target=blocks, size=st.integers(1, 3000), power=st.integers(0, 10))
    def memalign(self, size: int, power: int) -> int:
        address = self.heap.memalign(1 << power, size)
        assert address == self.naive.memalign(1 << power, size)
        if address is None:
            return 0
        assert address % (1 << power) == 0
        return self._placed(address, size)

    @rule(address=consumes(blocks))
    def free(self, address: int) -> None:
        if address in self.live:
            del self.live[address]
            self.heap.free(address)
            self.naive.free(address)

    @rule(target=blocks, address=consumes(blocks), size=st.integers(1, 6000))
    def realloc(self, address: int, size: int) -> int:
        if address not in self.live:
            return 0
        stays = self.heap.can_resize(address, size)
        moved = self.heap.realloc(address, size)
        assert moved == self.naive.realloc(address, size)
        assert not stays or moved == address
        if moved is None:
            return address
        del self.live[address]
        return self._placed(moved, size)

    @rule(address=blocks)
    def persist(self, address: int) -> None:
        if address in self.live:
            self.heap.set_persistent(address)

    @rule()
    def collect(self) -> None:
        doomed = {a: n for a, n in self.live.items() if not self.heap.is_persistent(a)}
        assert self.heap.collect() == (sum(doomed.values()), len(doomed))
        for address in sorted(doomed):
            del self.live[address]
            self.naive.free(address)

    @invariant()
    def blocks_tile_the_pool(self) -> None:
        expected, was_free = FIRST, False
        for block in self.heap.walk():
            assert block.address == expected
            assert not (block.free and was_free), "neighbouring free blocks were not merged"
            assert block.free != (block.address in self.live)
            expected, was_free = block.address + block.size + 4, block.free
        assert expected == BASE + self.SIZE
        there = [(block.address, block.size, block.free) for block in self.heap.walk()]
        assert there == [(block.address, block.size, block.since is not None) for block in self.naive.blocks]


TestTlsfMachine = TlsfMachine.TestCase
TestTlsfMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
