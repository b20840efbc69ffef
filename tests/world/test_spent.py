"""Where a loop's time goes, and the rate that follows: computed here from the definition, not from the room's sums."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.provenance import Provenance
from omvsim.timing import Range, convert_output
from omvsim.world.spent import Ran, Spent, Times

MS = st.floats(0.01, 200.0)


def exactly(ms: float) -> Range:
    return Range(ms, ms, ms)


def loop(frames: int, frame_ms: float, computing: Range, waiting_ms: float = 0.0) -> list[Spent]:
    """Ends of frames that are all alike."""
    return [
        Spent(
            1_000_000 + round(at * frame_ms * 1000),
            Range(computing.low * at, computing.nominal * at, computing.high * at),
            round(at * waiting_ms * 1000),
        )
        for at in range(frames)
    ]


def test_what_the_model_computes_is_microseconds_and_adds_up() -> None:
    times = Times()
    assert times.compute(Range(1.0, 2.0004, 4.0)) == 2000
    assert times.compute(exactly(0.5)) == 500
    assert times.collect(exactly(3)) == 3000
    now = times.now(77)
    assert now.at_us == 77
    assert now.computing.as_list() == [1.5, 2.5, 4.5]
    assert now.collecting == exactly(3)
    assert now.waiting_us == 0


def test_the_weakest_provenance_is_the_loops() -> None:
    times = Times()
    times.compute(exactly(1))  # loading, say: no frame is made of it
    rate = times.rate(loop(3, 10, exactly(5)))
    assert rate is not None
    assert rate.provenance is Provenance.MODELLED
    times.converted(convert_output(100))
    rate = times.rate(loop(3, 10, exactly(5)))
    assert rate is not None
    assert rate.provenance is Provenance.MODELLED.weakest(Provenance.ASSUMED)


def test_a_frame_has_its_share_of_collections_whether_one_ran_or_not() -> None:
    times = Times()
    without = times.rate(loop(3, 10, exactly(10)), exactly(2))
    assert without is not None
    assert without.computing_ms == exactly(12)
    assert without.frame_ms.nominal == pytest.approx(12)
    ends = [Spent(0), Spent(10_000, exactly(10)), Spent(40_000, exactly(20), 0, exactly(20))]  # one of 20 ms ran
    ran = times.rate(ends, exactly(2))
    assert ran is not None
    assert ran.frame_ms.nominal == pytest.approx(12)
    assert without.provenance is ran.provenance is Provenance.ASSUMED


def test_work_is_a_frame_s() -> None:
    times = Times()
    file: Any = object()
    times.ran(file, "gc[2]", "rom")
    times.converted(convert_output(100))
    first = times.work()
    for _ in range(4):
        times.ran(file, "gc[2]", "rom")
        times.converted(convert_output(100))
    frame = times.work().per_frame(first, 4)
    assert frame.inferences == (Ran(file, "gc[2]", "rom", 1.0),)
    (cost,) = frame.conversions
    assert (cost.elements, cost.reason) == (100, convert_output(100).reason)
    assert cost.cycles.as_list() == convert_output(100).cycles.as_list()


@pytest.mark.parametrize("ends", [[], [Spent(5)], [Spent(5), Spent(5)], [Spent(9), Spent(5)]])
def test_without_two_ends_or_time_between_them_there_is_no_rate(ends: list[Spent]) -> None:
    assert Times().rate(ends) is None


@given(st.integers(2, 20), MS)
def test_a_loop_that_waits_for_nothing_has_the_rate_of_its_clock(frames: int, frame_ms: float) -> None:
    rate = Times().rate(loop(frames, frame_ms, exactly(frame_ms)))
    assert rate is not None
    took = round((frames - 1) * frame_ms * 1000) / (frames - 1) / 1000
    assert rate.frame_ms.nominal == pytest.approx(took)
    assert rate.fps.nominal == pytest.approx(1000 / took)
    assert rate.camera_ms == 0
    assert rate.computing_ms.nominal == pytest.approx(frame_ms)


@given(MS, MS, st.floats(0.2, 1.0), st.floats(1.0, 5.0))
def test_the_bounds_are_those_of_what_the_model_computes(
    other: float, computing: float, low: float, high: float
) -> None:
    """What is no model's stays; the frame is as long as both together."""
    bounds = Range(computing * low, computing, computing * high)
    rate = Times().rate(loop(5, other + computing, bounds))
    assert rate is not None
    about = {"rel": 2e-2, "abs": 2e-3}
    assert rate.frame_ms.low == pytest.approx(other + bounds.low, **about)
    assert rate.frame_ms.nominal == pytest.approx(other + computing, **about)
    assert rate.frame_ms.high == pytest.approx(other + bounds.high, **about)
    assert rate.fps.low <= rate.fps.nominal <= rate.fps.high


def test_a_loop_that_waits_for_the_sensor_is_as_fast_as_the_sensor_at_most() -> None:
    """Computing takes 4 to 30 ms beside a period of 16 ms: the bounds are the sensor's and the computing's."""
    times = Times()
    times.camera_us = 16_000
    rate = times.rate(loop(6, 16, Range(4, 10, 30), waiting_ms=6))
    assert rate is not None
    assert rate.camera_ms == 16
    assert rate.fps.as_list() == [pytest.approx(1000 / 30, abs=1e-3), 62.5, 62.5]
    assert rate.frame_ms.as_list() == [16, 16, 30]


def test_pictures_that_waited_in_the_buffers_make_no_loop_faster_than_the_sensor() -> None:
    times = Times()
    times.camera_us = 50_000
    rate = times.rate([Spent(0, waiting_us=0), Spent(10_000, waiting_us=0), Spent(60_000, waiting_us=1)])
    assert rate is not None
    assert rate.frame_ms.nominal == 50
    assert rate.fps.nominal == 20


def test_what_took_an_unknown_time_is_told_with_the_rate() -> None:
    times = Times()
    times.unknown["sensor.ioctl"] = None
    times.unknown["machine.UART"] = None
    times.unknown["sensor.ioctl"] = None
    rate = times.rate(loop(2, 1, exactly(1)))
    assert rate is not None
    assert rate.unknown == ("sensor.ioctl", "machine.UART")
