"""``os`` (extmod/modos.c, extmod/vfs.c, ports/mimxrt/modos.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import bytes_, namedtuple_
from omvsim.standard.random_ import Generator
from omvsim.standard.streams import stream_of
from omvsim.standard.versions import versions
from omvsim.standard.vfs import calls
from omvsim.standard.vfs.fat import VFS_FAT

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


TERMINALS: Final = 3
"""``MICROPY_PY_OS_DUPTERM`` (ports/mimxrt/mpconfigport.h)."""


@function("dupterm", 1, 2)
def _dupterm(vm: Machine, stream: Value, *which: Value) -> Value:
    """extmod/os_dupterm.c: no terminal but the console is ever there."""
    if which and not 0 <= vm.int_of(which[0]) < TERMINALS:
        vm.raise_value("invalid dupterm index")
    if stream is None:
        return None
    stream_of(vm, stream, "read")
    stream_of(vm, stream, "write")
    raise Unknown("os.dupterm", "what a second terminal is told and says is not modelled")


@function("dupterm_notify", 1)
def _dupterm_notify(vm: Machine, stream: Value) -> Value:
    """Reads what terminals have to say: there are none."""
    return None


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
    names |= {"dupterm": _dupterm, "dupterm_notify": _dupterm_notify}
    names.update({each.name: each for each in (calls.ilistdir, calls.mount, calls.umount)})
    return NativeModule("os", {**names, "VfsFat": VFS_FAT})


__all__ = ["module"]
