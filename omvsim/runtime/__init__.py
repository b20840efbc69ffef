"""Runs the model in a TFLite interpreter beside the simulated arena.

The runtime produces values and the simulator produces places; neither knows the other's internals. Nothing that is
predicted about memory needs a runtime, and importing this package imports neither one nor numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.runtime._check import GraphCheck, ResolvedShape, check_graph, require_same_graph
from omvsim.runtime._errors import GraphMismatchError, InputDataError, RefusedError
from omvsim.runtime._select import BACKENDS, choose_backend, find_backend, open_interpreter
from omvsim.runtime._types import Backend, Interpreter, OperatorInfo, TensorInfo

if TYPE_CHECKING:
    from omvsim.runtime._inputs import (
        make_inputs,
        normalize,
        quantize_as_camera,
        read_array,
        read_picture,
    )
    from omvsim.runtime._replay import Replay, ReplayStep, replay
    from omvsim.runtime._timeline import Access, LiveBuffer, Peak, Timeline, TimelineStep, make_timeline
    from omvsim.runtime._types import Array as Array  # a type: there is none when it runs

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

_LATER = {
    "_inputs": (
        "make_inputs",
        "normalize",
        "quantize_as_camera",
        "read_array",
        "read_picture",
    ),
    "_replay": ("Replay", "ReplayStep", "replay"),
    "_timeline": ("Access", "LiveBuffer", "Peak", "Timeline", "TimelineStep", "make_timeline"),
}
_HOMES = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what works on arrays, and what few commands use, when it is asked for: the rest starts without numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.runtime.{_HOMES[name]}"), name)
