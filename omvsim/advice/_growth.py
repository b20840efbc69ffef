"""A larger GC area, within what the memory has: free space behind it, or what frame buffers and pools can spare."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from omvsim.boards import Region, RegionKind
from omvsim.errors import BoardError
from omvsim.units import align_up, format_size

if TYPE_CHECKING:
    from omvsim.advice._case import Case
    from omvsim.boards import Board

_KIB = 1024
_DONORS = (RegionKind.FB_ALLOC, RegionKind.FRAME_BUFFER, RegionKind.UMA)
"""Who gives memory, in this order, each at most half of what it has: the camera still takes pictures."""


@dataclasses.dataclass(frozen=True, slots=True)
class Growth:
    """A case whose last GC area is larger, and who gave the memory (empty: nobody used it)."""

    case: Case
    taken_from: str


def most_growth(board: Board) -> int:
    """No growth of the last area beyond this can succeed: the length of its memory, or of the largest there is."""
    memory = board.memory(board.gc_areas[-1].memory)
    return max(memory.length, *(m.length for m in board.memories)) - board.gc_areas[-1].length


def grown(case: Case, extra: int) -> Growth | None:
    """The case with ``extra`` more bytes for the last area; None where its memory does not have them."""
    board = case.board
    if extra > most_growth(board):
        return None
    *first, last = ((area.length, area.origin) for area in board.gc_areas)
    try:
        larger = board.with_gc_areas([*first, (last[0] + extra, last[1])])
    except BoardError:
        return _with_gifts(case, extra)
    return Growth(dataclasses.replace(case, board=larger), "")


def _with_gifts(case: Case, extra: int) -> Growth | None:
    board, area = case.board, case.board.gc_areas[-1]
    sizes: dict[str, str | int | float | bool] = {f"gc[{area.index}].size": area.length + extra}
    gifts, missing = [], align_up(extra, _KIB)
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
    return Growth(dataclasses.replace(case, board=larger), ", ".join(gifts))


def _name(region: Region) -> str:
    return region.name if region.index is None else f"{region.kind}[{region.index}]"
