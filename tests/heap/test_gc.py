"""The GC heap: geometry, the search marks' quirks, and a state machine against a naive model."""

from __future__ import annotations

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from omvsim.heap import BLOCK, AreaGeometry, GcHeap, ObjectHeap, OutOfHeap


def test_geometry_of_every_measured_area(shared):
    measured = json.loads((shared / "oracle/firmware/areas.json").read_text())
    compared = 0
    for configuration in measured.values():
        for argument, area in zip(configuration["areas_arg"], configuration["areas"], strict=True):
            ours = AreaGeometry.of(int(argument["start"], 0), argument["bytes"], added=area["idx"] > 0)
            assert (ours.atb_start, ours.atb_bytes) == (area["atb_start"], area["atb_bytes"])
            assert (ours.ftb_start, ours.ftb_bytes) == (area["ftb_start"], area["ftb_bytes"])
            assert (ours.pool_start, ours.pool_end) == (area["pool_start"], area["pool_end"])
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("size", "added", "blocks"), [(64 * 1024, False, 4000), (272 * 1024, True, 17004), (8 << 20, True, 512276)]
)
def test_blocks_of_the_rt1062(size, added, blocks):
    assert AreaGeometry.of(0x20000000, size, added=added).blocks == blocks


def test_an_area_without_room_for_a_block():
    with pytest.raises(ValueError, match="no room for a block"):
        AreaGeometry.of(0x20000000, 48, added=True)


def test_only_a_one_block_request_moves_the_search_mark():
    heap = GcHeap([(0x20000000, 4096)])
    first = heap.alloc(16)
    hole = heap.alloc(32)
    last = heap.alloc(64)
    heap.free(hole)
    assert heap.alloc(32) == hole  # freeing pulled the mark back
    heap.free(first)
    assert heap.alloc(16) == first
    assert last is not None


def test_a_failed_one_block_search_leaves_the_mark_at_a_quarter():
    """The quirk: the mark of a full area is set in bytes of the table where blocks of four are meant."""
    heap = GcHeap([(0x20000000, 2048), (0x20001000, 4096)])
    area = heap.areas[0]
    heap.alloc(len(area.kinds) * BLOCK)
    heap.alloc(16)
    assert area.last_free_atb == (area.geometry.atb_bytes + 1) // 4


def test_no_room_collects_once_and_says_so():
    calls = []
    heap = GcHeap([(0x20000000, 1024)], collector=lambda: calls.append(1))
    assert heap.alloc(1 << 20) is None
    assert calls == [1]
    heap.auto_collect = False
    assert heap.alloc(1 << 20) is None
    assert calls == [1]


def test_a_locked_heap_allocates_and_frees_nothing():
    heap = GcHeap([(0x20000000, 1024)])
    address = heap.alloc(16)
    heap.lock_depth = 1
    assert heap.alloc(16) is None
    assert heap.free(address) == 0
    assert heap.realloc(address, 64) is None
    heap.lock_depth = 0
    assert heap.free(address) == 1


def test_threshold_collects_before_the_request_that_reaches_it():
    heap = GcHeap([(0x20000000, 4096)])
    heap.threshold = 4
    for _ in range(4):
        heap.alloc(16)
    assert heap.collections == 0
    heap.alloc(16)
    assert heap.collections == 1


def test_finaliser_runs_once_when_nothing_reaches_the_chunk():
    heap = ObjectHeap([(0x20000000, 4096)])
    ran = []
    with heap.call():
        chunk = heap.alloc(76, "model", finalise=lambda: ran.append("model"))
        heap.collect()
        assert ran == []
    heap.collect()
    assert ran == ["model"]
    heap.collect()
    assert ran == ["model"]
    assert heap.gc.used == 0
    assert chunk.size == 76


def test_cycles_die_and_what_a_root_reaches_lives():
    heap = ObjectHeap([(0x20000000, 4096)])
    with heap.call():
        a, b = heap.alloc(16, "a"), heap.alloc(16, "b")
        a.holds(b)
        b.holds(a)
        root = heap.alloc(16, "root").holds(heap.alloc(160, "leaf"))
        heap.globals["root"] = root
    heap.collect()
    assert heap.gc.used == 16 + 160


def test_a_chunk_right_behind_one_that_points_behind_itself_survives():
    heap = ObjectHeap([(0x20000000, 4096)])
    with heap.call():
        arena = heap.alloc(512, "tensor arena")
        heap.points_behind(arena)
        heap.globals["m"] = arena
        neighbour = heap.alloc(64, "output")
        heap.alloc(64, "other output")
    heap.collect()
    assert neighbour.address == arena.address + 512
    assert heap.gc.used == 512 + 64
    del heap.globals["m"]
    heap.collect()
    assert heap.gc.used == 0


def test_out_of_heap_carries_the_size_asked_for():
    heap = ObjectHeap([(0x20000000, 1024)])
    with pytest.raises(OutOfHeap) as failure:
        heap.alloc(12345, "big")
    assert failure.value.size == 12345


class Naive:
    """The same heap by brute force: a list of owners per area, searched block by block."""

    def __init__(self, areas):
        self.areas = [[None] * count for count in areas]
        self.marks = [0] * len(areas)
        self.last = 0

    def find(self, count):
        for index in range(self.last, len(self.areas)):
            blocks, run = self.areas[index], 0
            for block in range(self.marks[index] * 4, len(blocks)):
                run = run + 1 if blocks[block] is None else 0
                if run == count:
                    return index, block - count + 1
            if count == 1:
                self.marks[index] = (len(blocks) // 4 + 1) // 4
        return None

    def alloc(self, owner, count):
        place = self.find(count)
        if place is None:
            return None
        index, first = place
        self.areas[index][first : first + count] = [owner] * count
        if count == 1:
            self.last, self.marks[index] = index, (first + 1) // 4
        return index, first

    def free(self, index, first, count):
        if index != self.last:
            self.last = 0
        self.marks[index] = min(self.marks[index], first // 4)
        self.areas[index][first : first + count] = [None] * count


class HeapMachine(RuleBasedStateMachine):
    """Random requests: the fast heap and the naive one give the same addresses."""

    def __init__(self):
        super().__init__()
        self.heap = GcHeap([(0x20000000, 1500), (0x20001000, 2500)])
        self.heap.auto_collect = False
        self.naive = Naive([len(area.kinds) for area in self.heap.areas])
        self.chunks = {}
        self.owner = 0

    def place(self, address):
        if address is None:
            return None
        area = self.heap.area_of(address)
        return area.index, area.block_of(address)

    @rule(size=st.one_of(st.integers(1, 16), st.integers(1, 900)))
    def alloc(self, size):
        count = -(-size // BLOCK)
        self.owner += 1
        address = self.heap.alloc(size)
        assert self.place(address) == self.naive.alloc(self.owner, count)
        if address is not None:
            self.chunks[address] = (self.owner, count)

    @precondition(lambda self: self.chunks)
    @rule(data=st.data())
    def free(self, data):
        address = data.draw(st.sampled_from(sorted(self.chunks)))
        _, count = self.chunks.pop(address)
        assert self.heap.free(address) == count
        self.naive.free(*self.place(address), count)

    @precondition(lambda self: self.chunks)
    @rule(data=st.data(), size=st.integers(1, 600))
    def resize_in_place(self, data, size):
        address = data.draw(st.sampled_from(sorted(self.chunks)))
        owner, count = self.chunks[address]
        wanted = -(-size // BLOCK)
        index, first = self.place(address)
        blocks = self.naive.areas[index]
        fits = all(block is None for block in blocks[first + count : first + wanted]) and first + wanted <= len(blocks)
        result = self.heap.realloc(address, size, allow_move=False)
        assert result == (address if wanted <= count or fits else None)
        if result is None:
            return
        if wanted < count:
            self.naive.free(index, first + wanted, count - wanted)
        else:
            blocks[first + count : first + wanted] = [owner] * (wanted - count)
        self.chunks[address] = (owner, wanted)

    @rule()
    def collect_nothing(self):
        self.heap.collect()
        self.naive.last, self.naive.marks = 0, [0] * len(self.naive.marks)

    @invariant()
    def same_totals(self):
        free = [blocks.count(None) for blocks in self.naive.areas]
        assert self.heap.free_bytes == sum(free) * BLOCK
        longest = max(
            len(run)
            for blocks in self.naive.areas
            for run in "".join("." if block is None else "#" for block in blocks).split("#")
        )
        assert self.heap.max_free() == longest
        assert self.heap.info().used == sum(count for _, count in self.chunks.values()) * BLOCK


TestHeapMachine = HeapMachine.TestCase
TestHeapMachine.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
