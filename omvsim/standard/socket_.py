"""``socket`` (extmod/modlwip.c): its names; the sockets are :mod:`omvsim.standard.sockets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function
from omvsim.standard.sockets import DONT_WAIT, EINVAL, OBJECT, PACKET, PACKETS, PEEK, RAW, STREAM, Socket, location
from omvsim.standard.streams import raise_os_error
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value


def _new_socket(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 4, keywords=False)
    address = vm.memory.alloc(OBJECT, finaliser=True)
    made = Socket(vm.memory, address, STREAM)
    if args:
        vm.int_of(args[0])
        made.kind = vm.int_of(args[1]) if len(args) > 1 else STREAM
    if made.kind not in (STREAM, PACKET, RAW):
        raise_os_error(vm, EINVAL)
    if made.kind != STREAM:
        made.packets = vm.memory.block(PACKETS)
    return made


@function("getaddrinfo", 2, 6)
def getaddrinfo(vm: Machine, host: Value, port: Value, *rest: Value) -> Value:
    """A list of one tuple of five; names the surroundings do not know are given an address."""
    name, number = vm.str_of(host), vm.int_of(port)
    for each in rest:
        vm.int_of(each)
    found = name
    if not all(part.isdigit() for part in name.split(".")):
        found = vm.part(Surroundings).hosts.get(name, "")
        vm.part(Clock).wait(20_000)
        if not found:
            vm.stand_in("socket.getaddrinfo()", "names have a made-up address: a world file says which")
            found = "203.0.113.1"
    entry = vm.new_tuple((2, STREAM, 0, "", None))
    entry.items = (*entry.items[:4], location(vm, found, number))
    return vm.new_list((entry,))


@function("callback", 0)
def _callback(vm: Machine) -> Value:
    return None


SOCKET: Final = NativeType("socket", Socket, _new_socket, protocol=True)
for _name in ("seek", "tell", "flush", "__enter__", "__exit__"):
    del SOCKET.locals[_name]
CONSTANTS: Final[dict[str, Value]] = {
    "AF_INET": 2,
    "AF_INET6": 10,
    "SOCK_STREAM": STREAM,
    "SOCK_DGRAM": PACKET,
    "SOCK_RAW": RAW,
    "SOL_SOCKET": 1,
    "SO_REUSEADDR": 4,
    "SO_BROADCAST": 32,
    "IPPROTO_IP": 0,
    "IP_ADD_MEMBERSHIP": 1024,
    "IP_DROP_MEMBERSHIP": 1025,
    "IPPROTO_TCP": 6,
    "TCP_NODELAY": 64,
    "MSG_PEEK": PEEK,
    "MSG_DONTWAIT": DONT_WAIT,
}


def module(vm: Machine) -> NativeModule:
    """``socket``."""
    names: dict[str, Value] = {"getaddrinfo": getaddrinfo, "callback": _callback, "socket": SOCKET}
    names |= {name: unknown(f"socket.{name}") for name in ("reset", "print_pcbs")}
    return NativeModule("socket", {**names, **CONSTANTS})


__all__ = ["SOCKET", "getaddrinfo", "module"]
