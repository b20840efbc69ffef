"""``platform``: three objects in ROM (extmod/modplatform.c). What built the firmware is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.standard.versions import versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

COMPILER: Final = "GCC 13.2.1"
LIBRARY: Final = ("newlib", "4.3.0")
"""Stand-ins: compiler and C library of a usual toolchain."""


def _rom(vm: Machine, text: str) -> Value:
    return vm.text_at(0, text, None)


@function("platform", 0, None, keywords=True)
def _platform(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.stand_in("platform.platform()", "the C library's version is a usual one")
    return _rom(vm, f"MicroPython-{versions(vm).number}-arm--with-{''.join(LIBRARY)}")


@function("python_compiler", 0)
def _python_compiler(vm: Machine) -> Value:
    vm.stand_in("platform.python_compiler()", "a usual one")
    return _rom(vm, COMPILER)


@function("libc_ver", 0, None, keywords=True)
def _libc_ver(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.stand_in("platform.libc_ver()", "a usual one")
    return Tuple(vm.memory, 0, tuple(_rom(vm, text) for text in LIBRARY))


def module(vm: Machine) -> NativeModule:
    """``platform``."""
    names = {"platform": _platform, "python_compiler": _python_compiler, "libc_ver": _libc_ver}
    return NativeModule("platform", dict(names))


__all__ = ["module"]
