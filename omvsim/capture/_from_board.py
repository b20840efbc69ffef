"""A board profile as a capture: its memories and regions, nothing ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Document
from omvsim.capture._headline import Figure, Headline, Tile
from omvsim.capture._parts import board_part, fact
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from omvsim.boards import Board


def capture_board(board: Board) -> Capture:
    """Pour a board into a capture."""
    provenance = board.provenance
    heap = sum(area.length for area in board.gc_areas)
    largest = max((area.length for area in board.gc_areas), default=0)
    areas = f"{len(board.gc_areas)} GC areas" if len(board.gc_areas) != 1 else "one GC area"
    return Capture(
        Document(
            omvsim=__version__,
            kind="board",
            title=board.name,
            subtitle=f"{board.title}, firmware {board.firmware}",
            verdict=Headline(
                key="board",
                tone="plain",
                word="Board",
                sentence=f"{areas} of {format_bytes(heap)} bytes in all, module {board.release.module}",
            ),
            tiles=(
                Tile(title="Heap", figure=Figure(unit="bytes", value=heap, provenance=str(provenance)), says=areas),
                Tile(title="Largest area", figure=Figure(unit="bytes", value=largest, provenance=str(provenance))),
            ),
            board=board_part(board),
            notes=board.notes,
            facts=(fact("memories and regions", provenance),),
        )
    )


__all__ = ["capture_board"]
