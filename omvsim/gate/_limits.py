"""Limits: reading one, and holding a figure against it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from omvsim.gate._types import (
    NO_REGRESSION,
    Check,
    Limit,
    LimitKind,
    Metric,
    Outcome,
)
from omvsim.units import parse_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.gate._types import Figure

_PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")


def limit_value(metric: Metric, value: float | str) -> tuple[LimitKind, float]:
    """Kind and number of a limit as a policy writes it.

    Raises:
        ValueError: it is none; the text says what it may be.
    """
    if value == NO_REGRESSION:
        return LimitKind.NO_REGRESSION, 0
    if metric is Metric.TIME:
        if isinstance(value, str) or value <= 0:
            raise ValueError(f"{value!r} is not a time in milliseconds (try 250, or {NO_REGRESSION!r})")
        return LimitKind.ABSOLUTE, float(value)
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if percent is not None:
        return LimitKind.PERCENT, float(percent[1])
    if not isinstance(value, str) and (value < 0 or value != int(value)):
        raise ValueError(f"{value!r} is not a number of bytes")
    try:
        return LimitKind.ABSOLUTE, parse_size(value if isinstance(value, str) else int(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a size (try 65536, 64K, 80% or {NO_REGRESSION!r})") from error


def judge(limit: Limit, figure: Figure, baseline: Mapping[str, float] | None) -> Check:
    """Hold ``figure`` against ``limit``; ``baseline`` holds the job's figures there, None if there is no baseline."""
    value, more = figure.value, limit.metric.more_is_better
    if limit.kind is LimitKind.NO_REGRESSION:
        before = None if baseline is None else baseline.get(limit.key)
        if before is None:
            return Check(limit, value, None, Outcome.NEW, note="the baseline has no figure for it yet")
        fits = value >= before if more else value <= before
        return Check(limit, value, before, Outcome.PASSED if fits else Outcome.REGRESSION)
    allowed, note = limit.value, ""
    if limit.kind is LimitKind.PERCENT:
        if figure.whole is None:
            note = f"the board has no size of {figure.whole_text} to take {limit.text} of"
            return Check(limit, value, None, Outcome.BAD_INPUT, note=note)
        # Whole bytes on the strict side: a limit of 80 % is never stretched by rounding.
        allowed = (math.ceil if more else math.floor)(limit.value * figure.whole / 100)
        note = f"{limit.text} of {figure.whole_text}"
    fits = value >= allowed if more else value <= allowed
    return Check(limit, value, allowed, Outcome.PASSED if fits else Outcome.OVER_BUDGET, note=note)
