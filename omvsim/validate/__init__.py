"""Validation: predict what a trace recorded, compare point by point, say how far off the simulator is."""

from omvsim.validate._compare import Point, Quantity, compare
from omvsim.validate._models import ModelLibrary
from omvsim.validate._points import JudgedPoint, Judgement, judge_points, points_markdown
from omvsim.validate._predict import predict_trace
from omvsim.validate._reason import CannotFollow
from omvsim.validate._reference_data import reference_results
from omvsim.validate._run import Prediction
from omvsim.validate._times import timed_record
from omvsim.validate._totals import SHARES, Total, totals
from omvsim.validate._validate import TraceResult, Validation, summarise, trace_files, validate, validate_trace

__all__ = [
    # doing it
    "validate",
    "validate_trace",
    "predict_trace",
    "reference_results",
    "trace_files",
    "ModelLibrary",
    # what came out
    "Validation",
    "TraceResult",
    "Point",
    "Quantity",
    "Prediction",
    "CannotFollow",
    # times to fit to
    "timed_record",
    # published figures
    "judge_points",
    "JudgedPoint",
    "Judgement",
    "points_markdown",
    # adding up
    "compare",
    "summarise",
    "totals",
    "Total",
    "SHARES",
]
