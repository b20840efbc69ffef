"""Runs the model in a TFLite interpreter beside the simulated arena.

The runtime produces values and the simulator produces places; neither knows the other's internals. Nothing that is
predicted about memory needs a runtime, and importing this package imports neither one nor numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.runtime._check import GraphCheck, ResolvedShape, check_graph, require_same_graph
from omvsim.runtime._errors import GraphMismatchError, InputDataError, RefusedError
from omvsim.runtime._replay import Replay, ReplayStep, replay
from omvsim.runtime._select import BACKENDS, choose_backend, find_backend, open_interpreter
from omvsim.runtime._timeline import Access, LiveBuffer, Peak, Timeline, TimelineStep, make_timeline
from omvsim.runtime._types import Backend, Interpreter, OperatorInfo, TensorInfo

if TYPE_CHECKING:
    from omvsim.runtime._inputs import make_inputs, normalize, quantize_as_camera, read_array, read_picture

__all__ = [
    "BACKENDS",
    "Backend",
    "Interpreter",
    "OperatorInfo",
    "TensorInfo",
    "choose_backend",
    "find_backend",
    "open_interpreter",
    "GraphCheck",
    "ResolvedShape",
    "check_graph",
    "require_same_graph",
    "Access",
    "LiveBuffer",
    "Peak",
    "Timeline",
    "TimelineStep",
    "make_timeline",
    "Replay",
    "ReplayStep",
    "replay",
    "make_inputs",
    "normalize",
    "quantize_as_camera",
    "read_array",
    "read_picture",
    "GraphMismatchError",
    "InputDataError",
    "RefusedError",
]

_NEEDS_NUMPY = dict.fromkeys(
    ("make_inputs", "normalize", "quantize_as_camera", "read_array", "read_picture"), "omvsim.runtime._inputs"
)


def __getattr__(name: str) -> Any:
    """Import what works on arrays when it is asked for: the rest must start without numpy."""
    if name not in _NEEDS_NUMPY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_NEEDS_NUMPY[name]), name)
