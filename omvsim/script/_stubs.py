"""Harmless stand-ins: pins, LEDs, buses, displays, audio. They cost one block and do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.script._errors import ScriptStopped
from omvsim.script._values import Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

_TYPES: dict[str, tuple[str, ...]] = {
    "machine": (
        *(
            "Pin",
            "LED",
            "PWM",
            "ADC",
            "I2C",
            "SoftI2C",
            "SPI",
            "SoftSPI",
            "UART",
            "Timer",
            "RTC",
            "WDT",
            "CAN",
            "Signal",
            "SDCard",
        ),
        *("I2S",),
    ),
    "pyb": ("LED", "Pin", "Servo", "UART", "SPI", "I2C", "Timer", "ADC", "DAC", "RTC", "ExtInt", "USB_VCP", "CAN"),
    "display": ("SPIDisplay", "DSIDisplay", "DACBacklight", "PWMBacklight", "DisplayData"),
    "audio": (),
    "imu": (),
    "tv": (),
    "lcd": (),
    "fir": (),
    "network": ("WLAN", "LAN"),
    "buzzer": (),
    "rpc": (),
    "gif": ("Gif",),
    "mjpeg": ("Mjpeg",),
    "vfs": ("VfsFat", "VfsRom"),
    "protocol": (),
}
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "machine": (
        "freq",
        "unique_id",
        "disable_irq",
        "enable_irq",
        "idle",
        "lightsleep",
        "bitstream",
        "time_pulse_us",
        "mem32",
    ),
    "pyb": (
        "delay",
        "udelay",
        "millis",
        "elapsed_millis",
        "freq",
        "unique_id",
        "disable_irq",
        "enable_irq",
        "wfi",
        "usb_mode",
    ),
    "audio": ("init", "start_streaming", "stop_streaming"),
    "imu": ("acceleration_mg", "angular_rate_mdps", "temperature_c", "roll", "pitch", "reset"),
    "lcd": ("init", "deinit", "display", "clear", "set_backlight"),
    "tv": ("init", "deinit", "display", "channel"),
    "vfs": ("mount", "umount"),
    "fir": ("init", "deinit", "read_ta", "read_ir"),
}
_CONSTANTS: dict[str, dict[str, Any]] = {
    "network": {"STA_IF": 0, "AP_IF": 1, "WINC": 0},
    "machine": {"PWRON_RESET": 1, "SOFT_RESET": 4},
    "display": {"TFT_8_BIT": 0},
}
MEASURED_ABSENT = ("display", "network", "audio", "imu", "fir", "pyb", "protocol")
"""Modules that the measured build lacks and the camera has."""


class Stub(NativeObject):
    """An object of the hardware that answers every method with nothing."""

    __slots__ = ("functions", "name", "rt", "world")

    def __init__(
        self,
        world: World,
        rt: Runtime,
        name: str,
        size: int = 16,
        functions: dict[str, Callable[..., Any]] | None = None,
    ) -> None:
        super().__init__()
        self.world = world
        self.rt = rt
        self.name = name
        self.functions = functions or {}
        self.blocks = (rt.make.alloc(size, name),) if size else ()

    @property
    def type_name(self) -> str:
        """Name of its type."""
        return self.name

    @property
    def methods(self) -> dict[str, Any]:  # type: ignore[override]
        """No table: every name is a method."""
        return {
            "__call__": lambda _stub, *_values, **_names: 0,
            "__enter__": lambda stub: stub,
            "__exit__": lambda *_: False,
        }

    def get(self, name: str) -> Any:
        """Constants are numbers, anything else a function without result."""
        if name in self.functions:
            return Native(name, self.functions[name])
        return _anything(self.world, self.name, name)


_PIN = "Pin"
"""Its objects are in flash (micropython ports/mimxrt/machine_pin.c): making one and setting it asks for nothing."""
_FREE_OF_CHARGE = frozenset(
    (
        *("Pin.on", "Pin.off", "Pin.toggle", "Pin.value", "Pin.init", "Pin.high", "Pin.low", "Pin.mode", "Pin.pull"),
        *("machine.idle", "machine.disable_irq", "machine.enable_irq", "machine.lightsleep", "pyb.wfi"),
        *("pyb.disable_irq", "pyb.enable_irq"),
    )
)


def _anything(world: World, owner: str, name: str) -> Any:
    if name.isupper():
        return sum(map(ord, name)) % 64
    result = 0 if name in ("value", "any", "read", "read_u16", "millis", "isconnected", "state", "intensity") else None
    full = f"{owner}.{name}"

    def call(*_values: Any, **_names: Any) -> Any:
        if full not in _FREE_OF_CHARGE:
            world.lacks(f"{full}()")
        return result

    return Native(full, call)


class _Constants(dict[str, Any]):
    """Statics of a stub type: any constant in capitals exists."""

    def get(self, name: Any, default: Any = None) -> Any:
        if name.isupper():
            return sum(map(ord, name)) % 64
        return super().get(name, default)


def stub_type(rt: Runtime, world: World, name: str) -> NativeType:
    """A type whose objects do nothing."""

    def make(*_values: Any, **_names: Any) -> Stub:
        if name == _PIN:
            return Stub(world, rt, name, 0)
        world.lacks(f"{name}()")
        return Stub(world, rt, name)

    return NativeType(name, make, (Stub,), _Constants())


def stub_module(rt: Runtime, world: World, name: str) -> Module:
    """A module of hardware that is not simulated."""
    names: dict[str, Any] = {each: stub_type(rt, world, each) for each in _TYPES.get(name, ())}
    for each in _FUNCTIONS.get(name, ()):
        names[each] = _anything(world, name, each)
    names.update(_CONSTANTS.get(name, {}))
    if name == "pyb":
        names["delay"] = Native("delay", lambda ms: world.sleep_us(int(ms) * 1000))
        names["udelay"] = Native("udelay", world.sleep_us)
        names["millis"] = Native("millis", lambda: world.now_us // 1000)
        names["elapsed_millis"] = Native("elapsed_millis", lambda start: world.now_us // 1000 - int(start))
    if name in ("machine", "pyb"):
        for each in ("reset", "bootloader", "deepsleep", "soft_reset", "hard_reset", "standby", "stop"):
            names[each] = Native(each, _stop)
    return Module(name, names)


def _stop(*_values: Any, **_names: Any) -> None:
    raise ScriptStopped


STUBS = tuple(_TYPES)
