"""Dates and seconds since 1970 (shared/timeutils/timeutils.c)."""

from __future__ import annotations

from omvsim.records import NamedTuple

_DAY = 86400
_TO_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


class Date(NamedTuple):
    """As ``time.localtime()`` gives it; Monday is 0."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int
    yearday: int


def is_leap(year: int) -> bool:
    """Whether a year has 366 days."""
    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0


def _days_before(year: int) -> int:
    """Days from 1970-01-01 to the year's first."""
    past = year - 1
    return (year - 1970) * 365 + (past // 4 - past // 100 + past // 400) - 477


def seconds_of(  # noqa: PLR0917 -- the parts of a date
    year: int, month: int, day: int, hour: int, minute: int, second: int
) -> int:
    """``timeutils_mktime``: parts beyond their range go over into the next."""
    minute, second = minute + second // 60, second % 60
    hour, minute = hour + minute // 60, minute % 60
    day, hour = day + hour // 24, hour % 24
    year, month = year + (month - 1) // 12, (month - 1) % 12
    before = _TO_MONTH[month] + (1 if month > 1 and is_leap(year) else 0)
    return (_days_before(year) + before + day - 1) * _DAY + hour * 3600 + minute * 60 + second


def date_of(seconds: int) -> Date:
    """``timeutils_seconds_since_epoch_to_struct_time``."""
    days, rest = divmod(seconds, _DAY)
    year = 1970 + days // 366
    while _days_before(year + 1) <= days:
        year += 1
    yearday = days - _days_before(year)
    month = 11
    while yearday < _TO_MONTH[month] + (1 if month > 1 and is_leap(year) else 0):
        month -= 1
    day = yearday - _TO_MONTH[month] - (1 if month > 1 and is_leap(year) else 0)
    return Date(year, month + 1, day + 1, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7, yearday + 1)


__all__ = ["Date", "date_of", "is_leap", "seconds_of"]
