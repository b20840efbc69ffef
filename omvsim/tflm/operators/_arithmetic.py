"""Element by element on two tensors (ADD, SUB, MUL, comparisons, …) and on one (ABS, EXP, ROUND, …).

Sources: tflite-micro a57349f0, ``micro/kernels/``: ``cmsis_nn/add.cc``, ``{sub,mul}_common.cc``, ``div.cc``,
``add_n.cc``, ``comparisons.cc``, ``elementwise.cc``, ``exp.cc``, ``ceil.cc``, ``round.cc``, ``squared_difference.cc``,
``floor_div.cc``, ``floor_mod.cc``, ``maximum_minimum.cc``, ``cumsum.cc``, ``zeros_like.cc``,
``cast.cc``, ``select.cc``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from omvsim.tflm._messages import (
    differ,
    library_name,
    not_true,
    says,
    type_name,
    types_as_numbers_differ,
    types_differ,
)
from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import (
    HYBRID,
    INPUT_TYPE,
    T,
    expect_activation_range,
    expect_below_one,
    ratio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.tflm._node import Node, Operand

RESCALE = "b12i"
_ARITHMETIC_PARAMS = "(b14iddhh5i)"
_SHARED_SHIFT = 20
"""``kAddNIntegerShift`` and ``kCumSumIntegerShift``."""


def _take_binary(node: Node) -> tuple[Operand, Operand, Operand]:
    return node.input(0), node.input(1), node.output()


def _expect_same(node: Node, one: Operand, other: Operand, where: str) -> None:
    node.expect_same_type(one, other, types_differ(where, one.type, other.type))


def _expect_rescale(node: Node, one: Operand, other: Operand, output: Operand) -> None:
    """Both inputs are rescaled to twice the larger scale, then to the output's (ADD, SUB)."""
    twice = 2 * max(one.scale, other.scale)
    shift = 15 if output.is_type(T.INT16) else 20
    expect_below_one(node, ratio(one.scale, twice))
    expect_below_one(node, ratio(other.scale, twice))
    expect_below_one(node, ratio(twice, 2**shift * output.scale))
    expect_activation_range(node, output, node.option("fused_activation_function"))


def _expect_plain_int32(node: Node, operands: tuple[Operand, Operand], output: Operand, where: tuple[str, int]) -> None:
    """int32 without quantization only; ``where``: the kernel's file and the line of the first check."""
    if output.is_type(T.INT32):
        for number, operand in enumerate(operands, 1):
            place = f"{where[0]}:{where[1] + 2 * number - 2} input{number}"
            message = differ(f"{place}->quantization.type != kTfLiteNoQuantization", 1, 0)
            node.expect(not operand.quantized, "int32 is supported for tensors without quantization only", message)


def _expect_symmetric(node: Node, first_line: int, *operands: Operand, prefix: str) -> None:
    """Three int16 operands without zero point, checked in consecutive lines of a file."""
    names = ("input1", "input2", "output")
    file, _, expression = prefix.partition(" ")
    node.expect_no_zero_point(
        *(
            (operand, f"{file}:{first_line + number} {expression.format(name)} != 0")
            for number, (operand, name) in enumerate(zip(operands, names, strict=True))
        )
    )


def add(node: Node) -> None:
    one, other, output = _take_binary(node)
    file = "cmsis_nn/add.cc"
    where = f"{file}:304 input1->type != output->type"
    node.expect_same_type(one, output, types_as_numbers_differ(where, one.type, output.type))
    supported = one.is_type(T.FLOAT32, T.INT32, T.INT16, T.INT8)
    node.expect(supported, f"{type_name(one.type)} is not supported", says(file, INPUT_TYPE))
    node.expect_same_type(one, other, says(file, HYBRID))
    if one.is_type(T.INT16):
        _expect_symmetric(node, 314, one, other, output, prefix=f"{file} {{}}->params.zero_point")
    if output.is_type(T.INT8, T.INT16):
        _expect_rescale(node, one, other, output)
    _expect_plain_int32(node, (one, other), output, (file, 327))


def _sub(node: Node) -> None:
    one, other, output = _take_binary(node)
    if output.is_type(T.INT8, T.INT16):
        _expect_rescale(node, one, other, output)


def _mul(node: Node) -> None:
    one, other, output = _take_binary(node)
    node.expect_counts(2)
    _expect_same(node, one, other, "mul_common.cc:55 input1->type != input2->type")
    if output.is_type(T.INT8, T.INT16):
        expect_activation_range(node, output, node.option("fused_activation_function"))
        if one.is_type(T.INT16):
            _expect_symmetric(node, 73, one, other, output, prefix="mul_common.cc data->{}_zero_point")


def _div(node: Node) -> None:
    one, other, output = _take_binary(node)
    _expect_same(node, one, other, "div.cc:49 input1->type != input2->type")
    _expect_same(node, one, output, "div.cc:50 input1->type != output->type")
    if output.is_type(T.INT8):
        expect_activation_range(node, output, node.option("fused_activation_function"))
    _expect_plain_int32(node, (one, other), output, ("div.cc", 96))


def _add_n(node: Node) -> None:
    node.expect(node.inputs >= 2, "it has fewer than 2 inputs", not_true("add_n.cc:51", "num_inputs >= 2"))
    node.expect_counts(None)
    first, output = node.input(0), node.output()
    _expect_same(node, output, first, "add_n.cc:63 output->type != input_tensor_first->type")
    for position in range(1, node.inputs):
        other = node.input(position)
        message = not_true("add_n.cc:67", "HaveSameShapes(input_tensor_first, input)")
        node.expect(other.dims == first.dims, "its inputs differ in shape", message)
        _expect_same(node, first, other, "add_n.cc:68 input_tensor_first->type != input->type")
        if first.is_type(T.INT8):
            _expect_add_n_quantization(node, first, other)
    node.expect(
        output.is_type(T.FLOAT32, T.INT8),
        f"{type_name(output.type)} is not supported",
        f"ADD_N only supports FLOAT32 and INT8, got {library_name(output.type)}.",
    )
    if output.is_type(T.INT8):
        node.persist_struct("10i")
    node.scratch(node.abi.pointer * node.inputs)
    if output.is_type(T.INT8):
        _expect_shared_rescale(node, first, output)


def _expect_add_n_quantization(node: Node, first: Operand, other: Operand) -> None:
    for line, name, same in (
        (72, "zero_point", first.zero_point == other.zero_point),
        (74, "scale", first.scale == other.scale),
    ):
        message = not_true(f"add_n.cc:{line}", f"input_tensor_first->params.{name} == input->params.{name}")
        node.expect(same, "its int8 inputs differ in quantization", message)


def _expect_shared_rescale(node: Node, input_: Operand, output: Operand) -> None:
    """One scale for all inputs (ADD_N, CUMSUM), to twice itself and then to the output's."""
    expect_below_one(node, ratio(input_.scale, 2 * input_.scale))
    expect_below_one(node, ratio(2 * input_.scale, 2**_SHARED_SHIFT * output.scale))


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
    file = "squared_difference.cc"
    _expect_same(node, one, other, f"{file}:106 input1->type != input2->type")
    operands = {"input1": one, "input2": other, "output": output}
    for number, (name, operand) in enumerate(operands.items()):
        point = f"{name}_quantization_params.zero_point"
        if one.is_type(T.INT8):
            reason = f"zero point of tensor {operand.index} is not an int8"
            line = 115 + 4 * number
            message = not_true(f"{file}:{line}", f"{point} >= integer_type_min")
            node.expect(operand.zero_point >= -128, reason, message)
            message = not_true(f"{file}:{line + 2}", f"{point} <= integer_type_max")
            node.expect(operand.zero_point <= 127, reason, message)
        elif one.is_type(T.INT16):
            reason = f"int16 tensor {operand.index} has zero point {operand.zero_point}, not 0"
            node.expect(operand.zero_point == 0, reason, not_true(f"{file}:{136 + number}", f"{point} == 0"))
    if one.is_type(T.INT8, T.INT16):
        twice = 2 * max(one.scale, other.scale)
        expect_below_one(node, ratio(one.scale, twice))
        expect_below_one(node, ratio(other.scale, twice))


def _same_types(node: Node, where: tuple[str, int]) -> None:
    """FLOOR_DIV, FLOOR_MOD; ``where``: file and the line of the first check."""
    node.expect_counts(2)
    one, other, output = _take_binary(node)
    file, line = where
    _expect_same(node, one, other, f"{file}:{line} input1->type != input2->type")
    _expect_same(node, one, output, f"{file}:{line + 1} input1->type != output->type")


def _unary(node: Node, line: int = 89) -> tuple[Operand, Operand]:
    """Any type but the one numbered 0: ``elementwise.cc`` casts the type to its check instead of calling it."""
    node.expect_counts(1)
    input_, output = node.input(0), node.output()
    _expect_same(node, input_, output, f"elementwise.cc:{line} input->type != output->type")
    return input_, output


def _elementwise(node: Node) -> None:
    _unary(node)


def _abs_rsqrt(node: Node) -> None:
    input_, output = _unary(node, 111)
    if not (input_.is_type(T.INT8) or (input_.is_type(T.INT16) and input_.quantized)):
        return
    for operand, name, line in ((input_, "input", 130), (output, "output", 132)):
        message = differ(f"elementwise.cc:{line} {name}->quantization.type != kTfLiteAffineQuantization", 0, 1)
        node.expect(operand.quantized, "its int8 or int16 tensors have no quantization parameters", message)
    if input_.is_type(T.INT16):
        node.expect_no_zero_point(
            (input_, "elementwise.cc:149 op_data->input_offset != 0"),
            (output, "elementwise.cc:150 op_data->output_offset != 0"),
        )


def _same_shape_float(node: Node, where: tuple[str, int]) -> None:
    """CEIL, EXP, ROUND: float only, output exactly like the input; ``where``: file and line of the first type check."""
    file, line = where
    input_, output = node.input(0), node.output()
    node.expect_counts(1)
    message = types_differ(f"{file}:{line} input->type != kTfLiteFloat32", input_.type, T.FLOAT32)
    node.expect_type(input_, (T.FLOAT32,), message)
    _expect_same(node, output, input_, f"{file}:{line + 1} output->type != input->type")
    message = differ(f"{file}:{line + 2} output->bytes != input->bytes", output.bytes, input_.bytes)
    node.expect(output.bytes == input_.bytes, "input and output differ in size", message)
    message = differ(f"{file}:{line + 3} output->dims->size != input->dims->size", output.rank, input_.rank)
    node.expect(output.rank == input_.rank, "input and output differ in shape", message)
    for one, other in zip(output.dims, input_.dims, strict=True):
        message = differ(f"{file}:{line + 5} output->dims->data[i] != input->dims->data[i]", one, other)
        node.expect(one == other, "input and output differ in shape", message)


def _one_to_one(node: Node) -> None:
    """CAST, ZEROS_LIKE: any type."""
    node.expect_counts(1)
    node.input(0)
    node.output()


def _cumsum(node: Node) -> None:
    node.expect_counts(2)
    input_, axis = node.input(0), node.input(1)
    message = not_true("cumsum.cc:58", "input->type == kTfLiteFloat32 || input->type == kTfLiteInt8")
    node.expect_type(input_, (T.FLOAT32, T.INT8), message)
    message = types_as_numbers_differ("cumsum.cc:60 axis->type != kTfLiteInt32", axis.type, T.INT32)
    node.expect_type(axis, (T.INT32,), message)
    message = differ("cumsum.cc:62 NumElements(axis) != 1", axis.elements, 1)
    node.expect(axis.elements == 1, "its axis is not a single number", message)
    node.expect(input_.rank >= 1, "its input is a scalar", not_true("cumsum.cc:64", "NumDimensions(input) >= 1"))
    output = node.output()
    where = "cumsum.cc:69 input->type != output->type"
    node.expect_same_type(input_, output, types_as_numbers_differ(where, input_.type, output.type))
    message = not_true("cumsum.cc:70", "HaveSameShapes(input, output)")
    node.expect(input_.dims == output.dims, "input and output differ in shape", message)
    if output.is_type(T.INT8):
        node.persist_struct("9i")
        _expect_shared_rescale(node, input_, output)


def _select(node: Node) -> None:
    node.expect_counts(3)
    condition, one, other = (node.unchecked_input(position) for position in range(3))
    output = node.unchecked_output()
    message = types_differ("select.cc:95 input_condition->type != kTfLiteBool", condition.type, T.BOOL)
    node.expect_type(condition, (T.BOOL,), message)
    _expect_same(node, one, other, "select.cc:96 input_x->type != input_y->type")
    all_single = all(operand.elements == 1 for operand in (condition, one, other, output))
    if condition.dims == one.dims == other.dims or all_single:
        return
    rank = max(condition.rank, one.rank, other.rank)
    wrong = "its output does not have the broadcast shape"
    message = differ("select.cc:55 out_dims != output_shape->size", rank, output.rank)
    node.expect(rank == output.rank, wrong, message)
    shapes = [[1] * (rank - operand.rank) + operand.dims for operand in (condition, one, other)]
    for axis in reversed(range(rank)):
        sizes = [shape[axis] for shape in shapes]
        size = 0 if min(sizes) == 0 else max(sizes)
        broadcast = all(value in (1, size) for value in sizes)
        node.expect(broadcast, f"sizes {sizes} do not broadcast", "Given shapes are not broadcastable.")
        where = "select.cc:70 output_shape->data[out_dims - i - 1] != max_value"
        node.expect(output.dims[axis] == size, wrong, differ(where, output.dims[axis], size))


_COMPARISON = Rule(data="(7ib)", prepare=_comparison)
_ELEMENTWISE = Rule(prepare=_elementwise)
_NOTHING = Rule()

COMMON = {
    "SUB": Rule(params="eb", data=RESCALE, prepare=_sub),
    "DIV": Rule(params="e", data="7i", prepare=_div),
    "ADD_N": Rule(prepare=_add_n),
    "MUL": Rule(params="e", data="9i", prepare=_mul),
    "SQUARED_DIFFERENCE": Rule(data=f"b{_ARITHMETIC_PARAMS}", prepare=_squared_difference),
    "FLOOR_DIV": Rule(prepare=partial(_same_types, where=("floor_div.cc", 50))),
    "FLOOR_MOD": Rule(prepare=partial(_same_types, where=("floor_mod.cc", 55))),
    "EQUAL": _COMPARISON,
    "NOT_EQUAL": _COMPARISON,
    "GREATER": _COMPARISON,
    "GREATER_EQUAL": _COMPARISON,
    "LESS": _COMPARISON,
    "LESS_EQUAL": _COMPARISON,
    "ABS": Rule(data="4ibee", prepare=_abs_rsqrt),
    "RSQRT": Rule(data="4ibee", prepare=_abs_rsqrt),
    "SIN": _ELEMENTWISE,
    "COS": _ELEMENTWISE,
    "LOG": _ELEMENTWISE,
    "SQRT": _ELEMENTWISE,
    "SQUARE": _ELEMENTWISE,
    "LOGICAL_NOT": _ELEMENTWISE,
    "CEIL": Rule(prepare=partial(_same_shape_float, where=("ceil.cc", 41))),
    "EXP": Rule(prepare=partial(_same_shape_float, where=("exp.cc", 41))),
    "ROUND": Rule(prepare=partial(_same_shape_float, where=("round.cc", 40))),
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


def _with_uint8(node: Node, rule: Callable[[Node], None]) -> None:
    """ADD, SUB and the comparisons of that library take uint8 as they take int8."""
    output = node.peek_output(0)
    first = node.peek_input(0)
    if output is None or first is None or not first.is_type(T.UINT8):
        rule(node)
        return
    one, other = node.input(0), node.input(1)
    if output.is_type(T.UINT8):
        _expect_rescale(node, one, other, node.output())
    else:
        expect_below_one(node, one.scale)
        expect_below_one(node, other.scale)


def _complex(node: Node) -> None:
    node.unknown("what it takes from the arena was not measured")


_COMPARISON_LIBTF = Rule(data="(7ib)", prepare=partial(_with_uint8, rule=_comparison))
LIBTF = {
    "ADD": Rule(params="eb", data=f"{RESCALE}2i", prepare=partial(_with_uint8, rule=add)),
    "SUB": Rule(params="eb", data=RESCALE, prepare=partial(_with_uint8, rule=_sub)),
    **dict.fromkeys(("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL"), _COMPARISON_LIBTF),
    "ADD_N": Rule(prepare=_add_n_libtf),
    "EXP": _ELEMENTWISE,
    "COMPLEX_ABS": Rule(prepare=_complex),
    "REAL": Rule(prepare=_complex),
    "IMAG": Rule(prepare=_complex),
}
CMSIS_NN = {"ADD": Rule(params="eb", data=f"{RESCALE}2i", prepare=add)}
