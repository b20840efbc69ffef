"""``errno`` (py/moderrno.c): the numbers of newlib, which the port is linked with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine

NUMBERS: Final = {
    "EPERM": 1,
    "ENOENT": 2,
    "EIO": 5,
    "EBADF": 9,
    "EAGAIN": 11,
    "ENOMEM": 12,
    "EACCES": 13,
    "EEXIST": 17,
    "ENODEV": 19,
    "EISDIR": 21,
    "EINVAL": 22,
    "EOPNOTSUPP": 95,
    "EADDRINUSE": 112,
    "ECONNABORTED": 113,
    "ECONNRESET": 104,
    "ENOBUFS": 105,
    "ENOTCONN": 128,
    "ETIMEDOUT": 116,
    "ECONNREFUSED": 111,
    "EHOSTUNREACH": 118,
    "EALREADY": 120,
    "EINPROGRESS": 119,
}
NAMES: Final = {number: name for name, number in NUMBERS.items()}


def errno_name(number: int) -> str | None:
    """``mp_errno_to_str``; None for a number that has no name."""
    return NAMES.get(number)


def module(vm: Machine) -> NativeModule:
    """``errno``."""
    codes = vm.rom_dict(dict(NAMES))
    return NativeModule("errno", {"errorcode": codes, **NUMBERS})


__all__ = ["NAMES", "NUMBERS", "errno_name", "module"]
