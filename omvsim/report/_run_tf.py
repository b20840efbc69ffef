"""Why a result of the ``tf`` module does not fit, and what the same model does on later releases."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from omvsim.report._run_verdict import wrapped

if TYPE_CHECKING:
    from rich.console import RenderableType

    from omvsim.advice import LaterRelease, TfExplanation
    from omvsim.runs.scenario import RunResult


def render_tf_result(result: RunResult, width: int) -> list[RenderableType]:
    """The explanation in sentences, then the later releases; empty for any other kind of run."""
    from omvsim.advice import explain_tf_result, later_releases  # noqa: PLC0415 - of use to few runs

    explanation = explain_tf_result(result)
    if explanation is None:
        return []
    return [*_sentences(explanation, width), *_releases(later_releases(result), width)]


def in_short(result: RunResult, width: int) -> list[RenderableType]:
    """The explanation in one sentence; empty for any other kind of run."""
    from rich.text import Text  # noqa: PLC0415

    from omvsim.advice import explain_tf_result  # noqa: PLC0415 - of use to few runs

    explanation = explain_tf_result(result)
    return [] if explanation is None else [Text(wrapped(f"  {explanation.in_short}", width, "  "))]


def _sentences(explanation: TfExplanation, width: int) -> list[RenderableType]:
    from rich.text import Text  # noqa: PLC0415

    return [Text(wrapped(f"  {' '.join(explanation.sentences)}", width, "  "))]


def _releases(rows: tuple[LaterRelease, ...], width: int) -> list[RenderableType]:
    from rich.text import Text  # noqa: PLC0415

    lines: list[RenderableType] = [Text("  The same model from a file on later releases:", style="bold")]
    for says, group in groupby(rows, key=lambda row: row.says):
        names = [row.firmware for row in group]
        span = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        lines.append(Text(wrapped(f"  {span}: {says}", width, "    ")))
    return lines


def tf_result_json(result: RunResult) -> dict[str, Any] | None:
    """The same as JSON values; None for any other kind of run."""
    from omvsim.advice import explain_tf_result, later_releases  # noqa: PLC0415

    explanation = explain_tf_result(result)
    if explanation is None:
        return None
    return {
        "method": explanation.method,
        "channels": explanation.output.channels,
        "pixels_per_channel": explanation.output.width * explanation.output.height,
        "free_bytes": explanation.free_bytes,
        "callback_bytes": explanation.needs.callback,
        "total_bytes": explanation.needs.total,
        "most_channels_callback": explanation.most_channels_callback,
        "most_channels_total": explanation.most_channels_total,
        "input_sizes": list(explanation.input_sizes),
        "sentences": list(explanation.sentences),
        "later_releases": [{"firmware": row.firmware, "says": row.says} for row in later_releases(result)],
    }
