"""A larger GC area, within what the memory has: free space behind it, or what frame buffers and pools can spare."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from omvsim.boards import Region, RegionKind
from omvsim.errors import BoardError
from omvsim.records import dataclass
from omvsim.units import align_up, format_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.boards import Board

Outcome = TypeVar("Outcome")

_KIB = 1024
_STEPS_KIB = (1, 4, 16, 64, 256, 1024, 4096, 16384)
_DONORS = (RegionKind.FB_ALLOC, RegionKind.FRAME_BUFFER, RegionKind.UMA)
"""Who gives memory, in this order, each at most half of what it has: the camera still takes pictures."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A board whose last GC area is larger, and who gave the memory (empty: nobody used it)."""

    board: Board
    taken_from: str


def most_growth(board: Board) -> int:
    """No growth of the last area beyond this can succeed: the length of its memory, or of the largest there is."""
    memory = board.memory(board.gc_areas[-1].memory)
    return max(memory.length, *(m.length for m in board.memories)) - board.gc_areas[-1].length


def grown(board: Board, extra: int) -> Growth | None:
    """The board with ``extra`` more bytes for the last area; None where its memory does not have them."""
    if extra > most_growth(board):
        return None
    last_memory = board.gc_areas[-1].memory
    *first, last = ((area.length, area.origin) for area in board.gc_areas)
    try:
        larger = board.with_gc_areas([*first, (last[0] + extra, last[1])])
    except BoardError:
        # A firmware built anew moves what is behind the area: what nobody uses at the memory's end is taken first.
        unused = sum(region.size for region in board.regions_in(last_memory) if region.kind is RegionKind.FREE)
        missing = dict.fromkeys((max(0, extra - unused), extra))
        return next((growth for each in missing if (growth := _with_gifts(board, extra, each)) is not None), None)
    return Growth(larger, "")


def _with_gifts(board: Board, extra: int, missing: int) -> Growth | None:
    """``missing`` bytes of the ``extra`` ones are given by others."""
    area = board.gc_areas[-1]
    sizes: dict[str, str | int | float | bool] = {f"gc[{area.index}].size": area.length + extra}
    gifts, missing = [], align_up(missing, _KIB)
    donors = sorted(
        (region for region in board.regions_in(area.memory) if region.kind in _DONORS and region.name),
        key=lambda region: _DONORS.index(region.kind),
    )
    for donor in donors:
        gift = min(missing, donor.size // 2 // _KIB * _KIB)
        if gift <= 0:
            continue
        sizes[f"{_name(donor)}.size"] = donor.size - gift
        gifts.append(f"{_name(donor)} {format_size(donor.size)} → {format_size(donor.size - gift)}")
        missing -= gift
    if missing > 0:
        return None
    try:
        larger = board.with_values(sizes)
    except BoardError:
        return None
    return Growth(larger, ", ".join(gifts))


def _name(region: Region) -> str:
    return region.name if region.index is None else f"{region.kind}[{region.index}]"


def smallest_growth(
    board: Board, missing: int, works: Callable[[Board], Outcome | None]
) -> tuple[Growth, Outcome] | None:
    """The least that helps, in KiB to about 1.5 %: galloping from ``missing`` bytes, then halving.

    Only what the area's memory has is tried. Whether a model loads is not monotonic in the area's size, so this is a
    size that works, not a bound for all.
    """

    def tried(kib: int) -> tuple[Growth, Outcome] | None:
        growth = grown(board, kib * _KIB)
        outcome = None if growth is None else works(growth.board)
        return None if growth is None or outcome is None else (growth, outcome)

    least = -(-missing // _KIB)
    fails, enough = least - 1, least
    found = None
    for step in _STEPS_KIB:
        enough = least + step - 1
        found = tried(enough)
        if found is not None:
            break
        fails = enough
    if found is None:
        return None
    while enough - fails > max(1, enough // 64):
        middle = (enough + fails) // 2
        better = tried(middle)
        if better is None:
            fails = middle
        else:
            enough, found = middle, better
    return found


def growth_title(board: Board, growth: Growth) -> str:
    """What a firmware of one's own would have to change."""
    area, length = board.gc_areas[-1], growth.board.gc_areas[-1].length
    more = (length - area.length) // _KIB
    title = f"Give the heap {more} KiB more: gc[{area.index}] ({area.memory}) of {length // _KIB} KiB"
    return f"{title}, taken from others ({growth.taken_from})" if growth.taken_from else title
