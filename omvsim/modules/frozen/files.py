"""Which files are frozen into a release's firmware, and what running each does."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Unknown
from omvsim.modules.frozen.body import run_module

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import Module

_PLAIN: Final = frozenset(
    {
        *("modbus", "pid", "bno055", "ssd1306", "ssd1351", "pca9674a", "tb6612", "vl53l1x", "machine", "display"),
        *("ssl", "ntptime", "webrepl", "webrepl_setup", "rpc", "rtsp", "mqtt", "requests", "time", "logging", "mutex"),
        *("_boot", "onewire", "ds18x20", "dht", "neopixel"),
    }
)
_PACKAGES: Final = {
    "asyncio": "__init__ core event funcs lock stream",
    "aioble": "__init__ central client core device l2cap peripheral security server",
    "senml": "__init__ senml_base senml_pack senml_record senml_unit",
    "ml": "__init__ preprocessing utils",
    "ml/postprocessing": "__init__ mediapipe ultralytics darknet edgeimpulse",
}
FILES: Final = frozenset(
    [f"{name}.py" for name in _PLAIN]
    + [f"{folder}/{name}.py" for folder, names in _PACKAGES.items() for name in names.split()]
)
"""boards/OPENMV_RT1060/manifest.py of 4.8.1 and 5.0.0, with what it requires."""
_BODIES: Final = {
    "time.py": ("time_file", "statements"),
    "asyncio/__init__.py": ("asyncio_init", "statements"),
    "asyncio/core.py": ("asyncio_core", "statements"),
    "asyncio/event.py": ("asyncio_event", "statements"),
    "asyncio/funcs.py": ("asyncio_funcs", "statements"),
    "asyncio/lock.py": ("asyncio_event", "lock_statements"),
}
"""Files whose statements are known, and the module of this folder and the function that run them."""


class FrozenModules:
    """What is frozen into the firmware."""

    def __init__(self, files: frozenset[str] = FILES) -> None:
        self.files = files
        self.folders = frozenset(path.rpartition("/")[0] for path in files if "/" in path)

    def kind(self, path: str) -> str:
        """See :class:`omvsim.modules.vfs.opening.Frozen`."""
        return "file" if path in self.files else "dir" if path in self.folders else ""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """Run a frozen file."""
        found = _BODIES.get(path)
        if found is None:
            raise Unknown(f"import of {path}", "what this frozen module asks for is not modelled")
        file, name = found
        run_module(vm, module, path, getattr(import_module(f"omvsim.modules.frozen.{file}"), name))


__all__ = ["FILES", "FrozenModules"]
