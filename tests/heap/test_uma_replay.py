"""Recorded UMA traces are predicted from their calls alone, and differences are found and counted."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.errors import TraceError
from omvsim.heap import replay_uma

if TYPE_CHECKING:
    from pathlib import Path

BASE = 0x8090_0000
FIRST = BASE + 3192


def pool_event() -> dict[str, Any]:
    return {
        "ev": "uma_pool",
        "idx": 0,
        "base": BASE,
        "end": BASE + 65536,
        "bytes": 65536,
        "usable": 62340,
        "flags": 0,
        "alloc_size_max": 61317,
    }


def state(free: int, largest: int, peak: int, persist: int = 0) -> dict[str, int]:
    return {"pool": 0, "pool_free": free, "pool_peak": peak, "pool_persist": persist, "pool_alloc_max": largest}


def malloc(**changes: Any) -> dict[str, Any]:
    event = {"ev": "uma", "op": "malloc", "size": 100, "flags": 0, "addr": FIRST, "block": 100, "persist": 0}
    return event | state(62240, 61213, 100) | changes


def test_an_exact_trace() -> None:
    free = {"ev": "uma", "op": "free", "in": FIRST, "in_block": 100} | state(62340, 61317, 100)
    walk = {"ev": "uma_walk", "blocks": [[FIRST, 62340, 0]]} | state(62340, 61317, 100)
    avail = {"ev": "uma", "op": "avail", "flags": 0, "avail": 61312}
    counts = replay_uma([pool_event(), {"ev": "mark"}, malloc(), free, walk, avail])
    assert counts.exact, counts.examples
    assert (counts.allocations, counts.frees, counts.walks, counts.avails) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("change", "counter"),
    [
        ({"addr": FIRST + 4}, "address_mismatches"),
        ({"block": 104}, "block_mismatches"),
        ({"persist": 1}, "block_mismatches"),
        ({"pool_free": 1}, "total_mismatches"),
        ({"pool_peak": 1}, "total_mismatches"),
        ({"pool_alloc_max": 1}, "alloc_max_mismatches"),
    ],
)
def test_differences_are_counted(change: dict[str, int], counter: str) -> None:
    counts = replay_uma([pool_event(), malloc(**change)])
    assert getattr(counts, counter) == counts.mismatches == 1
    assert "malloc" in counts.examples[0]


def test_collections_locked_or_not() -> None:
    collected = {"ev": "uma_collect", "pool": 0, "freed": 100, "nblocks": 1, "pool_free": 62340}
    locked = {"ev": "uma_collect", "pool": -1, "freed": 0, "nblocks": 0, "pool_free": 0}
    assert replay_uma([pool_event(), malloc(), locked, collected]).exact
    assert replay_uma([pool_event(), malloc(), collected | {"freed": 0}]).collect_mismatches == 1


def test_dirty_comes_from_the_header_or_the_caller() -> None:
    events = [pool_event(), malloc(persist=1)]
    assert replay_uma([{"ev": "header", "config": "uma8M_dirtyFF"}, *events]).exact
    assert replay_uma(events, dirty=True).exact


def test_a_moving_realloc_logs_its_free_first() -> None:
    second = malloc(addr=FIRST + 104, size=16, block=16, **state(62224, 61193, 116))
    freed = {"ev": "uma", "op": "free", "caller": "uma_realloc", "in": FIRST, "in_block": 100} | state(0, 0, 0)
    moved = malloc(op="realloc", size=200, addr=FIRST + 124, block=200, **state(62124, 61013, 216)) | {"in": FIRST}
    events = [pool_event(), malloc(), second, freed, moved]
    counts = replay_uma(events)
    assert (counts.address_mismatches, counts.block_mismatches, counts.reallocs, counts.frees) == (0, 0, 1, 0)


def test_a_realloc_to_nothing_is_its_free_alone() -> None:
    freed = {"ev": "uma", "op": "free", "caller": "uma_realloc", "in": FIRST, "in_block": 100}
    assert replay_uma([pool_event(), malloc(), freed | state(62340, 61317, 100)]).frees == 1


def test_broken_traces() -> None:
    with pytest.raises(TraceError, match="before any uma_pool"):
        replay_uma([malloc()])
    walk = {"ev": "uma_walk", "blocks": []} | state(0, 0, 0)
    for event in (
        walk | {"pool": 1},
        walk | {"pool": -1},
        {"ev": "uma_collect", "pool": 1, "freed": 0, "pool_free": 0},
    ):
        with pytest.raises(TraceError, match=r"an event of pool -?1, and there are 1"):
            replay_uma([pool_event(), event])
    with pytest.raises(TraceError, match="no block was allocated at 0x00001000"):
        replay_uma([pool_event(), {"ev": "uma", "op": "free", "in": 0x1000, "in_block": 1} | state(0, 0, 0)])


@pytest.mark.shared
def test_every_recorded_trace(shared: Path) -> None:
    traces = sorted((shared / "oracle/uma").glob("**/*.jsonl.gz"))
    assert len(traces) > 100
    allocations = 0
    for trace in traces:
        with gzip.open(trace, "rt") as lines:
            counts = replay_uma(map(json.loads, lines))
        assert counts.exact, (trace.name, counts.examples)
        allocations += counts.allocations
    assert allocations > 2000
