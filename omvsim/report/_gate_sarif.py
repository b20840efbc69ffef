"""A gate as SARIF 2.1.0 (OASIS), for code scanning: locations are the policy's line and the model's file."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from omvsim._version import __version__
from omvsim.report._gate_findings import RULES, Finding, announcements, findings, subject

if TYPE_CHECKING:
    from omvsim.gate import GateReport, Job

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_IMPROVED = "improved"
_ROOT = "SRCROOT"


def gate_sarif(report: GateReport) -> dict[str, object]:
    """The log; a result's first location is the policy, where a viewer can show the line."""
    rules = [*RULES, _IMPROVED]
    results = [_result(report, finding, rules) for finding in findings(report)]
    for word, result, text in announcements(report):
        if word != "better":
            continue
        results.append(
            {
                "ruleId": _IMPROVED,
                "ruleIndex": rules.index(_IMPROVED),
                "kind": "informational",
                "level": "none",
                "message": {"text": f"{subject(result.job)}: {text}"},
                "locations": [_location(report.policy, result.job.entry.line), _location(_model(report, result.job))],
            }
        )
    invocation: dict[str, object] = {"executionSuccessful": not report.outcome.is_unmeasured}
    if report.problem is not None:
        invocation["toolConfigurationNotifications"] = [
            {
                "level": "error",
                "message": {"text": report.problem.cause},
                "locations": [_location(report.policy, report.problem.line)],
            }
        ]
    texts = {**RULES, _IMPROVED: "Better than the baseline"}
    driver = {
        "name": "omvsim",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": texts[rule]}} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "invocations": [invocation], "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(report: GateReport, finding: Finding, rules: list[str]) -> dict[str, object]:
    locations = [_location(report.policy, finding.line)]
    if finding.job is not None:
        locations.append(_location(_model(report, finding.job)))
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": str(finding.level),
        "message": {"text": "\n".join(finding.lines())},
        "locations": locations,
        "partialFingerprints": {"omvsimGate/v1": _fingerprint(finding)},
    }


def _model(report: GateReport, job: Job) -> str:
    return report.path_of(job.model)


def _location(path: str, line: int | None = None) -> dict[str, object]:
    if PurePath(path).is_absolute():
        place: dict[str, object] = {"artifactLocation": {"uri": PurePath(path).as_uri()}}
    else:
        place = {"artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT}}
    if line is not None:
        place["region"] = {"startLine": line}
    return {"physicalLocation": place}


def _fingerprint(finding: Finding) -> str:
    """The same for the same entry, model, release and figure, whatever the sizes: an alert stays the same alert."""
    key = (finding.rule,) if finding.job is None else (finding.rule, *finding.job.key, finding.figure)
    return hashlib.sha256("\0".join(key).encode()).hexdigest()
