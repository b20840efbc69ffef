"""Which files are frozen into a release's firmware, and what running each does."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
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

_BODIES: Final = {
    "machine.py": ("machine_file", "statements"),
    "ml/__init__.py": ("omvsim.library.model", "package"),
    "ml/model.py": ("omvsim.library.model", "statements"),
    "ml/preprocessing.py": ("omvsim.library.normalization", "statements"),
    "ml/utils.py": ("omvsim.library.utils", "statements"),
    "ml/apps.py": ("omvsim.library.micro_speech", "statements"),
    "ml/postprocessing.py": ("omvsim.library.old", "statements"),
    "ml/postprocessing/darknet.py": ("omvsim.library.yolo_v2", "statements"),
    "ml/postprocessing/edgeimpulse.py": ("omvsim.library.fomo", "statements"),
    "ml/postprocessing/mediapipe.py": ("omvsim.library.mediapipe", "statements"),
    "ml/postprocessing/ultralytics.py": ("omvsim.library.ultralytics", "statements"),
    "time.py": ("time_file", "statements"),
    "asyncio/__init__.py": ("asyncio_init", "statements"),
    "asyncio/core.py": ("asyncio_core", "statements"),
    "asyncio/event.py": ("asyncio_event", "statements"),
    "asyncio/funcs.py": ("asyncio_funcs", "statements"),
    "asyncio/stream.py": ("asyncio_stream", "statements"),
    "asyncio/lock.py": ("asyncio_event", "lock_statements"),
    "logging.py": ("logging_file", "statements"),
    "uasyncio.py": ("asyncio_init", "old_name_statements"),
}
"""Files whose statements are known; the module (of this folder, or with its whole name) and function that run them."""


class FrozenModules:
    """What is frozen into a firmware: every frozen file has its path among the firmware's names.

    Args:
        names: the firmware's names.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

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
        found = _BODIES.get(path)
        if found is not None:
            file, name = found
            whole = file if "." in file else f"omvsim.frozen.{file}"
            run_module(vm, module, path, getattr(import_module(whole), name))
        elif structure.has_structure(path):
            run_module(vm, module, path, structure.statements_of(path))
        else:
            raise Unknown(f"import of {path}", "what this frozen module asks for is not modelled")


__all__ = ["FrozenModules"]
