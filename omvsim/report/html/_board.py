"""The board strip: every memory to scale, what is fixed in it and what is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report.html._svg import chart, rect, text
from omvsim.units import format_address, format_bytes, format_size

if TYPE_CHECKING:
    from markupsafe import Markup

    from omvsim.capture import Board

WIDTH = 1000
_BAR = 30
_ROW = 64


def board_strip(board: Board) -> Markup:
    """A bar a memory, each over the whole width; regions by address."""
    parts: list[Markup] = []
    for row, memory in enumerate(board.memories):
        y = row * _ROW
        scale = WIDTH / max(1, memory.length)
        name = f"{memory.name}  {format_size(memory.length)}  {memory.title}"
        parts.append(text(0, y + 14, name, class_="label"))
        for region in board.regions:
            if region.memory != memory.name:
                continue
            x, width = (region.origin - memory.origin) * scale, region.size * scale
            where = f"{format_address(region.origin)}–{format_address(region.origin + max(region.size, 1) - 1)}"
            title = f"{region.title}: {format_bytes(region.size)} bytes at {where} ({region.provenance})"
            parts.append(rect(x, y + 20, max(width, 0.6), _BAR, title, class_=f"region k-{region.kind}"))
            if width > 7.2 * len(region.title) + 8:
                parts.append(text(x + 4, y + 39, region.title, class_="inside"))
            elif width > 70:
                parts.append(text(x + 4, y + 39, region.title[: int(width / 7.2) - 2] + "…", class_="inside"))
    return chart(f"Memories of {board.title}, to scale", WIDTH, len(board.memories) * _ROW, parts)


__all__ = ["board_strip"]
