"""Predicts what our recorder saw on a camera.

A camera's heap holds more than the simulator knows of (network, USB, the IDE's script), so the prediction starts
from the recorder's first snapshot: the simulated heap is filled until as much is free as was free there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import InputKind
from omvsim.scenario import Attempt, Boot, Collect, Fill, Load, Main, MakeInput, Mark, Predict, Release, When
from omvsim.traces import Snapshot
from omvsim.validate._run import Prediction, board_of, outcome, session_of
from omvsim.validate._script import CannotFollow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.scenario import Step
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

START = "before_model"
"""The recorder's snapshot in front of loading."""


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
    session = session_of(board_of(header), [path], recorder_steps(path, start.free, frames), models)
    first = next(index for index, event in enumerate(trace.events) if event is start)
    return Prediction(outcome(trace, session), f"as much free as at {START!r}", first)


def recorder_steps(path: str, free: int, frames: int) -> Sequence[Step]:
    """What the recorder does from its snapshot in front of loading."""
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
        Boot(),
        Main(),
        Collect(),
        Fill(free),
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
