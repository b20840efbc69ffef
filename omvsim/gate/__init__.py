"""Gates: a policy says which models must fit which cameras, and a build fails when they no longer do.

>>> report = run_gate(GateOptions(policy=Path("omvsim.toml")))
>>> report.outcome, report.failures
"""

from omvsim.gate._baseline import read_baseline
from omvsim.gate._draft import Draft, draft_policy
from omvsim.gate._gate import GateOptions, run_gate
from omvsim.gate._jobs import jobs_of
from omvsim.gate._load import OWN_FILE, PROJECT_FILE, find_policy, load_policy, single_policy
from omvsim.gate._run import run_jobs
from omvsim.gate._types import (
    NO_BLAME,
    Blame,
    Change,
    Check,
    Entry,
    Figure,
    GateReport,
    Job,
    JobResult,
    Limit,
    LimitKind,
    Metric,
    NewBaseline,
    Newcomer,
    Outcome,
    Policy,
    PolicyProblem,
    Severity,
)

__all__ = [
    # running one
    "run_gate",
    "GateOptions",
    "jobs_of",
    "run_jobs",
    # policies
    "find_policy",
    "load_policy",
    "single_policy",
    "OWN_FILE",
    "PROJECT_FILE",
    "Policy",
    "Entry",
    "Limit",
    "LimitKind",
    "Metric",
    "Severity",
    "Draft",
    "draft_policy",
    "read_baseline",
    # what came out
    "GateReport",
    "JobResult",
    "Job",
    "Newcomer",
    "Outcome",
    "Figure",
    "Check",
    "Change",
    "Blame",
    "NO_BLAME",
    "PolicyProblem",
    "NewBaseline",
]
