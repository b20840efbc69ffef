"""Operators that reshape, cut and join tensors: RESHAPE, TRANSPOSE, CONCATENATION, PAD, STRIDED_SLICE, SPLIT, …

Sources: tflite-micro a57349f0, ``micro/kernels/`` files named after each operator.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.tflm._messages import (
    differ,
    named,
    not_true,
    says,
    types_as_numbers_differ,
    types_differ,
)
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, dimension, divide

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_MAX_CONCAT_INPUTS = 10
_MAX_SMALL_RANK = 6
"""``RuntimeShape::kMaxSmallSize``."""
_MAX_PAD_RANK = 5
_MAX_OPTION_DIMS = 8


def _expect_same(node: Node, one: Operand, other: Operand, where: str) -> None:
    node.expect_same_type(one, other, types_differ(where, one.type, other.type))


def _expect_same_numbers(node: Node, one: Operand, other: Operand, where: str) -> None:
    node.expect_same_type(one, other, types_as_numbers_differ(where, one.type, other.type))


def _parse_dims(node: Node) -> None:
    for name in ("new_shape", "squeeze_dims"):
        node.expect(
            len(node.option(name, ())) <= _MAX_OPTION_DIMS,
            f"its options name more than {_MAX_OPTION_DIMS} dimensions",
            f"Found too many dimensions in the input array of operation '{node.operator.name.lower()}'.",
        )


def _reshape(node: Node) -> None:
    message = not_true("reshape_common.cc:88", "NumInputs(node) == 1 || NumInputs(node) == 2")
    node.expect(node.inputs in (1, 2), f"it has {node.inputs} inputs instead of 1 or 2", message)
    node.expect_counts(None)
    input_, output = node.input(0), node.output()
    if node.inputs == 1 and output.dims == [0]:
        output.dims = []  # an old way to write a scalar
    free = [axis for axis, size in enumerate(output.dims) if size == -1]
    message = differ("reshape_common.cc:61 stretch_dim != -1", free[0] if free else -1, -1)
    node.expect(len(free) <= 1, "its output shape has more than one -1", message)
    if free:
        node.persist_dims(output)
        output.dims[free[0]] = divide(input_.elements, math.prod(size for size in output.dims if size != -1))
    _expect_same(node, input_, output, "reshape_common.cc:77 input->type != output->type")
    message = differ("reshape_common.cc:78 num_input_elements != num_output_elements", input_.elements, output.elements)
    reason = f"its input has {input_.elements} elements and its output {output.elements}"
    node.expect(input_.elements == output.elements, reason, message)


def _squeeze(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    message = not_true("squeeze.cc:61", "input_num_dims <= max_squeeze_dims")
    node.expect(input_.rank <= _MAX_OPTION_DIMS, f"its input has more than {_MAX_OPTION_DIMS} dimensions", message)
    axes = [axis + input_.rank if axis < 0 else axis for axis in node.option("squeeze_dims", ())]
    for axis in axes:
        message = not_true(
            "squeeze.cc:74", "current >= 0 && current < input_num_dims && input_dims->data[current] == 1"
        )
        fits = 0 <= axis < input_.rank and input_.dims[axis] == 1
        node.expect(fits, f"dimension {axis} of its input is not 1", message)
    kept = [size for axis, size in enumerate(input_.dims) if (axis not in axes if axes else size != 1)]
    if any(out < size for out, size in zip(output.dims, kept, strict=False)):
        node.hang("its output is smaller than the squeezed input: the library aborts", "convert the model again")
    if output.rank < len(kept):
        node.crash("its output has fewer dimensions than the squeezed input, and the library reads past its shape")


def _first(node: Node, operand: Operand) -> int:
    values = node.constant(operand)
    if not values:
        node.crash(f"tensor {operand.index} holds less than one int32")
    return values[0]


def _expand_dims(node: Node) -> None:
    node.expect_counts(2)
    input_, axis, output = node.input(0), node.input(1), node.output()
    node.expect(axis.rank <= 1, "its axis is not a single number", "Axis has only one element for Expand_Dims.")
    node.expect_type(axis, (T.INT32,), f"Axis type {named(axis.type)} not supported by Expand_Dims.")
    position = _first(node, axis)
    position += input_.rank + 1 if position < 0 else 0
    message = not_true("expand_dims.cc:66", "axis_value <= input_shape.DimensionsCount()")
    node.expect(position <= input_.rank, "its axis is out of range", message)
    counts = "output_shape.DimensionsCount() == input_shape.DimensionsCount() + 1"
    reason = "its output does not have one dimension more than its input"
    node.expect(output.rank == input_.rank + 1, reason, not_true("expand_dims.cc:73", counts))
    for axis_number, size in enumerate(output.dims):
        if axis_number == position:
            line, other, wanted = 79, "1", 1
        else:
            before = axis_number < position
            line, other = (77, "input_shape.Dims(i)") if before else (81, "input_shape.Dims(i - 1)")
            wanted = input_.dims[axis_number if before else axis_number - 1]
        message = not_true(f"expand_dims.cc:{line}", f"output_shape.Dims(i) == {other}")
        node.expect(size == wanted, "its output shape does not fit its input", message)


def _transpose(node: Node) -> None:
    node.expect_counts(2)
    input_, order, output = node.input(0), node.input(1), node.output()
    node.expect(
        input_.rank <= 5,
        "its input has more than 5 dimensions",
        says("transpose.cc", "Transpose op only supports 1D-5D input arrays."),
    )
    where = "transpose.cc:58 op_context.input->type != op_context.output->type"
    _expect_same(node, input_, output, where)
    reason = "its permutation does not have one entry a dimension"
    message = differ("transpose.cc:65 NumDimensions(op_context.perm) != 1", order.rank, 1)
    node.expect(order.rank == 1, reason, message)
    message = differ("transpose.cc:66 op_context.perm->dims->data[0] != dims", order.dims[0], input_.rank)
    node.expect(order.dims[0] == input_.rank, reason, message)
    node.expect(
        all(0 <= axis < input_.rank for axis in node.constant(order)[: input_.rank]),
        "its permutation is out of range",
        says("transpose.cc", "Transpose op permutations array is out of bounds."),
    )


def _concatenation(node: Node) -> None:
    input_, output = node.input(0), node.output()
    activation = node.option("fused_activation_function")
    message = differ("concatenation.cc:132 params->activation != kTfLiteActNone", activation, 0)
    node.expect(activation == 0, "a fused activation is not supported", message)
    names = " || ".join(
        f"input_type == kTfLite{name}" for name in ("Float32", "Int8", "Int16", "Int32", "Int64", "Bool")
    )
    kinds = (T.FLOAT32, T.INT8, T.INT16, T.INT32, T.INT64, T.BOOL)
    node.expect_type(input_, kinds, not_true("concatenation.cc:133", names))
    where = "concatenation.cc:139 output_type != input_type"
    node.expect_same_type(output, input_, types_as_numbers_differ(where, output.type, input_.type))
    node.expect(
        node.inputs <= _MAX_CONCAT_INPUTS,
        f"it has {node.inputs} inputs; the library takes {_MAX_CONCAT_INPUTS} at most",
        not_true("concatenation.cc:143", "num_inputs <= kMaxInputNum"),
    )
    for position in range(node.inputs):
        operand = node.input(position)
        node.expect(
            operand.rank <= _MAX_SMALL_RANK,
            f"tensor {operand.index} has more than {_MAX_SMALL_RANK} dimensions",
            f"Op Concatenation does not currently support num dimensions > {_MAX_SMALL_RANK} Tensor has "
            f"{operand.rank} dimensions.",
        )
    node.output()
    if output.is_type(T.INT8):
        node.persist(4 * node.inputs)
        node.persist(4 * node.inputs)
        for position in range(node.inputs):
            node.input(position)


def _concatenation_libtf(node: Node) -> None:
    input_ = node.peek_input(0)
    node.expect(
        input_ is None or not input_.is_type(T.BOOL, T.INT16),
        "bool and int16 are not supported",
        "Op Concatenation does not currently support this type.",
    )
    if input_ is not None and input_.is_type(T.UINT8):
        for position in range(node.inputs):
            node.input(position)
        output = node.output()
        where = "concatenation.cc:139 output_type != input_type"
        node.expect_same_type(output, input_, types_as_numbers_differ(where, output.type, input_.type))
        node.expect(node.inputs <= _MAX_CONCAT_INPUTS, f"it has more than {_MAX_CONCAT_INPUTS} inputs")
        return
    _concatenation(node)


def _pad(node: Node) -> None:
    message = not_true("pad.cc:129", "NumInputs(node) == 2 || NumInputs(node) == 3")
    node.expect(node.inputs in (2, 3), f"it has {node.inputs} inputs instead of 2 or 3", message)
    node.expect_counts(None)
    input_, paddings = node.input(0), node.input(1)
    value = node.input(2) if node.inputs == 3 else None
    output = node.output()
    _expect_same_numbers(node, input_, output, "pad.cc:146 input->type != output->type")
    message = not_true("pad.cc:149", "NumDimensions(input) <= reference_ops::PadKernelMaxDimensionCount()")
    node.expect(input_.rank <= _MAX_PAD_RANK, f"its input has more than {_MAX_PAD_RANK} dimensions", message)
    if value is not None:
        _expect_same_numbers(node, input_, value, "pad.cc:153 input->type != constant_values->type")
        message = differ("pad.cc:155 NumElements(constant_values) != 1", value.elements, 1)
        node.expect(value.elements == 1, "its padding value is not a single number", message)
    where = "pad.cc:159 GetTensorShape(paddings).FlatSize() != output->dims->size * 2"
    message = differ(where, paddings.elements, 2 * output.rank)
    node.expect(paddings.elements == 2 * output.rank, "its paddings do not have two entries a dimension", message)
    node.expect(
        paddings.is_constant, "its paddings are not constant", not_true("pad.cc:165", "IsConstantTensor(paddings)")
    )
    amounts = node.constant(paddings)
    for axis, size in enumerate(output.dims):
        expected = dimension(node, input_, axis) + sum(amounts[2 * axis : 2 * axis + 2])
        message = differ("pad.cc:171 output_dim != expected_dim", size, expected)
        reason = f"output dimension {axis} is {size}, but input plus padding is {expected}"
        node.expect(size == expected, reason, message)
    if input_.is_type(T.INT8):
        _expect_padding_value(node, output, value)


def _expect_padding_value(node: Node, output: Operand, value: Operand | None) -> None:
    point = output.zero_point
    if value is None:
        reason = "its output's zero point is not an int8"
        limit = "std::numeric_limits<int8_t>::"
        node.expect(point >= -128, reason, not_true("pad.cc:195", f"output->params.zero_point >= {limit}min()"))
        node.expect(point <= 127, reason, not_true("pad.cc:197", f"output->params.zero_point <= {limit}max()"))
        return
    reason = "its padding value and its output differ in quantization"
    where = "pad.cc:202 output->params.zero_point != constant_values->params.zero_point"
    node.expect(point == value.zero_point, reason, differ(where, point, value.zero_point))
    node.expect(output.scale == value.scale, reason)


def _mirror_pad(node: Node) -> None:
    input_, paddings = node.input(0), node.input(1)
    node.output()
    reason = "its paddings do not have two entries a dimension"
    node.expect(
        paddings.rank == 2, reason, differ("mirror_pad.cc:181 NumDimensions(padding_matrix) != 2", paddings.rank, 2)
    )
    where = "mirror_pad.cc:182 SizeOfDimension(padding_matrix, 0) != NumDimensions(input_tensor)"
    node.expect(paddings.dims[0] == input_.rank, reason, differ(where, paddings.dims[0], input_.rank))
    node.scratch(4 * input_.rank)
    node.scratch(4 * input_.rank)


def _slice(node: Node) -> None:
    node.expect_counts(3)
    for position in range(3):
        node.input(position)
    node.output()


def _strided_slice(node: Node) -> None:
    node.expect_counts(4)
    input_, begin, end, strides = (node.input(position) for position in range(4))
    output = node.output()
    file = "strided_slice_common.cc"
    node.expect(input_.rank <= 4, "its input has more than 4 dimensions", says(file, "input dim should not exceed 4"))
    starts, stops, steps = (node.constant(operand, at_least=input_.rank) for operand in (begin, end, strides))
    kept = 0
    for axis, length in enumerate(input_.dims):
        node.expect(steps[axis] != 0, "a stride is 0", says(file, "stride value has to be non-zero"))
        size = _sliced(node, axis, length, (starts[axis], stops[axis], steps[axis]))
        if not node.option("shrink_axis_mask") >> axis & 1:
            stored = dimension(node, output, kept)
            message = differ(f"{file}:119 output_shape->data[shape_size] != dim_shape", stored, size)
            reason = f"its output dimension {kept} is {stored}, and the slice has {size}"
            node.expect(stored == size, reason, message)
            kept += 1
    message = differ(f"{file}:123 output_shape->size != shape_size", output.rank, kept)
    node.expect(output.rank == kept, f"its output has {output.rank} dimensions, and the slice has {kept}", message)


def _sliced(node: Node, axis: int, length: int, bounds: tuple[int, int, int]) -> int:
    """Elements a strided slice keeps of one axis; ``bounds`` are start, stop and stride."""
    start, stop, step = bounds
    if length == 0:
        return 0
    low, high = (0, length) if step > 0 else (-1, length - 1)
    start = (
        (low if step > 0 else high) if node.option("begin_mask") >> axis & 1 else start + (length if start < 0 else 0)
    )
    stop = (high if step > 0 else low) if node.option("end_mask") >> axis & 1 else stop + (length if stop < 0 else 0)
    start, stop = min(max(start, low), high), min(max(stop, low), high)
    return max(0, math.ceil((stop - start) / step))


def _split(node: Node) -> None:
    axis = node.input(0)
    node.expect(
        axis.is_constant, "its axis is not constant", says("split.cc", "Non constant axis tensor not supported")
    )


def _split_v(node: Node) -> None:
    node.expect_counts(3, None)
    axis = node.input(2)
    message = says("split_v.cc", "Non constant axis tensor not supported")
    node.expect(axis.is_constant, "its axis is not constant", message)


LIBTF = {
    "CONCATENATION": Rule(params="ie", data="(bpphii)", prepare=_concatenation_libtf),
    "PAD": Rule(data="(b4ib4ib)i", prepare=_pad),
    "PADV2": Rule(data="(b4ib4ib)i", prepare=_pad),
    "STRIDED_SLICE": Rule(params="5i", data="b5ib5ib5i5h", prepare=_strided_slice),
}
COMMON = {
    "RESHAPE": Rule(params="8ii", prepare=_reshape, parse=_parse_dims),
    "SQUEEZE": Rule(params="8ii", prepare=_squeeze, parse=_parse_dims),
    "EXPAND_DIMS": Rule(prepare=_expand_dims),
    "TRANSPOSE": Rule(prepare=_transpose),
    "CONCATENATION": Rule(params="ie", data="(bpphii)", prepare=_concatenation),
    "PAD": Rule(data="(b5ib5ib)i", prepare=_pad),
    "PADV2": Rule(data="(b5ib5ib)i", prepare=_pad),
    "MIRROR_PAD": Rule(params="e", data="5i", prepare=_mirror_pad),
    "SLICE": Rule(prepare=_slice),
    "STRIDED_SLICE": Rule(params="5ib", data="b5ib5ib5i5hb", prepare=_strided_slice),
    "SPLIT": Rule(params="i", prepare=_split),
    "SPLIT_V": Rule(params="i", prepare=_split_v),
    "PACK": Rule(params="ii"),
    "UNPACK": Rule(params="ii"),
}
