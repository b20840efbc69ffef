"""Conditions and formulas several kernels share.

Source of the messages: tflite-micro a57349f0, ``tensorflow/lite/kernels/kernel_util.cc``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.tflm._messages import differ, not_true, says, type_name, types_as_numbers_differ
from omvsim.tflm._node import ELEMENT_BYTES

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

T = TensorType
SAME = 0
_RELU, _RELU_N1, _RELU6 = 1, 2, 3
_QUANTIZED_ZEROS = {_RELU: (0.0,), _RELU_N1: (-1.0, 1.0), _RELU6: (0.0, 6.0)}
INPUT_TYPE = "Input data type not supported"
HYBRID = "Hybrid models are not supported on TFLite Micro."
_UTIL = "tensorflow/lite/kernels/kernel_util.cc"
QUANTIZE_AGAIN = "quantize the model again with a representative data set, or leave it as float32"


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
        node.crash(f"tensor {operand.index} has {operand.rank} dimensions, and the kernel reads dimension {axis}")
    return operand.dims[axis]


def expect_activation_range(node: Node, output: Operand, activation: int) -> None:
    """A quantized fused activation needs an 8- or 16-bit output with a usable scale."""
    node.expect_type(output, (T.UINT8, T.INT8, T.INT16), not_true(f"{_UTIL}:406", "false"))
    for value in _QUANTIZED_ZEROS.get(activation, ()):
        level = value / output.scale if output.scale else math.inf
        node.expect(
            abs(level) < 2**31,
            f"output tensor {output.index} has no usable scale, which the fused activation needs",
            not_true(f"{_UTIL}:350", "no_integer_overflow_from_quantization"),
        )


def expect_below_one(node: Node, value: float) -> None:
    """A rescaling factor that must lie between 0 and 1: outside the library calls ``abort``, which hangs the camera.

    (Other requantization factors are never checked: infinities and NaN pass as some number.)
    """
    if not 0.0 < value < 1.0:
        node.hang(
            f"the quantization of its tensors gives a rescaling factor of {value:g}, not between 0 and 1: "
            "the library aborts",
            f"{QUANTIZE_AGAIN}; its tensors' scales must be there and of similar size",
        )


def ratio(one: float, other: float) -> float:
    """``one / other`` with C's infinities."""
    if other:
        return one / other
    return math.inf if one else math.nan


def expect_weight_types(
    node: Node, input_: Operand, weights: Operand, output: Operand, where: tuple[str, int], *, int4: bool = True
) -> None:
    """The combinations of activation and weight types the CMSIS-NN kernels accept; ``where``: file and first line."""
    file, line = where
    message = types_as_numbers_differ(f"{file}:{line} input->type != output->type", input_.type, output.type)
    node.expect_same_type(input_, output, message)
    node.expect(
        input_.is_type(T.FLOAT32, T.INT16, T.INT8),
        f"{type_name(input_.type)} activations are not supported",
        says(file, INPUT_TYPE),
    )
    pairs = {(T.FLOAT32, T.FLOAT32), (T.INT16, T.INT8), (T.INT8, T.INT8)} | ({(T.INT8, T.INT4)} if int4 else set())
    node.expect(
        (input_.type, weights.type) in pairs,
        f"{type_name(weights.type)} weights with {type_name(input_.type)} activations are not supported",
        says(file, HYBRID),
    )


def expect_conv_quantization(node: Node, input_: Operand, weights: Operand, output: Operand, activation: int) -> None:
    """What a quantized convolution's parameters must satisfy (``PopulateConvolutionQuantizationParams``)."""
    no_quantization = "quantization.type != kTfLiteAffineQuantization"
    for operand, what, line in ((input_, "input", 222), (weights, "filter", 224)):
        message = differ(f"{_UTIL}:{line} {what}->{no_quantization}", 0, 1)
        node.expect(operand.quantized, f"{what} tensor {operand.index} has no quantization parameters", message)
    scales = len(weights.scales)
    if scales > 1:
        axis = weights.quantized_axis
        channels = weights.dims[axis] if 0 <= axis < weights.rank else -1
        either = not_true(f"{_UTIL}:240", "input->type == kTfLiteInt8 || input->type == kTfLiteInt16")
        node.expect(input_.is_type(T.INT8, T.INT16), "per-channel weights need int8 or int16 activations", either)
        narrow = not_true(f"{_UTIL}:242", "filter->type == kTfLiteInt8 || filter->type == kTfLiteInt4")
        node.expect(weights.is_type(T.INT8, T.INT4), "per-channel quantization needs int8 or int4 weights", narrow)
        message = differ(f"{_UTIL}:244 affine_quantization->scale->size != num_channels", scales, channels)
        node.expect(scales == channels, f"there are {scales} weight scales for {channels} channels", message)
    expect_activation_range(node, output, activation)


def expect_product_scale(
    node: Node, product: float, bias: Operand | None, output: Operand, *, most: float = 0.02
) -> None:
    """The bias' scale must be that of the product (``GetQuantizedConvolutionMultipler``)."""
    if bias is not None:
        mismatch = ratio(abs(product - bias.scale), output.scale)
        node.expect(
            mismatch <= most,
            f"its bias' scale does not fit input scale times weight scale ({mismatch:g} > {most})",
            not_true(f"{_UTIL}:323", "scale_diff / output_scale <= 0.02"),
        )
    node.expect(
        product >= 0,
        "the product of its input scales is negative",
        not_true(f"{_UTIL}:336", "input_product_scale >= 0"),
    )


def element_bytes(operand: Operand) -> int:
    """Bytes of one element."""
    return ELEMENT_BYTES[operand.type]
