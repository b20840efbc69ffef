"""A model in a scenario, as a gate's subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.gate._blame import blame_check, blame_failure
from omvsim.gate._measure import doubt, figures, predictions, time_figure
from omvsim.gate._types import Metric
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.gate._measure import Bench
    from omvsim.gate._types import Blame, Check, Entry, Figure, Job, Limit
    from omvsim.modelfile import Plans
    from omvsim.provenance import Provenance
    from omvsim.runs.scenario import RunResult
    from omvsim.timing import InferenceTime


class ModelRun(NamedTuple):
    """One run of a model."""

    result: RunResult
    entry: Entry
    time: InferenceTime | None
    figures: tuple[Figure, ...]
    doubt: str
    plans: Plans
    """Of its model's arena, for every release that was looked at."""

    @property
    def verdict(self) -> Verdict:
        return self.result.verdict

    @property
    def provenance(self) -> Provenance:
        return self.result.provenance

    def failure(self) -> str:
        result = self.result
        if result.verdict is Verdict.UNKNOWN:
            return f"whether it runs is not known: {self.doubt}"
        if result.verdict is Verdict.MAY_CRASH:
            return "the camera may die of a HardFault, and no exception reaches the script"
        if result.verdict is Verdict.NO_SPACE and result.failure is not None:
            return result.failure.reason
        if result.verdict is Verdict.HANGS:
            reason = "" if result.failure is None else f": {result.failure.reason}"
            return f"the camera hangs, and no exception reaches the script{reason}"
        return result.exception or str(result.verdict)

    def why_missing(self, limit: Limit) -> str:
        match limit.metric:
            case Metric.HEADROOM:
                return f"firmware {self.result.board.firmware} has no GC area {limit.where}"
            case Metric.LONGEST_FREE:
                return f"the scenario makes {len(predictions(self.result))} predictions only"
            case Metric.GARBAGE:
                return "a collection runs in every frame, or there is none: its garbage cannot be told"
            case Metric.TIME if self.time is not None:
                return f"no facts about the time of {', '.join(self.time.unknown)}"
        return "there is no such figure"

    def blame_check(self, check: Check) -> Blame:
        return blame_check(self.result, self.entry, check, self.time)

    def blame_failure(self) -> Blame:
        return blame_failure(self.result, self.plans)


def run_of_model(bench: Bench, job: Job) -> ModelRun:
    """Run a job.

    Raises:
        InputError: what it names cannot be used.
    """
    result = bench.run(job)
    timed = any(limit.metric is Metric.TIME for limit in job.entry.limits)
    time = _inference(result) if timed and result.verdict is Verdict.OK else None
    found = figures(result, job.entry)
    figure = None if time is None else time_figure(time, job.entry)
    every = found if figure is None else (*found, figure)
    return ModelRun(result, job.entry, time, every, doubt(result), bench.plans)


def _inference(result: RunResult) -> InferenceTime:
    from omvsim.frame_time import inference_of  # noqa: PLC0415 - only for budgets of time

    return inference_of(result)
