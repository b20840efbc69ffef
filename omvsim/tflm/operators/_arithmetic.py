"""Element by element on two tensors (ADD, SUB, MUL, comparisons, …) and on one (ABS, EXP, ROUND, …).

Sources: tflite-micro a57349f0, ``micro/kernels/``: ``cmsis_nn/add.cc``, ``{sub,mul}_common.cc``, ``div.cc``,
``add_n.cc``, ``comparisons.cc``, ``elementwise.cc``, ``exp.cc``, ``ceil.cc``, ``round.cc``, ``squared_difference.cc``,
``floor_div.cc``, ``floor_mod.cc``, ``maximum_minimum.cc``, ``cumsum.cc``, ``zeros_like.cc``,
``cast.cc``, ``select.cc``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from omvsim.tflm._node import type_name
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import INPUT_TYPE, T, expect_activation_range, expect_below_one, ratio

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

RESCALE = "b12i"
_ARITHMETIC_PARAMS = "(b14iddhh5i)"


def _take_binary(node: Node) -> tuple[Operand, Operand, Operand]:
    return node.input(0), node.input(1), node.output()


def _expect_rescale(node: Node, one: Operand, other: Operand, output: Operand) -> None:
    """Both inputs are rescaled to twice the larger scale, then to the output's (ADD, SUB)."""
    twice = 2 * max(one.scale, other.scale)
    shift = 15 if output.is_type(T.INT16) else 20
    expect_below_one(node, ratio(one.scale, twice))
    expect_below_one(node, ratio(other.scale, twice))
    expect_below_one(node, ratio(twice, 2**shift * output.scale))
    expect_activation_range(node, output, node.option("fused_activation_function"))


def _expect_plain_int32(node: Node, one: Operand, other: Operand, output: Operand) -> None:
    if output.is_type(T.INT32):
        node.expect(
            not one.quantized and not other.quantized, "int32 is supported for tensors without quantization only"
        )


def add(node: Node) -> None:
    one, other, output = _take_binary(node)
    node.expect_same_type(one, output)
    node.expect(one.is_type(T.FLOAT32, T.INT32, T.INT16, T.INT8), f"{type_name(one.type)} is not supported", INPUT_TYPE)
    node.expect_same_type(one, other)
    if one.is_type(T.INT16):
        node.expect_no_zero_point(one, other, output)
    if output.is_type(T.INT8, T.INT16):
        _expect_rescale(node, one, other, output)
    _expect_plain_int32(node, one, other, output)


def _sub(node: Node) -> None:
    one, other, output = _take_binary(node)
    if output.is_type(T.INT8, T.INT16):
        _expect_rescale(node, one, other, output)


def _mul(node: Node) -> None:
    one, other, output = _take_binary(node)
    node.expect_counts(2)
    node.expect_same_type(one, other)
    if output.is_type(T.INT8, T.INT16):
        expect_activation_range(node, output, node.option("fused_activation_function"))
        if one.is_type(T.INT16):
            node.expect_no_zero_point(one, other, output)


def _div(node: Node) -> None:
    one, other, output = _take_binary(node)
    node.expect_same_type(one, other)
    node.expect_same_type(one, output)
    if output.is_type(T.INT8):
        expect_activation_range(node, output, node.option("fused_activation_function"))
    _expect_plain_int32(node, one, other, output)


def _add_n(node: Node) -> None:
    node.expect(node.inputs >= 2, "it has fewer than 2 inputs")
    node.expect_counts(None)
    first, output = node.input(0), node.output()
    node.expect_same_type(output, first)
    for position in range(1, node.inputs):
        other = node.input(position)
        node.expect(other.dims == first.dims, "its inputs differ in shape")
        node.expect_same_type(first, other)
        if first.is_type(T.INT8):
            same = (first.zero_point, first.scale) == (other.zero_point, other.scale)
            node.expect(same, "its int8 inputs differ in quantization")
    node.expect(
        output.is_type(T.FLOAT32, T.INT8),
        f"{type_name(output.type)} is not supported",
        f"ADD_N only supports FLOAT32 and INT8, got {type_name(output.type).upper()}.",
    )
    if output.is_type(T.INT8):
        node.persist_struct("10i")
    node.scratch(node.abi.pointer * node.inputs)


def _add_n_libtf(node: Node) -> None:
    output = node.peek_output(0)
    node.expect(
        output is None or output.is_type(T.FLOAT32), "only float32 is supported", "ADD_N only supports FLOAT32."
    )
    _add_n(node)


def _comparison(node: Node) -> None:
    one, other = node.input(0), node.input(1)
    if one.is_type(T.INT8):
        expect_below_one(node, one.scale)
        expect_below_one(node, other.scale)


def _squared_difference(node: Node) -> None:
    node.expect_counts(2)
    one, other, output = _take_binary(node)
    node.expect_same_type(one, other)
    if one.is_type(T.INT8):
        for operand in (one, other, output):
            node.expect(-128 <= operand.zero_point <= 127, f"zero point of tensor {operand.index} is not an int8")
    elif one.is_type(T.INT16):
        node.expect_no_zero_point(one, other, output)
    if one.is_type(T.INT8, T.INT16):
        twice = 2 * max(one.scale, other.scale)
        expect_below_one(node, ratio(one.scale, twice))
        expect_below_one(node, ratio(other.scale, twice))


def _same_types(node: Node) -> None:
    node.expect_counts(2)
    one, other, output = _take_binary(node)
    node.expect_same_type(one, other)
    node.expect_same_type(one, output)


def _unary(node: Node, kinds: tuple[T, ...]) -> None:
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    node.expect_same_type(input_, output)
    node.expect(input_.is_type(*kinds), f"{type_name(input_.type)} is not supported")


def _abs_rsqrt(node: Node, kinds: tuple[T, ...]) -> None:
    _unary(node, kinds)
    input_, output = (node.peek_input(0), node.peek_output(0))
    if (
        input_ is None
        or output is None
        or not (input_.is_type(T.INT8) or (input_.is_type(T.INT16) and input_.quantized))
    ):
        return
    node.expect(input_.quantized and output.quantized, "its int8 tensors have no quantization parameters")
    if input_.is_type(T.INT16):
        node.expect_no_zero_point(input_, output)


def _same_shape_float(node: Node) -> None:
    """CEIL, EXP, ROUND: float only, output exactly like the input."""
    input_, output = node.input(0), node.output()
    node.expect_counts(1)
    node.expect_type(input_, (T.FLOAT32,))
    node.expect_same_type(output, input_)
    node.expect(output.dims == input_.dims, "input and output differ in shape")


def _one_to_one(node: Node) -> None:
    """CAST, ZEROS_LIKE: any type."""
    node.expect_counts(1)
    node.input(0)
    node.output()


def _cumsum(node: Node) -> None:
    node.expect_counts(2)
    input_, axis = node.input(0), node.input(1)
    node.expect_type(input_, (T.FLOAT32, T.INT8))
    node.expect_type(axis, (T.INT32,))
    node.expect(axis.elements == 1, "its axis is not a single number")
    node.expect(input_.rank >= 1, "its input is a scalar")
    output = node.output()
    node.expect_same_type(input_, output)
    node.expect(input_.dims == output.dims, "input and output differ in shape")
    if output.is_type(T.INT8):
        node.persist_struct("9i")


def _select(node: Node) -> None:
    node.expect_counts(3)
    condition, one, other, output = node.input(0), node.input(1), node.input(2), node.output()
    node.expect_type(condition, (T.BOOL,))
    node.expect_same_type(one, other)
    all_single = all(operand.elements == 1 for operand in (condition, one, other, output))
    if condition.dims == one.dims == other.dims or all_single:
        return
    rank = max(condition.rank, one.rank, other.rank)
    node.expect(rank == output.rank, "its output does not have the broadcast shape")
    shapes = [[1] * (rank - operand.rank) + operand.dims for operand in (condition, one, other)]
    for axis, sizes in enumerate(zip(*shapes, strict=True)):
        size = 0 if min(sizes) == 0 else max(sizes)
        broadcast = all(value in (1, size) for value in sizes)
        node.expect(broadcast, f"sizes {sizes} do not broadcast", "Given shapes are not broadcastable.")
        node.expect(output.dims[axis] == size, "its output does not have the broadcast shape")


_FLOAT = (T.FLOAT32,)
_COMPARISON = Rule(data="(7ib)", prepare=_comparison)
_FLOAT_UNARY = Rule(prepare=partial(_unary, kinds=_FLOAT))
_NOTHING = Rule()

COMMON = {
    "SUB": Rule(params="eb", data=RESCALE, prepare=_sub),
    "DIV": Rule(params="e", data="7i", prepare=_div),
    "ADD_N": Rule(prepare=_add_n),
    "MUL": Rule(params="e", data="9i", prepare=_mul),
    "SQUARED_DIFFERENCE": Rule(data=f"b{_ARITHMETIC_PARAMS}", prepare=_squared_difference),
    "FLOOR_DIV": Rule(prepare=_same_types),
    "FLOOR_MOD": Rule(prepare=_same_types),
    "EQUAL": _COMPARISON,
    "NOT_EQUAL": _COMPARISON,
    "GREATER": _COMPARISON,
    "GREATER_EQUAL": _COMPARISON,
    "LESS": _COMPARISON,
    "LESS_EQUAL": _COMPARISON,
    "ABS": Rule(data="4ibee", prepare=partial(_abs_rsqrt, kinds=(T.FLOAT32, T.INT8, T.INT16))),
    "RSQRT": Rule(data="4ibee", prepare=partial(_abs_rsqrt, kinds=(T.FLOAT32, T.INT8))),
    "SIN": _FLOAT_UNARY,
    "COS": _FLOAT_UNARY,
    "LOG": _FLOAT_UNARY,
    "SQRT": _FLOAT_UNARY,
    "SQUARE": _FLOAT_UNARY,
    "LOGICAL_NOT": Rule(prepare=partial(_unary, kinds=(T.BOOL,))),
    "CEIL": Rule(prepare=_same_shape_float),
    "EXP": Rule(prepare=_same_shape_float),
    "ROUND": Rule(prepare=_same_shape_float),
    "CAST": Rule(params="ee", prepare=_one_to_one),
    "ZEROS_LIKE": Rule(prepare=_one_to_one),
    "CUMSUM": Rule(params="bb", prepare=_cumsum),
    "SELECT_V2": Rule(data="b", prepare=_select),
    # These kernels have no Prepare: a type they cannot handle shows only when the model runs.
    "MAXIMUM": _NOTHING,
    "MINIMUM": _NOTHING,
    "NEG": _NOTHING,
    "FLOOR": _NOTHING,
    "LOGICAL_AND": _NOTHING,
    "LOGICAL_OR": _NOTHING,
    "ARG_MAX": Rule(params="e"),
    "ARG_MIN": Rule(params="e"),
}
LIBTF = {"ADD_N": Rule(prepare=_add_n_libtf)}
CMSIS_NN = {"ADD": Rule(params="eb", data=f"{RESCALE}2i", prepare=add)}
