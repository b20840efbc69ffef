"""Inferences of one model: equal inputs are computed once, and the first different ones with reference kernels.

The camera rounds as the reference kernels do; optimised kernels are several times faster and differ by some steps of
a quantised score. So the first inputs, which for a picture are all there are, are exact, and a long run is fast.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
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
"""Inferences that one run remembers, and that all of this process do together."""
_STATEFUL = ("VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE")
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


def _remembers(graph: Model) -> bool:
    """Whether an inference leaves something for the next, so that equal inputs may have other outputs."""
    tensors = (tensor for subgraph in graph.subgraphs for tensor in subgraph.tensors)
    operators = (operator.name for subgraph in graph.subgraphs for operator in subgraph.operators)
    return any(tensor.is_variable for tensor in tensors) or any(name in _STATEFUL for name in operators)


_shared: dict[tuple[object, ...], tuple[Any, ...]] = {}
"""What runs before computed: a script that is run again, to find what mends it, shows its model the same pictures."""


def _keep(known: dict[Any, tuple[Any, ...]], key: object, outputs: tuple[Any, ...]) -> None:
    if len(known) >= REMEMBERED:
        known.pop(next(iter(known)))
    known[key] = outputs


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
        self._apart = _remembers(graph)
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
        given = blake2b(b"".join(values.tobytes() for values in inputs)).digest()
        if given not in self._known:
            _keep(self._known, given, self._outputs(given, inputs))
            self._distinct += 1
        return self._known[given]

    def _outputs(self, given: bytes, inputs: list[Any]) -> tuple[Any, ...]:
        if self._micro is not None:
            return self._micro.run(inputs)
        exact = self._exact
        if self._apart:
            return tuple(self._interpreter(exact).run(inputs))
        key = (self._content, self._backend.name, self._backend.version, exact, given)
        if key not in _shared:
            _keep(_shared, key, tuple(self._interpreter(exact).run(inputs)))
        return _shared[key]

    @cached_property
    def _content(self) -> bytes:
        return blake2b(self._model.read_bytes()).digest()
