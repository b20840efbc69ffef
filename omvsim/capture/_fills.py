"""What fills the heap at the moment that decided a run, by owner, and the sentence that says so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from omvsim.capture._columns import Capture
from omvsim.capture._headline import Holder
from omvsim.capture._heap_map import HeapMaps
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.capture._document import Document
    from omvsim.capture._headline import Request
    from omvsim.capture._heap_map import Block

MOST_HOLDERS = 12
WITHOUT_LINE = ("boot", "compiling")
"""Owners that no line of the script asks for."""
_REST = "others"
_NAMED, _TELLS = 3, 20
"""Owners that the sentence names: those with at least a twentieth."""
_SHORTEST_NAME = 60

_Key = tuple[str, int]


def with_holders(capture: Capture, *, by_line: bool) -> Capture:
    """The capture with what holds the heap; where a request found no room, its verdict says what was in the way."""
    document = capture.document
    maps = HeapMaps(capture)
    moment = _deciding(document, maps)
    if moment is None:
        return capture
    before = max((number for number in maps.moments if number < moment and _settled(document, number)), default=None)
    holders = _holders(maps.at(moment), [] if before is None else maps.at(before), document, by_line=by_line)
    verdict = document.verdict.model_copy(update={"holders": holders, "held_at": moment})
    request = verdict.request
    if request is not None and request.moment == moment and request.free < request.needed and not verdict.explains:
        free = None if before is None else _free(document, before)
        verdict = verdict.model_copy(update={"sentence": _sentence(request, holders, free)})
    return Capture(document.model_copy(update={"verdict": verdict}), capture.columns)


def _deciding(document: Document, maps: HeapMaps) -> int | None:
    request = document.verdict.request
    if request is not None and request.moment in maps.moments:
        return request.moment
    return maps.moments[-1] if maps.moments and any(area.kind == "gc" for area in document.areas) else None


def _settled(document: Document, number: int) -> bool:
    """Whether something had just been finished: a step, or a frame."""
    return document.moments[number].kind in ("step", "frame")


def _free(document: Document, moment: int) -> int:
    levels = zip(document.areas, document.moments[moment].levels, strict=True)
    return sum(area.size - level.used for area, level in levels if area.kind == "gc")


def _holders(
    blocks: Sequence[Block], before: Sequence[Block], document: Document, *, by_line: bool
) -> tuple[Holder, ...]:
    sizes, counts = _sums(blocks, document, by_line=by_line)
    old, _ = _sums(before, document, by_line=by_line)
    ranked = sorted(sizes, key=lambda key: (-sizes[key], key))
    named, rest = ranked[:MOST_HOLDERS], ranked[MOST_HOLDERS:]
    holders = [
        Holder(owner=key[0], line=key[1], count=counts[key], bytes=sizes[key], grown=max(0, sizes[key] - old[key]))
        for key in named
    ]
    if rest:
        count, size = sum(counts[key] for key in rest), sum(sizes[key] for key in rest)
        grown = sum(max(0, sizes[key] - old[key]) for key in rest)
        holders.append(Holder(owner=_REST, count=count, bytes=size, grown=grown))
    return tuple(holders)


def _sums(blocks: Sequence[Block], document: Document, *, by_line: bool) -> tuple[Counter[_Key], Counter[_Key]]:
    """Bytes and chunks by owner (and line of the script), of the GC heap's areas."""
    sizes: Counter[_Key] = Counter()
    counts: Counter[_Key] = Counter()
    heaps = [(area.start, area.start + area.size) for area in document.areas if area.kind == "gc"]
    for block in blocks:
        if any(start <= block.address < end for start, end in heaps):
            key = (block.owner, block.line if by_line and block.owner not in WITHOUT_LINE else 0)
            sizes[key] += block.bytes
            counts[key] += 1
    return sizes, counts


def _sentence(request: Request, holders: Sequence[Holder], free_before: int | None) -> str:
    """Of a heap that is full: who took what was free, or else who holds it."""
    purpose = f"line {request.line}" if request.line else f"the {request.owner}"
    more = f"{format_bytes(request.needed)} more, for {purpose}, found no room"
    grown = sorted((holder for holder in holders if holder.grown), key=lambda holder: -holder.grown)
    taken = sum(holder.grown for holder in grown)
    if free_before is not None and taken * 2 > free_before > 0:
        names = _list([_named(holder, holder.grown) for holder in grown[:_NAMED] if holder.grown * _TELLS >= taken])
        return f"{format_bytes(taken)} of the {format_bytes(free_before)} bytes that were free went to {names}; {more}"
    held = sum(holder.bytes for holder in holders)
    names = _list([_named(holder, holder.bytes) for holder in holders[:_NAMED] if holder.bytes * _TELLS >= held])
    return f"the heap is full, most of it with {names}; {more}"


def _named(holder: Holder, size: int) -> str:
    owner = holder.owner if len(holder.owner) <= _SHORTEST_NAME else f"{holder.owner[: _SHORTEST_NAME - 1]}…"
    where = f" of line {holder.line}" if holder.line else ""
    times = f"{format_bytes(holder.count)} × " if holder.count > 1 else ""
    return f"{times}{owner}{where} ({format_bytes(size)})"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


__all__ = ["WITHOUT_LINE", "with_holders"]
