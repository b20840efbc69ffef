"""The plain C++ kernels of a recent tflite-micro, where they take other bytes than the CMSIS-NN set of OpenMV does.

No camera runs them: they are what the ``tflite-micro`` Python package is built from, and so a public check of
everything else in this package on another ABI. Source: tensorflow/tflite-micro 90b983c2, ``micro/kernels``. The package
is two months newer: its parameters of FULLY_CONNECTED are 16 bytes larger than that source says (measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._rules import Rule
from omvsim.tflm.operators import _activation, _arithmetic, _conv, _dense, _pooling, _recurrent, _reduce
from omvsim.tflm.operators._common import T, dimension, element_bytes

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_CONV_DATA = "(iiii)iiiiippiiiii"


def _convolution(node: Node, channel_axis: int) -> None:
    """CONV_2D and DEPTHWISE_CONV_2D: multipliers for every type, int4 weights unpacked into a scratch buffer."""
    node.output()
    node.input(0)
    weights = node.input(1)
    _conv.persist_multipliers(node, dimension(node, weights, channel_axis))
    _conv.take_all(node, bias_required=False)
    _unpack_int4(node, weights)


def _unpack_int4(node: Node, weights: Operand) -> None:
    if weights.is_type(T.INT4):
        node.scratch(weights.elements)


def _conv_2d(node: Node) -> None:
    _convolution(node, 0)


def _depthwise(node: Node) -> None:
    _convolution(node, 3)


def _transpose_conv(node: Node) -> None:
    output, input_, weights = node.output(), node.input(2), node.input(1)
    _conv.persist_multipliers(node, dimension(node, weights, 0))
    if input_.is_type(T.INT8):
        node.scratch(4 * output.elements)
    elif input_.is_type(T.INT16):
        node.scratch(8 * output.elements)
    _conv.transpose_quantization(node, input_, weights)


def _fully_connected(node: Node) -> None:
    input_, weights = node.input(0), node.input(1)
    bias = node.optional_input(2)
    output = node.output()
    _unpack_int4(node, weights)
    if len(weights.scales) > 1 and not input_.is_type(T.FLOAT32):
        node.persist(4 * len(weights.scales))
        node.persist(4 * len(weights.scales))
    else:
        _dense.expect_dense_quantization(node, input_, weights, bias, output)


def _pool(node: Node) -> None:
    input_, output = _pooling.pool(node)
    if input_.is_type(T.INT8, T.INT16):
        same = (input_.scale, input_.zero_point) == (output.scale, output.zero_point)
        node.expect(same, "its input and its output differ in quantization")


def _concatenation(node: Node) -> None:
    input_, output = node.input(0), node.output()
    node.expect_same_type(output, input_, "")
    for position in range(node.inputs):
        operand = node.input(position)
        if operand.is_type(T.INT8):
            same = (operand.scale, operand.zero_point) == (output.scale, output.zero_point)
            node.expect(same, "its int8 inputs and its output differ in quantization")


def _mean_or_sum(node: Node) -> None:
    input_, output, axis = node.input(0), node.output(), node.input(1)
    if input_.is_type(T.INT8, T.INT16):
        node.scratch(4 * output.elements)
    node.scratch(4 * input_.rank)
    node.scratch(4 * axis.elements)


def _lstm(node: Node) -> None:
    tensors = [node.optional_input(position) for position in range(24)]
    batch, size = _recurrent.expect_lstm(node, tensors, node.output())
    cell = _recurrent.present(node, tensors, _recurrent.CELL)
    for _ in range(4):
        node.scratch(batch * size * element_bytes(cell))


REFERENCE = {
    "ADD": Rule(params="eb", data=f"{_arithmetic.RESCALE}2i", prepare=_arithmetic.add),
    "AVERAGE_POOL_2D": Rule(params=_pooling.PARAMS, data=_pooling.OP_DATA, prepare=_pool),
    "MAX_POOL_2D": Rule(params=_pooling.PARAMS, data=_pooling.OP_DATA, prepare=_pool),
    "CONCATENATION": Rule(params="ie", data="(bpphii)10i", prepare=_concatenation),
    "CONV_2D": Rule(params=_conv.CONV_PARAMS, data=_CONV_DATA, prepare=_conv_2d),
    "DEPTHWISE_CONV_2D": Rule(params=_conv.DEPTHWISE_PARAMS, data=_CONV_DATA, prepare=_depthwise),
    "TRANSPOSE_CONV": Rule(params="eiiee", data=f"{_conv.TRANSPOSE_DATA}4ipp", prepare=_transpose_conv),
    "FULLY_CONNECTED": Rule(params=f"{_dense.PARAMS}2p", data="9ippbii", prepare=_fully_connected),
    "MEAN": Rule(params="b", data="11i", prepare=_mean_or_sum),
    "SUM": Rule(params="b", data="11i", prepare=_mean_or_sum),
    "REDUCE_MAX": Rule(params="b", data="11i", prepare=_reduce.reduce_max),
    "RELU6": Rule(data="ii", prepare=_activation.relu6),
    "SOFTMAX": Rule(params="i", data=_activation.SOFTMAX_DATA, prepare=_activation.softmax),
    "SVDF": Rule(params="ieb", data="9i", prepare=_recurrent.svdf),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Rule(params="eiibbb", data=_recurrent.LSTM_DATA, prepare=_lstm),
}
