"""``ioctl`` of ``sensor`` and ``csi`` on an OV5640 (modules/py_csi.c, drivers/sensors/ov5640.c).

Requests that the driver does not know, those to other sensors, end in "Sensor control failed."; a number that is no
request, or one without its arguments, has texts of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.native import NativeFunction
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.modules import ov5640
from omvsim.modules.chip import CONTROL_FAILED, INVALID_ARGUMENT, UNSUPPORTED, fail
from omvsim.world.camera_names import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.values import Value
    from omvsim.modules.chip import Chip
    from omvsim.world.world import CameraMachine

_FOCUS: Final = frozenset({"TRIGGER_AUTO_FOCUS", "PAUSE_AUTO_FOCUS", "RESET_AUTO_FOCUS", "WAIT_ON_AUTO_FOCUS"})
LEAST: Final = {
    "SET_READOUT_WINDOW": 1,
    "SET_TRIGGERED_MODE": 1,
    "SET_FOV_WIDE": 1,
    "SET_NIGHT_MODE": 1,
    "LEPTON_RUN_COMMAND": 1,
    "LEPTON_SET_ATTRIBUTE": 2,
    "LEPTON_GET_ATTRIBUTE": 2,
    "LEPTON_SET_MODE": 1,
    "LEPTON_SET_MEASUREMENT_MODE": 1,
    "LEPTON_SET_RANGE": 2,
    "LEPTON_SET_MEASUREMENT_RANGE": 2,
    "GENX320_SET_BIASES": 1,
    "GENX320_SET_BIAS": 2,
    "GENX320_SET_AFK": 1,
    "GENX320_SET_STC": 1,
    "GENX320_SET_MODE": 1,
    "GENX320_READ_EVENTS": 1,
}
"""Arguments without which a request is not even made."""
ANY_SIZE: Final = "The tuple/list must either be (x, y, w, h) or (w, h)"
ANY_SIZE_CSI: Final = "Expected (w, h) or (x, y, w, h) tuple/list."


def request(vm: CameraMachine, chip: Chip, args: Sequence[Value], text: str = ANY_SIZE) -> Value:
    """``ioctl(request, …)``; ``text`` is the error of a readout window of another length."""
    names = {value: name for name, value in table("sensor", vm.release.base).items() if name.startswith("IOCTL_")}
    names |= {value: name for name, value in table("csi", vm.release.base).items() if name.startswith("IOCTL_")}
    name = names.get(vm.int_of(args[0]), "").removeprefix("IOCTL_")
    given = args[1:]
    if not name:
        fail(vm, UNSUPPORTED)
    if len(given) < LEAST.get(name, 0):
        fail(vm, INVALID_ARGUMENT)
    if name == "SET_READOUT_WINDOW":
        _set_readout(vm, chip, given[0], text)
        return None
    if name == "GET_READOUT_WINDOW":
        return new_tuple(vm, tuple(chip.readout))
    if name in _FOCUS:
        if name == "WAIT_ON_AUTO_FOCUS" and given:
            vm.int_of(given[0])
        return None
    if name == "SET_NIGHT_MODE":
        chip.switches["night_mode"] = bool(vm.int_of(given[0]))
        return None
    if name == "GET_NIGHT_MODE":
        return chip.switches.get("night_mode", False)
    return fail(vm, CONTROL_FAILED)


def _set_readout(vm: CameraMachine, chip: Chip, given: Value, text: str) -> None:
    """The window is kept inside the sensor and not smaller than the picture; the sensor is told anew."""
    values = vm.sequence(given)
    if len(values) not in (2, 4):
        vm.raise_value(text)
    numbers = [vm.int_of(value) for value in values]
    x, y, width, height = numbers if len(numbers) == 4 else (0, 0, *numbers)
    buffer = chip.buffer(vm)
    least = buffer.resolution if buffer.frame_size_name is not None else (0, 0)
    wide, high = (max(size, 0) for size in (width, height))
    wanted = ov5640.Readout(x, y, wide, high).at_least(*least)
    chip.capture.stop()
    chip.readout = wanted


def function(chip: Chip) -> NativeFunction:
    """``sensor.ioctl``."""

    def call(vm: CameraMachine, *args: Value) -> Value:
        return request(vm, chip, args)

    return NativeFunction(call, "ioctl", 1, 5, keywords=False, is_method=False)


__all__ = ["ANY_SIZE_CSI", "LEAST", "function", "request"]
