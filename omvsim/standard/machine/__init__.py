"""``machine`` in ROM (extmod/modmachine.c, ports/mimxrt/modmachine.c of MicroPython v1.26.0 and v1.28.0, configured as
openmv/openmv ports/mimxrt and boards/OPENMV_RT1060 do). What a script imports by this name is the frozen module around
it, which has ``LED``: :mod:`omvsim.frozen.machine_file`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Error, ScriptOver
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import buffers
from omvsim.standard.errno_ import NUMBERS
from omvsim.standard.machine.analog import ADC, PWM
from omvsim.standard.machine.can import CAN
from omvsim.standard.machine.i2c import I2C, SOFT_I2C
from omvsim.standard.machine.others import MEMORIES, SD_CARD, SIGNAL
from omvsim.standard.machine.pin import PIN, find_pin
from omvsim.standard.machine.rtc import RTC
from omvsim.standard.machine.spi import SOFT_SPI, SPI
from omvsim.standard.machine.timers import TIMER, WDT
from omvsim.standard.machine.uart import UART
from omvsim.standard.streams import raise_os_error
from omvsim.standard.sys_ import exit_
from omvsim.world.clock import Clock
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

RESETS: Final[dict[str, Value]] = {"PWRON_RESET": 1, "WDT_RESET": 3, "SOFT_RESET": 5}
"""``reset_reason_t``."""
ID_BYTES: Final = 8
DHT_BYTES: Final = 5
UNKNOWN: Final = ("I2CTarget", "LED", "PinBase", "USBDevice", "bootloader")


@function("unique_id", 0)
def _unique_id(vm: Machine) -> Value:
    vm.stand_in("machine.unique_id()", "no camera's")
    return vm.new_bytes(bytes(range(ID_BYTES)))


@function("reset", 0)
def _reset(vm: Machine) -> Value:
    raise ScriptOver("machine.reset(): the camera restarts")


@function("reset_cause", 0)
def _reset_cause(vm: Machine) -> Value:
    return RESETS["PWRON_RESET"]


@function("idle", 0)
def _idle(vm: Machine) -> Value:
    """Until the next interrupt: the millisecond's at the latest."""
    clock = vm.part(Clock)
    clock.wait(1000 - clock.now % 1000)
    return None


@function("freq", 0, 1)
def _freq(vm: Machine, *hertz: Value) -> Value:
    if hertz:
        vm.error(Error.NOT_IMPLEMENTED)
    return vm.part(Clock).hertz


@function("lightsleep", 0, 1)
def _lightsleep(vm: Machine, *time: Value) -> Value:
    vm.error(Error.NOT_IMPLEMENTED)


@function("deepsleep", 0, 1)
def _deepsleep(vm: Machine, *time: Value) -> Value:
    if time:
        vm.int_of(time[0])
    raise ScriptOver("machine.deepsleep(): the camera sleeps, and restarts when it wakes")


@function("disable_irq", 0)
def _disable_irq(vm: Machine) -> Value:
    return 0


@function("enable_irq", 1)
def _enable_irq(vm: Machine, state: Value) -> Value:
    vm.int_of(state)
    return None


@function("bitstream", 4)
def _bitstream(vm: Machine, pin: Value, encoding: Value, timing: Value, data: Value) -> Value:
    find_pin(vm, pin)
    kind = vm.int_of(encoding)
    count = len(buffers.buffer_of(vm, data).cast("B"))
    if kind != 0:
        vm.raise_value("encoding")
    times = [vm.int_of(item) for item in vm.unpack(timing, 4)]
    vm.part(Clock).wait(count * 8 * max(times[0] + times[1], times[2] + times[3]) // 1000)
    return None


@function("dht_readinto", 2)
def _dht_readinto(vm: Machine, pin: Value, buffer: Value) -> Value:
    """drivers/dht/dht.c: no sensor answers."""
    find_pin(vm, pin)
    if len(buffers.buffer_of(vm, buffer, writable=True).cast("B")) < DHT_BYTES:
        vm.raise_value("buffer too small")
    raise_os_error(vm, NUMBERS["ETIMEDOUT"])


@function("time_pulse_us", 2, 3)
def _time_pulse(vm: Machine, pin: Value, level: Value, *timeout: Value) -> Value:
    """No pulse comes."""
    find_pin(vm, pin)
    vm.truth(level)
    vm.part(Clock).wait(vm.int_of(timeout[0]) if timeout else 1_000_000)
    vm.stand_in("machine.time_pulse_us()", "no pulse comes")
    return -2


_FUNCTIONS: Final = (
    *(_unique_id, _reset, _reset_cause, _idle, _freq, _lightsleep, _deepsleep, _disable_irq, _enable_irq),
    *(_bitstream, _dht_readinto, _time_pulse),
)
_TYPES: Final[dict[str, Value]] = {
    "Signal": SIGNAL,
    "SoftI2C": SOFT_I2C,
    "SoftSPI": SOFT_SPI,
    "ADC": ADC,
    "CAN": CAN,
    "I2C": I2C,
    "PWM": PWM,
    "SPI": SPI,
    "UART": UART,
    "WDT": WDT,
    "Pin": PIN,
    "Timer": TIMER,
    "RTC": RTC,
    "SDCard": SD_CARD,
}


def module(vm: Machine) -> NativeModule:
    """``machine`` (``umachine``)."""
    names: dict[str, Value] = {**MEMORIES, "soft_reset": exit_}
    names.update({each.name: each for each in _FUNCTIONS})
    names.update({name: unknown(f"machine.{name}") for name in UNKNOWN})
    types = {name: each for name, each in _TYPES.items() if name != "CAN" or vm.release.can}
    return NativeModule("machine", {**names, **types, **RESETS})


__all__ = ["module"]
