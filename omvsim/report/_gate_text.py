"""A gate as a table for people: measured, budget, slack, verdict; then what is at fault and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.gate import Outcome
from omvsim.report._gate_findings import (
    WORDS,
    amount,
    announcements,
    by_gate,
    findings,
    limit_name,
    subject,
    summary,
)
from omvsim.report._run_verdict import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from omvsim.gate import Check, GateReport, JobResult

_STYLES = {Outcome.PASSED: "green", Outcome.NEW: "cyan"}
_MOST_OF_A_KIND = 10


def render_gate(report: GateReport, width: int) -> RenderableType:
    """The whole report for a terminal of ``width`` columns."""
    from rich.console import Group  # noqa: PLC0415 - JSON output must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    parts: list[RenderableType] = []
    if report.results:
        parts += [_table(report), Text("")]
    parts += [Text(line) for line in _details(report, width)]
    word = "passed" if report.outcome is Outcome.PASSED else "FAILED"
    style = "bold green" if report.outcome is Outcome.PASSED else "bold red"
    line = Text(f"gate {word}: {summary(report)}")
    line.stylize(style, 0, len(f"gate {word}"))
    return Group(*parts, line)


def _table(report: GateReport) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("model", "release", "figure"):
        table.add_column(heading, overflow="fold")
    for heading in ("measured", "budget", "slack"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    groups = by_gate(report)
    for name, results in groups.items():
        if len(groups) > 1:
            table.add_row(Text(name, "bold"))
        _add(table, results, indent="  " if len(groups) > 1 else "")
    return table


def _add(table: Table, results: Sequence[JobResult], indent: str) -> None:
    from rich.text import Text  # noqa: PLC0415

    before = None
    for result in results:
        job = result.job
        head = "" if job.model == before else indent + job.model, job.firmware
        before = job.model
        for *words, outcome in _rows(result):
            table.add_row(*head, *words, Text(WORDS[outcome], _STYLES.get(outcome, "red")))
            head = "", ""


def _rows(result: JobResult) -> Iterator[tuple[str, str, str, str, Outcome]]:
    whole = result.outcome if result.message else Outcome.PASSED
    if result.message or not result.checks:
        yield "runs" if result.verdict == "ok" else (result.verdict or "-"), "", "", "", whole
    for check in result.checks:
        yield _row(check)


def _row(check: Check) -> tuple[str, str, str, str, Outcome]:
    metric, slack = check.limit.metric, check.slack
    room = "" if slack is None else f"{'-' if slack < 0 else '+'}{amount(metric, abs(slack))}"
    return (
        limit_name(check.limit),
        amount(metric, check.measured),
        amount(metric, check.allowed),
        room,
        check.outcome,
    )


def _details(report: GateReport, width: int) -> Iterator[str]:
    for finding in findings(report):
        first, *rest = finding.lines()
        yield wrapped(f"{finding.level}: {first}", width, "  ")
        for line in rest:
            yield wrapped(f"  {line}", width, "    ")
    found = announcements(report)
    for word in ("worse", "changed", "better"):
        those = [(result, text) for each, result, text in found if each == word]
        for result, text in those[:_MOST_OF_A_KIND]:
            yield wrapped(f"{word}: {subject(result.job)}: {text}", width, "  ")
        if len(those) > _MOST_OF_A_KIND:
            yield f"{word}: {len(those) - _MOST_OF_A_KIND} more"
