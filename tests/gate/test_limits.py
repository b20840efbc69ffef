"""Limits: what they may say, and figures held against them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.gate import Figure, Limit, LimitKind, Metric, Outcome
from omvsim.gate._limits import judge, limit_value

ABSOLUTE, PERCENT, NO_REGRESSION = LimitKind.ABSOLUTE, LimitKind.PERCENT, LimitKind.NO_REGRESSION
SIZES = st.integers(0, 2**31)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (ABSOLUTE, 0)),
        ("64K", (ABSOLUTE, 65536)),
        ("1.5 MiB", (ABSOLUTE, 1572864)),
        ("0x10", (ABSOLUTE, 16)),
        ("80%", (PERCENT, 80)),
        ("0.5 %", (PERCENT, 0.5)),
        ("no-regression", (NO_REGRESSION, 0)),
    ],
)
def test_values(value: int | str, expected: tuple[LimitKind, float]) -> None:
    assert limit_value(Metric.ARENA, value) == expected


@pytest.mark.parametrize("value", [-1, "64Q", "%", "", "-5%", "regression"])
def test_no_values(value: int | str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        limit_value(Metric.ARENA, value)


def figure(metric: Metric, value: float, whole: float | None = None) -> Figure:
    return Figure(str(metric), metric, value, whole, "gc[2]")


@given(SIZES, SIZES, st.sampled_from(Metric))
def test_absolute(value: int, budget: int, metric: Metric) -> None:
    check = judge(Limit(metric, ABSOLUTE, str(budget), budget), figure(metric, value), None)
    assert (check.outcome is Outcome.PASSED) == (check.slack is not None and check.slack >= 0)
    assert check.slack == (value - budget if metric.more_is_better else budget - value)


@given(SIZES, st.integers(1, 2**31), st.floats(0, 200))
def test_percent_is_never_stretched_by_rounding(value: int, whole: int, percent: float) -> None:
    for metric in (Metric.ARENA, Metric.HEADROOM):
        check = judge(Limit(metric, PERCENT, f"{percent}%", percent), figure(metric, value, whole), None)
        assert check.allowed == int(check.allowed or 0)
        if check.outcome is Outcome.PASSED:
            exact = percent * whole / 100
            assert value >= exact if metric.more_is_better else value <= exact


@given(SIZES, SIZES)
def test_regression(value: int, before: int) -> None:
    for metric in (Metric.ARENA, Metric.LONGEST_FREE):
        limit = Limit(metric, NO_REGRESSION, "no-regression")
        check = judge(limit, figure(metric, value), {limit.key: before})
        worse = value < before if metric.more_is_better else value > before
        assert check.outcome is (Outcome.REGRESSION if worse else Outcome.PASSED)


def test_regression_against_nothing() -> None:
    limit = Limit(Metric.ARENA, NO_REGRESSION, "no-regression")
    for baseline in (None, {}, {"model_ram": 3.0}):
        assert judge(limit, figure(Metric.ARENA, 5), baseline).outcome is Outcome.NEW


def test_percent_of_nothing() -> None:
    check = judge(Limit(Metric.FILE_SIZE, PERCENT, "5%", 5), figure(Metric.FILE_SIZE, 5), None)
    assert (check.outcome, check.note) == (Outcome.BAD_INPUT, "the board has no size of gc[2] to take 5% of")
