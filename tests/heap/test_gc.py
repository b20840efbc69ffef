"""The GC heap: geometry, the search marks' quirks, and a state machine against a naive model."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from omvsim.heap import BLOCK, AreaGeometry, GcHeap


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


# Measured with the instrumented firmware (gc_setup_area): start, bytes, whether the area was added; then the places of
# the allocation table, of the finaliser table with their bytes, and of the pool, all from the start.
_MEASURED_AREAS = (
    (0x20280000, 65536, False, (0, 1000), (1001, 500), (1536, 65536)),
    (0x20300000, 278528, True, (32, 4251), (4284, 2126), (6464, 278528)),
    (0x60000000, 8388608, True, (32, 128069), (128102, 64035), (192192, 8388608)),
    (0x20300000, 296960, True, (32, 4533), (4566, 2267), (6848, 296960)),
    (0x20280000, 290816, False, (0, 4439), (4440, 2220), (6720, 290816)),
    (0x20280000, 17408, False, (0, 265), (266, 133), (448, 17408)),
    (0x20280000, 33792, False, (0, 515), (516, 258), (832, 33792)),
    (0x60000000, 1024000, False, (0, 15633), (15634, 7817), (23488, 1024000)),
)


@pytest.mark.parametrize(("start", "length", "added", "atb", "ftb", "pool"), _MEASURED_AREAS)
def test_geometry_as_measured(start, length, added, atb, ftb, pool):
    area = AreaGeometry.of(start, length, added=added)
    assert (area.start, area.length) == (start, length)
    assert (area.atb_start - start, area.atb_bytes) == atb
    assert (area.ftb_start - start, area.ftb_bytes) == ftb
    assert (area.pool_start - start, area.pool_end - start) == pool
    assert area.blocks == (pool[1] - pool[0]) // BLOCK


def test_tables_are_those_that_gc_setup_area_computes():
    """py/gc.c: (total - ALLOC_TABLE_GAP_BYTE) * 8 / (8 + 8 * 4 / 8 + 8 * 4 * 16) from the start to a whole block."""
    for length in [*range(80, 9000, 12), 1 << 16, (1 << 16) + 20, (8 << 20) + 52]:
        table = (length // 16 * 16 - 1) * 8 // (8 + 4 + 512)
        area = AreaGeometry.of(0x20000000, length, added=False)
        assert (area.atb_bytes, area.blocks, area.ftb_bytes) == (table, 4 * table, (4 * table + 7) // 8), length


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

    def collect(self):
        self.last, self.marks = 0, [0] * len(self.areas)


_PLACES = {
    "ascending": ((0x20000000, 1500), (0x20001000, 2500), (0x60000000, 9000)),
    "not by address": ((0x60000000, 1500), (0x20001000, 2500), (0x20000000, 1700)),
    "one": ((0x20000000, 3000),),
}


class HeapMachine(RuleBasedStateMachine):
    """Random requests: the heap gives the addresses of the naive one, which walks from the device's marks."""

    @initialize(places=st.sampled_from(sorted(_PLACES)))
    def power_up(self, places):
        self.heap = GcHeap(_PLACES[places], collector=self.collector)
        self.naive = Naive([area.blocks for area in self.heap.areas])
        self.chunks = {}
        self.flagged = set()
        self.dead = set()
        self.by_retaining = False
        self.allocated = 0
        self.reached = [0] * len(self.heap.areas)
        self.expected_collections = 0

    def teardown(self):
        assert self.heap.collections == self.expected_collections

    def collector(self):
        if self.by_retaining:
            self.heap.retain(self.chunks.keys() - self.dead)
        else:
            self.heap.release(self.dead)

    def naive_collection(self):
        self.expected_collections += 1
        self.allocated = 0
        for address in self.dead:
            self.naive.free(*self.place(address), self.chunks.pop(address))
        self.flagged -= self.dead
        self.dead = set()
        self.naive.collect()
        for index in range(len(self.reached)):
            used = [number for number, owner in enumerate(self.naive.areas[index]) if owner is not None]
            self.reached[index] = max(used, default=0)

    def place(self, address):
        area = self.heap.area_of(address)
        return area.index, area.block_of(address)

    def naive_alloc(self, count):
        """What the device does: a collection before a request that reaches the threshold, or after one in vain."""
        collected = not self.heap.auto_collect
        if not collected and self.heap.threshold is not None and self.allocated >= self.heap.threshold:
            self.naive_collection()
            collected = True
        place = self.naive.alloc(object(), count)
        if place is None and not collected:
            self.naive_collection()
            place = self.naive.alloc(object(), count)
        if place is not None:
            self.allocated += count
            self.grew(place[0], place[1] + count - 1)
        return place

    def grew(self, index, last):
        self.reached[index] = max(self.reached[index], last)

    @rule(auto=st.booleans(), threshold=st.none() | st.integers(1, 60))
    def set_collecting(self, auto, threshold):
        self.heap.auto_collect, self.heap.threshold = auto, threshold

    @rule(size=st.one_of(st.integers(-1, 16), st.integers(1, 900), st.integers(1, 40000)), finaliser=st.booleans())
    def alloc(self, size, finaliser):
        dead = set(self.dead)
        address = self.heap.alloc(size, finaliser=finaliser)
        self.dead = dead
        count = -(-size // BLOCK)
        place = self.naive_alloc(count) if count > 0 else None
        assert (None if address is None else self.place(address)) == place
        if address is not None:
            self.chunks[address] = count
            if finaliser:
                self.flagged.add(address)

    @rule(count=st.integers(1, 40), size=st.sampled_from([16, 20, 48, 100, 1040]))
    def alloc_many(self, count, size):
        for _ in range(count):
            self.alloc(size, finaliser=False)

    @precondition(lambda self: self.chunks)
    @rule(data=st.data())
    def free(self, data):
        self.free_now(data.draw(st.sampled_from(sorted(self.chunks))))

    @precondition(lambda self: self.chunks)
    @rule(step=st.integers(1, 3))
    def free_many(self, step):
        for address in sorted(self.chunks)[::step]:
            self.free_now(address)

    def free_now(self, address):
        count = self.chunks.pop(address)
        assert self.heap.free(address) == count
        self.naive.free(*self.place(address), count)
        self.dead.discard(address)
        self.flagged.discard(address)

    @precondition(lambda self: self.chunks)
    @rule(data=st.data(), size=st.one_of(st.integers(1, 600), st.integers(1, 40000)), move=st.booleans())
    def resize(self, data, size, move):
        address = data.draw(st.sampled_from(sorted(self.chunks)))
        self.dead.discard(address)
        count, wanted = self.chunks[address], -(-size // BLOCK)
        index, first = self.place(address)
        blocks = self.naive.areas[index]
        fits = all(block is None for block in blocks[first + count : first + wanted]) and first + wanted <= len(blocks)
        dead = set(self.dead)
        result = self.heap.realloc(address, size, allow_move=move)
        self.dead = dead
        if wanted < count:
            self.naive.free(index, first + wanted, count - wanted)
        elif fits:
            blocks[first + count : first + wanted] = [blocks[first]] * (wanted - count)
            self.grew(index, first + wanted - 1)
        elif not move:
            assert result is None
            return
        else:
            place = self.naive_alloc(wanted)
            assert (None if result is None else self.place(result)) == place
            if place is None:
                return  # the old chunk stays as it was
            self.naive.free(index, first, count)
            self.chunks[result] = wanted
            if address in self.flagged:
                self.flagged.add(result)
            self.flagged.discard(address)
            del self.chunks[address]
            return
        assert result == address
        self.chunks[address] = wanted

    @precondition(lambda self: self.chunks)
    @rule(data=st.data())
    def dies(self, data):
        self.dead |= set(data.draw(st.lists(st.sampled_from(sorted(self.chunks)))))

    @rule(by_retaining=st.booleans())
    def collect(self, by_retaining):
        self.by_retaining = by_retaining
        dead = set(self.dead)
        self.heap.collect()
        self.dead = dead
        self.naive_collection()

    @rule(size=st.integers(1, 100))
    def locked(self, size):
        self.heap.lock_depth += 1
        assert self.heap.alloc(size) is None
        for address in sorted(self.chunks)[:1]:
            assert self.heap.free(address) == 0
            assert self.heap.realloc(address, size) is None
        self.heap.lock_depth -= 1

    @invariant()
    def same_state(self):
        heap, sizes = self.heap, list(self.chunks.values())
        longest = 0
        for area, blocks, reached in zip(heap.areas, self.naive.areas, self.reached, strict=True):
            text = "".join("." if block is None else "#" for block in blocks)
            runs = [(match.start(), len(match[0])) for match in re.finditer(r"\.+", text)]
            assert list(area.free_runs()) == runs
            assert area.longest_free_run() == max((length for _, length in runs), default=0)
            assert list(area.occupancy(3)) == [
                text[len(text) * part // 3 : len(text) * (part + 1) // 3].count("#") for part in range(3)
            ]
            assert "".join("." if kind == 0 else "#" for kind in area.kinds) == text
            assert area.used == text.count("#")
            assert area.last_used_block == reached
            longest = max([longest, *(length for _, length in runs)])
        chunks = {area.address_of(block): count for area in heap.areas for block, count in area.chunks()}
        assert chunks == self.chunks
        assert heap.finalisers == self.flagged
        info = heap.info()
        assert (info.max_free, heap.max_free()) == (longest, longest)
        assert info.used == heap.used == sum(sizes) * BLOCK
        assert info.free == heap.free_bytes == info.total - info.used
        assert (info.num_1block, info.num_2block, info.max_block) == (
            sizes.count(1),
            sizes.count(2),
            max(sizes, default=0),
        )


TestHeapMachine = HeapMachine.TestCase
TestHeapMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize(("full", "smallest", "largest"), [(0.5, 1, 64), (0.9, 16, 2048), (1.0, 1, 3000)])
def test_a_long_life_of_the_rt1062s_heap(full, smallest, largest):
    """Enough free runs of every class that the index forgets starts and finds them again."""
    chance = random.Random(17)
    heap = GcHeap([(0x20280000, 16 << 10), (0x20300000, 100 << 10)])
    heap.auto_collect = False
    naive = Naive([area.blocks for area in heap.areas])
    chunks = []
    for _ in range(300):
        while heap.used < full * heap.info().total:
            size = chance.randint(smallest, largest)
            address, place = heap.alloc(size), naive.alloc(1, -(-size // BLOCK))
            area = heap.area_of(address or 0)
            assert place == (None if area is None else (area.index, area.block_of(address)))
            if address is None:
                break
            chunks.append(address)
        for _ in range(chance.choice([1, 1, 1, 60])):
            if chunks:
                address = chunks.pop(chance.randrange(len(chunks)))
                area = heap.area_of(address)
                naive.free(area.index, area.block_of(address), heap.free(address))


def test_resizing_nothing_allocates_and_resizing_to_nothing_frees():
    """py/gc.c, ``gc_realloc``: a null pointer, a size of 0."""
    heap = GcHeap([(0x20000000, 4096)])
    address = heap.realloc(None, 40)
    assert heap.chunk_blocks(address) == 3
    assert heap.realloc(address, 0) is None
    assert (heap.used, heap.is_chunk(address)) == (0, False)
    with pytest.raises(ValueError, match="at least one area"):
        GcHeap([])


def test_a_full_heap_has_no_free_run():
    heap = GcHeap([(0x20000000, 1500)])
    heap.alloc(heap.info().total)
    assert (heap.max_free(), heap.info().max_free, heap.free_bytes) == (0, 0, 0)
    assert [area.longest_free_run() for area in heap.areas] == [0]


@pytest.mark.parametrize("count", [1, 256, 257, 1000])
def test_a_chunk_grows_into_just_what_is_free(count):
    heap = GcHeap([(0x20000000, 64 << 10)])
    first = heap.alloc(BLOCK)
    gap = heap.alloc(count * BLOCK)
    heap.alloc(BLOCK)
    heap.free(gap)
    assert heap.realloc(first, (count + 2) * BLOCK, allow_move=False) is None
    assert heap.realloc(first, (count + 1) * BLOCK, allow_move=False) == first
    assert [length for _, length in heap.areas[0].free_runs()] == [heap.areas[0].blocks - count - 2]


def test_the_table_says_free_head_and_tail():
    """``AT_FREE``, ``AT_HEAD``, ``AT_TAIL`` (py/gc.c)."""
    heap = GcHeap([(0x20000000, 1500)])
    first = heap.alloc(40)
    heap.alloc(1)
    heap.free(first)
    heap.alloc(17)
    assert heap.areas[0].kinds[:6] == bytes((1, 2, 0, 1, 0, 0))
    assert len(heap.areas[0].kinds) == heap.areas[0].blocks


def test_an_area_that_a_collection_found_full_was_used_to_its_end():
    heap = GcHeap([(0x20000000, 1500)])
    address = heap.alloc(heap.info().total)
    heap.collect()
    heap.free(address)
    assert heap.areas[0].last_used_block == heap.areas[0].blocks - 1
    heap.collect()
    assert heap.areas[0].last_used_block == 0


def test_a_chunk_that_is_none_is_refused():
    heap = GcHeap([(0x20000000, 4096)])
    address = heap.alloc(64)
    for wrong in (address + 16, address + 1, 0x1000):
        assert not heap.is_chunk(wrong)
        for action in (heap.free, heap.chunk_blocks, lambda wrong: heap.retain([wrong])):
            with pytest.raises(ValueError, match=f"starts at 0x{wrong:08x}"):
                action(wrong)
    assert heap.used == 64


def test_neighbours_that_die_together_are_one_free_run():
    """In any order, over two areas, the last of them at an area's end."""
    heap = GcHeap([(0x20000000, 1500), (0x20001000, 2500)])
    chunks = []
    while (address := heap.alloc(48)) is not None:
        chunks.append(address)
    flagged = heap.areas[0].address_of(0)
    assert flagged == chunks[0]
    rest = [heap.alloc(16) for _ in range(2 * len(heap.areas))]
    dead = [*chunks[3:9][::-1], *(address for address in rest if address is not None)]
    before = heap.used
    heap.release(dead)
    freed = 6 * 3 + sum(address is not None for address in rest)
    assert before - heap.used == freed * BLOCK
    assert (heap.areas[0].block_of(chunks[3]), 6 * 3) in list(heap.areas[0].free_runs())
    assert heap.alloc(6 * 48) == chunks[3]


def test_a_release_of_what_is_no_chunk_frees_those_below_it():
    heap = GcHeap([(0x20000000, 4096)])
    first, second, third = (heap.alloc(32, finaliser=True) or 0 for _ in range(3))
    with pytest.raises(ValueError, match=f"starts at 0x{second + 16:08x}"):
        heap.release([third, second + 16, second, first])
    assert [heap.is_chunk(address) for address in (first, second, third)] == [False, False, True]
    assert (heap.used, heap.alloc(64)) == (32, first)


def test_a_chunk_dies_once():
    heap = GcHeap([(0x20000000, 4096)])
    address = heap.alloc(32) or 0
    with pytest.raises(ValueError, match=f"starts at 0x{address:08x}"):
        heap.release([address, address])
    assert heap.used == 0


def test_a_twin_counts_on():
    """What is used, and how far the threshold is, are the twin's as well."""
    heap = GcHeap([(0x20000000, 4096)])
    address = heap.alloc(160) or 0
    heap.realloc(address, 16)
    heap.realloc(address, 80)
    heap.threshold = 12
    twin = heap.twin()
    assert (twin.used, twin.free_bytes) == (heap.used, heap.free_bytes) == (80, heap.info().total - 80)
    for each in (heap, twin):
        assert [each.alloc(16) is not None, each.collections] == [True, 0]
        assert [each.alloc(16) is not None, each.collections] == [True, 0]
        assert [each.alloc(16) is not None, each.collections] == [True, 1]
