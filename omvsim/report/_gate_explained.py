"""One entry of a gate, every figure: what it is now, what the baseline has, what holds it, who makes it what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report._gate_findings import WORDS, amount, check_text, direction, subject, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.gate import Check, Figure, GateReport, JobResult


def gate_explained(report: GateReport) -> str:
    """Plain lines, a model and release after the other."""
    lines: list[str] = []
    for result in report.results:
        lines += [*_job(report, result), ""]
    return "\n".join(lines)


def _job(report: GateReport, result: JobResult) -> Iterator[str]:
    entry = result.job.entry
    yield f"{entry.name}: {subject(result.job)}: {WORDS[result.outcome]}"
    where = f"line {entry.line} of {report.policy}"
    script = "run as it is" if entry.scripts else f"scenario {entry.scenario}"
    script += f", {entry.frames} frames"
    yield f"  asked for at {where}; board {entry.board}, {script}"
    yield f"  ended {result.verdict or 'before it ran'}; figures are {result.provenance or 'not known'}"
    if result.message:
        yield f"  {result.message}"
    yield from _blamed(result.blame.culprit, result.blame.fix)
    held: dict[str, list[Check]] = {}
    for check in result.checks:
        held.setdefault(check.limit.key, []).append(check)
    for figure in result.figures:
        yield from _figure(result, figure, held.pop(figure.key, []))
    for checks in held.values():
        for check in checks:
            yield f"  {check.limit.key}: no such figure: {check.note}"


def _figure(result: JobResult, figure: Figure, checks: list[Check]) -> Iterator[str]:
    share = ""
    if figure.whole:
        share = f", {figure.value * 100 / figure.whole:.1f} % of {figure.whole_text}"
    yield f"  {figure.key}: {amount(figure.metric, figure.value)} {unit(figure.metric)}{share}"
    change = next((each for each in result.changes if each.key == figure.key), None)
    if change is not None:
        yield f"    baseline {amount(change.metric, change.before)}: {direction(change)}"
    for check in checks:
        line = result.job.entry.line_of(check.limit.metric)
        yield f"    {WORDS[check.outcome]} (line {line}): {check_text(check)}"
        yield from (f"  {each}" for each in _blamed(check.blame.culprit, check.blame.fix))
    if not checks:
        yield "    nothing holds it"


def _blamed(culprit: str, fix: str) -> Iterator[str]:
    if culprit:
        yield f"  most of it: {culprit}"
    if fix:
        yield f"  what would help: {fix}"
