"""Whether an installed runtime works, found out by running a model of one operator.

Importing proves nothing: tflite-runtime 2.14 is built for numpy 1; under numpy 2 it imports without an error and
fails when the first interpreter is made or the first tensor is read.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_PROBE_INPUT = (-1.0, 0.0, 1.0, 2.0)
_RELU = 19  # BuiltinOperator.RELU in tensorflow/lite/schema/schema.fbs


def probe_model() -> bytes:
    """A valid ``.tflite`` file with one RELU on four floats, a few hundred bytes."""
    import flatbuffers  # noqa: PLC0415 - only needed when a runtime is

    builder = flatbuffers.Builder(512)

    def ints(values: tuple[int, ...]) -> int:
        builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            builder.PrependInt32(value)
        return int(builder.EndVector())

    def tables(offsets: list[int]) -> int:
        builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            builder.PrependUOffsetTRelative(offset)
        return int(builder.EndVector())

    def table(slots: int, **fields: tuple[str, int]) -> int:
        """A table of ``slots`` fields; ``fields`` maps ``f<slot>`` to the builder's slot method and the value."""
        builder.StartObject(slots)
        for key, (kind, value) in fields.items():
            getattr(builder, f"Prepend{kind}Slot")(int(key[1:]), value, 0)
        return int(builder.EndObject())

    reference = "UOffsetTRelative"
    tensors = []
    for name in ("x", "y"):
        text, shape = int(builder.CreateString(name)), ints((4,))
        tensors.append(table(4, f0=(reference, shape), f3=(reference, text)))
    first, second = ints((0,)), ints((1,))
    operators = tables([table(3, f1=(reference, first), f2=(reference, second))])
    subgraph = table(
        4, f0=(reference, tables(tensors)), f1=(reference, first), f2=(reference, second), f3=(reference, operators)
    )
    codes = tables([table(4, f0=("Int8", _RELU), f2=("Int32", 1), f3=("Int32", _RELU))])
    buffers = tables([table(1)])
    subgraphs = tables([subgraph])
    builder.Finish(
        table(5, f0=("Uint32", 3), f1=(reference, codes), f2=(reference, subgraphs), f4=(reference, buffers)),
        file_identifier=b"TFL3",
    )
    return bytes(builder.Output())


def probe(module: ModuleType) -> str | None:
    """``None`` if ``module`` (the runtime's ``interpreter`` module) runs a model, else what it said, one line.

    The runtime under test may raise any exception and numpy writes pages to stderr about modules built for
    numpy 1, so both are taken in here.
    """
    model = probe_model()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            result = _run_probe(module, model)
    except Exception as error:  # whatever a broken extension module raises is the answer
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
    if result != [max(x, 0.0) for x in _PROBE_INPUT]:
        return f"wrong result {result}"
    return None


def _run_probe(module: Any, model: bytes) -> list[float]:
    import numpy as np  # noqa: PLC0415 - the runtime needs it anyway

    interpreter = module.Interpreter(model_content=model)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.array(_PROBE_INPUT, dtype=np.float32))
    interpreter.invoke()
    values: list[float] = interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).tolist()
    return values
