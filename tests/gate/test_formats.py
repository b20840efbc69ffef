"""Every output format of reports made by hand: golden text, limits of those who read them, escaping."""

from __future__ import annotations

import dataclasses
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from omvsim.cli.gate import exit_code, render
from omvsim.gate import GateReport, JobResult, Outcome
from omvsim.report import _gate_text
from omvsim.report._gate_markdown import MARKER
from omvsim.report._gate_text import render_gate
from tests.gate import synthetic

if TYPE_CHECKING:
    from rich.console import RenderableType

GOLDEN = Path(__file__).parent / "golden"
REPORTS = {"everything": synthetic.everything(), "wrong-policy": synthetic.wrong_policy()}
SUFFIXES = {
    "json": ".json",
    "junit": ".xml",
    "sarif": ".sarif",
    "annotations": ".annotations.txt",
    "summary": ".summary.md",
    "comment": ".comment.md",
}


def golden(name: str, text: str) -> None:
    """Set OMVSIM_UPDATE_GOLDEN=1 to write the files anew, then read the difference."""
    path = GOLDEN / name
    if os.environ.get("OMVSIM_UPDATE_GOLDEN"):
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", SUFFIXES)
def test_golden(name: str, report: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omvsim.report._gate_sarif.__version__", "0.0.0")
    text = render(name, REPORTS[report])
    if name == "json":
        text = json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    golden(report + SUFFIXES[name], text)


def table(report: GateReport, width: int) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, highlight=False).print(render_gate(report, width))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_golden_table() -> None:
    golden("everything.txt", table(synthetic.everything(), 110))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_table_keeps_within_its_width(width: int) -> None:
    assert max(len(line) for line in table(synthetic.everything(), width).splitlines()) <= width


def printed(of: RenderableType, *, colours: bool = False) -> list[str]:
    stream = io.StringIO()
    system = "standard" if colours else None
    Console(file=stream, width=300, highlight=False, force_terminal=colours, color_system=system).print(of)
    return stream.getvalue().splitlines()


def coloured(of: RenderableType) -> list[list[tuple[str, str]]]:
    """Every character that is no blank, with its style."""
    lines = [Text.from_ansi(line) for line in printed(of, colours=True)]
    console = Console()
    return [
        [(each, str(line.get_style_at_offset(console, at))) for at, each in enumerate(line.plain) if each.strip()]
        for line in lines
    ]


@pytest.mark.parametrize("report", [synthetic.everything(), synthetic.many(40), synthetic.many(3, "\u754c" * 9)])
def test_one_text_is_what_rich_s_table_prints(report: GateReport) -> None:
    """Where all of it fits, to the blank; colours are on the same characters."""
    ours, rich = _gate_text._table(report, 300), _gate_text._folded(list(_gate_text._cells(report)))
    assert printed(ours) == printed(rich)
    assert coloured(ours) == coloured(rich)
    assert isinstance(ours, Text)


def test_the_text_gives_way_to_a_table_that_folds_at_its_own_width() -> None:
    report = synthetic.everything()
    wide = max(len(line) for line in printed(_gate_text._table(report, 300)))
    assert isinstance(_gate_text._table(report, wide), Text)
    assert isinstance(_gate_text._table(report, wide - 1), Table)


def test_a_model_s_name_is_no_markup() -> None:
    result = synthetic.many(1).results[0]
    named = dataclasses.replace(result, job=dataclasses.replace(result.job, model="models/[red]a[/].tflite"))
    report = GateReport("p", results=(named,))
    assert "models/[red]a[/].tflite" in table(report, 200)
    assert "models/[red]a[/].tflite" in printed(_gate_text._folded(list(_gate_text._cells(report))))[1]


def test_exit_codes_by_the_worst_that_breaks() -> None:
    assert exit_code(GateReport("p", results=())) == 0
    everything = synthetic.everything()
    codes = {}
    for result in everything.results:
        codes[result.outcome] = exit_code(GateReport("p", results=(everything.results[0], result)))
    assert {str(outcome): int(code) for outcome, code in codes.items()} == {
        "passed": 0,
        "new": 0,
        "over_budget": 0,  # a warning
        "regression": 20,
        "not_exact": 20,
        "fails": 21,
        "bad_input": 3,
        "internal_error": 70,
    }
    assert exit_code(everything) == 70
    assert everything.outcome is Outcome.INTERNAL


@pytest.mark.parametrize(("count", "shown", "last"), [(10, 10, "m9"), (11, 10, "2 more like these"), (500, 10, "491")])
def test_at_most_ten_annotations_a_kind(count: int, shown: int, last: str) -> None:
    lines = render("annotations", synthetic.many(count)).splitlines()
    for kind in ("::error ", "::notice "):
        of_kind = [line for line in lines if line.startswith(kind)]
        assert len(of_kind) == shown
        assert last.replace("m9", "m9" if kind == "::error " else "g9") in of_kind[-1]


def test_annotations_cannot_be_broken_out_of() -> None:
    lines = render("annotations", synthetic.everything()).splitlines()
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines)
    assert any("KeyError: 'f'%0D%0Asecond line" in line for line in lines)
    assert any("title=b@c #1 %25.tflite on 4.8.1::" in line for line in lines)


@pytest.mark.parametrize("count", [1, 300, 5000])
def test_comment_stays_under_64_kb(count: int) -> None:
    text = render("comment", synthetic.many(count, "x" * 200))
    assert len(text.encode()) < 64_000
    assert text.startswith(f"{MARKER}\n## ❌ omvsim gate")
    assert ("_Cut: " in text) == (count > 100)
    assert text.endswith("\n")


def test_summary_stays_under_github_s_limit() -> None:
    text = render("summary", synthetic.many(6000, "ü" * 200))
    assert len(text.encode()) < 1_048_576
    assert text.endswith("_Cut: the whole report is in the job's log._\n")


def test_markdown_is_escaped() -> None:
    text = render("comment", synthetic.everything())
    assert "### lax: \\<b\\>" in text
    assert "b@\N{ZERO WIDTH SPACE}c \\#1 %.tflite" in text
    assert "tensor 'x\\|y'" in text


def test_sarif_fingerprints_do_not_depend_on_sizes() -> None:
    def prints(measured: float) -> list[str]:
        report = synthetic.everything()
        checks = synthetic.over(measured=measured), synthetic.over(synthetic.Metric.FILE_SIZE)
        result = JobResult(report.results[2].job, Outcome.OVER_BUDGET, checks=checks)
        log = json.loads(render("sarif", GateReport("p", results=(result,))))
        return [found["partialFingerprints"]["omvsimGate/v1"] for found in log["runs"][0]["results"]]

    assert prints(1500) == prints(1600)
    assert len(set(prints(1500))) == 2


def test_paths_are_seen_from_where_the_gate_was_run() -> None:
    strict = synthetic.entry("strict")
    names = ("sub/m.tflite", "../m [1].tflite", "/opt/m n.tflite")
    results = tuple(
        JobResult(synthetic.Job(strict, name, "4.8.1"), Outcome.OVER_BUDGET, checks=(synthetic.over(),))
        for name in names
    )
    log = json.loads(render("sarif", GateReport("conf/omvsim.toml", "conf", results)))
    places = [found["locations"][1]["physicalLocation"]["artifactLocation"] for found in log["runs"][0]["results"]]
    assert places == [
        {"uri": "conf/sub/m.tflite", "uriBaseId": "SRCROOT"},
        {"uri": "m%20%5B1%5D.tflite", "uriBaseId": "SRCROOT"},
        {"uri": "file:///opt/m%20n.tflite"},
    ]
