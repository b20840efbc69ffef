"""Scenarios: what a script does step by step, and the session that runs it on a simulated camera."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.scenario._ledger import Allocation, Collection, Ledger, Refusal
from omvsim.scenario._parse import DEFAULT_SCENARIO, load_scenario
from omvsim.scenario._result import (
    SLICES,
    AreaState,
    Failure,
    LoopState,
    ModelState,
    PoolState,
    RunResult,
    Snapshot,
    StepRecord,
)
from omvsim.scenario._session import Session
from omvsim.scenario._steps import (
    Boot,
    Collect,
    Deep,
    Describe,
    Import,
    Load,
    Main,
    MakeInput,
    Options,
    Postprocess,
    Predict,
    Release,
    Scenario,
)
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.scenario._story_steps import (
        Alloc,
        Attempt,
        Call,
        Delete,
        Fill,
        FormatText,
        Grab,
        Leave,
        Mark,
        PoolAlloc,
        Raise,
        Repeat,
        Sensor,
        Step,
        TakeShape,
        When,
    )

__all__ = [
    # what to run
    "Scenario",
    "Options",
    "Postprocess",
    "Step",
    # steps
    "Boot",
    "Main",
    "Import",
    "Collect",
    "Load",
    "Describe",
    "Fill",
    "MakeInput",
    "Predict",
    "Alloc",
    "Release",
    "Delete",
    "Repeat",
    "Mark",
    "Attempt",
    "When",
    "Call",
    "TakeShape",
    "Deep",
    "Leave",
    "FormatText",
    "Raise",
    "PoolAlloc",
    "Sensor",
    "Grab",
    # files
    "load_scenario",
    "DEFAULT_SCENARIO",
    # running it
    "Session",
    # what came out
    "RunResult",
    "Verdict",
    "Failure",
    "StepRecord",
    "Snapshot",
    "AreaState",
    "SLICES",
    "PoolState",
    "ModelState",
    "LoopState",
    "Allocation",
    "Collection",
    "Refusal",
    "Ledger",
]

_STORY_STEPS = frozenset(
    {
        "Alloc",
        "Attempt",
        "Call",
        "Delete",
        "Fill",
        "FormatText",
        "Grab",
        "Leave",
        "Mark",
        "PoolAlloc",
        "Raise",
        "Repeat",
        "Sensor",
        "Step",
        "TakeShape",
        "When",
    }
)


def __getattr__(name: str) -> Any:
    """Import the steps that only stories have when they are asked for."""
    if name not in _STORY_STEPS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("omvsim.scenario._story_steps"), name)
