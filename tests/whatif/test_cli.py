"""``omvsim what-if``: golden pages, the JSON contract, and each way it can be called wrongly.

``OMVSIM_UPDATE=1`` rewrites the pages.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from omvsim.cli import main
from omvsim.cli.exit_codes import ExitCode
from omvsim.cli.what_if import EXAMPLES

GOLDEN = Path(__file__).parent / "golden"
SMALL = ["--gc", "64K@0x20280000,100K@0x20300000,2M@0x60000000"]
PAGES = {
    "min": ["min", "{blazeface-like}", *SMALL, "--param", "gc[2].size", "--until", "load"],
    "min-island": [
        *["min", "{mobilenet-like}", "--gc", "32K@0x20280000,32K@0x20300000,2M@0x60000000", "--firmware", "5.0.0"],
        *["--load", "file", "--param", "gc[2].size", "--until", "load"],
    ],
    "min-none": ["min", "{tiny-conv}", *SMALL, "--param", "gc[2].size"],
    "min-nothing": ["min", "{blazeface-like}", *SMALL, "--param", "gc[2].size", "--range", "0..100K"],
    "max": ["max", "{fomo-like}", *SMALL, "--param", "gc[2].size", "--range", "0..1M", "--step", "64K"],
    "max-model": ["max", "{tiny-96}", "{tiny-32}", "{tiny-64}", "--gc", "28K@0x60000000", "--until", "load"],
    "max-framesize": [
        "max",
        "{tiny-conv}",
        "--param",
        "framesize",
        "--firmware",
        "4.5.9",
        "--set",
        "frame_buffer.size=1M",
    ],
    "compare": ["compare", "{fomo-like}", "--a", "gc[1].size=64K"],
    "compare-same": ["compare", "{tiny-conv}"],
    "recommend": ["recommend", "{blazeface-like}", "{tiny-conv}", "--set", "gc[2].size=64K"],
}


def call(words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    known = {path.stem: str(path) for path in folder.glob("*.tflite")}
    filled = [known.get(word.strip("{}"), word) if word.startswith("{") else word for word in words]
    assert main(["what-if", *filled]) == ExitCode.OK
    return capsys.readouterr().out


def test_the_example_of_max_does_what_it_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = (example.split() for example in EXAMPLES if example.startswith("what-if max"))
    words = ["{tiny-conv}" if word == "model.tflite" else word for word in example[1:]]
    assert "is the largest that works" in call(words, folder, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = call(PAGES[name], folder, capsys)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("OMVSIM_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_contract_of_min(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(call([*PAGES["min-island"], "--json"], folder, capsys))
    assert found["model"] == "mobilenet-like.tflite"
    assert found["smallest_kib"] == -(-found["smallest_bytes"] // 1024)
    assert all(isinstance(value, int) for value in found["may_crash_kib"])
    assert {entry["works"] for entry in found["islands"]} == {True, False}
    assert found["evaluations"] > 0
    none = json.loads(call([*PAGES["min-nothing"], "--json"], folder, capsys))
    assert (none["smallest_bytes"], none["smallest_kib"]) == (None, None)


@pytest.mark.parametrize("name", ["max-model", "compare", "recommend"])
def test_json(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(call([*PAGES[name], "--json"], folder, capsys))
    key = {"max-model": "largest", "compare": "differences", "recommend": "proposals"}[name]
    assert found[key]


def test_a_sweep_prints_rows_or_fills_a_table(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "{tiny-conv}", "--vary", "load=rom,file", "--vary", "firmware=4.8.1,5.0.0"]
    rows = [json.loads(line) for line in call(words, folder, capsys).splitlines()]
    assert [(row["load"], row["firmware"]) for row in rows] == [
        *[("rom", "4.8.1"), ("rom", "5.0.0"), ("file", "4.8.1"), ("file", "5.0.0")]
    ]
    out = str(tmp_path / "s.csv")
    assert "4 configurations\n       4  ok" in call([*words, "--out", out, "--jobs", "2"], folder, capsys)
    assert call([*words, "--out", out, "--json"], folder, capsys) == ""
    two = call(["sweep", "{tiny-conv}", "{tiny-32}", "--sample", "1"], folder, capsys)
    assert two.count("\n") == 1


@pytest.mark.slow
def test_a_proposal_written_to_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, board = tmp_path / "lines.h", tmp_path / "board.toml"
    call([*PAGES["recommend"], "--write-header", str(header), "--write-board", str(board)], folder, capsys)
    assert header.read_text(encoding="utf-8").startswith("#define OMV_GC_BLOCK")
    assert main(["boards", "show", str(board)]) == ExitCode.OK


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["min", "none.tflite", "--param", "gc[2].size"], "none.tflite"),
        (["min", "{tiny-conv}", "--param", "gc[9].size"], "no value 'gc[9].size'"),
        (["min", "{tiny-conv}", "--param", "gc[2].size", "--range", "1M"], "is not a range"),
        (["min", "{tiny-conv}", "--param", "gc[2].size", "--step", "x"], "is not a size"),
        (["min", "{tiny-conv}", "--param", "gc[2].size", "--step", "0"], "step of 1 or more"),
        (["min", "{tiny-conv}", "--param", "gc[2].size", "--loops", "0"], "not a positive number"),
        (["max", "{tiny-conv}", "{tiny-32}", "--param", "gc[2].size"], "one model at a time"),
        (["sweep"], "no model is given"),
        (["sweep", "{tiny-conv}", "--sample", "0"], "--sample"),
        (["sweep", "{tiny-conv}", "--vary", "load"], "is not KEY="),
        (["sweep", "{tiny-conv}", "--vary", "gc[2].sise=1M"], "gc[2].sise: no value 'gc[2].sise'; near are gc[2].size"),
        (["sweep", "{tiny-conv}", "--set", "x=1"], "x: no value 'x'"),
        (["sweep", "{tiny-conv}", "--vary", "firmware=4.5.5", "--vary", "gc[1].size=64K"], "no value 'gc[1].size'"),
        (["sweep", "--matrix", "none.toml"], "none.toml"),
        (["recommend", "{tiny-conv}", "--keep", "x"], "--keep"),
        (["compare", "{tiny-conv}", "--a", "load"], "is not KEY=VALUE"),
    ],
)
def test_called_wrongly(words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled = [str(folder / (word.strip("{}") + ".tflite")) if word.startswith("{") else word for word in words]
    assert main(["what-if", *filled]) == ExitCode.BAD_INPUT
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("jobs", ["0", "-1", "257", "many"])
def test_too_few_and_too_many_processes(jobs: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["what-if", "sweep", str(folder / "tiny-conv.tflite"), f"--jobs={jobs}"])
    assert ended.value.code == 2
    assert "--jobs: must be between 1 and 256" in capsys.readouterr().err
