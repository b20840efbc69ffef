"""A camera script's run: the camera it runs on, what is written down about it, and what came out."""

from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Failure, FrameLoop, Outcome, ScriptResult
from omvsim.runs.session import END, START, ScriptSession, run_script
from omvsim.world.kernels import Kernels
from omvsim.world.ledger import Books, CollectionEvent, Frame, LineCost, Placed, RefusedEvent
from omvsim.world.spent import FrameRate

__all__ = [
    "run_script",
    "ScriptOptions",
    "ScriptSession",
    "START",
    "END",
    "Kernels",
    "ScriptResult",
    "Outcome",
    "Failure",
    "FrameLoop",
    "FrameRate",
    "Frame",
    "Books",
    "LineCost",
    "CollectionEvent",
    "RefusedEvent",
    "Placed",
]
