"""Real output against the JSON Schemas in ``docs/schemas``; every key of theirs is explained in ``docs/json.md``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from omvsim import models
from omvsim.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"


def schema(name: str) -> dict[str, Any]:
    text = (DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "properties":
                yield from value
            yield from keys(value)
    elif isinstance(part, list):
        for value in part:
            yield from keys(value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny-conv", "fomo-like"):
        (folder / f"{name}.tflite").write_bytes(models.make(name))
    (folder / "yolo.tflite").write_bytes(models.make("yolov8n-like", size=320, classes=80))
    return folder


RUNS = [
    ["tiny-conv"],
    ["tiny-conv", "--allocations", "--load", "fb"],
    ["tiny-conv", "--firmware", "5.0.0", "--load", "file"],
    ["tiny-conv", "--firmware", "4.5.5", "--load", "file"],
    ["tiny-conv", "--no-advice", "--gc", "16K@0x60000000"],
    ["fomo-like", "--gc", "100K@0x60000000"],
    ["fomo-like", "--gc", "247K@0x60000000"],
    ["fomo-like", "--gc", "250K@0x60000000"],
    ["fomo-like", "--gc", "64K,272K", "--load", "file", "--keep-output", "--loops", "40"],
    ["yolo", "--scenario", "forum-9790"],
]


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_run(words: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", str(folder / f"{words[0]}.tflite"), "--json", *words[1:]])
    Draft202012Validator(schema("run")).validate(json.loads(capsys.readouterr().out))


SCRIPTS = {
    "runs": "x = [i * 0.5 for i in range(20)]\nx.append(1)\nprint(len(x))\n",
    "fails": "def f(n):\n    return bytearray(n)\nf(9000000)\n",
    "raises": "import gc\ngc.collect()\nint('a')\n",
    "stops": "import sys\nsys.exit()\n",
    "not known": "import cryptolib\ncryptolib.aes(1)\n",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_exec(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "main.py"
    script.write_text(text)
    main(["exec", str(script), "--json", "--allocations"])
    printed = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema("exec")).validate(printed)
    assert {each["phase"] for each in printed["allocations"]} >= {"boot", "open", "parse", "compile"}


def test_trace_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", str(folder / "tiny-conv.tflite"), "--trace", "-"])
    validator = Draft202012Validator(schema("allocation"))
    for line in capsys.readouterr().out.splitlines():
        validator.validate(json.loads(line))


def test_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = tmp_path / "t.jsonl"
    header = {"ev": "header", "areas_arg": [["0x20280000", 65536]]}
    trace.write_text("\n".join(json.dumps(line) for line in (header, {"i": 0, "ev": "alloc", "n": 9, "addr": 4})))
    assert main(["replay", str(trace), "--json"]) == 1
    Draft202012Validator(schema("replay")).validate(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("name", ["run", "replay", "allocation"])
def test_every_key_is_explained(name: str) -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    assert {key for key in keys(schema(name)) if f"`{key}`" not in text} == set()
