"""Python modules frozen into the firmware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.errors import Unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import Module


class FrozenModules:
    """What a release's firmware has frozen."""

    def __init__(self, files: frozenset[str] = frozenset()) -> None:
        self.files = files
        self.folders = frozenset(path.rpartition("/")[0] for path in files if "/" in path)

    def kind(self, path: str) -> str:
        """See :class:`omvsim.modules.vfs.opening.Frozen`."""
        return "file" if path in self.files else "dir" if path in self.folders else ""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """Fill the module."""
        raise Unknown(f"import {path}", "what this frozen module asks for is not modelled")


__all__ = ["FrozenModules"]
