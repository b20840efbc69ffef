"""Every public loop that was measured frame by frame: garbage, requests, the frame of the first collection.

Scripts that load a picture of OpenMV's own tests need a folder with faces.bmp, hand.bmp and person.bmp
(``OMVSIM_PICTURES``); without it they are skipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.script import ScriptOptions, run_script
from tests.conftest import SHARED
from tests.script._running import board_of, stock_models

if TYPE_CHECKING:
    from omvsim.script import ScriptResult

PICTURES = Path(os.environ.get("OMVSIM_PICTURES", "/nowhere"))
TOLERANCE = 0.04
"""Everything is exact but for growth in place or by moving, which depends on the neighbours of a block."""
BASES = (0x20280000, 0x20300000, 0x60000000)


def records() -> list[dict[str, Any]]:
    if SHARED is None:
        return []
    found: list[dict[str, Any]] = json.loads((SHARED / "oracle" / "scripts" / "iterations.json").read_text())
    return found


def name_of(record: dict[str, Any]) -> str:
    return "-".join(str(record[key]) for key in ("version", "name", "config", "mode", "source"))


def run(record: dict[str, Any], shared: Path) -> ScriptResult:
    if str(record["image"]).endswith(".bmp") and record["source"] != "softcsi" and not PICTURES.is_dir():
        pytest.skip("needs OpenMV's test pictures (set OMVSIM_PICTURES)")
    areas = [(size, base) for size, base in zip(record["areas"], BASES, strict=False) if size]
    board = board_of(record["version"].removeprefix("v")).with_gc_areas(areas)
    script = shared / "oracle" / "scripts" / record["script"]
    files = PICTURES if PICTURES.is_dir() else script.parent
    return run_script(script, board, ScriptOptions(models=stock_models(shared), files=files, frames=None))


@pytest.mark.slow
@pytest.mark.parametrize("record", records(), ids=name_of)
def test_a_measured_loop(record: dict[str, Any], shared: Path) -> None:
    pytest.importorskip("tflite_runtime")
    result = run(record, shared)
    if not record["iterations"]:
        assert result.failure is not None
        assert result.failure.text in record["traceback"]
        return
    loop = result.loop
    assert result.failure is None
    assert loop is not None
    summary = record["summary"]
    assert loop.allocated_bytes == pytest.approx(summary["block_bytes_median"], rel=TOLERANCE)
    assert loop.allocations == pytest.approx(summary["n_allocs_median"], rel=TOLERANCE)
    collected = [number for number, *_ in summary["auto_collects"]]
    assert loop.first_collection == (collected[0] if collected else None)
