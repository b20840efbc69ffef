"""When pictures arrive: the sensor runs on while a script works, and the buffers keep what it needs.

The frame callback of ``ports/mimxrt/omv_csi.c`` hands a finished buffer on (``framebuffer_release`` with
``FB_FLAG_CHECK_LAST``, ``lib/imlib/framebuffer.c``): one buffer: the sensor is started anew by every picture; two: a
picture that nobody waited for is dropped; three: the newest is kept; more: as many as there is room for, in order, and
then the sensor stops.
"""

from __future__ import annotations

from typing import Final

DOUBLE: Final = 2
TRIPLE: Final = 3


class Capture:
    """Arrivals of one sensor that gives a frame every ``period`` microseconds from when it was started."""

    def __init__(self) -> None:
        self.period = 0.0
        self.start: float | None = None
        """When the frame before the first one ended; None: the sensor is not being read."""
        self.taken = 0
        """The last frame that a script has had; frames are counted from 1."""
        self.last_kept: float | None = None
        """When the last frame that the frame rate asked for lets through arrived."""

    def stop(self) -> None:
        """``omv_csi_abort``: whatever was on its way is lost."""
        self.start = None
        self.taken = 0
        self.last_kept = None

    def ready(self, now: float, buffers: int) -> bool:
        """Whether a picture lies there (``framebuffer_readable``)."""
        return self.start is not None and buffers > DOUBLE and self._finished(now) > self.taken

    def next(self, now: float, period: float, buffers: int, least_apart: float = 0.0) -> float:
        """When the picture that is asked for now arrives, which may have been before.

        Args:
            now: microseconds.
            period: of the sensor.
            buffers: how many there are.
            least_apart: what ``set_framerate`` asks for; frames that come earlier are dropped.
        """
        start = self.begin(now, period)
        number = self._number(now, buffers, start)
        while not self._keeps(start + number * period, least_apart):
            number += 1
        self.taken = number
        return start + number * period

    def begin(self, now: float, period: float) -> float:
        """Start the sensor if it is not read yet, or not at this period; since when it is."""
        if self.start is None or period != self.period:
            self.start, self.period, self.taken, self.last_kept = now, period, 0, None
        return self.start

    def _number(self, now: float, buffers: int, start: float) -> int:
        finished = self._finished(now)
        if buffers < DOUBLE:
            # Waits for a frame to begin, then for its end; the first one is told to begin by the script.
            begun = -(-(now - start) // self.period)
            return int(begun) + 1 if self.taken else 1
        if buffers == DOUBLE or finished <= self.taken:
            return max(finished, self.taken) + 1
        if buffers == TRIPLE:
            return finished
        full = self.taken + buffers - 1
        if finished > full:  # every buffer was full: the sensor stood still, and starts with the next picture
            self.start = start + (finished - full) * self.period
        return self.taken + 1

    def _finished(self, now: float) -> int:
        assert self.start is not None
        return int((now - self.start) // self.period)

    def _keeps(self, at: float, least_apart: float) -> bool:
        """``omv_csi_throttle_framerate``: the asked rate is met on average, in whole frames of the sensor."""
        if not least_apart:
            return True
        if self.last_kept is None:
            self.last_kept = at
            return True
        if at - self.last_kept < least_apart:
            return False
        self.last_kept += least_apart
        return True


__all__ = ["Capture"]
