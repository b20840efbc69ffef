"""Scenario files: what may stand in them, and that documentation, schema and steps agree."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import omvsim
from omvsim import models
from omvsim._data_files import shipped_files
from omvsim.errors import ScenarioError
from omvsim.scenario import load_scenario
from omvsim.scenario._parse import step_types
from omvsim.scenario._schema import _Scenario, check

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)`(?:, `\w+`)* \|.*$", re.MULTILINE)


STEPS = step_types()


def schema_steps() -> dict[str, set[str]]:
    """Keys a step may have, by the value of ``do``, as the schema says."""
    found: dict[str, set[str]] = {}
    for definition in _Scenario.model_json_schema()["$defs"].values():
        do = definition["properties"].get("do")
        if do is not None:
            for name in do.get("enum", [do.get("const")]):
                found[name] = set(definition["properties"]) - {"do"}
    return found


def test_schema_and_steps_have_the_same_kinds() -> None:
    assert set(schema_steps()) == set(STEPS)


@pytest.mark.parametrize("kind", STEPS)
def test_schema_and_steps_have_the_same_keys(kind: str) -> None:
    own = {field.name for field in dataclasses.fields(STEPS[kind])}
    assert {key.replace("steps", "step") for key in own} == schema_steps()[kind]


def test_every_kind_and_key_is_documented() -> None:
    rows = {match[1]: match[0] for match in ROW.finditer(DOCUMENT) if match[1] != "do"}
    assert set(rows) == set(STEPS)
    for kind, names in schema_steps().items():
        assert {name for name in names if f"`{name}`" not in rows[kind]} <= {"model", "into", "may_fail"}, kind


def test_the_documented_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = re.search(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert text is not None
    Path("story.toml").write_text(text[1], encoding="utf-8")
    Path("face.tflite").write_bytes(models.make("keyword-spotting"))
    Path("m.tflite").write_bytes(models.make("tiny-conv"))
    result = omvsim.run("m.tflite", scenario="story.toml")
    assert result.verdict == "ok"
    assert [model.path for model in result.models] == ["/flash/m.tflite", "/flash/face.tflite"]
    assert sum(step.name == "predict" for step in result.steps) == 3


@pytest.mark.parametrize("name", shipped_files("scenarios"))
def test_shipped_scenarios_are_valid(name: str) -> None:
    import tomllib

    path = shipped_files("scenarios")[name]
    check(path, tomllib.loads(path.read_text(encoding="utf-8")))
    assert load_scenario(name).name == name


def story(folder: Path, *steps: dict[str, Any]) -> str:
    def lines() -> Iterator[str]:
        yield 'title = "t"'
        for step in ({"do": "boot"}, *steps):
            yield "[[step]]"
            for key, value in step.items():
                yield f"{key} = {f'{value!r}' if isinstance(value, str) else str(value).lower()}"

    path = folder / "story.toml"
    path.write_text("\n".join(lines()))
    return str(path)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.mark.parametrize(
    "step",
    [
        {"do": "predict"},
        {"do": "describe"},
        {"do": "input"},
        {"do": "shape", "into": "s"},
        {"do": "predict", "model": "other"},
    ],
    ids=lambda step: step["do"],
)
def test_a_model_that_was_not_loaded(step: dict[str, Any], tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="load it first"):
        omvsim.run(tiny, scenario=story(tmp_path, step))


def test_an_input_that_the_model_does_not_have(tiny: Path, tmp_path: Path) -> None:
    steps = ({"do": "load"}, {"do": "shape", "into": "s", "index": 1})
    with pytest.raises(ScenarioError, match="no input number 1, only 1"):
        omvsim.run(tiny, scenario=story(tmp_path, *steps))


def test_importing_again_costs_nothing(tiny: Path, tmp_path: Path) -> None:
    once = omvsim.run(tiny, scenario=story(tmp_path, {"do": "import", "module": "ml"}))
    twice = omvsim.run(tiny, scenario=story(tmp_path, *[{"do": "import", "module": "ml"}] * 2))
    assert once.steps[-1].used_bytes == twice.steps[-1].used_bytes


def test_sections_of_the_start_may_be_left_out(tiny: Path, tmp_path: Path) -> None:
    result = omvsim.run(tiny, scenario=story(tmp_path, {"do": "import", "module": "image"}, {"do": "load"}))
    assert result.verdict == "ok"


def test_a_caught_failure_lets_the_script_go_on(tiny: Path, tmp_path: Path) -> None:
    steps = ({"do": "alloc", "bytes": 2**30, "may_fail": True}, {"do": "load"}, {"do": "predict"})
    result = omvsim.run(tiny, scenario=story(tmp_path, *steps))
    assert result.verdict == "ok"
    assert result.steps[1].exception == f"MemoryError: memory allocation failed, allocating {2**30} bytes"


def test_the_run_ends_at_the_first_exception(tiny: Path, tmp_path: Path) -> None:
    result = omvsim.run(tiny, scenario=story(tmp_path, {"do": "alloc", "bytes": 2**30}, {"do": "load"}))
    assert result.verdict == "memory_error"
    assert [step.name for step in result.steps] == ["boot", "alloc"]
    assert result.models == ()
