"""``ntptime.py``: the time from a server (RFC 4330: 48 bytes, seconds since 1900 in bytes 40 to 43)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Raised
from omvsim.micropython.importing import import_name
from omvsim.micropython.types.int_ import Int
from omvsim.micropython.values import Obj
from omvsim.numerals.mpz import Mpz

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

PACKET: Final = 48
VERSION_AND_MODE: Final = 0x23
PORT: Final = 123
FROM: Final = (40, 44)
EARLIEST: Final = 3913056000
"""2024: what is less has come round in 2036."""
ROUND: Final = 1 << 32
SINCE_1900: Final = 2208988800


def _time(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    query = do.run("bytearray", PACKET)
    do.set_at(query, 0, VERSION_AND_MODE)
    where = do.at(do.at(do.of("socket", "getaddrinfo", do.name("host"), PORT), 0), -1)
    module = do.name("socket")
    made = do.of("socket", "socket", do.get(module, "AF_INET"), do.get(module, "SOCK_DGRAM"))
    error: Obj | None = None
    answer: Value = None
    try:
        do.ask(made, "settimeout", do.name("timeout"))
        do.ask(made, "sendto", query, where)
        answer = do.ask(made, "recv", PACKET)
    except Raised as raised:
        error = raised.value
    if error is not None:
        vm.on_handler()
        vm.add_traceback(error, vm.str_of(do.name("__file__")), 1, "time")
    do.ask(made, "close")
    if error is not None:
        raise Raised(error)
    seconds = do.at(do.of("struct", "unpack", "!I", do.cut(answer, *FROM)), 0)
    if do.true(do.op(seconds, "<", _constant(vm, EARLIEST))):
        seconds = do.op(seconds, "+", _constant(vm, ROUND))
    do.at(do.run("gmtime", 0), 0)
    return do.op(seconds, "-", _constant(vm, SINCE_1900))


def _constant(vm: Machine, value: int) -> Int:
    """A big number in ROM."""
    made = Int.__new__(Int)
    Obj.__init__(made, vm.memory, 0)
    made.mpz = Mpz.fixed(vm.memory, value)
    return made


def _settime(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    parts = do.run("gmtime", do.run("time"))
    clock = do.ask(import_name(vm, "machine", None, 0), "RTC")
    date = [do.at(parts, at) for at in (0, 1, 2)]
    weekday = do.op(do.at(parts, 6), "+", 1)
    rest = [do.at(parts, at) for at in (3, 4, 5)]
    do.ask(clock, "datetime", vm.new_tuple((*date, weekday, *rest, 0)))
    return None


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {"time": _time, "settime": _settime}

__all__ = ["FUNCTIONS"]
