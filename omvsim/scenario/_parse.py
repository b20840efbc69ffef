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
    Alloc,
    Attempt,
    Boot,
    Call,
    Collect,
    CopyToFb,
    Deep,
    Delete,
    Describe,
    ExtraFb,
    Fill,
    FormatText,
    Grab,
    Import,
    Leave,
    Load,
    Main,
    MakeInput,
    Mark,
    Options,
    PoolAlloc,
    Predict,
    Raise,
    Release,
    Repeat,
    Scenario,
    Sensor,
    Step,
    TakeShape,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEPS: dict[str, type[Any]] = {
    "boot": Boot,
    "main": Main,
    "import": Import,
    "collect": Collect,
    "load": Load,
    "describe": Describe,
    "input": MakeInput,
    "predict": Predict,
    "alloc": Alloc,
    "fill": Fill,
    "sensor": Sensor,
    "snapshot": Grab,
    "extra_fb": ExtraFb,
    "copy_to_fb": CopyToFb,
    "release": Release,
    "delete": Delete,
    "repeat": Repeat,
    "mark": Mark,
    "try": Attempt,
    "when": When,
    "call": Call,
    "shape": TakeShape,
    "deep": Deep,
    "leave": Leave,
    "format": FormatText,
    "raise": Raise,
    "pool_alloc": PoolAlloc,
}
"""Step classes by the value of ``do``."""
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
    step: Step = STEPS[entry["do"]](**values)
    return step


def _value(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return _ENUMS[key](value) if key in _ENUMS else value


def _models(steps: Sequence[Step]) -> list[str]:
    found: list[str] = []
    for step in steps:
        if isinstance(step, Load) and step.model is not None:
            found.append(step.model)
        elif isinstance(step, Repeat | When | Call):
            found += _models(step.steps)
        elif isinstance(step, Attempt):
            found += _models((*step.steps, *step.otherwise))
    return found
