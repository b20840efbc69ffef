"""Finds the models that traces name, and plans each arena once."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from omvsim.api import library_of, model_file
from omvsim.errors import InputError
from omvsim.firmware import LoadMode
from omvsim.graph import read_model
from omvsim.tflm import plan_arena

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.graph import Model
    from omvsim.tflm import ArenaPlan


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
        self._plans: dict[tuple[str, str], ArenaPlan] = {}

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
        return None if graph is None else hashlib.sha256(Path(graph.source).read_bytes()).hexdigest()

    def file(self, path: str, board: Board, *, to_fb: bool = False) -> ModelFile | None:
        """The model a script opens at ``path`` on the camera (a bare name: a built-in one); None if its file is not
        here."""
        name = name_of(path)
        graph = self.graph(name)
        if graph is None:
            return None
        library = library_of(board)
        plan = self._plans.get((name, library.name))
        if plan is None:
            plan = self._plans[name, library.name] = plan_arena(graph, library)
        in_rom = path.startswith("/rom/") or not path.startswith("/")
        mode = LoadMode.FB if to_fb else LoadMode.ROM if in_rom else LoadMode.FILE
        return model_file(graph, plan, board, mode)._replace(path=path)


def name_of(path: str) -> str:
    """``person_detect`` of ``/rom/person_detect.tflite``."""
    return PurePosixPath(path).name.removesuffix(".tflite")


__all__ = ["ModelLibrary", "name_of"]
