"""What fills the heap, as one bar: the colours are those of the heap maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.report.html._maps import OWNERS, Maps, moment_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.capture import Document, Holder

_MOST = 6
"""Parts with a name of their own; the rest is one part."""


class FillPart(NamedTuple):
    """A part of the bar; ``share`` of the whole in percent."""

    class_: str
    owner: str
    times: int
    bytes: int
    share: float


class FillView(NamedTuple):
    """The bar with its title."""

    when: str
    whole: int
    parts: Sequence[FillPart]


def fill_view(document: Document, maps: Maps | None) -> FillView | None:
    """The bar; None where nobody looked at a heap."""
    verdict = document.verdict
    if not verdict.holders or verdict.held_at is None or maps is None:
        return None
    moment = document.moments[verdict.held_at]
    whole = sum(area.size for area in document.areas if area.kind == "gc")
    named = verdict.holders[:_MOST]
    parts = [_part(holder, maps, whole) for holder in named]
    rest = verdict.holders[_MOST:]
    if rest:
        size = sum(holder.bytes for holder in rest)
        parts.append(FillPart(f"o{OWNERS}", "others", sum(holder.count for holder in rest), size, 100 * size / whole))
    free = whole - sum(part.bytes for part in parts)
    parts.append(FillPart("free", "free", 0, free, 100 * free / whole))
    return FillView(moment_title(moment.kind, moment.label, moment.frame, moment.line), whole, parts)


def _part(holder: Holder, maps: Maps, whole: int) -> FillPart:
    label = maps.label(holder.owner, holder.line)
    rank = maps.labels.index(label) if label in maps.labels else OWNERS
    return FillPart(f"o{rank}", label, holder.count, holder.bytes, 100 * holder.bytes / whole)


__all__ = ["FillPart", "FillView", "fill_view"]
