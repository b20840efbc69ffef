"""A run as values that can be changed and run again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.scenario import Options, RunResult, Scenario, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.scenario import Step

_STEP_NAMES = {"keep_output": "keep", "callback": "callback", "input": "kind", "load": "mode"}
"""What an option is called in the steps whose own value would win over it."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a session needs."""

    board: Board
    model: ModelFile
    story: Scenario
    options: Options
    others: Mapping[str, ModelFile]

    @classmethod
    def of(cls, result: RunResult) -> Case:
        """The case a result came from."""
        return cls(result.board, result.model, result.story, result.options, result.others)

    def run(self) -> RunResult:
        """Simulate it."""
        return Session(self.board, self.model, self.story, others=self.others, options=self.options).run()

    def with_options(self, **changes: Any) -> Case:
        """With other options, also where a step says otherwise."""
        names = [_STEP_NAMES[name] for name in changes if name in _STEP_NAMES]

        def clear(step: Step) -> tuple[Step, ...]:
            own: dict[str, Any] = {name: None for name in names if getattr(step, name, None) is not None}
            return (dataclasses.replace(step, **own),)

        return dataclasses.replace(self.with_steps(clear), options=self.options._replace(**changes))

    def with_steps(self, change: Callable[[Step], tuple[Step, ...]]) -> Case:
        """With every step, also those inside others, replaced by what ``change`` makes of it."""
        story = self.story._replace(steps=_changed(self.story.steps, change))
        return dataclasses.replace(self, story=story)

    def steps(self) -> list[Step]:
        """Every step, also those inside others, in order."""
        seen: list[Step] = []

        def look(step: Step) -> tuple[Step, ...]:
            seen.append(step)
            return (step,)

        self.with_steps(look)
        return seen


def _changed(steps: tuple[Step, ...], change: Callable[[Step], tuple[Step, ...]]) -> tuple[Step, ...]:
    out: list[Step] = []
    for step in steps:
        inner: dict[str, Any] = {
            name: _changed(getattr(step, name), change) for name in ("steps", "otherwise") if hasattr(step, name)
        }
        out += change(dataclasses.replace(step, **inner))
    return tuple(out)
