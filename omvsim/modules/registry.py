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
    "_asyncio": "omvsim.standard.asyncio_",
    "_onewire": "omvsim.standard.onewire_",
    "array": "omvsim.standard.array_",
    "binascii": "omvsim.standard.binascii_",
    "builtins": "omvsim.standard.builtins",
    "cmath": "omvsim.standard.cmath_",
    "collections": "omvsim.standard.collections_",
    "csi": "omvsim.modules.csi",
    "deflate": "omvsim.standard.deflate_",
    "display": "omvsim.modules.display",
    "errno": "omvsim.standard.errno_",
    "fir": "omvsim.modules.fir",
    "framebuf": "omvsim.standard.framebuf_",
    "gc": "omvsim.standard.gc_",
    "gctrace": "omvsim.modules.gctrace",
    "gif": "omvsim.modules.gif",
    "hashlib": "omvsim.standard.hashlib_",
    "heapq": "omvsim.standard.heapq_",
    "image": "omvsim.image.module",
    "io": "omvsim.standard.io",
    "json": "omvsim.standard.json_",
    "machine": "omvsim.standard.machine",
    "math": "omvsim.standard.math_",
    "micropython": "omvsim.standard.micropython_",
    "mjpeg": "omvsim.modules.mjpeg",
    "ml": "omvsim.modules.ml",
    "network": "omvsim.standard.network",
    "omv": "omvsim.modules.omv",
    "os": "omvsim.standard.os",
    "platform": "omvsim.standard.platform_",
    "protocol": "omvsim.modules.protocol",
    "random": "omvsim.standard.random_",
    "re": "omvsim.standard.re_",
    "select": "omvsim.standard.select_",
    "sensor": "omvsim.modules.sensor",
    "socket": "omvsim.standard.socket_",
    "struct": "omvsim.standard.struct_",
    "sys": "omvsim.standard.sys_",
    "tf": "omvsim.modules.tf",
    "time": "omvsim.standard.time_",
    "tls": "omvsim.standard.tls",
    "tv": "omvsim.modules.tv",
    "uctypes": "omvsim.standard.uctypes_",
    "ulab": "omvsim.ulab.module",
    "vfs": "omvsim.standard.vfs.module",
}
"""The modules in ROM and who has each: its ``module(vm)`` builds it."""
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
            found = self[name] = UnknownModule(name, {}, dict(port.reasons).get(name, ""))
        there = name not in release.absent_modules and (name not in OWN or name in release.own_modules)
        if found is None and name in MAKERS and there:
            found = self[name] = import_module(MAKERS[name]).module(self._vm)
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
