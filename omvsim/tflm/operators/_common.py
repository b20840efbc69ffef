"""Conditions and formulas several kernels share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.tflm._node import ELEMENT_BYTES, type_name

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

T = TensorType
SAME = 0
_RELU, _RELU_N1, _RELU6 = 1, 2, 3
_QUANTIZED_ZEROS = {_RELU: (0.0,), _RELU_N1: (-1.0, 1.0), _RELU6: (0.0, 6.0)}
INPUT_TYPE = "Input data type not supported"
HYBRID = "Hybrid models are not supported on TFLite Micro."


def divide(one: int, other: int) -> int:
    """C's integer division: towards zero; 0 for a zero divisor (what a Cortex-M gives)."""
    if other == 0:
        return 0
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


def output_size(padding: int, image: int, kernel: int, stride: int, dilation: int = 1) -> int:
    """Spatial output size as the runtime computes it (``kernels/padding.h``)."""
    effective = (kernel - 1) * dilation + 1
    return divide(image + stride - 1, stride) if padding == SAME else divide(image + stride - effective, stride)


def padding_before(padding: int, image: int, kernel: int, stride: int, dilation: int = 1) -> int:
    """Padding before the first element of an axis (``kernels/padding.h``)."""
    effective = (kernel - 1) * dilation + 1
    out = output_size(padding, image, kernel, stride, dilation)
    return max(0, (out - 1) * stride + effective - image) // 2


def dimension(node: Node, operand: Operand, axis: int) -> int:
    """``dims[axis]``; reading past the shape is undefined on the device."""
    if not 0 <= axis < operand.rank:
        node.unknown(f"tensor {operand.index} has {operand.rank} dimensions, and the kernel reads dimension {axis}")
    return operand.dims[axis]


def expect_activation_range(node: Node, output: Operand, activation: int) -> None:
    """A quantized fused activation needs an 8- or 16-bit output with a usable scale."""
    node.expect_type(output, (T.UINT8, T.INT8, T.INT16))
    for value in _QUANTIZED_ZEROS.get(activation, ()):
        level = value / output.scale if output.scale else math.inf
        node.expect(
            abs(level) < 2**31,
            f"output tensor {output.index} has no usable scale, which the fused activation needs",
        )


def expect_below_one(node: Node, value: float) -> None:
    """A rescaling factor that must lie between 0 and 1: outside the library calls ``abort``, which hangs the camera.

    (Other requantization factors are never checked: infinities and NaN pass as some number.)
    """
    if not 0.0 < value < 1.0:
        node.unknown("the quantization of its tensors gives a rescaling factor outside 0 to 1: the camera hangs")


def ratio(one: float, other: float) -> float:
    """``one / other`` with C's infinities."""
    if other:
        return one / other
    return math.inf if one else math.nan


def expect_weight_types(node: Node, input_: Operand, weights: Operand, *, int4: bool = True) -> None:
    """The combinations of activation and weight types the CMSIS-NN kernels accept."""
    node.expect(
        input_.is_type(T.FLOAT32, T.INT16, T.INT8),
        f"{type_name(input_.type)} activations are not supported",
        INPUT_TYPE,
    )
    pairs = {(T.FLOAT32, T.FLOAT32), (T.INT16, T.INT8), (T.INT8, T.INT8)} | ({(T.INT8, T.INT4)} if int4 else set())
    node.expect(
        (input_.type, weights.type) in pairs,
        f"{type_name(weights.type)} weights with {type_name(input_.type)} activations are not supported",
        HYBRID,
    )


def expect_conv_quantization(node: Node, input_: Operand, weights: Operand, output: Operand, activation: int) -> None:
    """What a quantized convolution's parameters must satisfy (``kernels/kernel_util.cc``)."""
    node.expect(input_.quantized, f"input tensor {input_.index} has no quantization parameters")
    node.expect(weights.quantized, f"weight tensor {weights.index} has no quantization parameters")
    if len(weights.scales) > 1:
        axis = weights.quantized_axis
        channels = weights.dims[axis] if 0 <= axis < weights.rank else -1
        node.expect(input_.is_type(T.INT8, T.INT16), "per-channel weights need int8 or int16 activations")
        node.expect(weights.is_type(T.INT8, T.INT4), "per-channel quantization needs int8 or int4 weights")
        node.expect(
            len(weights.scales) == channels, f"there are {len(weights.scales)} weight scales for {channels} channels"
        )
    expect_activation_range(node, output, activation)


def element_bytes(operand: Operand) -> int:
    """Bytes of one element."""
    return ELEMENT_BYTES[operand.type]
