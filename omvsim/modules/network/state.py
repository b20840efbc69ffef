"""What a machine's network interfaces are at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.modules.clock import Clock
from omvsim.modules.surroundings import Surroundings

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


class Network:
    """One machine's."""

    def __init__(self) -> None:
        self.country = "XX"
        self.hostname = "openmvrt1060"
        """openmv/micropython ports/mimxrt/boards/OPENMV_RT1060/mpconfigboard.h."""
        self.active = [False, False]
        self.joining_since: int | None = None
        self.name = b""
        self.cable_active = False
        self.addresses: tuple[str, ...] | None = None
        """Set by the script."""


def addresses(vm: Machine, *, up: bool) -> tuple[str, ...]:
    """Address, mask, gateway and name server of an interface."""
    own = vm.part(Network).addresses
    if own is not None:
        return own
    around = vm.part(Surroundings).wireless
    return (around.address, around.netmask, around.gateway, around.dns) if up else ("0.0.0.0",) * 4


def ifconfig(vm: Machine, args: tuple[Value, ...], *, up: bool) -> Value:
    """``mod_network_nic_ifconfig``: four texts, or set them."""
    if not args:
        return vm.new_tuple(tuple(vm.new_str(text) for text in addresses(vm, up=up)))
    if args[0] == "dhcp":
        vm.part(Network).addresses = None
        vm.part(Clock).wait(100_000)
        return None
    vm.part(Network).addresses = tuple(vm.str_of(part) for part in vm.unpack(args[0], 4))
    return None


__all__ = ["Network", "addresses", "ifconfig"]
