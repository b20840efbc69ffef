"""The script of a configuration, as scenario steps."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from omvsim.errors import ScenarioError
from omvsim.firmware import InputKind
from omvsim.scenario import (
    Attempt,
    Boot,
    Collect,
    Grab,
    Import,
    Load,
    Main,
    MakeInput,
    Predict,
    Release,
    Scenario,
    Sensor,
    load_scenario,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.scenario import Step
    from omvsim.whatif._configuration import Configuration

SMALL_SCRIPT = "small script"
_TRIAL = (
    Attempt(
        steps=(
            MakeInput(kind=InputKind.CALLABLE),
            Predict(kind=InputKind.CALLABLE, times=1, keep=False, callback=False),
        )
    ),
    Release("inp"),
    Collect(),
)
"""Before it makes arrays, the measured script predicts once with functions: an output that came to lie right behind
the arena then outlives every collection, and arrays must do with what is left."""


def story_of(configuration: Configuration) -> Scenario:
    """The scenario to run.

    Raises:
        ScenarioError: the scenario cannot be used, or there is nothing in it that a key could change.
    """
    if configuration.scenario is None:
        story = _small(configuration)
    else:
        story = load_scenario(configuration.scenario)
        if configuration.until == "load":
            story = story._replace(steps=_until_load(story))
    story = _with_collections(story, configuration.collect, is_small=configuration.scenario is None)
    return _with_camera(story, configuration)


def _small(configuration: Configuration) -> Scenario:
    steps: tuple[Step, ...] = (Boot(), Main(), Import("ml"), Import("image"))
    camera = (configuration.framesize, configuration.pixformat, configuration.framebuffers)
    if any(value is not None for value in camera):
        steps += (Sensor("RGB565", "QVGA"), Grab(None))
    steps += (Load(),)
    if configuration.until == "predict":
        if configuration.input == "ndarray":
            steps += _TRIAL
        steps += (MakeInput(), Predict())
    return Scenario(SMALL_SCRIPT, "a small script: load, predict", steps)


def _until_load(story: Scenario) -> tuple[Step, ...]:
    for number, step in enumerate(story.steps, 1):
        if isinstance(step, Load) and step.model is None:
            return story.steps[:number]
    raise ScenarioError(story.name, "no step at its top level loads the model, so it cannot be run until then")


def _with_collections(story: Scenario, when: str, *, is_small: bool) -> Scenario:
    """``gc.collect()`` before each load, each prediction, both; ``none`` takes them out of a scenario's loop."""

    def change(step: Step) -> tuple[Step, ...]:
        if isinstance(step, Load) and when in ("load", "both"):
            return (Collect(), step)
        if isinstance(step, Predict) and not (is_small and step.times == 1):
            return (dataclasses.replace(step, collect=when in ("frame", "both") or step.collect),)
        return (step,)

    return story._replace(steps=_changed(story.steps, change))


def _with_camera(story: Scenario, configuration: Configuration) -> Scenario:
    names = ("framesize", "pixformat", "framebuffers")
    values: dict[str, Any] = {name: getattr(configuration, name) for name in names}
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        return story
    seen = False

    def change(step: Step) -> tuple[Step, ...]:
        nonlocal seen
        if not isinstance(step, Sensor):
            return (step,)
        seen = True
        return (dataclasses.replace(step, **values),)

    changed = story._replace(steps=_changed(story.steps, change))
    if not seen:
        raise ScenarioError(story.name, f"no step sets the camera up, so {', '.join(values)} changes nothing")
    return changed


def _changed(steps: tuple[Step, ...], change: Callable[[Step], tuple[Step, ...]]) -> tuple[Step, ...]:
    """Every step, also those inside others, replaced by what ``change`` makes of it."""
    out: list[Step] = []
    for step in steps:
        inner: dict[str, Any] = {
            name: _changed(getattr(step, name), change) for name in ("steps", "otherwise") if hasattr(step, name)
        }
        out += change(dataclasses.replace(step, **inner) if inner else step)
    return tuple(out)
