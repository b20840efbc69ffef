"""Tables for other programs, charts as files, and what a notebook shows."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

import omvsim
from omvsim import notebook
from omvsim.capture import write_capture
from omvsim.cli import main
from omvsim.errors import CaptureError, MissingExtraError
from omvsim.report import TABLES, chart_png, chart_svg, html, notebook_html, table_csv, table_parquet
from tests.capture.captures import NAMES, capture_of, exec_of, folder, run_of

if TYPE_CHECKING:
    from pathlib import Path

CHARTS = ("board", "map-gc[0]", "map-gc[1]", "map-gc[2]", "map-frame_buffer", "time", "arena")


def rows(name: str, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table_csv(capture_of(name), table))))


def test_buffers_and_operators_are_tables() -> None:
    document = capture_of("runs").document
    buffers = rows("runs", "buffers")
    assert [int(row["bytes"]) for row in buffers] == [buffer.bytes for buffer in document.arenas[0].buffers]
    assert {row["model"] for row in buffers} == {"fomo-like.tflite"}
    assert document.timing is not None
    operators = rows("runs", "operators")
    assert [float(row["ms"]) for row in operators] == [operator.nominal for operator in document.timing.operators]
    assert [int(row["weights_bytes"]) for row in operators] == [
        dict(o.traffic)["weights"] for o in document.timing.operators
    ]
    assert rows("gate", "operators") == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", ["runs", "leak", "gate"])
def test_parquet_says_what_csv_says(name: str, table: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", exc_type=ImportError)
    read = parquet.read_table(io.BytesIO(table_parquet(capture_of(name), table)))
    assert read.schema.metadata[b"table"] == table.encode()
    found = read.to_pylist()
    expected = rows(name, table)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        for key, value in one.items():
            text = f"0x{value:08x}" if key == "address" else str(value)
            assert text == other[key].removeprefix("'")


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "resvg_py" else real(name, *more)
    )
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match="pip install pyarrow"):
        table_parquet(capture_of("runs"))
    with pytest.raises(MissingExtraError, match="pip install resvg-py"):
        chart_png(capture_of("runs"))


@lru_cache(maxsize=32)
def svg(run: str, name: str, dark: bool = False) -> str:
    return chart_svg(capture_of(run), name, dark=dark)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_file_of_its_own(name: str, dark: bool) -> None:
    text = svg("runs", name, dark)
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(root.get("width", "0")) >= 960
    style = root.find("{http://www.w3.org/2000/svg}style")
    assert style is not None
    assert style.text is not None
    assert "var(" not in text
    assert not re.search(r"(?:src|href)=|url\(|@import", text)
    assert ("#14181e" in style.text) == dark
    classes = {word for element in root.iter() for word in (element.get("class") or "").split()}
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", style.text))
    assert styled - {"ground"} <= classes
    assert {"o0", "k-gc", "line", "buffer"} & classes <= styled


def test_charts_that_there_are_not() -> None:
    with pytest.raises(CaptureError, match=r"no chart 'nothing' \(there are map-gc\[0\], "):
        svg("runs", "nothing")
    with pytest.raises(CaptureError, match="has no chart"):
        chart_svg(capture_of("gate"))
    assert chart_svg(capture_of("leak")) == svg("leak", "request")


def test_png_is_the_svg_at_twice_its_size() -> None:
    pytest.importorskip("resvg_py")
    pillow: Any = pytest.importorskip("PIL.Image")
    root = ElementTree.fromstring(svg("runs", "map-gc[1]"))
    picture = pillow.open(io.BytesIO(chart_png(capture_of("runs"), "map-gc[1]")))
    assert picture.size == (2 * int(root.get("width", "0")), 2 * int(root.get("height", "0")))
    colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
    assert (0xD5, 0x5E, 0x00) in colours  # the second owner, the arena
    assert (0xE4, 0xE8, 0xEC) in colours  # free


@pytest.mark.parametrize(
    ("kind", "option"),
    [("parquet", ("--table", "buffers")), ("svg", ("--chart", "time")), ("png", ("--chart", "arena", "--dark"))],
)
def test_command(kind: str, option: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if kind != "svg":
        pytest.importorskip({"parquet": "pyarrow", "png": "resvg_py"}[kind], exc_type=ImportError)
    kept = tmp_path / "a.omv"
    write_capture(kept, capture_of("runs"))
    assert main(["report", kind, str(kept), *option]) == 0
    assert capsys.readouterr().out == f"wrote {tmp_path / f'a.{kind}'}\n"
    start = {"parquet": b"PAR1", "svg": b"<svg ", "png": b"\x89PNG"}[kind]
    assert (tmp_path / f"a.{kind}").read_bytes().startswith(start)
    assert main(["report", kind, str(kept), *option]) == 3


def test_what_is_printed_fits_a_line() -> None:
    result, script = run_of("runs")[0], exec_of("leak")[0]
    values = (result, script, result.board, result.model.graph, result.model.plan)
    texts = [repr(value) for value in values]
    assert [text.split(" ", 1)[0] for text in texts] == [
        "<RunResult",
        "<ScriptResult",
        "<Board",
        "<Model",
        "<ArenaPlan",
    ]
    for text in texts:
        assert len(text) < 250
        assert "\n" not in text
    assert str(result.model.plan.arena_used_bytes) in texts[-1]


def test_a_notebook_shows_results_plans_and_boards() -> None:
    result = run_of("memory-error")[0]
    shown = result._repr_html_()
    assert shown is not None
    assert "Does not run" in shown
    assert "MemoryError: memory allocation failed, allocating 4080 bytes" in shown
    assert shown.count("<tr>") == 1 + len(result.areas)
    assert "line 7" in (exec_of("leak")[0]._repr_html_() or "")
    assert "3 GC areas" in (run_of("runs")[0].board._repr_html_() or "")
    plan = omvsim.plan(folder() / "fomo-like.tflite")
    drawn = plan._repr_html_()
    assert drawn is not None
    assert "data:image/svg+xml;base64," in drawn
    assert "237 412 bytes" in drawn
    for text in (shown, drawn):
        assert not re.search(r"<script|href=|https?://", text)
        ElementTree.fromstring(text)
    with pytest.raises(TypeError, match="nothing to show for int"):
        notebook_html(3)


def test_names_cannot_become_markup_in_a_notebook() -> None:
    from dataclasses import replace

    result = exec_of("leak")[0]
    shown = replace(result, script="<img src=x>")._repr_html_() or ""
    assert "<img src=x" not in shown
    assert "&lt;img src=x&gt;" in shown


def test_without_its_package_a_notebook_takes_the_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook.importlib.util, "find_spec", lambda _name: None)
    assert run_of("runs")[0]._repr_html_() is None
    assert html.importlib.util.find_spec("jinja2") is None


@pytest.mark.parametrize("name", NAMES)
def test_every_table_of_every_capture_is_written(name: str) -> None:
    for table in TABLES:
        lines = table_csv(capture_of(name), table).splitlines()
        assert len(lines) >= 1
        assert json.dumps(lines[0])
