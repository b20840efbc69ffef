"""Operators, one by one, without the measured models: bytes by hand from the facts' tables A to C and section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder, SubgraphBuilder
from omvsim.tflm import LIBTFLM_73EB1AA, ArenaPlan, Phase, Status, plan_arena
from omvsim.tflm.operators import rules_for

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TensorType
Q = Quantization((0.5,), (0,))
ABI = LIBTFLM_73EB1AA.abi

# Facts: tflm-arena table A, (bytes, alignment).
PARAMS = {
    (28, 4): "CONV_2D DEPTHWISE_CONV_2D",
    (40, 4): "AVERAGE_POOL_2D MAX_POOL_2D L2_POOL_2D",
    (36, 4): "RESHAPE SQUEEZE",
    (24, 4): "STRIDED_SLICE",
    (16, 4): "TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM",
    (8, 4): "CONCATENATION GATHER PACK UNPACK IF WHILE SVDF VAR_HANDLE",
    (4, 4): "SOFTMAX LEAKY_RELU SPLIT SPLIT_V DEPTH_TO_SPACE SPACE_TO_DEPTH CALL_ONCE",
    (5, 1): "FULLY_CONNECTED",
    (3, 1): "BATCH_MATMUL",
    (2, 1): "ADD SUB CAST CUMSUM RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR",
    (1, 1): "MUL DIV L2_NORMALIZATION MEAN SUM REDUCE_MAX ARG_MAX ARG_MIN SHAPE MIRROR_PAD",
}
# Table B, bytes.
DATA = {
    60: "CONV_2D DEPTHWISE_CONV_2D ADD",
    52: "SUB",
    36: "MUL AVERAGE_POOL_2D MAX_POOL_2D SignalFilterBank SignalStacker",
    28: "DIV RELU PRELU SignalFramer",
    2: "RELU6",
    64: "FULLY_CONNECTED SOFTMAX",
    16: "LOGISTIC TANH BATCH_MATMUL",
    24: "CONCATENATION LEAKY_RELU",
    40: "MEAN SUM REDUCE_MAX SVDF",
    32: "QUANTIZE DEQUANTIZE EQUAL NOT_EQUAL GREATER GREATER_EQUAL LESS LESS_EQUAL",
    56: "PAD PADV2",
    20: "ABS RSQRT HARD_SWISH MIRROR_PAD SignalDelay",
    84: "STRIDED_SLICE",
    76: "TRANSPOSE_CONV",
    112: "SQUARED_DIFFERENCE",
    256: "ELU",
    4: "L2_NORMALIZATION SPACE_TO_BATCH_ND VAR_HANDLE SignalPCAN",
    8: "IF WHILE CALL_ONCE CIRCULAR_BUFFER SignalWindow SignalEnergy SignalFilterBankLog",
    1: "SELECT_V2",
    912: "UNIDIRECTIONAL_SEQUENCE_LSTM",
    44: "SignalFilterBankSpectralSubtraction",
}


def test_table_a() -> None:
    expected = {name: size for size, names in PARAMS.items() for name in names.split()}
    rules = rules_for("cmsis_nn")
    got = {name: (ABI.sizeof(rule.params), ABI.alignof(rule.params)) for name, rule in rules.items() if rule.params}
    assert got == expected


def test_table_b() -> None:
    expected = {name: size for size, names in DATA.items() for name in names.split()}
    rules = rules_for("cmsis_nn")
    assert {name: ABI.sizeof(rule.data) for name, rule in rules.items() if rule.data} == expected


def test_every_operator_the_firmware_registers_has_a_rule() -> None:
    assert len(LIBTFLM_73EB1AA.builtins | LIBTFLM_73EB1AA.custom) == 111
    assert set(rules_for("cmsis_nn")) == LIBTFLM_73EB1AA.builtins | LIBTFLM_73EB1AA.custom


def plan(builder: ModelBuilder) -> ArenaPlan:
    return plan_arena(parse_model(builder.build(), "model"))


def one(
    name: str,
    inputs: Sequence[tuple[tuple[int, ...], TensorType, bytes | None]],
    outputs: Sequence[tuple[tuple[int, ...], TensorType]],
    options: dict[str, object] | None = None,
    quantization: Quantization | None = Q,
) -> ArenaPlan:
    """A model of one operator; an input with bytes is a constant."""
    builder = ModelBuilder()
    graph = builder.subgraph()

    def q(kind: TensorType) -> Quantization | None:
        return quantization if kind in (T.INT8, T.INT16, T.INT32, T.INT4) and kind is not T.INT32 else None

    taken = [
        graph.input(shape, kind, quantization=q(kind))
        if data is None
        else graph.constant(shape, kind, data, quantization=q(kind))
        for shape, kind, data in inputs
    ]
    made = [graph.tensor(shape, kind, quantization=q(kind)) for shape, kind in outputs]
    graph.operator(name, taken, made, options)
    graph.output(*made)
    return plan(builder)


def persistent(plan: ArenaPlan) -> list[int]:
    assert plan.status is Status.OK, plan.refusal
    return [piece.bytes for piece in plan.tail if piece.phase is Phase.PREPARE for _ in range(piece.times)]


def scratch(plan: ArenaPlan) -> list[int]:
    assert plan.status is Status.OK, plan.refusal
    return [request.bytes for request in plan.scratch]


def conv(
    kernel: tuple[int, int], channels: int, *, stride: int = 1, same: bool = False, dilation: int = 1
) -> ArenaPlan:
    size = 8
    out = -(-size // stride) if same else (size + stride - (kernel[0] - 1) * dilation - 1) // stride
    wide = -(-size // stride) if same else (size + stride - (kernel[1] - 1) * dilation - 1) // stride
    options = {"padding": 0 if same else 1, "stride_w": stride, "stride_h": stride}
    options |= {"dilation_w_factor": dilation, "dilation_h_factor": dilation}
    weights = (5, *kernel, channels)
    return one(
        "CONV_2D",
        [((1, size, size, channels), T.INT8, None), (weights, T.INT8, bytes(5 * kernel[0] * kernel[1] * channels))],
        [((1, out, wide, 5), T.INT8)],
        options,
    )


def test_conv_takes_two_arrays_a_channel_and_a_column_buffer() -> None:
    assert persistent(conv((3, 3), 3)) == [20, 20]
    assert scratch(conv((3, 3), 3)) == [4 * 28]  # 27 rounded up to 28
    assert scratch(conv((1, 1), 3)) == []
    assert scratch(conv((1, 1), 3, stride=2)) == []
    assert scratch(conv((1, 1), 3, dilation=2)) == [16]
    assert scratch(conv((1, 1), 3, same=True)) == []
    assert scratch(conv((2, 2), 4, same=True)) == [64]


def depthwise(kernel: int, multiplier: int, *, same: bool, bias: bool = True, batch: int = 1) -> ArenaPlan:
    builder = ModelBuilder()
    graph = builder.subgraph()
    channels = 4 * multiplier
    x = graph.input((batch, 8, 8, 4), quantization=Q)
    w = graph.constant((1, kernel, kernel, channels), T.INT8, bytes(kernel * kernel * channels), quantization=Q)
    b = graph.constant((channels,), T.INT32, bytes(4 * channels), quantization=Q) if bias else ABSENT
    size = 8 if same else 9 - kernel
    y = graph.tensor((batch, size, size, channels), quantization=Q)
    options = {"padding": 0 if same else 1, "stride_w": 1, "stride_h": 1, "depth_multiplier": multiplier}
    graph.operator("DEPTHWISE_CONV_2D", [x, w, b], [y], options)
    graph.output(y)
    return plan(builder)


def test_depthwise_scratch() -> None:
    assert scratch(depthwise(3, 1, same=True)) == []  # the 3x3 kernel
    assert scratch(depthwise(5, 1, same=True)) == [2 * 4 * 25]
    assert scratch(depthwise(3, 2, same=True)) == []
    assert scratch(depthwise(5, 1, same=True, batch=2)) == []


def test_depthwise_without_bias_is_refused() -> None:
    refused = depthwise(3, 1, same=True, bias=False)
    assert refused.status is Status.REFUSED
    assert "no bias" in str(refused.refusal)
    assert str(refused.refusal).startswith("operator 0 (DEPTHWISE_CONV_2D): ")


def test_fully_connected_with_many_dimensions_runs_as_a_convolution() -> None:
    def dense(shape: tuple[int, ...], depth: int) -> ArenaPlan:
        x = ((*shape, depth), T.INT8, None)
        return one("FULLY_CONNECTED", [x, ((6, depth), T.INT8, bytes(6 * depth))], [((*shape, 6), T.INT8)], {})

    assert persistent(dense((2,), 8)) == []
    assert persistent(dense((1, 2), 8)) == [24, 24]
    assert persistent(dense((1, 2), 7)) == []


def test_average_pool_scratch_and_reduce() -> None:
    window = {"filter_width": 2, "filter_height": 2, "stride_w": 2, "stride_h": 2, "padding": 1}
    for kind, expected in ((T.INT8, [28]), (T.FLOAT32, [])):
        pooled = one("AVERAGE_POOL_2D", [((1, 8, 8, 7), kind, None)], [((1, 4, 4, 7), kind)], window)
        assert scratch(pooled) == expected
    axis = ((2,), T.INT32, bytes([1, 0, 0, 0, 2, 0, 0, 0]))
    mean = one("MEAN", [((1, 8, 8, 7), T.INT8, None), axis], [((1, 7), T.INT8)], {})
    assert scratch(mean) == [28]
    largest = one("REDUCE_MAX", [((1, 8, 8, 7), T.FLOAT32, None), axis], [((1, 7), T.FLOAT32)], {})
    assert scratch(largest) == [16, 8]


def test_new_output_shapes_are_persistent() -> None:
    space = one("SPACE_TO_DEPTH", [((1, 4, 4, 2), T.INT8, None)], [((1, 2, 2, 8), T.INT8)], {"block_size": 2})
    assert persistent(space) == [20]
    free = one("RESHAPE", [((4, 4), T.INT8, None)], [((2, -1), T.INT8)], {})
    assert persistent(free) == [12]
    assert free.outputs[0].shape == (2, 8)
    fixed = one("RESHAPE", [((4, 4), T.INT8, None)], [((2, 8), T.INT8)], {})
    assert persistent(fixed) == []


def test_batch_matmul_keeps_its_transposed_copies() -> None:
    def product(*, adj_x: bool, adj_y: bool) -> ArenaPlan:
        x, y = (2, 4, 3) if adj_x else (2, 3, 4), (2, 5, 4) if adj_y else (2, 4, 5)
        inputs = [(x, T.INT8, None), (y, T.INT8, None)]
        return one("BATCH_MATMUL", inputs, [((2, 3, 5), T.INT8)], {"adj_x": adj_x, "adj_y": adj_y})

    assert persistent(product(adj_x=False, adj_y=True)) == [28, 16]
    assert persistent(product(adj_x=False, adj_y=False)) == [28, 12, 16, 40, 16]
    assert persistent(product(adj_x=True, adj_y=True)) == [28, 12, 16, 24, 16]


def test_int16_softmax_keeps_two_tables() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((1, 10), T.INT16, quantization=Quantization((0.1,), (0,)))
    y = graph.tensor((1, 10), T.INT16, quantization=Quantization((2.0**-15,), (0,)))
    graph.operator("SOFTMAX", [x], [y], {"beta": 1.0})
    graph.output(y)
    assert persistent(plan(builder)) == [1026, 1026]


@pytest.mark.parametrize(
    ("name", "kinds", "needle"),
    [
        ("DEPTH_TO_SPACE", (T.INT16, T.INT16), "int16"),
        ("L2_NORMALIZATION", (T.INT16, T.INT16), "int16"),
        ("DEQUANTIZE", (T.FLOAT16, T.FLOAT32), "float16 weights"),
        ("QUANTIZE", (T.INT8, T.FLOAT32), "no quantization"),
        ("CEIL", (T.INT8, T.INT8), "int8"),
        ("LOGISTIC", (T.INT8, T.FLOAT32), "differ in type"),
        ("NEG", (T.UINT16, T.UINT16), "uint16"),
        ("NEG", (T.STRING, T.STRING), "string"),
    ],
)
def test_types_that_are_refused(name: str, kinds: tuple[TensorType, TensorType], needle: str) -> None:
    refused = one(name, [((1, 4, 4, 4), kinds[0], None)], [((1, 4, 4, 4), kinds[1])])
    assert refused.status is Status.REFUSED
    assert needle in str(refused.refusal)


def test_operators_the_firmware_lacks_are_named() -> None:
    refused = one("TOPK_V2", [((4,), T.FLOAT32, None)], [((4,), T.FLOAT32)], {})
    assert refused.refusal is not None
    assert (refused.refusal.operator, refused.refusal.operator_index) == ("TOPK_V2", 0)
    assert "the firmware has no operator TOPK_V2" in str(refused.refusal)
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4,))
    graph.custom_operator("ethos-u", [x], [x], b"123")
    assert "no custom operator ethos-u" in str(plan(builder).refusal)


def test_more_than_ten_inputs_of_a_concatenation() -> None:
    def joined(count: int) -> ArenaPlan:
        inputs = [((1, 2), T.INT8, None)] * count
        return one("CONCATENATION", inputs, [((1, 2 * count), T.INT8)], {"axis": 1})

    assert persistent(joined(10)) == [40, 40]
    assert "11 inputs" in str(joined(11).refusal)


def test_resource_variables_are_refused() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    handle = graph.tensor((), T.RESOURCE)
    graph.operator("VAR_HANDLE", [], [handle], {"shared_name": "state"})
    assert "no resource variables" in str(plan(builder).refusal)


def test_offline_plan() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((64,))
    y = graph.tensor((64,))
    graph.operator("NEG", [x], [y])
    graph.output(y)
    words = [1, 0, 2, 400, -1]
    builder.add_metadata("OfflineMemoryAllocation", b"".join(w.to_bytes(4, "little", signed=True) for w in words))
    planned = plan(builder)
    assert [(b.offset, b.offline) for b in planned.buffers] == [(400, True), (0, False)]
    assert planned.head_bytes == 464
    builder.metadata[0] = (builder.metadata[0][0], builder.metadata[0][1][:-4] + bytes(8))
    builder.metadata.append(("OfflineMemoryAllocation", (3).to_bytes(4, "little") * 3))
    assert "offline memory plan is for 3 tensors" in str(plan(builder).refusal)


def if_model(*, legacy: bool) -> ArenaPlan:
    builder = ModelBuilder(legacy_codes=legacy)
    graph = builder.subgraph()
    condition, x = graph.input((1,), T.BOOL), graph.input((64,), T.FLOAT32)
    y = graph.tensor((64,), T.FLOAT32)
    graph.operator("IF", [condition, x], [y], {"then_subgraph_index": 1, "else_subgraph_index": 1})
    graph.output(y)
    branch: SubgraphBuilder = builder.subgraph()
    inner, out = branch.input((64,), T.FLOAT32), branch.tensor((64,), T.FLOAT32)
    branch.operator("EXP", [inner], [out])
    branch.output(out)
    return plan(builder)


def test_old_operator_codes_hide_called_subgraphs_from_the_lifetimes() -> None:
    new, old = if_model(legacy=False), if_model(legacy=True)
    assert [(b.first, b.last) for b in old.buffers if b.subgraph == 1] == [(-1, -1)] * 2
    assert all(b.first >= 0 for b in new.buffers)
    assert new.tail_bytes == old.tail_bytes
    assert new.head_bytes >= old.head_bytes


def test_destructor_reads_one_word_a_node_behind_the_subgraph_table() -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input((4,), T.FLOAT32)
    for _ in range(3):
        y = graph.tensor((4,), T.FLOAT32)
        graph.operator("EXP", [x], [y])
        x = y
    graph.output(x)
    planned = plan(builder)
    nodes = next(piece for piece in planned.tail if piece.what == "node records")
    table = next(piece for piece in planned.tail if piece.what == "subgraph table")
    reads = [(record.tail_offset, record.bytes) for record in planned.destructor_reads]
    assert reads == [(table.from_end, 8)] + [(nodes.from_end - 32 * i - 28, 4) for i in range(3)]
