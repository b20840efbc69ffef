"""Every measured model: allocator log, placements, scratch buffers, temporaries and outcomes of the real library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.graph import read_model
from omvsim.tflm import (
    ArenaPlan,
    Outcome,
    Persist,
    Status,
    TailAllocation,
    Temp,
    allocate,
    explain_allocation,
    minimum_arena,
    plan_arena,
)
from omvsim.units import align_up

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared
Case = tuple[dict[str, Any], ArenaPlan]
_SLACK = 512  # OpenMV 4.6.0 to 5.0.0


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[Case]:
    """(measurement, plan) of every public model."""
    lines = (shared / "oracle" / "tflm" / "arena.jsonl").read_text().splitlines()
    return [(row, plan_arena(read_model(shared / row["path"]))) for row in map(json.loads, lines)]


@pytest.fixture(scope="module")
def loading(cases: list[Case]) -> list[Case]:
    """The ones the library loads."""
    return [(row, plan) for row, plan in cases if row["status"] == 0]


def test_status(cases: list[Case]) -> None:
    assert len(cases) == 657
    wrong = [row["file"] for row, plan in cases if (plan.status is Status.OK) != (row["status"] == 0)]
    assert wrong == []
    assert all(plan.status is not Status.UNKNOWN for _, plan in cases)


def test_refusals_name_the_operator_at_fault(cases: list[Case]) -> None:
    for row, plan in cases:
        if row["status"] == 0:
            continue
        assert plan.refusal is not None
        failed = [m.split("Node ")[1].split(" ")[0] for m in row["messages"] if m.startswith("Node ")]
        if failed:
            assert plan.refusal.operator == failed[0], row["file"]


def test_head_and_tail(loading: list[Case]) -> None:
    wrong = [
        (row["file"], plan.head_bytes, row["head"], plan.tail_bytes, row["tail"])
        for row, plan in loading
        if (plan.head_bytes, plan.tail_bytes) != (row["head"], row["tail"])
    ]
    assert wrong == []


def test_planned_buffers(loading: list[Case]) -> None:
    """Offset, size, lifetime, in the planner's order."""
    for row, plan in loading:
        measured = [tuple(entry[:4]) for entry in row["plan"]["buffers_offset_size_first_last_offline"]]
        assert [(b.offset, b.bytes, b.first, b.last) for b in plan.buffers] == measured, row["file"]


def test_tail_allocations(loading: list[Case]) -> None:
    """Every piece in order: bytes asked for, alignment, bytes taken."""
    for row, plan in loading:
        measured = [tuple(entry[3:]) for entry in row["persistent"]]
        assert [entry for piece in plan.tail for entry in _one_by_one(piece)] == measured, row["file"]
        owners = {"init", "prepare"}
        named = [(e[1], e[2]) for e in row["persistent"] if e[0] in owners]
        ours = [(p.subgraph, p.operator) for p in plan.tail if p.phase in owners for _ in range(p.times)]
        assert ours == named, row["file"]


def _one_by_one(piece: TailAllocation) -> list[tuple[int, int, int]]:
    """(bytes, alignment, bytes taken) of each of some equal pieces; what alignment costs stands with the first."""
    later = -(-piece.bytes // piece.alignment) * piece.alignment
    first = piece.taken - (piece.times - 1) * later
    return [(piece.bytes, piece.alignment, first if number == 0 else later) for number in range(piece.times)]


def test_scratch_requests(loading: list[Case]) -> None:
    for row, plan in loading:
        assert [[s.subgraph, s.operator, s.bytes] for s in plan.scratch] == row["scratch"], row["file"]


def test_order_of_temporary_tensors(loading: list[Case]) -> None:
    """Which tensors each Prepare takes and where its persistent bytes come between."""
    for row, plan in loading:
        events = {
            (p.subgraph, p.operator): " ".join(
                f"t{e.tensor}" if isinstance(e, Temp) else " ".join([f"P{e.bytes}"] * e.times)
                for e in p.events
                if isinstance(e, Temp | Persist)
            )
            for p in plan.prepared
        }
        for subgraph, operator, text in row["prepare_events"]:
            assert events[subgraph, operator] == text, (row["file"], subgraph, operator)


@pytest.mark.slow
def test_second_allocation(loading: list[Case]) -> None:
    """In the arena OpenMV keeps; a measurement without a result faulted or jumped wild."""
    seen = dict.fromkeys(Outcome, 0)
    for row, plan in loading:
        stage = row.get("openmv_second_stage")
        measured = Outcome.UNDEFINED if stage is None else Outcome.ERROR if stage["status"] else Outcome.OK
        arena = align_up(plan.arena_used_bytes, 16) + _SLACK
        assert stage is None or stage["arena"] == arena
        assert allocate(plan, arena) is measured, row["file"]
        seen[measured] += 1
    assert seen == {Outcome.OK: 610, Outcome.ERROR: 5, Outcome.HANGS: 0, Outcome.UNDEFINED: 8}


def test_minimum_arena_is_the_smallest_that_works(loading: list[Case]) -> None:
    for _, plan in loading:
        smallest = minimum_arena(plan)
        assert smallest is not None
        assert smallest >= plan.arena_used_bytes
        assert allocate(plan, smallest) is Outcome.OK
        assert allocate(plan, smallest - 16) is not Outcome.OK


def test_an_unaligned_end_changes_the_figure(shared: Path) -> None:
    """Measured with 25 combinations of base and size (facts: tflm-arena section 3)."""
    plan = plan_arena(read_model(shared / "models" / "real" / "person_detect.tflite"))
    measured = {0: 82308, 4: 82312, 8: 82316, 12: 82304}
    assert {end: explain_allocation(plan, 2**20 + end).used_bytes for end in measured} == measured
    assert {end: explain_allocation(plan, 2**20, end).used_bytes for end in measured} == measured
