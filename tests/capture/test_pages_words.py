"""What pages of gates, scripts, comparisons and releases say first, and the sections that all of them share."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import releases
from omvsim.capture import Capture, capture_compare, capture_exec, capture_gate, capture_releases, read_capture
from omvsim.cli import main
from omvsim.compare import compare_captures
from omvsim.gate import GateOptions, run_gate
from omvsim.graph import parse_model
from omvsim.releases import ReleaseSummary, compare_releases, compare_script
from omvsim.report import html_report, tree_text
from omvsim.runs import ScriptOptions
from tests.capture.captures import capture_of, exec_of

if TYPE_CHECKING:
    from omvsim.capture import Document, Table


def summaries(name: str) -> tuple[ReleaseSummary, ...]:
    rows = compare_releases(parse_model(models.make(name), f"{name}.tflite"))
    return tuple(map(ReleaseSummary.of, rows))


def table(document: Document, key: str) -> Table:
    return next(table for table in document.tables if table.key == key)


# -- scripts --------------------------------------------------------------------------------------------------------


def test_a_leak_says_that_it_grows() -> None:
    result = exec_of("leak")[0]
    assert result.loop is not None
    reasons = dict(capture_of("leak").document.verdict.reasons)
    size = f"{result.loop.held_bytes:,}".replace(",", " ")
    assert reasons["grows"] == (
        f"what the script holds, by {size} bytes a frame: no memory is left about frame {result.loop.full_at}"
    )
    assert "grows" not in dict(capture_of("frames").document.verdict.reasons)


def test_what_stands_outside_functions_is_the_script() -> None:
    capture = capture_of("frames")
    assert "<module>" not in capture.document.names
    assert "script" in capture.document.names
    assert "× script, line 7" in tree_text(capture)


def test_a_scripts_models_are_shown_on_every_release() -> None:
    result, recorder = exec_of("frames")
    given = [("a.tflite", summaries("tiny-conv")), ("b.tflite", summaries("fomo-like"))]
    document = capture_exec(result, recorder, (), given).document
    assert [table.title for table in document.tables] == ["a.tflite on every release", "b.tflite on every release"]
    assert [row[0] for row in table(document, "releases-1").rows] == list(releases())
    script = exec_of("frames")[0].script
    itself = tuple(compare_script(Path(script), ScriptOptions(frames=2)))
    document = capture_exec(result, recorder, (), given, itself).document
    assert document.tables[0].title == "frames.py on every release"
    assert [row[:2] for row in document.tables[0].rows] == [(firmware, "runs") for firmware in releases()]


def test_exec_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(models.make("tiny-conv"))
    script = tmp_path / "main.py"
    script.write_text('import ml\nmodel = ml.Model("/rom/m.tflite")\nagain = ml.Model("/rom/m.tflite")\n')
    words = ["exec", str(script), "--model", str(tmp_path / "m.tflite"), "--quiet"]
    assert main([*words, "-o", str(tmp_path / "a.omv")]) == 0
    assert [table.key for table in read_capture(tmp_path / "a.omv").document.tables] == ["script-releases", "releases"]
    assert main([*words, "-o", str(tmp_path / "b.omv"), "--no-releases"]) == 0
    assert read_capture(tmp_path / "b.omv").document.tables == ()


# -- releases -------------------------------------------------------------------------------------------------------


def test_releases_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("tiny-conv", "mobilenet-like"):
        (tmp_path / f"{name}.tflite").write_bytes(models.make(name))
    kept, page = tmp_path / "r.omv", tmp_path / "r.html"
    paths = [str(tmp_path / f"{name}.tflite") for name in ("tiny-conv", "mobilenet-like")]
    assert main(["releases", *paths, "-o", str(kept), "--html", str(page)]) == 0
    document = read_capture(kept).document
    assert (document.kind, document.title) == ("releases", "2 models")
    assert [len(table.rows) for table in document.tables] == [len(releases())] * 2
    assert page.read_text().count("on every release</h3>") == 2
    assert "tiny-conv.tflite on every release" in " ".join(capsys.readouterr().out.split())  # a long path wraps
    assert main(["releases", *paths, "-o", str(kept)]) == 3
    assert "exists" in capsys.readouterr().err


def test_one_model_says_where_it_runs() -> None:
    rows = [
        replace(row, verdict="memory_error", with_load_to_fb=None) if 2 <= number < 5 else row
        for number, row in enumerate(summaries("mobilenet-like"))
    ]
    document = capture_releases([("m.tflite", rows)], "OpenMV Cam RT1062").document
    running = [row.firmware for row in rows if "ok" in (row.verdict, row.with_load_to_fb)]
    assert 0 < len(running) < len(rows)
    assert document.verdict.word == f"Runs on {len(running)} of {len(rows)} releases"
    assert document.verdict.tone == "warn"
    ((name, sentence),) = document.verdict.reasons
    assert (name, sentence[:8]) == ("m.tflite", "runs on ")
    order, shown = list(releases()), set()
    for span in sentence.removeprefix("runs on ").split(" and "):
        first, _, last = span.partition(" to ")
        shown |= set(order[order.index(first) : order.index(last or first) + 1])
    assert shown == set(running)
    assert document.tiles[1].figure.value == rows[-1].model_ram


# -- gates ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def gated(tmp_path: Path) -> Capture:
    model = tmp_path / "m.tflite"
    model.write_bytes(models.make("mobilenet-like"))
    (tmp_path / "omvsim.toml").write_text(
        f"[[gate]]\nname = 'g'\nmodels = ['{model}']\nfirmware = ['4.5.5', '5.0.0']\n[gate.budget]\narena = '1K'\n"
    )
    return capture_gate(run_gate(GateOptions(tmp_path / "omvsim.toml", None, False, None, 1)))


def test_a_gate_shows_models_over_releases(gated: Capture) -> None:
    found = table(gated.document, "releases")
    assert [column.title for column in found.columns] == ["gate", "model", "4.5.5", "5.0.0"]
    assert [row[:2] for row in found.rows] == [("g", "m.tflite")]
    assert found.rows[0][3] == "over budget"
    assert found.tones == ("bad",)


def test_a_gates_capture_names_no_folder(gated: Capture, tmp_path: Path) -> None:
    assert str(tmp_path) not in gated.document.model_dump_json()
    assert "m.tflite on 4.5.5" in gated.document.verdict.sentence


def test_a_gate_names_tensors_in_short(gated: Capture) -> None:
    names = re.findall("'([^']+)'", " ".join(text for _, text in gated.document.verdict.reasons))
    assert names
    assert all(len(name) <= 33 for name in names)
    assert "over_budget" not in html_report(gated)


# -- side by side ---------------------------------------------------------------------------------------------------


def test_a_comparison_says_what_its_sides_are() -> None:
    given = compare_captures(capture_of("runs"), capture_of("pools"), ("one.omv", "two.omv"))
    document = capture_compare(given).document
    a, b = (capture_of(name).document for name in ("runs", "pools"))
    assert document.subtitle == f"A: {a.title}, {a.subtitle}; B: {b.title}, {b.subtitle}"
    assert document.tiles[0].title in ("Heap free: less in B", "Heap free: more in B")
    assert all(tile.says == "B − A" for tile in document.tiles)


def test_large_times_that_shrank_are_whole() -> None:
    from omvsim.report.html._figures import milliseconds

    assert [milliseconds(value) for value in (1841.2, -1841.2, -3.14159)] == ["1 841", "-1 841", "-3.14"]
