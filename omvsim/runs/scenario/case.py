"""A run as values that can be changed and run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.records import dataclass, replace
from omvsim.runs.scenario.options import values_of
from omvsim.runs.scenario.run import prepared_of, run_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile, Watcher
    from omvsim.runs.options import ScriptOptions
    from omvsim.runs.scenario.edits import Change, Edit
    from omvsim.runs.scenario.options import Options
    from omvsim.runs.scenario.result import RunResult
    from omvsim.runs.scenario.scenario import Scenario
    from omvsim.runs.scenario.text import Prepared


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that decides a run."""

    board: Board
    model: ModelFile
    scenario: Scenario
    options: Options
    others: Mapping[str, ModelFile]
    edits: tuple[Edit, ...] = ()
    """Changes of the script's text, in order."""
    settings: ScriptOptions | None = None
    """What the run is given, of a script that was not made for a model."""

    @classmethod
    def of(cls, result: RunResult) -> Case:
        """The case a result came from."""
        parts = result.board, result.model, result.scenario, result.options, result.others
        return cls(*parts, result.edits, result.settings)

    @property
    def prepared(self) -> Prepared:
        """The script for the camera.

        Raises:
            ScenarioError: the scenario has no option for something that was asked for.
        """
        return prepared_of(self.scenario, self.board, self.model, self.options, self.edits)

    def run(self, watcher: Watcher | None = None) -> RunResult:
        """Simulate it; ``watcher`` looks at the camera's memory meanwhile.

        Raises:
            ScenarioError: as :attr:`prepared`.
        """
        parts = self.scenario, self.board, self.model, self.options, self.others
        return run_scenario(*parts, watcher=watcher, edits=self.edits, settings=self.settings)

    def with_options(self, **changes: Any) -> Case:
        """With other options."""
        return replace(self, options=self.options._replace(**changes))

    def edited(self, change: Change, *value: str, path: str = "") -> Case | None:
        """With a change of the script's text; None where it does not apply."""
        from omvsim.runs.scenario.edits import Edit, edited  # noqa: PLC0415 - a run that works changes nothing

        edit = Edit(change, value, path)
        if edited(self.prepared, edit) is None:
            return None
        return replace(self, edits=(*self.edits, edit))

    def value(self, option: str) -> Any:
        """What the script has for one of its options (``KEEP_OUTPUT``); None where it has none of that name."""
        values = values_of(self.scenario, self.board, self.model, self.options)
        return values.get(option, self.scenario.options.get(option))

    def has(self, option: str) -> bool:
        """Whether the script has that option."""
        return option in self.scenario.options


__all__ = ["Case"]
