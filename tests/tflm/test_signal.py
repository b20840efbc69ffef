"""The audio front end's operators that keep a buffer for every row of their input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flatbuffers import flexbuffers

from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import LIBTFLM_73EB1AA, Outcome, Phase, allocate, minimum_arena, plan_arena

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.tflm import ArenaPlan

HEADER = 24
"""Bytes of a circular buffer's own struct (signal/src/circular_buffer.h of tflite-micro a57349f0)."""
WIDTH, DELAY = 20, 5
RING = HEADER + 2 * 2 * (WIDTH + DELAY)
"""Room for two times its samples, int16 each."""


def plan_of(name: str, taken: tuple[int, ...], given: tuple[int, ...], **numbers: int) -> ArenaPlan:
    """A model of one operator on int16 with these shapes and options."""
    options = flexbuffers.Builder()
    with options.Map():
        for key, value in numbers.items():
            options.Int(key, value)
    builder = ModelBuilder()
    graph = builder.subgraph()
    scale = Quantization((1.0,), (0,))
    first = graph.input(taken, TensorType.INT16, quantization=scale)
    last = graph.tensor(given, TensorType.INT16, quantization=scale)
    graph.custom_operator(name, [first], [last], bytes(options.Finish()))
    graph.output(last)
    return plan_arena(parse_model(builder.build(), "signal.tflite"), LIBTFLM_73EB1AA)


def delay_of(rows: int) -> ArenaPlan:
    """So many rows of 20 samples, delayed."""
    return plan_of("SignalDelay", (rows, WIDTH), (rows, WIDTH), delay_length=DELAY)


def overlap_of(rows: int) -> ArenaPlan:
    """So many rows of 3 frames of 20 samples, added up in steps of 10."""
    return plan_of("SignalOverlapAdd", (rows, 3, WIDTH), (rows, 30), T=int(TensorType.INT16), frame_step=10)


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_ring_a_row(rows: int) -> None:
    """Two tables of pointers, then a ring for each row, all aligned to 16 bytes."""
    pieces = [piece for piece in delay_of(rows).tail if piece.phase is Phase.PREPARE]
    assert [(piece.bytes, piece.times) for piece in pieces] == [(4 * rows, 1), (4 * rows, 1), (RING, rows)]
    assert pieces[-1].from_end - pieces[-2].from_end == rows * 128
    assert 128 - 16 < RING <= 128


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_frame_a_row(rows: int) -> None:
    """A table of pointers, then a frame of int16 for each row."""
    pieces = [piece for piece in overlap_of(rows).tail if piece.phase is Phase.PREPARE]
    assert [(piece.bytes, piece.times) for piece in pieces] == [(4 * rows, 1), (2 * WIDTH, rows)]
    assert pieces[1].from_end - pieces[0].from_end == rows * 48


@pytest.mark.parametrize("model_of", [delay_of, overlap_of])
@pytest.mark.parametrize("rows", [1, 2, 7])
def test_the_arena_that_it_needs_is_the_smallest_that_works(model_of: Callable[[int], ArenaPlan], rows: int) -> None:
    plan = model_of(rows)
    need = minimum_arena(plan)
    assert need is not None
    assert allocate(plan, need) is Outcome.OK
    assert allocate(plan, need - 16) is not Outcome.OK


@pytest.mark.parametrize("model_of", [delay_of, overlap_of])
def test_rows_without_end_take_no_time(model_of: Callable[[int], ArenaPlan]) -> None:
    """A file of 500 bytes may say that it has 200 million rows, which are one entry of the plan, not as many."""
    plan = model_of(200_000_000)
    assert plan.refusal is not None
