"""``gate``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from omvsim.outputs._common import Count, Version1


class ProblemOut(TypedDict):
    cause: str
    line: int | None


class CheckOut(TypedDict):
    figure: str
    limit: str
    measured: float | None
    allowed: float | None
    slack: float | None
    outcome: str
    note: str | None
    at_fault: str | None
    fix: str | None


class ChangeOut(TypedDict):
    figure: str
    before: float | None
    after: float | None
    better: bool
    moved: bool


class GateResultOut(TypedDict):
    gate: str
    model: str
    script: str | None
    board: str
    firmware: str
    severity: str
    outcome: str
    breaks: bool
    verdict: str | None
    provenance: str | None
    message: str | None
    at_fault: str | None
    fix: str | None
    figures: dict[str, float]
    checks: list[CheckOut]
    changes: list[ChangeOut]


class GateOut(TypedDict):
    schema: Literal["omvsim.gate"]
    schema_version: Version1
    policy: str
    baseline: str | None
    outcome: str
    passed: bool
    problem: ProblemOut | None
    skipped: Count
    unmatched: list[str]
    results: list[GateResultOut]
