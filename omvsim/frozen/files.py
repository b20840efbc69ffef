"""Which files are frozen into a release's firmware, and what running each does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import run_module
from omvsim.later import later
from omvsim.micropython.errors import Unknown

if TYPE_CHECKING:
    from omvsim.frozen import structure
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import Module
else:
    (structure,) = later("omvsim.frozen", "structure")

Bodies = Mapping[str, tuple[str, str]]
"""Module and function that run a frozen file's statements, by its path."""

_BODIES: Final[Bodies] = {
    "machine.py": ("omvsim.frozen.machine_file", "statements"),
    "time.py": ("omvsim.frozen.time_file", "statements"),
    "asyncio/__init__.py": ("omvsim.frozen.asyncio_init", "statements"),
    "asyncio/core.py": ("omvsim.frozen.asyncio_core", "statements"),
    "asyncio/event.py": ("omvsim.frozen.asyncio_event", "statements"),
    "asyncio/funcs.py": ("omvsim.frozen.asyncio_funcs", "statements"),
    "asyncio/stream.py": ("omvsim.frozen.asyncio_stream", "statements"),
    "asyncio/lock.py": ("omvsim.frozen.asyncio_event", "lock_statements"),
    "logging.py": ("omvsim.frozen.logging_file", "statements"),
    "uasyncio.py": ("omvsim.frozen.asyncio_init", "old_name_statements"),
}
"""Files whose statements are known, and who runs them."""


class FrozenModules:
    """What is frozen into a firmware: every frozen file has its path among the firmware's names.

    Args:
        names: the firmware's names.
        bodies: who runs files that are not this room's: the package ``ml``.
    """

    def __init__(self, names: frozenset[str], bodies: Bodies = MappingProxyType({})) -> None:
        self._names = names
        self._bodies = bodies

    @cached_property
    def files(self) -> frozenset[str]:
        """Paths of the frozen files; names that lead elsewhere are those of boot's own files."""
        return frozenset(name for name in self._names if name.endswith(".py") and name[0] not in "./")

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders of the frozen files."""
        return frozenset(
            "/".join(path.split("/")[:depth]) for path in self.files for depth in range(1, path.count("/") + 1)
        )

    def kind(self, path: str) -> str:
        """See :class:`omvsim.standard.vfs.opening.Frozen`."""
        return "file" if path in self.files else "dir" if path in self.folders else ""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """Run a frozen file."""
        found = _BODIES.get(path) or self._bodies.get(path)
        if found is not None:
            home, name = found
            run_module(vm, module, path, getattr(import_module(home), name))
        elif structure.has_structure(path):
            run_module(vm, module, path, structure.statements_of(path))
        else:
            raise Unknown(f"import of {path}", "what this frozen module asks for is not modelled")


__all__ = ["FrozenModules"]
