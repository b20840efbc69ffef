"""Limits on what a run may take of the host. The simulated core knows no clock: it calls back now and then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from omvsim.micropython.errors import LimitReached

if TYPE_CHECKING:
    from omvsim.runs.world import World

DEFAULT_SECONDS = 60.0
DEFAULT_MEMORY = 2 << 30
"""Bytes of the host's memory: a script's values are of the camera's 32 MiB, so this is never reached by honest ones."""


class CameraTimeOver(LimitReached):
    """The camera's time asked for has passed."""


class Limits:
    """Ends a run that takes too long or too much.

    Args:
        world: its clock ends the run as well.
        seconds: of the host's time; None: no limit.
        memory: bytes of the host's memory the process may have; None: no limit.
        until_us: microseconds of the camera's time from the start of the script; None: no limit.
    """

    def __init__(self, world: World, seconds: float | None, memory: int | None, until_us: int | None) -> None:
        self.world = world
        self.seconds = seconds
        self.memory = memory
        self.until_us = None if until_us is None else world.now_us + until_us
        self.end = None if seconds is None else time.monotonic() + seconds

    def look(self) -> None:
        """See whether a limit is reached.

        Raises:
            LimitReached: it is.
        """
        if self.end is not None and time.monotonic() > self.end:
            raise LimitReached(f"{self.seconds:g} s of time on this computer (--time-limit)")
        if self.until_us is not None and self.world.now_us >= self.until_us:
            raise CameraTimeOver("the camera's time asked for (--until)")
        if self.memory is not None and host_memory() > self.memory:
            raise LimitReached(f"{self.memory >> 20} MiB of memory on this computer (--memory-limit)")


def host_memory() -> int:
    """Bytes of memory this process has had at most; 0 where the host does not tell."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


__all__ = ["DEFAULT_MEMORY", "DEFAULT_SECONDS", "CameraTimeOver", "Limits", "host_memory"]
