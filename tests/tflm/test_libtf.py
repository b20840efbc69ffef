"""The library of OpenMV 4.5.5 against its own figures, and the forum's models on both libraries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.graph import Quantization, parse_model, read_model
from omvsim.graph import TensorType as T
from omvsim.models.builder import ABSENT, ModelBuilder
from omvsim.tflm import LIBRARIES, ArenaPlan, Fault, Outcome, Status, allocate, explain_allocation, plan_arena

if TYPE_CHECKING:
    from pathlib import Path

LIBTF = LIBRARIES["libtf-4.5.5"]
Q = Quantization((0.5,), (0,))
_RETURNED_EXTRA = 1024  # libtf returns arena_used_bytes + 1024


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_measured_model(shared: Path) -> None:
    wrong = []
    for row in rows(shared / "oracle" / "tflm" / "v455_libtf.jsonl"):
        plan = plan_arena(read_model(shared / row["path"]), LIBTF)
        loads = row["libtf_ret"] == 0
        figure = plan.arena_used_bytes + _RETURNED_EXTRA
        if (plan.status is Status.OK) != loads or (loads and figure != row["libtf_tensor_arena_size"]):
            wrong.append((row["file"], plan.status, figure, row["libtf_tensor_arena_size"], row["messages"]))
    assert wrong == []


def test_refusals_in_the_librarys_words(shared: Path) -> None:
    for row in rows(shared / "oracle" / "tflm" / "v455_libtf.jsonl"):
        plan = plan_arena(read_model(shared / row["path"]), LIBTF)
        if row["libtf_ret"] == 1 and row["messages"][-1].startswith(("Input ", "Output ")):
            assert plan.refusal is not None
            assert plan.refusal.library_message == row["messages"][-1], row["file"]


def test_forum_models_on_4_5_5(shared: Path) -> None:
    """At every remainder of the arena's end modulo 16; the library runs in an arena of exactly its own figure."""
    for row in rows(shared / "oracle" / "forum" / "v455.jsonl"):
        path = shared / "oracle" / "forum" / "models" / row["file"]
        if not path.exists():
            continue
        plan = plan_arena(read_model(path), LIBTF)
        ends = {end: explain_allocation(plan, 2**24 + int(end)).used_bytes + 1024 for end in row["by_arena_end_mod16"]}
        assert ends == row["by_arena_end_mod16"]
        assert allocate(plan, row["libtf_tensor_arena_size"]) is Outcome.OK


def test_forum_models_on_4_8_1(shared: Path) -> None:
    for row in rows(shared / "oracle" / "forum" / "arena.jsonl"):
        path = shared / "oracle" / "forum" / "models" / row["file"]
        if not path.exists():
            continue
        plan = plan_arena(read_model(path))
        assert (plan.head_bytes, plan.tail_bytes) == (row["head"], row["tail"])
        measured = [tuple(entry[:4]) for entry in row["plan"]["buffers_offset_size_first_last_offline"]]
        assert [(b.offset, b.bytes, b.first, b.last) for b in plan.buffers] == measured
        stage = row["openmv_second_stage"]
        assert allocate(plan, stage["arena"]) is Outcome.OK


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 4, 4, 2), "Input dimension [c] should be 1 or 3!"),
        ((4, 4, 5), "Input dimension [c] should be 1 or 3!"),
        ((2, 4, 4, 1), "Input dimension [n] should be 1!"),
        ((4,), "Input dimensions should be [h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]!"),
    ],
)
def test_only_pictures_are_taken(shape: tuple[int, ...], message: str) -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input(shape)
    y = graph.tensor(shape)
    graph.operator("NEG", [x], [y])
    graph.output(y)
    plan = plan_arena(parse_model(builder.build(), "m"), LIBTF)
    assert plan.status is Status.REFUSED
    assert plan.refusal is not None
    assert plan.refusal.library_message == message


def test_one_subgraph_only() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4, 4))
    graph.output(x)
    builder.subgraph()
    plan = plan_arena(parse_model(builder.build(), "m"), LIBTF)
    assert plan.refusal is not None
    assert plan.refusal.library_message == "Only 1 subgraph is currently supported."


# -- rules of 4.5.x that the newer library has no longer, by tiny models ---------------------------------------------


def one(
    name: str, elements: list[T], output: T, shape: tuple[int, ...] = (1, 4, 4, 1), q: Quantization | None = Q
) -> ModelBuilder:
    builder = ModelBuilder()
    graph = builder.subgraph()
    taken = [graph.input(shape, element, quantization=q) for element in elements]
    result = graph.tensor(shape, output, quantization=q)
    options = {"filter_height": 1, "filter_width": 1, "stride_h": 1, "stride_w": 1} if "POOL" in name else None
    graph.operator(name, taken, [result], options)
    graph.output(result)
    return builder


def planned(builder: ModelBuilder, library: str = "libtf-4.5.5") -> ArenaPlan:
    return plan_arena(parse_model(builder.build(), "m"), LIBRARIES[library])


@pytest.mark.parametrize(
    ("name", "inputs"),
    [("ADD", 2), ("AVERAGE_POOL_2D", 1), ("MAX_POOL_2D", 1), ("CONCATENATION", 1), ("L2_NORMALIZATION", 1)],
)
def test_uint8_is_taken_and_runs(name: str, inputs: int) -> None:
    builder = one(name, [T.UINT8] * inputs, T.UINT8)
    old, new = planned(builder), planned(builder, "73eb1aa")
    assert (old.status, old.run_fault) == (Status.OK, None)
    assert new.status is Status.REFUSED


def test_uint8_that_nobody_measured_at_run_time_is_unknown() -> None:
    plan = planned(one("RELU", [T.UINT8], T.UINT8))
    assert plan.status is Status.OK
    assert plan.run_fault is not None
    assert plan.run_fault.fault is Fault.UNKNOWN


def test_uint8_without_quantization_hangs() -> None:
    assert planned(one("SUB", [T.UINT8] * 2, T.UINT8, q=None)).status is Status.HANGS
    assert planned(one("EQUAL", [T.UINT8] * 2, T.BOOL, q=None)).status is Status.HANGS


def dense(scales: int) -> ModelBuilder:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 4), T.INT8, quantization=Q)
    several = Quantization((0.5,) * scales, (0,) * scales)
    weights = graph.constant((2, 4), T.INT8, bytes(8), quantization=several)
    y = graph.tensor((1, 2), T.INT8, quantization=Q)
    graph.operator("FULLY_CONNECTED", [x, weights, ABSENT], [y])
    graph.output(y)
    return builder


def test_dense_layers_quantized_per_channel() -> None:
    """Taken by 4.5.x, in the same bytes as one scale; refused by 4.6.0 to 4.8.1 with the converter's flag."""
    assert planned(dense(2)).status is Status.OK
    assert planned(dense(2), "libtf-4.5.0").status is Status.OK
    refused = planned(dense(2), "73eb1aa").refusal
    assert refused is not None
    flag = "Please set converter._experimental_disable_per_channel_quantization_for_dense_layers = True."
    assert refused.library_message.endswith(flag)


def test_transposed_convolution_takes_one_buffer_of_its_output() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    shape = graph.constant((4,), T.INT32, [1, 4, 4, 2])
    weights = graph.constant((2, 2, 2, 3), T.INT8, bytes(24), quantization=Quantization((0.5,), (0,)))
    x = graph.input((1, 2, 2, 3), T.INT8, quantization=Q)
    y = graph.tensor((1, 4, 4, 2), T.INT8, quantization=Q)
    graph.operator("TRANSPOSE_CONV", [shape, weights, x], [y], {"stride_h": 2, "stride_w": 2})
    graph.output(y)
    old, new = planned(builder), planned(builder, "73eb1aa")
    assert [request.bytes for request in old.scratch] == [4 * 4 * 4 * 2]
    assert [request.bytes for request in new.scratch] == [4 * 2 * 2 * 2 * 2 * 2, 4 * 4 * 4 * 2]


@pytest.mark.parametrize("kind", ["unused tensor", "unused input", "output is an input"])
def test_tensors_without_a_life_are_refused(kind: str) -> None:
    builder = one("ABS", [T.FLOAT32], T.FLOAT32, q=None)
    graph = builder.subgraphs[0]
    if kind == "unused tensor":
        graph.tensor((1, 4), T.FLOAT32)
        number, first = 2, -1
    elif kind == "unused input":
        graph.input((1, 4), T.FLOAT32)
        number, first = 2, 0
    else:
        graph.outputs[:] = graph.inputs
        number, first = 1, 0
    refusal = planned(builder).refusal
    assert refusal is not None
    assert refusal.library_message == (
        f"Logic error in memory planner, tensor {number} has an invalid lifetime: first_created: {first}, last_used: -1"
    )
    assert planned(builder, "73eb1aa").status is Status.OK


def test_two_subgraphs_may_crash() -> None:
    builder = one("ABS", [T.FLOAT32], T.FLOAT32, q=None)
    builder.subgraph()
    assert planned(builder).status is Status.CRASHES


@pytest.mark.parametrize("name", ["REDUCE_MIN", "REDUCE_MAX"])
def test_reductions(name: str) -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, axis = graph.input((1, 4), T.FLOAT32), graph.constant((1,), T.INT32, [1])
    y = graph.tensor((1,), T.FLOAT32)
    graph.operator(name, [x, axis], [y])
    graph.output(y)
    assert planned(builder).status is Status.OK
    assert planned(builder, "libtf-4.5.0").status is Status.REFUSED


@pytest.mark.parametrize("name", ["REAL", "IMAG", "COMPLEX_ABS"])
def test_complex_operators_are_unknown(name: str) -> None:
    assert planned(one(name, [T.COMPLEX64], T.FLOAT32, q=None)).status is Status.UNKNOWN


NOT_IN_450 = """
    ARG_MAX BATCH_MATMUL BATCH_TO_SPACE_ND CAST CEIL CONCATENATION COS DIV ELU EQUAL EXP EXPAND_DIMS GREATER
    GREATER_EQUAL HARD_SWISH L2_NORMALIZATION L2_POOL_2D LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR NEG PADV2
    PRELU REDUCE_MAX ROUND RSQRT SIN SPACE_TO_BATCH_ND SPLIT SPLIT_V SQUARE SQUARED_DIFFERENCE SQUEEZE SUM TRANSPOSE
    ZEROS_LIKE
    """.split()  # noqa: SIM905 - facts: tflm-found section 6


@pytest.mark.parametrize("name", NOT_IN_450)
def test_operators_that_4_5_0_lacks(name: str) -> None:
    assert name in LIBTF.builtins
    refusal = planned(one(name, [T.FLOAT32], T.FLOAT32), "libtf-4.5.0").refusal
    assert refusal is not None
    first = f"Didn't find op for builtin opcode '{name}' version '1'. An older version of this builtin might"
    assert refusal.library_message.startswith(first)


@pytest.mark.parametrize(("library", "taken"), [("libtf-4.5.0", False), ("libtf-4.5.5", True)])
def test_quantize_to_uint8(library: str, taken: bool) -> None:
    plan = planned(one("QUANTIZE", [T.INT8], T.UINT8), library)
    assert (plan.status is Status.OK) == taken


def test_no_words_of_a_newer_library() -> None:
    """Files and lines of its log are others; what was read there is shown."""
    refusal = planned(one("CEIL", [T.INT8], T.INT8)).refusal
    assert refusal is not None
    assert refusal.library_message == ""


D_CASES = {
    "D2_fc_perchannel": (1380, 1380),
    "D5_output_is_input": (None, None),
    "D5_unused_tensor": (None, None),
    "D6_concatenation_450": (1856, None),
    "D6_hard_swish_450": (1380, None),
    "D6_transpose_450": (1616, None),
}
"""Figures of 4.5.5 and 4.5.0, the 1 024 bytes that libtf adds included; None: refused."""


@pytest.mark.parametrize("name", D_CASES)
def test_smallest_models_of_4_5_x(shared: Path, name: str) -> None:
    model = read_model(shared / "cases" / "models" / f"{name}.tflite")
    for library, figure in zip(("libtf-4.5.5", "libtf-4.5.0"), D_CASES[name], strict=True):
        plan = plan_arena(model, LIBRARIES[library])
        found = plan.arena_used_bytes + _RETURNED_EXTRA if plan.is_ok else None
        assert found == figure, library
