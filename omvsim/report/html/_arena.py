"""The arena: buffers as rectangles over the operators and their offset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report.html._figures import short_size
from omvsim.report.html._svg import chart, line, rect, text
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from markupsafe import Markup

    from omvsim.capture import Arena, Buffer

_WIDTH, _HEIGHT = 1000, 420
_LEFT, _TOP, _BOTTOM = 64, 14, 40
_MOST = 3000
"""Buffers drawn: of a larger plan the largest."""


def arena_chart(arena: Arena) -> Markup | None:
    """The chart; None where nothing is planned."""
    if not arena.buffers or not arena.head:
        return None
    steps = max(*(buffer.last for buffer in arena.buffers), len(arena.steps), 1)
    across, up = (_WIDTH - _LEFT) / (steps + 1), (_HEIGHT - _TOP - _BOTTOM) / arena.head
    which = f" 0 to {len(arena.steps) - 1}" if arena.steps else ""
    parts = [*_axis(arena.head, up), text(_LEFT, _HEIGHT - 8, f"operators{which} in the order they run")]
    for buffer in sorted(arena.buffers, key=lambda buffer: -buffer.bytes)[:_MOST]:
        first, last = max(buffer.first, 0), max(buffer.last, buffer.first, 0)
        parts.append(
            rect(
                _LEFT + first * across,
                _y(buffer.offset + buffer.bytes, arena.head, up),
                (last - first + 1) * across - 0.4,
                max(buffer.bytes * up - 0.4, 0.8),
                buffer_title(buffer, arena),
                class_=f"buffer {buffer.kind}",
                data_name=buffer.name,
            )
        )
    live = [(_LEFT + (step.step + 0.5) * across, _y(step.live, arena.head, up)) for step in arena.steps]
    parts += [line(live, class_="line-live"), *_peak(arena, across, up)]
    label = f"Arena of {arena.model}: {len(arena.buffers)} buffers, head {format_bytes(arena.head)} bytes"
    return chart(label, _WIDTH, _HEIGHT, parts, "chart arena")


def _y(offset: float, head: int, up: float) -> float:
    return _TOP + (head - offset) * up


def _axis(head: int, up: float) -> list[Markup]:
    parts = []
    for part in range(5):
        offset = head * part / 4
        y = _y(offset, head, up)
        parts.append(line([(_LEFT, y), (_WIDTH, y)], class_="grid"))
        parts.append(text(_LEFT - 6, y + 4, short_size(offset), class_="axis end"))
    return parts


def _peak(arena: Arena, across: float, up: float) -> list[Markup]:
    """A mark at the operators at which most is alive."""
    at = [step for step in arena.steps if step.live == arena.peak]
    if not at:
        return []
    x, y = _LEFT + (at[0].step + 0.5) * across, _y(arena.peak, arena.head, up)
    words = f"peak {format_bytes(arena.peak)} at {at[0].name}"
    end = x > _WIDTH / 2
    return [
        line([(x, _TOP), (x, _HEIGHT - _BOTTOM)], class_="peak"),
        text(x - 6 if end else x + 6, max(y - 4, _TOP + 10), words, class_="peak-label end" if end else "peak-label"),
    ]


def buffer_title(buffer: Buffer, arena: Arena) -> str:
    """What a reader is told of a buffer."""
    shape = f" {buffer.type} [{', '.join(map(str, buffer.shape))}]" if buffer.shape or buffer.type else ""
    names = {step.step: step.name for step in arena.steps}
    life = f"alive from {_at(buffer.first, names)} to {_at(buffer.last, names)}"
    return f"{buffer.name}{shape}: {format_bytes(buffer.bytes)} bytes at offset {format_bytes(buffer.offset)}; {life}"


def _at(step: int, names: dict[int, str]) -> str:
    if step < 0:
        return "never"
    return f"operator {step} {names[step]}" if step in names else f"step {step}"


__all__ = ["arena_chart", "buffer_title"]
