"""Replaying a recorded GC trace: what agrees, what differs, and that a chunk elsewhere is followed from then on."""

from __future__ import annotations

import re
from typing import Any

import pytest

from omvsim import heap
from omvsim.heap import GcHeap, GcReplay

AREAS = [(0x20280000, 4096), (0x20300000, 8192)]
FIRST = GcHeap(AREAS).areas[0].address_of(0)


def replayed(*events: dict[str, Any]) -> GcReplay:
    replay = GcReplay(AREAS)
    for number, event in enumerate(events):
        replay.feed({"i": number, **event})
    return replay


def alloc(n: int, addr: int | None, **more: object) -> dict[str, Any]:
    return {"ev": "alloc", "n": n, "addr": addr, **more}


def test_events_of_every_kind_that_agree() -> None:
    replay = replayed(
        {"ev": "header"},
        alloc(16, FIRST),
        alloc(40, FIRST + 16, fin=1),
        alloc(100_000, None),
        alloc(16, None, locked=1),
        {"ev": "free", "addr": FIRST, "ignored": 1},
        {"ev": "chunks", "chunks": [[FIRST, 1, 0], [FIRST + 16, 3, 1]]},
        {"ev": "realloc", "in": FIRST + 16, "n": 64, "addr": FIRST + 16, "how": "grow"},
        {"ev": "realloc", "in": FIRST, "n": 64, "addr": None, "how": "nomove"},
        *({"ev": "realloc", "in": FIRST, "n": 64, "addr": None, "how": how} for how in ("move", "fail", "locked")),
        {"ev": "info", "used": 80, "num_1block": 1, "max_block": 4},
        {"ev": "collect_start"},
        {"ev": "sweep", "addr": FIRST},
        {"ev": "collect_end", "used": 64},
        {"ev": "free", "addr": FIRST + 16},
        {"ev": "free", "addr": None},
        {"ev": "info", "used": 0},
        alloc(32, FIRST),
    )
    counts = replay.counts
    assert (counts.exact, counts.first_mismatch) == (True, None)
    assert (counts.allocations, counts.infos, counts.chunk_lists) == (5, 3, 1)


@pytest.mark.parametrize(
    ("events", "counter", "said"),
    [
        ([alloc(16, FIRST + 32)], "address_mismatches", f"event 0 alloc: .* but here 0x{FIRST:08x}"),
        ([alloc(1 << 20, FIRST)], "address_mismatches", "but here None"),
        ([{"ev": "free", "addr": FIRST}], "address_mismatches", "but here no such chunk"),
        ([{"ev": "realloc", "in": FIRST, "n": 1, "addr": FIRST, "how": "grow"}], "address_mismatches", "no such chunk"),
        (
            [alloc(16, FIRST), {"ev": "realloc", "in": FIRST, "n": 64, "addr": None, "how": "nomove"}],
            "address_mismatches",
            f"event 1 realloc: .* but here 0x{FIRST:08x}",
        ),
        ([{"ev": "info", "used": 16}], "info_mismatches", "event 0 info"),
        ([{"ev": "collect_start"}, {"ev": "collect_end", "used": 16}], "info_mismatches", "event 1 collect_end"),
        ([{"ev": "chunks", "chunks": [[FIRST, 1, 0]]}], "chunk_list_mismatches", "but here 0 chunks"),
        ([alloc(16, FIRST, fin=1), {"ev": "chunks", "chunks": [[FIRST, 1, 0]]}], "chunk_list_mismatches", "1 chunks"),
    ],
)
def test_what_differs_is_counted_and_the_first_is_told(events: list[dict[str, Any]], counter: str, said: str) -> None:
    counts = replayed(*events, {"ev": "info", "used": -1}).counts
    assert not counts.exact
    assert getattr(counts, counter) == (2 if counter == "info_mismatches" else 1)
    assert counts.first_mismatch is not None
    assert re.search(said, counts.first_mismatch)


def test_a_chunk_that_is_elsewhere_is_the_one_that_the_record_means() -> None:
    elsewhere = FIRST + 512
    replay = replayed(
        alloc(16, elsewhere),
        alloc(16, FIRST + 16),
        {"ev": "realloc", "in": elsewhere, "n": 8, "addr": FIRST, "how": "same"},
        {"ev": "free", "addr": FIRST},
        {"ev": "info", "used": 16},
    )
    assert (replay.counts.address_mismatches, replay.counts.info_mismatches) == (1, 0)
    assert replay.heap.is_chunk(FIRST + 16)


def test_what_a_sweep_found_outside_a_collection_dies_with_none() -> None:
    replay = replayed(alloc(16, FIRST), {"ev": "sweep", "addr": FIRST}, {"ev": "collect_start"}, {"ev": "collect_end"})
    assert replay.heap.used == 16


def test_an_unknown_name_of_the_room_is_none() -> None:
    with pytest.raises(AttributeError, match=r"'omvsim\.heap' has no attribute 'Nothing'"):
        _ = heap.Nothing
