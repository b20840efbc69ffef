"""UMA pools: choice by flags, persistence, realloc, what a collection frees, dirty memory, the module's statistics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim.errors import DeviceMemoryError, DeviceRuntimeError
from omvsim.heap import UmaFlag, UmaPools, UmaRegion

if TYPE_CHECKING:
    from pathlib import Path

GENERIC = UmaRegion(0x8090_0000, 23 << 20)
FAST = UmaRegion(0x2020_0000, 512 << 10, UmaFlag.FAST | UmaFlag.DTCM)
DTCM = UmaRegion(0x2005_0000, 64 << 10, UmaFlag.DTCM)


def pools(*regions: UmaRegion) -> UmaPools:
    return UmaPools(regions or (GENERIC, FAST, DTCM))


def small() -> UmaPools:
    return pools(UmaRegion(GENERIC.base, 65536), FAST, DTCM)


@pytest.mark.parametrize(
    ("flags", "index"),
    [(0, 0), (1, 1), (2, 0), (4, 2), (5, 1), (6, 1), (8, 0), (64, 0), (3, 1), (0x204, 2), (0x205, 1), (0x200, 0)],
)
def test_pool_choice(flags: int, index: int) -> None:
    uma = pools()
    chosen = uma.find(1000, flags)
    assert chosen is uma.pools[index]


@pytest.mark.parametrize("flags", [0x301, 0x302, 0x303, 0x306, 0x308, 0x340])
def test_strict_takes_no_other_pool(flags: int) -> None:
    assert pools().malloc(1000, flags) is None


def test_a_full_preferred_pool_falls_back_in_table_order() -> None:
    uma = pools()
    assert uma.find(100_000, UmaFlag.DTCM) is uma.pools[1]
    assert uma.find(600_000, UmaFlag.DTCM) is uma.pools[0]


def test_generic_requests_never_fall_back() -> None:
    uma = small()
    with pytest.raises(DeviceMemoryError, match=r"^MemoryError: Out of memory$"):
        uma.malloc(100_000)
    with pytest.raises(DeviceMemoryError, match="Out of memory"):
        uma.malign(100_000, 32)
    assert uma.malloc(100_000, UmaFlag.MAYBE) is None


def test_cache_flag_rounds_and_aligns() -> None:
    uma = pools()
    address = uma.malloc(33, UmaFlag.CACHE) or 0
    assert address % 32 == 0
    assert uma.pools[0].heap.block_size(address) == 64


def test_malign_rounds_the_size_to_4_only() -> None:
    uma = pools()
    address = uma.malign(33, 64) or 0
    assert address % 64 == 0
    assert uma.pools[0].heap.block_size(address) == 36


def test_nothing_for_nothing() -> None:
    uma = pools()
    assert uma.malloc(0) is None
    assert uma.malign(0, 32) is None
    uma.free(None)
    assert uma.stats().used_bytes == 0


def test_collect_and_lock() -> None:
    uma = pools()
    uma.malloc(1000)
    kept = uma.malloc(500, UmaFlag.FAST | UmaFlag.PERSIST) or 0
    uma.collect_lock()
    assert uma.collect() == ()
    uma.collect_unlock()
    assert [tuple(pool) for pool in uma.collect()] == [(1000, 1), (0, 0), (0, 0)]
    assert (uma.pools[1].persist, uma.stats().persist_count) == (500, 1)
    uma.free(kept)
    assert uma.pools[1].persist == 0


def test_realloc_in_place_moves_and_crosses_pools() -> None:
    uma = small()
    first = uma.realloc(None, 100) or 0
    assert uma.realloc(first, 1000) == first
    uma.malloc(16)
    moved = uma.realloc(first, 2000, UmaFlag.CACHE) or 0
    assert moved != first
    assert moved % 32 == 0
    across = uma.realloc(moved, 100_000, UmaFlag.FAST) or 0
    assert uma.pool_of(across) is uma.pools[1]
    assert uma.realloc(across, 1 << 20, UmaFlag.FAST | UmaFlag.MAYBE) is None
    with pytest.raises(DeviceMemoryError):
        uma.realloc(across, 1 << 20)
    assert uma.realloc(across, 0) is None
    assert uma.pools[1].free == uma.pools[1].size


def test_the_peak_never_counts_both_blocks_of_a_move() -> None:
    uma = small()
    first = uma.malloc(20_000) or 0
    uma.malloc(16)
    uma.realloc(first, 30_000)
    assert uma.pools[0].peak == 30_000 + 16


def test_persistent_blocks_cannot_be_reallocated() -> None:
    uma = pools()
    kept, plain = uma.malloc(100, UmaFlag.PERSIST), uma.malloc(100)
    for address, flags in ((kept, 0), (plain, UmaFlag.PERSIST)):
        with pytest.raises(DeviceRuntimeError, match=r"^RuntimeError: can't realloc a persistent block$"):
            uma.realloc(address, 200, flags)


def test_foreign_pointers_are_out_of_memory() -> None:
    with pytest.raises(DeviceMemoryError, match="Out of memory"):
        pools().free(0x1000)


def test_dirty_memory_wraps_the_persistent_total() -> None:
    uma = pools(UmaRegion(GENERIC.base, 65536, dirty=True))
    first = uma.malloc(1000) or 0
    assert uma.collect()[0] == (0, 0)
    with pytest.raises(DeviceRuntimeError):
        uma.realloc(first, 10)
    uma.free(first)
    assert uma.pools[0].persist == 2**32 - 1000
    uma.malloc(1200, UmaFlag.PERSIST)
    assert uma.pools[0].persist == 200


def test_init_forgets_blocks_but_not_bit_31() -> None:
    uma = pools()
    uma.malloc(100, UmaFlag.PERSIST)
    uma.malloc(100, UmaFlag.FAST)
    uma.init()
    assert uma.stats()[:6] == (0, 3, 0, 0, 24114052 + 521092 + 62340, 0)
    uma.malloc(100)
    uma.malloc(100, UmaFlag.FAST)
    assert [pool.blocks for pool in uma.collect()] == [0, 1, 0]


def test_stats_like_the_umalloc_module() -> None:
    uma = pools(UmaRegion(0x6080_0000, 8 << 20), FAST, DTCM)
    uma.malloc(12345, UmaFlag.PERSIST)
    uma.malloc(777, UmaFlag.FAST)
    assert uma.stats() == (1, 3, 1, 13128, 8955716, 12348, 0)
    assert uma.stats(0) == (0, 1, 1, 12348, 8373064, 12348, 12348)
    assert uma.stats(1) == (1, 1, 0, 780, 520312, 0, 780)
    assert uma.stats(7) == uma.stats()


def test_avail_and_the_number_of_pools() -> None:
    assert [pools().avail(flags) for flags in (0, 1, 4, 5)] == [23589760, 512896, 61312, 512896]
    assert pools(FAST).avail(0) == 0
    with pytest.raises(DeviceMemoryError, match="Out of memory"):
        UmaPools([GENERIC] * 5)


@pytest.mark.shared
def test_measured_geometry(shared: Path) -> None:
    geometry = json.loads((shared / "oracle/uma/geometry.json").read_text())
    found: list[dict[str, int]] = []

    def gather(value: object) -> None:
        if isinstance(value, dict) and "alloc_size_max" in value and "bytes" in value and "base" in value:
            found.append(value)
        elif isinstance(value, dict | list):
            for child in value.values() if isinstance(value, dict) else value:
                gather(child)

    gather(geometry)
    assert len(found) > 10
    for record in found:
        pool = UmaPools([UmaRegion(record["base"], record["bytes"], record.get("flags", 0))]).pools[0]
        assert pool.alloc_size_max == record["alloc_size_max"], record
        assert pool.size == record.get("usable", pool.size), record


def test_an_address_is_of_the_pool_whose_memory_it_lies_in() -> None:
    """Pools of the RT1062 begin wherever the frame buffer ends: base and size share bits."""
    base, size = 0x8120_4C80, 0x7000
    pool = UmaPools([UmaRegion(base, size)]).pools[0]
    assert [address in pool for address in (base - 1, base, base + size - 1, base + size)] == [False, True, True, False]
