"""Real output of every command against the schemas in ``docs/schemas``, which are written from the types.

Every key of the oldest is explained in ``docs/json.md``.
"""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from omvsim import models
from omvsim.cli import main
from omvsim.errors import MissingExtraError
from omvsim.runtime import choose_backend

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


# ── Every command ────────────────────────────────────────────────────────────────────────────────────────────────────


def check(printed: str, name: str) -> dict[str, Any]:
    """Each line, or the one object, is of that schema, and says so."""
    parts = [printed] if printed.startswith("{\n") else printed.splitlines()
    assert parts
    for part in parts:
        value: dict[str, Any] = json.loads(part)
        assert (value["schema"], value["schema_version"]) == (f"omvsim.{name}", 1)
        Draft202012Validator(schema(name)).validate(value)
    return value


TINY, FOMO, HUGE = "tiny-conv.tflite", "fomo-like.tflite", "yolo.tflite"
COMMANDS = [
    ("arena", ["arena", TINY, FOMO, "--json"]),
    ("arena", ["arena", TINY, "--firmware", "4.5.5", "--json"]),
    ("releases.script", ["releases", "main.py", "--json"]),
    ("time", ["time", TINY, "--json"]),
    ("time", ["time", TINY, "--arena", "dtcm", "--json"]),
    ("time", ["time", HUGE, "--board", "small.toml", "--json"]),
    ("run", ["run", TINY, "--time", "--json"]),
    ("releases", ["releases", TINY, "--json"]),
    ("board", ["boards", "show", "openmv-rt1062", "--json"]),
    ("board", ["boards", "show", "openmv-rt1062", "--firmware", "5.0.0", "--json"]),
    ("boards", ["boards", "--json"]),
    ("boards.diff", ["boards", "diff", "openmv-rt1062@4.8.1", "openmv-rt1062@5.0.0", "--json"]),
    ("what-if.min", ["what-if", "min", TINY, "--param", "gc[2].size", "--gc", "64K,272K,512K", "--json"]),
    ("what-if.max", ["what-if", "max", TINY, FOMO, "--gc", "28K@0x60000000", "--until", "load", "--json"]),
    ("what-if.compare", ["what-if", "compare", FOMO, "--a", "gc[1].size=64K", "--json"]),
    ("what-if.recommend", ["what-if", "recommend", FOMO, "--set", "gc[2].size=64K", "--json"]),
    ("what-if.row", ["what-if", "sweep", TINY, FOMO, "--vary", "gc[2].size=0,64K,900M", "--load", "file"]),
    ("what-if.row", ["what-if", "sweep", TINY, "--gc", "64K,272K", "--vary", "framesize=QVGA,VGA"]),
    ("run", ["run", TINY, "--timeline", "--json"]),
    ("validate", ["validate", "--reference", "--json"]),
    ("validate.time", ["validate", "--time", "--json"]),
    ("compare", ["compare", TINY, FOMO, "--json"]),
    ("gate", ["gate", "--policy", "omvsim.toml", "--json"]),
    ("map-diff", ["trace", "diff", "a.map", "b.map", "--json"]),
    ("calibrate", ["calibrate", "times.jsonl", "--json"]),
    ("validate.points", ["validate", "--points", "points.jsonl", "--json"]),
]
MAP = """stack: 1200 out of 31000
GC: total: 1024, used: 32, free: 992
 No. of 1-blocks: 2, 2-blocks: 0, max blk sz: 1, max free sz: 62
GC memory layout; from 20000000:
00000000: hh..............................................................
"""
TIMES = '{{"model": "{}", "ms": {}, "arena": "dtcm", "weights": "flash"}}\n'
SMALL = 'name = "small"\nextends = "openmv-rt1062"\n[all_releases]\ndrop = ["region.gc2"]\n'
POLICY = '[[gate]]\nmodels = "*-*.tflite"\nbudget.arena = "64K"\nbudget.headroom = {gc0 = "1K"}\n'
POINT = '{"id": "x", "kind": "memory", "what": "x", "board": "OpenMV Cam RT1062", "value": "1", "source": "x"}\n'


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=lambda value: " ".join(value[:2]) if len(value) > 1 else None)
def test_output_of_every_command(
    name: str, words: list[str], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("omvsim.toml").write_text(POLICY)
    Path("a.map").write_text(MAP)
    Path("b.map").write_text(MAP.replace(": hh.", ": h.h"))
    Path("times.jsonl").write_text(TIMES.format(TINY, 4.7) + TIMES.format(FOMO, 38))
    Path("points.jsonl").write_text(POINT)
    Path("small.toml").write_text(SMALL)
    Path("main.py").write_text(SCRIPTS["raises"])
    main(words)
    check(capsys.readouterr().out, name)


def test_a_profile_against_other_records(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("times.jsonl").write_text(TIMES.format(TINY, 4.7) + TIMES.format(FOMO, 38))
    Path("others.jsonl").write_text(TIMES.format(TINY, 4.8).replace("dtcm", "sdram"))
    assert main(["calibrate", "times.jsonl", "-o", "mine.toml"]) == 0
    capsys.readouterr()
    assert main(["calibrate", "others.jsonl", "--against", "mine.toml", "--json"]) == 0
    assert check(capsys.readouterr().out, "calibrate")["against"] == "mine.toml"


def test_every_command_with_json_has_a_schema() -> None:
    """The source names no schema that is not published, and there is none that nobody checks here or beside."""
    root = DOCS.parent / "omvsim"
    text = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py") if path.parent.name != "outputs")
    named = set(re.findall(r'"schema": f?"omvsim\.([\w.-]+)"', text))
    outputs = importlib.import_module("omvsim.outputs").OUTPUTS
    assert named <= set(outputs)
    checked = {name for name, _ in COMMANDS} | {"run", "exec", "allocation", "replay", "coverage", "error", "calibrate"}
    assert set(outputs) == checked


def test_schemas_are_written_from_the_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS.parent))
    tool = importlib.import_module("tools.schemas")
    outputs = importlib.import_module("omvsim.outputs").OUTPUTS
    assert {path.stem for path in (DOCS / "schemas").iterdir()} == set(outputs)
    for name in outputs:
        path = DOCS / "schemas" / f"{name}.json"
        assert path.read_text(encoding="utf-8") == tool.text(name), "python -m tools.schemas writes them anew"
        Draft202012Validator.check_schema(tool.schema(name))


def test_a_real_inference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        choose_backend()
    except MissingExtraError as error:
        pytest.skip(str(error))
    main(["run", str(folder / TINY), "--input", "random", "--json"])
    computed = check(capsys.readouterr().out, "run")["inference"]
    assert computed["outputs"][0]["shape"] == [1, 2]


def test_what_no_type_allows_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", str(folder / TINY), "--timeline", "--json"])
    printed = json.loads(capsys.readouterr().out)
    printed["timeline"]["buffers"][0]["kind"] = "other"
    assert [list(e.path)[:2] for e in Draft202012Validator(schema("run")).iter_errors(printed)] == [
        ["timeline", "buffers"]
    ]
    main(["what-if", "sweep", str(folder / TINY)])
    row = json.loads(capsys.readouterr().out) | {"gc[2].size": 5}
    assert [list(e.path) for e in Draft202012Validator(schema("what-if.row")).iter_errors(row)] == [["gc[2].size"]]


def test_a_key_that_no_type_has_is_an_error() -> None:
    found = list(Draft202012Validator(schema("boards")).iter_errors(
        {"schema": "omvsim.boards", "schema_version": 1, "boards": [], "more": 1}
    ))  # fmt: skip
    assert [error.validator for error in found] == ["additionalProperties"]
