"""A gate as GitHub workflow commands: annotations on the policy's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.gate import Severity
from omvsim.report._gate_findings import RULES, announcements, findings, subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.gate import GateReport

MOST = 10
"""Annotations of one kind that GitHub shows for a step."""


_SAID = {"better": "improved", "worse": "got worse", "changed": "changed"}


def gate_annotations(report: GateReport) -> str:
    """``::error file=…,line=…,title=…::…`` lines, at most :data:`MOST` a kind; the last says how many are left out."""
    found = list(findings(report))
    entries = {
        str(level): [(f.line, f.subject or RULES[f.rule], "\n".join(f.lines())) for f in found if f.level is level]
        for level in Severity
    }
    entries["notice"] = [
        (r.job.entry.line, f"{subject(r.job)} {_SAID[word]}", text) for word, r, text in announcements(report)
    ]
    lines = [line for kind, rows in entries.items() for line in _commands(kind, report.policy, rows)]
    return "".join(f"{line}\n" for line in lines)


def _commands(kind: str, path: str, rows: list[tuple[int, str, str]]) -> Iterable[str]:
    shown = rows if len(rows) <= MOST else rows[: MOST - 1]
    for line, title, text in shown:
        yield f"::{kind} file={_property(path)},line={line},title={_property(title)}::{_data(text)}"
    if len(shown) < len(rows):
        text = f"{len(rows) - len(shown)} more like these are in the job's summary and log"
        yield f"::{kind} file={_property(path)},line=1,title=omvsim gate::{_data(text)}"


def _data(text: str) -> str:
    """As GitHub's toolkit escapes a message (actions/toolkit, packages/core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
