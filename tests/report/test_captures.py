"""Reports of captures: golden texts (``OMVSIM_UPDATE=1`` rewrites them), the page's bounds, and the command."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from pathlib import Path

import pytest

from omvsim import models
from omvsim.capture import Capture, write_capture
from omvsim.cli import main
from omvsim.errors import MissingExtraError
from omvsim.report import html, html_report, map_text, post_markdown, table_csv, timeline_text, tree_text
from tests.bench.bench_page import FRAMES, frames_capture
from tests.capture.captures import NAMES, capture_of

GOLDEN = Path(__file__).parent / "golden" / "captures"
TEXTS = {"tree": tree_text, "map": map_text, "timeline": timeline_text}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", ["memory-error", "pools", "to-fb"])
def test_golden(name: str, kind: str) -> None:
    text = TEXTS[kind](capture_of(name))
    golden = GOLDEN / f"{name}-{kind}.txt"
    if os.environ.get("OMVSIM_UPDATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", TEXTS)
def test_lines_fit_a_terminal_but_for_the_sentence(kind: str) -> None:
    for name in NAMES:
        assert all(len(line) <= 80 for line in TEXTS[kind](capture_of(name)).splitlines()[1:])


@pytest.mark.parametrize("kind", TEXTS)
def test_names_do_not_steer_a_terminal(kind: str) -> None:
    document = capture_of("leak").document
    update = {"title": "\x1b[2J\r\n", "names": tuple(f"\x1b[31m{name}" for name in document.names)}
    text = TEXTS[kind](Capture(document.model_copy(update=update), capture_of("leak").columns))
    assert "\x1b" not in text
    assert "\r" not in text


def test_the_tree_adds_up() -> None:
    text, capture = tree_text(capture_of("runs")), capture_of("runs")
    for area, level in zip(capture.document.areas, capture.document.moments[-1].levels, strict=True):
        part = text.split(f"\n{area.name} ", 1)[1].split("\ngc[", 1)[0].split("\nframe_", 1)[0].split("\noverlay", 1)[0]
        sizes = [int(line.strip().split("  ")[0].replace(" ", "")) for line in part.splitlines()[1:]]
        assert sum(sizes) == level.used


def test_csv_has_every_request() -> None:
    capture = capture_of("leak")
    rows = list(csv.DictReader(io.StringIO(table_csv(capture))))
    assert [int(row["bytes"]) for row in rows] == capture.column("request_bytes").tolist()
    assert [int(row["address"], 16) for row in rows] == capture.column("request_address").tolist()
    document = capture.document
    harmful = Capture(document.model_copy(update={"names": ("=1+1",) * len(document.names)}), capture.columns)
    assert {row["owner"] for row in csv.DictReader(io.StringIO(table_csv(harmful)))} == {"'=1+1"}


def test_a_post_has_what_a_maintainer_needs() -> None:
    text = post_markdown(capture_of("leak"))
    for part in ("firmware 4.8.1", "MemoryError: memory allocation failed", "import sensor", "gc[2]", "leak.py"):
        assert part in text
    assert text.count("```") % 2 == 0


def test_a_post_is_not_ended_by_what_it_quotes() -> None:
    document = capture_of("leak").document
    source = document.source
    assert source is not None
    changed = source.model_copy(update={"text": ("````", "# <script>")})
    text = post_markdown(Capture(document.model_copy(update={"source": changed}), capture_of("leak").columns))
    assert "`````python\n````\n# <script>\n`````" in text


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_whole_and_asks_for_nothing(name: str) -> None:
    page = html_report(capture_of(name))
    assert page.startswith("<!doctype html>")
    assert len(page) < 400_000
    assert not re.search(r"(?:src|href)=\"(?!#|data:)|url\(|@import|https?://", page)
    assert capture_of(name).document.verdict.word in page


def test_the_page_of_a_large_model_is_small(tmp_path: Path) -> None:
    model = tmp_path / "yolo.tflite"
    model.write_bytes(models.make("yolov8n-like", size=320, classes=2))
    assert main(["run", str(model), "--no-advice", "-o", str(tmp_path / "y.omv"), "--json"]) == 0
    from omvsim.capture import read_capture

    capture = read_capture(tmp_path / "y.omv")
    assert len(html_report(capture).encode()) < 1_500_000


@pytest.mark.slow
def test_the_page_of_many_frames_is_small(tmp_path: Path) -> None:
    capture = frames_capture(tmp_path)
    assert sum(moment.kind == "frame" for moment in capture.document.moments) == FRAMES
    assert len(html_report(capture).encode()) < 3_000_000


def test_without_its_package_the_page_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(html.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match="pip install jinja2"):
        html_report(capture_of("gate"))
    model = tmp_path / "m.tflite"
    model.write_bytes(models.make("tiny-conv"))
    assert main(["run", str(model), "--html", str(tmp_path / "m.html")]) == 1
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "m.html").exists()


@pytest.mark.parametrize("kind", ["tree", "map", "timeline", "csv", "markdown"])
def test_command(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "a.omv", tmp_path / "out.txt"
    write_capture(path, capture_of("leak"))
    assert main(["report", kind, str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown
    assert main(["report", kind, str(path), "-o", str(out)]) == 0
    assert out.read_bytes().decode() == shown
    assert main(["report", kind, str(path), "-o", str(out)]) == 3
    assert capsys.readouterr().err == f"omvsim: {out}: exists already (--force replaces it)\n"


def test_command_for_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.omv"
    write_capture(path, capture_of("pools"))
    assert main(["report", "html", str(path)]) == 0
    assert capsys.readouterr().out == f"wrote {tmp_path / 'a.html'}\n"
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == html_report(capture_of("pools"))
    path.write_bytes(b"omvsim capture 9\n")
    assert main(["report", "html", str(path), "--force"]) == 3
    assert capsys.readouterr().err == f"omvsim: {path}: was written by a newer omvsim (format 9; this one reads 1)\n"


def test_a_plain_run_imports_no_report_of_captures(tmp_path: Path) -> None:
    import subprocess

    model = tmp_path / "m.tflite"
    model.write_bytes(models.make("tiny-conv"))
    code = (
        "import sys; from omvsim.cli import main; main(['run', sys.argv[1]]); "
        "print([name for name in sys.modules if name.startswith(('omvsim.capture', 'omvsim.report.html', 'jinja2'))])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(model)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
