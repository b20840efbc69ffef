"""Times in a recorder's log as records that the time model can be fitted to."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from omvsim.boards import RegionKind
from omvsim.errors import TraceError
from omvsim.modelfile import arena_plan
from omvsim.reading import read_bytes
from omvsim.timing import Placement, Record, fingerprint, tier_of, workload
from omvsim.traces import Loaded, Timing
from omvsim.validate._reason import CannotFollow
from omvsim.validate._recorder_log import board_of

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

_AREAS = {RegionKind.GC: "gc[{}]", RegionKind.UMA: "uma[{}]", RegionKind.FB_ALLOC: "fb_alloc", RegionKind.ROMFS: "rom"}


def timed_record(trace: Trace, models: ModelLibrary) -> Record:
    """The median of a log's predictions; the first, which finds the cache cold, does not count where there are more.

    Arena and weights are where the camera said they are (``print(model)``).

    Raises:
        TraceError: the log has no prediction or no addresses, or its model or camera is not known.
    """
    source = trace.source
    taken = [event.us for event in trace.events if isinstance(event, Timing) and event.what == "predict"]
    loaded = next((event for event in trace.events if isinstance(event, Loaded)), None)
    if not taken or not trace.header.models:
        raise TraceError(source, "holds no time of a prediction")
    if loaded is None or loaded.arena_address is None or loaded.data_address is None:
        raise TraceError(source, "does not say where arena and weights are")
    identity = trace.header.models[0]
    graph = models.graph(identity.name)
    if graph is None:
        raise TraceError(source, f"no file for its model {identity.name} (--models names its folder)")
    if identity.sha256 not in (None, models.sha256(identity.name)):
        raise TraceError(source, f"the file {graph.source} is not the {identity.name} that was recorded")
    try:
        board = board_of(trace)
    except CannotFollow as error:
        raise TraceError(source, str(error)) from error
    placement = Placement(_tier_at(board, loaded.arena_address, source), _tier_at(board, loaded.data_address, source))
    plan = arena_plan(graph, board)
    data = read_bytes(graph.source)
    ms = median(taken[1:] or taken) / 1000
    return Record(Path(graph.source).name, workload(graph, plan), fingerprint(data, placement), placement, ms)


def _tier_at(board: Board, address: int, source: str) -> str:
    for region in board.regions:
        if region.kind in _AREAS and region.origin <= address < region.origin + region.size:
            return tier_of(board, _AREAS[region.kind].format(region.index))
    raise TraceError(source, f"nothing of {board.name} {board.firmware} is at 0x{address:08x}")


__all__ = ["timed_record"]
