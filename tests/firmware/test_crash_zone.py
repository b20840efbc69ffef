"""When the throw-away interpreter's destructor reads what has been overwritten."""

from __future__ import annotations

import pytest

from omvsim import models
from omvsim.firmware._crash_zone import crash_zone
from omvsim.graph import parse_model
from omvsim.modules.ml.loading import Taken
from omvsim.tflm import ArenaPlan, plan_arena

START, SIZE = 0x6000_0000, 64 << 10
END = START + SIZE


@pytest.fixture(scope="module")
def plan() -> ArenaPlan:
    return plan_arena(parse_model(models.make("tiny-conv"), "tiny-conv"))


def chunk_at(address: int, size: int, what: str = "tuple") -> Taken:
    return Taken(address // 16 * 16, size, what)


def test_nothing_over_the_records(plan: ArenaPlan) -> None:
    assert crash_zone(plan, (START, SIZE), [chunk_at(START, 1024, "tensor arena")]) is None


def test_a_chunk_over_a_registration(plan: ArenaPlan) -> None:
    record = plan.destructor_reads[1]
    zone = crash_zone(plan, (START, SIZE), [chunk_at(END - record.tail_offset, 16)])
    assert zone is not None
    assert "tuple (16 bytes)" in str(zone)
    assert (zone.what, zone.address, zone.size) == ("tuple", (END - record.tail_offset) // 16 * 16, 16)
    assert zone.freed == (START, SIZE)
    assert zone.read[1] == (END - record.tail_offset, record.bytes)


def test_a_block_is_clear_behind_what_was_asked_for(plan: ArenaPlan) -> None:
    """A registration read as null is not called; the table of subgraphs has no such check."""
    address = END - plan.destructor_reads[1].tail_offset
    assert address % 16 == 12
    assert crash_zone(plan, (START, SIZE), [chunk_at(address, 12)]) is None
    table = END - plan.destructor_reads[0].tail_offset
    assert crash_zone(plan, (START, SIZE), [chunk_at(table, 1)]) is not None


def test_the_same_arena_over_again_changes_nothing(plan: ArenaPlan) -> None:
    assert crash_zone(plan, (START, SIZE), [Taken(END - 4096, 4096, "tensor arena")]) is None
