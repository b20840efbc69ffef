"""What the library refuses while it loads a model, or stumbles over: each corner by a tiny model.

Rules: tflite-micro a57349f0, ``micro/kernels/`` and ``signal/micro/kernels/``; libtf 4.5.x for pictures (``libtf.cc``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flatbuffers import flexbuffers

from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder
from omvsim.tflm import LIBRARIES, ArenaPlan, Fault, Status, plan_arena
from tests.tflm._one_operator import one_operator

if TYPE_CHECKING:
    from collections.abc import Callable

T = TensorType
F, I8, I16, I32, B, U8 = T.FLOAT32, T.INT8, T.INT16, T.INT32, T.BOOL, T.UINT8
KERNELS = "tensorflow/lite/micro/kernels/"


def plan_of(data: bytes, library: str = "73eb1aa") -> ArenaPlan:
    return plan_arena(parse_model(data, "m"), LIBRARIES[library])


def said(plan: ArenaPlan) -> tuple[Fault | None, str]:
    refusal = plan.refusal if plan.status is not Status.OK else plan.run_fault
    return (None, "") if refusal is None else (refusal.fault, refusal.reason)


# -- operands that are missing, or too many --------------------------------------------------------------------------


def with_operands(name: str, inputs: int, outputs: int, *, absent: bool = False) -> bytes:
    builder = ModelBuilder()
    graph = builder.subgraph()
    taken = [graph.input((2,), I32) for _ in range(inputs)]
    given = [graph.tensor((2,), I32) for _ in range(outputs)]
    graph.operator(name, [ABSENT, *taken[1:]] if absent else taken, given)
    graph.output(*given)
    return builder.build()


def test_a_missing_operand_is_refused_where_the_kernel_looks() -> None:
    """``TF_LITE_ENSURE(context, input != nullptr)``."""
    assert said(plan_of(with_operands("ADD", 2, 1, absent=True))) == (Fault.ERROR, "its input 0 is missing")
    assert said(plan_of(with_operands("ADD", 2, 0))) == (Fault.ERROR, "its output 0 is missing")


def test_numbers_of_operands_are_compared_where_the_kernel_does() -> None:
    """``TF_LITE_ENSURE_EQ(context, NumInputs(node), 2)``: FLOOR_MOD does, NEG has no Prepare at all."""
    assert said(plan_of(with_operands("FLOOR_MOD", 3, 1))) == (Fault.ERROR, "it has 3 inputs instead of 2")
    assert said(plan_of(with_operands("FLOOR_MOD", 2, 2))) == (Fault.ERROR, "it has 2 outputs instead of 1")
    assert plan_of(with_operands("NEG", 2, 2)).status is Status.OK


def test_int16_operands_have_no_zero_point() -> None:
    two = [((2,), I16), ((2,), I16)]
    plan = plan_of(one_operator("ADD", two, ((2,), I16), quantization=Quantization((0.5,), (1,))))
    assert said(plan) == (Fault.ERROR, "int16 tensor 0 has zero point 1, not 0")
    assert plan.refusal is not None
    where = f"{KERNELS}cmsis_nn/add.cc:314 input1->params.zero_point != 0 (1 != 0)"
    assert plan.refusal.library_message == where


# -- subgraphs that are called ---------------------------------------------------------------------------------------


def branching(then: int, otherwise: int) -> bytes:
    """An IF on a value, and what its branches may be: subgraph 1."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    condition, x, y = graph.input((1,), B), graph.input((2,), F), graph.tensor((2,), F)
    graph.operator("IF", [condition, x], [y], {"then_subgraph_index": then, "else_subgraph_index": otherwise})
    graph.output(y)
    branch = builder.subgraph()
    a, b = branch.input((2,), F), branch.tensor((2,), F)
    branch.operator("NEG", [a], [b])
    branch.output(b)
    return builder.build()


@pytest.mark.parametrize(
    ("then", "otherwise", "fault", "reason"),
    [
        (1, 1, None, ""),
        (7, 1, Fault.ERROR, "its then_subgraph_index 7 does not exist"),
        (1, 7, Fault.ERROR, "its else_subgraph_index 7 does not exist"),
        (-1, 1, Fault.CRASHES, "its then_subgraph_index is negative"),
        (1, -2, Fault.CRASHES, "its else_subgraph_index is negative"),
        (0, 1, Fault.ERROR, "subgraph 0 takes another number of inputs"),
    ],
)
def test_branches_of_an_if(then: int, otherwise: int, fault: Fault | None, reason: str) -> None:
    assert said(plan_of(branching(then, otherwise))) == (fault, reason)


def test_an_assignment_to_a_variable_that_the_firmware_does_not_have() -> None:
    """The kernel reads the handle before it looks for the variables (assign_variable.cc)."""
    handle, value = ((1,), I32), ((2,), F)
    assigned = one_operator("ASSIGN_VARIABLE", [handle, value], constants={0: [0]})
    reason = "it assigns to a resource variable, and the firmware gives the interpreter none"
    assert said(plan_of(assigned)) == (Fault.CRASHES, reason)
    for wrong, cause in (((2,), "its resource handle is not a single value"), ((1,), "")):
        kind = F if not cause else I32
        plan = plan_of(one_operator("ASSIGN_VARIABLE", [(wrong, kind), value]))
        assert said(plan)[0] is Fault.ERROR
        assert cause in said(plan)[1]


# -- pictures: libtf 4.5.5 looks at the first input and output -------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "given", "reason"),
    [
        ((1, 2, 2, 3), (1, 12), ""),
        ((2, 6), (12,), ""),
        ((2, 2, 3), (1, 3, 4), ""),
        ((12,), (1, 12), "its input has 1 dimensions instead of 2 to 4"),
        ((1, 1, 2, 2, 3), (1, 12), "its input has 5 dimensions instead of 2 to 4"),
        ((2, 2, 1, 3), (1, 12), "its input is a batch of 2"),
        ((2, 3, 2), (1, 12), "its input has 2 channels instead of 1 or 3"),
        ((1, 2, 2, 3), (2, 6), "its output is a batch of 2"),
        ((1, 2, 2, 3), (2, 2, 1, 3), "its output is a batch of 2"),
        ((1, 2, 2, 3), (1, 1, 1, 1, 12), "its output has 5 dimensions instead of 1 to 4"),
        ((1, 1, 1, 1), (), "its output has 0 dimensions instead of 1 to 4"),
    ],
)
def test_a_picture_goes_in_and_a_vector_or_a_picture_comes_out(
    taken: tuple[int, ...], given: tuple[int, ...], reason: str
) -> None:
    shape = {} if not given else {1: list(given)}
    inputs = [(taken, F), ((len(given),), I32)] if given else [(taken, F)]
    plan = plan_of(one_operator("RESHAPE", inputs, (given, F), constants=shape), "libtf-4.5.5")
    assert said(plan)[1].startswith(reason)
    assert (plan.status is Status.OK) is (reason == "")


def test_a_model_without_an_input_is_none_for_pictures() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    y = graph.tensor((2,), F)
    graph.operator("NEG", [graph.constant((2,), F, [1, 2])], [y])
    graph.output(y)
    assert said(plan_of(builder.build(), "libtf-4.5.5")) == (Fault.ERROR, "it has no input")
    assert plan_of(builder.build()).status is Status.OK


@pytest.mark.parametrize(
    ("library", "taken", "given", "reason"),
    [
        ("libtf-4.5.5", I32, I8, "int32 input is not supported"),
        ("libtf-4.5.0", F, U8, "uint8 is not supported"),
        ("libtf-4.5.5", F, U8, "whether this library's kernel runs with uint8 values was not measured"),
        ("libtf-4.5.5", F, I8, ""),
    ],
)
def test_quantize_of_old_libraries(library: str, taken: TensorType, given: TensorType, reason: str) -> None:
    shape = (1, 2, 2, 3)
    scale = Quantization((0.5,), (0,))
    assert (
        said(plan_of(one_operator("QUANTIZE", [(shape, taken)], (shape, given), quantization=scale), library))[1]
        == reason
    )


# -- custom options --------------------------------------------------------------------------------------------------


def options(fill: Callable[[flexbuffers.Builder], None] | None = None, **numbers: int) -> bytes:
    builder = flexbuffers.Builder()
    if fill is not None:
        fill(builder)
    else:
        with builder.Map():
            for key, value in numbers.items():
                builder.Int(key, value)
    return bytes(builder.Finish())


def signal(name: str, taken: tuple[int, ...], given: tuple[int, ...], data: bytes) -> ArenaPlan:
    builder = ModelBuilder()
    graph = builder.subgraph()
    scale = Quantization((1.0,), (0,))
    x, y = graph.input(taken, I16, quantization=scale), graph.tensor(given, I16, quantization=scale)
    graph.custom_operator(name, [x], [y], data)
    graph.output(y)
    return plan_of(builder.build())


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff" * 9, options(lambda out: out.Int(3)), options(**{f"k{number:03}": number for number in range(65)})],
    ids=["none", "noise", "a number", "65 of them"],
)
def test_options_that_are_no_map_of_numbers_are_unknown(data: bytes) -> None:
    reason = "its options are not a flexbuffer map of numbers"
    assert said(signal("SignalDelay", (1, 20), (1, 20), data)) == (Fault.UNKNOWN, reason)


def test_an_option_that_is_not_there_is_unknown() -> None:
    plan = signal("SignalDelay", (1, 20), (1, 20), options())
    assert said(plan) == (Fault.UNKNOWN, "it has 0 options and the kernel reads number 0")
    assert signal("SignalDelay", (1, 20), (1, 20), options(delay_length=5)).status is Status.OK
    assert said(signal("SignalDelay", (1, 0), (1, 0), options(delay_length=5)))[0] is Fault.CRASHES


@pytest.mark.parametrize(
    ("kind", "length", "fault", "reason"),
    [
        (7, 8, None, ""),
        (7, 7, Fault.UNKNOWN, "an FFT of length 7 is not possible"),
        (0, 0, Fault.UNKNOWN, "an FFT of length 0 is not possible"),
        (1, 8, Fault.ERROR, "its option T is 1; it must be 0 (FLOAT32) or 2 (INT32) or 7 (INT16)"),
    ],
)
def test_lengths_and_types_of_an_fft(kind: int, length: int, fault: Fault | None, reason: str) -> None:
    assert said(signal("SignalRfft", (1, 8), (1, 10), options(T=kind, fft_length=length))) == (fault, reason)


# -- shapes ----------------------------------------------------------------------------------------------------------

STRIDED = [((4,), F), ((1,), I32), ((1,), I32), ((1,), I32)]


def squeezed(shape: tuple[int, ...]) -> tuple[Fault | None, str]:
    return said(plan_of(one_operator("SQUEEZE", [((2, 1, 2), F)], (shape, F))))


def test_shapes_that_the_kernels_write_or_read_past() -> None:
    fewer = "its output has fewer dimensions than the squeezed input, and the library reads past its shape"
    assert squeezed((4,)) == (Fault.CRASHES, fewer)
    assert squeezed((2, 2)) == (None, "")
    assert squeezed((1, 2))[0] is Fault.HANGS
    depth = {"block_size": 2}
    flat = plan_of(one_operator("SPACE_TO_DEPTH", [((1, 4, 4, 1), F)], ((16,), F), options=depth))
    assert said(flat) == (Fault.CRASHES, "output tensor 1 has 1 dimensions, and the kernel writes 4")
    scalar = plan_of(one_operator("FULLY_CONNECTED", [((2,), F), ((), F)], ((2,), F)))
    assert said(scalar) == (Fault.CRASHES, "tensor 1 has 0 dimensions, and the kernel reads dimension -1")


@pytest.mark.parametrize(
    ("image", "block", "fault", "reason"),
    [
        (4, 2, None, ""),
        (4, 3, Fault.ERROR, "its image of 4x4 is not a multiple of the block size 3"),
        (0, 0, Fault.CRASHES, "its block size is 0 and its image is empty"),
    ],
)
def test_blocks_of_space_to_depth(image: int, block: int, fault: Fault | None, reason: str) -> None:
    side = image // max(block, 1)
    shapes = ((1, image, image, 1), F), ((1, side, side, block * block), F)
    assert said(plan_of(one_operator("SPACE_TO_DEPTH", [shapes[0]], shapes[1], options={"block_size": block}))) == (
        fault,
        reason,
    )


def test_reshape_takes_its_shape_from_one_place() -> None:
    three = plan_of(
        one_operator("RESHAPE", [((2,), F), ((1,), I32), ((1,), I32)], ((2,), F), constants={1: [2], 2: [2]})
    )
    assert said(three) == (Fault.ERROR, "it has 3 inputs instead of 1 or 2")
    assert plan_of(one_operator("RESHAPE", [((1,), F)], ((0,), F))).status is Status.OK  # an old scalar


@pytest.mark.parametrize(
    ("shape", "stride", "mask", "reason"),
    [
        ((2,), 1, 0, ""),
        ((), 1, 1, ""),
        ((2,), 0, 0, "a stride is 0"),
        ((1,), 1, 0, "its output dimension 0 is 1, and the slice has 2"),
        ((2, 1), 1, 0, "its output has 2 dimensions, and the slice has 1"),
    ],
)
def test_strided_slices(shape: tuple[int, ...], stride: int, mask: int, reason: str) -> None:
    numbers = {1: [0], 2: [2], 3: [stride]}
    plan = plan_of(
        one_operator("STRIDED_SLICE", STRIDED, (shape, F), constants=numbers, options={"shrink_axis_mask": mask})
    )
    assert said(plan)[1] == reason


def test_batches_of_a_gather_are_alike() -> None:
    batch = {"axis": 1, "batch_dims": 1}
    wrong = plan_of(one_operator("GATHER", [((2, 3), F), ((3, 2), I32)], ((2, 2), F), options=batch))
    assert said(wrong) == (Fault.ERROR, "its batch dimensions differ")
    assert plan_of(one_operator("GATHER", [((2, 3), F), ((2, 2), I32)], ((2, 2), F), options=batch)).status is Status.OK


def test_dimensions_of_a_fill_are_a_list() -> None:
    table = plan_of(one_operator("FILL", [((1, 1), I32), ((), F)], ((2,), F), constants={0: [2]}))
    assert said(table) == (Fault.ERROR, "its output does not have the requested dimensions")


# -- SVDF ------------------------------------------------------------------------------------------------------------


def svdf(
    element: TensorType = F,
    *,
    rank: int = 2,
    filters: int = 4,
    bias: TensorType | None = F,
    units: int = 2,
    library: str = "73eb1aa",
) -> tuple[Fault | None, str]:
    builder = ModelBuilder()
    graph = builder.subgraph()
    q = None if element is F else Quantization((0.5,), (0,))
    times_type = F if element is F else I16
    x = graph.input((1, 3), element, quantization=q)
    features = graph.input((filters, 3), element, quantization=q)
    times = graph.input((filters, 5), times_type, quantization=q)
    offsets = ABSENT if bias is None else graph.input((units,), bias, quantization=Quantization((0.25,), (0,)))
    state = graph.tensor((1, filters * 5), times_type, quantization=q, variable=True)
    y = graph.tensor((1, units), element, quantization=q)
    graph.operator("SVDF", [x, features, times, offsets, state], [y], {"rank": rank})
    graph.output(y)
    return said(plan_of(builder.build(), library))


@pytest.mark.parametrize(
    ("numbers", "fault", "reason"),
    [
        ({}, None, ""),
        ({"bias": None}, Fault.ERROR, "it has no bias, and the kernel then releases a tensor it never took"),
        ({"bias": None, "library": "libtf-4.5.5"}, None, ""),
        ({"filters": 5}, Fault.ERROR, "its 5 filters are not a multiple of its rank 2"),
        ({"rank": 0}, Fault.ERROR, "its 4 filters are not a multiple of its rank 0"),
        ({"bias": I32}, Fault.ERROR, "int32 is not supported for tensor 3 (it must be float32)"),
        ({"element": I8, "bias": I32}, None, ""),
        (
            {"element": I8, "bias": None, "library": "libtf-4.5.5"},
            Fault.CRASHES,
            "int8 without bias: the kernel reads the bias' scale",
        ),
    ],
)
def test_svdf(numbers: dict[str, object], fault: Fault | None, reason: str) -> None:
    found = svdf(**numbers)  # type: ignore[arg-type]  # of several types
    assert (found[0], found[1].startswith(reason)) == (fault, True), found
