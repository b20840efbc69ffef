"""Predicts what our recorder saw on a camera.

A camera's heap holds more than the simulator knows of (network, USB, the IDE's script), so the prediction starts
from the recorder's first snapshot: objects are added to the simulated heap until as much is free as was there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board
from omvsim.errors import BoardError
from omvsim.firmware import InputKind
from omvsim.scenario import Alloc, Attempt, Boot, Collect, Load, Main, MakeInput, Mark, Predict, Release, When
from omvsim.traces import Snapshot
from omvsim.validate._run import Prediction, outcome, session_of
from omvsim.validate._script import CannotFollow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.scenario import Step
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

START = "before_model"
"""The recorder's snapshot in front of loading."""
START_UP = (Boot(), Main(), Collect())
PIECE = 256
BOARD_NAMES = ("RT1060", "RT1062")
"""How releases name this board (``omv.board_type()``)."""


def predict_recorder_log(trace: Trace, models: ModelLibrary) -> Prediction:
    """Predict a log of the recorder.

    Raises:
        CannotFollow: it ended before the model was loaded, or the model's file is not here or another one.
    """
    header = trace.header
    shots = [event for event in trace.events if isinstance(event, Snapshot)]
    start = next((shot for shot in shots if shot.label == START), None)
    if start is None or not header.models:
        raise CannotFollow(0, f"it ended before its snapshot {START!r}")
    identity = header.models[0]
    graph = models.graph(identity.name)
    if graph is not None and identity.sha256 not in (None, models.sha256(identity.name)):
        raise CannotFollow(0, f"the file {graph.source} is not the {identity.name} that was recorded")
    path = f"/{'rom' if header.load == 'rom' else 'flash'}/{identity.name}.tflite"
    frames = sum(shot.label == "after_predict" for shot in shots)
    board = _board(trace)
    empty = session_of(board, [path], START_UP, models)
    empty.run()
    ballast = empty.heap.gc.free_bytes - start.free
    if ballast < 0:
        raise CannotFollow(0, f"the camera had {-ballast} bytes more free than this board with nothing running")
    session = session_of(board, [path], recorder_steps(path, ballast, frames), models)
    first = next(index for index, event in enumerate(trace.events) if event is start)
    return Prediction(outcome(trace, session), f"as much free as at {START!r}", first)


def _board(trace: Trace) -> Board:
    header = trace.header
    if header.board is None or not any(name in header.board for name in BOARD_NAMES):
        raise CannotFollow(0, f"it was recorded on {header.board}, which is no OpenMV Cam RT1062")
    try:
        return load_board(DEFAULT_BOARD, header.firmware)
    except BoardError as error:
        raise CannotFollow(0, f"no profile of its firmware: {error}") from error


def recorder_steps(path: str, ballast: int, frames: int) -> Sequence[Step]:
    """What the recorder does, on a heap that holds ``ballast`` bytes more than the simulator knows of.

    They are small objects, so they are laid like those: in pieces, in the first area that has room.
    """
    pieces = [PIECE] * (ballast // PIECE) + ([ballast % PIECE] if ballast % PIECE else [])
    predictions: list[Step] = []
    for _ in range(frames):
        predictions += [
            Predict("m", times=1, kind=InputKind.CALLABLE, into="o", keep=True),
            Mark("after_predict"),
        ]
    loaded: list[Step] = [
        Collect(),
        Mark("after_model_collect"),
        MakeInput("m", InputKind.CALLABLE, "inputs"),
        Attempt(tuple(predictions)) if predictions else Release("o"),
    ]
    return (
        *START_UP,
        *(Alloc(size, into=f"camera.{index}", what="held by the camera") for index, size in enumerate(pieces)),
        Mark(START),
        Release("m"),
        Attempt((Load(path, "m"),)),
        Mark("after_model"),
        When("m", tuple(loaded)),
        Release("m"),
        Release("o"),
        Collect(),
        Mark("end"),
    )


__all__ = ["START", "predict_recorder_log", "recorder_steps"]
