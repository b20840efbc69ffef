"""A real inference beside the simulated run: what ``omvsim run --input photo.jpg`` computes.

The runtime gives values, the simulator places; here they meet, at the edge. Nothing of it is needed for the memory
prediction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware.charges import Detections
from omvsim.records import dataclass
from omvsim.runtime import make_inputs, open_interpreter, replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.graph import Model
    from omvsim.runtime import Replay, Timeline
    from omvsim.tflm import ArenaPlan


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
    postprocess: str | None
    before: int | None
    """Boxes over the threshold, None without post-processing."""
    after: int | None
    """Boxes after suppression."""
    found: Detections | None
    """What decides the heap charge of the post-processing."""
    live: dict[int, float]
    """Share of elements that do not saturate, by index of the int8 LOGISTIC or TANH operator: it decides their time."""


def infer(
    graph: Model,
    plan: ArenaPlan,
    source: str = "zero",
    *,
    postprocess: str | None = None,
    arena_bytes: int | None = None,
    keep_aspect: bool = True,
) -> Inference:
    """Run ``graph`` once on ``source`` (``zero``, ``random``, a picture or a ``.npy`` file).

    Raises:
        MissingExtraError: no runtime that works, or no Pillow for a picture.
        InputError: the model or the input cannot be used.
    """
    interpreter = open_interpreter(graph.data, source=graph.source)
    inputs = make_inputs(interpreter.inputs, source, keep_aspect=keep_aspect)
    run = replay(graph, plan, interpreter, inputs, arena_bytes=arena_bytes)
    before = after = found = None
    if postprocess is not None:
        from omvsim.postprocess import outputs_of  # noqa: PLC0415 - numpy
        from omvsim.postprocess import postprocess as decode  # noqa: PLC0415

        shape = graph.main.input_tensors[0].shape
        window = (shape[2], shape[1]) if len(shape) == 4 else (1, 1)
        result = decode(postprocess, outputs_of(interpreter, run.outputs), window, keep_aspect=keep_aspect)
        before, after, found = result.before, result.after, result.found
    return Inference(
        runtime=interpreter.backend,
        source=source,
        outputs=tuple(_summaries(graph, run.outputs)),
        timeline=run.timeline,
        postprocess=postprocess,
        before=before,
        after=after,
        found=found,
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


def forced_detections(name: str, count: int) -> Detections:
    """``--detections N``: N boxes of one class that do not touch, the dearest case of suppression."""
    disjoint = Detections.disjoint(count)
    if name == "blazeface":  # two score tensors, one list of candidates each
        return Detections(((True,) * count, ()), disjoint.survivors, disjoint.labels)
    return disjoint


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
