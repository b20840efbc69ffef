"""Scenario files: TOML to steps. The shape of a user's file is checked by :mod:`omvsim.scenario._schema` first."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim._data_files import shipped_files
from omvsim.errors import ScenarioError
from omvsim.firmware import InputKind, LoadMode, TfMethod
from omvsim.reading import read_text
from omvsim.scenario._steps import (
    Boot,
    Collect,
    Deep,
    Describe,
    Import,
    Load,
    Main,
    MakeInput,
    Options,
    PlainStep,
    Predict,
    Release,
    Scenario,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.scenario._story_steps import Step

_PLAIN: dict[str, type[Any]] = {
    "boot": Boot,
    "main": Main,
    "import": Import,
    "collect": Collect,
    "load": Load,
    "describe": Describe,
    "input": MakeInput,
    "predict": Predict,
    "release": Release,
    "deep": Deep,
}
_ENUMS = {"mode": LoadMode, "load": LoadMode, "kind": InputKind, "input": InputKind, "method": TfMethod}
DEFAULT_SCENARIO = "load-and-predict"


def load_scenario(name_or_path: str = DEFAULT_SCENARIO) -> Scenario:
    """A shipped scenario by name, or any file by path.

    Raises:
        ScenarioError: no such scenario, or something in it is wrong (the message names the key).
    """
    shipped = shipped_files("scenarios")
    path = shipped.get(name_or_path)
    own = path is None
    if path is None:
        path = Path(name_or_path)
        if not path.is_file():
            known = ", ".join(shipped)
            raise ScenarioError(name_or_path, f"no such file, and no scenario of that name (there are: {known})")
    try:
        raw = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(path, f"not a TOML file: {error}") from error
    if own:
        from omvsim.scenario._schema import check  # noqa: PLC0415 - pydantic costs 0.2 s, and ours are checked by tests

        check(path, raw)
    return _scenario(path.stem, raw)


def _scenario(name: str, raw: Mapping[str, Any]) -> Scenario:
    steps = _steps(raw["step"])
    return Scenario(
        name=name,
        title=raw["title"],
        steps=steps,
        options=Options(**{key: _value(key, value) for key, value in raw.get("options", {}).items()}),
        board=raw.get("board"),
        firmware=raw.get("firmware"),
        models=tuple(dict.fromkeys(_models(steps))),
    )


def _steps(raw: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(_step(entry) for entry in raw)


def _step(entry: Mapping[str, Any]) -> Step:
    values = {key: _value(key, value) for key, value in entry.items() if key != "do"}
    if "step" in values:
        values["steps"] = _steps(values.pop("step"))
    if "otherwise" in values:
        values["otherwise"] = _steps(values["otherwise"])
    values |= {key: tuple(values[key]) for key in ("before", "after") if key in values}
    kind = _PLAIN.get(entry["do"]) or step_types()[entry["do"]]
    step: Step = kind(**values)
    return step


def step_types() -> dict[str, type[Any]]:
    """Step classes by the value of ``do``."""
    from omvsim.scenario._story_steps import STORY_STEPS  # noqa: PLC0415 - a plain run has none of them

    return _PLAIN | STORY_STEPS


def _value(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return _ENUMS[key](value) if key in _ENUMS else value


def _models(steps: Sequence[Step]) -> list[str]:
    found: list[str] = []
    for step in steps:
        if isinstance(step, Load):
            found += [] if step.model is None else [step.model]
        elif not isinstance(step, PlainStep):
            from omvsim.scenario._story_steps import inner_steps  # noqa: PLC0415 - a plain run has none

            found += _models(inner_steps(step))
    return found
