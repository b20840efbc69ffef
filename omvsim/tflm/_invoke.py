"""Operators that allocate but then refuse to run: their Eval knows fewer element types than their Prepare.

Measured with the library of 4.8.1 (facts: tflm-arena section 8); tflite-micro a57349f0, the kernels' ``Eval``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import TensorType
from omvsim.tflm._events import Refusal

if TYPE_CHECKING:
    from omvsim.graph import Model

_NO_INT16 = frozenset(
    """
    RELU RELU6 ELU HARD_SWISH MAXIMUM MINIMUM ARG_MAX ARG_MIN PACK UNPACK TRANSPOSE RESIZE_BILINEAR REDUCE_MAX
    MIRROR_PAD BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND ZEROS_LIKE
    """.split()  # noqa: SIM905 - a column of quoted names is harder to read
)
_REFUSED = {**dict.fromkeys(_NO_INT16, TensorType.INT16), "SUB": TensorType.INT32}


def invoke_refusal(model: Model) -> Refusal | None:
    """The first operator of the main subgraph whose ``Invoke`` fails (``ValueError: Invoke failed``), if any.

    Failures that depend on values, such as a division by zero, are not among them.
    """
    main = model.main
    for operator in main.operators:
        refused = _REFUSED.get(operator.name)
        if refused is None or not operator.inputs or operator.inputs[0] < 0:
            continue
        if main.tensors[operator.inputs[0]].type == refused:
            return Refusal(
                f"it allocates, but cannot run with {refused.name.lower()} values",
                operator=operator.name,
                operator_index=operator.index,
            )
    return None
