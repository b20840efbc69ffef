"""``machine.Timer`` and ``WDT`` (extmod/machine_timer.c, machine_wdt.c and the files of the port)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import ScriptOver
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import Obj, Sentinel
from omvsim.numerals.single import single
from omvsim.standard.arguments import given, parse_ints
from omvsim.world.clock import Alarm, Clock, call_protected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

TIMER_OBJECT: Final = 32
"""``soft_timer_entry_t``."""
ONE_SHOT, PERIODIC = 1, 2
LONGEST: Final = 0x40000000


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
WDT: Final = NativeType("WDT", Wdt, _new_wdt)

__all__ = ["TIMER", "WDT", "Timer", "Wdt"]
