"""What is imported when it is first used: ``from omvsim.later import np``, ``(file,) = later("omvsim.room", "file")``.

numpy takes as long to import as a whole run of a model takes to compute. Modules of the camera need it where a script
looks at values, and most runs ask for memory only. A module of our own takes 0.2 to 0.5 ms; what few runs use is
imported by those.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


class _Later:
    """Stands for a module; it is as fast as the module itself once that is there."""

    def __init__(self, name: str) -> None:
        self.__dict__["__name__"] = name

    def __getattr__(self, name: str) -> Any:
        module = import_module(self.__name__)
        self.__dict__.update(vars(module))
        return getattr(module, name)


def later(room: str, *names: str) -> tuple[Any, ...]:
    """Modules of a room; under ``TYPE_CHECKING`` they are imported as usual, for the type checker."""
    return tuple(_Later(f"{room}.{name}") for name in names)


if not TYPE_CHECKING:
    np = _Later("numpy")

__all__ = ["later", "np"]
