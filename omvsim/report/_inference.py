"""A real inference for people: what came out, and what post-processing made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from omvsim.inference import Inference

_OUTPUTS = 4
"""Outputs named; the JSON has all of them."""


def render_inference(inference: Inference) -> Text:
    """A few lines."""
    from rich.text import Text  # noqa: PLC0415 - rich is slow to import

    lines = [f"Inference  on {inference.source}, computed with {inference.runtime}"]
    for output in inference.outputs[:_OUTPUTS]:
        shape = "×".join(str(size) for size in output.shape) or "scalar"
        span = f"{output.lowest:g} … {output.highest:g}"
        lines.append(f"           {output.name} {shape} {output.dtype}: {span}, highest at {output.largest_at}")
    if len(inference.outputs) > _OUTPUTS:
        lines.append(f"           … {len(inference.outputs) - _OUTPUTS} more outputs")
    if inference.postprocess is not None:
        lines.append(
            f"           {inference.postprocess}: {inference.before} boxes over the threshold, "
            f"{inference.after} after suppression"
        )
    text = Text("\n".join(lines))
    text.stylize("bold", 0, len("Inference"))
    return text
