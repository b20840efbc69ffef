"""``micropython.mem_info(1)``: the printed map of a heap, read and written, and two maps compared block by block.

Format: micropython/micropython v1.26.0 ``py/gc.c`` (``gc_dump_info``, ``gc_dump_alloc_table``): one letter a block,
64 a line, lines of free blocks only are counted instead of printed when there are two or more. A free block is ``.``,
a tail ``=``; a head's letter says what its first word points to (``L`` list, ``T`` tuple, ``h`` anything else, …).
A simulated heap has no first words, so its heads are all ``h``; comparing maps does not look at the letters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from omvsim.errors import TraceError
from omvsim.traces._lines import read_lines
from omvsim.traces._types import AreaUse, End, HeapMap, Snapshot, Trace, TraceHeader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from omvsim.heap import GcHeap

LINE_BLOCKS = 64
_ADDRESSES = 2**32
_DIGITS = 9
BLOCK = 16
FREE, TAIL, HEADS = ".", "=", "hTLDSAFBM"
"""Letters of a map; ``m`` (a mark) never shows outside a collection."""
HEAP_MAP_START = b"GC: total:"

_INFO = re.compile(r"GC: total: (\d+), used: (\d+), free: (\d+)")
_COUNTS = re.compile(r"No\. of 1-blocks: (\d+), 2-blocks: (\d+), max blk sz: (\d+), max free sz: (\d+)")
_AREA = re.compile(r"GC memory layout; from (?:0x)?([0-9a-fA-F]+):")
_ROW = re.compile(r"([0-9a-f]{5,8}): ([.=hTLDSAFBMm]+)")
_SKIPPED = re.compile(r"\((\d+) lines all free\)")


@dataclass(frozen=True, slots=True)
class AreaMap:
    """One area: the address of its first block and a letter for every block."""

    start: int
    blocks: str


@dataclass(frozen=True, slots=True)
class HeapDump:
    """What ``mem_info`` printed; sizes in bytes, ``max_free`` and ``max_block`` in blocks. Without a map no areas."""

    total: int
    used: int
    free: int
    num_1block: int
    num_2block: int
    max_block: int
    max_free: int
    areas: tuple[AreaMap, ...] = ()


@dataclass(frozen=True, slots=True)
class MapDifference:
    """A run of neighbouring blocks that differ: what each map shows there, as letters (heads are ``h``)."""

    area: int
    address: int
    blocks: int
    left: str
    right: str


def parse_mem_info(text: str, source: str = "mem_info") -> HeapDump:
    """Read a printed heap map (or only its two lines of totals).

    Raises:
        TraceError: it is none, is cut off, or contradicts itself.
    """
    info, counts = _INFO.search(text), _COUNTS.search(text)
    if info is None or counts is None:
        raise TraceError(source, "no totals as mem_info prints them")
    total, used, free = (int(value) for value in info.groups())
    one, two, largest, longest = (int(value) for value in counts.groups())
    areas = tuple(_parse_areas(text, source))
    if areas:
        blocks = sum(len(area.blocks) for area in areas)
        taken = sum(len(area.blocks) - area.blocks.count(FREE) for area in areas)
        if (blocks * BLOCK, taken * BLOCK) != (total, used):
            cause = f"the map shows {taken * BLOCK} of {blocks * BLOCK} bytes used, its totals say {used} of {total}"
            raise TraceError(source, f"{cause}: lines are missing or out of order")
    return HeapDump(total, used, free, one, two, largest, longest, areas)


def _parse_areas(text: str, source: str) -> Iterator[AreaMap]:
    starts = list(_AREA.finditer(text))
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        yield AreaMap(int(start[1], 16), _parse_blocks(text[start.end() : end], source))


def _parse_blocks(text: str, source: str) -> str:
    blocks: list[str] = []
    length = 0
    for line in text.splitlines():
        skipped, row = _SKIPPED.search(line), _ROW.match(line.strip())
        if skipped is not None:
            # Of more digits than any address the host would not even read the number.
            if len(skipped[1]) > _DIGITS or int(skipped[1]) * LINE_BLOCKS * BLOCK >= _ADDRESSES:
                raise TraceError(source, "the map leaves out more lines than 32 bits of addresses have")
            blocks.append(FREE * LINE_BLOCKS * int(skipped[1]))
        elif row is not None:
            if int(row[1], 16) != length * BLOCK:
                raise TraceError(source, f"the map jumps to {row[1]}: lines are missing or out of order")
            blocks.append(row[2])
        else:
            continue
        length += len(blocks[-1])
    return "".join(blocks)


def dump_heap(heap: GcHeap) -> HeapDump:
    """The map of a simulated heap."""
    info = heap.info()
    letters = {0: FREE, 1: "h", 2: TAIL}
    areas = tuple(AreaMap(area.pool_start, "".join(letters[kind] for kind in area.kinds)) for area in heap.areas)
    return HeapDump(
        info.total, info.used, info.free, info.num_1block, info.num_2block, info.max_block, info.max_free, areas
    )


def format_mem_info(dump: HeapDump) -> str:
    """The text ``micropython.mem_info(1)`` prints for it, without the line about the C stack."""
    lines = [
        f"GC: total: {dump.total}, used: {dump.used}, free: {dump.free}",
        f" No. of 1-blocks: {dump.num_1block}, 2-blocks: {dump.num_2block}, "
        f"max blk sz: {dump.max_block}, max free sz: {dump.max_free}",
    ]
    for area in dump.areas:
        lines.append(f"GC memory layout; from {area.start:x}:")
        lines += _rows(area.blocks)
    return "".join(f"{line}\n" for line in lines)


def _rows(blocks: str) -> Iterator[str]:
    start = 0
    while start < len(blocks):
        run = len(blocks) - start - len(blocks[start:].lstrip(FREE))
        if run >= 2 * LINE_BLOCKS:
            yield f"       ({run // LINE_BLOCKS} lines all free)"
            start = (start + run) & ~(LINE_BLOCKS - 1)
            if start >= len(blocks):
                return
        yield f"{start * BLOCK:08x}: {blocks[start : start + LINE_BLOCKS]}"
        start += LINE_BLOCKS


def diff_maps(left: HeapDump, right: HeapDump) -> list[MapDifference]:
    """Where two maps of the same areas differ, in runs of neighbouring blocks.

    Raises:
        TraceError: the areas are not the same.
    """
    shapes = [[(area.start, len(area.blocks)) for area in dump.areas] for dump in (left, right)]
    if shapes[0] != shapes[1]:
        raise TraceError("mem_info", f"the maps are of different areas: {_areas(left)} and {_areas(right)}")
    found: list[MapDifference] = []
    for index, (one, other) in enumerate(zip(left.areas, right.areas, strict=True)):
        ours, theirs = _kinds(one.blocks), _kinds(other.blocks)
        differing = (block for block in range(len(ours)) if ours[block] != theirs[block])
        for _, group in groupby(enumerate(differing), key=lambda entry: entry[1] - entry[0]):
            run = [block for _, block in group]
            first, count = run[0], len(run)
            part = slice(first, first + count)
            found.append(MapDifference(index, one.start + first * BLOCK, count, ours[part], theirs[part]))
    return found


def _kinds(blocks: str) -> str:
    return re.sub(f"[{HEADS}]", "h", blocks)


def _areas(dump: HeapDump) -> str:
    return ", ".join(f"{len(area.blocks)} blocks from 0x{area.start:08x}" for area in dump.areas) or "none"


def snapshot_of_dump(label: str, dump: HeapDump) -> Snapshot:
    """A printed map as a snapshot."""
    return Snapshot(
        label,
        dump.used,
        dump.free,
        dump.max_free,
        dump.max_block,
        dump.num_1block,
        dump.num_2block,
        tuple(_area_use(area.blocks) for area in dump.areas),
    )


def _area_use(blocks: str) -> AreaUse:
    longest = max((len(run) for run in re.findall(r"\.+", blocks)), default=0)
    return AreaUse(len(blocks) - blocks.count(FREE), longest)


def read_mem_info(path: str | Path) -> Trace:
    """A file with a printed heap map as a trace of one snapshot.

    Raises:
        TraceError: it cannot be read or is no such map.
    """
    text = decode(read_lines(path))
    dump = parse_mem_info(text, str(path))
    header = TraceHeader(origin="mem_info", firmware="unknown")
    label = "mem_info"
    return Trace(str(path), header, (snapshot_of_dump(label, dump), HeapMap(label, text), End()))


def read_heap_map(path: str | Path) -> HeapDump:
    """The map in a file that ``mem_info(1)`` printed.

    Raises:
        TraceError: it cannot be read, is no such map, or holds only the totals.
    """
    dump = parse_mem_info(decode(read_lines(path)), str(path))
    if not dump.areas:
        raise TraceError(path, "only the totals, no map: print it with micropython.mem_info(1)")
    return dump


def decode(lines: Iterable[bytes]) -> str:
    """Text from a serial line: whatever is no UTF-8 is noise. PowerShell's ``>`` writes UTF-16 with its mark."""
    data = b"".join(lines)
    coding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    return data.decode(coding, errors="replace").replace("\r\n", "\n")


__all__ = [
    "AreaMap",
    "HeapDump",
    "MapDifference",
    "diff_maps",
    "dump_heap",
    "format_mem_info",
    "parse_mem_info",
    "read_heap_map",
    "read_mem_info",
    "snapshot_of_dump",
]
