"""The camera's clock: time passes, and what is due in it happens."""

from __future__ import annotations

import pytest

from omvsim.world.clock import EPOCH, READING, START, Alarm, Clock


def test_a_look_takes_time_so_that_a_loop_that_waits_for_it_ends() -> None:
    clock = Clock()
    assert [clock.look(), clock.look()] == [START + READING, START + 2 * READING]


@pytest.mark.parametrize(("microseconds", "passed"), [(0, 0), (25, 25), (-3, 0)])
def test_time_passes_and_never_goes_back(microseconds: int, passed: int) -> None:
    clock = Clock()
    clock.wait(microseconds)
    assert clock.now - START == passed


def test_the_calendar_counts_from_power_up() -> None:
    clock = Clock()
    clock.wait(3_600_000_000)
    assert clock.seconds() == EPOCH + START // 1_000_000 + 3600


def test_alarms_ring_in_the_order_of_their_times() -> None:
    clock, rung = Clock(), []

    def ring(name: str) -> None:
        rung.append((name, clock.now - START))

    clock.alarms = [Alarm(START + due, lambda name=name: ring(name)) for name, due in (("b", 20), ("a", 10), ("c", 31))]
    clock.wait(30)
    assert rung == [("a", 10), ("b", 20)]
    assert [alarm.due - START for alarm in clock.alarms] == [31]
    assert clock.now - START == 30


def test_an_alarm_that_says_when_rings_again() -> None:
    clock, rung = Clock(), []

    def ring() -> int:
        rung.append(clock.now - START)
        return clock.now + 10

    clock.alarms.append(Alarm(START + 10, ring))
    clock.wait(35)
    assert rung == [10, 20, 30]
    assert clock.alarms[0].due - START == 40


def test_none_begins_while_another_is_at_work() -> None:
    """``mp_sched_lock``: what falls due meanwhile rings late, when the first is done."""
    clock, rung = Clock(), []

    def slow() -> None:
        clock.wait(100)
        rung.append(("slow", clock.now - START))

    clock.alarms = [Alarm(START + 10, slow), Alarm(START + 20, lambda: rung.append(("late", clock.now - START)))]
    clock.wait(50)
    assert rung == [("slow", 110), ("late", 110)]
    assert clock.now - START == 110


def test_what_a_script_learns_of_the_time_is_watched() -> None:
    clock, told = Clock(), []
    clock.watched = lambda: told.append(clock.now - START)
    clock.wait(10)
    assert told == []
    clock.look()
    clock.seconds()
    clock.alarms.append(Alarm(START + 20, lambda: None))
    clock.wait(20)
    assert told == [10, 12, 12]
