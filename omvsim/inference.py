"""A real inference beside the simulated run: what ``omvsim run --input photo.jpg`` computes.

The runtime gives values, the simulator places; here they meet, at the edge. Nothing of it is needed for the memory
prediction.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from omvsim.records import dataclass
from omvsim.runtime import InputDataError, make_inputs, open_interpreter, replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.graph import Model
    from omvsim.runtime import Replay, Timeline
    from omvsim.tflm import ArenaPlan


GENERATED: Final = ("zero", "random")
"""Inputs that are no file."""
_SATURATING = ("LOGISTIC", "TANH")


@dataclass(frozen=True, slots=True)
class OutputSummary:
    """One output tensor of a real inference."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    lowest: float
    highest: float
    largest_at: int
    """Flat index of the highest value: the class of a classifier."""


@dataclass(frozen=True, slots=True)
class Inference:
    """What one real inference computed."""

    runtime: str
    source: str
    """What was fed: ``zero``, ``random`` or a file."""
    outputs: tuple[OutputSummary, ...]
    timeline: Timeline
    values: tuple[NDArray[Any], ...]
    """The outputs themselves."""
    live: dict[int, float]
    """Share of elements that do not saturate, by index of the int8 LOGISTIC or TANH operator: it decides their time."""


def infer(
    graph: Model,
    plan: ArenaPlan,
    source: str = "zero",
    *,
    arena_bytes: int | None = None,
    keep_aspect: bool = True,
) -> Inference:
    """Run ``graph`` once on ``source`` (``zero``, ``random``, a picture or a ``.npy`` file).

    Raises:
        MissingExtraError: no runtime that works, or no Pillow for a picture.
        InputError: the model or the input cannot be used.
    """
    if source not in GENERATED and not Path(source).exists():
        raise InputDataError(source, "no such file")  # before the runtime is missed
    interpreter = open_interpreter(graph.data, source=graph.source)
    inputs = make_inputs(interpreter.inputs, source, keep_aspect=keep_aspect)
    run = replay(graph, plan, interpreter, inputs, arena_bytes=arena_bytes)
    return Inference(
        runtime=interpreter.backend,
        source=source,
        outputs=tuple(_summaries(graph, run.outputs)),
        timeline=run.timeline,
        values=run.outputs,
        live=_live_shares(graph, run),
    )


def _live_shares(graph: Model, run: Replay) -> dict[int, float]:
    """For every operator whose time depends on how many of its inputs saturate."""
    import numpy as np  # noqa: PLC0415 - whoever has values has numpy

    from omvsim.timing import node_of  # noqa: PLC0415

    shares = {}
    for operator in graph.main.operators:
        radius = node_of(graph, graph.main, operator).params.get("radius") if operator.name in _SATURATING else None
        tensor = graph.main.tensors[operator.inputs[0]]
        if radius is not None and tensor.quantization is not None and tensor.quantization.zero_points:
            distance = np.abs(run.values(tensor.index).astype(np.int32) - tensor.quantization.zero_points[0])
            shares[operator.index] = float((distance < radius).mean()) if distance.size else 1.0
    return shares


def _summaries(graph: Model, outputs: Sequence[object]) -> list[OutputSummary]:
    import numpy as np  # noqa: PLC0415 - whoever has a runtime has numpy

    summaries = []
    for tensor, values in zip(graph.main.output_tensors, outputs, strict=True):
        array = np.asarray(values)
        flat = array.reshape(-1)
        empty = flat.size == 0
        summaries.append(
            OutputSummary(
                name=tensor.name,
                shape=tuple(array.shape),
                dtype=str(array.dtype),
                lowest=0.0 if empty else float(flat.min()),
                highest=0.0 if empty else float(flat.max()),
                largest_at=-1 if empty else int(flat.argmax()),
            )
        )
    return summaries
