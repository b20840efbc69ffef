"""What Eval takes: activations, (de)quantization, element by element, comparisons.

Sources: tflite-micro a57349f0, ``micro/kernels/``: files as in ``_activation.py`` and ``_arithmetic.py``, and
``cmsis_nn/mul.cc``, ``neg.cc``, ``floor.cc``, ``logical_common.cc``, ``arg_min_max.cc``.
"""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING

from omvsim.tflm._messages import library_name, types_differ
from omvsim.tflm.operators._eval import (
    Check,
    T,
    broadcast_shape,
    elementwise,
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

_FLOAT = (T.FLOAT32,)
_FLOAT_INT8 = (T.FLOAT32, T.INT8)
_INT8_INT16 = (T.INT8, T.INT16)
_FLOAT_INT8_INT16 = (T.FLOAT32, *_INT8_INT16)
_DIVIDED = (T.FLOAT32, T.INT32, T.INT8)
_ANY = "Type {name} ({number}) not supported."
_NUMBERS = (T.FLOAT32, T.INT32, T.INT64, T.INT8)
_ADDRESS = "Only float32 and uint8_t are supported currently, got "
"""The library prints the address of the type's name as a number behind it."""


def _unary(kinds: tuple[T, ...], text: str) -> Check:
    return every(input_type(kinds, text), sized, one_to_one)


_PAIRS: dict[str, dict[T | int, tuple[T, ...]]] = {
    "LOGISTIC": {T.FLOAT32: _FLOAT, T.INT16: (T.INT16,), T.INT8: (T.INT8,)},
    "TANH": {kind: tuple(T) for kind in _FLOAT_INT8_INT16},
    "QUANTIZE": {
        T.FLOAT32: (T.INT8, T.INT16),
        T.INT32: (T.INT8, T.INT16),
        T.INT16: (T.INT8, T.INT16, T.INT32),
        T.INT8: (T.INT8, T.UINT8, T.INT16, T.INT32),
        T.UINT8: (T.INT8,),
    },
}
"""Output types by input type."""


def _pair(node: Invocation) -> None:
    input_, output = node.input(0), node.output()
    known = _PAIRS[node.operator.name]
    if output.type not in known.get(input_.type, ()):
        text = f"Input {library_name(input_.type)}, output {library_name(output.type)} not supported."
        refuse_type(node, output if input_.type in known else input_, text)


def _elementwise_type(expected: T) -> Check:
    def check(node: Invocation) -> None:
        input_ = node.input(0)
        if input_.type != expected:
            where = "elementwise.cc:201 input->type != expected_type"
            refuse_type(node, input_, types_differ(where, input_.type, expected))

    return every(check, sized, one_to_one)


def _floor(node: Invocation) -> None:
    input_ = node.input(0)
    if input_.type != T.FLOAT32:
        refuse_type(node, input_, types_differ("floor.cc:32 input->type != kTfLiteFloat32", input_.type, T.FLOAT32))


def _divisor(node: Invocation) -> None:
    """A constant zero among the divisors; computed ones are not known."""
    divisor = node.input(1)
    data = node.model.constant(divisor.tensor)
    if 0.0 in unpack_from(f"<{len(data) // 4}f", data):
        node.fail("one of its constant divisors is 0", "Division by 0", "divide by something that is not 0")


def _add_n(node: Invocation) -> None:
    for operand in node.all_inputs():
        room(node, node.output(), operand.elements)


def _arg(node: Invocation) -> None:
    input_, axis, output = node.input(0), node.input(1), node.output()
    for operand in (axis, output):
        if operand.type != T.INT32:
            remedy = "for ARG_MAX from tf.argmax: tf.argmax(…, output_type=tf.int32)"
            kind = library_name(operand.type)
            node.fail(
                f"it allocates, but its {'axis' if operand is axis else 'output'} must be int32, not {kind.lower()}",
                f"Only int32_t are supported currently, got {kind}.",
                remedy,
            )
    if input_.type not in _FLOAT_INT8:
        text = "Only float32, uint8_t and int8_t are supported currently, got {name}."
        refuse_type(node, input_, message(text, input_.type))
    sized(node)
    value = node.constant(axis)
    if value is None:
        return
    position = value[0] + (input_.rank if value[0] < 0 else 0)
    if not 0 <= position < input_.rank:
        node.crash(f"its axis {value[0]} is none of its input's {input_.rank} dimensions")
    room(node, output, input_.elements // max(input_.dims[position], 1))


def _cumsum(node: Invocation) -> None:
    input_, value = node.input(0), node.constant(node.input(1))
    if value is None:
        return
    axis = value[0] + (input_.rank if value[0] < 0 else 0)
    if not 0 <= axis < input_.rank:
        node.fail(f"its axis {value[0]} is out of range", f"CUMSUM Invalid axis: {axis}")


def _select(node: Invocation) -> None:
    condition, one, other, output = node.input(0), node.input(1), node.input(2), node.output()
    if condition.dims == one.dims == other.dims:
        room(node, output, condition.elements)
    elif any(operand.elements != 1 for operand in (condition, one, other, output)):
        limited(node, 5, condition, one, other, output)


def _prelu(node: Invocation) -> None:
    one, other, output = node.input(0), node.input(1), node.output()
    joined = broadcast_shape(one, other)
    wanted = None if joined is None else [1] * (output.rank - len(joined)) + joined
    if wanted != output.dims:
        node.crash(f"its output's shape {output.dims} is not that of its input and its slopes together")
    limited(node, 4, one, other, output)


def _comparison(kinds: tuple[T, ...]) -> Check:
    return every(input_type(kinds, _ANY), sized, elementwise(broadcast_rank=4))


def _floor_of_quotient(name: str, *more: Check) -> Check:
    text = f"Type '{{name}}' is not supported by {name}."
    return every(input_type(_FLOAT, text), sized, *more, elementwise(broadcast_rank=4))


_MAXIMUM = every(
    output_type(_NUMBERS, "Type {name} ({number}) is not supported by Maximum/Minimum."),
    sized,
    elementwise(broadcast_rank=5, counted=_NUMBERS),
)
_SQUARED = "SquaredDifference only supports FLOAT32, INT32 , INT16 and INT8 now, got {number}."
_DIV = "DIV only supports FLOAT32, INT32, quantized INT8 now, got type {name} ({number})."
_LOGICAL = every(sized, elementwise(broadcast_rank=4))
_ARITHMETIC = (T.FLOAT32, T.INT8, T.INT16, T.INT32)
_EQUALITY = _comparison((T.BOOL, *_NUMBERS))
_ORDER = _comparison(_NUMBERS)
_SQUARE_TYPES = (T.FLOAT32, T.INT32, T.INT8, T.INT16)
_ZEROS = "ZerosLike only currently supports int64, int32, and float32, got {number}."
_SELECT = "Does not support type other than int8|int16|float32, but got {name}"
_PASS = every(sized, one_to_one)

EVAL: dict[str, Check] = {
    "RELU": _unary(_FLOAT_INT8, "Only float32 is supported currently, got {name}"),
    "RELU6": _unary(_FLOAT_INT8, "Only float32 is supported currently, got {name}"),
    "ELU": _unary(_FLOAT_INT8, "ELU only supports float32 and int8 currently, got {name}."),
    "LEAKY_RELU": _unary(_FLOAT_INT8_INT16, "Only float32, int8 are supported by LEAKY_RELU, got {name}."),
    "HARD_SWISH": _unary(_FLOAT_INT8, "Unsupported type {name}"),
    "LOG_SOFTMAX": _unary(_FLOAT_INT8, "LOG_SOFTMAX only supports float32, int8, got {name}."),
    "PRELU": every(input_type(_FLOAT_INT8, _ADDRESS), sized, _prelu),
    "LOGISTIC": every(_pair, _PASS),
    "TANH": every(_pair, _PASS),
    "QUANTIZE": every(_pair, _PASS),
    "DEQUANTIZE": _PASS,
    "SOFTMAX": _PASS,
    "L2_NORMALIZATION": _PASS,
    "ADD": every(sized, elementwise(padded=_INT8_INT16, counted=_ARITHMETIC)),
    "SUB": every(
        output_type(_FLOAT_INT8_INT16, _ANY), sized, elementwise(padded=_INT8_INT16, counted=_FLOAT_INT8_INT16)
    ),
    "MUL": every(input_type(_ARITHMETIC, _ANY), sized, elementwise(padded=_ARITHMETIC, counted=_INT8_INT16)),
    "DIV": every(output_type(_DIVIDED, _DIV), sized, elementwise(broadcast_rank=5, padded=_DIVIDED, counted=_DIVIDED)),
    "SQUARED_DIFFERENCE": every(output_type(_SQUARE_TYPES, _SQUARED), sized, elementwise(broadcast_rank=4)),
    "FLOOR_DIV": _floor_of_quotient("FLOOR_DIV", _divisor),
    "FLOOR_MOD": _floor_of_quotient("FLOOR_MOD"),
    "MAXIMUM": _MAXIMUM,
    "MINIMUM": _MAXIMUM,
    "ADD_N": every(sized, _add_n),
    "EQUAL": _EQUALITY,
    "NOT_EQUAL": _EQUALITY,
    "GREATER": _ORDER,
    "GREATER_EQUAL": _ORDER,
    "LESS": _ORDER,
    "LESS_EQUAL": _ORDER,
    "ABS": _unary(_FLOAT_INT8_INT16, "Current data type {name} is not supported."),
    "RSQRT": _unary(_FLOAT_INT8_INT16, "Current data type {name} is not supported."),
    **dict.fromkeys(("SIN", "COS", "LOG", "SQRT", "SQUARE"), _elementwise_type(T.FLOAT32)),
    "LOGICAL_NOT": _elementwise_type(T.BOOL),
    "LOGICAL_AND": _LOGICAL,
    "LOGICAL_OR": _LOGICAL,
    **dict.fromkeys(("CEIL", "EXP", "ROUND"), sized),
    "NEG": _unary(_FLOAT, _ANY),
    "FLOOR": every(_floor, _PASS),
    # CAST reports a type it cannot read or write, and returns success.
    "CAST": _PASS,
    "ZEROS_LIKE": _unary(_NUMBERS, _ZEROS),
    "CUMSUM": every(sized, _cumsum),
    "SELECT_V2": every(input_type(_FLOAT_INT8_INT16, _SELECT, position=1), sized, _select),
    "ARG_MAX": _arg,
    "ARG_MIN": _arg,
}
