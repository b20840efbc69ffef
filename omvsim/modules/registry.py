"""Which modules there are and who builds them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from omvsim.frozen import FrozenModules
from omvsim.standard.builtins import names
from omvsim.standard.errno_ import errno_name
from omvsim.standard.sys_ import search_path
from omvsim.standard.vfs.opening import ImportFiles
from omvsim.world.unknown import UnknownModule

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import NativeModule

MAKERS: Final[dict[str, str]] = {
    "_asyncio": "standard.asyncio_",
    "_onewire": "standard.onewire_",
    "array": "standard.array_",
    "binascii": "standard.binascii_",
    "builtins": "standard.builtins",
    "cmath": "standard.cmath_",
    "collections": "standard.collections_",
    "csi": "modules.csi",
    "deflate": "standard.deflate_",
    "display": "modules.display",
    "errno": "standard.errno_",
    "fir": "modules.fir",
    "framebuf": "standard.framebuf_",
    "gc": "standard.gc_",
    "gctrace": "modules.gctrace",
    "gif": "modules.gif",
    "hashlib": "standard.hashlib_",
    "heapq": "standard.heapq_",
    "image": "image.module",
    "io": "standard.io",
    "json": "standard.json_",
    "machine": "standard.machine",
    "math": "standard.math_",
    "micropython": "standard.micropython_",
    "mjpeg": "modules.mjpeg",
    "ml": "modules.ml",
    "network": "standard.network",
    "omv": "modules.omv",
    "os": "standard.os",
    "platform": "standard.platform_",
    "protocol": "modules.protocol",
    "random": "standard.random_",
    "re": "standard.re_",
    "select": "standard.select_",
    "sensor": "modules.sensor",
    "socket": "standard.socket_",
    "struct": "standard.struct_",
    "sys": "standard.sys_",
    "tf": "modules.tf",
    "time": "standard.time_",
    "tls": "standard.tls",
    "tv": "modules.tv",
    "uctypes": "standard.uctypes_",
    "ulab": "ulab.module",
    "vfs": "standard.vfs.module",
}
"""The modules in ROM and the room and file that has each."""
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
            found = self[name] = import_module(f"omvsim.{MAKERS[name]}").module(self._vm)
        elif found is None and (name in UNMODELLED or name in release.own_modules):
            found = self[name] = UnknownModule(name, {})
        return found if found is not None else default


def install(vm: Machine, frozen: FrozenModules | None = None) -> None:
    """Give a machine its built-in names, its modules and the files that imports look in.

    ``frozen``: what is frozen into its firmware, where that is more or less than its names say.
    """
    vm.builtins.update(names())
    vm.modules = Modules(vm)
    vm.extensible = EXTENSIBLE
    vm.errno_name = errno_name
    vm.search_path = lambda: search_path(vm)
    vm.files = ImportFiles(vm, frozen or FrozenModules(vm.strings.built_in))


__all__ = ["EXTENSIBLE", "MAKERS", "Modules", "install"]
