"""The camera's clock: virtual, it goes on when something takes time."""

from __future__ import annotations

from typing import Final

READING: Final = 2
"""Microseconds that one look at the clock takes, so that a loop that waits for it ends."""
START: Final = 1_000_000
"""Microseconds since power-up when a script starts."""
EPOCH: Final = 946_684_800
"""Seconds from 1970 to 2000-01-01: what the camera's calendar shows when nobody set it."""


class Clock:
    """Microseconds since power-up."""

    def __init__(self) -> None:
        self.now = START
        self.calendar = EPOCH
        """Seconds since 1970 at power-up."""

    def look(self) -> int:
        """Microseconds now."""
        self.now += READING
        return self.now

    def wait(self, microseconds: int) -> None:
        """Let time pass."""
        self.now += max(0, microseconds)

    def seconds(self) -> int:
        """Seconds since 1970."""
        return self.calendar + self.now // 1_000_000


__all__ = ["EPOCH", "Clock"]
