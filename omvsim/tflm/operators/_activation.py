"""Activations and (de)quantization.

Sources: tflite-micro a57349f0, ``micro/kernels/``: ``activations_common.cc``, ``cmsis_nn/softmax.cc``, ``tanh.cc``,
``elu.cc``, ``l2norm.cc``, ``log_softmax.cc``, ``{logistic,softmax,hard_swish,leaky_relu,prelu}_common.cc``,
``{quantize,dequantize}_common.cc``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.tflm._node import type_name
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import INPUT_TYPE, T, dimension, ratio

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_INT16_TABLE_BYTES = 2 * 513
SOFTMAX_DATA = "(d7i5p)"
_LUT_FRACTION_BITS = 15


def _relu(node: Node) -> None:
    node.input(0)
    node.output()


def relu6(node: Node) -> None:
    node.input(0)


def _is_power_of_two(scale: float) -> int | None:
    """log2 of ``scale`` if the runtime takes it for a power of two (``CheckedLog2``)."""
    if scale <= 0:
        return None
    exponent = math.log2(scale)
    nearest = math.floor(exponent + 0.5)
    return nearest if abs(exponent - nearest) < 1e-3 else None


def _expect_int16_lookup(node: Node, input_: Operand, output: Operand) -> None:
    """LOGISTIC and TANH on int16: symmetric, output scale 2^-15."""
    node.expect_no_zero_point(input_, output)
    node.expect(
        _is_power_of_two(output.scale) == -_LUT_FRACTION_BITS,
        f"int16 output tensor {output.index} has scale {output.scale:g} instead of 2^-{_LUT_FRACTION_BITS}",
    )


def _logistic(node: Node) -> None:
    input_, output = node.input(0), node.output()
    node.expect_same_type(input_, output)
    if input_.is_type(T.INT8):
        node.expect(
            output.zero_point == -128, f"int8 output tensor {output.index} has zero point {output.zero_point}, not -128"
        )
    elif input_.is_type(T.INT16):
        _expect_int16_lookup(node, input_, output)


def _tanh(node: Node) -> None:
    node.input(0)
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect_same_type(input_, output)
    if input_.is_type(T.INT16):
        _expect_int16_lookup(node, input_, output)


def _same_type(node: Node) -> None:
    """ELU, LEAKY_RELU."""
    node.expect_counts(1)
    node.expect_same_type(node.input(0), node.output())


def _prelu(node: Node) -> None:
    node.input(0)
    node.input(1)
    node.output()


def _hard_swish(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    if input_.is_type(T.INT8):
        factor = ratio(input_.scale / 128, output.scale)
        # The kernel cannot scale up: the factor's binary exponent must not be positive (infinity has exponent 0).
        node.expect(factor < 1.0 or not math.isfinite(factor), "its output scale is too small for its input scale")


def softmax(node: Node) -> None:
    node.expect_counts(1)
    input_ = node.input(0)
    node.expect(input_.rank >= 1, "its input is a scalar")
    output = node.output()
    node.expect(
        input_.type == output.type or (input_.is_type(T.INT8) and output.is_type(T.INT16)),
        f"{type_name(input_.type)} input with {type_name(output.type)} output is not supported",
        "Input and output data types are not supported together.",
    )
    node.expect(input_.is_type(T.FLOAT32, T.INT16, T.INT8), f"{type_name(input_.type)} is not supported", INPUT_TYPE)
    if input_.is_type(T.INT16):
        # Look-up tables for exp(x) and 1/(1+x).
        node.persist(_INT16_TABLE_BYTES)
        node.persist(_INT16_TABLE_BYTES)
        node.expect_no_zero_point(input_, output)
        _expect_scale(node, output, 2.0**-15, tolerance=1e-3)
    elif input_.is_type(T.INT8):
        narrow = output.is_type(T.INT8)
        zero_point = -128 if narrow else -32768
        node.expect(
            output.zero_point == zero_point,
            f"output tensor {output.index} has zero point {output.zero_point} instead of {zero_point}",
        )
        _expect_scale(node, output, 2.0**-8 if narrow else 2.0**-16, tolerance=0.0 if narrow else 1e-3)


def _expect_scale(node: Node, output: Operand, scale: float, tolerance: float) -> None:
    node.expect(
        abs(output.scale - scale) <= tolerance * scale,
        f"output tensor {output.index} has scale {output.scale:g} instead of {scale:g}",
    )


def _log_softmax(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect_same_type(input_, output)
    node.expect(input_.dims == output.dims, "input and output differ in shape")
    if input_.is_type(T.INT8):
        node.persist_struct("5ipp")
        _expect_scale(node, output, 16.0 / 256, tolerance=0.0)
        node.expect(
            output.zero_point == 127, f"output tensor {output.index} has zero point {output.zero_point}, not 127"
        )
        dimension(node, input_, input_.rank - 1)


def _l2_normalization(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(input_.rank <= 4, "its input has more than 4 dimensions")
    node.expect_type(output, (T.FLOAT32, T.INT8))
    node.expect_same_type(input_, output)
    node.expect(node.option("fused_activation_function") == 0, "a fused activation is not supported")


def _quantize(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(output.quantized, f"output tensor {output.index} has no quantization parameters")
    node.expect(len(output.scales) == 1, f"output tensor {output.index} is quantized per channel")
    node.expect_type(input_, (T.FLOAT32, T.INT32, T.INT16, T.INT8, T.UINT8))
    node.expect_type(output, (T.INT8, T.INT16, T.INT32, T.UINT8))


def _dequantize(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(
        input_.is_type(T.INT8, T.INT16, T.UINT8),
        f"{type_name(input_.type)} input is not supported (only int8, int16 and uint8 are)"
        + ("; convert the model without float16 weights" if input_.is_type(T.FLOAT16) else ""),
        "input->type == kTfLiteInt8 || input->type == kTfLiteInt16 || input->type == kTfLiteUInt8 was not true.",
    )
    node.expect_type(output, (T.FLOAT32,))


COMMON = {
    "RELU": Rule(data="(b2i)4i", prepare=_relu),
    "RELU6": Rule(data="bb", prepare=relu6),
    "LOGISTIC": Rule(data="4i", prepare=_logistic),
    "TANH": Rule(data="4i", prepare=_tanh),
    "ELU": Rule(data="256b", prepare=_same_type),
    "LEAKY_RELU": Rule(params="i", data="6i", prepare=_same_type),
    "PRELU": Rule(data="7i", prepare=_prelu),
    "HARD_SWISH": Rule(data="3hihi", prepare=_hard_swish),
    "LOG_SOFTMAX": Rule(prepare=_log_softmax),
    "L2_NORMALIZATION": Rule(params="e", data="i", prepare=_l2_normalization),
    "QUANTIZE": Rule(data="(id)3i", prepare=_quantize),
    "DEQUANTIZE": Rule(data="(di)3i", prepare=_dequantize),
}
LIBTF = {
    "SOFTMAX": Rule(params="i", data=SOFTMAX_DATA, prepare=softmax),
    "RELU6": Rule(data="4b", prepare=relu6),
}
CMSIS_NN = {"SOFTMAX": Rule(params="i", data=f"{SOFTMAX_DATA}2i", prepare=softmax)}
