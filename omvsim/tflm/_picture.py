"""What the ``tf`` module (OpenMV up to 4.5.5) takes as a model: one picture in, one tensor out.

Source: openmv/tensorflow-lib 9f20a69, ``libtf.cc``, ``libtf_get_parameters``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.tflm._events import Refusal, RefusedError
from omvsim.tflm._messages import type_name

if TYPE_CHECKING:
    from omvsim.tflm._node import Operand

_TYPES = (TensorType.UINT8, TensorType.INT8, TensorType.FLOAT32)
_CHANNELS = (1, 3)


def check_picture_interface(inputs: list[Operand], outputs: list[Operand]) -> None:
    """Refuse a model whose first input is no picture or whose first output is no vector or picture."""
    _check_input(inputs)
    _check_output(outputs)


def _check_input(inputs: list[Operand]) -> None:
    if not inputs:
        _refuse("it has no input", "")
    first = inputs[0]
    _expect_type(first, "Input")
    shapes = "Input dimensions should be [h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]!"
    if first.rank not in (2, 3, 4):
        _refuse(f"its input has {first.rank} dimensions instead of 2 to 4", shapes)
    if first.rank == 4 and first.dims[0] != 1:
        _refuse(f"its input is a batch of {first.dims[0]}", "Input dimension [n] should be 1!")
    if first.rank > 2 and first.dims[-1] not in _CHANNELS:
        _refuse(f"its input has {first.dims[-1]} channels instead of 1 or 3", "Input dimension [c] should be 1 or 3!")


def _check_output(outputs: list[Operand]) -> None:
    if not outputs:
        _refuse("it has no output", "")
    first = outputs[0]
    _expect_type(first, "Output")
    if first.rank not in (1, 2, 3, 4):
        shapes = "Output dimensions should be [c], [n==1][c], [h][w][c], or [n==1][h][w][c]!"
        _refuse(f"its output has {first.rank} dimensions instead of 1 to 4", shapes)
    if first.rank in (2, 4) and first.dims[0] != 1:
        _refuse(f"its output is a batch of {first.dims[0]}", "Output dimension [n] should be 1!")


def _expect_type(operand: Operand, which: str) -> None:
    if operand.type not in _TYPES:
        _refuse(
            f"its {which.lower()} is {type_name(operand.type)}; the firmware takes int8, uint8 and float32 only",
            f"{which} model data type should be 8-bit quantized!",
        )


def _refuse(reason: str, library_message: str) -> None:
    raise RefusedError(Refusal(reason, library_message=library_message))
