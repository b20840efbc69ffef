"""Pooling: AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D.

Sources: tflite-micro a57349f0, ``micro/kernels/cmsis_nn/pooling.cc``, ``pooling_common.cc``, ``l2_pool_2d.cc``;
CMSIS-NN 01dee38e, ``arm_avgpool_get_buffer_sizes_s8.c`` (DSP extension present).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, named, types_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, dimension, output_size

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

PARAMS = "eiiiie(iiii)"
OP_DATA = "((iiii)iiii)"


def pool(node: Node) -> tuple[Operand, Operand]:
    input_, output = node.input(0), node.output()
    dimension(node, input_, 2)
    node.expect_type(input_, (T.FLOAT32, T.INT8, T.INT16), f"Type {named(input_.type)} not supported.")
    return input_, output


def max_pool(node: Node) -> None:
    pool(node)


def _average_pool_cmsis(node: Node) -> None:
    pool(node)
    input_, output = node.input(0), node.output()
    if input_.is_type(T.INT8, T.INT16):
        channels = min(dimension(node, input_, 3), dimension(node, output, 3))
        if channels > 0:
            node.scratch(4 * channels)


def _l2_pool_libtf(node: Node) -> None:
    output, input_ = node.output(), node.input(0)
    node.expect_same_type(input_, output, "")
    node.expect_type(input_, (T.FLOAT32,))


def _l2_pool(node: Node) -> None:
    node.expect_counts(1)
    output, input_ = node.output(), node.input(0)
    file = "l2_pool_2d.cc"
    for operand, name, line in ((input_, "input", 52), (output, "output", 53)):
        reason = f"tensor {operand.index} has {operand.rank} dimensions instead of 4"
        message = differ(f"{file}:{line} NumDimensions({name}) != kTensorShapeRank", operand.rank, 4)
        node.expect(operand.rank == 4, reason, message)
    message = types_differ(f"{file}:54 input->type != output->type", input_.type, output.type)
    node.expect_same_type(input_, output, message)
    message = types_differ(f"{file}:71 input->type != kTfLiteFloat32", input_.type, T.FLOAT32)
    node.expect_type(input_, (T.FLOAT32,), message)
    node.persist_dims(output)
    height, width = (
        output_size(node.option("padding"), input_.dims[axis], node.option(kernel), node.option(stride))
        for axis, kernel, stride in ((1, "filter_height", "stride_h"), (2, "filter_width", "stride_w"))
    )
    output.dims = [input_.dims[0], height, width, input_.dims[3]]


def _pool_libtf(node: Node) -> None:
    """uint8 is taken too, and needs no scratch buffer."""
    first = node.peek_input(0)
    if first is None or not first.is_type(T.UINT8):
        (_average_pool_cmsis if node.operator.name == "AVERAGE_POOL_2D" else max_pool)(node)
        return
    dimension(node, node.input(0), 2)
    node.output()


LIBTF = {
    "AVERAGE_POOL_2D": Rule(params=PARAMS, data=f"{OP_DATA}i", prepare=_pool_libtf),
    "MAX_POOL_2D": Rule(params=PARAMS, data=f"{OP_DATA}i", prepare=_pool_libtf),
    "L2_POOL_2D": Rule(params=PARAMS, prepare=_l2_pool_libtf),
}
COMMON = {"L2_POOL_2D": Rule(params=PARAMS, prepare=_l2_pool)}
CMSIS_NN = {
    "AVERAGE_POOL_2D": Rule(params=PARAMS, data=f"{OP_DATA}i", prepare=_average_pool_cmsis),
    "MAX_POOL_2D": Rule(params=PARAMS, data=f"{OP_DATA}i", prepare=max_pool),
}
