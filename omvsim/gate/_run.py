"""Running a gate: jobs by model on any executor, each measured, judged and explained where it breaks something."""

from __future__ import annotations

import dataclasses
import traceback
from concurrent.futures import BrokenExecutor, as_completed
from functools import partial
from typing import TYPE_CHECKING

from omvsim.errors import InputError, WorkerError
from omvsim.gate._baseline import compare
from omvsim.gate._limits import judge
from omvsim.gate._measure import Bench
from omvsim.gate._model import run_of_model
from omvsim.gate._script import run_of_script
from omvsim.gate._types import NO_BLAME, Check, JobResult, Newcomer, Outcome
from omvsim.internal_error import InternalError
from omvsim.verdict import Verdict
from omvsim.workers import Thread, Workers, done, processors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from omvsim.gate._baseline import Baseline
    from omvsim.gate._subject import Subject
    from omvsim.gate._types import Job

_FEW = 4
"""Jobs below which starting processes costs more than it saves."""


def make_executor(jobs: int, workers: int | None) -> Thread | Workers:
    """Processes where it pays, else a thread; ``workers`` None is one a processor."""
    workers = workers or processors()
    if workers == 1 or jobs <= _FEW:
        return Thread()
    return Workers(min(workers, jobs))


def run_jobs(
    root: Path,
    jobs: Sequence[Job],
    baseline: Baseline | None = None,
    *,
    executor: Executor,
    explain: bool = True,
    every: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[JobResult, ...]:
    """Measure and judge ``jobs``, in their order. What goes wrong in one is its result, and the others go on.

    When a process of the executor is killed, the jobs that were not done by then are lost; the others are kept.

    Args:
        root: folder the jobs' models are relative to.
        jobs: what to run.
        baseline: figures to compare with.
        executor: where to run them; it is not shut down.
        explain: look for culprits and fixes.
        every: look for them where a check passes too.
        progress: called with the number of jobs done.
    """
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.model, []).append(job)
    # Positions, not keys: what comes back from another process is not the same object.
    positions = {model: [n for n, job in enumerate(jobs) if job.model == model] for model in groups}
    futures: dict[Future[list[JobResult]], str] = {}
    for model in sorted(groups, key=lambda each: -_size(root / each)):  # what takes longest must not begin last
        group = groups[model]
        rows = None if baseline is None else {job.key: baseline[job.key] for job in group if job.key in baseline}
        try:
            futures[executor.submit(run_model, root, group, rows, explain, every)] = model
        except (WorkerError, BrokenExecutor):
            break
    results: dict[int, JobResult] = {}
    for future in as_completed(futures):
        model = futures[future]
        results.update(zip(positions[model], _results(future, groups[model]), strict=True))
        if progress is not None:
            progress(len(results))
    return tuple(results.get(number) or _lost(job) for number, job in enumerate(jobs))


def _results(future: Future[list[JobResult]], jobs: Sequence[Job]) -> list[JobResult]:
    try:
        return done(future)
    except WorkerError:
        return [_lost(job) for job in jobs]
    except Exception as error:
        return [_broken(job, error) for job in jobs]


def _lost(job: Job) -> JobResult:
    return JobResult(job, Outcome.LOST, message=str(WorkerError()))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # said where it is read


def _broken(job: Job, error: BaseException) -> JobResult:
    """An internal error: a bug report needs where, and ``--debug`` shows the rest."""
    details = "".join(traceback.format_exception(error))
    return JobResult(job, Outcome.INTERNAL, message=str(InternalError.of(error)), traceback=details)


def run_model(
    root: Path, jobs: Sequence[Job], baseline: Baseline | None, explain: bool, every: bool = False
) -> list[JobResult]:
    """The jobs of one model, or of one script."""
    run: Callable[[Job], Subject]
    if jobs[0].entry.scripts:
        run = partial(run_of_script, root)
    else:
        try:
            run = partial(run_of_model, Bench(root, jobs[0].model))
        except InputError as error:
            return [JobResult(job, Outcome.BAD_INPUT, message=str(error)) for job in jobs]
    return [_run_job(run, job, baseline, explain, every) for job in jobs]


def _run_job(
    run: Callable[[Job], Subject], job: Job, baseline: Baseline | None, explain: bool, every: bool
) -> JobResult:
    try:
        subject = run(job)
    except InputError as error:
        return JobResult(job, Outcome.BAD_INPUT, message=str(error))
    before = None if baseline is None else baseline.get(job.key, {})
    return judged(subject, job, before, explain=explain, every=every)


def judged(
    subject: Subject,
    job: Job,
    before: Mapping[str, float] | None,
    *,
    explain: bool = True,
    every: bool = False,
) -> JobResult:
    """A job's figures held against its limits and the baseline; ``before`` is empty for a job the baseline has not."""
    by_key = {figure.key: figure for figure in subject.figures}
    runs = subject.verdict is Verdict.OK
    checks: list[Check] = []
    for limit in job.entry.limits:
        figure = by_key.get(limit.key)
        if figure is not None:
            check = judge(limit, figure, before)
        elif runs:
            check = Check(limit, None, None, Outcome.BAD_INPUT, note=subject.why_missing(limit))
        else:
            continue
        wanted = every or check.outcome in (Outcome.OVER_BUDGET, Outcome.REGRESSION)
        if wanted and explain and check.measured is not None:
            check = dataclasses.replace(check, blame=subject.blame_check(check))
        checks.append(check)
    unagreed = before == {} and job.entry.new_models is not Newcomer.PASS
    outcome, message = _outcome(subject, job, checks, unagreed=unagreed)
    return JobResult(
        job=job,
        outcome=outcome,
        verdict=str(subject.verdict),
        provenance=str(subject.provenance),
        figures=subject.figures,
        checks=tuple(checks),
        changes=compare(subject.figures, before),
        message=message,
        blame=NO_BLAME if runs or not explain else subject.blame_failure(),
    )


def _outcome(subject: Subject, job: Job, checks: Sequence[Check], *, unagreed: bool = False) -> tuple[Outcome, str]:
    """The worst of a job, and why where no check says it."""
    outcomes, message = [check.outcome for check in checks], ""
    if job.entry.exact and subject.doubt:
        outcomes.append(Outcome.NOT_EXACT)
        message = f"exact figures are required; these are {subject.provenance}: {subject.doubt}"
    if subject.verdict is not Verdict.OK:
        outcomes.append(Outcome.FAILS)
        message = subject.failure()
    if unagreed and not message:
        outcomes.append(Outcome.UNAGREED)
        kind = "script" if job.entry.scripts else "model"
        message = f"the baseline does not have this {kind}: --update-baseline agrees to its figures"
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.PASSED), message
