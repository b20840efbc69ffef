"""Scenarios: what a script does step by step, and the session that runs it on a simulated camera."""

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
    Verdict,
)
from omvsim.scenario._session import Session
from omvsim.scenario._steps import (
    Alloc,
    Attempt,
    Boot,
    Call,
    Collect,
    Deep,
    Describe,
    Fill,
    Import,
    Load,
    Main,
    MakeInput,
    Mark,
    Options,
    Postprocess,
    Predict,
    Release,
    Repeat,
    Scenario,
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
    "Repeat",
    "Mark",
    "Attempt",
    "When",
    "Call",
    "TakeShape",
    "Deep",
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
