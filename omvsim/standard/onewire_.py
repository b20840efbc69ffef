"""``_onewire`` (extmod/modonewire.c): a bus without a device; a pulse is not answered, every bit reads as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import buffers
from omvsim.standard.machine.pin import find_pin
from omvsim.world.clock import Clock

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

RESET_US: Final = 960
BIT_US: Final = 70
POLYNOMIAL: Final = 0x8C
"""Of CRC-8/MAXIM, reflected."""


@function("reset", 1)
def _reset(vm: Machine, pin: Value) -> Value:
    find_pin(vm, pin)
    vm.part(Clock).wait(RESET_US)
    vm.stand_in("onewire", "no device answers")
    return False


@function("readbit", 1)
def _readbit(vm: Machine, pin: Value) -> Value:
    find_pin(vm, pin)
    vm.part(Clock).wait(BIT_US)
    return 1


@function("readbyte", 1)
def _readbyte(vm: Machine, pin: Value) -> Value:
    find_pin(vm, pin)
    vm.part(Clock).wait(8 * BIT_US)
    return 0xFF


@function("writebit", 2)
def _writebit(vm: Machine, pin: Value, value: Value) -> Value:
    find_pin(vm, pin)
    vm.int_of(value)
    vm.part(Clock).wait(BIT_US)
    return None


@function("writebyte", 2)
def _writebyte(vm: Machine, pin: Value, value: Value) -> Value:
    find_pin(vm, pin)
    vm.int_of(value)
    vm.part(Clock).wait(8 * BIT_US)
    return None


@function("crc8", 1)
def _crc8(vm: Machine, data: Value) -> Value:
    crc = 0
    for byte in buffers.buffer_of(vm, data).cast("B"):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc


_FUNCTIONS: Final = (_reset, _readbit, _readbyte, _writebit, _writebyte, _crc8)


def module(vm: Machine) -> NativeModule:
    """``_onewire``."""
    return NativeModule("_onewire", {each.name: each for each in _FUNCTIONS})


__all__ = ["module"]
