"""``network.WLAN`` (extmod/network_cyw43.c): both interfaces are in ROM, their buffers are not on the heap."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.strings import encode
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers
from omvsim.micropython.values import Obj, Sentinel
from omvsim.standard.network.ipconfig import Interface
from omvsim.standard.network.state import Network, addresses, ifconfig
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

STATION, ACCESS_POINT = 0, 1
DOWN, JOINING, UP, NO_NET = 0, 1, 3, -2
"""``CYW43_LINK_…``."""
MAC: Final = bytes.fromhex("020000000001")
SCAN_US: Final = 2_000_000
BSSID_BYTES: Final = 6
CONSTANTS: Final[dict[str, Value]] = {
    "IF_STA": STATION,
    "IF_AP": ACCESS_POINT,
    "SEC_OPEN": 0,
    "SEC_WPA_WPA2": 0x00400006,
    "SEC_WPA3": 0x01000004,
    "SEC_WPA2_WPA3": 0x01400004,
    "PM_NONE": 0x10,
    "PM_PERFORMANCE": 0xA11142,
    "PM_POWERSAVE": 0x11,
}
_TEXTS: Final = frozenset({"ssid", "essid", "key", "password", "hostname"})
_NUMBERS: Final = frozenset({"antenna", "channel", "monitor", "security", "pm", "trace", "txpower"})


class Wlan(Obj):
    """One interface."""

    __slots__ = ("which",)
    type_name: ClassVar[str] = "CYW43"

    def __init__(self, which: int) -> None:
        self.address = 0
        self.which = which

    def link(self, vm: Machine) -> int:
        """``cyw43_tcpip_link_status``."""
        network = vm.part(Network)
        if not network.active[self.which] or not network.chip_on:
            return DOWN
        if self.which == ACCESS_POINT:
            return UP
        if network.joining_since is None:
            return DOWN
        around = vm.part(Surroundings).wireless
        if vm.part(Clock).look() - network.joining_since < around.join_us:
            return JOINING
        return UP if around.connects else NO_NET

    @method("active", 1, 2)
    def active(self, vm: Machine, *on: Value) -> Value:
        """Switch it on or off."""
        network = vm.part(Network)
        if not on:
            return network.active[self.which]
        network.active[self.which] = vm.truth(on[0])
        network.chip_on |= network.active[self.which]
        if not network.active[self.which] and self.which == STATION:
            network.joining_since = None
        return None

    @method("connect", 1, None, keywords=True)
    def connect(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Begin to join a network."""
        names = ("ssid", "key", "auth", "security", "bssid", "channel")
        ssid, key, auth, security, bssid, channel = vm.parse_keywords(args, kwargs, names, 1, 2)
        for number in (auth, security, channel):
            if not isinstance(number, Sentinel):
                vm.int_of(number)
        assert not isinstance(ssid, Sentinel)
        name = bytes(buffers.buffer_of(vm, ssid))
        if not isinstance(key, Sentinel) and key is not None:
            buffers.buffer_of(vm, key)
        if not isinstance(bssid, Sentinel) and bssid is not None and len(buffers.buffer_of(vm, bssid)) != BSSID_BYTES:
            vm.raise_value()
        network = vm.part(Network)
        network.name = name
        vm.part(Clock).told()
        network.joining_since = vm.part(Clock).now
        vm.stand_in("network.WLAN", "its network is made up: a world file says whether it connects")
        return None

    @method("disconnect", 1)
    def disconnect(self, vm: Machine) -> Value:
        """Leave it."""
        vm.part(Network).joining_since = None
        return None

    @method("isconnected", 1)
    def isconnected(self, vm: Machine) -> Value:
        """Whether the network is there; of an access point, whether somebody is: the visitors are."""
        if self.which == ACCESS_POINT:
            return self.link(vm) == UP
        return self.link(vm) == UP

    @method("scan", 1, None, keywords=True)
    def scan(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Networks around: tuples of six."""
        vm.parse_keywords(args, kwargs, ("passive", "ssid", "essid", "bssid"), 0, 0)
        found = vm.new_list(())
        for at, (name, channel, strength) in enumerate(vm.part(Surroundings).wireless.found):
            texts = vm.new_bytes(encode(name)), vm.new_bytes(MAC[:5] + bytes([at]))
            vm.list_append(found, vm.new_tuple((*texts, channel, strength, 5, 1)))
        vm.part(Clock).wait(SCAN_US)
        return found

    @method("ifconfig", 1, 2)
    def ifconfig(self, vm: Machine, *args: Value) -> Value:
        """Its addresses."""
        return ifconfig(vm, args, up=self.link(vm) == UP, own_network=self.which == ACCESS_POINT)

    @method("ipconfig", 1, None, keywords=True)
    def ipconfig(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """The same by name."""
        on = vm.part(Network).active[self.which]
        card = Interface(vm, self.which, on=on, up=self.link(vm) == UP, own_network=self.which == ACCESS_POINT)
        return card.ipconfig(args, kwargs)

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """``cyw43_deinit``: the chip is off; whether an interface counts as active stays as it was."""
        network = vm.part(Network)
        network.joining_since = None
        network.chip_on = False
        return None

    @method("status", 1, 2)
    def status(self, vm: Machine, *what: Value) -> Value:
        """The link's, the signal's strength, or who is there."""
        return self._status(vm, vm.name_of(what[0])) if what else self.link(vm)

    def _status(self, vm: Machine, asked: str) -> Value:
        if asked == "rssi":
            if self.which != STATION:
                vm.raise_value("STA required")
            return vm.part(Surroundings).wireless.rssi
        if asked == "stations":
            if self.which != ACCESS_POINT:
                vm.raise_value("AP required")
            return vm.new_list(())
        return vm.raise_value("unknown status param")

    @method("config", 1, None, keywords=True)
    def config(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """One of its settings, or set some."""
        if kwargs:
            if args:
                vm.raise_type("can't specify pos and kw args")
            for name, value in kwargs:
                self._set(vm, name, value)
            return None
        if len(args) != 1:
            vm.raise_type("must query one param")
        return self._get(vm, vm.name_of(args[0]))

    def _set(self, vm: Machine, name: str, value: Value) -> None:
        if name in _NUMBERS:
            vm.int_of(value)
        elif name in _TEXTS:
            text = vm.str_of(value)
            if name in ("ssid", "essid"):
                vm.part(Network).name = encode(text)
            elif name == "hostname":
                vm.part(Network).hostname = text
        else:
            vm.raise_value("unknown config param")

    def _get(self, vm: Machine, name: str) -> Value:
        network = vm.part(Network)
        texts = {"ssid": network.name.decode("utf-8", "replace"), "hostname": network.hostname}
        texts["essid"] = texts["ssid"]
        if name in texts:
            return vm.new_str(texts[name])
        if name == "mac":
            vm.stand_in("network.WLAN.config('mac')", "no camera's")
            return vm.new_bytes(MAC)
        numbers = {"antenna": 0, "channel": 1, "security": 0, "pm": 0xA11142, "txpower": 31}
        if name not in numbers:
            vm.raise_value("unknown config param")
        vm.stand_in(f"network.WLAN.config({name!r})", "a usual value")
        return numbers[name]

    def _address(self, vm: Machine, link: int) -> str:
        return addresses(vm, up=link == UP, own_network=self.which == ACCESS_POINT)[0]

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Interface, link and address."""
        link = self.link(vm)
        state = {DOWN: "down", JOINING: "join", UP: "up", NO_NET: "nonet"}[link]
        out(f"<CYW43 {'AP' if self.which else 'STA'} {state} {self._address(vm, link)}>")


INTERFACES: Final = (Wlan(STATION), Wlan(ACCESS_POINT))


def _new_wlan(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return INTERFACES[STATION if not args or vm.int_of(args[0]) == STATION else ACCESS_POINT]


_UNKNOWN: Final = ("send_ethernet", "ioctl")
WLAN: Final = NativeType(
    "CYW43", Wlan, _new_wlan, constants={**CONSTANTS, **{n: unknown(f"network.WLAN.{n}") for n in _UNKNOWN}}
)

__all__ = ["WLAN", "Wlan"]
