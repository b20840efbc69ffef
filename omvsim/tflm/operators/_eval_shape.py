"""What Eval takes: operators that move, cut, join, gather, resize or repeat data.

Sources: tflite-micro a57349f0, ``micro/kernels/`` files named after each operator.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.tflm._messages import differ, named, not_true
from omvsim.tflm.operators._eval import (
    Check,
    T,
    every,
    input_type,
    limited,
    message,
    one_to_one,
    output_type,
    refuse_type,
    room,
    sized,
)

if TYPE_CHECKING:
    from omvsim.tflm._invoke import Invocation
    from omvsim.tflm._node import Operand

_FLOAT_INT8 = (T.FLOAT32, T.INT8)
_NO_INT64 = (T.FLOAT32, T.INT8, T.INT16, T.INT32)
_NO_INT16 = (T.FLOAT32, T.INT8, T.INT32)
_ANY = "Type {name} ({number}) not supported."
_PASS = every(sized, one_to_one)


def _squeeze(node: Invocation) -> None:
    input_, output = node.input(0), node.output()
    if input_.bytes != output.bytes:
        where = "squeeze.cc:107 input_byte_size != output_byte_size"
        text = differ(where, input_.bytes, output.bytes)
        node.fail(f"its input has {input_.bytes} bytes and its output {output.bytes}", text)


def _mirror_pad(node: Invocation) -> None:
    output = node.output()
    if output.type not in _FLOAT_INT8:
        index = node.operator.index
        refuse_type(node, output, f"Node MIRROR_PAD (number {index}) failed to invoke with status 1")


def _slice(node: Invocation) -> None:
    input_, begin, output = node.input(0), node.input(1), node.output()
    if begin.type not in (T.INT32, T.INT64):
        refuse_type(node, begin, f"Begin tensor type {named(input_.type)} not supported.")
    if input_.type not in (*_NO_INT64, T.BOOL):
        refuse_type(node, input_, message("Input tensor type {name} ({number}) not supported.", input_.type))
    sized(node)
    limited(node, 5, input_)
    if begin.type == T.INT32:
        _expect_slice(node, input_, output)


def _expect_slice(node: Invocation, input_: Operand, output: Operand) -> None:
    starts, sizes = (node.constant(node.input(position), at_least=input_.rank) for position in (1, 2))
    if starts is None or sizes is None:
        return
    kept = [
        max(0, length - start if size == -1 else size)
        for length, start, size in zip(input_.dims, starts, sizes, strict=False)
    ]
    room(node, output, math.prod(kept))


def _axis_of(node: Invocation, position: int, rank: int) -> int | None:
    """SPLIT and SPLIT_V: the axis, from a constant."""
    value = node.constant(node.input(position))
    return None if value is None else value[0] + (rank if value[0] < 0 else 0)


def _split(axis_input: int, data_input: int, file: str, line: int) -> Check:
    def check(node: Invocation) -> None:
        input_ = node.input(data_input)
        axis = _axis_of(node, axis_input, input_.rank)
        if axis is not None and axis < 0:
            node.fail(f"its axis {axis} is out of range", not_true(f"{file}:{line}", "axis_value >= 0"))
        if axis is not None and axis >= input_.rank:
            text = not_true(f"{file}:{line + 1}", "axis_value < input->dims->size")
            node.fail(f"its axis {axis} is out of range", text)
        if input_.type not in _NO_INT64:
            refuse_type(node, input_, message("Type {name} currently not supported.", input_.type))
        if axis is None:
            return
        rest = input_.elements // max(input_.dims[axis], 1)
        for position in range(node.outputs):
            output = node.output(position)
            if axis >= output.rank:
                node.crash(f"its output tensor {output.index} has no dimension {axis}")
            room(node, output, output.dims[axis] * rest)

    return check


def _pack(node: Invocation) -> None:
    output, count = node.output(), node.option("values_count")
    axis = node.option("axis") + (output.rank if node.option("axis") < 0 else 0)
    if not 0 <= axis < output.rank:
        node.crash(f"its axis {axis} is none of its output's {output.rank} dimensions")
    for position in range(count):
        node.input(position)
    room(node, output, output.elements // max(output.dims[axis], 1) * count)


def _unpack(node: Invocation) -> None:
    input_ = node.input(0)
    axis = node.option("axis") + (input_.rank if node.option("axis") < 0 else 0)
    if not 0 <= axis < input_.rank:
        node.crash(f"its axis {axis} is none of its input's {input_.rank} dimensions")
    for position in range(node.option("num")):
        room(node, node.output(position), input_.elements // max(input_.dims[axis], 1))


def _concatenation(node: Invocation) -> None:
    room(node, node.output(), sum(operand.elements for operand in node.all_inputs()))


def _gather(node: Invocation) -> None:
    input_, positions = node.input(0), node.input(1)
    values = node.constant(positions)
    axis = node.option("axis") + (input_.rank if node.option("axis") < 0 else 0)
    if values is not None and not all(0 <= value < input_.dims[axis] for value in values[: positions.elements]):
        node.crash(f"one of its constant positions is not below {input_.dims[axis]}, and it reads outside its input")


def _gather_nd(node: Invocation) -> None:
    values, indices = node.input(0), node.input(1)
    constant = node.constant(indices)
    depth = indices.dims[-1]
    if constant is None or depth <= 0:
        return
    strides = [math.prod(values.dims[axis + 1 :]) for axis in range(depth)]
    last = values.elements - math.prod(values.dims[depth:])
    for start in range(0, min(len(constant), indices.elements) - depth + 1, depth):
        position = sum(index * stride for index, stride in zip(constant[start : start + depth], strides, strict=True))
        if not 0 <= position <= last:
            node.fail("one of its constant indices is out of bounds", "gather_nd index out of bounds")


def _embedding(node: Invocation) -> None:
    lookup, value = node.input(0), node.input(1)
    rows, constant = value.dims[0], node.constant(lookup)
    for index in constant[: lookup.dims[0]] if constant is not None and rows else ():
        if not 0 <= index < rows:
            text = f"EMBEDDING_LOOKUP: index out of bounds. Got {index}, and bounds are [0, {rows - 1}]"
            node.fail(f"its constant index {index} is not below {rows}", text)


def _resize(node: Invocation) -> None:
    input_, output = node.input(0), node.output()
    size = node.constant(node.input(1), at_least=2)
    limited(node, 4, output)
    padded = [1] * (4 - output.rank) + output.dims
    if size is not None:
        batch, channels = min(input_.dims[0], padded[0]), min(input_.dims[3], padded[3])
        room(node, output, batch * size[0] * size[1] * channels)


def _shape(node: Invocation) -> None:
    output = node.output()
    if output.type != T.INT32:
        refuse_type(node, output, message("Output type {name} ({number}) not supported.", output.type))
    room(node, output, node.input(0).rank)


def _fill(node: Invocation) -> None:
    value = node.input(1)
    if value.type not in _NO_INT16:
        # The library prints the address of the type's name as a number behind it.
        refuse_type(node, value, "Fill only currently supports float32 for input 1, got ")


def _broadcast_args(node: Invocation) -> None:
    one, other = (node.constant(node.input(position)) for position in (0, 1))
    if one is None or other is None:
        return
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b and 1 not in (a, b):
            node.hang(f"its shapes do not broadcast ({a} and {b}): the library aborts", "give it shapes that do")


_TRANSPOSE = "Type {name} is currently not supported by Transpose. Only float32 and int8 is supported"
_EXPAND = "Expand_Dims only currently supports int8, int16 and float32, got {number}."
_NEAREST = "Output tensor type {name} ({number}) not supported."
_PAD = every(input_type(_NO_INT64, "Type {name} not currently supported by Pad."), sized)
_BATCH_SPACE = every(input_type(_FLOAT_INT8, _ANY), sized)

_BLOCKS = every(sized, lambda node: limited(node, 4, node.output()), one_to_one)
"""Prepare has made sure of an input of four dimensions and an output of four or more."""

EVAL: dict[str, Check] = {
    "RESHAPE": _PASS,
    "SQUEEZE": _squeeze,
    "EXPAND_DIMS": every(input_type((T.FLOAT32, T.INT16, T.INT8), _EXPAND), sized),
    "TRANSPOSE": every(input_type(_FLOAT_INT8, _TRANSPOSE), sized, one_to_one),
    "CONCATENATION": every(sized, _concatenation),
    "PAD": _PAD,
    "PADV2": _PAD,
    "MIRROR_PAD": every(_mirror_pad, sized),
    "SLICE": _slice,
    "STRIDED_SLICE": every(output_type((*_NO_INT64, T.BOOL), _ANY), sized),
    "SPLIT": every(sized, _split(0, 1, "split.cc", 94)),
    "SPLIT_V": every(sized, _split(2, 0, "split_v.cc", 97)),
    "PACK": every(output_type((*_NO_INT16, T.INT64), "Type '{name}' is not supported by pack."), sized, _pack),
    "UNPACK": every(input_type(_NO_INT16, "Type '{name}' is not supported by unpack."), sized, _unpack),
    "GATHER": every(sized, _gather),
    "GATHER_ND": every(sized, _gather_nd),
    "DEPTH_TO_SPACE": _BLOCKS,
    "SPACE_TO_DEPTH": _BLOCKS,
    "BATCH_TO_SPACE_ND": _BATCH_SPACE,
    "SPACE_TO_BATCH_ND": _BATCH_SPACE,
    "RESIZE_BILINEAR": every(
        output_type(_FLOAT_INT8, "Output type is {number}, requires float or int8."), sized, _resize
    ),
    "RESIZE_NEAREST_NEIGHBOR": every(output_type((T.FLOAT32, T.INT8, T.INT16), _NEAREST), sized, _resize),
    "BROADCAST_ARGS": _broadcast_args,
    "BROADCAST_TO": sized,
    "FILL": every(_fill, sized),
    "SHAPE": _shape,
    "EMBEDDING_LOOKUP": every(sized, _embedding),
}
