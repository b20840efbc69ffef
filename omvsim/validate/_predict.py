"""Runs a trace's own scenario in the simulator; the outcome is a trace as well."""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.errors import DeviceCrash
from omvsim.scenario import Boot, Collect, Import, Load, Main, Mark, Scenario, Session
from omvsim.traces import BIG, Allocation, AreaUse, Crash, End, Loaded, Raised, Snapshot, Trace, TraceHeader
from omvsim.validate._script import CannotFollow, Script, bound_names, label_of
from omvsim.validate._start import RecordedStart

from omvsim.validate._models import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.graph import Model
    from omvsim.heap import Chunk
    from omvsim.scenario import Step
    from omvsim.traces import FirmwareTrace, TraceEvent
    from omvsim.validate._models import ModelLibrary

_REFERENCE_SCRIPTS = {
    "4.8.1": "c5a4f83a987534be4b692f1fda289546e0b9bd54a2a76b58f682ebaaf0f76b2f",
    "5.0.0": "369522186a13a8ae1f6696405a199bfecfa62984c16b15f64bdd3ff8ae06238e",
}
"""SHA-256 of the reference script, its path and loop counts blanked: the start of these two is known by heart."""
_PATH_OR_COUNT = re.compile(r'(?m)^PATH = "[^"]*"|range\(\d+\)|if \d+ and')


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the simulator says about a trace. ``first`` is the first recorded event it covers."""

    trace: Trace
    start: str
    """Where the prediction starts, in words."""
    first: int


def is_reference_script(text: str, firmware: str) -> bool:
    """Whether a script is the one whose start omvsim knows for that release."""
    blanked = _PATH_OR_COUNT.sub("#", text)
    return hashlib.sha256(blanked.encode()).hexdigest() == _REFERENCE_SCRIPTS.get(firmware)


def predict_firmware_trace(recorded: FirmwareTrace, models: ModelLibrary) -> Prediction:
    """Predict a firmware trace from its header, its script and the model files.

    Raises:
        CannotFollow: the script does something that cannot be followed, or a model's file is not here.
    """
    header = recorded.trace.header
    if header.script is None:
        raise CannotFollow(0, "the trace has no script")
    board = board_of(header)
    script = Script(
        header.script,
        shapes=lambda path: [tuple(tensor.shape) for tensor in _graph(models, path).main.input_tensors],
        output_shapes=lambda path: [tuple(tensor.shape) for tensor in _graph(models, path).main.output_tensors],
    )
    if is_reference_script(header.script, header.firmware):
        script.imports = {"ml": Import("ml"), "image": Import("image")}
        steps = (Mark("gc_init"), Boot(), Mark("after _boot.py"), Main(), *script.steps(script.body()))
        session = _session(board, script, steps, models)
        return _outcome(recorded, session, "power-up", 0)
    body = script.body()
    first, label = _start(body)
    script.skip(body[:first])
    steps = tuple(script.steps(body[first:]))
    session = _session(board, script, steps, models)
    position = next(i for i, e in enumerate(recorded.raw) if e["ev"] == "info" and e["label"] == label)
    start = RecordedStart([(area.origin, area.length) for area in header.areas])
    start.feed(recorded.raw[:position])
    start.hand_to(session, bound_names(body[:first]))
    seen = next(i for i, p in enumerate(recorded.positions) if p >= position)
    return _outcome(recorded, session, f"the recorded heap at {label!r}", seen)


def board_of(header: TraceHeader) -> Board:
    """The board a trace was recorded on, with its areas and pools."""
    board = load_board(header.board or "openmv-rt1062", header.firmware)
    if not header.areas:
        return board
    areas = [(area.length, area.origin) for area in header.areas]
    if header.pools:
        values: dict[str, str | int | float | bool] = {}
        for index, pool in enumerate(header.pools):
            values |= {f"uma[{index}].origin": pool.origin, f"uma[{index}].size": pool.length}
        board = board.with_gc_areas(areas[:1]).with_values(values)
    return board.with_gc_areas(areas)


def _graph(models: ModelLibrary, path: str) -> Model:
    graph = models.graph(name_of(path))
    if graph is None:
        raise CannotFollow(0, f"no file for its model {path}")
    return graph


def _start(body: Sequence[ast.stmt]) -> tuple[int, str]:
    """Index and label of the first labelled point at the script's top level."""
    for index, statement in enumerate(body):
        label = label_of(statement)
        if label is not None:
            return index, label
    raise CannotFollow(0, "it takes no labelled snapshot")


def _session(board: Board, script: Script, steps: Sequence[Step], models: ModelLibrary) -> Session:
    others = {}
    for path in script.paths:
        file = models.file(path, board)
        if file is None:
            raise CannotFollow(0, f"no file for its model {path}")
        others[path] = file
    if not others:
        raise CannotFollow(0, "it loads no model")
    scenario = Scenario(name="recorded script", title="recorded script", steps=tuple(steps))
    return Session(board, next(iter(others.values())), scenario, others=others)


class _Watcher:
    """Observes a session's heap beside its ledger and writes down what a recording would hold."""

    def __init__(self, session: Session) -> None:
        self.ledger = session.ledger
        self.seen: list[tuple[int, TraceEvent]] = []

    def _note(self, event: TraceEvent) -> None:
        self.seen.append((self.ledger.step, event))

    def allocated(self, chunk: Chunk) -> None:
        self.ledger.allocated(chunk)
        if chunk.size >= BIG:
            self._note(Allocation(chunk.size, chunk.address, chunk.what))

    def placed(self, size: int, address: int, area: str, owner: str) -> None:
        self.ledger.placed(size, address, area, owner)
        if size >= BIG:
            self._note(Allocation(size, address, owner))

    def refused(self, size: int, what: str, longest_free: int) -> None:
        self.ledger.refused(size, what, longest_free)
        if size >= BIG:
            self._note(Allocation(size, None, what))

    def freed(self, chunk: Chunk) -> None:
        self.ledger.freed(chunk)

    def collected(self, before: int, after: int, *, automatic: bool) -> None:
        self.ledger.collected(before, after, automatic=automatic)


def _outcome(recorded: FirmwareTrace, session: Session, start: str, first: int) -> Prediction:
    watcher = _Watcher(session)
    session.heap.observer = watcher
    result = session.run()
    events = [(step, 0, event) for step, event in watcher.seen]
    loaded = iter(result.models)
    for record in result.steps:
        if record.exception is not None:
            crashed = record.exception.startswith(DeviceCrash.python_type)
            text = record.exception
            events.append((record.index, 1, Crash(text) if crashed else Raised(text)))
        elif record.name == "load":
            model = next(loaded)
            events.append((record.index, 1, Loaded(model.ram, model.arena_address, model.data_address)))
    events += [(shot.step, -1, _snapshot(session, shot.label, shot)) for shot in result.snapshots]
    events.sort(key=lambda entry: entry[:2])
    header = TraceHeader(
        origin="simulator",
        firmware=recorded.trace.header.firmware,
        board=recorded.trace.header.board,
        areas=recorded.trace.header.areas,
        pools=recorded.trace.header.pools,
        models=recorded.trace.header.models,
        load=recorded.trace.header.load,
    )
    seen = tuple(event for _, _, event in events)
    end = () if seen and isinstance(seen[-1], Crash) else (End(),)
    return Prediction(Trace(recorded.trace.source, header, (*seen, *end)), start, first)


def _snapshot(session: Session, label: str, shot: Any) -> Snapshot:
    info = shot.info
    return Snapshot(label, info.used, info.free, info.max_free, info.max_block, info.num_1block, info.num_2block, ())


__all__ = ["Prediction", "board_of", "predict_firmware_trace"]
