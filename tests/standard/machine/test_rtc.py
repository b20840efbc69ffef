"""``machine.RTC``'s alarm and who hears it (ports/mimxrt/machine_rtc.c, shared/runtime/mpirq.c; v1.26.0)."""

from __future__ import annotations

import pytest

from tests.bare_machine import Run

START = "from machine import RTC\nimport time\nr = RTC()\nheard = []\ndef f(x):\n    heard.append(x is r)\n"

HEARD = [
    ("r.irq(handler=f)\nr.alarm(0, 3000)\ntime.sleep(2)\nprint(heard)\ntime.sleep(2)\nprint(heard)", "[]\n[True]\n"),
    ("r.irq(handler=f)\nr.alarm(0, 2000, repeat=True)\ntime.sleep(7)\nprint(heard)", "[True, True, True]\n"),
    ("r.alarm(0, 2000)\nr.irq(handler=f)\ntime.sleep(3)\nprint(heard)", "[True]\n"),  # one that was set before
    ("r.alarm(0, 2000)\ntime.sleep(3)\nprint(heard, r.alarm_left())", "[] 0\n"),
    ("r.irq(handler=f)\nr.alarm(0, 2000)\nr.alarm_cancel()\ntime.sleep(3)\nprint(heard)", "[]\n"),
    ("r.irq(handler=f)\nr.alarm(0, 2000)\nr.irq(handler=None)\ntime.sleep(3)\nprint(heard)", "[]\n"),
    ("i = r.irq(handler=f)\ni.trigger(1500)\ntime.sleep(3)\nprint(len(heard))", "3\n"),  # whole seconds
    ("i = r.irq(handler=f)\ni.trigger(5000)\ni.trigger(999)\ntime.sleep(9)\nprint(heard, r.alarm_left())", "[] 0\n"),
    (
        "i = r.irq(handler=f)\nprint(i.flags(), i.trigger(), r.irq(handler=f) is i)\ni()\nprint(heard)",
        "0 0 True\n[True]\n",
    ),
    ("r.irq()()\nprint(heard)", "[]\n"),
    (
        "r.irq(handler=f)\nr.datetime((2030, 1, 1, 0, 0, 0, 0, 0))\nr.alarm(0, (2030, 1, 1, 0, 0, 0, 5, 0))\n"
        "print(r.alarm_left())\ntime.sleep(4)\nprint(heard)\ntime.sleep(2)\nprint(heard)",
        "5000\n[]\n[True]\n",
    ),
    (
        "r.irq(handler=f)\nr.alarm(0, 60000)\nd = list(r.datetime())\nd[4] += 1\nr.datetime(tuple(d))\n"
        "time.sleep(2)\nprint(heard)",
        "[]\n",  # the alarm is at a moment of the calendar, which has gone by
    ),
    (
        "def g(x):\n    heard.append(len(heard))\n    r.alarm(0, 1000 if len(heard) < 3 else 50000)\n"
        "r.irq(handler=g)\nr.alarm(0, 1000)\ntime.sleep(9)\nprint(heard)",
        "[0, 1, 2]\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), HEARD)
def test_who_hears_the_alarm(text: str, expected: str) -> None:
    assert Run(START + text).printed == expected


def test_what_a_handler_raises_is_printed_and_the_script_goes_on() -> None:
    text = START + "def g(x):\n    1 / 0\nr.irq(handler=g)\nr.alarm(0, 1000)\ntime.sleep(2)\nprint('on')"
    lines = Run(text).printed.splitlines()
    assert lines[-2:] == ["ZeroDivisionError: divide by zero", "on"]


def test_a_hard_handler_may_not_ask_for_memory_and_is_gone_when_it_raises() -> None:
    text = START + "def g(x):\n    bytearray(100)\ni = r.irq(handler=g, hard=True)\nr.alarm(0, 1000, repeat=True)\n"
    lines = Run(text + "time.sleep(5)\nprint(r.alarm_left())").printed.splitlines()
    assert lines[0] == "Uncaught exception in IRQ callback handler"
    assert "MemoryError: " in lines  # no room for its text either
    assert lines[-1] == "0"
    assert lines.count(lines[0]) == 1


ERRORS = [
    ("r.irq(1)", "TypeError: extra positional arguments given"),
    ("r.irq(trigger=1)", "OSError: [Errno 19] ENODEV"),
    ("r.irq(wake='a')", "TypeError: can't convert str to int"),
    ("r.irq(other=1)", "TypeError: extra keyword arguments given"),
    ("r.alarm(1, 5)", "OSError: [Errno 19] ENODEV"),
    ("r.alarm(0, (2030, 1, 1, 0, 0, 0, 5, 0), repeat=True)", "ValueError: invalid argument(s) value"),
    ("r.alarm(0, (2001, 1, 1, 0, 0, 0, 5, 0))", "ValueError: "),
    ("r.alarm_left(2)", "OSError: [Errno 19] ENODEV"),
    ("r.cancel(2)", "OSError: [Errno 19] ENODEV"),
    ("r.irq()(1)", "TypeError: function takes 0 positional arguments but 1 were given"),
    ("r.calibration(16)", "ValueError: value out of range -16 to 15"),
    ("RTC(1)", "TypeError: function takes 0 positional arguments but 1 were given"),
]


@pytest.mark.parametrize(("text", "error"), ERRORS)
def test_what_is_refused(text: str, error: str) -> None:
    assert Run(START + text).printed.splitlines()[-1] == error


def test_the_object_is_asked_for_once() -> None:
    """``mp_irq_obj_t``: base, methods, parent, handler and a truth value, five words."""
    before = [size for kind, size in Run(START).asked if kind == "alloc"]
    after = [size for kind, size in Run(START + "r.irq(handler=f)\nr.irq(handler=f)\nr.alarm(0, 9000)\n").asked]
    assert [size for size in after[len(before) :] if size == 20] == [20]
