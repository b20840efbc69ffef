"""Which camera a trace was recorded on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.errors import TraceError
from omvsim.heap import GcHeap
from omvsim.runs.boot import boot_of
from omvsim.traces import FirmwareTrace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.traces import Trace

WITH_EVERYTHING = "openmv-rt1062"
"""The camera itself: what its manifest freezes is frozen. A trace that says nothing else is of the plain build."""


def board_of(recorded: Trace | FirmwareTrace) -> Board:
    """The board a trace was recorded on, with its areas and pools.

    Of the measuring firmware there were two builds; what boot asked for tells them apart.

    Raises:
        TraceError: its areas are none that a heap can have.
        BoardError: there is no profile of its board and firmware.
    """
    trace = recorded.trace if isinstance(recorded, FirmwareTrace) else recorded
    header = trace.header
    board = load_board(header.board or WITH_EVERYTHING, header.firmware)
    if isinstance(recorded, FirmwareTrace):
        whole = load_board(WITH_EVERYTHING, header.firmware)
        asked = [event["n"] for event in recorded.raw if event["ev"] == "alloc" and not event.get("in_realloc")]
        if not _booted(asked, board) and _booted(asked, whole):
            # It ran in the emulated machine's memory all the same.
            board = dataclasses.replace(board, frozen=whole.frozen)
    if not header.areas:
        return board
    try:
        GcHeap([(area.origin, area.length) for area in header.areas])
    except ValueError as error:
        raise TraceError(trace.source, f"line 1: {error}") from error
    areas = [(area.length, area.origin) for area in header.areas]
    if header.pools:
        values: dict[str, str | int | float | bool] = {}
        for index, pool in enumerate(header.pools):
            values |= {f"uma[{index}].origin": pool.origin, f"uma[{index}].size": pool.length}
        board = board.with_gc_areas(areas[:1]).with_values(values)
    return board.with_gc_areas(areas)


def _booted(asked: Sequence[Any], board: Board) -> bool:
    """Whether the recorded requests start with those of a board's boot."""
    boot = [request[1] for request in boot_of(board.release, board.frozen).requests if request[0] == "a"]
    return asked[: len(boot)] == boot


__all__ = ["board_of"]
