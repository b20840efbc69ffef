"""A capture for a terminal: what is in use by owner, the heap as letters, the moments one below the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from omvsim.capture import HeapMaps
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.capture import Area, Block, Capture, Document, Moment

_WIDTH = 80
_ROWS = 8
_OWNERS = 6
_BAR = 20
MAP_LEGEND = ". free   h a chunk starts here   = inside a chunk"

_LABEL = 16
"""Characters of what a moment is called: the rest of its line is the legend."""


def _shown(capture: Capture, maps: HeapMaps) -> int | None:
    """The moment of the failing request, else the last that is mapped."""
    request = capture.document.verdict.request
    if request is not None and request.moment in maps.moments:
        return request.moment
    return maps.moments[-1] if maps.moments else None


def _title(document: Document) -> str:
    return f"{document.title}: {document.verdict.word}: {document.verdict.sentence}"


def _name(moment: Moment) -> str:
    label = moment.label if len(moment.label) <= _LABEL else f"{moment.label[: _LABEL - 1]}…"
    words = {"frame": f"frame {moment.frame}", "refusal": f"no room: {label}", "step": label}
    return words.get(moment.kind, f"{moment.kind}: {moment.label}")


def _inside(blocks: Sequence[Block], area: Area) -> list[Block]:
    return [block for block in blocks if area.start <= block.address < area.start + area.size]


def tree_text(capture: Capture) -> str:
    """What is in use, by area and owner, most first."""
    return _text(_tree(capture))


def _tree(capture: Capture) -> Iterator[str]:
    document, maps = capture.document, HeapMaps(capture)
    yield _title(document)
    moment = _shown(capture, maps)
    if moment is None:
        yield "no memory was watched in this kind of run"
        return
    yield f"in use at {_name(document.moments[moment])}:"
    blocks = maps.at(moment)
    for area, level in zip(document.areas, document.moments[moment].levels, strict=True):
        free = area.size - level.used
        yield f"{area.name} {area.memory}: {format_bytes(level.used)} used, {format_bytes(free)} free"
        yield from _owners(_inside(blocks, area), level.used)


def _owners(blocks: Sequence[Block], used: int) -> Iterator[str]:
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for block in blocks:
        sizes[_owner(block)] += block.bytes
        counts[_owner(block)] += 1
    ranked = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    for owner, size in ranked[:_OWNERS]:
        bar = "#" * round(_BAR * size / max(1, used))
        line = f"  {format_bytes(size):>11}  {bar:<{_BAR}}  {counts[owner]} × {owner}"
        yield line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
    rest = ranked[_OWNERS:]
    if rest:
        yield f"  {format_bytes(sum(size for _, size in rest)):>11}  {'':<{_BAR}}  in {len(rest)} more owners"


def map_text(capture: Capture) -> str:
    """Every area as rows of letters: ``.`` free, ``h`` a chunk starts there, ``=`` inside a chunk.

    ``h``, ``=`` and ``.`` are those of ``gc_dump_alloc_table`` (micropython/micropython v1.26.0, py/gc.c), which
    shows single blocks: a head, a tail and a free block.
    """
    return _text(_map(capture))


def _map(capture: Capture) -> Iterator[str]:
    yield _title(capture.document)
    drawn = draw_map(capture)
    if drawn is None:
        yield "no memory was watched in this kind of run"
        return
    yield f"at {drawn.moment}; {MAP_LEGEND}"
    for area in drawn.areas:
        yield area.title
        for start, letters, _ in area.rows:
            yield f"{start}: {letters}"


class DrawnArea(NamedTuple):
    """An area as rows of (address, letters, owner of each letter; empty where free)."""

    title: str
    rows: Sequence[tuple[str, str, Sequence[str]]]


class DrawnMap(NamedTuple):
    """Every area at one moment; ``sizes`` are the bytes of each owner."""

    moment: str
    areas: Sequence[DrawnArea]
    sizes: Counter[str]


def draw_map(capture: Capture) -> DrawnMap | None:
    """The areas at the moment that matters; None where no memory was watched."""
    document, maps = capture.document, HeapMaps(capture)
    moment = _shown(capture, maps)
    if moment is None:
        return None
    blocks = maps.at(moment)
    sizes: Counter[str] = Counter()
    for block in blocks:
        sizes[_owner(block)] += block.bytes
    areas = [_draw_area(_inside(blocks, area), area) for area in document.areas]
    return DrawnMap(_name(document.moments[moment]), areas, sizes)


def _draw_area(blocks: Sequence[Block], area: Area) -> DrawnArea:
    across = _WIDTH - 12
    cells = across * _ROWS
    letters, owners = ["."] * cells, [""] * cells
    for block in blocks:
        first = (block.address - area.start) * cells // area.size
        last = (block.address + block.bytes - area.start - 1) * cells // area.size
        letters[first : last + 1] = ["h", *["="] * (last - first)]
        owners[first : last + 1] = [_owner(block)] * (last - first + 1)
    rows = []
    for row in range(_ROWS):
        part = slice(row * across, (row + 1) * across)
        rows.append((format_address(area.start + area.size * row // _ROWS), "".join(letters[part]), owners[part]))
    each = format_bytes(-(-area.size // cells))
    return DrawnArea(f"{area.name} {area.memory}: {format_bytes(area.size)} bytes, {each} a letter", rows)


def _owner(block: Block) -> str:
    return f"{block.owner}, line {block.line}" if block.line else block.owner


def timeline_text(capture: Capture) -> str:
    """The heap at every moment."""
    return _text(_timeline(capture))


def _timeline(capture: Capture) -> Iterator[str]:
    document = capture.document
    yield _title(document)
    heaps = [number for number, area in enumerate(document.areas) if area.kind == "gc"]
    whole = sum(document.areas[number].size for number in heaps)
    if not whole:
        yield "no memory was watched in this kind of run"
        return
    yield f"{'moment':<24} {'used':>11} {'free':>11} {'longest':>11}"
    for moment in document.moments:
        used = sum(moment.levels[number].used for number in heaps)
        longest = max(moment.levels[number].longest_free for number in heaps)
        bar = "#" * round((_WIDTH - 62) * used / whole)
        figures = (used, whole - used, longest)
        yield f"{_name(moment)[:24]:<24} {' '.join(f'{format_bytes(each):>11}' for each in figures)} {bar}".rstrip()


def _text(lines: Iterator[str]) -> str:
    return "".join(printable(line) + "\n" for line in lines)


def printable(line: str) -> str:
    """Without what would steer a terminal: names come from models and scripts."""
    return "".join(c if c.isprintable() else "?" for c in line)


__all__ = ["MAP_LEGEND", "DrawnArea", "DrawnMap", "draw_map", "map_text", "printable", "timeline_text", "tree_text"]
