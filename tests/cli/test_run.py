"""``omvsim run``: exit codes and JSON for each verdict, options, traces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

# Areas of the firmware's own start; sizes chosen so that each kind of failure happens with a 237 936-byte arena.
VERDICTS = [
    ("fomo-like", "64K,272K,8M", "ok", None, None, ExitCode.OK),
    ("fomo-like", "100K@0x60000000", "value_error", "ValueError: Failed to allocate tensors", "load", 11),
    (
        "fomo-like",
        "247K@0x60000000",
        "memory_error",
        "MemoryError: memory allocation failed, allocating 4080 bytes",
        "load",
        ExitCode.MEMORY_ERROR,
    ),
    ("fomo-like", "250K@0x60000000", "may_crash", None, "load", ExitCode.MAY_CRASH),
    ("refused", "64K,272K,8M", "refused", "ValueError: Failed to allocate tensors", "load", ExitCode.REFUSED),
    ("unknown", "64K,272K,8M", "unknown", None, "load", ExitCode.UNKNOWN),
    ("null-pointer", "64K,272K,8M", "may_crash", None, "load", ExitCode.MAY_CRASH),
    ("hangs-at-load", "64K,272K,8M", "hangs", None, "load", ExitCode.HANGS),
    ("hangs", "64K,272K,8M", "hangs", None, "predict", ExitCode.HANGS),
]


@pytest.mark.parametrize(("model", "areas", "verdict", "exception", "step", "code"), VERDICTS)
def test_each_verdict_has_its_exit_code(
    omvsim: Run,
    model_files: Path,
    model: str,
    areas: str,
    verdict: str,
    exception: str | None,
    step: str | None,
    code: int,
) -> None:
    done = omvsim("run", model_files / f"{model}.tflite", "--gc", areas, "--json", "--no-advice")
    report = json.loads(done.out)
    assert (report["verdict"], report["exception"], report["failed_step"]) == (verdict, exception, step)
    assert (done.code, done.err) == (code, "")


@pytest.mark.parametrize(("model", "areas", "code"), [(case[0], case[1], case[-1]) for case in VERDICTS])
def test_text_and_json_agree_on_the_code(omvsim: Run, model_files: Path, model: str, areas: str, code: int) -> None:
    done = omvsim("run", model_files / f"{model}.tflite", "--gc", areas)
    assert done.code == code
    assert f"{model}.tflite" in done.out


def report_of(omvsim: Run, *words: object) -> dict[str, Any]:
    done = omvsim("run", *words, "--json")
    assert done.out.count("\n") == 1
    report: dict[str, Any] = json.loads(done.out)
    return report


def test_failure_comes_with_diagnosis_and_advice(omvsim: Run, model_files: Path) -> None:
    report = report_of(omvsim, model_files / "tiny-conv.tflite", "--load", "file", "--gc", "16K@0x60000000")
    assert report["exception"] == "MemoryError: memory allocation failed, allocating 9919 bytes"
    request = report["refused_request"]
    assert (request["bytes"], request["owner"]) == (9919, "model file data")
    diagnosis = report["diagnosis"]
    assert diagnosis["needed_bytes"] == 9920
    assert diagnosis["missing_bytes"] == 9920 - diagnosis["longest_free_bytes"]
    assert diagnosis["area"] == "gc[0]"
    assert report["advice"]
    assert all(way["free_bytes"] > 0 for way in report["advice"])


def test_a_run_that_works_has_nothing_to_diagnose(omvsim: Run, model_files: Path) -> None:
    report = report_of(omvsim, model_files / "tiny-conv.tflite")
    assert (report["diagnosis"], report["advice"], report["verdict"]) == (None, [], "ok")
    assert report["model_ram"] == report["models"][0]["ram"]


def test_allocations_are_listed_when_asked_for(omvsim: Run, model_files: Path) -> None:
    path = model_files / "tiny-conv.tflite"
    assert "allocations" not in report_of(omvsim, path)
    entries = report_of(omvsim, path, "--allocations")["allocations"]
    assert {"step", "bytes", "address", "area", "owner"} <= set(entries[0])
    arena = next(entry for entry in entries if entry["owner"] == "tensor arena")
    assert arena["step"] == "load"
    assert arena["area"].startswith("gc[")


def test_trace_to_standard_output_is_json_lines_and_nothing_else(omvsim: Run, model_files: Path) -> None:
    done = omvsim("run", model_files / "tiny-conv.tflite", "--trace", "-")
    entries = [json.loads(line) for line in done.out.splitlines()]
    assert {"step", "bytes", "address", "area", "owner"} <= set(entries[-1])
    assert done.code == ExitCode.OK


def test_trace_to_a_file_replaces_it(omvsim: Run, model_files: Path, tmp_path: Path) -> None:
    target = tmp_path / "trace.jsonl"
    target.write_text("old\n")
    done = omvsim("run", model_files / "tiny-conv.tflite", "--trace", target)
    assert done.code == ExitCode.OK
    assert json.loads(target.read_text().splitlines()[0])["step"] == "boot"
    assert "tiny-conv.tflite" in done.out


def test_options_reach_the_simulated_script(omvsim: Run, model_files: Path) -> None:
    path = model_files / "tiny-conv.tflite"
    report = report_of(omvsim, path, "--load", "file", "--loops", "3", "--input", "callable", "--callback")
    assert report["load"] == "file"
    assert report["models"][0]["data_area"].startswith("gc[")
    assert sum(step["name"] == "predict" for step in report["steps"]) == 3
    assert report["loop"]["frames"] == 3


def test_another_release_and_another_board_value(omvsim: Run, model_files: Path) -> None:
    path = model_files / "tiny-conv.tflite"
    older = report_of(omvsim, path, "--firmware", "4.7.0")
    assert older["firmware"] == "4.7.0"
    smaller = report_of(omvsim, path, "--set", "gc[2].size=4M")
    assert [area["length"] for area in smaller["areas"]][2] == 4 * 1024**2


def test_same_command_same_bytes(omvsim: Run, model_files: Path) -> None:
    words = ("run", model_files / "fomo-like.tflite", "--gc", "247K@0x60000000", "--json", "--allocations")
    assert omvsim(*words).out == omvsim(*words).out
