"""Recurrent layers: SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM.

Sources: tflite-micro a57349f0, ``micro/kernels/cmsis_nn/svdf.cc``, ``cmsis_nn/unidirectional_sequence_lstm.cc``,
``lstm_eval.cc``, ``lstm_eval_common.cc``, ``lstm_shared.h``; CMSIS-NN 01dee38e, ``arm_nn_types.h`` (gates).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, named, not_true, type_name, types_as_numbers_differ
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, dimension, divide, element_bytes

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_NO_BIAS = "it has no bias, and the kernel then releases a tensor it never took, which makes AllocateTensors fail"
_NO_BIAS_TEXT = (
    "Number of allocated temp buffers: -1. Checksum passing status: 1\n"
    "All temp buffers must be freed before calling ResetTempAllocations()"
)


_SVDF = "cmsis_nn/svdf.cc"


def svdf(node: Node) -> None:
    input_, features, times = node.input(0), node.input(1), node.input(2)
    bias = node.optional_input(3)
    state = node.input(4)
    rank = node.option("rank")
    batch, size = dimension(node, input_, 0), dimension(node, input_, 1)
    filters, memory = dimension(node, features, 0), dimension(node, times, 1)
    rest = filters % rank if rank else filters
    reason = f"its {filters} filters are not a multiple of its rank {rank}"
    node.expect(rest == 0, reason, differ(f"{_SVDF}:90 num_filters % rank != 0", rest, 0))
    units = divide(filters, rank)
    message = not_true(f"{_SVDF}:95", "input->type == kTfLiteFloat32 || input->type == kTfLiteInt8")
    node.expect_type(input_, (T.FLOAT32, T.INT8), message)
    message = differ(f"{_SVDF}:97 NumDimensions(input) != 2", input_.rank, 2)
    node.expect(input_.rank == 2, "its input does not have 2 dimensions", message)
    node.expect_counts(None)
    output = node.output()
    node.expect(output.dims == [batch, units], f"its output shape is not [{batch}, {units}]")
    node.expect(features.dims == [filters, size], f"its feature weights' shape is not [{filters}, {size}]")
    node.expect(times.dims == [filters, memory], f"its time weights' shape is not [{filters}, {memory}]")
    node.expect(bias is None or bias.dims[:1] == [units], f"its bias does not have {units} entries")
    node.expect(state.dims == [batch, memory * filters], f"its state's shape is not [{batch}, {memory * filters}]")
    node.expect(state.is_variable, f"its state (tensor {state.index}) is not a variable")
    node.expect_counts(5)
    _expect_svdf_types(node, input_, (features, times, state, output))
    if bias is None and node.runtime.counts_temporaries:
        node.refuse(_NO_BIAS, _NO_BIAS_TEXT)
    node.scratch(4 * batch * filters)
    if input_.is_type(T.INT8):
        _expect_svdf_bias(node, state.scale * times.scale, bias)
        node.scratch(4 * batch * units)
    elif bias is not None:
        node.expect_type(bias, (T.FLOAT32,))


def _expect_svdf_bias(node: Node, scale: float, bias: Operand | None) -> None:
    """An int8 bias must have the scale of state times time weights."""
    if bias is None:
        node.crash("int8 without bias: the kernel reads the bias' scale through a null pointer")
    message = types_as_numbers_differ(f"{_SVDF}:143 bias->type != kTfLiteInt32", bias.type, T.INT32)
    node.expect_type(bias, (T.INT32,), message)
    node.expect(abs(bias.scale - scale) < 1e-5, "its bias' scale does not fit state times time weights")


def _svdf_libtf(node: Node) -> None:
    input_, times, state = (node.peek_input(position) for position in (0, 2, 4))
    if input_ is not None and input_.is_type(T.INT8):
        for operand in (times, state):
            wide = operand is None or operand.is_type(T.INT16)
            node.expect(wide, "its time weights and its state must be int16", "weights_time->type != kTfLiteInt16")
    svdf(node)


def _expect_svdf_types(node: Node, input_: Operand, operands: tuple[Operand, ...]) -> None:
    """Types of feature weights, time weights, state and output."""
    either = (T.INT16, T.INT8)
    quantized = ((T.INT8,), either, either, (T.INT8,))
    for operand, kinds in zip(operands, quantized, strict=True):
        node.expect_type(operand, (T.FLOAT32,) if input_.is_type(T.FLOAT32) else kinds)


_INPUT, _STATE, CELL = 0, 18, 19
_WEIGHTS, _INPUT_WEIGHTS, _RECURRENT_WEIGHTS = range(1, 9), range(1, 5), range(5, 9)
_BIASES = range(12, 16)
_VARIANTS = {"peepholes": range(9, 12), "a projection": range(16, 18), "layer normalization": range(20, 24)}
_GATES = 4
_FULLY_CONNECTED = "(9i3b)"
_MULTIPLY = "(b14iddhh5i)"
LSTM_DATA = f"((b4i)(ihi)e{f'({_FULLY_CONNECTED * 2})' * _GATES}({_MULTIPLY * 3})4i)"
_CMSIS_GATE = "(iippiipppe)"
_CMSIS_LSTM = f"(15i{_CMSIS_GATE * _GATES})"


def _lstm_cmsis(node: Node) -> None:
    node.expect_counts(24)
    tensors = [node.optional_input(position) for position in range(24)]
    output = node.output()
    batch, state_size = expect_lstm(node, tensors, output)
    input_, cell = present(node, tensors, _INPUT), present(node, tensors, CELL)
    node.expect(
        cell.is_type(T.FLOAT32, T.INT16),
        f"a {type_name(cell.type)} cell state is not supported",
        f"Cell state type {named(cell.type)} not supported. The quantized Unidirectional Sequence LSTM Op only "
        "support int16 cell state",
    )
    buffers = 4
    if cell.is_type(T.INT16) and input_.is_type(T.INT8, T.INT16):
        buffers = 3
        # Sums of the weights times the offsets, as wide as the biases: four for the inputs, four for the state.
        for _ in range(2 * _GATES):
            node.persist((4 if input_.is_type(T.INT8) else 8) * state_size)
    for _ in range(buffers):
        node.scratch(batch * state_size * element_bytes(cell))


def present(node: Node, tensors: list[Operand | None], position: int) -> Operand:
    operand = tensors[position]
    if operand is None:
        node.refuse(f"its input {position} is missing")
    return operand


def expect_lstm(node: Node, tensors: list[Operand | None], output: Operand) -> tuple[int, int]:
    """Check shapes and types; (batch, state size)."""
    input_, state, cell = (present(node, tensors, position) for position in (_INPUT, _STATE, CELL))
    node.expect(state.is_variable and cell.is_variable, "its state tensors are not variables")
    node.expect_same_type(state, input_, "")
    node.expect_same_type(output, input_, "")
    for group in (_WEIGHTS, _BIASES):
        first = present(node, tensors, group[1])
        for position in group:
            node.expect_same_type(present(node, tensors, position), first, "")
    for what, positions in _VARIANTS.items():
        node.expect(all(tensors[position] is None for position in positions), f"{what} are not supported")
    batch_axis = 1 if node.option("time_major") else 0
    batch, features = dimension(node, input_, batch_axis), dimension(node, input_, 2)
    size = dimension(node, state, 1)
    for positions, width in ((_INPUT_WEIGHTS, features), (_RECURRENT_WEIGHTS, size)):
        for position in positions:
            node.expect(
                present(node, tensors, position).dims == [size, width],
                f"its input {position} does not have the shape [{size}, {width}]",
            )
    for position in _BIASES:
        node.expect(
            present(node, tensors, position).dims == [size], f"its input {position} does not have {size} entries"
        )
    for operand in (state, cell):
        node.expect(operand.elements == batch * size, f"tensor {operand.index} does not have {batch * size} elements")
    node.expect(output.dims == [*input_.dims[:2], size], "its output shape does not fit its input and state")
    if cell.is_type(T.INT16):
        for position in _WEIGHTS:
            weights = present(node, tensors, position)
            node.expect(len(weights.scales) <= 1, f"its input {position} is quantized per channel")
    return batch, size


LIBTF = {"SVDF": Rule(params="ieb", data="8i", prepare=_svdf_libtf)}
CMSIS_NN = {
    "SVDF": Rule(params="ieb", data="9ip", prepare=svdf),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Rule(params="eiibbb", data=LSTM_DATA + _CMSIS_LSTM, prepare=_lstm_cmsis),
}
