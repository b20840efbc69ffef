"""Operators that move or reshape data: RESHAPE, CONCATENATION, PAD, STRIDED_SLICE, GATHER, …

Sources: tflite-micro a57349f0, ``micro/kernels/`` files named after each operator.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.tflm._node import type_name
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, dimension, divide

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_MAX_CONCAT_INPUTS = 10
_MAX_SMALL_RANK = 5
_MAX_OPTION_DIMS = 8


def _parse_dims(node: Node) -> None:
    for name in ("new_shape", "squeeze_dims"):
        node.expect(
            len(node.option(name, ())) <= _MAX_OPTION_DIMS,
            f"its options name more than {_MAX_OPTION_DIMS} dimensions",
            f"Found too many dimensions in the input array of operation '{node.operator.name.lower()}'.",
        )


def _reshape(node: Node) -> None:
    node.expect(node.inputs in (1, 2), f"it has {node.inputs} inputs instead of 1 or 2")
    node.expect_counts(None)
    input_, output = node.input(0), node.output()
    if node.inputs == 1 and output.dims == [0]:
        output.dims = []  # an old way to write a scalar
    free = [axis for axis, size in enumerate(output.dims) if size == -1]
    node.expect(len(free) <= 1, "its output shape has more than one -1")
    if free:
        node.persist_dims(output)
        output.dims[free[0]] = divide(input_.elements, math.prod(size for size in output.dims if size != -1))
    node.expect_same_type(input_, output)
    node.expect(
        input_.elements == output.elements,
        f"its input has {input_.elements} elements and its output {output.elements}",
    )


def _squeeze(node: Node) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(input_.rank <= _MAX_OPTION_DIMS, f"its input has more than {_MAX_OPTION_DIMS} dimensions")
    axes = [axis + input_.rank if axis < 0 else axis for axis in node.option("squeeze_dims", ())]
    for axis in axes:
        node.expect(0 <= axis < input_.rank and input_.dims[axis] == 1, f"dimension {axis} of its input is not 1")
    kept = [size for axis, size in enumerate(input_.dims) if (axis not in axes if axes else size != 1)]
    if any(out < size for out, size in zip(output.dims, kept, strict=False)) or output.rank < len(kept):
        node.unknown("its output is smaller than the squeezed input: the library aborts and the camera hangs")


def _first(node: Node, operand: Operand) -> int:
    values = node.constant(operand)
    if not values:
        node.unknown(f"tensor {operand.index} holds less than one int32")
    return values[0]


def _expand_dims(node: Node) -> None:
    node.expect_counts(2)
    input_, axis, output = node.input(0), node.input(1), node.output()
    node.expect(axis.rank <= 1, "its axis is not a single number", "Axis has only one element for Expand_Dims.")
    node.expect_type(axis, (T.INT32,))
    position = _first(node, axis)
    position += input_.rank + 1 if position < 0 else 0
    node.expect(position <= input_.rank, "its axis is out of range")
    node.expect(output.rank == input_.rank + 1, "its output does not have one dimension more than its input")
    node.expect(
        output.dims == [*input_.dims[:position], 1, *input_.dims[position:]], "its output shape does not fit its input"
    )


def _transpose(node: Node) -> None:
    node.expect_counts(2)
    input_, order, output = node.input(0), node.input(1), node.output()
    node.expect(
        input_.rank <= 5, "its input has more than 5 dimensions", "Transpose op only supports 1D-5D input arrays."
    )
    node.expect_same_type(input_, output)
    node.expect(order.rank == 1 and order.dims[0] == input_.rank, "its permutation does not have one entry a dimension")
    node.expect(
        all(0 <= axis < input_.rank for axis in node.constant(order)[: input_.rank]),
        "its permutation is out of range",
        "Transpose op permutations array is out of bounds.",
    )


def _concatenation(node: Node) -> None:
    input_, output = node.input(0), node.output()
    node.expect(node.option("fused_activation_function") == 0, "a fused activation is not supported")
    node.expect_type(input_, (T.FLOAT32, T.INT8, T.INT16, T.INT32, T.INT64, T.BOOL))
    node.expect_same_type(output, input_)
    node.expect(
        node.inputs <= _MAX_CONCAT_INPUTS,
        f"it has {node.inputs} inputs; the library takes {_MAX_CONCAT_INPUTS} at most",
    )
    for position in range(node.inputs):
        operand = node.input(position)
        node.expect(
            operand.rank <= _MAX_SMALL_RANK,
            f"tensor {operand.index} has more than {_MAX_SMALL_RANK} dimensions",
            f"Op Concatenation does not currently support num dimensions > {_MAX_SMALL_RANK}",
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
    _concatenation(node)


def _pad(node: Node) -> None:
    node.expect(node.inputs in (2, 3), f"it has {node.inputs} inputs instead of 2 or 3")
    node.expect_counts(None)
    input_, paddings = node.input(0), node.input(1)
    value = node.input(2) if node.inputs == 3 else None
    output = node.output()
    node.expect_same_type(input_, output)
    node.expect(input_.rank <= _MAX_SMALL_RANK, f"its input has more than {_MAX_SMALL_RANK} dimensions")
    if value is not None:
        node.expect_same_type(input_, value)
        node.expect(value.elements == 1, "its padding value is not a single number")
    node.expect(paddings.elements == 2 * output.rank, "its paddings do not have two entries a dimension")
    node.expect(paddings.is_constant, "its paddings are not constant")
    amounts = node.constant(paddings)
    for axis, size in enumerate(output.dims):
        expected = dimension(node, input_, axis) + sum(amounts[2 * axis : 2 * axis + 2])
        node.expect(size == expected, f"output dimension {axis} is {size}, but input plus padding is {expected}")
    if input_.is_type(T.INT8):
        if value is None:
            node.expect(-128 <= output.zero_point <= 127, "its output's zero point is not an int8")
        else:
            same = (output.zero_point, output.scale) == (value.zero_point, value.scale)
            node.expect(same, "its padding value and its output differ in quantization")


def _mirror_pad(node: Node) -> None:
    input_, paddings = node.input(0), node.input(1)
    node.output()
    node.expect(
        paddings.rank == 2 and paddings.dims[0] == input_.rank, "its paddings do not have two entries a dimension"
    )
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
    node.expect(input_.rank <= 4, "its input has more than 4 dimensions", "input dim should not exceed 4")
    starts, stops, steps = (node.constant(operand) for operand in (begin, end, strides))
    if min(len(starts), len(stops), len(steps)) < input_.rank:
        node.unknown("begin, end or strides have fewer entries than the input has dimensions")
    sizes: list[int] = []
    for axis, length in enumerate(input_.dims):
        node.expect(steps[axis] != 0, "a stride is 0", "stride value has to be non-zero")
        size = _sliced(node, axis, length, (starts[axis], stops[axis], steps[axis]))
        if not node.option("shrink_axis_mask") >> axis & 1:
            sizes.append(size)
    node.expect(output.dims == sizes, f"its output shape {output.dims} is not the slice's shape {sizes}")


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
    node.expect(axis.is_constant, "its axis is not constant", "Non constant axis tensor not supported")


def _split_v(node: Node) -> None:
    node.expect_counts(3, None)
    axis = node.input(2)
    node.expect(axis.is_constant, "its axis is not constant", "Non constant axis tensor not supported")


def _gather(node: Node) -> None:
    node.expect_counts(2)
    input_, positions, output = node.input(0), node.input(1), node.output()
    name = type_name(positions.type)
    node.expect(
        positions.is_type(T.INT32),
        f"{name} positions are not supported",
        f"Positions of type '{name.upper()}' are not supported by gather.",
    )
    name = type_name(input_.type)
    node.expect(
        input_.is_type(T.FLOAT32, T.INT8),
        f"{name} is not supported",
        f"Type '{name.upper()}' is not supported by gather.",
    )
    axis = node.option("axis") + (input_.rank if node.option("axis") < 0 else 0)
    node.expect(0 <= axis < input_.rank, "its axis is out of range")
    batch = node.option("batch_dims") + (positions.rank if node.option("batch_dims") < 0 else 0)
    node.expect(0 <= batch <= axis and batch <= positions.rank, "its batch_dims are out of range")
    node.expect(input_.dims[:batch] == positions.dims[:batch], "its batch dimensions differ")
    node.persist_dims(output)
    output.dims = [*input_.dims[:axis], *positions.dims[batch:], *input_.dims[axis + 1 :]]


def _gather_nd(node: Node) -> None:
    node.expect_counts(2)
    values, indices, output = node.input(0), node.input(1), node.output()
    name = type_name(values.type)
    node.expect(
        values.is_type(T.FLOAT32, T.INT8),
        f"{name} is not supported",
        f"Params of type '{name.upper()}' are not supported by gather_nd.",
    )
    node.expect(indices.is_type(T.INT32), f"{type_name(indices.type)} indices are not supported")
    node.expect(values.rank >= 1, "its values are a scalar", "Params must be at least a vector.")
    node.expect(indices.rank >= 1, "its indices are a scalar", "Indices must be at least a vector.")
    depth = indices.dims[-1]
    node.expect(depth <= values.rank, "its indices are longer than the values have dimensions")
    node.expect(depth <= 5, "its indices have more than 5 entries")
    node.persist_dims(output)
    output.dims = [*indices.dims[:-1], *values.dims[depth:]]


def _block_rearrangement(node: Node) -> tuple[Operand, Operand, int]:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect(input_.rank == 4, f"its input has {input_.rank} dimensions instead of 4")
    node.expect(
        output.is_type(T.FLOAT32, T.INT8),
        f"{type_name(output.type)} is not supported (only float32 and int8 are)",
        "data_type == kTfLiteFloat32 || data_type == kTfLiteInt8 was not true.",
    )
    node.expect_same_type(input_, output)
    return input_, output, node.option("block_size")


def _depth_to_space(node: Node) -> None:
    input_, output, block = _block_rearrangement(node)
    node.expect(block > 0, "its block size is not positive")
    batch, height, width, channels = input_.dims
    node.expect(channels % (block * block) == 0, f"its {channels} channels are not a multiple of the block's size")
    node.persist_dims(output)
    output.dims = [batch, height * block, width * block, channels // (block * block)]


def _space_to_depth(node: Node) -> None:
    input_, output, block = _block_rearrangement(node)
    batch, height, width, channels = input_.dims
    fits = block != 0 and height % block == 0 and width % block == 0
    node.expect(fits, f"its image of {height}x{width} is not a multiple of the block size {block}")
    node.persist_dims(output)
    output.dims = [batch, height // block, width // block, channels * block * block]


def _batch_space(node: Node) -> None:
    """BATCH_TO_SPACE_ND, SPACE_TO_BATCH_ND."""
    node.expect_counts(3)
    input_, output = node.input(0), node.output()
    for operand in (input_, output):
        node.expect(3 <= operand.rank <= 4, f"tensor {operand.index} has {operand.rank} dimensions instead of 3 or 4")
    node.expect_same_type(input_, output)


def _resize(node: Node) -> None:
    node.expect_counts(2)
    input_, size = node.input(0), node.input(1)
    node.output()
    node.expect(input_.rank == 4, f"its input has {input_.rank} dimensions instead of 4")
    node.expect(size.rank == 1, "its size is not a vector")
    node.expect_type(size, (T.INT32,))
    if node.operator.name == "RESIZE_NEAREST_NEIGHBOR":
        node.expect(size.dims[0] == 2, "its size does not have two entries")
    node.expect(size.is_constant, "its size is not constant", "Non constant size tensor not supported")
    if node.operator.name == "RESIZE_BILINEAR":
        both = node.option("half_pixel_centers") and node.option("align_corners")
        text = "If half_pixel_centers is True, align_corners must be False."
        node.expect(not both, "half_pixel_centers and align_corners are both set", text)


def _broadcast_args(node: Node) -> None:
    node.expect_counts(2)
    one, other, output = node.input(0), node.input(1), node.output()
    node.expect_type(one, (T.INT32, T.INT64))
    node.expect_same_type(one, other)
    node.expect_same_type(one, output)
    for operand in (one, other, output):
        node.expect(operand.rank == 1, f"tensor {operand.index} is not a vector")


def _broadcast_to(node: Node) -> None:
    node.expect_counts(2)
    input_, shape, output = node.input(0), node.input(1), node.output()
    limit = "BroadcastTo only supports 1-5D tensor."
    node.expect(input_.rank <= 5, "its input has more than 5 dimensions", limit)
    node.expect_type(shape, (T.INT32, T.INT64))
    node.expect_same_type(input_, output)
    node.expect(shape.rank == 1, "its shape is not a vector")
    text = "Output shape must be broadcastable from input shape."
    node.expect(
        output.rank == shape.dims[0],
        "its output does not have the requested number of dimensions",
        "Output must match with the expected shape dimension.",
    )
    node.expect(input_.rank <= output.rank, "its input has more dimensions than its output", text)
    node.expect(output.rank <= 5, "its output has more than 5 dimensions", limit)
    wanted = list(node.constant(shape, typed=True))[: output.rank]
    fits = all(size in (1, want) for size, want in zip(input_.dims, wanted[output.rank - input_.rank :], strict=False))
    node.expect(fits, "its input does not broadcast to the requested shape", text)
    node.expect(output.dims == wanted, "its output does not have the requested shape")


def _fill(node: Node) -> None:
    dims, value, output = node.input(0), node.input(1), node.output()
    node.expect(value.rank == 0, "its value is not a scalar")
    node.expect_same_type(value, output)
    if dims.is_constant:
        node.expect(dims.rank == 1 and dims.dims[0] == output.rank, "its output does not have the requested dimensions")
        node.expect_type(dims, (T.INT8, T.INT16, T.INT32, T.INT64))
        node.expect(list(node.constant(dims, typed=True)) == output.dims, "its output does not have that shape")


def _shape(node: Node) -> None:
    node.expect_counts(1)


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
    "GATHER": Rule(params="ii", prepare=_gather),
    "GATHER_ND": Rule(prepare=_gather_nd),
    "DEPTH_TO_SPACE": Rule(params="i", prepare=_depth_to_space),
    "SPACE_TO_DEPTH": Rule(params="i", prepare=_space_to_depth),
    "BATCH_TO_SPACE_ND": Rule(prepare=_batch_space),
    "SPACE_TO_BATCH_ND": Rule(data="i", prepare=_batch_space),
    "RESIZE_BILINEAR": Rule(params="bb", prepare=_resize),
    "RESIZE_NEAREST_NEIGHBOR": Rule(params="bb", prepare=_resize),
    "BROADCAST_ARGS": Rule(prepare=_broadcast_args),
    "BROADCAST_TO": Rule(prepare=_broadcast_to),
    "FILL": Rule(prepare=_fill),
    "SHAPE": Rule(params="e", prepare=_shape),
}
