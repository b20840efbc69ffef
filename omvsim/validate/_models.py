"""Finds the models and other files that traces name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import InputError
from omvsim.graph import read_model
from omvsim.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.graph import Model


class ModelLibrary:
    """Model files by name, looked for in ``folders`` in order.

    Raises:
        InputError: one of the folders is none.
    """

    def __init__(self, folders: Iterable[str | Path]) -> None:
        self.folders = [Path(folder) for folder in folders]
        for folder in self.folders:
            if not folder.is_dir():
                raise InputError(folder, "no such folder")
        self._graphs: dict[str, Model | None] = {}
        self._files: dict[str, Path] | None = None

    def graph(self, name: str) -> Model | None:
        """The model called ``name`` (without ``.tflite``); None if no folder has it."""
        if name not in self._graphs:
            paths = (folder / f"{name}.tflite" for folder in self.folders)
            path = next((path for path in paths if path.is_file()), None)
            self._graphs[name] = None if path is None else read_model(path)
        return self._graphs[name]

    def sha256(self, name: str) -> str | None:
        """Digest of that model's file in hex; None if no folder has it."""
        graph = self.graph(name)
        return None if graph is None else hashlib.sha256(read_bytes(graph.source)).hexdigest()

    @property
    def files(self) -> dict[str, Path]:
        """Every file of the folders by its name; the first folder that has it counts."""
        if self._files is None:
            found = [entry for folder in self.folders for entry in sorted(folder.iterdir()) if entry.is_file()]
            self._files = {entry.name: entry for entry in reversed(found)}
        return self._files


__all__ = ["ModelLibrary"]
