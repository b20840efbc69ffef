"""Activations and (de)quantization.

Sources: tflite-micro a57349f0, ``micro/kernels/``: ``activations_common.cc``, ``cmsis_nn/softmax.cc``, ``tanh.cc``,
``elu.cc``, ``l2norm.cc``, ``log_softmax.cc``, ``{logistic,softmax,hard_swish,leaky_relu,prelu}_common.cc``,
``{quantize,dequantize}_common.cc``.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, not_true, says, type_name, types_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import INPUT_TYPE, QUANTIZE_AGAIN, T, dimension, ratio

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_INT16_TABLE_BYTES = 2 * 513
SOFTMAX_DATA = "(d7i5p)"
_LUT_FRACTION_BITS = 15
_SCALED_DIFFERENCE_BITS = 5
_MIN_INT8 = "std::numeric_limits<int8_t>::min()"


def _expect_same(node: Node, input_: Operand, output: Operand, where: str) -> None:
    message = types_differ(f"{where} input->type != output->type", input_.type, output.type)
    node.expect_same_type(input_, output, message)


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


def _expect_int16_lookup(node: Node, input_: Operand, output: Operand, file: str, lines: tuple[int, int]) -> None:
    """LOGISTIC and TANH on int16: symmetric, output scale 2^-15; ``lines`` of the first and of the third check."""
    first, third = lines
    node.expect_no_zero_point(
        (input_, f"{file}:{first} input->params.zero_point != 0"),
        (output, f"{file}:{first + 1} output->params.zero_point != 0"),
    )
    power = _is_power_of_two(output.scale)
    reason = f"int16 output tensor {output.index} has scale {output.scale:g} instead of 2^-{_LUT_FRACTION_BITS}"
    checked = "CheckedLog2(output->params.scale, &output_scale_log2_rounded)"
    node.expect(power is not None, reason, not_true(f"{file}:{third}", checked))
    rounded = f"{file}:{third + 2} output_scale_log2_rounded != -kOutputFractionalBits"
    node.expect(power == -_LUT_FRACTION_BITS, reason, differ(rounded, power or 0, -_LUT_FRACTION_BITS))


def _logistic(node: Node) -> None:
    input_, output = node.input(0), node.output()
    _expect_same(node, input_, output, "logistic_common.cc:44")
    if input_.is_type(T.INT8):
        message = differ(f"logistic_common.cc:46 output->params.zero_point != {_MIN_INT8}", output.zero_point, -128)
        reason = f"int8 output tensor {output.index} has zero point {output.zero_point}, not -128"
        node.expect(output.zero_point == -128, reason, message)
    elif input_.is_type(T.INT16):
        _expect_int16_lookup(node, input_, output, "logistic_common.cc", (70, 101))


def _tanh(node: Node) -> None:
    node.input(0)
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    _expect_same(node, input_, output, "tanh.cc:61")
    if input_.is_type(T.INT16):
        _expect_int16_lookup(node, input_, output, "tanh.cc", (89, 123))


def _same_type(node: Node, where: str) -> None:
    """ELU, LEAKY_RELU."""
    node.expect_counts(1)
    _expect_same(node, node.input(0), node.output(), where)


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
        message = not_true("hard_swish_common.cc:68", "params->output_multiplier_exponent <= 0")
        fits = factor < 1.0 or not math.isfinite(factor)
        node.expect(fits, "its output scale is too small for its input scale", message)


def softmax(node: Node) -> None:
    node.expect_counts(1)
    input_ = node.input(0)
    node.expect(
        input_.rank >= 1, "its input is a scalar", not_true("cmsis_nn/softmax.cc:51", "NumDimensions(input) >= 1")
    )
    output = node.output()
    node.expect(
        input_.type == output.type or (input_.is_type(T.INT8) and output.is_type(T.INT16)),
        f"{type_name(input_.type)} input with {type_name(output.type)} output is not supported",
        says("cmsis_nn/softmax.cc", "Input and output data types are not supported together."),
    )
    supported = input_.is_type(T.FLOAT32, T.INT16, T.INT8)
    node.expect(supported, f"{type_name(input_.type)} is not supported", says("cmsis_nn/softmax.cc", INPUT_TYPE))
    if input_.is_type(T.INT16):
        # Look-up tables for exp(x) and 1/(1+x).
        node.persist(_INT16_TABLE_BYTES)
        node.persist(_INT16_TABLE_BYTES)
        node.expect_no_zero_point(
            (output, "softmax_common.cc:57 output->params.zero_point != 0"),
            (input_, "softmax_common.cc:91 input->params.zero_point != 0"),
        )
        _expect_near(node, output, 15, "softmax_common.cc:93 output->params.scale not near 1.f / 32768")
    elif input_.is_type(T.INT8):
        _expect_softmax_output(node, output)
        expect_softmax_scale(node, input_, node.option("beta", 0.0))


def _expect_softmax_output(node: Node, output: Operand) -> None:
    narrow = output.is_type(T.INT8)
    zero_point, line = (-128, 103) if narrow else (-32768, 98)
    node.expect(
        output.zero_point == zero_point,
        f"output tensor {output.index} has zero point {output.zero_point} instead of {zero_point}",
        differ(f"softmax_common.cc:{line} output->params.zero_point != {zero_point}", output.zero_point, zero_point),
    )
    if narrow:
        _expect_scale(node, output, 2.0**-8, not_true("softmax_common.cc:104", "output->params.scale == 1.f / 256"))
    else:
        _expect_near(node, output, 16, "softmax_common.cc:99 output->params.scale not near 1.f / 65536")


def expect_softmax_scale(node: Node, input_: Operand, beta: float) -> None:
    """The input's scale times beta as a fixed-point number with 5 integer bits must exceed 1 (it is capped above)."""
    if not beta * input_.scale * 2 ** (31 - _SCALED_DIFFERENCE_BITS) > 1.0:
        node.hang(
            f"beta times its input's scale is {beta * input_.scale:g}, not above 2^-26: the library aborts",
            f"{QUANTIZE_AGAIN}; an untrained model's activations are near zero, and train it or give it weights first",
        )


def _expect_scale(node: Node, output: Operand, scale: float, message: str) -> None:
    reason = f"output tensor {output.index} has scale {output.scale:g} instead of {scale:g}"
    node.expect(output.scale == scale, reason, message)


def _expect_near(node: Node, output: Operand, bits: int, where: str) -> None:
    """Output scale 2^-bits within a thousandth."""
    scale = 2.0**-bits
    reason = f"output tensor {output.index} has scale {output.scale:g} instead of {scale:g}"
    text = f"tensorflow/lite/micro/kernels/{where} ({output.scale:f} != {scale:f})"
    node.expect(abs(output.scale - scale) <= 1e-3 * scale, reason, text)


def _log_softmax(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    _expect_same(node, input_, output, "log_softmax.cc:57")
    same_shape = not_true("log_softmax.cc:59", "HaveSameShapes(input, output)")
    node.expect(input_.dims == output.dims, "input and output differ in shape", same_shape)
    if input_.is_type(T.INT8):
        node.persist_struct("5ipp")
        _expect_scale(node, output, 16.0 / 256, not_true("log_softmax.cc:72", "output->params.scale == kOutputScale"))
        reason = f"output tensor {output.index} has zero point {output.zero_point}, not 127"
        message = not_true("log_softmax.cc:73", "output->params.zero_point == kOutputZeroPoint")
        node.expect(output.zero_point == 127, reason, message)
        expect_softmax_scale(node, input_, 1.0)
        dimension(node, input_, input_.rank - 1)


def _l2_normalization_libtf(node: Node) -> None:
    first = node.peek_input(0)
    if first is None or not first.is_type(T.UINT8):
        _l2_normalization(node)
        return
    node.expect_counts(1)
    _expect_same(node, node.input(0), node.output(), "l2norm.cc:59")


def _l2_normalization(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(
        input_.rank <= 4, "its input has more than 4 dimensions", not_true("l2norm.cc:55", "NumDimensions(input) <= 4")
    )
    message = not_true("l2norm.cc:57", "output->type == kTfLiteFloat32 || output->type == kTfLiteInt8")
    node.expect_type(output, (T.FLOAT32, T.INT8), message)
    _expect_same(node, input_, output, "l2norm.cc:59")
    activation = node.option("fused_activation_function")
    message = differ("l2norm.cc:68 params->activation != kTfLiteActNone", activation, 0)
    node.expect(activation == 0, "a fused activation is not supported", message)


_QUANTIZE_INPUTS = (T.FLOAT32, T.INT32, T.INT16, T.INT8, T.UINT8)
_QUANTIZE_OUTPUTS = (T.INT8, T.INT16, T.INT32, T.UINT8)


def _any_of(tensor: str, names: tuple[str, ...]) -> str:
    return " || ".join(f"{tensor}->type == kTfLite{name}" for name in names)


def _quantize(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    message = differ("quantize_common.cc:48 output->quantization.type != kTfLiteAffineQuantization", 0, 1)
    node.expect(output.quantized, f"output tensor {output.index} has no quantization parameters", message)
    message = not_true("quantize_common.cc:54", "affine_quantization->scale->size == 1")
    node.expect(len(output.scales) == 1, f"output tensor {output.index} is quantized per channel", message)
    names = _any_of("input", ("Float32", "Int32", "Int16", "Int8", "UInt8"))
    node.expect_type(input_, _QUANTIZE_INPUTS, not_true("quantize_common.cc:56", names))
    names = _any_of("output", ("Int8", "Int16", "Int32", "UInt8"))
    node.expect_type(output, _QUANTIZE_OUTPUTS, not_true("quantize_common.cc:60", names))


def _quantize_libtf(node: Node) -> None:
    """Not from int32."""
    input_ = node.peek_input(0)
    node.expect(input_ is None or not input_.is_type(T.INT32), "int32 input is not supported")
    _quantize(node)


def _quantize_libtf_450(node: Node) -> None:
    """Neither from nor to uint8."""
    for operand in (node.peek_input(0), node.peek_output(0)):
        node.expect(operand is None or not operand.is_type(T.UINT8), "uint8 is not supported")
    _quantize_libtf(node)


def _dequantize(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(
        input_.is_type(T.INT8, T.INT16, T.UINT8),
        f"{type_name(input_.type)} input is not supported (only int8, int16 and uint8 are)"
        + ("; convert the model without float16 weights" if input_.is_type(T.FLOAT16) else ""),
        not_true("dequantize_common.cc:43", _any_of("input", ("Int8", "Int16", "UInt8"))),
    )
    node.expect_type(output, (T.FLOAT32,), not_true("dequantize_common.cc:46", "output->type == kTfLiteFloat32"))


COMMON = {
    "RELU": Rule(data="(b2i)4i", prepare=_relu),
    "RELU6": Rule(data="bb", prepare=relu6),
    "LOGISTIC": Rule(data="4i", prepare=_logistic),
    "TANH": Rule(data="4i", prepare=_tanh),
    "ELU": Rule(data="256b", prepare=partial(_same_type, where="elu.cc:93")),
    "LEAKY_RELU": Rule(params="i", data="6i", prepare=partial(_same_type, where="leaky_relu_common.cc:43")),
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
    "L2_NORMALIZATION": Rule(params="e", data="i", prepare=_l2_normalization_libtf),
    "QUANTIZE": Rule(data="(id)3i", prepare=_quantize_libtf),
}
LIBTF_450 = {"QUANTIZE": Rule(data="(id)3i", prepare=_quantize_libtf_450)}
CMSIS_NN = {"SOFTMAX": Rule(params="i", data=f"{SOFTMAX_DATA}2i", prepare=softmax)}
