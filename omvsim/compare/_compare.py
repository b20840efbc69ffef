"""Compares two captures, figure by figure, owner by owner, request by request."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from omvsim.capture import ALLOC, KINDS, MOVE, PLACED, REFUSED, HeapMaps
from omvsim.compare._types import Change, Comparison, Deciding, FigurePair, Held, Parting
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.capture import Area, Capture, Document, Request, Unit

_MODEL = "MODEL"
_ELSEWHERE = "elsewhere"


def compare_captures(a: Capture, b: Capture, titles: tuple[str, str]) -> Comparison:
    """Put ``a`` and ``b`` side by side."""
    documents = a.document, b.document
    sides = _Side(a), _Side(b)
    return Comparison(
        titles=titles,
        subjects=(_subject(documents[0]), _subject(documents[1])),
        words=(documents[0].verdict.word, documents[1].verdict.word),
        sentences=(documents[0].verdict.sentence, documents[1].verdict.sentence),
        tones=(documents[0].verdict.tone, documents[1].verdict.tone),
        figures=tuple(_figures(*sides)),
        owners=_changes(sides[0].held(), sides[1].held()),
        regions=_changes(sides[0].regions(), sides[1].regions()),
        parting=_parting(*sides),
        deciding=_deciding(*sides),
    )


def _subject(document: Document) -> str:
    return ", ".join(filter(None, (document.title, document.subtitle)))


class _Side:
    """One capture with what is asked of it more than once."""

    def __init__(self, capture: Capture) -> None:
        self.capture, self.document = capture, capture.document
        self.names = [self.plain(name) for name in self.document.names]

    def plain(self, owner: str) -> str:
        """An owner without the file name of its model, which two models never share."""
        for arena in self.document.arenas:
            owner = owner.replace(arena.model, _MODEL)
        return owner

    def rows(self) -> list[tuple[int, str, int, int]]:
        """(kind, owner, bytes, address) of every request that asks for memory."""
        column = self.capture.column
        asks = np.flatnonzero(np.isin(column("request_kind"), (ALLOC, MOVE, PLACED, REFUSED)))
        columns = (column(f"request_{key}")[asks].tolist() for key in ("kind", "name", "bytes", "address"))
        return [(kind, self.names[name], size, address) for kind, name, size, address in zip(*columns, strict=True)]

    def area_of(self, address: int) -> str:
        """The area's name."""
        inside = (each.name for each in self.document.areas if _within(each, address))
        return next(inside, _ELSEWHERE)

    def held(self) -> dict[str, Held]:
        """By owner, at the moment that decided or the last one."""
        maps = HeapMaps(self.capture)
        moment = self.document.verdict.held_at
        if moment is None and maps.moments:
            moment = maps.moments[-1]
        if moment is None:
            return {}
        places: dict[str, Counter[str]] = defaultdict(Counter)
        chunks: Counter[str] = Counter()
        for block in maps.at(moment):
            owner = self.plain(block.owner)
            places[owner][self.area_of(block.address)] += block.bytes
            chunks[owner] += 1
        return {
            owner: Held(sum(by.values()), chunks[owner], tuple(name for name, _ in by.most_common()))
            for owner, by in places.items()
        }

    def regions(self) -> dict[str, Held]:
        """Regions of the board by memory and title."""
        board = self.document.board
        if board is None:
            return {}
        found: dict[str, Held] = {}
        for region in board.regions:
            name = f"{region.memory}: {region.title}"
            before = found.get(name, Held(0, 0, ()))
            where = (*before.places, format_address(region.origin))
            found[name] = Held(before.bytes + region.size, before.chunks + 1, where)
        return found

    def free(self) -> tuple[int, int] | None:
        """(free, longest free run) of the heap at the moment that decided, or the last one."""
        verdict, moments = self.document.verdict, self.document.moments
        heaps = [number for number, area in enumerate(self.document.areas) if area.kind == "gc"]
        if not heaps or not moments:
            return None
        levels = moments[verdict.held_at if verdict.held_at is not None else -1].levels
        free = sum(self.document.areas[number].size - levels[number].used for number in heaps)
        return free, max(levels[number].longest_free for number in heaps)


def _within(area: Area, address: int) -> bool:
    return area.origin <= address < area.origin + area.length


def _changes(a: dict[str, Held], b: dict[str, Held]) -> tuple[Change, ...]:
    changes = [Change(name, a.get(name), b.get(name)) for name in dict.fromkeys((*a, *b))]
    return tuple(sorted(changes, key=lambda change: (-abs(change.difference), change.what == ("same",), change.name)))


# -- requests -------------------------------------------------------------------------------------------------------


def _parting(a: _Side, b: _Side) -> Parting | None:
    """Where the two ask for different things for the first time."""
    first, second = a.rows(), b.rows()
    for number in range(max(len(first), len(second))):
        one = first[number] if number < len(first) else None
        other = second[number] if number < len(second) else None
        if one is None or other is None or one[:3] != other[:3]:
            return Parting(number, _words(one), _words(other))
    return None


def _words(row: tuple[int, str, int, int] | None) -> str | None:
    if row is None:
        return None
    kind = KINDS[row[0]] if row[0] < len(KINDS) else str(row[0])
    return f"{kind}: {format_bytes(row[2])} bytes for {row[1]}"


def _deciding(a: _Side, b: _Side) -> Deciding | None:
    """The refusal of one; of two refusals that of A."""
    for key, failing, other in (("a", a, b), ("b", b, a)):
        request = failing.document.verdict.request
        if request is not None:
            return _decided(key == "a", failing, other, request)
    return None


def _decided(is_a: bool, failing: _Side, other: _Side, request: Request) -> Deciding:
    owner = failing.plain(request.owner)
    got = _same_request(other, owner, request) if other.document.verdict.request is None else None
    return Deciding(
        side="a" if is_a else "b",
        owner=owner,
        bytes=request.bytes,
        needed=request.needed,
        longest_free=request.longest_free,
        free=request.free,
        other_place=None if got is None else f"{other.area_of(got[1])} at {format_address(got[1])}",
        other_bytes=None if got is None else got[0],
    )


def _same_request(side: _Side, owner: str, request: Request) -> tuple[int, int] | None:
    """(bytes, address) of the other's request for the same: the last of its owner, or of its line in a script."""
    column = side.capture.column
    lines = column("request_line").tolist()
    made = [
        (size, address)
        for number, (kind, name, size, address) in enumerate(_all(side))
        if kind in (ALLOC, MOVE, PLACED) and (lines[number] == request.line if request.line else name == owner)
    ]
    return made[-1] if made else None


def _all(side: _Side) -> Iterator[tuple[int, str, int, int]]:
    columns = (side.capture.column(f"request_{key}").tolist() for key in ("kind", "name", "bytes", "address"))
    return ((kind, side.names[name], size, address) for kind, name, size, address in zip(*columns, strict=True))


# -- figures --------------------------------------------------------------------------------------------------------


def _figures(a: _Side, b: _Side) -> Iterator[FigurePair]:
    """Those that at least one of them has."""
    first, second = _values(a), _values(b)
    for name, unit, more_is_worse in _NAMES:
        if name in first or name in second:
            yield FigurePair(name, unit, first.get(name), second.get(name), more_is_worse)


_NAMES: Sequence[tuple[str, Unit, bool]] = (
    ("heap free", "bytes", False),
    ("longest free run", "bytes", False),
    ("model file", "bytes", True),
    ("arena used", "bytes", True),
    ("arena head", "bytes", True),
    ("arena tail", "bytes", True),
    ("operators", "count", True),
    ("inference", "ms", True),
    ("frame", "ms", True),
    ("garbage a frame", "bytes", True),
    ("frames until a collection", "count", False),
    ("requests", "count", True),
)
"""Name, unit, and whether more of it is worse."""


def _values(side: _Side) -> dict[str, float]:
    document = side.document
    found: dict[str, float | None] = {"requests": len(side.capture.column("request_kind")) or None}
    if (free := side.free()) is not None:
        found |= {"heap free": free[0], "longest free run": free[1]}
    for arena in document.arenas[:1]:
        found |= {"model file": arena.file_bytes, "arena used": arena.used, "arena head": arena.head}
        found |= {"arena tail": arena.tail, "operators": len(arena.steps) or None}
    if document.timing is not None:
        found |= {"inference": document.timing.inference[1], "frame": document.timing.frame[1]}
    if document.loop is not None:
        found |= {"garbage a frame": document.loop.garbage_per_frame}
        found |= {"frames until a collection": document.loop.frames_until_collection}
    return {name: value for name, value in found.items() if value is not None}


__all__ = ["compare_captures"]
