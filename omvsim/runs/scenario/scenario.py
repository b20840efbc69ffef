"""Scenarios: scripts for the camera, shipped under a name or a file of the user's."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim._data_files import shipped_files
from omvsim.errors import ScenarioError
from omvsim.reading import read_text
from omvsim.runs.scenario.text import Prepared, ScenarioText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.runs.scenario.text import Option

DEFAULT_SCENARIO: Final = "load-and-predict"
NAME: Final = "main.py"


class AsItIs(ScenarioText):
    """A text without options."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, "")
        self.text = text

    def prepare(self, values: Mapping[str, Option]) -> Prepared:
        """The text."""
        from omvsim.runs.scenario.edits import labels_of  # noqa: PLC0415 - few runs are of such a text

        del values
        return Prepared(self.text, labels_of(self.text))


class Scenario:
    """A script that a model is run with.

    Attributes:
        name: as it is asked for: a shipped one's, or the file's without its folder and ending.
        title: the first line of its comment.
        board: profile it is meant for; None: any.
        firmware: release likewise.
        models: further files that it loads, as its header names them.
        file: what the script is called, in its folder.
    """

    def __init__(self, name: str, text: str, folder: Path, file: str = NAME) -> None:
        self.name = name
        self.folder = folder
        self.file = file
        self._text = ScenarioText(name, text)
        self.title = self._text.title
        self.board = self._text.header.get("board")
        self.firmware = self._text.header.get("firmware")
        self.models = tuple(name.strip() for name in self._text.header.get("models", "").split(",") if name.strip())

    @property
    def options(self) -> Mapping[str, Option]:
        """What can be chosen, with its defaults."""
        return self._text.options

    def prepare(self, values: Mapping[str, Option]) -> Prepared:
        """The script for the camera with these options.

        Raises:
            ScenarioError: it has no such option.
        """
        return self._text.prepare(values)

    @classmethod
    def as_it_is(cls, text: str, script: Path) -> Scenario:
        """A script that is run as it is: nothing in it is an option, and its lines have labels of their own."""
        made = cls(script.stem, "", script.parent, script.name)
        made._text = AsItIs(script.stem, text)
        return made

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.title}>"


def shipped_scenarios() -> dict[str, Path]:
    """Files of the shipped ones by their names."""
    return {name.replace("_", "-"): path for name, path in shipped_files("scenarios", ".py").items()}


def load_scenario(name_or_path: str | Path = DEFAULT_SCENARIO) -> Scenario:
    """A shipped scenario by name, or any script by path.

    Raises:
        ScenarioError: no such scenario, or its options cannot be read.
    """
    shipped = shipped_scenarios()
    name = str(name_or_path).replace("_", "-")
    path = shipped.get(name)
    if path is not None:
        return _shipped(name, path)
    path = Path(name_or_path)
    if not path.is_file():
        if path.is_dir():
            raise ScenarioError(name_or_path, "a folder, not a script for the camera (a .py file)")
        known = ", ".join(shipped)
        raise ScenarioError(name_or_path, f"no such file, and no scenario of that name (there are: {known})")
    if path.suffix == ".toml":
        raise ScenarioError(path, "a scenario is a script for the camera (a .py file), not a list of steps")
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        raise ScenarioError(path, f"not a text: {error}") from error
    return Scenario(path.stem, text, path.parent)


@lru_cache(maxsize=8)
def _shipped(name: str, path: Path) -> Scenario:
    return Scenario(name, read_text(path), path.parent)


__all__ = ["DEFAULT_SCENARIO", "Scenario", "load_scenario", "shipped_scenarios"]
