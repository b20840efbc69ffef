"""Runs steps on the board of a trace and writes down what a recording of it would hold."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import load_board
from omvsim.errors import SILENT_TYPES, ScenarioError, TraceError
from omvsim.heap import GcHeap
from omvsim.scenario import Scenario, Session
from omvsim.traces import BIG, Allocation, Crash, End, Loaded, Raised, Snapshot, Trace
from omvsim.validate._script import CannotFollow

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from omvsim import scenario
    from omvsim.boards import Board
    from omvsim.heap import Chunk
    from omvsim.scenario import Step
    from omvsim.traces import TraceEvent, TraceHeader
    from omvsim.validate._models import ModelLibrary


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the simulator says about a trace. ``first`` is the number of the first recorded event it covers."""

    trace: Trace
    start: str
    """Where the prediction starts, in words."""
    first: int
    last: int | None = None
    """Number of the first recorded event beyond it; None: it goes to the end."""


def board_of(trace: Trace) -> Board:
    """The board a trace was recorded on, with its areas and pools.

    Raises:
        TraceError: its areas are none that a heap can have.
        BoardError: there is no profile of its board and firmware.
    """
    header = trace.header
    board = load_board(header.board or "openmv-rt1062", header.firmware)
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


def session_of(
    board: Board, paths: Iterable[str], steps: Sequence[Step], models: ModelLibrary, *, to_fb: Container[str] = ()
) -> Session:
    """A session that runs ``steps`` with the models at ``paths`` on the camera, those of ``to_fb`` in fb_alloc."""
    others = {}
    for path in paths:
        file = models.file(path, board, to_fb=path in to_fb)
        if file is None:
            raise CannotFollow(0, f"no file for its model {path}")
        others[path] = file
    if not others:
        raise CannotFollow(0, "it loads no model")
    scenario = Scenario(name="recorded script", title="recorded script", steps=tuple(steps))
    return Session(board, next(iter(others.values())), scenario, others=others)


class _Watcher:
    """Observes a session's heap beside its ledger and writes down what a recording would hold."""

    def __init__(self, session: Session, header: TraceHeader) -> None:
        self.ledger = session.ledger
        self.recorded = (*header.areas, *header.pools)
        self.seen: list[tuple[int, TraceEvent]] = []

    def _note(self, event: TraceEvent) -> None:
        self.seen.append((self.ledger.step, event))

    def allocated(self, chunk: Chunk) -> None:
        self.ledger.allocated(chunk)
        if chunk.size >= BIG:
            self._note(Allocation(chunk.size, chunk.address, chunk.what))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        self.ledger.placed(size, address, area, owner)
        if size >= BIG and any(known.origin <= address < known.origin + known.length for known in self.recorded):
            self._note(Allocation(size, address, owner))

    def refused(self, size: int, what: str, longest_free: int) -> None:
        self.ledger.refused(size, what, longest_free)
        if size >= BIG:
            self._note(Allocation(size, None, what))

    def freed(self, chunk: Chunk) -> None:
        self.ledger.freed(chunk)

    def collected(self, before: int, after: int, *, automatic: bool) -> None:
        self.ledger.collected(before, after, automatic=automatic)


def outcome(recorded: Trace, session: Session) -> Trace:
    """Run the session; what it did as a trace like the recorded one."""
    watcher = _Watcher(session, recorded.header)
    session.heap.observer = watcher
    try:
        result = session.run()
    except ScenarioError as error:  # e.g. a prediction with a model that could not be loaded
        raise CannotFollow(0, error.cause) from error
    events = [(step, 1, event) for step, event in watcher.seen]
    loaded = iter(result.models)
    for record in result.steps:
        if record.exception is not None and record.name != "raise":  # the script printed it
            crashed = record.exception.startswith(SILENT_TYPES)
            events.append((record.index, 2, Crash(record.exception) if crashed else Raised(record.exception)))
        elif record.name == "load":
            model = next(loaded)
            events.append((record.index, 2, Loaded(model.ram, model.arena_address, model.data_address)))
    events += [(shot.step, 0, _snapshot(shot)) for shot in result.snapshots]
    seen = tuple(event for _, _, event in sorted(events, key=lambda entry: entry[:2]))
    header = dataclasses.replace(recorded.header, origin="simulator", script=None, used_for_fit=None)
    end = () if seen and isinstance(seen[-1], Crash) else (End(),)
    return Trace(recorded.source, header, (*seen, *end))


def _snapshot(shot: scenario.Snapshot) -> Snapshot:
    info = shot.info
    return Snapshot(shot.label, info.used, info.free, info.max_free, info.max_block, info.num_1block, info.num_2block)


__all__ = ["Prediction", "board_of", "outcome", "session_of"]
