"""``-o FILE.omv`` of every command that runs something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.capture import Document, read_capture
from omvsim.cli import main
from tests.capture.captures import folder, run_of

if TYPE_CHECKING:
    from pathlib import Path


def captured(tmp_path: Path, *words: object, code: int = 0) -> Document:
    path = tmp_path / "out.omv"
    assert main([*map(str, words), "-o", str(path)]) == code
    return read_capture(path).document


def test_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = folder() / "fomo-like.tflite"
    assert main(["run", str(model)]) == 0
    shown = capsys.readouterr().out
    document = captured(tmp_path, "run", model)
    assert capsys.readouterr().out == shown
    result = run_of("runs")[0]
    assert document.kind == "run"
    assert document.title == "fomo-like.tflite"
    assert document.tiles[0].figure.value == result.model_ram
    assert [step.name for step in document.steps] == [step.name for step in result.steps]
    assert document.arenas[0].used == result.model.plan.arena_used_bytes
    assert len(document.arenas[0].buffers) == len(result.model.plan.buffers)
    assert len(document.timing.operators if document.timing else ()) == len(result.model.graph.main.operators)


def test_run_that_fails_keeps_its_ways_out(tmp_path: Path) -> None:
    document = captured(tmp_path, "run", folder() / "fomo-like.tflite", "--gc", "247K@0x60000000", code=10)
    assert document.verdict.message == "MemoryError: memory allocation failed, allocating 4080 bytes"
    assert document.verdict.sentence.endswith("; 4 080 more, for the op resolver, found no room")
    assert "bytes that were free went to tensor arena (237 936)" in document.verdict.sentence
    assert document.fixes
    without = tmp_path / "without"
    without.mkdir()
    words = ("run", folder() / "fomo-like.tflite", "--gc", "247K@0x60000000", "--no-advice")
    document = captured(without, *words, code=10)
    assert (document.fixes, document.no_fix) == ((), "")


def test_exec(tmp_path: Path) -> None:
    document = captured(tmp_path, "exec", folder() / "leak.py", "--quiet", "--frames", 40, code=10)
    assert document.source is not None
    assert document.source.name == "leak.py"
    assert document.verdict.where.startswith("leak.py:")
    assert len(document.steps) > 3
    assert [step.name for step in document.steps[:2]] == ["frame 1", "frame 2"]


@pytest.mark.parametrize(
    ("words", "tables", "charts"),
    [
        (("min", "--param", "gc[2].size", "--range", "200K..400K", "--step", "8K"), {"ranges"}, {"outcomes"}),
        (("max", "--param", "gc[2].size", "--range", "200K..400K", "--step", "8K"), {"ranges"}, {"outcomes"}),
        (("max", "--param", "framesize"), {"rungs"}, set()),
        (("sweep", "--vary", "gc[2].size=200K..400K:50K"), {"sweep"}, {"sweep-gc[2].size"}),
        (("compare", "--a", "load=rom", "--b", "load=file"), {"settings", "differences"}, set()),
        (("recommend",), {"proposals", "models"}, {"pareto"}),
    ],
)
def test_what_if(words: tuple[str, ...], tables: set[str], charts: set[str], tmp_path: Path) -> None:
    action, *options = words
    document = captured(tmp_path, "what-if", action, folder() / "fomo-like.tflite", *options)
    assert document.kind == "what-if"
    assert {table.key for table in document.tables} == tables
    assert {chart.key for chart in document.charts} == charts
    assert all(table.rows for table in document.tables)
    assert all(len(series.points) > 1 for chart in document.charts for series in chart.series if action != "recommend")
    assert document.verdict.sentence


def test_gate(tmp_path: Path) -> None:
    document = captured(tmp_path, "gate", "--quiet", "--policy", folder() / "omvsim.toml", code=20)
    assert document.kind == "gate"
    budgets = next(table for table in document.tables if table.key == "checks-bytes")
    assert {row[-1] for row in budgets.rows} == {"passed", "over budget"}
    assert budgets.tones.count("bad") == sum(row[-1] == "over budget" for row in budgets.rows)


def test_validate(tmp_path: Path) -> None:
    document = captured(tmp_path, "validate", "--reference")
    assert document.verdict.word == "Agrees"
    assert {table.key for table in document.tables} == {"totals", "differences", "traces"}


@pytest.mark.parametrize(
    "words",
    [
        ("run", "{folder}/fomo-like.tflite"),
        ("exec", "{folder}/leak.py", "--quiet"),
        ("gate", "--quiet", "--policy", "{folder}/omvsim.toml"),
        ("validate", "--reference"),
        ("what-if", "recommend", "{folder}/fomo-like.tflite"),
    ],
)
def test_a_file_in_the_way_is_said_before_the_work(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.omv"
    path.write_text("mine")
    assert main([*(word.format(folder=folder()) for word in words), "-o", str(path)]) == 3
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"omvsim: {path}: exists already (--force replaces it)\n")
    assert path.read_text() == "mine"
    main([*(word.format(folder=folder()) for word in words), "-o", str(path), "--force"])
    assert read_capture(path).document.omvsim
