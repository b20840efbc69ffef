"""What changed between two releases, in words, from the board profiles and the facts of each release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.units import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.boards import Board, Region


def changes(old: Board, new: Board) -> tuple[str, ...]:
    """Clauses such as ``OCRM2 area 26K → 64K``; empty when nothing that matters for memory changed."""
    return (*_gc(old, new), *_regions(old, new), *_pools(old, new), *_code(old, new))


def _gc(old: Board, new: Board) -> Iterator[str]:
    before = {area.memory: area.length for area in old.gc_areas}
    after = {area.memory: area.length for area in new.gc_areas}
    for memory in [*after, *(memory for memory in before if memory not in after)]:
        if before.get(memory) != after.get(memory):
            yield f"GC area in {memory} {_size(before.get(memory))} → {_size(after.get(memory))}"


def _regions(old: Board, new: Board) -> Iterator[str]:
    for title in ("frame_buffer", "fb_alloc", "overlay", "romfs"):
        before: Region | None = getattr(old, title)
        after: Region | None = getattr(new, title)
        first, second = _region_size(before), _region_size(after)
        if first != second:
            yield f"{title.replace('_', ' ')} {_size(first)} → {_size(second)}"


def _pools(old: Board, new: Board) -> Iterator[str]:
    if not old.uma_pools and new.uma_pools:
        sizes = " + ".join(format_size(pool.length) for pool in new.uma_pools)
        yield f"UMA pools {sizes} take over from the frame buffer and fb_alloc"


def _code(old: Board, new: Board) -> Iterator[str]:
    first, second = old.release, new.release
    if first.module != second.module:
        yield f"module {first.module} → {second.module}"
    if first.library != second.library:
        yield f"TFLM library {first.library} → {second.library}"
    if first.arena.sizing != second.arena.sizing:
        places = {"gc": "the longest free run of the GC heap", "fb_alloc": "what fb_alloc has left"}
        yield f"the arena is sized in {places.get(second.arena.sizing, second.arena.sizing)}"
    if first.arena.extra != second.arena.extra:
        yield f"slack of the arena {first.arena.extra} → {second.arena.extra} bytes"
    if second.aligns_data and not first.aligns_data:
        yield "a model file's copy starts on a cache line (up to 62 bytes more)"
    if second.looks_for_labels and not first.looks_for_labels:
        yield "models open through the file system, ROM included, and labels are looked for"
    if second.by_reference and not first.by_reference:
        yield "a callback gets the outputs by reference, without a float copy"
    if second.normalises_in_place and not first.normalises_in_place:
        yield "a picture for a float model is scaled in place, without two copies of the input"
    if first.load_to_fb and not second.load_to_fb:
        yield "no load_to_fb"
    if first.fallback != second.fallback:
        yield "a model file that does not fit the GC heap goes to UMA"


def _region_size(region: Region | None) -> int | None:
    return None if region is None else region.size


def _size(size: int | None) -> str:
    return "none" if size is None else format_size(size)
