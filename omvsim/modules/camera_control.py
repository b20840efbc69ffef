"""Settings of ``sensor`` and ``csi`` that go to the sensor: levels, gains, exposure, registers (modules/py_csi.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image.arguments import fixed
from omvsim.micropython.errors import Error
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import Sentinel
from omvsim.modules import ov5640
from omvsim.modules.chip import INVALID_ARGUMENT, fail
from omvsim.numerals.single import single
from omvsim.world.camera_names import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.modules.chip import Chip
    from omvsim.world.world import CameraMachine

_GAIN_CEILINGS: Final = (2, 4, 8, 16, 32, 64, 128)
_GAIN_BITS, _COLOUR_BITS = 10, 12
_MOST_QUALITY: Final = 100


class Control:
    """The functions on one machine."""

    def __init__(self, vm: CameraMachine, chip: Chip) -> None:
        self.vm = vm
        self.chip = chip

    def level(self, name: str) -> Callable[[Value], Value]:
        """``set_contrast`` and the like: False where the driver refuses."""

        def set_(value: Value) -> Value:
            return abs(self.vm.int_of(value)) <= ov5640.LEVELS[name]

        return set_

    def set_gainceiling(self, value: Value) -> Value:
        """``set_gainceiling``."""
        ceiling = self.vm.int_of(value)
        if ceiling not in _GAIN_CEILINGS:
            fail(self.vm, INVALID_ARGUMENT)
        return ceiling <= ov5640.HIGHEST_GAIN

    def set_quality(self, value: Value) -> Value:
        """``set_quality``."""
        if not 0 <= self.vm.int_of(value) <= _MOST_QUALITY:
            self.vm.error(Error.OS, "Operation not supported")
        return True

    def set_colorbar(self, value: Value) -> Value:
        """``set_colorbar``."""
        self.vm.truth(value)
        return True

    def set_special_effect(self, value: Value) -> Value:
        """``set_special_effect``."""
        names = table("sensor", self.vm.release.base)
        return self.vm.int_of(value) in [names.get(name) for name in ov5640.EFFECTS]

    def set_lens_correction(self, enable: Value, radius: Value, coefficient: Value) -> Value:
        """``set_lens_correction``."""
        self.chip.switches["lens_correction"] = self.vm.truth(enable)
        self.vm.int_of(radius)
        self.vm.int_of(coefficient)
        return True

    def _float(self, value: Value | Sentinel) -> float | None:
        return None if isinstance(value, Sentinel) or value is None else self.vm.float_of(value)

    def set_auto_gain(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``set_auto_gain``: fixed where it is off and a gain is given."""
        vm = self.vm
        enable = vm.int_of(args[0])
        gain, ceiling = vm.parse_keywords(args[1:], kwargs, ("gain_db", "gain_db_ceiling"), 0, 0)
        value = self._float(gain)
        self._float(ceiling)
        self.chip.gains.pop("gain", None)
        if not enable and value is not None and math.isfinite(value):
            self.chip.gains["gain"] = (_steps(value, 16, _GAIN_BITS) / 16,)
        return None

    def set_auto_whitebal(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``set_auto_whitebal``: fixed where it is off and three gains are given."""
        vm = self.vm
        enable = vm.int_of(args[0])
        (given,) = vm.parse_keywords(args[1:], kwargs, ("rgb_gain_db",), 0, 0)
        self.chip.gains.pop("rgb", None)
        if isinstance(given, Sentinel) or given is None:
            return None
        values = [vm.float_of(value) for value in fixed(vm, given, 3)]
        if not enable and all(map(math.isfinite, values)):
            self.chip.gains["rgb"] = tuple(_steps(value, 1, _COLOUR_BITS) for value in values)
        return None

    def set_auto_exposure(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``set_auto_exposure``: a fixed one that is longer than a frame makes frames longer."""
        vm = self.vm
        enable = vm.int_of(args[0])
        (given,) = vm.parse_keywords(args[1:], kwargs, ("exposure_us",), 0, 0)
        wanted = -1 if isinstance(given, Sentinel) else vm.int_of(given)
        if enable:
            self.chip.exposure_us = 0
        elif wanted >= 0:
            self.chip.exposure_us = wanted
        self.chip.switches["fixed_exposure"] = not enable and wanted >= 0
        return None

    def get_gain_db(self) -> Value:
        """``get_gain_db``."""
        own = self.chip.gains.get("gain")
        if own is None:
            self.vm.stand_in("sensor.get_gain_db", "0 dB unless a script fixed it")
        return self.vm.new_float(_decibels(own[0] if own else 1.0))

    def get_rgb_gain_db(self) -> Value:
        """``get_rgb_gain_db``."""
        own = self.chip.gains.get("rgb")
        if own is None:
            self.vm.stand_in("sensor.get_rgb_gain_db", "0 dB unless a script fixed it")
        return new_tuple(self.vm, [self.vm.new_float(_decibels(each)) for each in own or (1.0, 1.0, 1.0)])

    def get_exposure_us(self) -> Value:
        """``get_exposure_us``: whole lines; what the sensor chooses itself is a stand-in."""
        buffer = self.chip.buffer(self.vm)
        if not self.chip.switches.get("fixed_exposure") or buffer.pixel_format is None:
            self.vm.stand_in("sensor.get_exposure_us", "10 000 µs unless a script fixed it")
            return 10_000
        timing, clocks = self.chip.timing(self.vm), ov5640.CLOCK_HERTZ // 1_000_000
        lines = min(self.chip.exposure_us * clocks // timing.line, 0xFFFF, timing.lines)
        return lines * timing.line // clocks

    def set_auto_blc(self, args: Sequence[Value], kwargs: Keywords) -> Value:
        """``set_auto_blc``."""
        vm = self.vm
        enable, given = vm.parse_keywords(args, kwargs, ("enable", "regs"), 1, 2)
        assert not isinstance(enable, Sentinel)
        self.chip.switches["auto_blc"] = bool(vm.int_of(enable))
        if not isinstance(given, Sentinel) and given is not None:
            for value in fixed(vm, given, ov5640.BLACK_LEVELS):
                vm.int_of(value)
        return None

    def get_blc_regs(self) -> Value:
        """``get_blc_regs``."""
        self.vm.stand_in("sensor.get_blc_regs", "zeros")
        return self.vm.new_list([0] * ov5640.BLACK_LEVELS)

    def set_color_palette(self, number: Value) -> Value:
        """``set_color_palette``."""
        palettes = table("image", self.vm.release.base)
        number = self.vm.int_of(number)
        if number not in [value for name, value in palettes.items() if name.startswith("PALETTE_")]:
            fail(self.vm, INVALID_ARGUMENT)
        self.chip.palette = number
        return None

    def write_reg(self, address: Value, value: Value) -> Value:
        """``__write_reg``: what else it does to the sensor is not followed."""
        self.chip.registers[self.vm.int_of(address)] = self.vm.int_of(value) & 0xFF
        return None

    def read_reg(self, address: Value) -> Value:
        """``__read_reg``."""
        number = self.vm.int_of(address)
        if number not in self.chip.registers:
            self.vm.stand_in("sensor.__read_reg", "0 unless a script wrote the register")
        return self.chip.registers.get(number, 0)


def _steps(decibels: float, one: int, bits: int) -> int:
    """A gain as the register has it: rounded, and as many bits as there are (``__USAT``)."""
    try:
        wanted = single(math.exp(single(single(decibels / 20.0) * single(math.log(10))))) * one
    except OverflowError:
        wanted = float("inf")
    return int(min(max(wanted + 0.5, 0), (1 << bits) - 1))


def _decibels(gain: float) -> float:
    return single(20.0 * math.log10(gain)) if gain > 0 else -math.inf


__all__ = ["Control"]
