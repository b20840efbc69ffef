"""AllocateTensors in arenas of any size: what fails cleanly, what does not."""

from __future__ import annotations

import pytest

from omvsim.errors import BoardError
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder
from omvsim.tflm import (
    ArenaPlan,
    Outcome,
    allocate,
    explain_allocation,
    find_library,
    minimum_arena,
    plan_arena,
    second_allocation,
)


def float_chain(length: int = 3) -> ArenaPlan:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4,), TensorType.FLOAT32)
    for _ in range(length):
        y = graph.tensor((4,), TensorType.FLOAT32)
        graph.operator("EXP", [x], [y])
        x = y
    graph.output(x)
    return plan_arena(parse_model(builder.build(), "chain"))


def wide_pointwise() -> ArenaPlan:
    """One convolution with many channels: its temporary tensors are larger than all it plans."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    channels = 256
    x = graph.input((1, 2, 2, 4), quantization=Quantization((0.5,), (0,)))
    scales = Quantization((0.1,) * channels, (0,) * channels)
    w = graph.constant((channels, 1, 1, 4), TensorType.INT8, bytes(4 * channels), quantization=scales)
    y = graph.tensor((1, 2, 2, channels), quantization=Quantization((0.5,), (0,)))
    graph.operator("CONV_2D", [x, w, ABSENT], [y], {"stride_w": 1, "stride_h": 1, "padding": 1})
    graph.output(y)
    return plan_arena(parse_model(builder.build(), "wide"))


def test_the_planner_needs_room_that_the_figure_does_not_count() -> None:
    plan = float_chain(8)
    smallest = minimum_arena(plan)
    assert smallest is not None
    assert smallest > plan.arena_used_bytes
    failed = explain_allocation(plan, smallest - 16)
    assert failed.outcome is Outcome.ERROR
    assert "planner" in failed.reason
    assert explain_allocation(plan, smallest).used_bytes == plan.arena_used_bytes
    # OpenMV adds 512 bytes to the figure; many small tensors need more.
    assert second_allocation(plan, plan.arena_used_bytes + 512) is Outcome.ERROR
    assert second_allocation(float_chain(3), float_chain(3).arena_used_bytes + 512) is Outcome.OK


def test_tensor_structs_are_written_through_a_null_pointer() -> None:
    plan = wide_pointwise()
    outcomes = {allocate(plan, size) for size in range(0, (minimum_arena(plan) or 0) + 16, 16)}
    assert outcomes == set(Outcome) - {Outcome.HANGS}
    assert allocate(plan, plan.arena_used_bytes) is Outcome.UNDEFINED


def test_no_arena_at_all() -> None:
    failed = explain_allocation(float_chain(), 0)
    assert failed.outcome is Outcome.UNDEFINED
    assert "arena allocator" in failed.reason


@pytest.mark.parametrize("plan", [float_chain(), wide_pointwise()], ids=["float", "wide"])
def test_every_larger_arena_works_too(plan: ArenaPlan) -> None:
    smallest = minimum_arena(plan) or 0
    assert all(allocate(plan, smallest + 16 * i) is Outcome.OK for i in range(60))
    assert all(allocate(plan, smallest + 32 + i) is Outcome.OK for i in range(16))


def test_a_refused_model_is_an_error_in_any_arena() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4,), TensorType.INT16)
    y = graph.tensor((4,), TensorType.INT16)
    graph.operator("CEIL", [x], [y])
    plan = plan_arena(parse_model(builder.build(), "refused"))
    failed = explain_allocation(plan, 1 << 20)
    assert (failed.outcome, failed.reason) == (Outcome.ERROR, str(plan.refusal))
    assert "int16 is not supported" in failed.reason
    assert minimum_arena(plan) is None


def test_unknown_library() -> None:
    with pytest.raises(BoardError, match="not known"):
        find_library("abcdef0")
