"""Policies: what they may say, where they are found, which line is at fault."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from omvsim.errors import PolicyError
from omvsim.firmware import InputKind, LoadMode
from omvsim.gate import LimitKind, Metric, Severity, find_policy, jobs_of, load_policy
from omvsim.gate._schema import json_schema

REPOSITORY = Path(__file__).parents[2]
PUBLISHED = REPOSITORY / "docs" / "gate-policy.schema.json"
EXAMPLES = sorted((Path(__file__).parent / "example").glob("*.toml"))


def written(tmp_path: Path, text: str, name: str = "omvsim.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        load_policy(written(tmp_path, text))
    assert caught.value.source.endswith("omvsim.toml")
    return caught.value.cause


# -- the schema -----------------------------------------------------------------------------------------------------


def test_published_schema_is_the_generated_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set OMVSIM_UPDATE_GOLDEN=1 to write the file anew."""
    import os

    if os.environ.get("OMVSIM_UPDATE_GOLDEN"):
        PUBLISHED.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == json_schema()


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_against_the_schema(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    errors = list(validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert bool(errors) == (path.stem == "wrong")


@pytest.mark.parametrize(
    "budget",
    [
        {"arena": True},
        {"arena": -1},
        {"arena": []},
        {"arena": "80 %%"},
        {"arena": "12Q"},
        {"time_ms": "80%"},
        {"time_ms": 0},
        {"headroom": {"gc9": 1}},
        {"longest_free": {"after_frames": 3}},
        {"longest_free": {"min": 1, "after_frames": 0}},
        {"heap": 1},
    ],
)
def test_schema_and_reader_refuse_the_same(tmp_path: Path, budget: dict[str, object]) -> None:
    raw = {"gate": [{"models": "a.tflite", "budget": budget}]}
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(raw))
    text = json.dumps(budget).replace(":", " =").replace("true", "true")
    with pytest.raises(PolicyError):
        load_policy(written(tmp_path, f'[[gate]]\nmodels = "a.tflite"\nbudget = {text}\n'))


# -- wrong policies, a line each ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "gate: missing"),
        ("gate = []\n", "gate: list should have at least 1 item after validation, not 0"),
        ("[[gate]]\n", "gate[1].models: missing (or scripts)"),
        ('[[gate]]\nmodels = "a"\ncolour = 1\n', "gate[1].colour: unknown key"),
        ('[[gate]]\nmodels = "a"\n[[gate]]\nmodels = 3\n', "gate[2].models: input should be a valid string"),
        ('[[gate]]\nmodels = "a"\nframes = "3"\n', "gate[1].frames: input should be a valid integer"),
        ('[[gate]]\nmodels = "a"\nload = "disk"\n', "gate[1].load: input should be 'rom', 'file' or 'fb'"),
        (
            '[[gate]]\nmodels = "a"\nbudget.arena = 1.5\n',
            "gate[1].budget.arena: input should be a valid integer",
        ),
        (
            '[[gate]]\nmodels = "a"\nbudget.time_ms = "fast"\n',
            "gate[1].budget.time_ms: 'fast' is not a time in milliseconds (try 250, or 'no-regression')",
        ),
        (
            '[[gate]]\nmodels = "a"\n[[gate]]\nmodels = "a"\n',
            "gate[2].name: 'a' is taken by an entry before it",
        ),
        (
            '[[gate]]\nmodels = "a"\nrequire = "exact"\nbudget.time_ms = 5\n',
            "gate 'a': times are modelled, never exact: require = 'exact' cannot hold beside time_ms",
        ),
        ("[[gate\n", "is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 7)"),
    ],
)
def test_wrong(tmp_path: Path, text: str, cause: str) -> None:
    assert refused(tmp_path, text) == cause


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "omvsim.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="is not UTF-8 text"):
        load_policy(path)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"omvsim\.toml: cannot be read \(No such file or directory\)"):
        load_policy(tmp_path / "omvsim.toml")


# -- finding it -----------------------------------------------------------------------------------------------------


def test_found_above(tmp_path: Path) -> None:
    own = written(tmp_path, "")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    written(deep, "[project]\nname = 'x'\n", "pyproject.toml")
    assert find_policy(deep) == own
    project = written(deep, '[[tool.omvsim.gate]]\nmodels = "x"\n', "pyproject.toml")
    assert find_policy(deep) == project


def test_not_found(tmp_path: Path) -> None:
    with pytest.raises(
        PolicyError, match=r"no omvsim\.toml here or above, and no pyproject\.toml with \[tool.omvsim\]"
    ):
        find_policy(tmp_path)


def test_project_file_without_a_policy(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"has no table \[tool\.omvsim\]; 'omvsim gate init' writes a policy"):
        load_policy(written(tmp_path, "", "pyproject.toml"))


# -- what it means --------------------------------------------------------------------------------------------------

FULL = """\
baseline = "figures.json"

[defaults]
firmware = "v4.8.1"
load = "file"
budget.arena = "64K"
budget.file_size = 1000

[[gate]]
models = ["a/*.tflite", "b.tflite"]

[[gate]]
name = "two"
models = "c.tflite"
firmware = ["all"]
input = "ndarray"
severity = "warning"
time_bound = "nominal"

[gate.budget]
arena = ["50%", "no-regression"]
headroom = { gc0 = 8, total = "1M" }
longest_free = { min = "2K", after_frames = 50 }
time_ms = 1.5  # arena
"""


@pytest.mark.parametrize("project", [False, True])
def test_everything(tmp_path: Path, project: bool) -> None:
    text = FULL
    if project:
        text = text.replace("[[gate]]", "[[tool.omvsim.gate]]").replace("[gate.", "[tool.omvsim.gate.")
        text = "[tool.omvsim]\n" + text.replace("[defaults]", "[tool.omvsim.defaults]")
    policy = load_policy(written(tmp_path, text, "pyproject.toml" if project else "omvsim.toml"))
    shift = int(project)
    assert policy.baseline == tmp_path / "figures.json"
    one, two = policy.entries
    assert (one.name, one.models, one.firmware) == ("a/*.tflite", ("a/*.tflite", "b.tflite"), ("4.8.1",))
    assert (one.load, one.input, one.severity, one.high_time) == (LoadMode.FILE, None, Severity.ERROR, True)
    assert [(limit.key, limit.value) for limit in one.limits] == [("arena", 65536), ("file_size", 1000)]
    assert (two.name, two.firmware, two.load, two.input) == ("two", (), LoadMode.FILE, InputKind.NDARRAY)
    assert (two.severity, two.high_time) == (Severity.WARNING, False)
    assert [(limit.key, limit.kind, limit.value) for limit in two.limits] == [
        ("arena", LimitKind.PERCENT, 50),
        ("arena", LimitKind.NO_REGRESSION, 0),
        ("headroom.gc0", LimitKind.ABSOLUTE, 8),
        ("headroom.total", LimitKind.ABSOLUTE, 1048576),
        ("longest_free@50", LimitKind.ABSOLUTE, 2048),
        ("time_ms", LimitKind.ABSOLUTE, 1.5),
        ("file_size", LimitKind.ABSOLUTE, 1000),
    ]
    assert (one.line, two.line) == (9 + shift, 12 + shift)
    assert {str(m): two.line_of(m) - shift for m in Metric} == {
        "arena": 21,
        "model_ram": 12,
        "headroom": 22,
        "longest_free": 23,
        "garbage_per_frame": 12,
        "time_ms": 24,
        "file_size": 12,
    }


def test_lines_of_entries_written_in_one_line(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, 'gate = [{ models = "a" }, { models = "b" }]\n'))
    assert [entry.line for entry in policy.entries] == [1, 1]


# -- jobs -----------------------------------------------------------------------------------------------------------


def test_jobs(tmp_path: Path) -> None:
    for name in ("m/a.tflite", "m/b.tflite", "m/deep/c.tflite", ".venv/x.tflite", "m/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    text = '[[gate]]\nmodels = "**/*.tflite"\nexclude = "m/b*"\nfirmware = ["4.8.1", "4.5.5"]\n'
    jobs = jobs_of(load_policy(written(tmp_path, text)))
    assert [(job.model, job.firmware) for job in jobs] == [
        ("m/a.tflite", "4.8.1"),
        ("m/a.tflite", "4.5.5"),
        ("m/deep/c.tflite", "4.8.1"),
        ("m/deep/c.tflite", "4.5.5"),
    ]
    every = jobs_of(load_policy(written(tmp_path, '[[gate]]\nmodels = "m/a.tflite"\nfirmware = "all"\n')))
    assert [job.firmware for job in every][-2:] == ["4.8.1", "5.0.0"]


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ('models = "*.onnx"', "gate 'x': no model matches *.onnx"),
        ('models = "a.tflite"\nfirmware = "9.9"', "gate 'x': no firmware '9.9'; known are 4.5.0,"),
        ('models = "a.tflite"\nboard = "nope.toml"', "nope.toml: cannot be read: No such file or directory"),
        ('models = "a.tflite"\nscenario = "nope"', "gate 'x': no scenario "),
    ],
)
def test_entries_that_lead_nowhere(tmp_path: Path, entry: str, cause: str) -> None:
    (tmp_path / "a.tflite").touch()
    with pytest.raises(PolicyError) as caught:
        jobs_of(load_policy(written(tmp_path, f'\n[[gate]]\nname = "x"\n{entry}\n')))
    assert cause in caught.value.cause
    assert caught.value.line == 2  # type: ignore[attr-defined]
