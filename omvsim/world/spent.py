"""What the camera's time went to: computing by the time model, and waiting for the sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.timing import Range, frames_per_second

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTHING: Final = Range(0.0, 0.0, 0.0)


class Spent(NamedTuple):
    """So far: ``at_us`` is the camera's clock."""

    at_us: int = 0
    computing: Range = _NOTHING
    """Milliseconds of the time model: inferences, conversions, collections."""
    waiting_us: int = 0
    """For pictures."""


class FrameRate(NamedTuple):
    """Frames a second of a loop: what the camera's clock showed, and its bounds by the time model."""

    fps: Range
    frame_ms: Range
    computing_ms: Range
    """A frame's share of inferences, conversions and collections."""
    camera_ms: float
    """From picture to picture at most; 0 where none is taken."""
    provenance: Provenance
    unknown: tuple[str, ...]
    """What took a time that is not known."""


class Times:
    """Adds up where time goes on one camera."""

    def __init__(self) -> None:
        self.computing = _NOTHING
        self.waiting_us = 0
        self.camera_us = 0.0
        """The sensor's period at the last picture."""
        self.provenance = Provenance.MODELLED
        self.unknown: dict[str, None] = {}

    def compute(self, ms: Range, provenance: Provenance) -> int:
        """Count something that the time model knows: its microseconds."""
        self.computing += ms
        self.provenance = self.provenance.weakest(provenance)
        return round(ms.nominal * 1000)

    def now(self, at_us: int) -> Spent:
        """So far."""
        return Spent(at_us, self.computing, self.waiting_us)

    def rate(self, ends: Sequence[Spent]) -> FrameRate | None:
        """The rate of a loop from the ends of its frames; None where there are fewer than two, or no time passed."""
        if len(ends) < 2:
            return None
        first, last, count = ends[0], ends[-1], len(ends) - 1
        frame = (last.at_us - first.at_us) / count / 1000
        if frame <= 0:
            return None
        computing = (last.computing - first.computing).times(1 / count)
        other = frame - (last.waiting_us - first.waiting_us) / count / 1000 - computing.nominal
        camera = self.camera_us / 1000 if last.waiting_us > first.waiting_us else 0.0
        busy = computing + Range(other, other, other)
        bounds = frames_per_second(busy, camera)
        # Pictures that waited in the buffers when the loop began came at once; no more do than the sensor makes.
        frame = max(frame, camera)
        low, high = min(bounds.low, 1000 / frame), max(bounds.high, 1000 / frame)
        return FrameRate(
            Range(low, 1000 / frame, high),
            Range(1000 / high, frame, 1000 / low),
            computing,
            camera,
            self.provenance,
            tuple(self.unknown),
        )


__all__ = ["FrameRate", "Spent", "Times"]
