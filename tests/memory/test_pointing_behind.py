"""A chunk that holds the address of its own end keeps alive what starts there."""

from __future__ import annotations

from typing import NoReturn

from omvsim.heap import GcHeap
from omvsim.memory.requests import Memory


def fail(size: int) -> NoReturn:
    raise MemoryError(size)


def memory() -> Memory:
    return Memory(GcHeap([(0x20000000, 65536)]), fail)


def test_what_starts_right_behind_stays_as_long_as_the_chunk() -> None:
    mem = memory()
    first = mem.pointing_behind(100)
    second = mem.block(32)
    third = mem.block(32)
    assert second.address == first.address + 112
    del second, third
    mem.collect()
    assert mem.heap.used == 112 + 32
    del first
    mem.collect()
    assert mem.heap.used == 0


def test_what_died_before_the_chunk_came_stays_as_well() -> None:
    mem = memory()
    room, behind = mem.block(64), mem.block(16)
    mem.free(room)
    del behind
    first = mem.pointing_behind(64)
    mem.collect()
    assert mem.heap.used == 64 + 16
    del first
    mem.collect()
    assert mem.heap.used == 0


def test_the_end_is_where_the_next_chunk_starts_wherever_it_is() -> None:
    mem = memory()
    kept = []
    for size in range(8, 400, 24):
        first = mem.pointing_behind(size)
        behind = mem.block(16)
        assert first.end == behind.address
        kept += [first, behind]
    assert mem.heap.used == sum(-(-each.size // 16) * 16 for each in kept)


def test_what_is_freed_explicitly_is_gone() -> None:
    mem = memory()
    first, second = mem.pointing_behind(64), mem.block(16)
    mem.free(second)
    del second
    mem.collect()
    assert mem.heap.used == 64
    assert mem.block(16).address == first.address + 64
