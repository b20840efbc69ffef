"""A report that has to fit a terminal: what matters most first, and no more than there are rows."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

_LEAST_ROWS = 12
_PROMPT = 1
"""Rows that the terminal needs for itself."""
MORE = "The rest: in a pipe (| less), or as a page (--html FILE)"


class Block(NamedTuple):
    """Lines that are shown together or not at all; ``rank`` 0 is always shown, higher ranks go first."""

    rank: int
    parts: Sequence[RenderableType]


def rows_of_terminal() -> int | None:
    """Rows there are (``LINES`` says otherwise); None where the output is not a terminal: a pipe gets everything."""
    if not sys.stdout.isatty():
        return None
    rows = shutil.get_terminal_size((0, 0)).lines
    return rows if rows >= _LEAST_ROWS else None


def fits(page: RenderableType, console: Console, rows: int) -> bool:
    """Whether all of it is seen at once."""
    return len(console.render_lines(page, pad=False)) <= rows - _PROMPT


def fitting(blocks: Sequence[Block], console: Console, rows: int) -> list[RenderableType]:
    """The blocks that fit into ``rows``, in their order; a line at the end says that there are more."""
    heights = [sum(len(console.render_lines(part, pad=False)) for part in block.parts) for block in blocks]
    room = rows - _PROMPT
    kept = {at for at, block in enumerate(blocks) if not block.rank}
    if sum(heights) > room:
        room -= 1
    taken = sum(heights[at] for at in kept)
    for at in sorted((at for at in range(len(blocks)) if blocks[at].rank), key=lambda at: (blocks[at].rank, at)):
        if taken + heights[at] <= room:
            kept.add(at)
            taken += heights[at]
    found: list[RenderableType] = [part for at in sorted(kept) for part in blocks[at].parts]
    return found if len(kept) == len(blocks) else [*found, MORE]


__all__ = ["MORE", "Block", "fits", "fitting", "rows_of_terminal"]
