"""Matrix products: FULLY_CONNECTED, BATCH_MATMUL, EMBEDDING_LOOKUP.

Sources: tflite-micro a57349f0, ``micro/kernels/cmsis_nn/fully_connected.cc``, ``fully_connected_common.cc``,
``batch_matmul.cc``, ``embedding_lookup.cc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.tflm import _abi
from omvsim.tflm._messages import differ, not_true, says, types_as_numbers_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import (
    HYBRID,
    T,
    dimension,
    element_bytes,
    expect_activation_range,
    expect_product_scale,
    expect_weight_types,
)

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_PER_CHANNEL_TEXT = says(
    "fully_connected_common.cc",
    "FullyConnected per-channel quantization not yet supported. Please set "
    "converter._experimental_disable_per_channel_quantization_for_dense_layers = True.",
)
PARAMS = "eebbe"
_QUANTIZATION = "7i"


def _parse_fully_connected(node: Node) -> None:
    node.expect(
        node.option("weights_format") in (0, 1),
        "its weights format is not known",
        "Unhandled fully-connected weights format.",
    )


def _fully_connected_cmsis(node: Node) -> None:
    input_, weights = node.input(0), node.input(1)
    bias = node.optional_input(2)
    output = node.output()
    file = "cmsis_nn/fully_connected.cc"
    expect_weight_types(node, input_, weights, output, (file, 79))
    depth, channels = dimension(node, weights, weights.rank - 1), dimension(node, output, output.rank - 1)
    expect_dense_quantization(node, input_, weights, bias, output)
    if input_.is_type(T.INT16):
        node.expect_no_zero_point(
            (input_, f"{file}:116 input->params.zero_point != 0"),
            (output, f"{file}:117 output->params.zero_point != 0"),
        )
    elif input_.is_type(T.INT8) and not weights.is_type(T.INT4) and output.rank > 2 and depth % 4 == 0:
        # Run as a 1x1 convolution, which wants a multiplier and a shift per channel.
        node.persist(4 * channels)
        node.persist(4 * channels)


def _fully_connected_libtf(node: Node) -> None:
    input_, weights = node.input(0), node.input(1)
    bias = node.optional_input(2)
    output = node.output()
    node.expect_same_type(input_, output, "")
    node.expect_same_type(input_, weights, HYBRID)
    # Per channel: the first scale stands for all (measured: such a layer loads and runs).
    _expect_product(node, input_, weights, bias, output)


def expect_dense_quantization(
    node: Node, input_: Operand, weights: Operand, bias: Operand | None, output: Operand
) -> None:
    if weights.quantized:
        node.expect(
            len(weights.scales) == 1,
            "its weights are quantized per channel, which this library does not support for dense layers "
            "(convert with _experimental_disable_per_channel_quantization_for_dense_layers = True)",
            _PER_CHANNEL_TEXT,
        )
    _expect_product(node, input_, weights, bias, output)


def _expect_product(node: Node, input_: Operand, weights: Operand, bias: Operand | None, output: Operand) -> None:
    if input_.is_type(T.FLOAT32):
        return
    expect_product_scale(node, input_.scale * weights.scale, bias, output)
    expect_activation_range(node, output, node.option("fused_activation_function"))


def _batch_matmul(node: Node) -> None:
    node.expect_counts(2)
    left, right, output = node.input(0), node.input(1), node.output()
    for operand, name, line in ((left, "lhs_data", 304), (right, "rhs_data", 307)):
        names = " || ".join(f"{name}->type == kTfLite{kind}" for kind in ("Float32", "Int8", "Int16"))
        node.expect_type(operand, (T.FLOAT32, T.INT8, T.INT16), not_true(f"batch_matmul.cc:{line}", names))
    node.expect_same_type(left, right, not_true("batch_matmul.cc:312", "lhs_data->type == rhs_data->type"))
    node.expect_same_type(left, output, not_true("batch_matmul.cc:314", "lhs_data->type == output->type"))
    for operand, name, line in ((left, "lhs_rank", 319), (right, "rhs_rank", 321)):
        reason = f"tensor {operand.index} has {operand.rank} dimensions, not 2 to 5"
        node.expect(operand.rank >= 2, reason, not_true(f"batch_matmul.cc:{line}", f"{name} >= 2"))
        node.expect(operand.rank <= 5, reason, not_true(f"batch_matmul.cc:{line + 1}", f"{name} <= 5"))
    quantized = left.is_type(T.INT8, T.INT16)
    if quantized:
        node.persist_struct(_QUANTIZATION)
    adjoint_left, adjoint_right = bool(node.option("adj_x")), bool(node.option("adj_y"))
    if adjoint_left:
        _persist_transposed(node, left)
    if not adjoint_right:
        _persist_transposed(node, right)
    if quantized:
        expect_product_scale(node, left.scale * right.scale, None, output)
        if left.is_type(T.INT16):
            node.expect_no_zero_point(
                (left, "batch_matmul.cc:355 lhs_data->params.zero_point != 0"),
                (right, "batch_matmul.cc:356 rhs_data->params.zero_point != 0"),
                (output, "batch_matmul.cc:357 output->params.zero_point != 0"),
            )
    _reshape_product(node, _Product(left, right, adjoint_left, adjoint_right), output)


def _batch_matmul_libtf(node: Node) -> None:
    left = node.peek_input(0)
    node.expect(left is None or not left.is_type(T.INT16), "int16 is not supported")
    _batch_matmul(node)


def _persist_transposed(node: Node, operand: Operand) -> None:
    """The transposed copy is kept for good, even of a constant."""
    node.persist_struct(_abi.EVAL_TENSOR)
    node.persist_dims(operand)
    node.persist(operand.elements * element_bytes(operand))


class _Product(NamedTuple):
    left: Operand
    right: Operand
    adjoint_left: bool
    adjoint_right: bool


def _reshape_product(node: Node, product: _Product, output: Operand) -> None:
    rank = max(product.left.rank, product.right.rank)
    one = [1] * (rank - product.left.rank) + product.left.dims
    other = [1] * (rank - product.right.rank) + product.right.dims
    rows = -1 if product.adjoint_left else -2
    columns = -2 if product.adjoint_right else -1
    for a, b in zip(one[:-2], other[:-2], strict=True):
        message = differ("batch_matmul.cc:377 rhs_dim != 1", b, 1)
        node.expect(a == b or 1 in (a, b), f"batch dimensions {a} and {b} do not broadcast", message)
    inner = (one[-3 - rows], other[-3 - columns])
    message = differ("batch_matmul.cc:389 accum_dim_lhs != accum_dim_rhs", *inner)
    node.expect(inner[0] == inner[1], "the inner dimensions of the product differ", message)
    message = not_true("batch_matmul.cc:123", "output_rank <= NumDimensions(output)")
    node.expect(rank <= output.rank, f"output tensor {output.index} has fewer dimensions than the product", message)
    node.persist_dims(output)
    before = output.elements
    batch = [b if a == 1 else a for a, b in zip(one[:-2], other[:-2], strict=True)]
    output.dims = [*batch, one[rows], other[columns]]
    message = differ("batch_matmul.cc:151 orig_size != NumElements(output)", before, output.elements)
    node.expect(output.elements == before, f"output tensor {output.index} does not have the product's shape", message)


def _embedding_lookup(node: Node) -> None:
    node.expect_counts(2)
    lookup = node.input(0)
    file = "embedding_lookup.cc"
    reason = f"lookup tensor {lookup.index} has {lookup.rank} dimensions instead of 1"
    node.expect(lookup.rank == 1, reason, differ(f"{file}:77 NumDimensions(lookup) != 1", lookup.rank, 1))
    message = types_as_numbers_differ(f"{file}:78 lookup->type != kTfLiteInt32", lookup.type, T.INT32)
    node.expect_type(lookup, (T.INT32,), message)
    value = node.input(1)
    message = not_true(f"{file}:83", "NumDimensions(value) >= 2")
    node.expect(value.rank >= 2, f"value tensor {value.index} has fewer than 2 dimensions", message)
    message = not_true(f"{file}:84", "value->type == kTfLiteFloat32 || value->type == kTfLiteInt8")
    node.expect_type(value, (T.FLOAT32, T.INT8), message)
    output = node.output()
    if value.is_type(T.FLOAT32):
        node.expect_type(output, (T.FLOAT32,), not_true(f"{file}:91", "output->type == kTfLiteFloat32"))
    message = not_true(f"{file}:93", "output->type == kTfLiteFloat32 || output->type == kTfLiteInt8")
    node.expect_type(output, (T.FLOAT32, T.INT8), message)
    message = not_true(f"{file}:98", "output->dims->size >= NumDimensions(value)")
    reason = f"output tensor {output.index} has fewer dimensions than the values"
    node.expect(output.rank >= value.rank, reason, message)
    node.persist_dims(output)
    stored = output.bytes
    output.dims = [lookup.dims[0], *value.dims[1:], *output.dims[value.rank :]]
    message = not_true(f"{file}:112", "new_dims_size <= output->bytes")
    node.expect(output.bytes <= stored, f"output tensor {output.index} is smaller than what is looked up", message)
    node.persist_struct("ip")
    if value.is_type(T.INT8) and output.is_type(T.FLOAT32):
        message = differ(f"{file}:59 tensor_1->params.zero_point != 0", value.zero_point, 0)
        reason = f"value tensor {value.index} has zero point {value.zero_point}, not 0"
        node.expect(value.zero_point == 0, reason, message)


COMMON = {
    "BATCH_MATMUL": Rule(params="bbb", data="pppbbb", prepare=_batch_matmul),
    "EMBEDDING_LOOKUP": Rule(prepare=_embedding_lookup),
}
LIBTF = {
    # 16 bytes more than its structs explain (one measurement, int8): taken to be in the operator's data.
    "BATCH_MATMUL": Rule(params="bbb", data="pppbbb4i", prepare=_batch_matmul_libtf),
    "FULLY_CONNECTED": Rule(params="eebb", data="(8i)i", prepare=_fully_connected_libtf, parse=_parse_fully_connected),
}
CMSIS_NN = {
    "FULLY_CONNECTED": Rule(
        params=PARAMS, data="9ippipiii", prepare=_fully_connected_cmsis, parse=_parse_fully_connected
    ),
}
