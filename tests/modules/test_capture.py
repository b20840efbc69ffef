"""When pictures arrive: by number of buffers, work between pictures, and the rate asked for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from omvsim.modules.capture import Capture

PERIOD = 20_000.0


def arrivals(work: int, buffers: int, count: int = 8, least_apart: float = 0.0) -> list[float]:
    """When the pictures of a loop that works so long on each are handed over."""
    capture, now, found = Capture(), 1_000_000.0, []
    for _ in range(count):
        now = max(now, capture.next(now, PERIOD, buffers, least_apart))
        found.append(now)
        now += work
    return found


def between(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times[1:])]


@pytest.mark.parametrize("buffers", [2, 3, 4])
def test_a_quick_loop_waits_for_the_sensor(buffers: int) -> None:
    assert between(arrivals(3_000, buffers)) == [PERIOD] * 6


def test_a_single_buffer_misses_every_other_frame() -> None:
    assert between(arrivals(3_000, 1)) == [2 * PERIOD] * 6
    assert between(arrivals(0, 1)) == [PERIOD] * 6


def test_two_buffers_wait_for_the_frame_that_is_on_its_way() -> None:
    assert between(arrivals(50_000, 2)) == [3 * PERIOD] * 6


@pytest.mark.parametrize("buffers", [3, 6])
def test_a_slow_loop_finds_a_picture_ready(buffers: int) -> None:
    assert between(arrivals(50_000, buffers)) == [50_000] * 6


def test_three_buffers_keep_the_newest_more_the_oldest() -> None:
    newest, queue = Capture(), Capture()
    for capture, buffers in ((newest, 3), (queue, 6)):
        capture.next(0.0, PERIOD, buffers)
    assert newest.next(110_000.0, PERIOD, 3) == 5 * PERIOD
    assert queue.next(110_000.0, PERIOD, 6) == 2 * PERIOD


def test_full_buffers_stop_the_sensor() -> None:
    capture = Capture()
    capture.next(0.0, PERIOD, 4)
    times = [capture.next(1_000_000.0, PERIOD, 4) for _ in range(4)]
    assert all(time <= 1_000_000.0 for time in times[:3])
    assert 1_000_000.0 < times[3] <= 1_000_000.0 + PERIOD


def test_a_rate_asked_for_is_met_on_average() -> None:
    times = arrivals(0, 3, count=31, least_apart=50_000)
    assert (times[-1] - times[0]) / 30 == pytest.approx(50_000, rel=0.02)
    assert {step % PERIOD for step in between(times)} == {0.0}


def test_a_rate_above_the_sensors_changes_nothing() -> None:
    assert between(arrivals(0, 3, least_apart=10_000)) == [PERIOD] * 6


def test_ready_only_where_a_buffer_holds_one() -> None:
    capture = Capture()
    assert not capture.ready(0.0, 3)
    capture.begin(0.0, PERIOD)
    assert capture.ready(21_000.0, 3)
    capture.next(0.0, PERIOD, 3)
    capture.begin(30_000.0, PERIOD)
    assert not capture.ready(30_000.0, 3)
    assert capture.ready(41_000.0, 3)
    assert not capture.ready(41_000.0, 2)
    capture.stop()
    assert not capture.ready(1e9, 3)


def test_a_change_of_the_sensor_starts_anew() -> None:
    capture = Capture()
    capture.next(0.0, PERIOD, 3)
    assert capture.next(100_000.0, 30_000.0, 3) == 130_000.0
