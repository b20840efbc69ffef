"""The cache rules: against a plain simulation of the same accesses, and against recorded misses."""

from __future__ import annotations

import json
from collections import OrderedDict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.timing import Cache, Node, Place, Value, misses
from omvsim.timing._cache import Block, Residency, miss_shares, rows_block, set_misses, settling
from omvsim.timing._node import node_from_record

HERE = Path(__file__).parent
LRU = Cache(policy="lru")
RANDOM = Cache(policy="random")


def simulate(cache: Cache, turns: int, lines: list[int]) -> int:
    """Misses of the last turn of an LRU cache that touches ``lines`` in order again and again."""
    sets: list[OrderedDict[int, None]] = [OrderedDict() for _ in range(cache.sets)]
    missed = 0
    for turn in range(turns):
        for line in lines:
            content = sets[line % cache.sets]
            if line in content:
                content.move_to_end(line)
                continue
            missed += turn == turns - 1
            content[line] = None
            if len(content) > cache.ways:
                content.popitem(last=False)
    return missed


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2600), st.integers(0, 255))
def test_one_block_under_lru_is_exact(lines: int, start: int) -> None:
    share = miss_shares(LRU, [Block(float(lines))])[0]
    assert share * lines == pytest.approx(simulate(LRU, 3, [start + i for i in range(lines)]), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1200), st.integers(1, 1200))
def test_two_blocks_under_lru_on_average_over_their_places(first: int, second: int) -> None:
    share = miss_shares(LRU, [Block(float(first)), Block(float(second))])
    predicted = share[0] * first + share[1] * second
    total, places = 0, 8
    for place in range(places):
        lines = list(range(first)) + [4096 + place * 32 + i for i in range(second)]
        total += simulate(LRU, 3, lines)
    # Eight places of one block sample the expectation over all 256.
    assert predicted == pytest.approx(total / places, rel=0.12, abs=90)


def test_random_replacement_misses_less_than_lru_beyond_the_size_and_more_near_it() -> None:
    assert set_misses(4, 4, "random") == set_misses(4, 4, "lru") == 0.0
    assert 0 < set_misses(5, 4, "random") < set_misses(8, 4, "random") < set_misses(5, 4, "lru") == 1.0
    assert settling(RANDOM, [Block(1024.0)], 100)[0] > settling(RANDOM, [Block(256.0)], 100)[0] == 0.0
    assert settling(LRU, [Block(1024.0)], 100) == (0.0,)


def test_rows_of_an_image_can_share_sets() -> None:
    apart = rows_block(LRU, 3, 1024, 3000)
    together = rows_block(LRU, 3, 1024, 8192)
    assert apart.lines == together.lines == 96
    assert max(n for n, _ in together.pattern) == 3
    assert max(n for n, _ in apart.pattern) == 1


def test_residency_forgets_by_capacity_or_by_misses() -> None:
    lru = Residency(LRU)
    lru.touch(0, 16_384)
    assert lru.resident(0, 16_384) == 1.0
    lru.touch(100_000, 100_000 + 32_768)
    assert lru.resident(0, 16_384) == 0.0
    random = Residency(RANDOM)
    random.missed(512)
    random.touch(0, 16_384)
    assert 0.6 < random.resident(0, 16_384) < 1.0
    random.missed(4096)
    assert random.resident(0, 16_384) < 0.05
    assert random.resident(5, 5) == 0.0


def test_residency_splits_intervals() -> None:
    lru = Residency(LRU)
    lru.touch(0, 4096)
    lru.touch(1024, 2048)
    assert lru.resident(0, 4096) == 1.0
    assert lru.warm(0, 4096, 4096) == 1.0


def test_recorded_weight_misses() -> None:
    rows = [json.loads(line) for line in (HERE / "measured_misses.jsonl").read_text().splitlines()[1:]]
    for row in rows:
        found = misses(node_from_record(row), Place(LRU, arena=False))
        assert found.weights == pytest.approx(row["weights"]["rt_dtcm"], rel=0.08), row["model"]


def dense(depth: int, rows: int) -> Node:
    weights = Value("i8", (rows, depth), constant=True)
    return Node("FULLY_CONNECTED", (Value("i8", (1, depth)), weights), (Value("i8", (1, rows)),), {})


@pytest.mark.parametrize("policy", ["lru", "random"])
def test_fully_connected_reads_its_weights_once(policy: str) -> None:
    found = misses(dense(1024, 256), Place(Cache(policy=policy)))
    assert found.weights == pytest.approx((1024 * 256 + 4 * 256) / 32, rel=0.01)
    # Under random replacement 8 000 passing lines throw the 32 lines of the vector out again and again.
    assert 32 <= found.arena_loads <= (40 if policy == "lru" else 320)


def test_nothing_is_missed_where_nothing_is_cached() -> None:
    found = misses(dense(1024, 256), Place(LRU, arena=False, weights=False))
    assert (found.weights, found.arena_loads, found.arena_stores, found.write_backs) == (0, 0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([1, 3, 5, 7]),
    st.integers(1, 40),
    st.integers(1, 300),
    st.integers(1, 64),
    st.sampled_from([1, 1, 2, 8, 1 << 30]),
    st.sampled_from([("lru", True), ("lru", False), ("random", True), ("random", False)]),
)
def test_misses_are_bounded_by_the_accesses(
    kernel: int, size: int, depth: int, rows: int, stride: int, place: tuple[str, bool]
) -> None:
    policy, arena = place
    weights = Value("i8", (rows, kernel, kernel, depth), constant=True)
    out = -(-size // stride)
    x, y = Value("i8", (1, size, size, depth)), Value("i8", (1, out, out, rows))
    params = {"k": (kernel, kernel), "s": (stride, stride), "d": (1, 1), "pad": "SAME"}
    found = misses(Node("CONV_2D", (x, weights), (y,), params), Place(Cache(policy=policy), arena=arena))
    taps = size * size * kernel * kernel * depth * rows
    assert 0 <= found.weights <= taps + 4 * rows + 64
    assert 0 <= found.arena_stores <= 40 * (y.elements + taps)
    assert 0 <= found.arena_loads <= 40 * (x.elements + taps) + 64
    assert (found.arena_loads > 0) is arena
