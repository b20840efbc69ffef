"""Sweeps: grids, samples, any executor, and tables that survive being killed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import main
from omvsim.errors import InputError
from omvsim.models import make
from omvsim.whatif import Axis, Configuration, Plan, Table, columns_of, parse_axis, run_rows
from omvsim.whatif._matrix import load_matrix
from omvsim.whatif._sweep import case_of

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path


@pytest.fixture
def plan(folder: Path) -> Plan:
    base = Configuration(str(folder / "blazeface-like.tflite"), until="load")
    return Plan(base, (parse_axis("gc[2].size=464K..496K:1K"), parse_axis("load=rom,file")))


def by_case(rows: object) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: row["number"])  # type: ignore[call-overload, no-any-return]


def test_axes() -> None:
    assert parse_axis("gc[2].size=1M..2M:512K") == Axis("gc[2].size", ("1M", "1536K", "2M"))
    assert parse_axis("load=rom, file") == Axis("load", ("rom", "file"))
    assert parse_axis("firmware=all").values[-1] == "5.0.0"


@pytest.mark.parametrize("text", ["gc[2].size", "=1", "x=", "x=1..2", "x=2..1:1", "x=a..b:1", "x=0..8G:1", "x=0..8M:1"])
def test_axes_that_are_none(text: str) -> None:
    with pytest.raises(InputError):
        parse_axis(text)


def test_a_grid_has_every_combination_once(plan: Plan) -> None:
    configurations = [configuration for _, configuration in plan]
    assert len(plan) == len(configurations) == len(set(configurations)) == 66
    assert configurations[0].load == "rom"
    assert configurations[1].load == "file"


def test_a_sample_is_part_of_the_grid_and_reproducible(plan: Plan) -> None:
    some = Plan(plan.base, plan.axes, sample=10, seed=7)
    again = Plan(plan.base, plan.axes, sample=10, seed=7)
    assert list(some) == list(again)
    assert len(list(some)) == len(some) == 10
    assert set(some) <= set(plan)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same_rows(plan: Plan, kind: type[Executor]) -> None:
    with kind(2) as executor:  # type: ignore[call-arg]
        assert by_case(run_rows(plan, executor=executor)) == list(run_rows(plan))


def test_outcomes_of_a_sweep(plan: Plan) -> None:
    rows = list(run_rows(plan))
    assert {row["verdict"] for row in rows} >= {"ok", "may_crash", "value_error"}
    assert all(isinstance(value, (str, int, bool, type(None))) for row in rows for value in row.values())


def test_a_row_says_what_is_wrong_with_its_configuration(folder: Path) -> None:
    plan = Plan(Configuration(str(folder / "fomo-like.tflite")), (Axis("model", ("missing.tflite",)),))
    (row,) = run_rows(plan)
    assert row["verdict"] == "bad_input"
    assert "missing.tflite" in row["error"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_cut_off_table_is_completed_without_doing_anything_twice(plan: Plan, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"sweep{suffix}"
    Table(path, columns_of(plan)).write(run_rows(plan))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    kept = b"".join(lines[:30])
    path.write_bytes(kept + lines[30][:20])  # killed in the middle of a line

    table = Table(path, columns_of(plan))
    missing = len(lines) - 30
    assert table.write(run_rows(plan, table.done)) == missing
    assert path.read_bytes().startswith(kept)
    assert sorted(path.read_bytes().splitlines()) == sorted(whole.splitlines())


def test_a_killed_sweep_started_again_runs_the_rest_only(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sweep.jsonl"
    words = ["what-if", "sweep", str(folder / "fomo-like.tflite"), "--vary", "gc[2].size=0..4M:2K"]
    words += ["--jobs", "1", "--out", str(path)]
    process = subprocess.Popen([sys.executable, "-m", "omvsim", *words], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not path.exists() or path.read_bytes().count(b"\n") < 64):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    first = path.read_bytes()
    assert 64 <= first.count(b"\n") < 2049

    assert main(words) == 0
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert path.read_bytes().startswith(first[: first.rfind(b"\n") + 1])
    assert len(rows) == len({row["case"] for row in rows}) == 2049


def test_rows_of_a_model_that_has_changed_do_not_count_as_done(tmp_path: Path) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes(make("tiny-conv"))
    before = case_of(Configuration(model=str(model)))
    assert case_of(Configuration(model=str(model))) == before
    model.write_bytes(make("yolov8n-like", size=64, classes=2))
    assert case_of(Configuration(model=str(model))) != before


def test_csv_has_one_column_a_value(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "sweep.csv"
    Table(path, columns_of(plan)).write(run_rows(plan))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 66
    assert {row["gc[2].size"] for row in rows} >= {"464K", "496K"}
    assert {row["verdict"] for row in rows} <= {"ok", "may_crash", "value_error", "memory_error"}


def test_tables_that_cannot_be_continued(plan: Plan, tmp_path: Path) -> None:
    columns = columns_of(plan)
    with pytest.raises(InputError, match="jsonl or a"):
        Table(tmp_path / "sweep.txt", columns)
    with pytest.raises(InputError, match="cannot be written"):
        Table(tmp_path / "none" / "sweep.csv", columns)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns are others"):
        Table(tmp_path / "other.csv", columns)
    (tmp_path / "other.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a table"):
        Table(tmp_path / "other.jsonl", columns)


MATRIX = """
models = ["{model}"]
firmware = "4.8.1"
gc = "64K,272K,1M"

[set]
until = "load"

[vary]
"gc[2].size" = "0..512K:128K"
load = ["rom", "file"]

[sample]
count = 4
"""


def test_a_matrix_file(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MATRIX.format(model=folder / "fomo-like.tflite"), encoding="utf-8")
    plan = load_matrix(path)
    assert (plan.grid, len(plan), plan.base.until) == (10, 4, "load")
    assert len(list(run_rows(plan))) == 4
    two = load_matrix(path, ["a.tflite", "b.tflite"])
    assert two.axes[0] == Axis("model", ("a.tflite", "b.tflite"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense = 1", "nonsense: unknown key"),
        ("models = []", "models"),
        ("firmware = 5", "firmware"),
        ("x = [", "not a TOML file"),
        ("[vary]\nload = []", "no model"),
        ('models = ["m"]\n[vary]\nload = []', "no value"),
        ('models = ["m"]\n[set]\nload = "tape"', "none of rom"),
    ],
)
def test_matrix_files_that_are_wrong(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        load_matrix(path)


def test_a_matrix_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_matrix(tmp_path / "none.toml")
