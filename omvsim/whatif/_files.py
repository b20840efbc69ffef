"""The files of configurations on their way to another machine: known by their contents, sent where they are missing.

A process that has a file of the same name and contents uses that one. Any other process says what it lacks, is sent it
with the same work again, and keeps it in a folder of its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim.whatif._configuration import Configuration

LABELS = ".txt"
"""Suffix of the labels that stand beside a model."""


def contents_of(configurations: Iterable[Configuration]) -> dict[str, str]:
    """Digests of the files by name; empty for what is none, as the names of boards and scenarios omvsim brings."""
    names = dict.fromkeys(name for configuration in configurations for name in _names(configuration))
    return {name: _content(name) for name in names}


def data_of(names: Iterable[str]) -> dict[str, bytes]:
    """What is in the files.

    Raises:
        OSError: one of them has gone.
    """
    return {name: read_bytes(name) for name in names}


def named_files(configuration: Configuration) -> tuple[str, ...]:
    """The files whose contents decide a configuration's outcome beside its values."""
    named = (configuration.model, configuration.board, configuration.scenario)
    return tuple(name for name in named if name is not None)


def _names(configuration: Configuration) -> tuple[str, ...]:
    return (*named_files(configuration), str(Path(configuration.model).with_suffix(LABELS)))


def _content(name: str) -> str:
    try:
        status = Path(name).stat()
        return _digest(name, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError):  # ValueError: a null character in the name
        return ""


@lru_cache(maxsize=256)
def _digest(name: str, _changed_ns: int, _size: int) -> str:
    return hashlib.sha256(read_bytes(name)).hexdigest()


@dataclasses.dataclass(frozen=True)
class Lacking:
    """Instead of rows: these files are not here."""

    names: tuple[str, ...]


class Depot:
    """The files that were sent to this process. Those of one folder stay together: labels stand beside their model."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._kept: dict[str, str] = {}

    def keep(self, contents: Mapping[str, str], data: Mapping[str, bytes]) -> None:
        """Store what was sent."""
        for name, found in data.items():
            path = self._place(name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(found)
            self._kept[name] = contents[name]

    def places(self, contents: Mapping[str, str]) -> dict[str, str] | Lacking:
        """Where each file is here; empty if all of them are where they are at home."""
        if all(_content(name) == digest for name, digest in contents.items()):
            return {}
        files = {name: digest for name, digest in contents.items() if digest}
        missing = tuple(name for name, digest in files.items() if self._kept.get(name) != digest)
        return Lacking(missing) if missing else {name: str(self._place(name)) for name in files}

    def _place(self, name: str) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="omvsim-")
        path = Path(name)
        return Path(self._folder.name) / hashlib.sha256(str(path.parent).encode()).hexdigest()[:16] / path.name


def moved(configuration: Configuration, places: Mapping[str, str]) -> Configuration:
    """The configuration with its files where they are here."""
    changes = {
        field: places[name]
        for field in ("model", "board", "scenario")
        if (name := getattr(configuration, field)) in places
    }
    return dataclasses.replace(configuration, **changes)  # type: ignore[arg-type] # fields that are texts


__all__ = ["Depot", "Lacking", "contents_of", "data_of", "moved", "named_files"]
