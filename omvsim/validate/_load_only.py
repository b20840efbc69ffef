"""Predicts just the loading of a model, for scripts whose other lines cannot be followed.

The heap in front of ``ml.Model()`` is rebuilt from the recorded requests; what loading asks for, where it goes and how
it ends is predicted.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from omvsim.scenario import Load
from omvsim.traces import Allocation, Loaded
from omvsim.validate._run import Prediction, outcome, session_of
from omvsim.validate._start import RecordedStart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.traces import FirmwareTrace, TraceEvent
    from omvsim.validate._models import ModelLibrary

INSTANCE = 20
"""The Python object, the first request of ``ml.Model()``; at most so many requests before the other:"""
REQUESTS_BETWEEN = 8


def predict_load(recorded: FirmwareTrace, board: Board, models: ModelLibrary) -> Prediction | None:
    """Predict the script's first load; None if it loads nothing."""
    tree = ast.parse(recorded.trace.header.script or "")
    calls = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_load(node)), key=lambda node: node.lineno
    )
    position = _start_of_load(recorded, board.release.model_object)
    named = recorded.trace.header.models
    if position is None or not (calls or named):
        return None
    if calls:
        paths = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
        if len(paths) < len(calls):
            return None  # which model comes first depends on the script's run
        path, keywords = str(paths[0]), len(calls[0].keywords)
    else:  # a class of the ml package loads it
        path, keywords = f"/{'rom' if recorded.trace.header.load == 'rom' else 'flash'}/{named[0].name}.tflite", 0
    session = session_of(board, [path], [Load(path, "model", keywords=keywords)], models)
    start = RecordedStart([(area.origin, area.length) for area in recorded.trace.header.areas], session.player.recorded)
    start.feed(recorded.raw[:position])
    start.hand_to(session, ())
    first = sum(place < position for place in recorded.positions)
    prediction = outcome(recorded.trace, session)
    last = _end_of_load(recorded.trace.events, first, prediction.events)
    return Prediction(prediction, "the recorded heap in front of ml.Model(), which alone is predicted", first, last)


def _end_of_load(recorded: Sequence[TraceEvent], first: int, predicted: Sequence[TraceEvent]) -> int | None:
    """Where the recorded events go on after the model is loaded; None when loading ended the script."""
    if not any(isinstance(event, Loaded) for event in predicted):
        return None
    pending = sum(isinstance(event, Allocation) for event in predicted)
    for number, event in enumerate(recorded[first:], first):
        if pending == 0 and not isinstance(event, Loaded):
            return number
        pending -= isinstance(event, Allocation)
    return None


def _is_load(node: ast.Call) -> bool:
    match node:
        case ast.Call(ast.Attribute(ast.Name("ml"), "Model"), [_]):
            return True
    return False


def _start_of_load(recorded: FirmwareTrace, model_object: int) -> int | None:
    """Position of the first request of the first ``ml.Model()``: the C object behind a model is the only request of
    its size with a finaliser (measured)."""
    allocations = [
        (position, event["n"], bool(event.get("fin")))
        for position, event in enumerate(recorded.raw)
        if event["ev"] == "alloc" and event["addr"] is not None
    ]
    objects = [index for index, (_, size, fin) in enumerate(allocations) if size == model_object and fin]
    if not objects:
        return None
    before = allocations[max(0, objects[0] - REQUESTS_BETWEEN) : objects[0]]
    return next((position for position, size, fin in before if size == INSTANCE and not fin), None)


__all__ = ["predict_load"]
