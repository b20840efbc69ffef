"""How a plan is put together: offline plans, sizes that a 32-bit machine cannot count, intermediates, refusals."""

from __future__ import annotations

import struct

import pytest

from omvsim.graph import TensorType as T
from omvsim.graph import parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.provenance import Provenance
from omvsim.tflm import LIBRARIES, LIBTFLM_73EB1AA, ArenaPlan, Status, plan_arena

LIBTF = LIBRARIES["libtf-4.5.5"]


def negation(shape: tuple[int, ...] = (64,), element: T = T.FLOAT32, count: int = 1) -> ModelBuilder:
    """A chain of operators."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input(shape, element)
    for _ in range(count):
        y = graph.tensor(shape, element)
        graph.operator("NEG", [x], [y])
        x = y
    graph.output(x)
    return builder


def planned(builder: ModelBuilder, *words: int, behind: bytes = b"") -> ArenaPlan:
    """The plan; with ``words`` the model has an offline plan of them."""
    if words or behind:
        builder.add_metadata("OfflineMemoryAllocation", struct.pack(f"<{len(words)}i", *words) + behind)
    return plan_arena(parse_model(builder.build(), "m"))


def placed(plan: ArenaPlan) -> list[tuple[int, bool]]:
    """Offset of each buffer, and whether the file says so."""
    assert plan.status is Status.OK, plan.refusal
    return [(each.offset, each.offline) for each in plan.buffers]


# -- offline plans (greedy_memory_planner.cc; micro_allocation_info.cc, GetOfflinePlannedOffsets) ----------------------


def test_offsets_of_an_offline_plan_are_taken_tensor_by_tensor() -> None:
    assert placed(planned(negation(count=2), 1, 0, 3, 512, -1, 16)) == [(512, True), (768, False), (16, True)]
    plan = planned(negation(count=2), 1, 0, 3, 512, -1, 1024)
    assert plan.head_bytes == 1024 + 256


def test_what_follows_an_offline_plan_is_not_looked_at() -> None:
    for behind in (b"x", b"xy", b"xyz", bytes(40)):
        assert placed(planned(negation(), 1, 0, 2, 256, 0, behind=behind)) == [(256, True), (0, True)]


@pytest.mark.parametrize("words", [(1, 0, 2), (1, 0, 2, 400)])
def test_an_offline_plan_that_is_cut_off_crashes(words: tuple[int, ...]) -> None:
    plan = planned(negation(), *words)
    assert plan.status is Status.CRASHES
    assert "cut off" in str(plan.refusal)
    assert planned(negation(), *words, behind=b"abc").status is Status.CRASHES


@pytest.mark.parametrize(
    ("words", "count"), [((1, 0, 3, 0, 0), 3), ((1, 0, 1, 0), 1), ((2, 2), -1), ((1, 0, -1), -1), ((1, 0, 0), 0)]
)
def test_an_offline_plan_for_other_tensors_is_refused(words: tuple[int, ...], count: int) -> None:
    plan = planned(negation(), *words)
    assert plan.status is Status.REFUSED
    assert plan.refusal is not None
    assert plan.refusal.library_message == (
        f"Nbr of offline buffer offsets ({count}) in metadata not equal nbr tensors (2)"
    )


def test_an_offline_plan_counts_the_tensors_of_all_subgraphs() -> None:
    def two() -> ModelBuilder:
        builder = negation()
        graph = builder.subgraph()
        x, y = graph.input((8,), T.FLOAT32), graph.tensor((8,), T.FLOAT32)
        graph.operator("NEG", [x], [y])
        graph.output(y)
        return builder

    assert placed(planned(two(), 1, 0, 4, 0, 256, 512, 544)) == [(0, True), (256, True), (512, True), (544, True)]
    assert planned(two(), 1, 0, 2, 0, 256).status is Status.REFUSED
    plan = planned(two())
    assert (plan.tensors, plan.subgraphs) == (4, 2)


def test_variables_are_planned_only_where_the_file_has_a_place_for_them() -> None:
    def with_variable() -> ModelBuilder:
        builder = negation()
        builder.subgraphs[0].tensor((16,), T.FLOAT32, variable=True)
        return builder

    assert len(planned(with_variable()).buffers) == 2
    assert placed(planned(with_variable(), 1, 0, 3, 0, 256, 1024)) == [(0, True), (256, True), (1024, True)]
    assert placed(planned(with_variable(), 1, 0, 3, 0, 256, -1)) == [(0, True), (256, True)]


# -- sizes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "requested"),
    [((1, -1), 0), ((1, -20), 2**32 - 16), ((2, 1 << 30), 1 << 31), ((1, (1 << 31) - 1), None)],
)
def test_a_tensor_without_a_size_is_refused(shape: tuple[int, ...], requested: int | None) -> None:
    """At 2 GiB the size is negative for TFLM; 2^31 - 1 bytes are a size still, and no arena's."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4,), T.INT8)
    graph.tensor(shape, T.INT8)
    y = graph.tensor((4,), T.INT8)
    graph.operator("RESHAPE", [x], [y])
    graph.output(y)
    plan = planned(builder)
    assert plan.status is Status.REFUSED
    assert plan.refusal is not None
    if requested is None:
        assert "more than a 32-bit machine can address" in str(plan.refusal)
    else:
        assert plan.refusal.library_message == f"Failed to resize buffer. Requested: {requested}"
        assert "x".join(map(str, shape)) in str(plan.refusal)


@pytest.mark.parametrize(("last", "status"), [(0x7FFFFF00 - 16, Status.OK), (0x7FFFFF00, Status.REFUSED)])
def test_a_head_of_two_gib_is_more_than_the_machine_has(last: int, status: Status) -> None:
    """256 bytes at an offset: their end is the head's."""
    plan = planned(negation(), 1, 0, 2, last, 0)
    assert plan.status is status
    if status is Status.REFUSED:
        assert f"need {last + 256} bytes" in str(plan.refusal)
    else:
        assert plan.head_bytes == last + 256


@pytest.mark.parametrize(("count", "places"), [(1, [0, 16]), (16, [0, 16]), (17, [0, 32]), (0, [])])
def test_one_byte_has_a_place_and_none_has_none(count: int, places: list[int]) -> None:
    """micro_allocation_info.cc: ``needs_allocating`` leaves out tensors of no bytes."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = graph.input((count,), T.BOOL), graph.tensor((count,), T.BOOL)
    graph.operator("LOGICAL_NOT", [x], [y])
    graph.output(y)
    assert sorted(each.offset for each in planned(builder).buffers) == places


# -- what is refused ---------------------------------------------------------------------------------------------------


def lstm_like(intermediate: int | None, shape: tuple[int, ...] = (4,)) -> ModelBuilder:
    """An operator with an intermediate tensor: its index, None for one of ``shape``."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = graph.input((64,), T.FLOAT32), graph.tensor((64,), T.FLOAT32)
    index = graph.tensor(shape, T.FLOAT32) if intermediate is None else intermediate
    graph.operator("NEG", [x], [y], intermediates=[index])
    graph.output(y)
    return builder


def test_intermediates_must_be_empty_and_there() -> None:
    assert planned(lstm_like(None, (0,))).status is Status.OK
    full = planned(lstm_like(None))
    assert full.status is Status.REFUSED
    assert full.refusal is not None
    assert full.refusal.library_message == "Does not support intermediate tensor with non-zero size: 16"
    assert (full.refusal.operator, full.refusal.subgraph, full.refusal.operator_index) == ("NEG", 0, 0)
    first = planned(lstm_like(0))  # the operator's own input: tensor 0 is there, and not empty
    assert (first.status, first.refusal and first.refusal.library_message) == (
        Status.REFUSED,
        "Does not support intermediate tensor with non-zero size: 256",
    )
    absent = planned(lstm_like(-1))
    assert absent.status is Status.CRASHES
    assert "in front of its tensor table" in str(absent.refusal)


def test_a_refusal_is_as_well_known_as_the_library_and_an_unknown_is_none() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = graph.input((1, 4), T.INT16), graph.tensor((1, 4), T.INT16)
    graph.operator("CEIL", [x], [y])
    graph.output(y)
    for library in (LIBTFLM_73EB1AA, LIBTF):
        plan = plan_arena(parse_model(builder.build(), "m"), library)
        assert (plan.status, plan.provenance) == (Status.REFUSED, library.provenance)
    unknown = ModelBuilder()
    graph = unknown.subgraph()
    x, y = graph.input((1, 4), T.COMPLEX64), graph.tensor((1, 4), T.FLOAT32)
    graph.operator("REAL", [x], [y])
    graph.output(y)
    plan = plan_arena(parse_model(unknown.build(), "m"), LIBTF)
    assert (plan.status, plan.provenance) == (Status.UNKNOWN, Provenance.UNKNOWN)


def test_an_element_type_without_a_size_is_refused() -> None:
    builder = negation()
    builder.subgraphs[0].tensor((4,), T.STRING)
    plan = planned(builder)
    assert plan.status is Status.REFUSED
    assert "tensor 2 has element type" in str(plan.refusal)


# -- libraries that count operators ------------------------------------------------------------------------------------


def test_a_constant_s_life_is_read_only() -> None:
    """What is only read passes for a constant there; what is never made nor read does not."""
    builder = negation((1, 64))
    graph = builder.subgraphs[0]
    weights = graph.tensor((1, 64), T.FLOAT32)
    graph.operator("ADD", [weights, 1], [graph.tensor((1, 64), T.FLOAT32)])
    graph.output(3)
    plan = plan_arena(parse_model(builder.build(), "m"), LIBTF)
    assert plan.status is Status.OK, plan.refusal
    assert [(each.first, each.last) for each in plan.buffers][:3] == [(0, 0), (0, 1), (-1, 1)]
    now = plan_arena(parse_model(builder.build(), "m"))
    assert [(each.first, each.last) for each in now.buffers][:2] == [(0, 1), (1, 2)]
