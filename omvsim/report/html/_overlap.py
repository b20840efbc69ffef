"""What dies in a crash zone: new bytes over freed ones that the firmware still reads, at their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report.html._svg import chart, line, rect, text
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from markupsafe import Markup

    from omvsim.capture import Overlap

_WIDTH, _LEFT, _RIGHT, _ROW = 1000, 130, 990, 26
_MARGIN = 0.15
"""Of what decides, left free on either side."""


def overwritten(overlap: Overlap) -> list[tuple[int, int]]:
    """Those of the places still read (address, bytes) where new bytes stand."""
    end = overlap.address + overlap.bytes
    return [(at, size) for at, size in overlap.read if at < end and at + size > overlap.address]


def overlap_chart(overlap: Overlap) -> Markup:
    """The end of the freed bytes that decides, to scale, with what is read of them and what was written over it."""
    decides = [(overlap.address, overlap.bytes), *overlap.read]
    first, last = min(at for at, _ in decides), max(at + size for at, size in decides)
    margin = max(16, round((last - first) * _MARGIN))
    first, last = first - margin, last + margin
    scale = (_RIGHT - _LEFT) / (last - first)

    def span(row: int, at: int, size: int, title: str, class_: str) -> Markup:
        start, end = max(at, first), min(at + size, last)
        x = _LEFT + (start - first) * scale
        return rect(x, 8 + row * _ROW, max(1.5, (end - start) * scale), 20, title, class_=class_)

    freed, size = overlap.freed
    lost = set(overwritten(overlap))
    new = f"{overlap.owner}: {format_bytes(overlap.bytes)} bytes at {format_address(overlap.address)}"
    parts = [
        text(0, 22, "freed", class_="label"),
        span(0, freed, size, f"freed: {format_bytes(size)} bytes at {format_address(freed)}", "hole"),
        text(0, 22 + _ROW, "still read", class_="label"),
        *(
            span(
                1,
                *place,
                f"still read: {format_bytes(place[1])} bytes at {format_address(place[0])}",
                "needed" if place in lost else "buffer",
            )
            for place in overlap.read
        ),
        text(0, 22 + 2 * _ROW, "written since", class_="label"),
        span(2, overlap.address, overlap.bytes, new, "needed"),
    ]
    bottom = 8 + 3 * _ROW
    for at in {overlap.address, overlap.address + overlap.bytes}:
        x = _LEFT + (at - first) * scale
        parts.append(line([(x, 4), (x, bottom)], class_="peak"))
    parts += [
        text(_LEFT, bottom + 14, format_address(first), class_="axis"),
        text(_RIGHT, bottom + 14, format_address(last), class_="axis end"),
    ]
    return chart(f"Freed bytes that are still read, and what lies over them: {new}", _WIDTH, bottom + 22, parts)


__all__ = ["overlap_chart", "overwritten"]
