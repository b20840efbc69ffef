"""Packages that are imported when something of them is first used: ``from omvsim.later import np``.

numpy takes as long to import as a whole run of a model takes to compute. Modules of the camera need it where a script
looks at values, and most runs ask for memory only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
else:

    class _Later:
        """Stands for a package; it is as fast as the package itself once that is there."""

        def __init__(self, name: str) -> None:
            self.__dict__["__name__"] = name

        def __getattr__(self, name: str) -> Any:
            package = import_module(self.__name__)
            self.__dict__.update(vars(package))
            return getattr(package, name)

    np = _Later("numpy")

__all__ = ["np"]
