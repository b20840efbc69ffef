"""Runs a user's script unmodified on the simulated camera (``omvsim exec``)."""

from omvsim.runs.kernels import Kernels
from omvsim.script._bridge import run_on_old_engine
from omvsim.script._errors import ScriptSourceError
from omvsim.script._loops import Frame, Snapshot
from omvsim.script._memory import CollectionEvent, LineCost, RefusedEvent
from omvsim.script._result import Failure, FrameLoop, Outcome, ScriptResult
from omvsim.script._run import ScriptOptions, run_script

__all__ = [
    "run_on_old_engine",
    "run_script",
    "ScriptOptions",
    "Kernels",
    "ScriptResult",
    "Outcome",
    "Failure",
    "FrameLoop",
    "Frame",
    "Snapshot",
    "LineCost",
    "CollectionEvent",
    "RefusedEvent",
    "ScriptSourceError",
]
