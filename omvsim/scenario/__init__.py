"""Scenarios: what a script does step by step, and the session that runs it on a simulated camera."""

from omvsim.scenario._ledger import Allocation, Collection, Ledger, Refusal
from omvsim.scenario._parse import DEFAULT_SCENARIO, load_scenario
from omvsim.scenario._result import (
    SLICES,
    AreaState,
    Failure,
    LoopState,
    ModelState,
    RunResult,
    Snapshot,
    StepRecord,
    Verdict,
)
from omvsim.scenario._session import Session
from omvsim.scenario._steps import Collect, Load, MakeInput, Options, Predict, Release, Repeat, Scenario, Step

__all__ = [
    # what to run
    "Scenario",
    "Options",
    "Step",
    "Collect",
    "Load",
    "MakeInput",
    "Predict",
    "Release",
    "Repeat",
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
    "ModelState",
    "LoopState",
    "Allocation",
    "Collection",
    "Refusal",
    "Ledger",
]
