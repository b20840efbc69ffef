"""A capture for a terminal: what is in use by owner, the heap as letters, the moments one below the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from omvsim.capture import HeapMaps
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.capture import Area, Block, Capture, Document, Moment

_WIDTH = 80
_ROWS = 8
_OWNERS = 6
_BAR = 20


def _shown(capture: Capture, maps: HeapMaps) -> int | None:
    """The moment of the failing request, else the last that is mapped."""
    request = capture.document.verdict.request
    if request is not None and request.moment in maps.moments:
        return request.moment
    return maps.moments[-1] if maps.moments else None


def _title(document: Document) -> str:
    return f"{document.title}: {document.verdict.word}: {document.verdict.sentence}"


def _name(moment: Moment) -> str:
    words = {"frame": f"frame {moment.frame}", "refusal": f"no room: {moment.label}", "step": moment.label}
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
        owner = f"{block.owner}, line {block.line}" if block.line else block.owner
        sizes[owner] += block.bytes
        counts[owner] += 1
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
    document, maps = capture.document, HeapMaps(capture)
    yield _title(document)
    moment = _shown(capture, maps)
    if moment is None:
        yield "no memory was watched in this kind of run"
        return
    yield f"at {_name(document.moments[moment])}; . free   h a chunk starts here   = inside a chunk"
    blocks = maps.at(moment)
    for area in document.areas:
        cells = (_WIDTH - 12) * _ROWS
        each = format_bytes(-(-area.size // cells))
        yield f"{area.name} {area.memory}: {format_bytes(area.size)} bytes, {each} a letter"
        letters = _letters(_inside(blocks, area), area, cells)
        for row in range(_ROWS):
            at = area.start + area.size * row // _ROWS
            yield f"{format_address(at)}: {letters[row * (_WIDTH - 12) : (row + 1) * (_WIDTH - 12)]}"


def _letters(blocks: Sequence[Block], area: Area, cells: int) -> str:
    letters = ["."] * cells
    for block in blocks:
        first = (block.address - area.start) * cells // area.size
        last = (block.address + block.bytes - area.start - 1) * cells // area.size
        for cell in range(first + 1, last + 1):
            letters[cell] = "="
        letters[first] = "h"
    return "".join(letters)


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
    """Lines without what would steer a terminal: names come from models and scripts."""
    return "".join("".join(c if c.isprintable() else "?" for c in line) + "\n" for line in lines)


__all__ = ["map_text", "timeline_text", "tree_text"]
