"""Predicts a trace from its header, its script and the model files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.traces import FirmwareTrace
from omvsim.validate._camera import board_of
from omvsim.validate._recorder_log import predict_recorder_log
from omvsim.validate._run import Prediction, run_trace

if TYPE_CHECKING:
    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary


def predict_trace(recorded: Trace | FirmwareTrace, models: ModelLibrary) -> Prediction:
    """Predict a trace.

    Raises:
        CannotFollow: it has no script, or a model's file is not here.
    """
    trace = recorded.trace if isinstance(recorded, FirmwareTrace) else recorded
    if trace.header.origin == "recorder":
        return predict_recorder_log(trace, models)
    return run_trace(trace, board_of(recorded), models)


__all__ = ["predict_trace"]
