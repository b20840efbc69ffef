"""The audio front end's operators that keep a circular buffer for every row of their input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flatbuffers import flexbuffers

from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import LIBTFLM_73EB1AA, Outcome, Phase, allocate, minimum_arena, plan_arena

if TYPE_CHECKING:
    from omvsim.tflm import ArenaPlan

HEADER = 24
"""Bytes of a circular buffer's own struct (signal/src/circular_buffer.h of tflite-micro a57349f0)."""
WIDTH, DELAY = 20, 5
RING = HEADER + 2 * 2 * (WIDTH + DELAY)
"""Room for two times its samples, int16 each."""


def delay_of(rows: int) -> ArenaPlan:
    """A model whose one operator delays so many rows of 20 samples."""
    options = flexbuffers.Builder()
    with options.Map():
        options.Int("delay_length", DELAY)
    builder = ModelBuilder()
    graph = builder.subgraph()
    scale = Quantization((1.0,), (0,))
    taken = graph.input((rows, WIDTH), TensorType.INT16, quantization=scale)
    given = graph.tensor((rows, WIDTH), TensorType.INT16, quantization=scale)
    graph.custom_operator("SignalDelay", [taken], [given], bytes(options.Finish()))
    graph.output(given)
    return plan_arena(parse_model(builder.build(), "delay.tflite"), LIBTFLM_73EB1AA)


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_ring_a_row(rows: int) -> None:
    """Two tables of pointers, then a ring for each row, all aligned to 16 bytes."""
    pieces = [piece for piece in delay_of(rows).tail if piece.phase is Phase.PREPARE]
    assert [(piece.bytes, piece.times) for piece in pieces] == [(4 * rows, 1), (4 * rows, 1), (RING, rows)]
    assert pieces[-1].from_end - pieces[-2].from_end == rows * 128
    assert 128 - 16 < RING <= 128


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_the_arena_that_it_needs_is_the_smallest_that_works(rows: int) -> None:
    plan = delay_of(rows)
    need = minimum_arena(plan)
    assert need is not None
    assert allocate(plan, need) is Outcome.OK
    assert allocate(plan, need - 16) is not Outcome.OK


def test_rows_without_end_take_no_time() -> None:
    """A file of 500 bytes may say that it has 200 million rows, which are one entry of the plan, not as many."""
    plan = delay_of(200_000_000)
    assert plan.refusal is not None
