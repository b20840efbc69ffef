"""Predicts what our recorder saw on a camera, by running the recorder's own script.

A camera's heap holds more than the simulator knows of (network, USB, the IDE's script), so the prediction starts
from the recorder's first snapshot: objects are added to the simulated heap until as much is free as was there.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board
from omvsim.errors import BoardError
from omvsim.firmware import LoadMode
from omvsim.recorder import recorder_script
from omvsim.traces import Allocation, HeapMap, Probe, Snapshot, Timing, parse_serial_log
from omvsim.validate._reason import CannotFollow
from omvsim.validate._run import Prediction, run_on_camera

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

START = "before_model"
"""The recorder's snapshot in front of loading."""
BOARD_NAMES = ("RT1060", "RT1062")
"""How releases name this board (``omv.board_type()``)."""
NOT_PREDICTED = (Allocation, HeapMap, Probe, Timing)
"""A recorder sees no allocation, and its own search for buffers moves the heap by what a camera holds besides."""


def predict_recorder_log(trace: Trace, models: ModelLibrary) -> Prediction:
    """Predict a log of the recorder.

    Raises:
        CannotFollow: it ended before the model was loaded, or the model's file is not here or another one.
    """
    header = trace.header
    shots = [event for event in trace.events if isinstance(event, Snapshot)]
    start = next((shot for shot in shots if shot.label == START), None)
    if start is None or not header.models:
        raise CannotFollow(f"it ended before its snapshot {START!r}")
    identity = header.models[0]
    graph = models.graph(identity.name)
    if graph is None:
        raise CannotFollow(f"no file for its model {identity.name}")
    if identity.sha256 not in (None, models.sha256(identity.name)):
        raise CannotFollow(f"the file {graph.source} is not the {identity.name} that was recorded")
    frames = sum(shot.label == "after_predict" for shot in shots)
    board = board_of(trace)
    script = recorder_script(graph.source, load=LoadMode(header.load), firmware=board, frames=frames, probe=False)
    ballast = _at_start(trace, script, board, models, 0).free - start.free
    if ballast < 0:
        raise CannotFollow(f"the camera had {-ballast} bytes more free than this board with nothing running")
    predicted = _trace(trace, script, board, models, ballast)
    first = next(index for index, event in enumerate(trace.events) if event is start)
    return Prediction(predicted, f"as much free as at {START!r}", first)


def _trace(trace: Trace, script: str, board: Board, models: ModelLibrary, ballast: int) -> Trace:
    """What the recorder prints on the simulated camera."""
    output = run_on_camera(script, board, models, ballast=ballast).output
    found = parse_serial_log(trace.source, output)
    events = tuple(event for event in found.events if not isinstance(event, NOT_PREDICTED))
    return dataclasses.replace(found, events=events)


def _at_start(trace: Trace, script: str, board: Board, models: ModelLibrary, ballast: int) -> Snapshot:
    events = _trace(trace, script, board, models, ballast).events
    return next(event for event in events if isinstance(event, Snapshot) and event.label == START)


def board_of(trace: Trace) -> Board:
    """The board that a log was recorded on.

    Raises:
        CannotFollow: there is no profile of it.
    """
    header = trace.header
    if header.board is None or not any(name in header.board for name in BOARD_NAMES):
        raise CannotFollow(f"it was recorded on {header.board}, which is no OpenMV Cam RT1062")
    try:
        return load_board(DEFAULT_BOARD, header.firmware)
    except BoardError as error:
        raise CannotFollow(f"no profile of its firmware: {error}") from error


__all__ = ["START", "board_of", "predict_recorder_log"]
