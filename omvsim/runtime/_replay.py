"""One inference with the simulated arena beside it: the plan gives places, the runtime values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.runtime._check import GraphCheck, require_same_graph
from omvsim.runtime._timeline import Timeline, TimelineStep, make_timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.graph import Model
    from omvsim.runtime._types import Array, Interpreter
    from omvsim.tflm import ArenaPlan


class ReplayStep(NamedTuple):
    """An operator with what it computed."""

    place: TimelineStep
    """What is alive where, what is read and written."""
    results: tuple[Array, ...]
    """Values of its output tensors."""


class Replay:
    """What one inference did; values of intermediate tensors are computed when they are first asked for."""

    def __init__(
        self, model: Model, timeline: Timeline, interpreter: Interpreter, outputs: tuple[Array, ...], check: GraphCheck
    ) -> None:
        self.timeline = timeline
        self.outputs = outputs
        """The model's outputs, bit for bit those of a direct call of the runtime."""
        self.check = check
        self._model = model
        self._interpreter = interpreter

    def values(self, tensor: int) -> Array:
        """Values of a tensor of the main subgraph in this inference.

        Intermediate values are computed without delegates, so that floats may differ from ``outputs`` in their last
        bits.

        Raises:
            RefusedError: the runtime has none (a resource handle, a constant it keeps packed).
        """
        return self._interpreter.values(tensor)

    def steps(self) -> Iterator[ReplayStep]:
        """The main subgraph's operators in execution order; those of called subgraphs are in the timeline only."""
        for place in self.timeline.steps:
            if place.subgraph == self._model.main.index:
                yield ReplayStep(place, tuple(self.values(access.tensor) for access in place.writes))

    def saturated(self, tensor: int) -> int:
        """How many elements of an integer tensor are at the lowest or highest value of its type; 0 for floats."""
        import numpy as np  # noqa: PLC0415 - whoever has values has numpy

        values = self.values(tensor)
        if values.dtype.kind not in "iu":
            return 0
        limits = np.iinfo(values.dtype.str)
        return int(np.count_nonzero((values == limits.min) | (values == limits.max)))


def replay(
    model: Model,
    plan: ArenaPlan,
    interpreter: Interpreter,
    inputs: Sequence[Array],
    *,
    arena_bytes: int | None = None,
) -> Replay:
    """Run ``model`` once and put the values beside the plan.

    Raises:
        GraphMismatchError: what runs is not what was planned.
        InputDataError: the arrays do not fit the inputs.
        ModelError: the camera's library refuses the model.
        RefusedError: the runtime gives up in the middle.
    """
    timeline = make_timeline(model, plan, arena_bytes=arena_bytes)
    outputs = interpreter.run(inputs)
    # After the run: only then does the runtime know shapes that depend on values.
    check = require_same_graph(model, interpreter)
    return Replay(model, timeline, interpreter, outputs, check)
