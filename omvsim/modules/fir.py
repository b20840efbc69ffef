"""``fir`` (modules/py_fir.c): thermal sensors on the bus of P4 and P5. None is there unless a world file says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image.arguments import parsed
from omvsim.image.scratch import scratch
from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, function
from omvsim.world.camera_names import built, table
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings
from omvsim.world.unknown import UnknownModule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.memory.requests import Block
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

BUS: Final = 1
"""``machine.I2C(1)``: LPI2C4, which is OMV_FIR_I2C_ID."""
NOT_READY: Final = "FIR sensor is not initialized"
SENSORS: Final = {1: "MLX90621", 2: "MLX90640", 3: "MLX90641", 4: "AMG8833"}
ADDRESSES: Final = {0x50: 1, 0x60: 1, 0x33: 2, 0x69: 4}
PARAMETERS: Final = {1: 824, 2: 4732, 3: 1648}
"""``paramsMLX9062x``: what a sensor's calibration is worked out into, on the heap."""
EEPROM: Final = {1: 256, 2: 1664, 3: 1664}
SCAN_US: Final = 112 * 90
"""A look at every address, at 100 kHz."""


class Calibration:
    """``MP_STATE_PORT(fir_mlx_data)``: stays until the next ``init`` or ``deinit``."""

    def __init__(self) -> None:
        self.block: Block | None = None


@function("deinit", 0)
def _deinit(vm: CameraMachine) -> Value:
    vm.part(Calibration).block = None
    return None


def _absent(vm: CameraMachine, kind: int) -> NoReturn:
    """Room for the calibration, twice room for the EEPROM, and no answer."""
    if kind in PARAMETERS:
        vm.part(Calibration).block = vm.memory.block(PARAMETERS[kind])
        for _ in range(2):
            with scratch(vm) as work:
                work.free(work.alloc(EEPROM[kind], FbHint.NO_HINT, UmaFlag.DTCM))
    _deinit.call(vm, (), ())
    vm.raise_value(f"Failed to init the {SENSORS[kind]}!")


@function("init", 0, None, keywords=True)
def _init(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    given = parsed(vm, args, kwargs, ("type", "refresh", "resolution"), 0, 1)
    kind, *_ = (vm.int_of(given.get(name, -1)) for name in ("type", "refresh", "resolution"))
    _deinit.call(vm, (), ())
    there = vm.part(Surroundings).i2c.get(BUS, {})
    if kind == -1:
        vm.part(Clock).wait(2 * SCAN_US)
    if any(where in ADDRESSES for where in there):
        raise Unknown("fir.init", "what a thermal sensor measures is not modelled")
    if kind in SENSORS:
        _absent(vm, kind)
    vm.raise_value("Failed to detect a supported FIR sensor.")
    return None


def _refused(name: str, least: int, names: tuple[str, ...] | None) -> NativeFunction:
    """What needs a sensor: none is ever ready."""

    def call(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        if names is not None:
            parsed(vm, args[least:], kwargs, names)
        vm.raise_value(NOT_READY)
        return None

    return NativeFunction(
        call, name, least, None if names is not None else least, keywords=names is not None, is_method=False
    )


_DRAWN: Final = ("x_scale", "y_scale", "roi", "rgb_channel", "alpha", "color_palette", "alpha_palette", "hint", "scale")
_TURNED: Final = ("hmirror", "vflip", "transpose")


def module(vm: CameraMachine) -> NativeModule:
    """``fir``; before 4.8.0 it had the Lepton as well, and is not modelled."""
    if not table("fir", vm.release.base):
        return UnknownModule("fir", {})
    functions = [_init, _deinit]
    for name in ("type", "width", "height", "refresh", "resolution", "read_ta"):
        functions.append(_plain(name))
    functions += [
        _refused("read_ir", 0, (*_TURNED, "timeout")),
        _refused("draw_ir", 2, ("x", "y", *_DRAWN)),
        _refused("snapshot", 0, (*_TURNED, *_DRAWN, "pixformat", "copy_to_fb", "timeout")),
    ]
    return NativeModule("fir", built(vm, "fir", {each.name: each for each in functions}))


def _plain(name: str) -> NativeFunction:
    def call(vm: CameraMachine) -> Value:
        vm.raise_value(NOT_READY)
        return None

    return NativeFunction(call, name, 0, 0, keywords=False, is_method=False)


__all__ = ["Calibration", "module"]
