"""Inferences of one model: equal inputs are computed once, and the first different ones with reference kernels.

The camera rounds as the reference kernels do; optimised kernels are several times faster and differ by some steps of
a quantised score. So the first inputs, which for a picture are all there are, are exact, and a long run is fast.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from omvsim.runtime import RefusedError
from omvsim.script._micro import MicroInterpreter, open_micro

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runtime import Backend, Interpreter

EXACT_INPUTS = 4
REMEMBERED = 64


class Kernels(enum.StrEnum):
    """Which kernels compute."""

    AUTO = "auto"
    """Reference kernels for the first four different inputs of a model, then optimised ones."""
    REFERENCE = "reference"
    FAST = "fast"


class Inferences:
    """A model in a runtime.

    Raises:
        RefusedError: the runtime does not take the model.
    """

    def __init__(self, backend: Backend, model: Path, kernels: Kernels, outputs: int) -> None:
        self._micro: MicroInterpreter | None = None
        self._backend = backend
        self._model = model
        self._kernels = kernels
        self._open: dict[bool, Interpreter] = {}
        self._known: dict[bytes, tuple[Any, ...]] = {}
        self._distinct = 0
        try:
            self._interpreter(self._exact)
        except RefusedError:
            self._micro = open_micro(model, outputs)
            if self._micro is None:
                raise

    @property
    def _exact(self) -> bool:
        if self._kernels is Kernels.AUTO:
            return self._distinct < EXACT_INPUTS
        return self._kernels is Kernels.REFERENCE

    def _interpreter(self, exact: bool) -> Interpreter:
        if exact not in self._open:
            options = {"reference_kernels": True} if exact else None
            self._open[exact] = self._backend.open(self._model.read_bytes(), source=str(self._model), options=options)
        return self._open[exact]

    def run(self, inputs: list[Any]) -> tuple[Any, ...]:
        """The outputs for these inputs."""
        key = b"".join(values.tobytes() for values in inputs)
        if key not in self._known:
            runtime = self._micro or self._interpreter(self._exact)
            outputs = tuple(runtime.run(inputs))
            self._distinct += 1
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = outputs
        return self._known[key]
