"""``os`` (extmod/modos.c, extmod/vfs.c, ports/mimxrt/modos.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import bytes_, namedtuple_
from omvsim.standard.random_ import Generator
from omvsim.standard.versions import versions
from omvsim.standard.vfs import calls
from omvsim.standard.vfs.fat import VFS_FAT
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@function("sync", 0)
def _sync(vm: Machine) -> Value:
    return None


@function("urandom", 1)
def _urandom(vm: Machine, count: Value) -> Value:
    """From the noise source: here from the generator of :mod:`random`'s kind, a stand-in."""
    size = vm.int_of(count)
    vstr = VStr(vm.memory, (size + 1) & 0xFFFFFFFF)
    noise = Generator()
    noise.seed(vm.part(Generator).next())
    vstr.data.extend(noise.next() & 0xFF for _ in range(size))
    return bytes_.finish_bytes(vm, vstr)


_UNAME: Final = ("sysname", "nodename", "release", "version", "machine")


def _uname(vm: Machine) -> Value:
    told = versions(vm).uname()

    made = namedtuple_.AttrTuple(vm.memory, 0, told, _UNAME)

    @function("uname", 0)
    def call(machine: Machine) -> Value:
        return made

    return call


def module(vm: Machine) -> NativeModule:
    """``os``."""
    names: dict[str, Value] = {"sync": _sync, "uname": _uname(vm), "urandom": _urandom, "sep": "/"}
    names.update({each.name: each for each in calls.PATHS})
    names["unlink"] = calls.remove
    for missing in ("dupterm", "dupterm_notify"):
        names[missing] = unknown(f"os.{missing}")
    names.update({each.name: each for each in (calls.ilistdir, calls.mount, calls.umount)})
    return NativeModule("os", {**names, "VfsFat": VFS_FAT})


__all__ = ["module"]
