"""``machine.Timer``, ``RTC`` and ``WDT`` (extmod/machine_timer.c, machine_wdt.c and the files of the port)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import ScriptOver
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import Obj, Sentinel
from omvsim.numerals.single import single
from omvsim.standard.arguments import given, parse_ints
from omvsim.standard.calendar import date_of, seconds_of
from omvsim.standard.streams import raise_os_error
from omvsim.world.clock import Alarm, Clock, call_protected
from omvsim.world.unknown import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

TIMER_OBJECT: Final = 32
"""``soft_timer_entry_t``."""
ONE_SHOT, PERIODIC = 1, 2
LONGEST: Final = 0x40000000
ENODEV: Final = 19
DATE_PARTS: Final = 8


class Timer(Obj):
    """A software timer: its callback runs when its time has come and the interpreter gets to it."""

    __slots__ = ("alarm", "callback", "hard", "mode", "period")
    type_name: ClassVar[str] = "Timer"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.mode = PERIODIC
        self.period = 1000
        self.callback: Value = None
        self.hard = False
        self.alarm: Alarm | None = None

    def configure(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        """``machine_timer_init_helper``."""
        names = ["mode", "callback", "period", "tick_hz", "freq"]
        if vm.dialect.hard_timers:
            names.append("hard")
        found = dict(zip(names, vm.parse_keywords(args, kwargs, names, 0, 0), strict=True))
        mode = vm.int_of(given(found["mode"], PERIODIC))
        period = -1 if isinstance(found["period"], Sentinel) else vm.int_of(found["period"])
        tick_hertz = vm.int_of(given(found["tick_hz"], 1000))
        self.mode = mode
        self.hard = vm.truth(given(found.get("hard", False), False))
        wanted = self.period
        frequency = given(found["freq"], None)
        if frequency is not None:
            wanted = int(single(1000.0 / (vm.float_of(frequency) or 1e-9)))
        elif period != -1:
            wanted = (period & 0xFFFFFFFF) * 1000 // (tick_hertz or 1)
        if wanted >= LONGEST:
            vm.raise_value("period too large")
        self.period = max(1, wanted)
        if not isinstance(found["callback"], Sentinel):
            self.callback = found["callback"]
        if self.callback is not None:
            self._insert(vm)

    def _insert(self, vm: Machine) -> None:
        clock = vm.part(Clock)
        self.alarm = Alarm(clock.now + self.period * 1000, lambda: self._expire(vm))
        clock.alarms.append(self.alarm)

    def _expire(self, vm: Machine) -> int | None:
        """``soft_timer_handler``, then what was scheduled."""
        alarm = self.alarm
        assert alarm is not None
        due = alarm.due
        heap = vm.memory.heap
        heap.lock_depth += self.hard
        try:
            call_protected(vm, self.callback, self)
        finally:
            heap.lock_depth -= self.hard
        return due + self.period * 1000 if self.mode == PERIODIC and self.alarm is alarm else None

    def remove(self, vm: Machine) -> None:
        """``soft_timer_remove``."""
        alarms = vm.part(Clock).alarms
        if self.alarm in alarms:
            alarms.remove(self.alarm)
        self.alarm = None

    @method("init", 1, None, keywords=True)
    def init(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Start it anew."""
        self.remove(vm)
        self.configure(vm, args, kwargs)
        return None

    @method("deinit", 1)
    def deinit(self, vm: Machine) -> Value:
        """Stop it."""
        self.remove(vm)
        return None

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Mode and period."""
        mode = "ONE_SHOT" if self.mode == ONE_SHOT else "PERIODIC"
        out(f"Timer(mode={mode}, period={self.period})")


def _new_timer(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    made = Timer(vm.memory, vm.memory.alloc(TIMER_OBJECT))
    if args and vm.int_of(args[0]) != -1:
        vm.raise_value("Timer doesn't exist")
    if len(args) > 1 or kwargs:
        made.configure(vm, args[1:], kwargs)
    return made


MILLI: Final = 1000


class RtcAlarm:
    """The alarm of a machine: the second it is due, and after how many it comes again; nobody hears it."""

    def __init__(self) -> None:
        self.due = 0
        self.every = 0

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
        micros = clock.now % 1_000_000 if vm.dialect.rtc_has_microseconds else 0
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
        else:
            seconds = 0 if wanted is None else int(vm.int_of(wanted) / MILLI)
            alarm.due = vm.part(Clock).seconds() + seconds
            alarm.every = seconds if repeats else 0
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
        vm.part(RtcAlarm).due = vm.part(RtcAlarm).every = 0
        return None


def _set_clock(vm: Machine, date: Value, hour_at: int) -> None:
    """``machine_rtc_datetime_helper``."""
    seconds = _date(vm, date, hour_at)
    clock = vm.part(Clock)
    clock.calendar = seconds - clock.now // 1_000_000


def _date(vm: Machine, date: Value, hour_at: int) -> int:
    """A date's seconds."""
    if not isinstance(date, Obj) or date.type_name not in ("tuple", "list"):
        vm.raise_type("object '%s' isn't a tuple or list", vm.type_name(date))
    items = vm.sequence(date)
    if len(items) != DATE_PARTS:
        vm.raise_value("requested length %d but object has length %d", DATE_PARTS, len(items))
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


class Wdt(Obj):
    """The watchdog: once started, the camera restarts when it is not fed in time."""

    __slots__ = ()
    type_name: ClassVar[str] = "WDT"

    def __init__(self) -> None:
        self.address = 0

    @method("feed", 1)
    def feed(self, vm: Machine) -> Value:
        """Not yet."""
        _wind(vm, vm.part(Watchdog).microseconds)
        return None

    @method("timeout_ms", 2)
    def timeout_ms(self, vm: Machine, timeout: Value) -> Value:
        """Another time."""
        _wind(vm, _watchdog_time(vm.int_of(timeout)))
        return None


class Watchdog:
    """The one of a machine."""

    def __init__(self) -> None:
        self.alarm: Alarm | None = None
        self.microseconds = 0


def _watchdog_time(milliseconds: int) -> int:
    """Microseconds: half seconds, one at least and 256 at most."""
    return max(500, min(128_000, milliseconds)) // 500 * 500_000


def _wind(vm: Machine, microseconds: int) -> None:
    watchdog, clock = vm.part(Watchdog), vm.part(Clock)
    watchdog.microseconds = microseconds
    if watchdog.alarm is None:
        watchdog.alarm = Alarm(0, _bark)
        clock.alarms.append(watchdog.alarm)
    watchdog.alarm.due = clock.now + microseconds


def _bark() -> int | None:
    raise ScriptOver("the watchdog was not fed in time: the camera restarts")


THE_WDT: Final = Wdt()


def _new_wdt(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    found = parse_ints(vm, args, kwargs, {"id": 0, "timeout": 5000})
    if found["id"] != 0:
        vm.raise_value("WDT(%d) doesn't exist", found["id"])
    _wind(vm, _watchdog_time(found["timeout"]))
    return THE_WDT


TIMER: Final = NativeType("Timer", Timer, _new_timer, constants={"ONE_SHOT": ONE_SHOT, "PERIODIC": PERIODIC})
RTC: Final = NativeType(
    "RTC",
    Rtc,
    _new_rtc,
    constants={"ALARM0": 0, **{n: unknown(f"machine.RTC.{n}") for n in ("irq",)}},
)
RTC.locals["cancel"] = RTC.locals["alarm_cancel"]
WDT: Final = NativeType("WDT", Wdt, _new_wdt)

__all__ = ["RTC", "TIMER", "WDT", "Rtc", "Timer", "Wdt"]
