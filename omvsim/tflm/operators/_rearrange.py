"""Operators that gather, rearrange, resize and repeat data: GATHER, DEPTH_TO_SPACE, RESIZE_BILINEAR, BROADCAST_TO, …

Sources: tflite-micro a57349f0, ``micro/kernels/`` files named after each operator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.tflm._messages import (
    differ,
    library_name,
    library_number,
    not_true,
    says,
    type_name,
    types_as_numbers_differ,
    types_differ,
)
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, divide

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_MAX_BROADCAST_RANK = 5


def _expect_same(node: Node, one: Operand, other: Operand, where: str) -> None:
    node.expect_same_type(one, other, types_differ(where, one.type, other.type))


def _expect_same_numbers(node: Node, one: Operand, other: Operand, where: str) -> None:
    node.expect_same_type(one, other, types_as_numbers_differ(where, one.type, other.type))


def _expect_rank(node: Node, operand: Operand, rank: int, where: str) -> None:
    reason = f"tensor {operand.index} has {operand.rank} dimensions instead of {rank}"
    node.expect(operand.rank == rank, reason, differ(where, operand.rank, rank))


def _gather(node: Node) -> None:
    node.expect_counts(2)
    input_, positions, output = node.input(0), node.input(1), node.output()
    node.expect(
        positions.is_type(T.INT32),
        f"{type_name(positions.type)} positions are not supported",
        f"Positions of type '{library_name(positions.type)}' are not supported by gather.",
    )
    node.expect(
        input_.is_type(T.FLOAT32, T.INT8),
        f"{type_name(input_.type)} is not supported",
        f"Type '{library_name(input_.type)}' is not supported by gather.",
    )
    axis = node.option("axis") + (input_.rank if node.option("axis") < 0 else 0)
    message = not_true("gather.cc:147", "0 <= axis && axis < NumDimensions(input)")
    node.expect(0 <= axis < input_.rank, "its axis is out of range", message)
    batch = node.option("batch_dims") + (positions.rank if node.option("batch_dims") < 0 else 0)
    for line, text, fits in (
        (155, "batch_dims <= axis", batch <= axis),
        (156, "0 <= batch_dims && batch_dims < NumDimensions(input)", 0 <= batch < input_.rank),
        (157, "batch_dims <= NumDimensions(coords)", batch <= positions.rank),
    ):
        node.expect(fits, "its batch_dims are out of range", not_true(f"gather.cc:{line}", text))
    for one, other in zip(input_.dims[:batch], positions.dims[:batch], strict=True):
        message = differ("gather.cc:159 input->dims->data[i] != coords->dims->data[i]", one, other)
        node.expect(one == other, "its batch dimensions differ", message)
    node.persist_dims(output)
    output.dims = [*input_.dims[:axis], *positions.dims[batch:], *input_.dims[axis + 1 :]]


def _gather_nd(node: Node) -> None:
    node.expect_counts(2)
    values, indices, output = node.input(0), node.input(1), node.output()
    for operand, what, kinds in ((values, "Params", (T.FLOAT32, T.INT8)), (indices, "Indices", (T.INT32,))):
        node.expect(
            operand.is_type(*kinds),
            f"{type_name(operand.type)} {'values' if operand is values else 'indices'} are not supported",
            f"{what} of type '{library_name(operand.type)}' are not supported by gather_nd.",
        )
    node.expect(values.rank >= 1, "its values are a scalar", "Params must be at least a vector.")
    node.expect(indices.rank >= 1, "its indices are a scalar", "Indices must be at least a vector.")
    depth = indices.dims[-1]
    text = "Index innermost dimension length must be <= params rank."
    node.expect(depth <= values.rank, "its indices are longer than the values have dimensions", text)
    text = "Index innermost dimension length must not exceed 5."
    node.expect(depth <= 5, "its indices have more than 5 entries", text)
    node.persist_dims(output)
    output.dims = [*indices.dims[:-1], *values.dims[depth:]]


def _block_rearrangement(node: Node, file: str, line: int) -> tuple[Operand, Operand, int]:
    """What both directions check first; ``line`` of the check of the type."""
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    _expect_rank(node, input_, 4, f"{file}:{line - 3} NumDimensions(input) != 4")
    node.expect(
        output.is_type(T.FLOAT32, T.INT8),
        f"{type_name(output.type)} is not supported (only float32 and int8 are)",
        not_true(f"{file}:{line}", "data_type == kTfLiteFloat32 || data_type == kTfLiteInt8"),
    )
    _expect_same(node, input_, output, f"{file}:{line + 2} input->type != output->type")
    return input_, output, node.option("block_size")


def _depth_to_space(node: Node) -> None:
    input_, output, block = _block_rearrangement(node, "depth_to_space.cc", 56)
    node.expect(block > 0, "its block size is not positive", not_true("depth_to_space.cc:61", "block_size > 0"))
    batch, height, width, channels = input_.dims
    kept = channels // (block * block)
    message = differ(
        "depth_to_space.cc:71 input_channels != output_channels * block_size * block_size",
        channels,
        kept * block * block,
    )
    whole = kept * block * block == channels
    node.expect(whole, f"its {channels} channels are not a multiple of the block's size", message)
    node.persist_dims(output)
    _rewrite(node, output, [batch, height * block, width * block, kept])


def _space_to_depth(node: Node) -> None:
    input_, output, block = _block_rearrangement(node, "space_to_depth.cc", 55)
    batch, height, width, channels = input_.dims
    reason = f"its image of {height}x{width} is not a multiple of the block size {block}"
    for size, name, line in ((height, "height", 65), (width, "width", 66)):
        whole = divide(size, block) * block
        message = differ(f"space_to_depth.cc:{line} input_{name} != output_{name} * block_size", size, whole)
        node.expect(size == whole, reason, message)
    if block == 0:
        node.crash("its block size is 0 and its image is empty")
    node.persist_dims(output)
    _rewrite(node, output, [batch, height // block, width // block, channels * block * block])


def _rewrite(node: Node, output: Operand, dims: list[int]) -> None:
    """Both write four dimensions into the output's shape, however many it has."""
    if output.rank < len(dims):
        node.crash(f"output tensor {output.index} has {output.rank} dimensions, and the kernel writes {len(dims)}")
    output.dims[: len(dims)] = dims


def _batch_space(node: Node) -> None:
    """BATCH_TO_SPACE_ND, SPACE_TO_BATCH_ND."""
    to_space = node.operator.name == "BATCH_TO_SPACE_ND"
    file, line = ("batch_to_space_nd.cc", 53) if to_space else ("space_to_batch_nd.cc", 60)
    node.expect_counts(3)
    input_, output = node.input(0), node.output()
    for limit, wrong in ((">= kInputOutputMinDimensionNum", (0, 1, 2)), ("<= kInputOutputMaxDimensionNum", None)):
        for operand, name in ((input_, "input"), (output, "output")):
            reason = f"tensor {operand.index} has {operand.rank} dimensions instead of 3 or 4"
            fits = operand.rank <= 4 if wrong is None else operand.rank not in wrong
            node.expect(fits, reason, not_true(f"{file}:{line}", f"NumDimensions({name}) {limit}"))
            line += 1
    _expect_same(node, input_, output, f"{file}:{line} input->type != output->type")


def _resize(node: Node) -> None:
    bilinear = node.operator.name == "RESIZE_BILINEAR"
    file, line = ("resize_bilinear.cc", 46) if bilinear else ("resize_nearest_neighbor.cc", 50)
    node.expect_counts(2)
    input_, size = node.input(0), node.input(1)
    node.output()
    _expect_rank(node, input_, 4, f"{file}:{line} NumDimensions(input) != 4")
    _expect_rank(node, size, 1, f"{file}:{line + 1} NumDimensions(size) != 1")
    line += 3 if bilinear else 2
    message = types_as_numbers_differ(f"{file}:{line} size->type != kTfLiteInt32", size.type, T.INT32)
    node.expect_type(size, (T.INT32,), message)
    if not bilinear:
        message = differ(f"{file}:53 size->dims->data[0] != 2", size.dims[0], 2)
        node.expect(size.dims[0] == 2, "its size does not have two entries", message)
        text = "Dynamic tensors are unsupported in tfmicro."
        node.expect(size.is_constant, "its size is not constant", text)
        return
    text = says(file, "Non constant size tensor not supported")
    node.expect(size.is_constant, "its size is not constant", text)
    both = node.option("half_pixel_centers") and node.option("align_corners")
    text = "If half_pixel_centers is True, align_corners must be False."
    node.expect(not both, "half_pixel_centers and align_corners are both set", text)


def _broadcast_args(node: Node) -> None:
    node.expect_counts(2)
    one, other, output = node.input(0), node.input(1), node.output()
    file = "broadcast_args.cc"
    message = not_true(f"{file}:43", "shape1->type == kTfLiteInt32 || shape1->type == kTfLiteInt64")
    node.expect_type(one, (T.INT32, T.INT64), message)
    _expect_same_numbers(node, one, other, f"{file}:45 shape1->type != shape2->type")
    _expect_same_numbers(node, one, output, f"{file}:46 shape1->type != output->type")
    for operand, name, line in ((one, "shape1", 49), (other, "shape2", 50), (output, "output", 53)):
        _expect_rank(node, operand, 1, f"{file}:{line} NumDimensions({name}) != 1")


def _broadcast_to(node: Node) -> None:
    node.expect_counts(2)
    input_, shape, output = node.input(0), node.input(1), node.output()
    file = "broadcast_to.cc"
    limit = says(file, f"BroadcastTo only supports 1-{_MAX_BROADCAST_RANK}D tensor.")
    node.expect(input_.rank <= _MAX_BROADCAST_RANK, "its input has more than 5 dimensions", limit)
    message = not_true(f"{file}:90", "shape->type == kTfLiteInt32 || shape->type == kTfLiteInt64")
    node.expect_type(shape, (T.INT32, T.INT64), message)
    _expect_same_numbers(node, input_, output, f"{file}:92 input->type != output->type")
    _expect_rank(node, shape, 1, f"{file}:37 NumDimensions(shape) != 1")
    node.expect(
        output.rank == shape.dims[0],
        "its output does not have the requested number of dimensions",
        says(file, "Output must match with the expected shape dimension."),
    )
    text = says(file, "Output shape must be broadcastable from input shape.")
    node.expect(input_.rank <= output.rank, "its input has more dimensions than its output", text)
    node.expect(output.rank <= _MAX_BROADCAST_RANK, "its output has more than 5 dimensions", limit)
    wanted = list(node.constant(shape, typed=True, at_least=output.rank))[: output.rank]
    fits = all(size in (1, want) for size, want in zip(input_.dims, wanted[output.rank - input_.rank :], strict=True))
    node.expect(fits, "its input does not broadcast to the requested shape", text)
    message = not_true(f"{file}:71", "output_shape.Dims(idx) == get_shape_data(idx)")
    node.expect(output.dims == wanted, "its output does not have the requested shape", message)


_FILL_DIMENSIONS = (T.INT8, T.INT16, T.INT32, T.INT64)


def _fill(node: Node) -> None:
    dims, value, output = node.input(0), node.input(1), node.output()
    reason = "its value is not a scalar"
    node.expect(value.rank == 0, reason, differ("fill.cc:82 NumDimensions(value) != 0", value.rank, 0))
    _expect_same_numbers(node, value, output, "fill.cc:85 value->type != output->type")
    if not dims.is_constant:
        return
    reason = "its output does not have the requested dimensions"
    node.expect(dims.rank == 1, reason, differ("fill.cc:43 NumDimensions(tensor) != 1", dims.rank, 1))
    message = differ("fill.cc:45 array->size != tensor_len", output.rank, dims.dims[0])
    node.expect(dims.dims[0] == output.rank, reason, message)
    text = f"cannot compare int array to tensor of type {library_number(dims.type)}."
    node.expect_type(dims, _FILL_DIMENSIONS, text)
    wanted = node.constant(dims, typed=True, at_least=output.rank)
    for stored, want in zip(output.dims, wanted, strict=False):
        message = differ("fill.cc:34 array->data[i] != GetTensorData<T>(tensor)[i]", stored, want)
        node.expect(stored == want, "its output does not have that shape", message)


def _shape(node: Node) -> None:
    node.expect_counts(1)


COMMON = {
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
