"""The camera's clock: virtual, it goes on when something takes time, and what is due then happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.running import print_exception
from omvsim.micropython.errors import Raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

READING: Final = 2
"""Microseconds that one look at the clock takes, so that a loop that waits for it ends."""
START: Final = 1_000_000
"""Microseconds since power-up when a script starts."""
EPOCH: Final = 1_381_780_391
"""Seconds from 1970 to 2013-10-14 19:53:11: what the camera's calendar shows at power-up when nobody set it
(ports/mimxrt/machine_rtc.c, machine_rtc_start)."""


class Alarm:
    """Something that happens at a time: ``ring`` is called then, and says when again (None: never)."""

    def __init__(self, due: int, ring: Callable[[], int | None]) -> None:
        self.due = due
        self.ring = ring


class Clock:
    """Microseconds since power-up."""

    def __init__(self) -> None:
        self.now = START
        self.hertz = 600_000_000
        """The processor's: the RT1062's until a board says another."""
        self.calendar = EPOCH
        """Seconds since 1970 at power-up."""
        self.alarms: list[Alarm] = []
        self._ringing = False
        self.watched: Callable[[], None] | None = None
        """Called when a script's course comes to depend on the time."""

    def told(self) -> None:
        """The time, or what it decides, reaches the script."""
        if self.watched is not None:
            self.watched()

    def look(self) -> int:
        """Microseconds now."""
        self.told()
        self.now += READING
        if self.alarms:
            self._ring(self.now)
        return self.now

    def wait(self, microseconds: int) -> None:
        """Let time pass."""
        end = self.now + max(0, microseconds)
        if self.alarms:
            self._ring(end)
        self.now = max(self.now, end)

    def _ring(self, end: int) -> None:
        """What is due until then, one after the other: while one is at work no other begins (``mp_sched_lock``)."""
        if self._ringing:
            return
        self.told()
        self._ringing = True
        try:
            while self.alarms:
                first = min(self.alarms, key=lambda alarm: alarm.due)
                if first.due > end:
                    break
                self.now = max(self.now, first.due)
                again = first.ring()
                if again is not None:
                    first.due = again
                elif first in self.alarms:
                    self.alarms.remove(first)
        finally:
            self._ringing = False

    def seconds(self) -> int:
        """Seconds since 1970."""
        self.told()
        return self.calendar + self.now // 1_000_000


def call_protected(vm: Machine, callback: Value, argument: Value) -> None:
    """``mp_call_function_1_protected``: what a callback raises is printed and forgotten (py/runtime_utils.c)."""
    try:
        vm.call(callback, (argument,))
    except Raised as raised:
        print_exception(vm, raised.value)


__all__ = ["EPOCH", "START", "Alarm", "Clock", "call_protected"]
