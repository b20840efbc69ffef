"""The ``tf`` module of 4.5.0 to 4.5.5: what its library takes, and what it says where it does not.

Sources: openmv/openmv v4.5.5 ``src/omv/modules/py_tf.c``; openmv/tensorflow-lib 738f73e ``libtf.cc`` for the library's
own messages and shape rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType

if TYPE_CHECKING:
    from omvsim.graph import Model, Tensor
    from omvsim.heap import FbAlloc

TF_MESSAGES = 1024
"""Scratch for the library's messages (``PY_TF_PUTCHAR_BUFFER_LEN`` + 1)."""
TF_ARENA_EXTRA = 1024
"""What ``libtf_get_parameters`` adds to ``arena_used_bytes()``."""
TF_WRONG_VERSION = "Model provided is schema version is not equal to supported version!"
TF_NOT_ALLOCATED = "AllocateTensors() failed!"
TF_NOT_RUN = "Invoke() failed!"
_TYPES = (TensorType.UINT8, TensorType.INT8, TensorType.FLOAT32)
_TYPE_MESSAGE = "model data type should be 8-bit quantized!"


def tf_shape_refusal(graph: Model) -> str:
    """What ``libtf_get_parameters`` says against the first input or output; empty where it takes both."""
    return _input_refusal(graph.main.input_tensors[0]) or _output_refusal(graph.main.output_tensors[0])


def _input_refusal(tensor: Tensor) -> str:
    shape = tensor.shape
    if tensor.type not in _TYPES:
        return f"Input {_TYPE_MESSAGE}"
    if len(shape) not in (2, 3, 4):
        return "Input dimensions should be [h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]!"
    if len(shape) == 4 and shape[0] != 1:
        return "Input dimension [n] should be 1!"
    if len(shape) > 2 and shape[-1] not in (1, 3):
        return "Input dimension [c] should be 1 or 3!"
    return ""


def _output_refusal(tensor: Tensor) -> str:
    shape = tensor.shape
    if tensor.type not in _TYPES:
        return f"Output {_TYPE_MESSAGE}"
    if len(shape) not in (1, 2, 3, 4):
        return "Output dimensions should be [c], [n==1][c], [h][w][c], or [n==1][h][w][c]!"
    if len(shape) in (2, 4) and shape[0] != 1:
        return "Output dimension [n] should be 1!"
    return ""


def tf_arena_area(stack: FbAlloc, address: int) -> str:
    """The ledger's name of where an arena in fb_alloc is."""
    overlay = stack.overlay
    inside = overlay is not None and overlay.base <= address < overlay.base + overlay.size
    return "overlay" if inside else "fb_alloc"
