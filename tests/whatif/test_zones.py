"""Crash zones are rows of their own, whatever the range around them does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import omvsim
from omvsim.cli import main

if TYPE_CHECKING:
    from pathlib import Path

AREAS = "28K@0x20280000,8K@0x20300000,8M@0x60000000"


@pytest.fixture(scope="module")
def edge(folder: Path) -> Any:
    from contextlib import redirect_stdout
    from io import StringIO

    out = StringIO()
    with redirect_stdout(out):
        words = ["--param", "gc[2].size", "--until", "load", "--gc", AREAS, "--json"]
        main(["what-if", "min", str(folder / "mobilenet-like.tflite"), *words])
    return json.loads(out.getvalue())


def test_every_value_at_which_the_camera_may_die_is_in_a_range_that_says_so(edge: Any) -> None:
    zones = [r for r in edge["ranges"] if r["verdict"] == "may_crash"]
    values = [kib for r in zones for kib in range(r["from_kib"], r["to_kib"] + 1)]
    assert values == edge["may_crash_kib"] == [23, 24, 102, 103]
    assert not any(r["works"] for r in zones)


def test_ranges_follow_each_other_without_gap_or_overlap(edge: Any) -> None:
    ranges = edge["ranges"]
    assert [r["from_kib"] for r in ranges] == [0, *(r["to_kib"] + 1 for r in ranges[:-1])]
    assert [r["verdict"] for r in ranges] == [
        "value_error",
        "may_crash",
        "value_error",
        "memory_error",
        "may_crash",
        "ok",
    ]


@pytest.mark.parametrize(
    ("kib", "verdict"), [(22, "value_error"), (23, "may_crash"), (24, "may_crash"), (25, "value_error")]
)
def test_a_run_says_the_same(folder: Path, kib: int, verdict: str) -> None:
    areas = [(28 << 10, 0x20280000), (8 << 10, 0x20300000), (kib << 10, 0x60000000)]
    assert omvsim.run(folder / "mobilenet-like.tflite", gc=areas, load="rom").verdict == verdict


def test_the_table_has_a_row_for_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--param", "gc[2].size", "--until", "load", "--gc", AREAS]
    main(["what-if", "min", str(folder / "mobilenet-like.tflite"), *words])
    rows = [line.split()[:4] for line in capsys.readouterr().out.splitlines()]
    assert ["23K", "24K", "may", "crash"] in rows
