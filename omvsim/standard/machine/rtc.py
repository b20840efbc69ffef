"""``machine.RTC``: the calendar and its alarm (ports/mimxrt/machine_rtc.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.types.sequences import fixed
from omvsim.micropython.values import Obj
from omvsim.standard.arguments import given
from omvsim.standard.calendar import date_of, seconds_of
from omvsim.standard.machine.irq import Irq
from omvsim.standard.streams import raise_os_error
from omvsim.world.clock import Alarm, Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

ENODEV: Final = 19
DATE_PARTS: Final = 8
IRQ_OBJECT: Final = 20
"""``machine_rtc_irq_obj_t``: an ``mp_irq_obj_t``."""
SECOND: Final = 1_000_000
"""Microseconds."""
MILLI: Final = 1000


class RtcAlarm:
    """The alarm of a machine: the second it is due, and after how many it comes again. Who hears it is its ``irq``."""

    def __init__(self) -> None:
        self.due = 0
        self.every = 0
        self.irq: Irq | None = None
        self._alarm: Alarm | None = None

    def set(self, vm: Machine, seconds: int, *, repeat: bool) -> None:
        """``machine_rtc_alarm_helper``: so many seconds from now."""
        self.due = vm.part(Clock).seconds() + seconds
        self.every = seconds if repeat else 0
        self.arm(vm)

    def off(self, vm: Machine) -> None:
        """``machine_rtc_alarm_off(true)``."""
        self.due = self.every = 0
        self.arm(vm)

    def arm(self, vm: Machine) -> None:
        """Let the clock ring when the calendar gets there, if anybody hears it."""
        clock = vm.part(Clock)
        if self._alarm in clock.alarms:
            clock.alarms.remove(self._alarm)
        self._alarm = None
        if self.due >= max(1, clock.seconds()) and self.irq is not None:  # a moment that has gone by never comes
            self._alarm = Alarm((self.due - clock.calendar) * SECOND, lambda: self._ring(vm))
            clock.alarms.append(self._alarm)

    def _ring(self, vm: Machine) -> int | None:
        """``SNVS_HP_WRAPPER_IRQHandler``."""
        alarm = self._alarm
        if self.irq is not None:
            self.irq.ring(vm)
        if self._alarm is not alarm or alarm is None:  # the handler set another
            return None
        if not self.every:
            self._alarm = None
            return None
        self.due += self.every
        return alarm.due + self.every * SECOND

    def triggers(self, vm: Machine) -> int:
        """``machine_rtc_irq_info``."""
        return 0

    def set_trigger(self, vm: Machine, trigger: int) -> None:
        """``machine_rtc_irq_trigger``: milliseconds after which it rings again and again."""
        if seconds := trigger // MILLI:
            self.set(vm, seconds, repeat=True)
        else:
            self.off(vm)

    def left(self, now: int) -> int:
        """Seconds until it."""
        if self.every and now >= self.due:
            self.due += ((now - self.due) // self.every + 1) * self.every
        return max(0, self.due - now)


class Rtc(Obj):
    """The calendar, which is that of :class:`omvsim.world.clock.Clock`."""

    __slots__ = ()
    type_name: ClassVar[str] = "RTC"

    def __init__(self) -> None:
        self.address = 0

    @method("datetime", 1, 2)
    def datetime(self, vm: Machine, *date: Value) -> Value:
        """Year, month, day, weekday, hour, minute, second and, from 1.28 on, microseconds."""
        if date:
            _set_clock(vm, date[0], 4)
            return None
        clock = vm.part(Clock)
        clock.look()
        found = date_of(clock.seconds())
        vm.stand_in("machine.RTC.datetime()", "counted from the date at power-up when no clock was ever set")
        micros = clock.now % SECOND if vm.dialect.rtc_has_microseconds else 0
        day = (found.year, found.month, found.day, found.weekday)
        return vm.new_tuple((*day, found.hour, found.minute, found.second, micros))

    @method("init", 2)
    def init(self, vm: Machine, date: Value) -> Value:
        """Set it; the hour is the fourth part up to 1.26."""
        _set_clock(vm, date, 4 if vm.dialect.rtc_has_microseconds else 3)
        return None

    @method("calibration", 2)
    def calibration(self, vm: Machine, value: Value) -> Value:
        """Nobody notices."""
        if not -16 <= vm.int_of(value) <= 15:
            vm.raise_value("value out of range -16 to 15")
        return None

    @method("alarm", 1, None, keywords=True)
    def alarm(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Set the one alarm: so many milliseconds from now, in whole seconds, or at a date."""
        number, time, repeat = vm.parse_keywords(args, kwargs, ("id", "time", "repeat"), 0, 2)
        if vm.int_of(given(number, 0)) != 0:
            raise_os_error(vm, ENODEV)
        repeats, wanted = vm.truth(given(repeat, False)), given(time, None)
        alarm = vm.part(RtcAlarm)
        if isinstance(wanted, tuple_.Tuple):
            if repeats:
                vm.raise_value("invalid argument(s) value")
            due = _date(vm, wanted, 4)
            if due <= vm.part(Clock).seconds():
                vm.raise_value()
            alarm.due = due
            alarm.arm(vm)
        else:
            alarm.set(vm, 0 if wanted is None else int(vm.int_of(wanted) / MILLI), repeat=repeats)
        return None

    @method("alarm_left", 1, 2)
    def alarm_left(self, vm: Machine, *number: Value) -> Value:
        """Milliseconds until it."""
        if number and vm.int_of(number[0]) != 0:
            raise_os_error(vm, ENODEV)
        return vm.new_int(vm.part(RtcAlarm).left(vm.part(Clock).seconds()) * MILLI)

    @method("alarm_cancel", 1, 2)
    def alarm_cancel(self, vm: Machine, *which: Value) -> Value:
        """No alarm."""
        if which and vm.int_of(which[0]) != 0:
            raise_os_error(vm, ENODEV)
        vm.part(RtcAlarm).off(vm)
        return None

    @method("irq", 1, None, keywords=True)
    def irq(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Who hears the alarm; the object is made once, and whether it is hard is said then."""
        trigger, handler, wake, hard = vm.parse_keywords(args, kwargs, ("trigger", "handler", "wake", "hard"), 0, 0)
        number, _, is_hard = vm.int_of(given(trigger, 0)), vm.int_of(given(wake, 0)), vm.truth(given(hard, False))
        if number != 0:
            raise_os_error(vm, ENODEV)
        alarm = vm.part(RtcAlarm)
        if alarm.irq is None:
            alarm.irq = Irq(vm.memory, vm.memory.alloc(IRQ_OBJECT), self, alarm)
            alarm.irq.hard = is_hard
        alarm.irq.handler = given(handler, None)
        alarm.arm(vm)
        return alarm.irq


def _set_clock(vm: Machine, date: Value, hour_at: int) -> None:
    """``machine_rtc_datetime_helper``."""
    seconds = _date(vm, date, hour_at)
    clock = vm.part(Clock)
    clock.calendar = seconds - clock.now // SECOND
    vm.part(RtcAlarm).arm(vm)


def _date(vm: Machine, date: Value, hour_at: int) -> int:
    """A date's seconds."""
    items = fixed(vm, date, DATE_PARTS)
    year, month, day = (vm.int_of(item) for item in items[:3])
    hour, minute, second = (vm.int_of(item) for item in items[hour_at : hour_at + 3])
    if not vm.dialect.rtc_has_microseconds:
        year = year if year >= 100 else year + 2000
        if not (1970 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
            vm.raise_value()
    return seconds_of(year, month, day, hour, minute, second)


THE_RTC: Final = Rtc()


def _new_rtc(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 0, keywords=False)
    return THE_RTC


RTC: Final = NativeType("RTC", Rtc, _new_rtc, constants={"ALARM0": 0})
RTC.locals["cancel"] = RTC.locals["alarm_cancel"]

__all__ = ["RTC", "Rtc"]
