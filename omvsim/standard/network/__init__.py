"""``network`` (extmod/modnetwork.c): the interfaces that the board has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.standard.network.cable import LAN, Cards
from omvsim.standard.network.ipconfig import ipconfig
from omvsim.standard.network.state import Network
from omvsim.standard.network.wireless import WLAN

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LONGEST_NAME: Final = 32
"""``MICROPY_PY_NETWORK_HOSTNAME_MAX_LEN``."""


@function("country", 0, 1)
def _country(vm: Machine, *code: Value) -> Value:
    if not code:
        return vm.new_str(vm.part(Network).country)
    text = vm.str_of(code[0])
    if len(text) != 2:
        vm.raise_value()
    vm.part(Network).country = text
    return None


@function("hostname", 0, 1)
def hostname(vm: Machine, *name: Value) -> Value:
    """The camera's name on the network."""
    if not name:
        return vm.new_str(vm.part(Network).hostname)
    text = vm.str_of(name[0])
    if len(text) > LONGEST_NAME:
        vm.raise_value()
    vm.part(Network).hostname = text
    return None


@function("route", 0)
def _route(vm: Machine) -> Value:
    """The interfaces that were registered: the list itself, which boot has made."""
    return vm.part(Cards).made(vm)


def module(vm: Machine) -> NativeModule:
    """``network``."""
    names: dict[str, Value] = {"country": _country, "hostname": hostname}
    names |= {"ipconfig": ipconfig, "route": _route}
    return NativeModule("network", {**names, "LAN": LAN, "WLAN": WLAN, "STA_IF": 0, "AP_IF": 1})


__all__ = ["hostname", "module"]
