"""Inferences of one model: equal inputs are computed once, and the first different ones with reference kernels.

The camera rounds as the reference kernels do; optimised kernels are several times faster and differ by some steps of
a quantised score. So the first inputs, which for a picture are all there are, are exact, and a long run is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.later import later
from omvsim.reading import read_bytes
from omvsim.world.kernels import Kernels

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim import runtime
    from omvsim.graph import Model
    from omvsim.modules.ml import micro
    from omvsim.runtime import Backend, Interpreter
else:
    (runtime,) = later("omvsim", "runtime")
    (micro,) = later("omvsim.modules.ml", "micro")

EXACT_WORK = 500_000_000
"""Multiplications that may be spent on reference kernels: about half a second."""
EXACT_INPUTS = 2
"""Different inputs that are exact whatever the model costs."""
REMEMBERED = 64
_WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED")


def multiplications(graph: Model) -> int:
    """Multiplications of a model's convolutions and dense layers: what its inference costs."""
    main, total = graph.main, 0
    for operator in main.operators:
        if operator.name not in _WEIGHTED or len(operator.inputs) < 2:
            continue
        weights, result = main.tensors[operator.inputs[1]], main.tensors[operator.outputs[0]]
        channels = max(1, result.shape[-1]) if result.shape else 1
        total += weights.elements * (1 if operator.name == "FULLY_CONNECTED" else result.elements // channels)
    return total


class Inferences:
    """A model in a runtime.

    Raises:
        RefusedError: the runtime does not take the model.
    """

    def __init__(self, backend: Backend, model: Path, kernels: Kernels, graph: Model) -> None:
        self._micro: micro.MicroInterpreter | None = None
        self._backend = backend
        self._model = model
        self._kernels = kernels
        self._open: dict[bool, Interpreter] = {}
        self._known: dict[bytes, tuple[Any, ...]] = {}
        self._distinct = 0
        self._exact_inputs = max(EXACT_INPUTS, EXACT_WORK // max(1, multiplications(graph)))
        try:
            self._interpreter(self._exact)
        except runtime.RefusedError:
            self._micro = micro.open_micro(model, len(graph.main.outputs))
            if self._micro is None:
                raise

    @property
    def _exact(self) -> bool:
        if self._kernels is Kernels.AUTO:
            return self._distinct < self._exact_inputs
        return self._kernels is Kernels.REFERENCE

    def _interpreter(self, exact: bool) -> Interpreter:
        if exact not in self._open:
            options = {"reference_kernels": True} if exact else None
            self._open[exact] = self._backend.open(read_bytes(self._model), source=str(self._model), options=options)
        return self._open[exact]

    def run(self, inputs: list[Any]) -> tuple[Any, ...]:
        """The outputs for these inputs."""
        key = b"".join(values.tobytes() for values in inputs)
        if key not in self._known:
            interpreter = self._micro or self._interpreter(self._exact)
            outputs = tuple(interpreter.run(inputs))
            self._distinct += 1
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[key] = outputs
        return self._known[key]
