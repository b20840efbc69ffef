"""A gate as a table for people: measured, budget, slack, verdict; then what is at fault and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    from rich.text import Text

    from omvsim.gate import Check, GateReport, JobResult

_Row = tuple[tuple[str, str], ...]
"""Text and style of each cell."""
_HEAD: Final[_Row] = tuple(
    (name, "") for name in ("model", "release", "figure", "measured", "budget", "slack", "verdict")
)
_FOLDED: Final = 3
"""So many columns may be folded where the terminal is narrow."""
_RIGHT: Final = range(3, 6)
_GAP: Final = "  "
_STYLES = {Outcome.PASSED: "green", Outcome.NEW: "cyan"}
_MOST_OF_A_KIND = 10


def render_gate(report: GateReport, width: int) -> RenderableType:
    """The whole report for a terminal of ``width`` columns."""
    from rich.console import Group  # noqa: PLC0415 - JSON output must not pay for rich
    from rich.text import Text  # noqa: PLC0415

    parts: list[RenderableType] = []
    if report.results:
        parts += [_table(report, width), Text("")]
    parts += [Text(line) for line in _details(report, width)]
    word = "passed" if report.outcome is Outcome.PASSED else "FAILED"
    style = "bold green" if report.outcome is Outcome.PASSED else "bold red"
    line = Text(f"gate {word}: {summary(report)}")
    line.stylize(style, 0, len(f"gate {word}"))
    return Group(*parts, line)


def _table(report: GateReport, width: int) -> RenderableType:
    """One text where it fits, which costs a tenth of what rich's table does with hundreds of rows; else that table,
    which folds."""
    from rich.cells import cell_len  # noqa: PLC0415 - JSON output must not pay for rich

    rows = list(_cells(report))
    widths = [max(cell_len(text) for text, _ in column) for column in zip(_HEAD, *rows, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        return _folded(rows)
    return _joined(rows, widths)


def _joined(rows: Sequence[_Row], widths: Sequence[int]) -> Text:
    """Columns side by side as rich's table has them, blanks at the end of each line included."""
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    pieces: list[tuple[str, str]] = []
    for number, row in enumerate((_HEAD, *rows)):
        if number:
            pieces.append(("\n", ""))
        for at, ((text, style), wide) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (wide - cell_len(text))
            padded = blanks + text if at in _RIGHT else text + blanks
            pieces.append((_GAP * (at > 0) + padded, "bold" if number == 0 else style))
    return Text.assemble(*pieces)


def _folded(rows: Sequence[_Row]) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for at, (heading, _) in enumerate(_HEAD):
        table.add_column(
            heading,
            overflow="fold" if at < _FOLDED else "ellipsis",
            no_wrap=at >= _FOLDED,
            justify="right" if at in _RIGHT else "left",
        )
    for row in rows:
        table.add_row(*(Text(text, style) for text, style in row))
    return table


def _cells(report: GateReport) -> Iterator[_Row]:
    groups = by_gate(report)
    for name, results in groups.items():
        if len(groups) > 1:
            yield (name, "bold"), *[("", "")] * (len(_HEAD) - 1)
        yield from _of_group(results, indent="  " if len(groups) > 1 else "")


def _of_group(results: Sequence[JobResult], indent: str) -> Iterator[_Row]:
    before = None
    for result in results:
        job = result.job
        head = "" if job.model == before else indent + job.model, job.firmware
        before = job.model
        for *words, outcome in _rows(result):
            yield *((word, "") for word in (*head, *words)), (WORDS[outcome], _STYLES.get(outcome, "red"))
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
