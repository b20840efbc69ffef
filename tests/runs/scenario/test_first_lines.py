"""How long a frame takes stands in the first lines and in the JSON; the smallest arena that works is printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import omvsim
from omvsim import models
from omvsim.cli import main
from omvsim.frame_time import frame_time, time_of_run
from omvsim.graph import TensorType, read_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import Outcome, allocate, minimum_arena, plan_arena

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny-conv", "fomo-like", "mobilenet-like"):
        (folder / f"{name}.tflite").write_bytes(models.make(name))
    (folder / "chain8.tflite").write_bytes(chain(8))
    return folder


def chain(length: int) -> bytes:
    """TANH after TANH on one float: many buffers for the planner, next to nothing in them."""
    m = ModelBuilder()
    g = m.subgraph()
    x = g.input((1, 1), TensorType.FLOAT32)
    for _ in range(length):
        y = g.tensor((1, 1), TensorType.FLOAT32)
        g.operator("TANH", [x], [y])
        x = y
    g.output(x)
    return m.build()


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main(["run", *words, "--json", "--no-advice"])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize("name", ["tiny-conv", "fomo-like"])
def test_json_has_the_range_that_time_has(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys, str(folder / f"{name}.tflite"), "--time")
    low, nominal, high = report["ms_per_frame"]
    assert report["ms_per_frame"] == report["time"]["frame_ms"]
    assert 0 < low < nominal < high
    # The inference is modelled; cycles of conversions and collections are assumed, and a sum is as good as its weakest.
    assert (report["time"]["provenance"], report["ms_per_frame_provenance"]) == ("modelled", "assumed")


def test_it_covers_more_than_the_inference(folder: Path) -> None:
    result = omvsim.run(folder / "tiny-conv.tflite")
    time = time_of_run(result)
    assert time is not None
    assert time.frame.ms.nominal > time.inference.ms.nominal
    assert (time.inference.provenance, time.frame.provenance) == ("modelled", "assumed")
    assert frame_time(result) == time


def test_the_page_says_it_in_its_third_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    main(["run", str(folder / "tiny-conv.tflite")])
    verdict, rest, line = capsys.readouterr().out.splitlines()[1:4]
    assert f"{verdict} {rest}".startswith("RUNS: loaded from ROM, 5 predictions, model.ram 31 168; ")
    assert line.startswith("  one frame 5.")
    assert " a second; assumed" in line


def test_a_frame_of_many_seconds_is_not_a_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "yolo.tflite"
    path.write_bytes(models.make("yolov8n-like", size=640, classes=2))
    main(["run", str(path), "--no-advice"])
    shown = " ".join(capsys.readouterr().out.split())
    assert " one in 3" in shown
    assert "a second" not in shown


def test_a_run_that_fails_has_no_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(capsys, str(folder / "fomo-like.tflite"), "--gc", "100K@0x60000000")
    assert report["verdict"] != "ok"
    assert (report["ms_per_frame"], report["ms_per_frame_provenance"]) == (None, None)


def test_a_board_without_the_speed_of_its_memories_has_none(folder: Path) -> None:
    assert time_of_run(omvsim.run(folder / "tiny-conv.tflite", board="openmv-rt1062-qemu", load="rom")) is None


@pytest.mark.parametrize("name", ["tiny-conv", "fomo-like", "mobilenet-like", "chain8"])
def test_the_smallest_arena_works_and_16_bytes_less_do_not(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / f"{name}.tflite"
    plan = plan_arena(read_model(path))
    smallest = minimum_arena(plan)
    assert smallest is not None
    assert allocate(plan, smallest) is Outcome.OK
    assert allocate(plan, smallest - 16) is not Outcome.OK
    main(["arena", str(path), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["minimum_arena_bytes"] == smallest
    assert report["temporaries_bytes"] == smallest - plan.arena_used_bytes
    main(["arena", str(path)])
    shown = capsys.readouterr().out.replace("\n", " ")
    assert f"smallest arena that works {smallest:,}".replace(",", " ") in shown


def test_where_the_arena_that_is_kept_is_too_small_the_report_shows_by_how_much(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["arena", str(folder / "chain8.tflite"), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert report["second_allocation"] == "error"
    assert report["minimum_arena_bytes"] > report["kept_arena_bytes"]
