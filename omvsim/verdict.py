"""How a run ends: one word for `run`, `exec`, `gate` and all who ask."""

from __future__ import annotations

from omvsim.records import StrEnum


class Verdict(StrEnum):
    """Does it run?"""

    OK = "ok"
    MEMORY_ERROR = "memory_error"
    VALUE_ERROR = "value_error"
    MAY_CRASH = "may_crash"
    HANGS = "hangs"
    """The camera stands still: the library's ``abort``, or a loop without an end. Nothing is printed."""
    REFUSED = "refused"
    """The firmware's library takes this model in no amount of memory."""
    NO_SPACE = "no_space"
    """The file system it is loaded from is too small for the file, or the release has none of that kind."""
    OTHER_ERROR = "other_error"
    UNKNOWN = "unknown"
    """omvsim has no facts for something that decides it."""


__all__ = ["Verdict"]
