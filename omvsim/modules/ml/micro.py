"""The real TFLM library as a runtime, where its Python package is installed: it takes what TFLite refuses.

``tflite-micro`` is published for Linux only; ``omvsim exec`` uses it for models that no other runtime takes, such as
those with the library's own signal operators.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HOST_ARENA = 24 << 20


class MicroInterpreter:
    """A model in the TFLM library."""

    def __init__(self, interpreter: Any, outputs: int) -> None:
        self._interpreter = interpreter
        self._outputs = outputs

    def run(self, inputs: Sequence[Any]) -> tuple[Any, ...]:
        """One inference."""
        for number, values in enumerate(inputs):
            self._interpreter.set_input(np.ascontiguousarray(values), number)
        self._interpreter.invoke()
        return tuple(np.array(self._interpreter.get_output(number)) for number in range(self._outputs))


def open_micro(model: Path, outputs: int) -> MicroInterpreter | None:
    """The model in the TFLM library; None where the package is missing or refuses it."""
    try:
        runtime: Any = importlib.import_module("tflite_micro.python.tflite_micro.runtime")
    except ImportError:
        return None
    try:
        return MicroInterpreter(runtime.Interpreter.from_bytes(model.read_bytes(), arena_size=HOST_ARENA), outputs)
    except (RuntimeError, ValueError):
        return None
