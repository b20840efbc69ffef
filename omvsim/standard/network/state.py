"""What a machine's network interfaces are at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.types.sequences import fixed
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings

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
        self.chip_on = True
        """Not after ``deinit``, until an interface is switched on."""
        self.joining_since: int | None = None
        self.name = b""
        self.cable_active = False
        self.addresses: tuple[str, ...] | None = None
        """Set by the script."""
        self.own_addresses: tuple[str, ...] | None = None
        """Of the access point, likewise."""
        self.dynamic = [True, False, True]
        """Whether station, access point and cable ask a server for their address."""
        self.server: str | None = None
        """The name server, set by the script."""
        self.prefers = 4
        """Version of the protocol that names are looked up for."""


STATION, ACCESS, CABLE = range(3)
ACCESS_POINT: Final = ("192.168.4.1", "255.255.255.0", "192.168.4.1", "0.0.0.0")
"""``CYW43_DEFAULT_IP_AP_ADDRESS`` and its like (cyw43-driver, cyw43_lwip.c); no name server was set."""


def addresses(vm: Machine, *, up: bool, own_network: bool = False) -> tuple[str, ...]:
    """Address, mask, gateway and name server of an interface; ``own_network``: of the access point."""
    if own_network:
        network = vm.part(Network)
        server = addresses(vm, up=network.joining_since is not None)[3]
        return (*(network.own_addresses or ACCESS_POINT)[:3], server) if up else ("0.0.0.0",) * 4
    own = vm.part(Network).addresses
    if own is not None:
        return own
    around = vm.part(Surroundings).wireless
    return (around.address, around.netmask, around.gateway, around.dns) if up else ("0.0.0.0",) * 4


def ifconfig(vm: Machine, args: tuple[Value, ...], *, up: bool, at: int = 0, own_network: bool = False) -> Value:
    """``mod_network_nic_ifconfig``: four texts, or set them."""
    network = vm.part(Network)
    if not args:
        return vm.new_tuple(tuple(vm.new_str(text) for text in addresses(vm, up=up, own_network=own_network)))
    given = None
    network.dynamic[ACCESS if own_network else at] = args[0] == "dhcp"
    if args[0] == "dhcp":
        vm.part(Clock).wait(100_000)
    else:
        given = tuple(vm.str_of(part) for part in fixed(vm, args[0], 4))
    if own_network:
        network.own_addresses = given
    else:
        network.addresses = given
    return None


__all__ = ["ACCESS", "CABLE", "STATION", "Network", "addresses", "ifconfig"]
