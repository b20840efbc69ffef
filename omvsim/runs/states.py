"""How full every memory is: the GC areas, the frame buffer with its fb_alloc stack, or the UMA pools."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from omvsim.firmware import pool_uses
from omvsim.heap import BLOCK
from omvsim.records import NamedTuple, dataclass

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.firmware import Camera, PoolUse
    from omvsim.heap import GcHeap

SLICES: Final = 96
"""Parts an area is cut into to say how full it is where."""
LARGE_BLOCKS: Final = 64
"""Chunks of 1 KiB and more are reported one by one."""


@dataclass(frozen=True, slots=True)
class AreaState:
    """One GC area at the end (or at the failure)."""

    index: int
    memory: str
    origin: int
    length: int
    pool_bytes: int
    used_bytes: int
    longest_free_bytes: int
    occupancy: tuple[int, ...] = ()
    """Blocks in chunks in each of :data:`SLICES` equal parts of the pool, by address."""
    large_chunks: tuple[tuple[int, int], ...] = ()
    """(address, bytes in blocks) of every chunk of at least 1 KiB, garbage included, by address."""


class PoolState(NamedTuple):
    """The frame buffer memory, its overlay or a UMA pool at the end (or at the failure)."""

    name: str
    """``frame_buffer`` (with fb_alloc's stack behind it), ``overlay`` (its fast part) or ``uma[0]`` …"""
    memory: str
    origin: int
    length: int
    used_bytes: int
    """In frame buffers and blocks, without an allocator's own tables."""
    longest_free_bytes: int
    """What one request is sure to get."""
    occupancy: tuple[int, ...] = ()
    """Bytes in use in each of :data:`SLICES` equal parts, by address."""


class MemorySnapshot(NamedTuple):
    """The memory at the end of a run, or at its failure: the one that every report shows. Bytes in whole blocks.

    Garbage is in use until it is collected, as ``gc.mem_free()`` counts; what a script can still have is what a
    collection leaves free, for a request without room collects before it fails.
    """

    used_at_start: int | None
    """When the script's first line runs; None where none did."""
    high_water: int
    """Since power-up; compiling the script included."""
    used: int
    free: int
    longest_free: int
    live: int
    """In use after one more collection."""
    free_collected: int
    longest_collected: int
    areas: tuple[AreaState, ...]
    """As the run left them, with garbage."""
    collected: tuple[AreaState, ...]
    """The same after that collection, without occupancy and chunks."""
    pools: tuple[PoolState, ...]


def area_states(board: Board, heap: GcHeap, *, sizes_only: bool = False) -> tuple[AreaState, ...]:
    """Every area of the garbage collector; ``sizes_only``: without occupancy and chunks."""
    return tuple(
        AreaState(
            index=area.index,
            memory=board.gc_areas[area.index].memory,
            origin=board.gc_areas[area.index].origin,
            length=board.gc_areas[area.index].length,
            pool_bytes=area.blocks * BLOCK,
            used_bytes=area.used * BLOCK,
            longest_free_bytes=area.longest_free_run() * BLOCK,
            occupancy=() if sizes_only else tuple(area.occupancy(SLICES)),
            large_chunks=()
            if sizes_only
            else tuple(
                (area.address_of(block), count * BLOCK) for block, count in area.chunks() if count >= LARGE_BLOCKS
            ),
        )
        for area in heap.areas
    )


def pool_states(camera: Camera) -> tuple[PoolState, ...]:
    """Every pool of the release."""
    return tuple(_state(use) for use in pool_uses(camera))


def _state(use: PoolUse) -> PoolState:
    whole = use.whole
    bounds = [whole.start + whole.size * part // SLICES for part in range(SLICES + 1)]
    return PoolState(
        name=use.name,
        memory=use.memory,
        origin=whole.start,
        length=whole.size,
        used_bytes=sum(span.size for span in use.used),
        longest_free_bytes=use.longest_free,
        occupancy=tuple(
            sum(max(0, min(span.end, high) - max(span.start, low)) for span in use.used)
            for low, high in itertools.pairwise(bounds)
        ),
    )


__all__ = ["SLICES", "AreaState", "PoolState", "MemorySnapshot", "area_states", "pool_states"]
