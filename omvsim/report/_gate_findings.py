"""What a gate has to say, finding by finding, in words: every output format is made of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.gate import NO_BLAME, Blame, Metric, Newcomer, Outcome, Severity
from omvsim.records import dataclass
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.gate import Change, Check, GateReport, Job, JobResult, Limit

RULES = {
    "arena": "The tensor arena is over its budget",
    "model_ram": "model.ram is over its budget",
    "headroom": "Less heap is free than the script needs",
    "longest_free": "The longest free run of the heap is too short",
    "garbage_per_frame": "A frame leaves more garbage than its budget",
    "time_ms": "An inference takes longer than its budget",
    "file_size": "The model file is over its budget",
    "does-not-run": "The model does not load or run on that release",
    "new-model": "A model is new, or no entry of the policy names it",
    "not-exact": "Exact figures are required and these are not",
    "bad-input": "The policy or a model cannot be used",
    "lost": "The process that measured it was killed",
    "internal-error": "omvsim failed: this is a bug of omvsim",
}
"""Every rule a finding can be about."""
_BY_OUTCOME = {
    Outcome.FAILS: "does-not-run",
    Outcome.UNAGREED: "new-model",
    Outcome.NOT_EXACT: "not-exact",
    Outcome.BAD_INPUT: "bad-input",
    Outcome.LOST: "lost",
    Outcome.INTERNAL: "internal-error",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``job`` is None where it is the policy itself."""

    rule: str
    level: Severity
    text: str
    """One line, without model and release."""
    line: int
    """In the policy file."""
    job: Job | None = None
    blame: Blame = NO_BLAME
    figure: str = ""
    """Key of the figure, for a budget."""

    @property
    def subject(self) -> str:
        """Model and release, or nothing."""
        return "" if self.job is None else subject(self.job)

    def lines(self) -> list[str]:
        """All of it, for people."""
        head = f"{self.subject}: {self.text}" if self.job is not None else self.text
        found = [head]
        if self.blame.culprit:
            found.append(f"at fault: {self.blame.culprit}")
        if self.blame.fix:
            found.append(f"cheapest fix: {self.blame.fix}")
        return found


def subject(job: Job) -> str:
    """``models/person.tflite on 4.8.1``."""
    return f"{job.model} on {job.firmware}"


def findings(report: GateReport) -> Iterator[Finding]:
    """Everything wrong, in the report's order."""
    if report.problem is not None:
        yield Finding("bad-input", Severity.ERROR, f"{report.policy}: {report.problem.cause}", report.problem.line)
    for model in report.unmatched:
        level = Severity.ERROR if report.unmatched_means is Newcomer.FAIL else Severity.WARNING
        yield Finding("new-model", level, f"{report.path_of(model)}: no entry of the policy names this model", 1)
    for result in report.results:
        yield from result_findings(result)


def result_findings(result: JobResult) -> Iterator[Finding]:
    """Everything wrong with one job: what is wrong as a whole first, then its checks."""
    entry = result.job.entry
    if result.message:
        rule = _BY_OUTCOME[result.outcome]
        level = Severity.ERROR if rule in ("bad-input", "internal-error") else entry.severity
        if result.outcome is Outcome.UNAGREED:
            level = Severity.ERROR if entry.new_models is Newcomer.FAIL else Severity.WARNING
        yield Finding(rule, level, result.message, entry.line, result.job, result.blame)
    for check in result.failed_checks:
        metric = str(check.limit.metric)
        line = entry.line_of(metric)
        if check.outcome is Outcome.BAD_INPUT:
            text = f"{metric}: {check.note}"
            yield Finding("bad-input", Severity.ERROR, text, line, result.job, figure=check.limit.key)
        else:
            text = check_text(check)
            yield Finding(metric, entry.severity, text, line, result.job, check.blame, check.limit.key)


def limit_name(limit: Limit) -> str:
    """``headroom gc[0]``, ``longest_free after 100 frames``."""
    name = str(limit.metric)
    if limit.where:
        name += " total" if limit.where == "total" else f" gc[{limit.where[2:]}]"
    return name if limit.after_frames is None else f"{name} after {limit.after_frames} frames"


def amount(metric: Metric, value: float | None) -> str:
    """A figure in its unit's digits: ``307 200`` or ``12.345``."""
    if value is None:
        return ""
    return f"{value:.3f}" if metric is Metric.TIME else format_bytes(int(value))


def unit(metric: Metric) -> str:
    """The unit of a figure."""
    return "ms" if metric is Metric.TIME else "bytes"


def check_text(check: Check) -> str:
    """``arena 307 200 bytes, at most 300 000: 7 200 bytes over``."""
    metric, slack = check.limit.metric, check.slack
    word = "at least" if metric.more_is_better else "at most"
    if check.outcome is Outcome.REGRESSION:
        word = "baseline"
    note = f" ({check.note})" if check.note else ""
    text = f"{limit_name(check.limit)} {amount(metric, check.measured)} {unit(metric)}"
    text += f", {word} {amount(metric, check.allowed)}{note}"
    if slack is not None and slack < 0:
        text += f": {amount(metric, -slack)} {unit(metric)} {'short' if metric.more_is_better else 'over'}"
    return text


def change_text(change: Change) -> str:
    """``arena 307 200 → 300 000 (−7 200 bytes)``."""
    difference = change.after - change.before
    sign = "+" if difference > 0 else "−"
    size = amount(change.metric, abs(difference))
    before, after = amount(change.metric, change.before), amount(change.metric, change.after)
    return f"{change.key} {before} → {after} ({sign}{size} {unit(change.metric)})"


def by_gate(report: GateReport) -> dict[str, list[JobResult]]:
    """Results by the name of their entry, in the policy's order."""
    groups: dict[str, list[JobResult]] = {}
    for result in report.results:
        groups.setdefault(result.job.entry.name, []).append(result)
    return groups


def announcements(report: GateReport) -> list[tuple[str, JobResult, str]]:
    """(``better``, ``worse`` or ``changed``, job, its figures that are not the baseline's).

    ``better`` is said of a job only if nothing of it got worse and it is as the policy wants it: what an area gains
    while the heap as a whole does not is ``moved``, and a model that does not run has no improvements. What a failed
    check says is not said again.
    """
    found = []
    for result in report.results:
        changes = result.changes
        if not changes or result.outcome is Outcome.FAILS or result.outcome.is_unmeasured:
            continue
        better, worse = any(change.better for change in changes), any(change.worse for change in changes)
        word = (
            "changed" if better == worse or (better and result.outcome.is_failure) else "better" if better else "worse"
        )
        plain = word != "changed" and not any(change.moved for change in changes)
        said = {check.limit.key for check in result.failed_checks}
        texts = [
            change_text(each) + ("" if plain else f", {direction(each)}") for each in changes if each.key not in said
        ]
        if texts:
            found.append((word, result, "; ".join(texts)))
    return found


def direction(change: Change) -> str:
    """``better``, ``worse`` or ``moved``."""
    return "moved to or from another area" if change.moved else "better" if change.better else "worse"


def summary(report: GateReport) -> str:
    """One sentence: ``12 checked: 10 passed, 1 over budget, 1 does not run``."""
    if report.problem is not None:
        return "the policy cannot be used"
    counts = {outcome: sum(result.outcome is outcome for result in report.results) for outcome in Outcome}
    words = [f"{count} {WORDS[outcome]}" for outcome, count in counts.items() if count]
    text = f"{len(report.results)} checked" + (f": {', '.join(words)}" if words else "")
    excused = sum(not result.breaks for result in report.failures)
    if excused:
        text += f" ({excused} as a warning)"
    if report.unmatched:
        text += f"; {len(report.unmatched)} model{'s' * (len(report.unmatched) > 1)} that no entry names"
    return f"{text}; {report.skipped} not touched" if report.skipped else text


WORDS = {
    Outcome.PASSED: "passed",
    Outcome.NEW: "new",
    Outcome.UNAGREED: "not in the baseline",
    Outcome.OVER_BUDGET: "over budget",
    Outcome.REGRESSION: "worse than the baseline",
    Outcome.NOT_EXACT: "not exact",
    Outcome.FAILS: "not running",
    Outcome.BAD_INPUT: "not usable",
    Outcome.LOST: "lost",
    Outcome.INTERNAL: "internal error",
}
"""Outcomes for people."""
