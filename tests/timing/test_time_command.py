"""``omvsim time``: the JSON contract and the table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import main
from omvsim.models import make

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("m") / "tiny.tflite"
    path.write_bytes(make("tiny-conv"))
    return path


def test_json_contract(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["time", str(model), str(model), "--json", "--arena", "dtcm", "--weights", "sdram"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 2
    found = lines[0]
    assert found["path"] == str(model)
    assert found["placement"] == {"arena": "dtcm", "weights": "sdram"}
    assert found["instructions"] > 1000
    assert [*found["ms"]] == sorted(found["ms"])
    for op in found["ops"]:
        assert isinstance(op["op"], str)
        assert op["instructions"] > 0
        assert set(op["misses"]) == {"weights", "arena_loads", "arena_stores", "write_backs"}
        assert op["misses"]["arena_loads"] == op["misses"]["arena_stores"] == 0
        assert [*op["cycles"]] == sorted(op["cycles"])
        assert op["bound"] in {"issue", "flash", "sdram", "ocram", "dtcm"}
    assert {c["what"] for c in found["frame"]} == {
        "input conversion",
        "output conversion",
        "collections",
        "clear sizing arena",
    }


@pytest.mark.parametrize("release", ["4.5.9", "4.7.0", "4.8.1", "5.0.0"])
@pytest.mark.parametrize(("time_from", "run_from"), [([], []), (["--file-from", "flash"], ["--load", "file"])])
def test_time_and_run_agree_to_the_digit(
    model: Path, capsys: pytest.CaptureFixture[str], release: str, time_from: list[str], run_from: list[str]
) -> None:
    assert main(["time", str(model), "--json", "--firmware", release, *time_from]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert main(["run", str(model), "--json", "--time", "--firmware", release, *run_from]) == 0
    whole = json.loads(capsys.readouterr().out)["time"]
    assert alone["ms"] == whole["inference_ms"]
    for key in ("frame_ms", "load_ms", "frames_per_second", "placement", "provenance", "improvements"):
        assert alone[key] == whole[key], key
    assert sorted((c["what"], *c["ms"]) for c in alone["frame"]) == sorted(
        (c["what"], *c["ms"]) for c in whole["costs"]
    )


def test_total_is_the_operators_and_the_interpreter(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["time", str(model), "--json"])
    found = json.loads(capsys.readouterr().out)
    counted = sum(op["instructions"] for op in found["ops"])
    assert found["instructions"] == pytest.approx(counted + 100 + 67 * len(found["ops"]), abs=len(found["ops"]))


def test_table_names_the_improvements(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["time", str(model), "--camera-ms", "33"]) == 0
    text = capsys.readouterr().out
    assert "bound by" in text
    assert "frames per second" in text
    assert "collections: " in text
    assert main(["time", str(model), "--every", "--file-from", "sd", "--policy", "lru"]) == 0
    assert "read model from sd" in capsys.readouterr().out


def test_other_chips(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["time", str(model), "--profile", "stm32h743", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["board"] == "stm32h743"
    assert main(["time", str(model), "--profile", "stm32h743", "--arena", "sdram"]) == 3
    assert "no timing for memory 'sdram'" in capsys.readouterr().err


def test_an_older_library_is_an_assumption(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["time", str(model), "--firmware", "4.5.5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["provenance"] == "assumed"


def test_a_file_that_is_no_model(tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.tflite"
    bad.write_bytes(b"nothing")
    assert main(["time", str(bad), str(model), "--json"]) == 3
    out = capsys.readouterr()
    assert len(out.out.splitlines()) == 1
    assert "bad.tflite" in out.err
