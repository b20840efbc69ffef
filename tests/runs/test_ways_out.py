"""Scripts and the memories their models are in: what cannot be there is not found; ways out are runs of the script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.cli import main
from omvsim.graph import TensorType
from omvsim.models import make
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path

LOAD = 'import ml\nm = ml.Model("{}")\nprint(m.ram)\n'
TWICE = LOAD + "def fill(buffer, shape, dtype):\n    pass\na = m.predict([fill])\nb = m.predict([fill])\n"


def run(
    capsys: pytest.CaptureFixture[str], folder: Path, text: str, model: Path, *more: str
) -> tuple[int, dict[str, Any]]:
    script = folder / "main.py"
    script.write_text(text)
    code = main(["exec", str(script), "--model", str(model), "--json", "--kernels", "none", *more])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.tflite"
    path.write_bytes(make("tiny-conv"))
    return path


@pytest.fixture(scope="module")
def yolo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("yolo") / "yolo.tflite"
    path.write_bytes(make("yolov8n-like", size=640, classes=2))
    return path


@pytest.mark.parametrize("release", ["4.5.6", "4.6.0", "4.6.20"])
def test_there_is_no_rom_before_4_7(
    release: str, net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = run(capsys, tmp_path, LOAD.format("/rom/net.tflite"), net, "--firmware", release)
    assert (code, report["failure"]["exception"]) == (17, "OSError: Could not find the path")
    assert any("has no ROM file system (there is one from 4.7.0 on)" in note for note in report["notes"])
    keys = [way["key"] for way in report["advice"]]
    assert "load-from-file" in keys
    flash = "/net.tflite" if release == "4.5.6" else "/flash/net.tflite"  # mounted at the root up to 4.5.9
    assert run(capsys, tmp_path, LOAD.format(flash), net, "--firmware", release)[0] == 0


@pytest.mark.parametrize("release", ["4.7.0", "4.8.1", "5.0.0"])
def test_from_4_7_there_is(release: str, net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run(capsys, tmp_path, LOAD.format("/rom/net.tflite"), net, "--firmware", release)
    assert (code, report["output"], report["advice"]) == (0, "31168\n", [])


def stock(path: Path, size: int) -> Path:
    m = ModelBuilder()
    g = m.subgraph()
    x, y = g.input((1, 4), TensorType.FLOAT32), g.tensor((1, 4), TensorType.FLOAT32)
    g.operator("TANH", [x], [y])
    g.output(y)
    path.write_bytes(m.build().ljust(size, b"\0"))
    return path


def test_a_built_in_model_is_opened_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = stock(tmp_path / "person_detect.tflite", 300_568)
    text = 'import ml\nprint(ml.Model("person_detect").labels)\n'
    code, report = run(capsys, tmp_path, text, model, "--firmware", "4.6.20")
    assert (code, report["output"]) == (0, "['no_person', 'person']\n")
    code, report = run(capsys, tmp_path, text, model, "--firmware", "4.8.1")
    assert (code, report["failure"]["exception"]) == (14, "OSError: [Errno 2] ENOENT")


def test_a_file_larger_than_its_file_system_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = stock(tmp_path / "big.tflite", 9_000_000)
    for folder in ("rom", "flash"):
        code, report = run(capsys, tmp_path, LOAD.format(f"/{folder}/big.tflite"), model)
        assert (code, report["failure"]["exception"]) == (17, "OSError: [Errno 2] ENOENT")
        assert any(f"9 000 000 bytes do not fit /{folder}" in note for note in report["notes"])
        assert [way["key"] for way in report["advice"]] == ["load-to-fb", "firmware-5.0.0"]
        assert report["advice"][0]["title"].endswith("from an SD card")
    code, report = run(capsys, tmp_path, LOAD.format("/sdcard/big.tflite"), model)
    assert report["failure"]["exception"] == "MemoryError: memory allocation failed, allocating 9000031 bytes"


def test_ways_out_are_offered_as_run_offers_them(
    yolo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = run(capsys, tmp_path, TWICE.format("/flash/yolo.tflite"), yolo)
    assert (code, report["failure"]["line"]) == (10, 7)
    assert [way["key"] for way in report["advice"]] == ["drop-output", "callback", "load-to-fb", "load-from-rom"]
    fixed = TWICE.format("/rom/yolo.tflite")
    assert run(capsys, tmp_path, fixed, yolo)[0] == 0
    assert run(capsys, tmp_path, TWICE.format("/flash/yolo.tflite"), yolo, "--no-advice")[1]["advice"] is None


def test_the_page_shows_them(yolo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "main.py"
    script.write_text(TWICE.format("/flash/yolo.tflite"))
    main(["exec", str(script), "--model", str(yolo), "--kernels", "none", "--quiet", "--lines", "0"])
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "Ways out, cheapest first; each was simulated and runs (left: after a collection): 1. Let go of the old output"
        in shown
    )
