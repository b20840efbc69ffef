"""Every public loop that was measured turn by turn: bytes and requests of a turn, the turn of the first collection.

Scripts that load a picture of OpenMV's own tests need a folder with faces.bmp, hand.bmp and person.bmp
(``OMVSIM_PICTURES``); without it they are skipped.
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import run_script
from tests.conftest import SHARED
from tests.runs._running import stock_models

if TYPE_CHECKING:
    from omvsim.runs import ScriptResult

PICTURES = Path(os.environ.get("OMVSIM_PICTURES", "/nowhere"))
BASES = (0x20280000, 0x20300000, 0x60000000)


def records() -> list[Any]:
    if SHARED is None:
        return []
    found: list[Any] = json.loads((SHARED / "oracle" / "scripts" / "iterations.json").read_text())
    return found


def name_of(record: dict[str, Any]) -> str:
    return "-".join(str(record[key]) for key in ("version", "name", "config", "mode", "source"))


def run(record: dict[str, Any], shared: Path) -> ScriptResult:
    if str(record["image"]).endswith(".bmp") and record["source"] != "softcsi" and not PICTURES.is_dir():
        pytest.skip("needs OpenMV's test pictures (set OMVSIM_PICTURES)")
    areas = [(size, base) for size, base in zip(record["areas"], BASES, strict=False) if size]
    board = load_board("openmv-rt1062-qemu", record["version"].removeprefix("v")).with_gc_areas(areas)
    script = shared / "oracle" / "scripts" / record["script"]
    files = PICTURES if PICTURES.is_dir() else script.parent
    options = ScriptOptions(models=stock_models(shared), files=files, frames=None, time_limit=None)
    return run_script(script, board, options)


@pytest.mark.slow
@pytest.mark.parametrize("record", records(), ids=name_of)
def test_a_measured_loop(record: dict[str, Any], shared: Path) -> None:
    pytest.importorskip("tflite_runtime")
    result = run(record, shared)
    if not record["iterations"]:
        assert result.failure is not None
        assert result.failure.text in record["traceback"]
        return
    assert result.failure is None
    books = [mark.books for mark in result.marks if mark.label == "it"]
    turns = list(pairwise(books))
    summary = record["summary"]
    assert median_low([end.bytes - start.bytes for start, end in turns]) == summary["block_bytes_median"]
    assert median_low([end.allocations - start.allocations for start, end in turns]) == summary["n_allocs_median"]
    automatic = [
        number
        for number, (start, end) in enumerate(turns)
        if any(event.automatic for event in result.collections[start.collections : end.collections])
    ]
    collected = [number for number, *_ in summary["auto_collects"]]
    assert automatic[:1] == collected[:1]
