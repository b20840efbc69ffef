"""Scenarios: scripts with options that a model is run with, and what a run says of the model."""

from omvsim.runs.scenario.case import Case
from omvsim.runs.scenario.options import DETECTORS, Options, Postprocess, default_mode
from omvsim.runs.scenario.result import Foresight, LoopState, RunResult
from omvsim.runs.scenario.run import (
    failure_of,
    result_of,
    run_scenario,
    session_of,
    trusted,
    verdict_of,
)
from omvsim.runs.scenario.scenario import DEFAULT_SCENARIO, Scenario, load_scenario, shipped_scenarios

__all__ = [
    # what to run
    "Scenario",
    "load_scenario",
    "shipped_scenarios",
    "DEFAULT_SCENARIO",
    "Options",
    "Postprocess",
    "DETECTORS",
    "default_mode",
    # running it
    "Case",
    "run_scenario",
    "result_of",
    "failure_of",
    "verdict_of",
    "session_of",
    "trusted",
    # what came out
    "RunResult",
    "LoopState",
    "Foresight",
]
