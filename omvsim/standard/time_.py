"""``time`` in ROM (extmod/modtime.c, ports/mimxrt/modtime.c), with OpenMV's clock (modules/py_clock.c). What a script
imports by this name is the frozen module around it: :mod:`omvsim.frozen`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Error
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import float_, int_
from omvsim.micropython.values import Obj
from omvsim.numerals.single import INFINITY, single, to_word
from omvsim.standard.calendar import date_of, seconds_of
from omvsim.world.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

PERIOD: Final = 1 << 30
"""``MICROPY_PY_TIME_TICKS_PERIOD``."""
CLOCK_OBJECT: Final = 16
"""``py_clock_obj_t``."""


@function("localtime", 0, 1)
def _localtime(vm: Machine, *when: Value) -> Value:
    if when and when[0] is not None:
        return vm.new_tuple(date_of(_seconds(vm, when[0])))
    return vm.new_tuple(date_of(vm.part(Clock).seconds()))


def _seconds(vm: Machine, value: Value) -> int:
    """``timeutils_obj_get_timestamp``."""
    return int_.int_value(value) if isinstance(value, int_.Int) else vm.int_of(value)


@function("mktime", 1)
def _mktime(vm: Machine, parts: Value) -> Value:
    items = vm.sequence(parts)
    if len(items) not in (8, 9):
        vm.raise_type("mktime needs a tuple of length 8 or 9")
    year, month, day, hour, minute, second = (vm.int_of(item) for item in items[:6])
    return int_.from_word(vm, seconds_of(year, month, day, hour, minute, second))


@function("time", 0)
def _time(vm: Machine) -> Value:
    """A big int, whatever it is (``timeutils_obj_from_timestamp``)."""
    return int_.from_word(vm, vm.part(Clock).seconds())


@function("time_ns", 0)
def _time_ns(vm: Machine) -> Value:
    clock = vm.part(Clock)
    return int_.from_word(vm, clock.calendar * 1_000_000_000 + clock.look() * 1000)


@function("sleep", 1)
def _sleep(vm: Machine, seconds: Value) -> Value:
    vm.part(Clock).wait((to_word(single(1000 * vm.float_of(seconds))) & 0xFFFFFFFF) * 1000)
    return None


@function("sleep_ms", 1)
def _sleep_ms(vm: Machine, count: Value) -> Value:
    vm.part(Clock).wait(vm.int_of(count) * 1000)
    return None


@function("sleep_us", 1)
def _sleep_us(vm: Machine, count: Value) -> Value:
    vm.part(Clock).wait(vm.int_of(count))
    return None


def ticks_ms_now(vm: Machine) -> int:
    """``ticks_ms()``."""
    return vm.part(Clock).look() // 1000 % PERIOD


@function("ticks_ms", 0)
def _ticks_ms(vm: Machine) -> Value:
    return ticks_ms_now(vm)


@function("ticks_us", 0)
def _ticks_us(vm: Machine) -> Value:
    return vm.part(Clock).look() % PERIOD


@function("ticks_cpu", 0)
def _ticks_cpu(vm: Machine) -> Value:
    clock = vm.part(Clock)
    return clock.look() * (clock.hertz // 1_000_000) % PERIOD


def ticks_between(end: int, start: int) -> int:
    """``ticks_diff``."""
    return (end - start + PERIOD // 2) % PERIOD - PERIOD // 2


@function("ticks_diff", 2)
def _ticks_diff(vm: Machine, end: Value, start: Value) -> Value:
    return ticks_between(vm.small_of(end), vm.small_of(start))


@function("ticks_add", 2)
def _ticks_add(vm: Machine, ticks: Value, delta: Value) -> Value:
    more = vm.int_of(delta)
    if not -PERIOD // 2 < more < PERIOD // 2:
        vm.error(Error.OVERFLOW, "ticks interval overflow")
    return (vm.small_of(ticks) + more) % PERIOD


class FrameClock(Obj):
    """``time.clock()``: milliseconds from ``tick()`` to ``fps()``."""

    __slots__ = ("frames", "start", "ticks")
    type_name: ClassVar[str] = "Clock"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.start = self.ticks = self.frames = 0

    @method("tick", 1)
    def tick(self, vm: Machine) -> Value:
        """A frame begins."""
        self.start = ticks_ms_now(vm)
        return None

    def _frame(self, vm: Machine) -> float:
        """Milliseconds a frame, this one counted."""
        self.frames += 1
        self.ticks += ticks_ms_now(vm) - self.start
        return single(single(float(self.ticks)) / self.frames)

    @method("fps", 1)
    def fps(self, vm: Machine) -> Value:
        """Frames a second so far."""
        average = self._frame(vm)
        return float_.new_float(vm, single(1000.0 / average) if average else INFINITY)

    @method("avg", 1)
    def avg(self, vm: Machine) -> Value:
        """Milliseconds a frame so far."""
        return float_.new_float(vm, self._frame(vm))

    @method("reset", 1)
    def reset(self, vm: Machine) -> Value:
        """Start over."""
        self.start = self.ticks = self.frames = 0
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Its three numbers and a line's end."""
        out(f"t_start:{self.start} t_ticks:{self.ticks} t_frame:{self.frames}\n")


def _new_clock(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Arguments are not looked at."""
    return FrameClock(vm.memory, vm.memory.alloc(CLOCK_OBJECT))


CLOCK: Final = NativeType("Clock", FrameClock, _new_clock)
_FUNCTIONS: Final = (
    _mktime,
    _time,
    _time_ns,
    _sleep,
    _sleep_ms,
    _sleep_us,
    _ticks_ms,
    _ticks_us,
    _ticks_cpu,
    _ticks_add,
    _ticks_diff,
)


def module(vm: Machine) -> NativeModule:
    """``time`` (``utime``)."""
    names: dict[str, Value] = {"gmtime": _localtime, "localtime": _localtime}
    return NativeModule("time", {**names, **{each.name: each for each in _FUNCTIONS}, "clock": CLOCK})


__all__ = ["CLOCK", "PERIOD", "FrameClock", "module", "ticks_between", "ticks_ms_now"]
