"""Convolutions: CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV.

Sources: tflite-micro a57349f0, ``micro/kernels/{conv,depthwise_conv}_common.cc`` and ``micro/kernels/cmsis_nn/``;
scratch sizes: CMSIS-NN 01dee38e, ``arm_*_get_buffer_size*.c`` for a core with DSP and without MVE (Cortex-M7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, not_true
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import (
    T,
    dimension,
    expect_conv_quantization,
    expect_product_scale,
    expect_weight_types,
    padding_before,
)
from omvsim.units import align_up

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_OP_DATA = "((iiii)iiiiippiii)"
_LIBTF_OP_DATA = "((iiii)iiiiippii)"
TRANSPOSE_DATA = "(b(4h)4h9i)"
_BIAS_MISSING = "it has no bias, and the kernel then releases a tensor it never took, which makes AllocateTensors fail"
_BIAS_TEXT = (
    "Number of allocated temp buffers: -1. Checksum passing status: 1\n"
    "All temp buffers must be freed before calling ResetTempAllocations()"
)


def _paddings(node: Node, input_: Operand, weights: Operand) -> tuple[int, int]:
    """(height, width) padding of a convolution."""
    return tuple(  # type: ignore[return-value]
        padding_before(
            node.option("padding"),
            dimension(node, input_, axis),
            dimension(node, weights, axis),
            node.option(f"stride_{letter}", 0),
            node.option(f"dilation_{letter}_factor", 1),
        )
        for axis, letter in ((1, "h"), (2, "w"))
    )


def _dilated(node: Node) -> bool:
    return (node.option("dilation_w_factor", 1), node.option("dilation_h_factor", 1)) != (1, 1)


def take_all(node: Node, *, bias_required: bool) -> None:
    """The second round of tensors, for the quantization parameters."""
    file = "depthwise_conv_common.cc" if node.operator.name == "DEPTHWISE_CONV_2D" else "conv_common.cc"
    message = not_true(f"{file}:87", "has_bias || node->inputs->size == 2")
    node.expect(node.inputs in (2, 3), f"it has {node.inputs} inputs instead of 2 or 3", message)
    node.expect_counts(None)
    input_, weights = node.input(0), node.input(1)
    bias = node.optional_input(2)
    output = node.output()
    if not input_.is_type(T.FLOAT32):
        expect_conv_quantization(node, input_, weights, output, node.option("fused_activation_function"))
    if input_.is_type(T.UINT8):
        expect_product_scale(node, input_.scale * weights.scale, bias, output)
    if bias is None and bias_required and node.runtime.counts_temporaries:
        node.refuse(_BIAS_MISSING, _BIAS_TEXT)


def persist_multipliers(node: Node, channels: int) -> None:
    """Per-channel multiplier and shift, taken for per-tensor weights too."""
    node.persist(4 * channels)
    node.persist(4 * channels)


def _conv_cmsis(node: Node) -> None:
    input_, weights, output = node.input(0), node.input(1), node.output()
    # The kernel looks the bias up among the *outputs*, where there is none.
    node.optional_output(2)
    file = "cmsis_nn/conv.cc"
    expect_weight_types(node, input_, weights, output, (file, 69))
    _expect_conv_shapes(node, input_, weights, output, file)
    if not input_.is_type(T.FLOAT32):
        persist_multipliers(node, weights.dims[0])
    take_all(node, bias_required=False)
    if input_.is_type(T.INT16):
        _expect_symmetric(node, input_, output, file, 158)
        _request(node, 4 * weights.dims[1] * weights.dims[2] * input_.dims[3])
    elif input_.is_type(T.INT8):
        _request(node, _conv_scratch(node, input_, weights))


def _expect_conv_shapes(node: Node, input_: Operand, weights: Operand, output: Operand, file: str) -> None:
    for operand, name, line in ((input_, "input", 85), (weights, "filter", 86), (output, "output", 87)):
        reason = f"tensor {operand.index} has {operand.rank} dimensions instead of 4"
        node.expect(operand.rank == 4, reason, differ(f"{file}:{line} {name}->dims->size != 4", operand.rank, 4))
    message = differ(f"{file}:89 input->dims->data[0] != output->dims->data[0]", input_.dims[0], output.dims[0])
    node.expect(input_.dims[0] == output.dims[0], "input and output differ in batch size", message)
    message = not_true(f"{file}:91", "filter->dims->data[3] > 0")
    node.expect(weights.dims[3] > 0, "its weights have no channels", message)
    rest = input_.dims[3] % weights.dims[3]
    reason = f"{input_.dims[3]} input channels are not a multiple of the weights' {weights.dims[3]}"
    message = differ(f"{file}:92 input->dims->data[3] % filter->dims->data[3] != 0", rest, 0)
    node.expect(rest == 0, reason, message)


def _conv_scratch(node: Node, input_: Operand, weights: Operand) -> int:
    """Bytes of the int8 kernels' column buffer: two columns of int16; a plain pointwise convolution needs none."""
    if weights.dims[1:3] == [1, 1] and _paddings(node, input_, weights) == (0, 0) and not _dilated(node):
        return 0
    return 4 * align_up(weights.dims[1] * weights.dims[2] * input_.dims[3], 4)


def _depthwise_cmsis(node: Node) -> None:
    input_, weights, output = node.input(0), node.input(1), node.output()
    file = "cmsis_nn/depthwise_conv.cc"
    expect_weight_types(node, input_, weights, output, (file, 78))
    channels = dimension(node, weights, 3)
    if not input_.is_type(T.FLOAT32):
        _expect_quantized(node, weights, f"{file}:101")
        if input_.is_type(T.INT16):
            _expect_symmetric(node, input_, output, file, 105)
        text = "affine_quantization->scale->size == 1 || affine_quantization->scale->size == "
        text += "filter->dims->data[kDepthwiseConvQuantizedDimension]"
        reason = f"there are {len(weights.scales)} weight scales for {channels} channels"
        node.expect(len(weights.scales) in (1, channels), reason, not_true(f"{file}:116", text))
        persist_multipliers(node, channels)
    take_all(node, bias_required=True)
    if input_.is_type(T.INT8):
        _request(node, _depthwise_scratch(node, input_, weights, output))


def _depthwise_scratch(node: Node, input_: Operand, weights: Operand, output: Operand) -> int:
    """Bytes of the optimized int8 kernel's column buffer; 0 where another kernel runs."""
    channels = dimension(node, input_, 3)
    if channels != min(dimension(node, output, 3), weights.dims[3]) or input_.dims[0] != 1 or _dilated(node):
        return 0
    # The 3x3 kernel needs none, but exists for int8 weights only.
    if weights.is_type(T.INT8) and weights.dims[1:3] == [3, 3] and max(_paddings(node, input_, weights)) <= 1:
        return 0
    return 2 * channels * weights.dims[1] * weights.dims[2]


def _transpose_conv_cmsis(node: Node) -> None:
    output, input_, weights = node.output(), node.input(2), node.input(1)
    expect_weight_types(node, input_, weights, output, ("cmsis_nn/transpose_conv.cc", 177), int4=False)
    persist_multipliers(node, dimension(node, weights, 0))
    if input_.is_type(T.INT8):
        height, width = dimension(node, output, 1), dimension(node, output, 2)
        channels = min(weights.dims[0], dimension(node, output, 3))
        window = dimension(node, weights, 1) * dimension(node, weights, 2)
        node.scratch(4 * window * dimension(node, input_, 1) * dimension(node, input_, 2) * channels)
        node.scratch(4 * height * width * channels)
    elif input_.is_type(T.INT16):
        node.scratch(8 * output.elements)
    transpose_quantization(node, input_, weights)


def transpose_quantization(node: Node, input_: Operand, weights: Operand) -> None:
    if not input_.is_type(T.FLOAT32):
        _expect_quantized(node, weights, "cmsis_nn/transpose_conv.cc:262")
        text = "affine_quantization->scale->size == 1 || affine_quantization->scale->size == "
        text += "filter->dims->data[kConvQuantizedDimension]"
        reason = f"there are {len(weights.scales)} weight scales for {weights.dims[0]} channels"
        fits = len(weights.scales) in (1, weights.dims[0])
        node.expect(fits, reason, not_true("cmsis_nn/transpose_conv.cc:271", text))
    message = not_true("cmsis_nn/transpose_conv.cc:81", "has_bias || node->inputs->size == 3")
    node.expect(node.inputs in (3, 4), f"it has {node.inputs} inputs instead of 3 or 4", message)
    node.expect_counts(None)
    if input_.is_type(T.FLOAT32):
        return
    node.input(2)
    node.input(1)
    bias = node.optional_input(3)
    expect_conv_quantization(node, input_, weights, node.output(), activation=0)
    if input_.is_type(T.INT16):
        if bias is None:
            node.refuse(_BIAS_MISSING, _BIAS_TEXT)
        if bias.is_type(T.INT16):
            node.scratch(8 * bias.elements)


def _expect_quantized(node: Node, weights: Operand, where: str) -> None:
    message = differ(f"{where} filter->quantization.type != kTfLiteAffineQuantization", 0, 1)
    node.expect(weights.quantized, f"weight tensor {weights.index} has no quantization parameters", message)


def _expect_symmetric(node: Node, input_: Operand, output: Operand, file: str, line: int) -> None:
    node.expect_no_zero_point(
        (input_, f"{file}:{line} input->params.zero_point != 0"),
        (output, f"{file}:{line + 1} output->params.zero_point != 0"),
    )


def _request(node: Node, size: int) -> None:
    if size > 0:
        node.scratch(size)


def _conv_libtf(node: Node) -> None:
    input_, weights, output = node.input(0), node.input(1), node.output()
    for operand in (input_, weights, output):
        dimension(node, operand, 3)
    # Multipliers are taken for float too.
    persist_multipliers(node, weights.dims[0])
    take_all(node, bias_required=False)
    if input_.is_type(T.INT8) and not _is_fast_pointwise(node, input_, weights):
        node.scratch(4 * weights.dims[1] * weights.dims[2] * input_.dims[3])


def _is_fast_pointwise(node: Node, input_: Operand, weights: Operand) -> bool:
    """Whether older CMSIS-NN runs its 1x1 kernel, the only one without a column buffer."""
    unit_stride = (node.option("stride_w"), node.option("stride_h")) == (1, 1)
    unpadded = _paddings(node, input_, weights) == (0, 0)
    return weights.dims[1:3] == [1, 1] and unit_stride and unpadded and input_.dims[3] % 4 == 0


def _depthwise_libtf(node: Node) -> None:
    input_, weights, output = node.input(0), node.input(1), node.output()
    channels = dimension(node, weights, 3)
    if input_.is_type(T.INT8, T.UINT8):
        node.expect(weights.quantized, f"weight tensor {weights.index} has no quantization parameters")
        node.expect(
            len(weights.scales) in (1, channels),
            f"there are {len(weights.scales)} weight scales for {channels} channels",
        )
    persist_multipliers(node, channels)
    take_all(node, bias_required=True)
    if input_.is_type(T.INT8) and dimension(node, input_, 3) == dimension(node, output, 3):
        node.scratch(2 * input_.dims[3] * weights.dims[1] * weights.dims[2])


def _transpose_conv_libtf(node: Node) -> None:
    """One scratch buffer of the output's size for int8; the weights' type is not looked at."""
    output, input_, weights = node.output(), node.input(2), node.input(1)
    persist_multipliers(node, dimension(node, weights, 0))
    if input_.is_type(T.INT8):
        channels = min(weights.dims[0], dimension(node, output, 3))
        node.scratch(4 * dimension(node, output, 1) * output.dims[2] * channels)
    elif input_.is_type(T.INT16):
        node.scratch(8 * output.elements)
    if not input_.is_type(T.UINT8):
        transpose_quantization(node, input_, weights)


CONV_PARAMS = "eiieiie"
DEPTHWISE_PARAMS = "eiiieii"
CMSIS_NN = {
    "CONV_2D": Rule(params=CONV_PARAMS, data=f"{_OP_DATA}i", prepare=_conv_cmsis),
    "DEPTHWISE_CONV_2D": Rule(params=DEPTHWISE_PARAMS, data=f"{_OP_DATA}i", prepare=_depthwise_cmsis),
    "TRANSPOSE_CONV": Rule(params="eiiee", data=f"{TRANSPOSE_DATA}3ipp", prepare=_transpose_conv_cmsis),
}
LIBTF = {
    "TRANSPOSE_CONV": Rule(params="eiiee", data=f"{TRANSPOSE_DATA}pp", prepare=_transpose_conv_libtf),
    "CONV_2D": Rule(params="eiieii", data=f"{_LIBTF_OP_DATA}i", prepare=_conv_libtf),
    "DEPTHWISE_CONV_2D": Rule(params=DEPTHWISE_PARAMS, data=f"{_LIBTF_OP_DATA}i", prepare=_depthwise_libtf),
}
