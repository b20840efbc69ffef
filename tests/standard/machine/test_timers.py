"""Timers, calendar and watchdog on the one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import ScriptOver
from omvsim.world.clock import Alarm, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

IMPORT = "from machine import *\nimport time\nn = 0\ndef count(t):\n    global n\n    n += 1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t = Timer(period=10, callback=count)\ntime.sleep_ms(200)\nprint(n)", "20"),
        ("t = Timer(mode=Timer.ONE_SHOT, period=10, callback=count)\ntime.sleep_ms(200)\nprint(n)", "1"),
        ("t = Timer(freq=50, callback=count)\ntime.sleep(1)\nprint(n, t)", "50 Timer(mode=PERIODIC, period=20)"),
        ("t = Timer(period=10, callback=count)\ntime.sleep_ms(50)\nt.deinit()\ntime.sleep_ms(90)\nprint(n)", "5"),
        ("t = Timer()\nt.init(period=10, callback=count)\nt.init(period=30)\ntime.sleep_ms(90)\nprint(n)", "3"),
        ("t = Timer(period=50, callback=count)\nwhile n < 3:\n    idle()\nprint(n)", "3"),
        ("t = Timer(period=7, callback=lambda t: t.deinit())\ntime.sleep_ms(90)\nprint(t)", None),
    ],
)
def test_callbacks(run: Callable[..., Run], text: str, expected: str | None) -> None:
    """They run while the script waits."""
    assert run(IMPORT + text).printed == (expected or "Timer(mode=PERIODIC, period=7)") + "\n"


def test_a_callback_that_raises_is_printed(run: Callable[..., Run]) -> None:
    """And the timer goes on."""
    done = run(IMPORT + "t = Timer(period=60, callback=lambda t: 1 // 0)\ntime.sleep_ms(130)\nprint('on')")
    assert done.printed.count("ZeroDivisionError: divide by zero") == 2
    assert done.printed.endswith("on\n")


def test_hard_callback_cannot_allocate(run: Callable[..., Run]) -> None:
    """MicroPython 1.28: it runs while the heap is locked; 1.26 has no such argument."""
    text = IMPORT + "t = Timer(period=60, hard=True, callback=lambda t: [t])\ntime.sleep_ms(70)"
    assert "MemoryError: \n" in run(text, "5.0.0").printed
    assert run(text, "4.8.1").printed.endswith("TypeError: extra keyword arguments given\n")


def test_calendar(run: Callable[..., Run]) -> None:
    """A camera whose clock nobody set starts in 2013; ``init`` of 1.26 wants the hour fourth."""
    assert run(IMPORT + "print(RTC().datetime()[:6])").printed == "(2013, 10, 14, 0, 19, 53)\n"
    text = "r = RTC()\nr.datetime((2026, 3, 1, 0, 12, 30, 15, 0))\nprint(r.datetime()[:7], time.localtime()[:6])"
    assert run(IMPORT + text).printed == "(2026, 3, 1, 6, 12, 30, 15) (2026, 3, 1, 12, 30, 15)\n"
    text = "r = RTC()\nr.init((21, 3, 1, 7, 30, 15, 0, 0))\nprint(r.datetime()[:7])"
    assert run(IMPORT + text).printed == "(2021, 3, 1, 0, 7, 30, 15)\n"
    assert run(IMPORT + "RTC().datetime((1, 2))").printed.splitlines()[-1] == (
        "ValueError: requested length 8 but object has length 2"
    )
    asked = run(IMPORT + "RTC().datetime()").asked
    assert asked[-1] == ("alloc", 40)


def test_watchdog(run: Callable[..., Run]) -> None:
    """Not fed in time, the camera restarts, whatever the script would catch."""
    run(IMPORT + "w = WDT(timeout=2000)\nfor i in range(9):\n    time.sleep(1)\n    w.feed()")
    with pytest.raises(ScriptOver):
        run(IMPORT + "w = WDT(timeout=2000)\ntry:\n    time.sleep(3)\nexcept:\n    pass")
    for text in ("reset()", "deepsleep(10)"):
        with pytest.raises(ScriptOver):
            run(IMPORT + f"try:\n    {text}\nexcept:\n    pass")


def test_clock_rings_in_order_and_never_within() -> None:
    """What is due while something rings comes after it."""
    clock = Clock()
    heard: list[tuple[str, int]] = []

    def first() -> int | None:
        heard.append(("first", clock.now))
        clock.wait(1000)
        return None

    clock.alarms = [
        Alarm(clock.now + 20, lambda: heard.append(("second", clock.now))),  # type: ignore[func-returns-value]
        Alarm(clock.now + 10, first),
    ]
    start = clock.now
    clock.wait(100)
    assert heard == [("first", start + 10), ("second", start + 1010)]
    assert clock.now == start + 1010
    assert not clock.alarms


def test_the_alarm_of_the_calendar(run: Callable[..., Run]) -> None:
    """Whole seconds; again and again where it repeats; cancelled it is nowhere."""
    text = (
        "from machine import RTC\nimport time\nr = RTC()\nr.alarm(r.ALARM0, 5900)\n"
        "print(r.alarm_left())\ntime.sleep(2)\n"
        "print(r.alarm_left(0))\ntime.sleep(4)\nprint(r.alarm_left())\nr.alarm(0, 3000, repeat=True)\ntime.sleep(4)\n"
        "print(r.alarm_left())\nr.alarm_cancel()\nprint(r.alarm_left())\n"
        "for f in (lambda: r.alarm(1, 1), lambda: r.alarm_left(2),\n"
        "          lambda: r.alarm(0, (2014, 1, 1, 0, 0, 0, 0, 0), repeat=1)):\n"
        "    try:\n        f()\n    except (OSError, ValueError) as e:\n        print(e)\n"
    )
    assert run(text).printed.splitlines() == [
        *("5000", "3000", "0", "2000", "0"),
        *("[Errno 19] ENODEV", "[Errno 19] ENODEV", "invalid argument(s) value"),
    ]


def test_an_alarm_at_a_date(run: Callable[..., Run]) -> None:
    text = (
        "from machine import RTC\nr = RTC()\nr.datetime((2024, 5, 1, 0, 13, 0, 0, 0))\n"
        "r.alarm(0, (2024, 5, 1, 0, 13, 0, 30, 0))\nprint(r.alarm_left())\n"
        "try:\n    r.alarm(0, (2024, 5, 1, 0, 12, 0, 30, 0))\nexcept ValueError as e:\n    print(repr(e))\n"
    )
    assert run(text).printed == "30000\nValueError()\n"
