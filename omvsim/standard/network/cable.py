"""``network.LAN`` (ports/mimxrt/network_lan.c): in ROM."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import list_
from omvsim.micropython.values import Obj
from omvsim.standard.arguments import parse_ints
from omvsim.standard.network.ipconfig import Interface
from omvsim.standard.network.state import CABLE, Network, ifconfig
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

DOWN, PLUGGED, UP = 0, 1, 3
MAC: Final = bytes.fromhex("020000000002")


class Lan(Obj):
    """The interface."""

    __slots__ = ()
    type_name: ClassVar[str] = "LAN"

    def __init__(self) -> None:
        self.address = 0

    @staticmethod
    def link(vm: Machine) -> int:
        """``eth_link_status``: an address is there as soon as the interface is on."""
        if not vm.part(Surroundings).cable:
            return DOWN
        return UP if vm.part(Network).cable_active else PLUGGED

    @method("active", 1, 2)
    def active(self, vm: Machine, *on: Value) -> Value:
        """Switch it on or off."""
        if not on:
            return self.link(vm) != DOWN
        vm.part(Network).cable_active = vm.truth(on[0])
        vm.stand_in("network.LAN", "its network is made up: a world file says whether a cable is plugged in")
        return None

    @method("isconnected", 1)
    def isconnected(self, vm: Machine) -> Value:
        """Whether it has an address."""
        return self.link(vm) == UP

    @method("ifconfig", 1, 2)
    def ifconfig(self, vm: Machine, *args: Value) -> Value:
        """Its addresses."""
        return ifconfig(vm, args, up=self.link(vm) == UP, at=CABLE)

    @method("ipconfig", 1, None, keywords=True)
    def ipconfig(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """The same by name."""
        card = Interface(vm, CABLE, on=vm.part(Network).cable_active, up=self.link(vm) == UP)
        return card.ipconfig(args, kwargs)

    @method("status", 1, 2)
    def status(self, vm: Machine, *what: Value) -> Value:
        """The link's."""
        if what:
            vm.raise_value("unknown status param")
        return self.link(vm)

    @method("config", 1, None, keywords=True)
    def config(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Its address in hardware; tracing and sleeping nobody notices."""
        if kwargs:
            if args:
                vm.raise_type("can't specify pos and kw args")
            for name, value in kwargs:
                if name not in ("trace", "low_power"):
                    vm.raise_value("unknown config param")
                vm.int_of(value)
            return None
        if len(args) != 1:
            vm.raise_type("must query one param")
        if vm.name_of(args[0]) != "mac":
            vm.raise_value("unknown config param")
        vm.stand_in("network.LAN.config('mac')", "no camera's")
        return vm.new_bytes(MAC)


class Cards:
    """``mod_network_nic_list``: of this camera's interfaces only the cable's is registered, when it is made."""

    def __init__(self) -> None:
        self._list: list_.List | None = None

    def made(self, vm: Machine) -> list_.List:
        """The list; boot has paid for the table of its first four items."""
        if self._list is None:
            self._list = list_.List(vm.memory, 0)
            self._list.room = sizes.LIST_MIN_ALLOC
        return self._list

    def register(self, vm: Machine, card: Lan) -> None:
        """``mod_network_register_nic``."""
        known = self.made(vm)
        if card not in known.items:
            list_.append(vm, known, card)


THE_LAN: Final = Lan()


def _new_lan(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    defaults = {"id": 0, "phy_type": -1, "phy_addr": -1, "ref_clk_mode": -1}
    found = parse_ints(vm, args, kwargs, defaults, keyword_only=1)
    if found["id"] != 0:
        vm.raise_value("Invalid LAN interface %d", found["id"])
    vm.part(Cards).register(vm, THE_LAN)
    return THE_LAN


_CHIPS: Final = ("KSZ8081", "DP83825", "DP83848", "LAN8720", "RTL8211F")
LAN: Final = NativeType(
    "LAN",
    Lan,
    _new_lan,
    constants={
        **{f"PHY_{name}": at for at, name in enumerate(_CHIPS)},
        **{"IN": 0, "OUT": 1},
    },
)

__all__ = ["LAN", "Cards", "Lan"]
