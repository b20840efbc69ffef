"""A real inference for people: what came out, and what post-processing made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from omvsim.inference import Inference
    from omvsim.runs.scenario import RunResult

_OUTPUTS = 4
"""Outputs named; the JSON has all of them."""


def render_inference(inference: Inference, result: RunResult) -> Text:
    """A few lines."""
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    lines = [f"Inference  on {inference.source}, computed with {inference.runtime}"]
    for output in inference.outputs[:_OUTPUTS]:
        shape = "×".join(str(size) for size in output.shape) or "scalar"
        span = f"{output.lowest:g} … {output.highest:g}"
        lines.append(f"           {output.name} {shape} {output.dtype}: {span}, highest at {output.largest_at}")
    if len(inference.outputs) > _OUTPUTS:
        lines.append(f"           … {len(inference.outputs) - _OUTPUTS} more outputs")
    chosen = result.options.postprocess
    if chosen is not None and result.boxes:
        boxes = result.boxes[0]
        lines.append(
            f"           {chosen.name}: {boxes.suggested} boxes over the threshold, {boxes.left} after suppression"
        )
    text = Text("\n".join(lines))
    text.stylize("bold", 0, len("Inference"))
    return text
