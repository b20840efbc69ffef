"""A gate as JUnit XML, as Jenkins and GitLab read it: a suite an entry, a test case a model and release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from omvsim.gate import Severity
from omvsim.report._gate_findings import by_gate, change_text, direction, result_findings, subject

if TYPE_CHECKING:
    from omvsim.gate import GateReport, JobResult

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gate_junit(report: GateReport) -> str:
    """The document. Warnings pass, with their text in ``system-out``: JUnit has no third state."""
    root = ElementTree.Element("testsuites", name="omvsim gate")
    for name, results in by_gate(report).items():
        _suite(root, name, results)
    if report.problem is not None:
        suite = _element(root, "testsuite", name="policy", tests="1", failures="0", errors="1", skipped="0")
        case = _element(suite, "testcase", name=report.policy, classname="omvsim.gate")
        _element(case, "error", report.problem.cause, message=report.problem.cause, type="bad-input")
    counts = {key: str(sum(int(suite.get(key, "0")) for suite in root)) for key in ("tests", "failures", "errors")}
    root.attrib.update(counts)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root: ElementTree.Element, name: str, results: list[JobResult]) -> None:
    errors = sum(result.outcome.is_unmeasured for result in results)
    failures = sum(result.breaks for result in results) - errors
    counts = {"tests": str(len(results)), "failures": str(failures), "errors": str(errors), "skipped": "0"}
    suite = _element(root, "testsuite", name=name, **counts)
    for result in results:
        _case(suite, result)


def _case(suite: ElementTree.Element, result: JobResult) -> None:
    entry = result.job.entry
    case = _element(suite, "testcase", name=subject(result.job), classname=f"omvsim.gate.{entry.name}")
    found = list(result_findings(result))
    texts = ["\n".join([finding.text, *finding.lines()[1:]]) for finding in found]
    if result.breaks:
        worst = next((f for f in found if f.level is Severity.ERROR), found[0])
        kind = "error" if result.outcome.is_unmeasured else "failure"
        _element(case, kind, "\n\n".join(texts), message=worst.text, type=worst.rule)
    notes = [] if result.breaks else [f"warning: {text}" for text in texts]
    notes += [f"{direction(change)}: {change_text(change)}" for change in result.changes]
    if notes:
        _element(case, "system-out", "\n".join(notes))


def _element(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})
    child.text = _clean(text) or None
    return child


def _clean(text: str) -> str:
    """``text`` without the characters XML cannot hold at all (a model's name may have them)."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
