"""omvsim validate on the measured traces, and on what travels with the project."""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import main
from omvsim.traces import FirmwareTrace, open_trace, write_trace
from omvsim.validate import ModelLibrary, Quantity, judge_points, reference_results, summarise, validate, validate_trace

if TYPE_CHECKING:
    from pathlib import Path

OF_A_MODEL = (Quantity.MODEL_RAM, Quantity.BIG_SIZE, Quantity.BIG_AREA, Quantity.LONGEST_FREE)
STALE = (
    "an object of 16 bytes, or a table, survives a collection on the device; a stale word is likely, and was not traced"
)
PATH_KEPT = "by its size the first load's path survives a collection that frees it here; why was not traced"
KNOWN = {
    ("traces", "scenario_frames_then_model__rt1062_v481.jsonl.gz"): STALE,
    ("v4.5.8", "dram1024k_26_290__blazeface_front_128__file.jsonl.gz"): STALE,
    ("v4.7.0", "dram2048k_26_288__face_landmarks_192__rom.jsonl.gz"): STALE,
    ("traces", "scenario_reload_file_mode__dram4096k_64_272.jsonl.gz"): PATH_KEPT,
    ("v4.6.20", "scenario_reload_same_no_collect__rt1062_v4620.jsonl.gz"): PATH_KEPT,
}
"""Traces that differ, by folder, and why."""
RELEASES = ["4.5.8", "4.5.9", "4.6.20", "4.7.0"]


def test_reference_data_on_a_fresh_machine(capsys: pytest.CaptureFixture[str]) -> None:
    validation = summarise(list(reference_results()))
    assert validation.passed
    assert all(total.exact == total.count for total in validation.totals)
    assert sum(total.count for total in validation.totals) > 4000
    assert main(["validate", "--reference", "--markdown"]) == 0
    assert "| model.ram | 162 | 162 | 100 % |" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder",
    [
        "oracle/firmware/traces",
        "oracle/uma/models",
        *(f"oracle/releases/v{release}" for release in RELEASES),
    ],
)
def test_every_public_trace(shared: Path, folder: str) -> None:
    """From power-up, every request in order, size and address."""
    validation = validate([shared / folder], ModelLibrary([shared / "models/real"]))
    for total in validation.totals:
        if total.quantity in OF_A_MODEL:
            assert total.exact == total.count, total.worst
    assert not [result.source for result in validation.results if result.skipped or result.stopped]
    here = (shared / folder).name
    misses = {(here, result.source) for result in validation.results if result.misses}
    assert misses == {known for known in KNOWN if known[0] == here}


def test_extracts_in_our_own_format_say_the_same(shared: Path, tmp_path: Path) -> None:
    """A trace of the reference script needs no raw events: its start is known by heart."""
    raw = open_trace(shared / "oracle/firmware/traces/rt1062_v481__person_detect__file.jsonl.gz")
    assert isinstance(raw, FirmwareTrace)
    write_trace(raw.trace, tmp_path / "extract.jsonl.gz")
    result = validate_trace(open_trace(tmp_path / "extract.jsonl.gz"), ModelLibrary([shared / "models/real"]))
    assert len(result.points) > 100
    assert not result.misses


def test_a_trace_used_for_a_fit_is_left_out_and_named(shared: Path, tmp_path: Path) -> None:
    raw = open_trace(shared / "oracle/firmware/traces/rt1062_v481__person_detect__rom.jsonl.gz")
    assert isinstance(raw, FirmwareTrace)
    header = dataclasses.replace(raw.trace.header, used_for_fit="the heap's charges")
    write_trace(dataclasses.replace(raw.trace, header=header), tmp_path / "fit.jsonl")
    validation = validate([tmp_path / "fit.jsonl"], ModelLibrary([shared / "models/real"]))
    assert validation.results[0].used_for_fit == "the heap's charges"
    assert not validation.results[0].points
    assert not validation.passed


def test_models_beside_the_trace_and_json(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = "rt1062_v481__person_detect__rom.jsonl.gz"
    shutil.copy(shared / "oracle/firmware/traces" / trace, tmp_path)
    assert main(["validate", str(tmp_path / trace), "--json"]) == 1
    assert "no file for its model" in json.loads(capsys.readouterr().out)["traces"][0]["skipped"]
    shutil.copy(shared / "models/real/person_detect.tflite", tmp_path)
    assert main(["validate", str(tmp_path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "omvsim.validate"
    assert result["passed"]
    assert result["traces"][0]["misses"] == []
    assert {total["quantity"] for total in result["totals"]} >= {"model.ram", "exception text"}


def test_a_trace_cut_between_lines_is_compared_as_far_as_it_goes(shared: Path, tmp_path: Path) -> None:
    with gzip.open(shared / "oracle/firmware/traces/rt1062_v481__person_detect__file.jsonl.gz") as file:
        lines = file.readlines()
    for count in (300, 680, 900):
        (tmp_path / "cut.jsonl").write_bytes(b"".join(lines[:count]))
        result = validate([tmp_path / "cut.jsonl"], ModelLibrary([shared / "models/real"])).results[0]
        assert not result.complete
        assert result.points
        assert not result.misses


def test_areas_that_cannot_be(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(shared / "oracle/firmware/traces/rt1062_v481__person_detect__rom.jsonl.gz", "rt") as file:
        text = file.read()
    (tmp_path / "areas.jsonl").write_text(text.replace('["0x20280000", 65536]', '["0x20280000", 5]'))
    assert main(["validate", str(tmp_path), "--models", str(shared / "models/real")]) == 3
    assert "a GC area of 5 bytes has no room for a block" in capsys.readouterr().err


def test_bad_files_do_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "foreign.jsonl").write_text('{"hello": 1}\n')
    assert main(["validate", str(tmp_path)]) == 3
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "the file is empty" in errors[0]
    assert "not a trace" in errors[1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 3, "give trace files, or --reference"),
        (["/nowhere.jsonl"], 3, "No such file"),
        (["x.jsonl", "--models", "/nowhere"], 3, "no such folder"),
    ],
)
def test_wrong_use(arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *arguments]) == code
    assert message in capsys.readouterr().err


def test_a_wrong_tolerance(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["validate", "x", "--tolerance", "used=lots"])
    assert "is not like used=5" in capsys.readouterr().err


def test_published_figures(shared: Path) -> None:
    judged = judge_points(shared / "device/points.jsonl", ModelLibrary([shared / "models/real"]))
    verdicts = [point.judgement for point in judged]
    assert len(judged) == 86
    assert verdicts.count("contradicts") == 0
    assert verdicts.count("reproduced") == 3
    assert verdicts.count("consistent") == 4
    assert all(point.why for point in judged)


def test_published_figures_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    point = {"kind": "memory", "what": "gc.mem_free() at boot", "value": 8480384, "unit": "bytes", "source": "x"}
    point |= {"board": "OpenMV Cam RT1062", "firmware": "OpenMV v4.7.0", "model": None, "quote": ""}
    path = tmp_path / "points.jsonl"
    path.write_text(json.dumps(point) + "\n")
    assert main(["validate", "--points", str(path)]) == 0
    assert "| 8 480 384 bytes | 8 510 464 | consistent |" in capsys.readouterr().out
    path.write_text(json.dumps(point | {"value": 9_000_000}) + "\n")
    assert main(["validate", "--points", str(path), "--json"]) == 1
    path.write_text("{}\n")
    assert main(["validate", "--points", str(path)]) == 3
