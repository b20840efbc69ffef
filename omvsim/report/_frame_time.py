"""The time of a run: for people and as JSON. Every figure is a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from omvsim.frame_time import FrameTime

_SHOWN = 3
"""Improvements shown: the cheapest first."""


def frame_time_json(time: FrameTime | None) -> dict[str, object] | None:
    """Milliseconds as ``[low, nominal, high]``; None when no model was loaded."""
    if time is None:
        return None
    costs = [*time.load_costs, *time.frame.costs]
    return {
        "inference_ms": time.inference.ms.as_list(4),
        "frame_ms": time.frame.ms.as_list(4),
        "load_ms": time.load.as_list(4),
        "frames_per_second": time.fps.as_list(3),
        "placement": dict(time.inference.placement),
        "provenance": str(time.inference.provenance),
        "unknown": list(time.inference.unknown),
        "bound": bound(time),
        "costs": [
            {"what": cost.name, "ms": cost.ms(time.profile).as_list(), "provenance": str(cost.provenance)}
            for cost in costs
        ],
        "improvements": [
            {"action": way.action, "bytes": way.bytes, "saves_ms": way.saves_ms.as_list()} for way in time.improvements
        ],
    }


def bound(time: FrameTime) -> dict[str, float]:
    """Share of the nominal cycles by what bounds the operators: issue, flash stream, SDRAM …"""
    total = sum(operator.cycles.nominal for operator in time.inference.operators) or 1.0
    shares: dict[str, float] = {}
    for operator in time.inference.operators:
        shares[operator.bound] = shares.get(operator.bound, 0.0) + operator.cycles.nominal / total
    return {name: round(share, 3) for name, share in sorted(shares.items(), key=lambda item: -item[1])}


def render_frame_time(time: FrameTime | None) -> RenderableType:
    """The table by operator kind, then what a frame and loading take."""
    from rich.console import Group  # noqa: PLC0415 - rich is slow to import
    from rich.text import Text  # noqa: PLC0415

    from omvsim.timing import render_time  # noqa: PLC0415
    from omvsim.timing.report import span  # noqa: PLC0415

    if time is None:
        return Text("No time: the model was never loaded.")
    table = render_time(
        time.inference.model, time.inference, time.profile, time.improvements[:_SHOWN], time.frame.costs
    )
    fps = time.fps
    return Group(
        table,
        Text(
            f"A frame takes {span(time.frame.ms)} ms, {fps.nominal:.1f} ({fps.low:.1f} to {fps.high:.1f}) a second, "
            f"Python, drawing and the camera driver not counted; loading {span(time.load)} ms."
        ),
    )
