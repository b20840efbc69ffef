"""Files that a script is given with ``--model``: looked at before it runs, so that a wrong one is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MODEL = ".tflite"


def given_models(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The same paths.

    Raises:
        InputError: one is no file, or is called a model and is none.
    """
    from omvsim.graph import read_model

    for path in paths:
        if path.suffix == MODEL:
            read_model(path)
        elif not path.is_file():
            raise InputError(path, "a folder, not a file" if path.is_dir() else "no such file")
    return tuple(paths)


__all__ = ["given_models"]
