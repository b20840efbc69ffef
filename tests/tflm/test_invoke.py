"""Models that allocate and then do not run: refused types, hangs, contradictory shapes. Each kind by a tiny model."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

import omvsim
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder
from omvsim.tflm import LIBRARIES, ArenaPlan, Fault, Outcome, Status, allocate, plan_arena
from tests.tflm._one_operator import one_operator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

T = TensorType
Q = Quantization((0.5,), (0,))
PLACE = "tensorflow/lite/micro/kernels/"


def plan_of(data: bytes, library: str = "73eb1aa") -> ArenaPlan:
    return plan_arena(parse_model(data, "m"), LIBRARIES[library])


def unary(name: str, element: T, out: T | None = None, **more: object) -> ArenaPlan:
    shape = (1, 4, 4, 2)
    return plan_of(one_operator(name, [(shape, element)], (shape, out or element), **more))  # type: ignore[arg-type]


# Measured with the library of 4.8.1 (typematrix): operator, element type, what its log says.
REFUSED_AT_RUN_TIME = [
    ("RELU", T.INT16, "Only float32 is supported currently, got INT16"),
    ("RELU6", T.UINT8, "Only float32 is supported currently, got UINT8"),
    ("ELU", T.INT16, "ELU only supports float32 and int8 currently, got INT16."),
    ("HARD_SWISH", T.INT32, "Unsupported type INT32"),
    ("NEG", T.INT8, "Type INT8 (9) not supported."),
    ("FLOOR", T.INT8, f"{PLACE}floor.cc:32 input->type != kTfLiteFloat32 (INT8 != FLOAT32)"),
    ("SQRT", T.INT8, f"{PLACE}elementwise.cc:201 input->type != expected_type (INT8 != FLOAT32)"),
    ("LOGICAL_NOT", T.FLOAT32, f"{PLACE}elementwise.cc:201 input->type != expected_type (FLOAT32 != BOOL)"),
    ("ABS", T.UINT8, "Current data type UINT8 is not supported."),
    ("LEAKY_RELU", T.UINT8, "Only float32, int8 are supported by LEAKY_RELU, got UINT8."),
    ("ZEROS_LIKE", T.INT16, "ZerosLike only currently supports int64, int32, and float32, got 7."),
    ("TANH", T.INT32, "Input INT32, output INT32 not supported."),
]


@pytest.mark.parametrize(("name", "element", "message"), REFUSED_AT_RUN_TIME)
def test_types_that_only_eval_refuses(name: str, element: T, message: str) -> None:
    plan = unary(name, element)
    assert plan.status is Status.OK
    assert plan.arena_used_bytes > 0
    assert plan.run_fault is not None
    assert (plan.run_fault.fault, plan.run_fault.operator) == (Fault.ERROR, name)
    assert plan.run_fault.library_message == message
    assert plan.run_fault.remedy


RUNS = [
    ("RELU", T.INT8), ("RELU6", T.FLOAT32), ("ABS", T.INT16), ("RSQRT", T.INT16), ("LEAKY_RELU", T.INT16),
    ("LOGICAL_NOT", T.BOOL), ("ZEROS_LIKE", T.INT64), ("NEG", T.FLOAT32), ("SIN", T.FLOAT32), ("TANH", T.INT8),
]  # fmt: skip


@pytest.mark.parametrize(("name", "element"), RUNS)
def test_types_that_run(name: str, element: T) -> None:
    quantization = Q if element in (T.INT8, T.INT16) and name not in ("ABS",) else None
    plan = unary(name, element, quantization=quantization)
    assert (plan.status, plan.run_fault) == (Status.OK, None)


def test_elementwise_takes_any_type_at_load() -> None:
    """Its Prepare casts the type instead of calling the check, and only int8 and int16 need a quantization."""
    for element in (T.FLOAT16, T.INT32, T.INT64, T.UINT8, T.UINT32, T.BOOL):
        assert unary("LOG", element).status is Status.OK
    refused = unary("ABS", T.INT8)
    assert refused.status is Status.REFUSED
    assert refused.refusal is not None
    where = "elementwise.cc:130 input->quantization.type != kTfLiteAffineQuantization (0 != 1)"
    assert refused.refusal.library_message == PLACE + where


@pytest.mark.parametrize(
    ("source", "target", "runs"),
    [
        (T.FLOAT32, T.INT8, True),
        (T.FLOAT32, T.INT16, True),
        (T.FLOAT32, T.UINT8, False),
        (T.FLOAT32, T.INT32, False),
        (T.INT8, T.UINT8, True),
        (T.INT16, T.UINT8, False),
        (T.UINT8, T.UINT8, False),
        (T.UINT8, T.INT8, True),
        (T.INT32, T.INT16, True),
    ],
)
def test_quantize_pairs(source: T, target: T, runs: bool) -> None:
    plan = unary("QUANTIZE", source, target, quantization=Q)
    assert plan.status is Status.OK
    assert (plan.run_fault is None) == runs
    if plan.run_fault is not None:
        expected = f"Input {source.name}, output {target.name} not supported."
        assert plan.run_fault.library_message == expected


def arg_max(output: T, axis: T = T.INT32) -> ArenaPlan:
    inputs = [((1, 4), T.FLOAT32), ((1,), axis)]
    return plan_of(one_operator("ARG_MAX", inputs, ((1,), output), constants={1: [1]}))


def test_arg_max_writes_int32_only() -> None:
    """``tf.argmax`` asks for int64 unless told otherwise."""
    assert arg_max(T.INT32).run_fault is None
    fault = arg_max(T.INT64).run_fault
    assert fault is not None
    assert fault.library_message == "Only int32_t are supported currently, got INT64."
    assert "output_type=tf.int32" in fault.remedy
    other = arg_max(T.INT32, T.INT64).run_fault
    assert other is not None
    assert "axis" in other.reason


@pytest.mark.parametrize("name", ["REDUCE_MAX", "SUM"])
def test_output_type_of_a_reduction(name: str) -> None:
    inputs = [((1, 4), T.FLOAT32), ((1,), T.INT32)]
    same = plan_of(one_operator(name, inputs, ((1,), T.FLOAT32), constants={1: [1]}))
    other = plan_of(one_operator(name, inputs, ((1,), T.INT32), constants={1: [1]}))
    assert same.run_fault is None
    assert other.run_fault is not None
    assert "input->type != output->type (FLOAT32 != INT32)" in other.run_fault.library_message


def test_reduce_max_does_not_rescale() -> None:
    def plan(output_scale: float) -> ArenaPlan:
        builder = ModelBuilder()
        graph = builder.subgraph()
        x = graph.input((1, 4), T.INT8, quantization=Q)
        axis = graph.constant((1,), T.INT32, [1])
        y = graph.tensor((1,), T.INT8, quantization=Quantization((output_scale,), (0,)))
        graph.operator("REDUCE_MAX", [x, axis], [y])
        graph.output(y)
        return plan_of(builder.build())

    assert plan(0.5).run_fault is None
    fault = plan(0.25).run_fault
    assert fault is not None
    assert "scale 0.25 is not its input's 0.5" in fault.reason


def test_types_of_second_operands_count() -> None:
    """SELECT_V2 looks at the values, not at the condition; int32 index arithmetic fails."""
    shape = (1, 4)
    for element, runs in ((T.FLOAT32, True), (T.INT16, True), (T.INT32, False), (T.UINT8, False)):
        data = one_operator("SELECT_V2", [(shape, T.BOOL), (shape, element), (shape, element)], (shape, element))
        assert (plan_of(data).run_fault is None) == runs, element


def test_int16_convolution_with_a_float_bias() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 4, 4, 1), T.INT16, quantization=Q)
    weights = graph.constant((1, 1, 1, 1), T.INT8, [1], quantization=Q)
    bias = graph.constant((1,), T.FLOAT32, [0])
    y = graph.tensor((1, 4, 4, 1), T.INT16, quantization=Q)
    graph.operator("CONV_2D", [x, weights, bias], [y], options={"stride_w": 1, "stride_h": 1})
    graph.output(y)
    fault = plan_of(builder.build()).run_fault
    assert fault is not None
    assert fault.library_message == "Bias type FLOAT32 (1) not supported."


def test_called_subgraphs_run_too() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph("main")
    condition, x = graph.input((1,), T.BOOL), graph.input((1, 4), T.INT16)
    y = graph.tensor((1, 4), T.INT16)
    graph.operator("IF", [condition, x], [y], options={"then_subgraph_index": 1, "else_subgraph_index": 2})
    graph.output(y)
    for name in ("RESHAPE", "RELU"):
        branch = builder.subgraph(name)
        source, result = branch.input((1, 4), T.INT16), branch.tensor((1, 4), T.INT16)
        branch.operator(name, [source], [result])
        branch.output(result)
    fault = plan_of(builder.build()).run_fault
    assert fault is not None
    assert (fault.operator, fault.subgraph) == ("RELU", 2)
    assert "called from IF" in fault.reason


# -- hangs -----------------------------------------------------------------------------------------------------------


def softmax(scale: float, beta: float) -> ArenaPlan:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 4), T.INT8, quantization=Quantization((scale,), (0,)))
    y = graph.tensor((1, 4), T.INT8, quantization=Quantization((1 / 256,), (-128,)))
    graph.operator("SOFTMAX", [x], [y], options={"beta": beta})
    graph.output(y)
    return plan_of(builder.build())


@pytest.mark.parametrize(
    ("scale", "beta", "status"),
    [
        (0.5, 1.0, Status.OK),
        (0.5, 0.0, Status.HANGS),
        (2.0**-26, 1.0, Status.HANGS),
        (2.0**-25, 1.0, Status.OK),
        (2.0**-25, 0.5, Status.HANGS),
    ],
)
def test_softmax_of_an_untrained_model(scale: float, beta: float, status: Status) -> None:
    plan = softmax(scale, beta)
    assert plan.status is status
    if status is Status.HANGS:
        assert plan.refusal is not None
        assert plan.refusal.fault is Fault.HANGS
        assert "train" in plan.refusal.remedy
        assert allocate(plan, 1 << 20) is Outcome.HANGS


@pytest.mark.parametrize(
    ("name", "inputs"), [("ADD", 2), ("SUB", 2), ("EQUAL", 2), ("SQUARED_DIFFERENCE", 2), ("ADD_N", 3)]
)
def test_int8_without_quantization_hangs_at_load(name: str, inputs: int) -> None:
    shape = (1, 4)
    output = (shape, T.BOOL if name == "EQUAL" else T.INT8)
    data = one_operator(name, [(shape, T.INT8)] * inputs, output)
    assert plan_of(data).status is Status.HANGS
    quantized = one_operator(name, [(shape, T.INT8)] * inputs, output, quantization=Q)
    assert plan_of(quantized).status is Status.OK


def test_cumsum_without_quantization_hangs_at_load() -> None:
    inputs = [((1, 4), T.INT8), ((1,), T.INT32)]
    data = one_operator("CUMSUM", inputs, ((1, 4), T.INT8), constants={1: [1]})
    assert plan_of(data).status is Status.HANGS


MOST_DIMENSIONS = {
    "LESS": 4, "EQUAL": 4, "FLOOR_DIV": 4, "FLOOR_MOD": 4, "SQUARED_DIFFERENCE": 4, "PRELU": 4,
    "MAXIMUM": 5, "MINIMUM": 5, "DIV": 5, "ADD": 6, "SUB": 6, "MUL": 6,
}  # fmt: skip


@pytest.mark.parametrize("name", MOST_DIMENSIONS)
@pytest.mark.parametrize("rank", [4, 5, 6])
def test_dimensions_of_a_broadcast(name: str, rank: int) -> None:
    one, other = [1] * (rank - 2) + [2, 3], [1] * (rank - 2) + [1, 3]
    element = T.BOOL if name in ("LESS", "EQUAL") else T.FLOAT32
    plan = plan_of(one_operator(name, [(one, T.FLOAT32), (other, T.FLOAT32)], (one, element)))
    assert plan.status is Status.OK
    if rank <= MOST_DIMENSIONS[name]:
        assert plan.run_fault is None
    else:
        assert plan.run_fault is not None
        assert plan.run_fault.fault is Fault.HANGS
        assert f"at most {MOST_DIMENSIONS[name]} dimensions" in plan.run_fault.remedy


def test_without_broadcast_the_dimensions_do_not_matter() -> None:
    shape = [1, 1, 1, 2, 2, 3]
    plan = plan_of(one_operator("LESS", [(shape, T.FLOAT32)] * 2, (shape, T.BOOL)))
    assert plan.run_fault is None


def test_slice_of_six_dimensions_hangs() -> None:
    def plan(rank: int) -> ArenaPlan:
        inputs = [([2] * rank, T.FLOAT32), ([rank], T.INT32), ([rank], T.INT32)]
        constants = {1: [0] * rank, 2: [1] * rank}
        return plan_of(one_operator("SLICE", inputs, ([1] * rank, T.FLOAT32), constants=constants))

    assert plan(5).run_fault is None
    fault = plan(6).run_fault
    assert fault is not None
    assert fault.fault is Fault.HANGS


@pytest.mark.parametrize(("element", "hangs"), [(T.INT8, True), (T.FLOAT32, False)])
def test_depth_multiplier_of_nothing(element: T, hangs: bool) -> None:
    quantization = Q if element is T.INT8 else None
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 4, 4, 2), element, quantization=quantization)
    weights = graph.constant((1, 2, 2, 2), element, [1] * 8, quantization=quantization)
    bias = graph.constant((2,), T.INT32 if element is T.INT8 else element, [0, 0])
    y = graph.tensor((1, 3, 3, 2), element, quantization=quantization)
    options = {"padding": 1, "stride_w": 1, "stride_h": 1, "depth_multiplier": 0}
    graph.operator("DEPTHWISE_CONV_2D", [x, weights, bias], [y], options=options)
    graph.output(y)
    fault = plan_of(builder.build()).run_fault
    assert (fault is not None and fault.fault is Fault.HANGS) == hangs


# -- shapes that contradict each other -------------------------------------------------------------------------------

_Case: TypeAlias = "tuple[str, Sequence[tuple[Sequence[int], T]], tuple[Sequence[int], T]]"
CONTRADICTIONS: dict[str, _Case] = {
    "a pool of another rank": ("AVERAGE_POOL_2D", [((1, 4, 4, 1), T.FLOAT32)], ((), T.FLOAT32)),
    "an output too small": ("RELU", [((1, 8), T.FLOAT32)], ((1, 4), T.FLOAT32)),
    "no broadcast": ("MAXIMUM", [((1, 4), T.FLOAT32), ((1, 3), T.FLOAT32)], ((1, 4), T.FLOAT32)),
    "beyond 32 bits": ("MUL", [((1, 4), T.FLOAT32), ((1, 1), T.FLOAT32)], ((8, 2, 2, 1 << 30), T.FLOAT32)),
    "seven dimensions": ("NEG", [((1,) * 7, T.FLOAT32)], ((1,) * 7, T.FLOAT32)),
}


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_contradictory_shapes_may_crash(kind: str, tmp_path: Path) -> None:
    name, inputs, output = CONTRADICTIONS[kind]
    data = one_operator(name, inputs, output)
    fault = plan_of(data).run_fault
    assert fault is not None
    assert fault.fault is Fault.CRASHES
    path = tmp_path / "m.tflite"
    path.write_bytes(data)
    result = omvsim.run(path)
    assert (result.verdict, result.exception) == ("may_crash", None)
    assert name in result.failure.reason  # type: ignore[union-attr]


ABORTS: dict[str, _Case] = {
    "more values than its inputs": ("DIV", [((1, 4), T.FLOAT32)] * 2, ((3, 1, 4), T.FLOAT32)),
    "fewer values than its inputs": ("SUB", [((1, 4), T.FLOAT32)] * 2, ((1, 2), T.FLOAT32)),
    "a maximum of more values": ("MAXIMUM", [((1, 4), T.FLOAT32)] * 2, ((2, 4), T.FLOAT32)),
    "padded shapes": ("MUL", [((4,), T.INT8), ((1, 4), T.INT8)], ((2, 4), T.INT8)),
    "a fifth dimension of depth": ("DEPTH_TO_SPACE", [((1, 2, 2, 8), T.FLOAT32)], ((1, 2, 4, 4, 2), T.FLOAT32)),
    "a fifth dimension of space": ("SPACE_TO_DEPTH", [((1, 4, 4, 2), T.FLOAT32)], ((1, 2, 2, 8, 1), T.FLOAT32)),
    "a resized picture": (
        "RESIZE_NEAREST_NEIGHBOR",
        [((1, 2, 2, 1), T.FLOAT32), ((2,), T.INT32)],
        ((1, 1, 4, 4, 1), T.FLOAT32),
    ),
}


@pytest.mark.parametrize("kind", ABORTS)
def test_the_library_aborts_on_shapes_it_compares(kind: str, tmp_path: Path) -> None:
    """``TFLITE_CHECK`` stays in a release build: MatchingElementsSize, RuntimeShape::ExtendedShape."""
    name, inputs, output = ABORTS[kind]
    data = one_operator(
        name,
        inputs,
        output,
        constants={1: [4, 4]} if name == "RESIZE_NEAREST_NEIGHBOR" else None,
        options={"block_size": 2} if name.endswith(("SPACE", "DEPTH")) else None,
    )
    fault = plan_of(data).run_fault
    assert fault is not None
    assert fault.fault is Fault.HANGS
    assert "aborts" in fault.reason
    path = tmp_path / "m.tflite"
    path.write_bytes(data)
    assert omvsim.run(path).verdict == "hangs"


NOT_COMPARED: dict[str, _Case] = {
    # MatchingExtendedShapeFlatSize, MatchingFlatSize: the first shape's size, compared in debug builds only.
    "product of floats": ("MUL", [((1, 4), T.FLOAT32)] * 2, ((3, 1, 4), T.FLOAT32)),
    "squared difference": ("SQUARED_DIFFERENCE", [((1, 4), T.FLOAT32)] * 2, ((2, 4), T.FLOAT32)),
    # A sum of floats broadcasts as soon as the shapes differ at all, and does not look at its output.
    "padded shapes": ("ADD", [((4,), T.FLOAT32), ((1, 4), T.FLOAT32)], ((1, 4), T.FLOAT32)),
}


@pytest.mark.parametrize("kind", NOT_COMPARED)
def test_sizes_that_only_a_debug_build_compares(kind: str) -> None:
    assert plan_of(one_operator(*NOT_COMPARED[kind])).run_fault is None


def test_a_missing_operand_may_crash() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 4), T.FLOAT32)
    y = graph.tensor((1, 4), T.FLOAT32)
    graph.operator("MAXIMUM", [x, ABSENT], [y])
    graph.output(y)
    fault = plan_of(builder.build()).run_fault
    assert fault is not None
    assert fault.fault is Fault.CRASHES


# -- what users see --------------------------------------------------------------------------------------------------


def test_a_failing_inference_is_the_cameras_exception(tmp_path: Path) -> None:
    path = tmp_path / "relu.tflite"
    path.write_bytes(one_operator("RELU", [((1, 8), T.INT16)], ((1, 8), T.INT16)))
    result = omvsim.run(path)
    assert result.model_ram is not None
    assert (result.verdict, result.exception) == ("value_error", "ValueError: Invoke failed")
    assert result.failure is not None
    assert "RELU" in result.failure.reason
    assert result.failure.library_message == "Only float32 is supported currently, got INT16"
    path.write_bytes(one_operator("RELU", [((1, 8), T.FLOAT32)], ((1, 8), T.FLOAT32)))
    assert omvsim.run(path).verdict == "ok"


def test_division_by_a_constant_zero() -> None:
    inputs = [((1, 4), T.FLOAT32), ((1, 4), T.FLOAT32)]
    zero = plan_of(one_operator("FLOOR_DIV", inputs, ((1, 4), T.FLOAT32), constants={1: [1, 2, 0, 4]}))
    assert zero.run_fault is not None
    assert zero.run_fault.library_message == "Division by 0"
    fine = plan_of(one_operator("FLOOR_DIV", inputs, ((1, 4), T.FLOAT32), constants={1: [1, 2, 3, 4]}))
    assert fine.run_fault is None
