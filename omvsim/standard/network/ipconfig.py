"""``ipconfig`` of the module and of its interfaces (extmod/network_lwip.c, with ``LWIP_IPV6`` 0 as the port has it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.native import function
from omvsim.micropython.types import str_
from omvsim.micropython.types.sequences import fixed
from omvsim.standard.network.state import Network, addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

VERSIONS: Final = (4, 6)
WORD: Final = 1 << 32
NO_ADDRESS: Final = "0.0.0.0"


def address_of(text: str) -> str | None:
    """``ip4addr_aton``: one to four numbers, decimal, octal or hexadecimal, of which the last fills what is left."""
    parts = text.split(".")
    try:
        numbers = [int(part, 16 if part[:2] in ("0x", "0X") else 8 if part[:1] == "0" else 10) for part in parts]
    except ValueError:
        return None
    if len(parts) > 4 or not all(part.isalnum() for part in parts):
        return None
    *first, last = numbers
    if any(number > 0xFF for number in first) or last >= WORD >> 8 * len(first):
        return None
    value = sum(number << 8 * (3 - at) for at, number in enumerate(first)) + last
    return ".".join(str(value >> shift & 0xFF) for shift in (24, 16, 8, 0))


def _asked(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> str | None:
    """The name of the one value that is asked for; None where some are set."""
    if kwargs:
        if args:
            vm.raise_type("can't specify pos and kw args")
        return None
    if len(args) != 1:
        vm.raise_type("must query one param")
    return vm.name_of(args[0])


@function("ipconfig", 0, None, keywords=True)
def ipconfig(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mod_network_ipconfig``."""
    network, asked = vm.part(Network), _asked(vm, args, kwargs)
    if asked == "dns":
        return vm.new_str(network.server or addresses(vm, up=network.joining_since is not None)[3])
    if asked == "prefer":
        return network.prefers
    if asked is not None:
        vm.raise_value("unexpected key")
    for name, value in kwargs:
        if name == "dns":
            network.server = address_of(vm.str_of(value))
            if network.server is None:
                vm.raise_value("invalid arguments as dns server")
        elif name == "prefer":
            wanted = vm.int_of(value)
            if wanted not in VERSIONS:
                vm.raise_value("invalid prefer argument")
            network.prefers = wanted
        else:
            vm.raise_value("unexpected key")
    return None


class Interface:
    """What one interface is asked about, or told.

    Args:
        at: which of those of :attr:`Network.dynamic`.
        on: whether it was switched on; ``up``: whether it has an address.
    """

    def __init__(self, vm: Machine, at: int, *, on: bool, up: bool, own_network: bool = False) -> None:
        self.vm, self.at, self.on, self.up, self.own_network = vm, at, on, up, own_network
        self.network = vm.part(Network)

    def ipconfig(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``mod_network_nic_ipconfig``."""
        asked = _asked(self.vm, args, kwargs)
        if asked is not None:
            return self._get(asked)
        for name, value in kwargs:
            self._set(name, value, kwargs[0][0])
        return None

    def _addresses(self) -> tuple[str, ...]:
        return addresses(self.vm, up=self.up, own_network=self.own_network)

    def _get(self, name: str) -> Value:
        vm, dynamic = self.vm, self.network.dynamic[self.at] and not self.own_network
        if name == "dhcp4":
            return self.on and dynamic
        if name == "has_dhcp4":
            return self.up and dynamic
        if name == "addr4":
            return vm.new_tuple(tuple(vm.new_str(text) for text in self._addresses()[:2]))
        if name == "gw4":
            return vm.new_str(self._addresses()[2])
        return vm.raise_value("unexpected key")

    def _set(self, name: str, value: Value, first: str) -> None:
        """The library looks at the ``first`` name of the call where it means the one it is at."""
        vm = self.vm
        if name == "dhcp4":
            self.network.dynamic[self.at] = vm.truth(value)
            if vm.truth(value):
                self._keep(None)
            elif not self.own_network:
                self._keep((NO_ADDRESS, NO_ADDRESS, NO_ADDRESS, self._addresses()[3]))
        elif name in ("addr4", "addr6"):
            found = self._pair(value, first)
            if first == "addr4":
                self._keep((*found, *self._addresses()[2:]))
        elif name == "gw4":
            gateway = address_of(vm.str_of(value))
            if gateway is None:
                vm.raise_value("invalid arguments")
            before = self._addresses()
            self._keep((*before[:2], gateway, before[3]))
        else:
            vm.raise_value("unexpected key")

    def _pair(self, value: Value, first: str) -> tuple[str, str]:
        """Address and mask: ``"address/bits"``, both in a tuple, or None for none."""
        vm = self.vm
        if value is None:
            return NO_ADDRESS, NO_ADDRESS
        if not str_.is_str(value):
            pair = [address_of(vm.str_of(part)) for part in fixed(vm, value, 2)]
            if pair[0] is None or pair[1] is None:
                vm.raise_value("invalid arguments")
            return pair[0], pair[1]
        text, slash, bits = vm.str_of(value).partition("/")
        mask = self._addresses()[1]
        if slash:
            count = vm.int_of(vm.call(vm.builtins["int"], (bits,)))
            mask = address_of(str(-(1 << max(0, 32 - count)) % WORD)) or NO_ADDRESS
        address = address_of(text)
        if address is None:
            vm.raise_value("invalid arguments")
        if first != "addr4":  # all addresses are of version 4 here
            vm.raise_value("invalid address type")
        return address, mask

    def _keep(self, found: tuple[str, ...] | None) -> None:
        if self.own_network:
            self.network.own_addresses = found
        else:
            self.network.addresses = found


__all__ = ["Interface", "address_of", "ipconfig"]
