"""``omvsim gate`` as a capture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Column, Document, Table
from omvsim.capture._headline import Figure, Fix, Headline, Tile, Tone
from omvsim.capture._parts import fact, no_figure
from omvsim.gate import Metric, Outcome
from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.capture._document import Cell
    from omvsim.capture._headline import Unit
    from omvsim.gate import GateReport, JobResult

_TONES: Final[dict[Outcome, Tone]] = {Outcome.PASSED: "good", Outcome.NEW: "plain"}
_WHERE: Final = (Column(title="gate"), Column(title="model"), Column(title="release"), Column(title="figure"))
_MOST_FIXES = _MOST_REASONS = 8
_NAME = 32
"""Characters of a tensor's name that are shown at once."""


def capture_gate(report: GateReport) -> Capture:
    """Pour a gate into a capture."""
    passed = report.outcome is Outcome.PASSED
    changes, runs = tuple(_changes(report)), tuple(_runs(report))
    facts = {result.provenance for result in report.results if result.provenance}
    return Capture(
        Document(
            omvsim=__version__,
            kind="gate",
            title=report.policy,
            subtitle="" if report.baseline is None else f"baseline {report.baseline}",
            verdict=Headline(
                key=str(report.outcome),
                tone="good" if passed else "bad",
                word="Gate passed" if passed else "Gate failed",
                sentence=_sentence(report),
                reasons=_first(tuple(_reasons(report))),
            ),
            tiles=_tiles(report),
            fixes=tuple(_fixes(report))[:_MOST_FIXES],
            tables=tuple(table for table in (_matrix(report), *_check_tables(report), *changes, *runs) if table.rows),
            facts=tuple(fact("figures", Provenance(name)) for name in sorted(facts)),
        )
    )


def _sentence(report: GateReport) -> str:
    if report.problem is not None:
        return report.problem.cause
    total, failing = len(report.results), len(report.failures)
    if not failing:
        return f"all {total} checked models are within their budgets"
    first = report.failures[0]
    return f"{failing} of {total} models are not as they should be; first {_model(first)} on {first.job.firmware}"


def _reasons(report: GateReport) -> Iterator[tuple[str, str]]:
    for result in report.failures:
        name = f"{_model(result)} on {result.job.firmware}"
        if result.message:
            yield name, result.message
        for check in result.failed_checks:
            blame = f"; at fault: {_in_short(check.blame.culprit)}" if check.blame.culprit else ""
            what = check.note or _word(check.outcome)
            yield name, f"{check.limit.key}: {what} (limit {check.limit.text}){blame}"


def _first(reasons: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    rest = len(reasons) - _MOST_REASONS
    return reasons if rest <= 0 else (*reasons[:_MOST_REASONS], ("and", f"{rest} more, in the tables below"))


def _in_short(text: str) -> str:
    """Names of tensors end with what tells them apart."""
    return re.sub(rf"'[^']*([^']{{{_NAME}}})'", r"'…\1'", text)


def _model(result: JobResult) -> str:
    """As the policy has it; a capture names no folder of the machine it was made on."""
    return Path(result.job.model).name if Path(result.job.model).is_absolute() else result.job.model


def _tiles(report: GateReport) -> tuple[Tile, ...]:
    provenance = str(Provenance.EXACT)
    failing = len(report.failures)
    changed = [change for result in report.results for change in result.changes]
    worse = sum(change.worse for change in changed)
    tiles = [
        Tile(
            title="Models that pass",
            figure=Figure(unit="count", value=len(report.results) - failing, provenance=provenance),
            says=f"of {len(report.results)}",
            tone="good" if not failing else "bad",
        )
    ]
    if report.baseline is None:
        tiles.append(Tile(title="Against the baseline", figure=no_figure("–"), says="there is none"))
    else:
        says = f"{sum(change.better for change in changed)} better"
        figure = Figure(unit="count", value=worse, provenance=provenance)
        tiles.append(Tile(title="Figures that got worse", figure=figure, says=says, tone="bad" if worse else "good"))
    slack = [check.slack for result in report.results for check in result.checks if check.slack is not None]
    broken = sum(value < 0 for value in slack)
    figure = Figure(unit="count", value=broken, provenance=provenance)
    tiles.append(Tile(title="Budgets broken", figure=figure, says=f"of {len(slack)}", tone="bad" if broken else "good"))
    return tuple(tiles)


def _fixes(report: GateReport) -> Iterator[Fix]:
    seen = set()
    for result in report.failures:
        for blame in (result.blame, *(check.blame for check in result.failed_checks)):
            if blame.fix and blame.fix not in seen:
                seen.add(blame.fix)
                yield Fix(title=f"{_model(result)} on {result.job.firmware}", code=blame.fix)


def _word(outcome: Outcome) -> str:
    return str(outcome).replace("_", " ")


def _unit(metric: Metric) -> Unit:
    return "ms" if metric is Metric.TIME else "bytes"


def _where(result: JobResult, figure: str) -> tuple[Cell, ...]:
    return result.job.entry.name, _model(result), result.job.firmware, figure


def _matrix(report: GateReport) -> Table:
    """Models over the policy's releases; empty where there is one release only."""
    releases = list(dict.fromkeys(result.job.firmware for result in report.results))
    found: dict[tuple[str, str], dict[str, JobResult]] = {}
    for result in report.results:
        found.setdefault((result.job.entry.name, _model(result)), {})[result.job.firmware] = result
    rows = [
        (*name, *(_word(on[release].outcome) if release in on else "" for release in releases))
        for name, on in found.items()
    ]
    tones: list[Tone] = [
        "good" if all(_TONES.get(result.outcome) in ("good", "plain") for result in on.values()) else "bad"
        for on in found.values()
    ]
    return Table(
        key="releases",
        title="Releases",
        columns=(*_WHERE[:2], *map(_plain, releases)),
        rows=tuple(rows) if len(releases) > 1 else (),
        tones=tuple(tones) if len(releases) > 1 else (),
        note="How each model does on the policy's releases.",
    )


def _check_tables(report: GateReport) -> Iterator[Table]:
    """Budgets in bytes and those in milliseconds: a column has one unit."""
    for unit in ("bytes", "ms"):
        rows, tones = [], []
        for result in report.results:
            for check in result.checks:
                if _unit(check.limit.metric) == unit:
                    shown = (check.measured, check.allowed, check.slack, _word(check.outcome))
                    rows.append((*_where(result, check.limit.key), *shown))
                    tones.append(_TONES.get(check.outcome, "bad"))
        columns = (*_WHERE, *(Column(title=name, unit=unit) for name in ("measured", "budget", "slack")))
        yield Table(
            key=f"checks-{unit}",
            title="Budgets" if unit == "bytes" else "Budgets of time",
            columns=(*columns, Column(title="outcome")),
            rows=tuple(rows),
            tones=tuple(tones),
        )


def _changes(report: GateReport) -> Iterator[Table]:
    for unit in ("bytes", "ms"):
        rows: list[tuple[Cell, ...]] = []
        tones: list[Tone] = []
        for result in report.results:
            for change in result.changes:
                if _unit(change.metric) == unit:
                    moved = change.after - change.before
                    rows.append((*_where(result, change.key), change.before, change.after, moved))
                    tones.append("good" if change.better else "bad" if change.worse else "plain")
        yield Table(
            key=f"before-after-{unit}",
            title="Before and after" if unit == "bytes" else "Time before and after",
            columns=(*_WHERE, *(Column(title=name, unit=unit) for name in ("before", "after", "change"))),
            rows=tuple(rows),
            tones=tuple(tones),
            note="Against the baseline; what did not change is not listed.",
        )


def _runs(report: GateReport) -> Iterator[Table]:
    columns = (*_WHERE[:3], *map(_plain, ("outcome", "verdict", "provenance", "what it says", "what helps")))
    rows: list[tuple[Cell, ...]] = []
    tones: list[Tone] = []
    for result in report.results:
        shown = (
            _word(result.outcome),
            result.verdict.replace("_", " "),
            result.provenance,
            result.message,
            result.blame.fix,
        )
        rows.append((*_where(result, "")[:3], *shown))
        tones.append(_TONES.get(result.outcome, "bad"))
    yield Table(key="runs", title="Models", columns=columns, rows=tuple(rows), tones=tuple(tones))


def _plain(title: str) -> Column:
    return Column(title=title)


__all__ = ["capture_gate"]
