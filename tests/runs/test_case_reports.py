"""The public reports that are about commands: models that do not fit, a newer library, older releases as the way out,
modules of the camera, zones in which it may die. The models are our own, built here as the reports build them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path

TOO_LARGE = ("yolov8n-cls-like", {"size": 64, "classes": 1000, "dtype": "float32"})
"""10 880 640 bytes: more than /rom (8 MiB) and /flash (4 MiB)."""
GC = "28K@0x20280000,8K@0x20300000,{}@0x60000000"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Exit code and JSON of a command."""
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def dense(folder: Path) -> str:
    """A dense layer whose weights are quantized per channel."""
    scales = tuple(0.01 + 0.001 * at for at in range(10))
    made = ModelBuilder()
    graph = made.subgraph()
    entry = graph.input((1, 64), quantization=Quantization((0.05,), (0,)))
    weights = graph.constant((10, 64), TensorType.INT8, bytes(640), quantization=Quantization(scales, (0,) * 10, 0))
    biases = Quantization(tuple(0.05 * scale for scale in scales), (0,) * 10, 0)
    bias = graph.constant((10,), TensorType.INT32, [0] * 10, quantization=biases)
    result = graph.tensor((1, 10), quantization=Quantization((0.1,), (0,)))
    graph.operator("FULLY_CONNECTED", [entry, weights, bias], [result], {"fused_activation_function": 0})
    graph.output(result)
    path = folder / "dense.tflite"
    path.write_bytes(made.build())
    return str(path)


def chain(folder: Path, count: int) -> str:
    """So many operators one after the other: the planner needs more for a moment than the arena that is kept has."""
    made = ModelBuilder()
    graph = made.subgraph()
    last = graph.input((1, 1), TensorType.FLOAT32)
    for _ in range(count):
        following = graph.tensor((1, 1), TensorType.FLOAT32)
        graph.operator("TANH", [last], [following])
        last = following
    graph.output(last)
    path = folder / f"chain{count}.tflite"
    path.write_bytes(made.build())
    return str(path)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("large") / "big.tflite"
    kind, options = TOO_LARGE
    path.write_bytes(models.make(kind, **options))
    assert path.stat().st_size == 10_880_640
    return str(path)


def test_a_file_larger_than_rom_does_not_run_from_it(large: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Report 01: nor does any way out put it where it does not fit."""
    code, found = told(capsys, "run", large, "--load", "rom")
    assert code == ExitCode.NO_SPACE
    ways = json.dumps(found["advice"])
    assert "/rom" not in ways
    assert "/flash" not in ways
    assert "SD card" in ways


def test_only_a_card_takes_a_file_that_large(large: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", large, "--load", "file", "--no-advice"]) == ExitCode.MEMORY_ERROR
    shown = capsys.readouterr().out
    assert 'ml.Model("/sdcard/big.tflite")' in shown
    assert "/flash is too small for it" in shown


def test_no_release_has_room_for_it_in_rom(large: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before 4.7.0 there is no ROM file system; since, it is too small."""
    _, found = told(capsys, "releases", large, "--load", "rom")
    rows = {row["firmware"]: row for row in found["releases"]}
    assert {"4.5.0", "4.6.20", "4.7.0", "5.0.0"} <= set(rows)
    assert not [release for release, row in rows.items() if row["verdict"] == "ok"]


def test_dense_layers_of_the_newest_library_are_no_promise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Report 15: 4.8.1's library was measured and refuses; nobody has measured 5.0.0's, and that is said."""
    path = dense(tmp_path)
    _, found = told(capsys, "releases", path)
    rows = {row["firmware"]: row for row in found["releases"]}
    assert [rows[release]["provenance"] for release in ("4.8.1", "5.0.0")] == ["exact", "derived"]
    assert main(["run", path, "--firmware", "5.0.0", "--no-advice"]) == ExitCode.REFUSED
    assert "no promise: nobody has measured this release's library" in capsys.readouterr().out
    assert main(["run", path, "--firmware", "4.8.1", "--no-advice"]) == ExitCode.REFUSED
    shown = capsys.readouterr().out
    assert "no promise" not in shown
    assert "_experimental_disable_per_channel_quantization_for_dense_layers" in shown


@pytest.mark.parametrize(("count", "older"), [(8, ("4.5.8", "4.5.7", "4.5.6", "4.5.5")), (16, ("4.5.5",))])
def test_older_releases_are_a_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, older: tuple[str, ...]
) -> None:
    """Report 16: those with 1 024 bytes to spare, and ``arena`` prints what would do."""
    path = chain(tmp_path, count)
    code, found = told(capsys, "run", path)
    assert (code, found["verdict"]) == (ExitCode.VALUE_ERROR, "value_error")
    ways = json.dumps(found["advice"])
    assert all(release in ways for release in older)
    _, rows = told(capsys, "releases", path)
    runs = {row["firmware"] for row in rows["releases"] if row["verdict"] == "ok"}
    assert set(older) <= runs
    assert "4.8.1" not in runs
    main(["arena", path])
    assert "smallest arena that works" in capsys.readouterr().out


def test_two_changes_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "y.tflite"
    path.write_bytes(models.make("yolov8n-like", classes=80))
    main(["run", str(path), "--firmware", "4.6.0", "--load", "file"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "Use firmware 4.8.1" in shown
    assert "load_to_fb=True); m.predict(…, callback=f)" in shown


OF_THE_CAMERA = "asyncio uasyncio socket ssl requests mqtt umalloc select heapq logging bluetooth aioble pid mutex rtsp"


@pytest.mark.parametrize("module", OF_THE_CAMERA.split())
def test_modules_of_the_camera(tmp_path: Path, capsys: pytest.CaptureFixture[str], module: str) -> None:
    """Report 21: a module that the RT1062 has is never the camera's ImportError; what is not known is 15."""
    script = tmp_path / "t.py"
    script.write_text(f"import {module}\n", encoding="utf-8")
    code, found = told(capsys, "exec", str(script), "--firmware", "5.0.0", "--no-advice")
    assert code == (ExitCode.OK if found["unknown"] is None else ExitCode.UNKNOWN)
    assert found["failure"] is None


def test_zones_in_which_the_camera_may_die_are_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Report 22: 23K to 24K lie between sizes that fail; both edges are rows of their own."""
    path = tmp_path / "mn.tflite"
    path.write_bytes(models.make("mobilenet-like"))
    search = ["what-if", "min", str(path), "--param", "gc[2].size", "--until", "load", "--gc", GC.format("8M")]
    _, found = told(capsys, *search)
    zones = {(row["from_kib"], row["to_kib"]) for row in found["ranges"] if row["verdict"] == "may_crash"}
    assert (23, 24) in zones
    code = main(["run", str(path), "--gc", GC.format("23K"), "--load", "rom", "--no-advice"])
    assert code == ExitCode.MAY_CRASH
    assert "MAY CRASH" in capsys.readouterr().out
