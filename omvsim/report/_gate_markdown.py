"""A gate as Markdown: the summary of a CI step, and a pull request's comment that later runs find and replace."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from omvsim.gate import Outcome
from omvsim.report._gate_findings import (
    WORDS,
    amount,
    by_gate,
    direction,
    findings,
    limit_name,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.gate import Change, GateReport, JobResult

MARKER = "<!-- omvsim-gate -->"
"""First line of a comment: how a later run knows its own."""
COMMENT_BYTES = 60_000
"""GitHub takes 65 536 characters; bytes are never fewer."""
SUMMARY_BYTES = 1_000_000
"""GitHub takes 1 MiB a step."""
_MARKS = {Outcome.PASSED: "✅", Outcome.NEW: "🆕"}


def gate_summary(report: GateReport) -> str:
    """The step summary."""
    return _limited(report, "", SUMMARY_BYTES)


def gate_comment(report: GateReport) -> str:
    """The body of the comment, marker first; under 64 KB whatever the gate's size."""
    return _limited(report, f"{MARKER}\n", COMMENT_BYTES)


def _limited(report: GateReport, head: str, most: int) -> str:
    """Blocks as long as they fit; what is left out is said."""
    mark = "✅" if report.outcome is Outcome.PASSED else "❌"
    text = f"{head}## {mark} omvsim gate: {_escaped(summary(report))}\n"
    if report.page:
        text += f"\n[The whole report as a page]({_link(report.page)})\n"
    tail = "\n_Cut: the whole report is in the job's log._\n"
    room = most - len(tail.encode())
    for block in _blocks(report):
        if len(text.encode()) + len(block.encode()) > room:
            return text + tail
        text += block
    return text


def _link(target: str) -> str:
    """A target that ends where it should."""
    return quote(target, safe="/:#?&=%+,@~.-_")


def _blocks(report: GateReport) -> Iterator[str]:
    for finding in findings(report):
        first, *rest = finding.lines()
        lines = [f"- **{finding.level}**: {_escaped(first)}", *(f"  - {_escaped(line)}" for line in rest)]
        yield "\n" + "\n".join(lines) + "\n"
    yield from _against_the_baseline(report)
    for name, results in by_gate(report).items():
        head = "| model | release | figure | measured | budget | slack | |\n|---|---|---|--:|--:|--:|---|\n"
        rows = [row for result in results for row in _rows(result)]
        lines = [f"| {' | '.join(_escaped(cell) for cell in row)} |\n" for row in rows]
        yield f"\n### {_escaped(name)}\n\n{head}{lines[0]}"
        yield from lines[1:]


def _against_the_baseline(report: GateReport) -> Iterator[str]:
    """Before, after and difference of every figure that is not the baseline's."""
    if report.baseline is None or report.problem is not None:
        return
    rows = [(result, change) for result in report.results for change in result.changes]
    if not rows:
        yield "\n### Against the baseline\n\nNo figure differs.\n"
        return
    head = "| model | release | figure | before | after | difference | |\n|---|---|---|--:|--:|--:|---|\n"
    lines = [f"| {' | '.join(_escaped(cell) for cell in _change_cells(*row))} |\n" for row in rows]
    yield f"\n### Against the baseline\n\n{head}{lines[0]}"
    yield from lines[1:]


def _change_cells(result: JobResult, change: Change) -> tuple[str, ...]:
    difference = change.after - change.before
    sign = "+" if difference > 0 else "−"
    before, after = (amount(change.metric, value) for value in (change.before, change.after))
    mark = "↔" if change.moved else "✅" if change.better else "🔺"
    word = f"{mark} {direction(change)}"
    return (
        result.job.model, result.job.firmware, change.key, before, after,
        f"{sign}{amount(change.metric, abs(difference))}", word,
    )  # fmt: skip


def _rows(result: JobResult) -> Iterator[tuple[str, ...]]:
    job = result.job
    if result.message or not result.checks:
        outcome = result.outcome if result.message else Outcome.PASSED
        word = "runs" if result.verdict == "ok" else result.verdict or "-"
        yield job.model, job.firmware, word, "", "", "", _verdict(outcome)
    for check in result.checks:
        metric, slack = check.limit.metric, check.slack
        room = "" if slack is None else f"{'−' if slack < 0 else '+'}{amount(metric, abs(slack))}"
        measured, allowed = amount(metric, check.measured), amount(metric, check.allowed)
        yield job.model, job.firmware, limit_name(check.limit), measured, allowed, room, _verdict(check.outcome)


def _verdict(outcome: Outcome) -> str:
    return f"{_MARKS.get(outcome, '❌')} {WORDS[outcome]}"


def _escaped(text: str) -> str:
    """Names of models and tensors are text, not Markdown or HTML, and do not address anybody."""
    for character in "\\`*_[]<>|#~":
        text = text.replace(character, f"\\{character}")
    return text.replace("@", "@\N{ZERO WIDTH SPACE}").replace("\r", "").replace("\n", " ")
