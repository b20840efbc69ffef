"""A gate as JSON: the contract other tools rely on (documented in ``docs/gate.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.gate import Outcome

if TYPE_CHECKING:
    from omvsim.gate import Blame, Change, Check, GateReport, JobResult

SCHEMA_VERSION = 1


def gate_json(report: GateReport) -> dict[str, object]:
    """The whole report."""
    problem = report.problem
    return {
        "schema": "omvsim.gate",
        "schema_version": SCHEMA_VERSION,
        "policy": report.policy,
        "baseline": report.baseline,
        "outcome": report.outcome,
        "passed": report.outcome is Outcome.PASSED,
        "problem": None if problem is None else {"cause": problem.cause, "line": problem.line},
        "skipped": report.skipped,
        "unmatched": [report.path_of(model) for model in report.unmatched],
        "results": [_result(report, result) for result in report.results],
    }


def _result(report: GateReport, result: JobResult) -> dict[str, object]:
    job = result.job
    return {
        "gate": job.entry.name,
        "model": report.path_of(job.model),
        "script": report.path_of(job.model) if job.entry.scripts else None,
        "board": job.entry.board,
        "firmware": job.firmware,
        "severity": job.entry.severity,
        "outcome": result.outcome,
        "breaks": result.breaks,
        "verdict": result.verdict or None,
        "provenance": result.provenance or None,
        "message": result.message or None,
        **_blame(result.blame),
        "figures": {figure.key: figure.value for figure in result.figures},
        "checks": [_check(check) for check in result.checks],
        "changes": [_change(change) for change in result.changes],
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "figure": check.limit.key,
        "limit": check.limit.text,
        "measured": check.measured,
        "allowed": check.allowed,
        "slack": check.slack,
        "outcome": check.outcome,
        "note": check.note or None,
        **_blame(check.blame),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "figure": change.key,
        "before": change.before,
        "after": change.after,
        "better": change.better,
        "moved": change.moved,
    }


def _blame(blame: Blame) -> dict[str, object]:
    return {"at_fault": blame.culprit or None, "fix": blame.fix or None}
