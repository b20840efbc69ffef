"""Which of the time model's memories a place of the board is in: the board profile says it (``timing.tier``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import RegionKind
from omvsim.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board, Region

_MOVABLE = (RegionKind.GC, RegionKind.OVERLAY, RegionKind.UMA)
"""What an arena or a copy of weights can be asked of."""
_KINDS = {
    "gc": RegionKind.GC,
    "uma": RegionKind.UMA,
    "rom": RegionKind.ROMFS,
    "overlay": RegionKind.OVERLAY,
    "fb_alloc": RegionKind.FB_ALLOC,
    "frame_buffer": RegionKind.FRAME_BUFFER,
}


def tier_of(board: Board, area: str) -> str:
    """The time model's name of the memory that ``area`` is in; areas as the ledger names them (``gc[2]``, ``rom`` …).

    Raises:
        BoardError: the board has no such area, or does not say how fast its memory is.
    """
    kind, _, number = area.partition("[")
    wanted, index = _KINDS.get(kind), int(number.rstrip("]")) if number else 0
    found = next((each for each in board.regions if each.kind is wanted and each.index in (index, None)), None)
    if found is None:
        raise BoardError(board.name, f"has no {area or 'such area'}, so no time can be modelled")
    return _tier(board, found)


def rooms_of(board: Board) -> Mapping[str, int]:
    """The largest area of every tier that a script can have something put into, in bytes."""
    rooms: dict[str, int] = {}
    for region in board.regions:
        timing = board.memory(region.memory).timing
        if region.kind in _MOVABLE and timing is not None:
            rooms[timing.tier] = max(rooms.get(timing.tier, 0), region.size)
    return rooms


def _tier(board: Board, region: Region) -> str:
    timing = board.memory(region.memory).timing
    if timing is None:
        raise BoardError(board.name, f"does not say how fast {region.memory} is, so no time can be modelled")
    return timing.tier
