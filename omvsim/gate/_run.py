"""Running a gate: jobs by model on any executor, each measured, judged and explained where it breaks something."""

from __future__ import annotations

import dataclasses
import traceback
from concurrent.futures import as_completed
from typing import TYPE_CHECKING

from omvsim.errors import InputError
from omvsim.gate._baseline import compare
from omvsim.gate._blame import blame_check, blame_failure
from omvsim.gate._limits import judge
from omvsim.gate._measure import Bench, doubt, figures, inference_time, predictions, time_figure
from omvsim.gate._types import NO_BLAME, Check, JobResult, Metric, Newcomer, Outcome
from omvsim.internal_error import InternalError
from omvsim.verdict import Verdict
from omvsim.workers import Thread, Workers, processors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from omvsim.gate._baseline import Baseline
    from omvsim.gate._types import Figure, Job, Limit
    from omvsim.runs.scenario import RunResult
    from omvsim.timing import InferenceTime

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
    for model, group in groups.items():
        rows = None if baseline is None else {job.key: baseline[job.key] for job in group if job.key in baseline}
        futures[executor.submit(run_model, root, group, rows, explain, every)] = model
    results: dict[int, JobResult] = {}
    for future in as_completed(futures):
        model = futures[future]
        failed = future.exception()
        done = future.result() if failed is None else [_broken(job, failed) for job in groups[model]]
        results.update(zip(positions[model], done, strict=True))
        if progress is not None:
            progress(len(results))
    return tuple(results[number] for number in range(len(jobs)))


def _broken(job: Job, error: BaseException) -> JobResult:
    """An internal error: a bug report needs where, and ``--debug`` shows the rest."""
    details = "".join(traceback.format_exception(error))
    return JobResult(job, Outcome.INTERNAL, message=str(InternalError.of(error)), traceback=details)


def run_model(
    root: Path, jobs: Sequence[Job], baseline: Baseline | None, explain: bool, every: bool = False
) -> list[JobResult]:
    """The jobs of one model."""
    try:
        bench = Bench(root, jobs[0].model)
    except InputError as error:
        return [JobResult(job, Outcome.BAD_INPUT, message=str(error)) for job in jobs]
    return [_run_job(bench, job, baseline, explain, every) for job in jobs]


def _run_job(bench: Bench, job: Job, baseline: Baseline | None, explain: bool, every: bool) -> JobResult:
    try:
        result = bench.run(job)
        time = _time(result, job)
    except InputError as error:
        return JobResult(job, Outcome.BAD_INPUT, message=str(error))
    found = figures(result, job.entry)
    timed = None if time is None else time_figure(time, job.entry)
    if timed is not None:
        found = (*found, timed)
    before = None if baseline is None else baseline.get(job.key, {})
    return judged(result, job, found, before, time, explain=explain, every=every)


def _time(result: RunResult, job: Job) -> InferenceTime | None:
    wanted = any(limit.metric is Metric.TIME for limit in job.entry.limits)
    return inference_time(result) if wanted and result.verdict is Verdict.OK else None


def judged(
    result: RunResult,
    job: Job,
    found: tuple[Figure, ...],
    before: Mapping[str, float] | None,
    time: InferenceTime | None = None,
    *,
    explain: bool = True,
    every: bool = False,
) -> JobResult:
    """A job's figures held against its limits and the baseline; ``before`` is empty for a job the baseline has not."""
    by_key = {figure.key: figure for figure in found}
    runs = result.verdict is Verdict.OK
    checks: list[Check] = []
    for limit in job.entry.limits:
        figure = by_key.get(limit.key)
        if figure is not None:
            check = judge(limit, figure, before)
        elif runs:
            check = Check(limit, None, None, Outcome.BAD_INPUT, note=_why_missing(result, limit, time))
        else:
            continue
        wanted = every or check.outcome in (Outcome.OVER_BUDGET, Outcome.REGRESSION)
        if wanted and explain and check.measured is not None:
            check = dataclasses.replace(check, blame=blame_check(result, job.entry, check, time))
        checks.append(check)
    unagreed = before == {} and job.entry.new_models is not Newcomer.PASS
    outcome, message = _outcome(result, job, checks, unagreed=unagreed)
    return JobResult(
        job=job,
        outcome=outcome,
        verdict=str(result.verdict),
        provenance=str(result.provenance),
        figures=found,
        checks=tuple(checks),
        changes=compare(found, before),
        message=message,
        blame=NO_BLAME if runs or not explain else blame_failure(result),
    )


def _outcome(result: RunResult, job: Job, checks: Sequence[Check], *, unagreed: bool = False) -> tuple[Outcome, str]:
    """The worst of a job, and why where no check says it."""
    outcomes, message = [check.outcome for check in checks], ""
    doubted = doubt(result)
    if job.entry.exact and doubted:
        outcomes.append(Outcome.NOT_EXACT)
        message = f"exact figures are required; these are {result.provenance}: {doubted}"
    if result.verdict is not Verdict.OK:
        outcomes.append(Outcome.FAILS)
        message = _failure(result, doubted)
    if unagreed and not message:
        outcomes.append(Outcome.UNAGREED)
        message = "the baseline does not have this model: --update-baseline agrees to its figures"
    order = list(Outcome)
    return max(outcomes, key=order.index, default=Outcome.PASSED), message


def _failure(result: RunResult, doubted: str) -> str:
    if result.verdict is Verdict.UNKNOWN:
        return f"whether it runs is not known: {doubted}"
    if result.verdict is Verdict.MAY_CRASH:
        return "the camera may die of a HardFault, and no exception reaches the script"
    if result.verdict is Verdict.NO_SPACE and result.failure is not None:
        return result.failure.reason
    if result.verdict is Verdict.HANGS:
        reason = "" if result.failure is None else f": {result.failure.reason}"
        return f"the camera hangs, and no exception reaches the script{reason}"
    return result.exception or str(result.verdict)


def _why_missing(result: RunResult, limit: Limit, time: InferenceTime | None) -> str:
    release = result.board.firmware
    match limit.metric:
        case Metric.HEADROOM:
            return f"firmware {release} has no GC area {limit.where}"
        case Metric.LONGEST_FREE:
            return f"the scenario makes {len(predictions(result))} predictions only"
        case Metric.GARBAGE:
            return "a collection runs in every frame, or there is none: its garbage cannot be told"
        case Metric.TIME if time is not None:
            return f"no facts about the time of {', '.join(time.unknown)}"
    return "there is no such figure"
