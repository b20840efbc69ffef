"""What Eval takes: convolutions, matrix products, pooling, recurrent layers, reductions, resource variables.

Sources: tflite-micro a57349f0, ``micro/kernels/cmsis_nn/{conv,depthwise_conv}.cc``, ``reduce_common.cc``,
``{assign,read}_variable.cc``; CMSIS-NN 01dee38e, ``arm_depthwise_conv_s8.c``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, named, not_true, says, types_differ
from omvsim.tflm.operators._eval import Check, T, every, input_type, ranked, refuse_type, room, sized

if TYPE_CHECKING:
    from omvsim.tflm._invoke import Invocation
    from omvsim.tflm._node import Operand


def _conv(node: Invocation) -> None:
    input_, bias = node.input(0), node.optional_input(2)
    node.input(1)
    if input_.is_type(T.INT16) and bias is not None and not bias.is_type(T.INT32, T.INT64):
        refuse_type(node, bias, f"Bias type {named(bias.type)} not supported.")


def _depthwise(node: Invocation) -> None:
    input_, weights, output = node.input(0), node.input(1), node.output()
    undilated = node.option("dilation_w_factor", 1) == node.option("dilation_h_factor", 1) == 1
    fast = input_.is_type(T.INT8) and weights.is_type(T.INT8) and undilated and input_.dims[0] == 1
    if node.option("depth_multiplier") == 0 and fast and output.elements > 0:
        node.hang(
            "its depth multiplier is 0: the kernel counts output channels up by it and never gets to the last",
            "convert the model again; a depth multiplier is the output channels divided by the input channels",
        )


def _fully_connected(node: Invocation) -> None:
    weights, output = node.input(1), node.output()
    node.input(0)
    if weights.rank == 0 or output.rank == 0:
        node.crash("its weights or its output are a scalar, and the kernel reads their last dimension")


def _axes(node: Invocation) -> tuple[Operand, tuple[int, ...] | None]:
    """The input and its reduced dimensions, sorted and without repetition; None if they are computed or wrong."""
    input_, axis = node.input(0), node.input(1)
    values = node.constant(axis)
    if values is None:
        return input_, None
    axes = {value + (input_.rank if value < 0 else 0) for value in values[: axis.elements]}
    return input_, tuple(sorted(axes))


def _reduction(node: Invocation) -> None:
    input_, axes = _axes(node)
    if axes is None:
        return
    if not all(0 <= axis < input_.rank for axis in axes):
        if input_.is_type(T.FLOAT32) or node.operator.name == "REDUCE_MAX":
            node.fail("one of its axes is out of range")
        return  # MEAN and SUM of integers forget to look at the result.
    room(node, node.output(), math.prod(size for axis, size in enumerate(input_.dims) if axis not in axes))


def _same_types(line: int) -> Check:
    def check(node: Invocation) -> None:
        input_, output = node.input(0), node.output()
        if input_.type != output.type:
            where = f"reduce_common.cc:{line} input->type != output->type"
            refuse_type(node, output, types_differ(where, input_.type, output.type))

    return check


def _same_quantization(node: Invocation) -> None:
    """REDUCE_MAX int8 does not rescale."""
    input_, output = node.input(0), node.output()
    if not input_.is_type(T.INT8):
        return
    remedy = "quantize the model again so that the operator's input and output have the same scale and zero point"
    if input_.scale != output.scale:
        scales = "static_cast<double>(op_data->input_scale) != static_cast<double>(op_data->output_scale)"
        # The library prints two doubles as if they were integers.
        text = f"tensorflow/lite/micro/kernels/reduce_common.cc:270 {scales}"
        node.fail(f"its output's scale {output.scale:g} is not its input's {input_.scale:g}", text, remedy)
    if input_.zero_point != output.zero_point:
        where = "reduce_common.cc:272 op_data->input_zp != op_data->output_zp"
        text = differ(where, input_.zero_point, output.zero_point)
        node.fail("its input and output differ in zero point", text, remedy)


def _no_resources(node: Invocation) -> None:
    name = node.operator.name
    text = f"{name} requires resource variables. Please create ResourceVariables and pass it to the interpreter."
    node.fail("the firmware gives the interpreter no resource variables", text)


def _else_branch(node: Invocation) -> None:
    """Prepare compares the numbers of tensors with the first branch only."""
    index = node.option("else_subgraph_index")
    other = node.model.subgraphs[index]
    if len(other.inputs) != node.inputs - 1 or len(other.outputs) != node.outputs:
        node.fail(
            f"its else branch, subgraph {index}, takes or gives another number of tensors",
            not_true(
                "kernel_util.cc:219",
                "static_cast<size_t>(node->inputs->size - first_tensor_idx) == "
                "graph_info->NumSubgraphInputs(subgraph_idx)",
            ),
        )


_QUANTIZED = (T.FLOAT32, T.INT8, T.INT16)
_MEAN = says("reduce_common.cc", "Currently, only float32, int8 or int16 input type is supported.")
_SUM = "Only float32, int8, and int16 types are supported."
_MAX = "Only float32 and int8 types are supported."
_POOL = every(sized, ranked(4))

EVAL: dict[str, Check] = {
    "CONV_2D": every(_conv, sized),
    "DEPTHWISE_CONV_2D": every(sized, ranked(4), _depthwise),
    "TRANSPOSE_CONV": sized,
    "FULLY_CONNECTED": every(sized, _fully_connected),
    "BATCH_MATMUL": sized,
    "AVERAGE_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "L2_POOL_2D": _POOL,
    "MEAN": every(input_type(_QUANTIZED, _MEAN), _reduction),
    "SUM": every(_same_types(298), input_type(_QUANTIZED, _SUM), _reduction),
    "REDUCE_MAX": every(_same_types(244), input_type((T.FLOAT32, T.INT8), _MAX), _same_quantization, _reduction),
    "ASSIGN_VARIABLE": _no_resources,
    "READ_VARIABLE": _no_resources,
    "IF": _else_branch,
}
