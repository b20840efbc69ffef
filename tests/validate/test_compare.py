"""Points, totals and tolerances."""

from __future__ import annotations

import pytest

from omvsim.memory.requests import Phase, Request
from omvsim.traces import Allocation, Crash, Loaded, MemoryArea, Raised, Snapshot, Timing, TraceHeader
from omvsim.validate import Point, Quantity, TraceResult, compare, summarise, totals
from omvsim.validate._requests import compare_requests

HEADER = TraceHeader("firmware", "4.8.1", areas=(MemoryArea(0x1000, 0x1000), MemoryArea(0x8000, 0x1000)))


def points(recorded: list[object], predicted: list[object]) -> dict[Quantity, list[Point]]:
    found, _ = compare("t", recorded, predicted, HEADER)  # type: ignore[arg-type]
    groups: dict[Quantity, list[Point]] = {}
    for point in found:
        groups.setdefault(point.quantity, []).append(point)
    return groups


def test_allocations_are_aligned_by_size() -> None:
    """One that only one side has is a miss of its own; the next ones still meet."""
    found = points(
        [Allocation(5000, 0x1100), Allocation(2000, 0x8000), Allocation(3000, None)],
        [Allocation(2000, 0x8010, "arena"), Allocation(3000, None, "data")],
    )
    assert [(p.recorded, p.predicted) for p in found[Quantity.BIG_SIZE]] == [(5000, None), (2000, 2000), (3000, 3000)]
    assert [p.exact for p in found[Quantity.BIG_AREA]] == [True, True]
    assert [(p.recorded, p.predicted) for p in found[Quantity.BIG_ADDRESS]] == [
        ("0x00008000", "0x00008010"),
        ("refused", "refused"),
    ]
    assert found[Quantity.BIG_SIZE][1].where == "arena of 2000"


def test_snapshots_meet_by_label_and_turn() -> None:
    shots = [Snapshot("a", 100, 900, 5), Snapshot("a", 200, 800, 4), Snapshot("only here", 1, 2)]
    found, missing = compare("t", shots, [Snapshot("a", 100, 900, 6), Snapshot("a", 184, 816, 4)], HEADER)
    used = [point for point in found if point.quantity is Quantity.USED]
    free = [point for point in found if point.quantity is Quantity.LONGEST_FREE]
    assert [point.error for point in used] == [0, -16]
    assert [point.under for point in used] == [False, True]
    assert [point.error for point in free] == [16, 0]
    assert free[0].under
    assert used[1].where == "a #2"
    assert missing == ["only here"]


def test_exceptions_and_crashes() -> None:
    found = points([Raised("ValueError: x"), Crash("pc 0")], [Raised("ValueError: x"), Crash("why")])
    assert all(point.exact for point in found[Quantity.EXCEPTION])
    (point,) = points([], [Raised("ValueError: x")])[Quantity.EXCEPTION]
    assert (point.recorded, point.predicted, point.exact) == ("no exception", "ValueError: x", False)


def test_totals() -> None:
    group = [Point("t", Quantity.USED, str(n), 1000, 1000 + error) for n, error in enumerate((0, 0, -40, 120))]
    (total,) = totals(group)
    assert (total.count, total.exact, total.under) == (4, 2, 1)
    assert total.mean_error == 20
    assert total.worst is group[3]
    assert total.mape == pytest.approx(0.04)
    assert total.within == (0.75, 0.75, 1.0)


def test_times_are_relative() -> None:
    (point,) = points([Timing("predict", 1000)], [Timing("predict", 1100)])[Quantity.TIME]
    assert point.relative == pytest.approx(0.1)


def test_tolerances_decide() -> None:
    result = TraceResult("t", tuple(points([Loaded(1000)], [Loaded(1040)])[Quantity.MODEL_RAM]))
    assert not summarise([result]).passed
    assert summarise([result], {Quantity.MODEL_RAM: 0.05}).passed
    assert not summarise([result], {Quantity.MODEL_RAM: 0.01}).passed
    assert not summarise([TraceResult("t", skipped="no model")]).passed


def raw(*events: dict[str, object]) -> list[dict[str, object]]:
    return [*events, {"ev": "info", "label": "exit"}]


ASKED = [
    Request("alloc", Phase.RUN, 3, "load", 16, 0x100, ""),
    Request("realloc", Phase.RUN, 4, "load", 32, 0x100, "grow"),
    Request("free", Phase.RUN, 5, "<module>", 0, 0x100, ""),
]
SAME = raw(
    {"ev": "alloc", "n": 16, "addr": 0x100},
    {"ev": "free", "addr": None},
    {"ev": "alloc", "n": 32, "addr": 0x200, "in_realloc": 1},
    {"ev": "realloc", "in": 0x100, "n": 32, "addr": 0x100, "how": "grow"},
    {"ev": "free", "addr": 0x100},
)


def test_requests_in_order() -> None:
    """What happens inside a realloc is part of it, and freeing nothing is no request."""
    (point,) = compare_requests("t", SAME, ASKED, complete=True)
    assert (point.exact, point.count) == (True, 3)


def test_the_first_request_that_differs_is_named() -> None:
    changed = [ASKED[0], ASKED[1]._replace(address=0x110), ASKED[2]]
    same, other = compare_requests("t", SAME, changed, complete=True)
    assert (same.count, other.count) == (1, 2)
    assert other.where == "request 2 (line 4, load)"
    assert (other.recorded, other.predicted) == ("realloc of 32, 0x00000100", "realloc of 32, 0x00000110")


def test_requests_that_only_one_side_has() -> None:
    _, missing = compare_requests("t", SAME, ASKED[:2], complete=True)
    assert (missing.recorded, missing.predicted, missing.count) == ("free of 0x00000100", None, 1)
    _, more = compare_requests("t", SAME, [*ASKED, ASKED[0]], complete=True)
    assert (more.recorded, more.predicted) == (None, "alloc of 16, 0x00000100")
    (cut,) = compare_requests("t", SAME[:1], ASKED, complete=False)
    assert cut.exact


def test_requests_count_one_by_one() -> None:
    changed = [ASKED[0], ASKED[1]._replace(size=48), ASKED[2]]
    (total,) = totals(compare_requests("t", SAME, changed, complete=True))
    assert (total.count, total.exact) == (3, 1)


def test_what_ends_early_does_not_pass() -> None:
    point = Point("t", Quantity.USED, "end", 16, 16)
    assert summarise([TraceResult("t", (point,))]).passed
    assert not summarise([TraceResult("t", (point,), stopped="line 3: x is not modelled")]).passed
