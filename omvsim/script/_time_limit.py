"""Ends a run after so many seconds of the host, whatever the script is waiting for."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from typing import TYPE_CHECKING

from omvsim.script._errors import TimeLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRACE = 1.0
"""Seconds for a loop to end by itself, between two iterations, before it is interrupted anywhere."""


class Deadline:
    """A moment of the host's clock; ``None`` seconds is never."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def check(self) -> None:
        """Raise TimeLimit if it has passed."""
        if self._end is not None and time.monotonic() >= self._end:
            raise TimeLimit

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Interrupt also what is no loop of the script, e.g. ``max(range(10**10))``; where the host has alarms only."""
        alarm = getattr(signal, "SIGALRM", None)
        if self._end is None or alarm is None or threading.current_thread() is not threading.main_thread():
            yield
            return

        def ring(*_: object) -> None:
            raise TimeLimit

        before = signal.signal(alarm, ring)
        signal.setitimer(signal.ITIMER_REAL, max(self._end - time.monotonic(), 0) + _GRACE)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(alarm, before)
