"""Runs a trace's own scenario in the simulator; the outcome is a trace as well."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.scenario import Boot, Import, Main, Mark
from omvsim.traces import FirmwareTrace
from omvsim.validate._load_only import predict_load
from omvsim.validate._models import name_of
from omvsim.validate._names import bound_names, label_of
from omvsim.validate._recorder_log import predict_recorder_log
from omvsim.validate._run import Prediction, board_of, outcome, session_of
from omvsim.validate._script import CannotFollow, Script
from omvsim.validate._start import RecordedStart

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from omvsim.boards import Board
    from omvsim.graph import Model
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

_REFERENCE_SCRIPT = "c5a4f83a987534be4b692f1fda289546e0b9bd54a2a76b58f682ebaaf0f76b2f"
_REFERENCE_SCRIPT_TO_FB = "5c922f9bb8f217cc1a17606a439d98bb96d3cf00b01dd98ee175e33e6e2f8e08"
_REFERENCE_SCRIPT_UMA = "369522186a13a8ae1f6696405a199bfecfa62984c16b15f64bdd3ff8ae06238e"
"""SHA-256 of the reference script (loading to fb_alloc; walking the UMA pools as well), its path and loop counts
blanked: the start of these is known by heart."""
_PATH_OR_COUNT = re.compile(r'(?m)^PATH = "[^"]*"|range\(\d+\)|if \d+ and')


def is_reference_script(text: str, firmware: str) -> bool:
    """Whether a script is the one whose start omvsim knows for that release."""
    blanked = _PATH_OR_COUNT.sub("#", text)
    generation = known_release(firmware)
    known = (_REFERENCE_SCRIPT, _REFERENCE_SCRIPT_TO_FB) if generation.load_to_fb else (_REFERENCE_SCRIPT_UMA,)
    return generation.measured and hashlib.sha256(blanked.encode()).hexdigest() in known


def predict_trace(recorded: Trace | FirmwareTrace, models: ModelLibrary) -> Prediction:
    """Predict a trace from its header, its script and the model files.

    Raises:
        CannotFollow: the script does something that cannot be followed, or a model's file is not here.
    """
    trace = recorded.trace if isinstance(recorded, FirmwareTrace) else recorded
    header = trace.header
    if header.origin == "recorder":
        return predict_recorder_log(trace, models)
    if header.script is None:
        raise CannotFollow(0, "the trace has no script")
    board = board_of(trace)
    script = Script(
        header.script,
        board.release,
        shapes=lambda path: [tuple(tensor.shape) for tensor in _graph(models, path).main.input_tensors],
        output_shapes=lambda path: [tuple(tensor.shape) for tensor in _graph(models, path).main.output_tensors],
    )
    if is_reference_script(header.script, header.firmware):
        script.imports = {"ml": Import("ml"), "image": Import("image")}
        steps = (Mark("gc_init"), Boot(), Mark("after _boot.py"), Main(), *script.steps(script.body()))
        session = session_of(board, script.paths, steps, models, to_fb=script.to_fb)
        return Prediction(outcome(trace, session), "power-up", 0)
    if not isinstance(recorded, FirmwareTrace):
        raise CannotFollow(0, "the heap it started with is not recorded")
    return _from_recorded_start(recorded, board, script, models)


def _from_recorded_start(recorded: FirmwareTrace, board: Board, script: Script, models: ModelLibrary) -> Prediction:
    body = script.body()
    first, label = _start(body)
    script.skip(body[:first])
    try:
        steps = tuple(script.steps(body[first:]))
    except CannotFollow as reason:
        return predict_load(recorded, board, models) or _give_up(reason)
    session = session_of(board, script.paths, steps, models, to_fb=script.to_fb)
    position = next((i for i, e in enumerate(recorded.raw) if e["ev"] == "info" and e["label"] == label), None)
    if position is None:
        raise CannotFollow(0, f"its snapshot {label!r} is missing")
    start = RecordedStart([(area.origin, area.length) for area in recorded.trace.header.areas], session.player.recorded)
    start.feed(recorded.raw[:position])
    start.hand_to(session, bound_names(body[:first]))
    seen = sum(place < position for place in recorded.positions)
    return Prediction(outcome(recorded.trace, session), f"the recorded heap at {label!r}", seen)


def _give_up(reason: CannotFollow) -> Prediction:
    raise reason


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


__all__ = ["is_reference_script", "predict_trace"]
