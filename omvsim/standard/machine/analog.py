"""``machine.ADC`` and ``machine.PWM`` (extmod/machine_adc.c, machine_pwm.c and the files of the port)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Obj
from omvsim.standard.arguments import parse_ints
from omvsim.standard.machine.pads import ADC_PADS, BOARD, FLEX_PWM, TIMER_PWM
from omvsim.standard.machine.pin import OUT, Pin, find_pin
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

ADC_OBJECT: Final = 12
"""``machine_adc_obj_t``."""
PWM_OBJECT: Final = 52
"""``machine_pwm_obj_t``."""
MICROVOLTS: Final = 3_300_000
CONVERSION_US: Final = 2
FULL: Final = 65536
"""``PWM_FULL_SCALE``."""
PWM_CLOCK: Final = 150_000_000
"""``kCLOCK_IpgClk``."""
NOT_SET: Final = -1


class Adc(Obj):
    """A pin's voltage: what the surroundings say, else 0."""

    __slots__ = ("pin", "readings")
    type_name: ClassVar[str] = "ADC"

    def __init__(self, memory: Memory, address: int, pin: Pin) -> None:
        super().__init__(memory, address)
        self.pin = pin
        self.readings = 0

    def _reading(self, vm: Machine) -> int:
        vm.part(Clock).wait(CONVERSION_US)
        levels = vm.part(Surroundings).adc
        found = levels.get(self.pin.name) or levels.get(self.pin.pad)
        if not found:
            vm.stand_in(f"machine.ADC({self.pin.name!r})", "0: nothing is connected to the pin")
            return 0
        self.readings += 1
        return found[min(self.readings, len(found)) - 1]

    @method("read_u16", 1)
    def read_u16(self, vm: Machine) -> Value:
        """16 bits."""
        return self._reading(vm)

    @method("read_uv", 1)
    def read_uv(self, vm: Machine) -> Value:
        """Microvolts."""
        return vm.new_int(MICROVOLTS * self._reading(vm) // FULL)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Converter and channel."""
        out("ADC({}, channel={})".format(*ADC_PADS[self.pin.pad]))


def _new_adc(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 1, keywords=False)
    pin = find_pin(vm, args[0])
    if not pin.pad:
        raise Unknown(f"machine.ADC({pin.name!r})", "which pad that pin stands on is not known")
    if pin.pad not in ADC_PADS:
        vm.raise_value("Pin(%q) does not have ADC capabilities", pin.pad)
    return Adc(vm.memory, vm.memory.alloc(ADC_OBJECT), pin)


_SETTINGS: Final = ("freq", "duty_u16", "duty_ns", "center", "align", "invert", "sync", "xor", "deadtime")


class Pwm(Obj):
    """Pulses on a pin, or on a pair."""

    __slots__ = ("center", "deadtime", "duty_ns_", "duty_u16_", "freq_", "pins", "started", "sync")
    type_name: ClassVar[str] = "PWM"

    def __init__(self, memory: Memory, address: int, pins: tuple[Pin, ...]) -> None:
        super().__init__(memory, address)
        self.pins = pins
        self.freq_ = self.duty_u16_ = self.duty_ns_ = NOT_SET
        self.center, self.deadtime, self.sync = FULL // 2, 0, 0
        self.started = False

    def configure(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``mp_machine_pwm_init_helper``."""
        found = parse_ints(vm, args, kwargs, dict.fromkeys(_SETTINGS, NOT_SET), keyword_only=3)
        if not (args or kwargs) and self.started:
            return
        if found["freq"] > 0:
            self.freq_ = found["freq"]
        if found["duty_u16"] >= 0:
            self._duty(vm, found["duty_u16"])
        if found["duty_ns"] >= 0:
            self.duty_ns_, self.duty_u16_ = found["duty_ns"], NOT_SET
        if found["center"] > FULL:
            vm.raise_value("value larger than period")
        self._center(vm, found)
        submodule = FLEX_PWM.get(self.pins[0].pad, "0 0 A").split()[1]
        if found["sync"] >= 0:
            self.sync = int(found["sync"] != 0 and submodule != "0")
        self.deadtime = found["deadtime"] if found["deadtime"] >= 0 else self.deadtime
        self._start(vm)
        self.started = True

    def _center(self, vm: Machine, found: dict[str, int]) -> None:
        if found["center"] >= 0:
            self.center = found["center"]
            return
        duty = self.duty_u16_
        if duty == NOT_SET and self.duty_ns_ != NOT_SET:
            duty = self._from_ns(vm)
        if found["align"] >= 0 and NOT_SET not in (duty, self.freq_):
            self.center = {1: duty // 2, 2: FULL - duty // 2}.get(found["align"] & 3, FULL // 2)

    def _from_ns(self, vm: Machine) -> int:
        duty = (self.duty_ns_ * self.freq_ * FULL & 0xFFFFFFFFFFFFFFFF) // 1_000_000_000
        if duty > FULL:
            vm.raise_value("value larger than period")
        return duty

    def _duty(self, vm: Machine, duty: int) -> None:
        if duty > FULL:
            vm.raise_value("value larger than period")
        self.duty_u16_, self.duty_ns_ = duty, NOT_SET

    def _start(self, vm: Machine) -> None:
        """``configure_pwm``: it starts when frequency and duty are both there."""
        if self.freq_ == NOT_SET or (self.duty_u16_ == NOT_SET and self.duty_ns_ == NOT_SET):
            return
        if self.duty_ns_ != NOT_SET:
            self.duty_u16_ = self._from_ns(vm)
        if self.freq_ * FULL << 7 < PWM_CLOCK:
            vm.raise_value("PWM frequency too low")

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Other settings."""
        self.configure(vm, args, kwargs)
        return None

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Stop."""
        return None

    @method("freq", 1, 2)
    def freq(self, vm: Machine, *hertz: Value) -> Value:
        """Pulses a second."""
        if not hertz:
            return self.freq_
        self.freq_ = vm.int_of(hertz[0])
        self._start(vm)
        return None

    @method("duty_u16", 1, 2)
    def duty_u16(self, vm: Machine, *duty: Value) -> Value:
        """Share of the period, of 65536."""
        if not duty:
            return self.duty_u16_
        wanted = vm.int_of(duty[0])
        if wanted >= 0:
            self._duty(vm, wanted)
            self._start(vm)
        return None

    @method("duty_ns", 1, 2)
    def duty_ns(self, vm: Machine, *duty: Value) -> Value:
        """Nanoseconds of the period."""
        if not duty:
            return self.duty_ns_
        wanted = vm.int_of(duty[0])
        if wanted >= 0:
            self.duty_ns_, self.duty_u16_ = wanted, NOT_SET
            self._start(vm)
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """What makes the pulses, and their settings."""
        duty = f"duty_ns={self.duty_ns_}" if self.duty_ns_ != NOT_SET else f"duty_u16={self.duty_u16_}"
        pad = self.pins[0].pad
        if pad in FLEX_PWM:
            module, submodule, _ = FLEX_PWM[pad].split()
            channel = "/".join(FLEX_PWM[pin.pad].split()[2] for pin in self.pins)
            out(f"<FLEXPWM module={module} submodule={submodule} channel={channel} {duty}")
            out(f" freq={self.freq_} center={self.center}, deadtime={self.deadtime}, sync={self.sync}>")
        else:
            out("<QTMR_PWM module={} channel={} freq={} {}>".format(*TIMER_PWM[pad], self.freq_, duty))


def _new_pwm(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, None, keywords=True)
    wanted = vm.unpack(args[0], 2) if isinstance(args[0], tuple_.Tuple) else [args[0]]
    pins = tuple(find_pin(vm, each) for each in wanted)
    for pin in pins:
        if not pin.pad:
            raise Unknown(f"machine.PWM({pin.name!r})", "which pad that pin stands on is not known")
    if len(pins) > 1 and pins[1].pad not in FLEX_PWM:
        vm.raise_value("the second Pin doesn't support PWM")
    first = pins[0].pad
    if first not in FLEX_PWM and not (first in TIMER_PWM and pins[0].name in BOARD):
        vm.raise_value("the first Pin doesn't support PWM")
    if len(pins) > 1 and first in FLEX_PWM and FLEX_PWM[first][:3] != FLEX_PWM[pins[1].pad][:3]:
        vm.raise_value("the pins must be a A/B pair of a submodule")
    made = Pwm(vm.memory, vm.memory.alloc(PWM_OBJECT), pins)
    for pin in pins:
        pin.state(vm).mode = OUT
    made.configure(vm, args[1:], kwargs)
    return made


ADC: Final = NativeType("ADC", Adc, _new_adc)
PWM: Final = NativeType("PWM", Pwm, _new_pwm)

__all__ = ["ADC", "PWM", "Adc", "Pwm"]
