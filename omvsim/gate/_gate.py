"""A whole gate: policy, jobs, baseline, results."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import InputError, PolicyError
from omvsim.gate._baseline import read_baseline, render_baseline, updated_baseline
from omvsim.gate._changed import changed_files, touched
from omvsim.gate._jobs import jobs_of, unmatched
from omvsim.gate._load import OWN_FILE, find_policy, load_policy
from omvsim.gate._run import make_executor, run_jobs
from omvsim.gate._types import GateReport, LimitKind, NewBaseline, Newcomer, PolicyProblem
from omvsim.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from omvsim.gate._baseline import Baseline
    from omvsim.gate._types import Job, Policy

_TOML_LINE = re.compile(r"at line (\d+)")
DEFAULT_BASELINE = "omvsim-baseline.json"


@dataclass(frozen=True, slots=True)
class GateOptions:
    """How to run a gate."""

    policy: Path | None = None
    """Policy file; None is the nearest in the current folder or above."""
    baseline: Path | None = None
    """Baseline file; None is the policy's, or ``omvsim-baseline.json`` beside it."""
    update_baseline: bool = False
    """Make a new baseline; ``no-regression`` is not held against the old one then."""
    changed_since: str | None = None
    """Revision; only jobs that depend on a file touched since then are run."""
    workers: int | None = None
    """Processes; None is one a processor."""
    explain: str | None = None
    """Name of the one entry that is run, every check of it with who is at fault and what would help."""


def run_gate(
    options: GateOptions,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> GateReport:
    """Run a gate. What is wrong with the policy is in the report, not raised.

    Args:
        options: what to run.
        executor: where to run it instead of processes of its own; it is not shut down.
        progress: called with (jobs done, jobs in all).
    """
    path = options.policy or Path(OWN_FILE)
    try:
        path = options.policy or find_policy(Path.cwd())
        return _run(load_policy(path), options, executor, progress)
    except InputError as error:
        return GateReport(_seen_from_here(path), problem=_problem(error, path))


def _problem(error: InputError, policy: Path) -> PolicyProblem:
    """Where a policy is wrong, as far as the error says it."""
    line = getattr(error, "line", None)
    match = _TOML_LINE.search(error.cause)
    if line is None:
        line = int(match[1]) if match else 1
    source = Path(error.source)
    if source == policy:
        return PolicyProblem(error.cause, line)
    named = _seen_from_here(source) if source.is_absolute() else error.source
    return PolicyProblem(f"{named}: {error.cause}", line)


def _seen_from_here(path: Path) -> str:
    """With slashes, relative to the current folder where it lies below; the name alone where not."""
    path, here = path.resolve(), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


def _run(
    policy: Policy,
    options: GateOptions,
    executor: Executor | None,
    progress: Callable[[int, int], None] | None,
) -> GateReport:
    whole = policy
    if options.explain is not None:
        policy = _only(policy, options.explain)
    every = jobs_of(policy)
    since = options.changed_since
    jobs = every if since is None else tuple(touched(every, policy, changed_files(policy.root, since)))
    path = options.baseline or policy.baseline or _default_baseline(policy, options.update_baseline)
    old = _old_baseline(policy, path, options.update_baseline)
    if options.update_baseline:
        jobs = tuple(_without_regression(job) for job in jobs)
    report_to = None if progress is None else lambda done: progress(done, len(jobs))
    with nullcontext(executor) if executor else make_executor(len(jobs), options.workers) as pool:
        explained = options.explain is not None
        results = run_jobs(policy.root, jobs, old, executor=pool, every=explained, progress=report_to)
    named = _seen_from_here(policy.path)
    text = render_baseline(updated_baseline(old or {}, results, every))
    return GateReport(
        policy=named,
        folder=named.rpartition("/")[0],
        results=results,
        baseline=None if path is None else _seen_from_here(path),
        new_baseline=None if path is None or not options.update_baseline else NewBaseline(path, text),
        skipped=len(every) - len(jobs),
        unmatched=() if whole.unmatched is Newcomer.PASS or since is not None or explained else unmatched(whole),
        unmatched_means=whole.unmatched,
    )


def _only(policy: Policy, name: str) -> Policy:
    """The policy with one entry.

    Raises:
        InputError: it has none of that name.
    """
    found = tuple(entry for entry in policy.entries if entry.name == name)
    if not found:
        known = ", ".join(repr(entry.name) for entry in policy.entries)
        raise PolicyError(policy.path, f"has no entry {name!r}; it has {known}")
    return replace(policy, entries=found)


def _default_baseline(policy: Policy, update: bool) -> Path | None:
    """Where nothing names one: ``omvsim-baseline.json`` beside the policy, if it is there or is to be made."""
    path = policy.root / DEFAULT_BASELINE
    return path if update or path.exists() else None


def _old_baseline(policy: Policy, path: Path | None, update: bool) -> Baseline | None:
    if path is None:
        for entry in policy.entries:
            if any(limit.kind is LimitKind.NO_REGRESSION for limit in entry.limits):
                cause = f"gate {entry.name!r}: no-regression needs a baseline: --update-baseline makes one"
                raise PolicyError(policy.path, cause)
        return None
    return {} if update and not path.exists() else read_baseline(path)


def _without_regression(job: Job) -> Job:
    limits = tuple(limit for limit in job.entry.limits if limit.kind is not LimitKind.NO_REGRESSION)
    entry = replace(job.entry, limits=limits, new_models=Newcomer.PASS)
    return replace(job, entry=entry)
