"""Which modules there are and who builds them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from omvsim.modules.builtins import names
from omvsim.modules.errno_ import errno_name
from omvsim.modules.frozen import FrozenModules
from omvsim.modules.sys_ import search_path
from omvsim.modules.unknown import UnknownModule
from omvsim.modules.vfs.opening import ImportFiles

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import NativeModule

MAKERS: Final[dict[str, str]] = {
    "_asyncio": "asyncio_",
    "_onewire": "onewire_",
    "array": "array_",
    "binascii": "binascii_",
    "builtins": "builtins",
    "cmath": "cmath_",
    "collections": "collections_",
    "csi": "csi",
    "deflate": "deflate_",
    "display": "display",
    "errno": "errno_",
    "fir": "fir",
    "framebuf": "framebuf_",
    "gc": "gc_",
    "gctrace": "gctrace",
    "gif": "gif",
    "hashlib": "hashlib_",
    "heapq": "heapq_",
    "image": "image.module",
    "io": "io",
    "json": "json_",
    "machine": "machine",
    "math": "math_",
    "micropython": "micropython_",
    "mjpeg": "mjpeg",
    "ml": "ml",
    "network": "network",
    "omv": "omv",
    "os": "os",
    "platform": "platform_",
    "protocol": "protocol",
    "random": "random_",
    "re": "re_",
    "select": "select_",
    "sensor": "sensor",
    "socket": "socket_",
    "struct": "struct_",
    "sys": "sys_",
    "tf": "tf",
    "time": "time_",
    "tls": "tls",
    "tv": "tv",
    "uctypes": "uctypes_",
    "ulab": "ulab.module",
    "vfs": "vfs.module",
}
"""The modules in ROM and the file of :mod:`omvsim.modules` that has each."""
UNMODELLED: Final = frozenset(
    (
        "bluetooth",
        "cryptolib",
        "lwip",
        "mimxrt",
        "websocket",
    )
)
"""Modules of every release that are not modelled; nor are a release's :attr:`~omvsim.boards.Release.own_modules`.
"""
OWN: Final = frozenset(("protocol", "tv"))
"""Modules that only releases have which name them."""
EXTENSIBLE: Final = frozenset(
    [
        "array",
        "binascii",
        "bluetooth",
        "collections",
        "cryptolib",
        "display",
        "errno",
        "hashlib",
        "heapq",
        "io",
        "json",
        "machine",
        "ml",
        "os",
        "platform",
        "protocol",
        "random",
        "re",
        "select",
        "socket",
        "struct",
        "time",
        "websocket",
    ]
)
"""A file of the same name comes before these (``MP_REGISTER_EXTENSIBLE_MODULE``)."""


class Modules(dict[str, "NativeModule"]):
    """The table of modules in ROM; one is built when it is first looked for."""

    def __init__(self, vm: Machine) -> None:
        super().__init__()
        self._vm = vm

    def get(self, name: str, default: NativeModule | None = None) -> NativeModule | None:  # type: ignore[override]
        """The module of a name."""
        found = super().get(name)
        release, port = self._vm.release, self._vm.port
        if found is None and name in port.absent:
            return default
        if found is None and name in port.unmodelled:
            found = self[name] = UnknownModule(name, {})
        there = name not in release.absent_modules and (name not in OWN or name in release.own_modules)
        if found is None and name in MAKERS and there:
            found = self[name] = import_module(f"omvsim.modules.{MAKERS[name]}").module(self._vm)
        elif found is None and (name in UNMODELLED or name in release.own_modules):
            found = self[name] = UnknownModule(name, {})
        return found if found is not None else default


def install(vm: Machine) -> None:
    """Give a machine its built-in names, its modules and the files that imports look in."""
    vm.builtins.update(names())
    vm.modules = Modules(vm)
    vm.extensible = EXTENSIBLE
    vm.errno_name = errno_name
    vm.search_path = lambda: search_path(vm)
    vm.files = ImportFiles(vm, FrozenModules(vm.strings.built_in))


__all__ = ["EXTENSIBLE", "MAKERS", "Modules", "install"]
