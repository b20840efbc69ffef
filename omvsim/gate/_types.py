"""Values of a gate: what a policy asks for, and what measuring it gave."""

from __future__ import annotations

import enum
import posixpath
from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from omvsim.firmware import InputKind, LoadMode

NO_REGRESSION = "no-regression"


class Metric(enum.StrEnum):
    """A figure that may have a budget. Bytes, except ``TIME`` (milliseconds)."""

    ARENA = "arena"
    """What the library takes for the model (``arena_used_bytes``)."""
    MODEL_RAM = "model_ram"
    """``model.ram`` as the camera says it: the arena that is kept."""
    HEADROOM = "headroom"
    """Free bytes of the heap, of one area or in all, after the last frame and a ``gc.collect()``."""
    LONGEST_FREE = "longest_free"
    """The longest free run of the heap after a number of frames, garbage included."""
    GARBAGE = "garbage_per_frame"
    """Bytes in blocks that one frame leaves to the collector."""
    TIME = "time_ms"
    """One inference."""
    FILE_SIZE = "file_size"
    """The ``.tflite`` file."""

    @property
    def more_is_better(self) -> bool:
        """Whether a budget for it is a minimum."""
        return self in (Metric.HEADROOM, Metric.LONGEST_FREE)


OF_SCRIPTS = (Metric.HEADROOM, Metric.LONGEST_FREE, Metric.GARBAGE, Metric.TIME)
"""What a script has figures of; the others are a model's."""


class Severity(enum.StrEnum):
    """What a broken budget does to the exit code: a warning nothing."""

    ERROR = "error"
    WARNING = "warning"


class Newcomer(enum.StrEnum):
    """What a policy does with a model that nobody has agreed to yet."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"


class LimitKind(enum.StrEnum):
    """How a limit is given."""

    ABSOLUTE = "absolute"
    PERCENT = "percent"
    NO_REGRESSION = NO_REGRESSION


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of one figure, as the policy says it."""

    metric: Metric
    kind: LimitKind
    text: str
    """As written, e.g. ``300K``."""
    value: float = 0
    """Bytes, milliseconds or percent; nothing for ``no-regression``."""
    where: str = ""
    """Head-room: ``gc0`` … or ``total``."""
    after_frames: int | None = None
    """Longest free run: after this frame; None is the last."""

    @property
    def key(self) -> str:
        """The figure it is about, as baselines and JSON name it, e.g. ``headroom.gc0``."""
        return figure_key(self.metric, self.where, self.after_frames)


def figure_key(metric: Metric, where: str = "", after_frames: int | None = None) -> str:
    """Name of a figure: ``arena``, ``headroom.gc0``, ``longest_free@100``."""
    name = f"{metric}.{where}" if where else str(metric)
    return name if after_frames is None else f"{name}@{after_frames}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a policy: which models, on which cameras, doing what, within which budgets."""

    name: str
    line: int
    """Where it stands in the policy file."""
    models: tuple[str, ...]
    """Globs; of an entry with scripts, what those may load."""
    exclude: tuple[str, ...]
    board: str
    firmware: tuple[str, ...] | None
    """Empty: every release of the board; None: the one its profile names."""
    load: LoadMode | None
    input: InputKind | None
    scenario: str
    frames: int
    keep_output: bool | None
    callback: bool | None
    severity: Severity
    exact: bool
    """Accept exact figures only."""
    high_time: bool
    """Hold the high bound of a time against its budget, not the nominal one."""
    limits: tuple[Limit, ...]
    new_models: Newcomer = Newcomer.PASS
    """What a model means that the baseline does not have."""
    scripts: tuple[str, ...] = ()
    """Globs of camera scripts; where there are some, they are run and not the models."""
    limit_lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each budget by the metric's name."""

    def line_of(self, metric: str) -> int:
        """The line a finding about ``metric`` points at."""
        return self.limit_lines.get(metric, self.line)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file. Globs and files in it are relative to ``root``."""

    path: Path
    root: Path
    entries: tuple[Entry, ...]
    baseline: Path | None
    unmatched: Newcomer = Newcomer.WARN
    """What a model below ``root`` means that no entry names."""


@dataclass(frozen=True, slots=True)
class Job:
    """One model, or one script, on one release for one entry."""

    entry: Entry
    model: str
    """Relative to the policy's root, with slashes; the script's file where the entry is about scripts."""
    firmware: str
    handed: tuple[str, ...] = ()
    """Models that a script may load, likewise."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is called in a baseline."""
        return self.entry.name, self.model, self.firmware


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; ``whole`` is what a percentage of it is a percentage of."""

    key: str
    metric: Metric
    value: float
    whole: float | None = None
    whole_text: str = ""
    """In words, e.g. ``gc[2]``."""


@dataclass(frozen=True, slots=True)
class Blame:
    """Who is at fault and what helps, in words; empty where nothing is known."""

    culprit: str = ""
    fix: str = ""


NO_BLAME = Blame()


class Outcome(enum.StrEnum):
    """How a check or a job ended, best first."""

    PASSED = "passed"
    NEW = "new"
    """No baseline to compare with yet."""
    UNAGREED = "unagreed"
    """The baseline does not have the model, and the policy wants that to be noticed."""
    OVER_BUDGET = "over_budget"
    REGRESSION = "regression"
    NOT_EXACT = "not_exact"
    """The figures are not exact, and the policy takes no others."""
    FAILS = "fails"
    """The model does not load or run on that release, or nothing is known about it."""
    BAD_INPUT = "bad_input"
    """The model or the policy cannot be used."""
    LOST = "lost"
    """The process that measured it was killed."""
    INTERNAL = "internal_error"

    @property
    def is_failure(self) -> bool:
        """Whether it breaks the gate (unless it is a warning only)."""
        return self not in (Outcome.PASSED, Outcome.NEW)

    @property
    def is_unmeasured(self) -> bool:
        """Whether nothing can be said of the model."""
        return self in (Outcome.BAD_INPUT, Outcome.LOST, Outcome.INTERNAL)


@dataclass(frozen=True, slots=True)
class Check:
    """One figure held against one limit."""

    limit: Limit
    measured: float | None
    """None: there is no such figure."""
    allowed: float | None
    outcome: Outcome
    blame: Blame = NO_BLAME
    note: str = ""

    @property
    def slack(self) -> float | None:
        """Room left; negative is how much too much (or too little)."""
        if self.measured is None or self.allowed is None:
            return None
        room = self.allowed - self.measured
        return -room if self.limit.metric.more_is_better else room


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is not what the baseline says."""

    key: str
    metric: Metric
    before: float
    after: float
    moved: bool = False
    """An area's head-room that changed otherwise than the heap's as a whole: what is taken lies in another area now."""

    @property
    def better(self) -> bool:
        """Whether that is an improvement."""
        return not self.moved and (self.after > self.before) == self.metric.more_is_better

    @property
    def worse(self) -> bool:
        """Whether that is the opposite."""
        return not self.moved and not self.better


@dataclass(frozen=True, slots=True)
class JobResult:
    """One job, measured and judged; pickles small, for it comes from another process."""

    job: Job
    outcome: Outcome
    verdict: str = ""
    """The run's verdict (:class:`omvsim.verdict.Verdict`), empty if it never ran."""
    provenance: str = ""
    figures: tuple[Figure, ...] = ()
    checks: tuple[Check, ...] = ()
    changes: tuple[Change, ...] = ()
    """Against the baseline, by key."""
    message: str = ""
    """Why it ended as it did, where that is not a check: the line the camera prints, say."""
    blame: Blame = NO_BLAME
    """Of a run that fails."""
    traceback: str = ""
    """Of an internal error."""

    @property
    def breaks(self) -> bool:
        """Whether the gate fails because of it; severity cannot excuse what was not measured."""
        if self.outcome is Outcome.UNAGREED:
            return self.job.entry.new_models is Newcomer.FAIL
        return self.outcome.is_failure and (self.outcome.is_unmeasured or self.job.entry.severity is Severity.ERROR)

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Checks that did not pass."""
        return tuple(check for check in self.checks if check.outcome.is_failure)


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """Why a gate could not be run at all."""

    cause: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class NewBaseline:
    """What a baseline should say from now on."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class GateReport:
    """A whole gate. Paths have slashes and are relative to the folder it was run in (or the policy's, if above)."""

    policy: str
    folder: str = ""
    """The policy's folder; models are relative to it."""
    results: tuple[JobResult, ...] = ()
    problem: PolicyProblem | None = None
    baseline: str | None = None
    new_baseline: NewBaseline | None = None
    """Where one was asked for."""
    skipped: int = 0
    """Jobs left out because nothing they depend on was touched."""
    unmatched: tuple[str, ...] = ()
    """Models below the policy's folder that no entry names."""
    unmatched_means: Newcomer = Newcomer.WARN
    page: str = ""
    """Where the whole report is as a page, for those that link to it."""

    def path_of(self, model: str) -> str:
        """A job's model as seen from where the gate was run."""
        return model if PurePath(model).is_absolute() else posixpath.normpath(posixpath.join(self.folder, model))

    @property
    def outcome(self) -> Outcome:
        """The worst that breaks the gate."""
        if self.problem is not None:
            return Outcome.BAD_INPUT
        order = list(Outcome)
        broken = [result.outcome for result in self.results if result.breaks]
        if self.unmatched and self.unmatched_means is Newcomer.FAIL:
            broken.append(Outcome.UNAGREED)
        return max(broken, key=order.index, default=Outcome.PASSED)

    @property
    def failures(self) -> tuple[JobResult, ...]:
        """Results that are not as they should be, warnings included."""
        return tuple(result for result in self.results if result.outcome.is_failure)
