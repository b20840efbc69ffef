"""What the camera's time went to: computing by the time model, collections, and waiting for the sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.timing import Range, conversion, frames_per_second

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware import ModelFile
    from omvsim.timing import Cost, InferenceTime

NOTHING: Final = Range(0.0, 0.0, 0.0)


class Spent(NamedTuple):
    """So far: ``at_us`` is the camera's clock."""

    at_us: int = 0
    computing: Range = NOTHING
    """Milliseconds of the time model: loading, inferences, conversions."""
    waiting_us: int = 0
    """For pictures."""
    collecting: Range = NOTHING
    """Milliseconds of the time model: collections."""


class Ran(NamedTuple):
    """Inferences of one model with arena and weights at one place, and how many there were."""

    file: ModelFile
    arena_area: str
    data_area: str
    times: float
    one: InferenceTime | None = None
    """What one takes, where the clock was told."""


class Work(NamedTuple):
    """What the time model gives a time, whoever wants to know it: so much in all, or a frame."""

    inferences: tuple[Ran, ...] = ()
    conversions: tuple[Cost, ...] = ()

    def per_frame(self, before: Work, frames: int) -> Work:
        """A frame's share of what has come since ``before``."""
        ran = {(id(each.file), *each[1:3]): each.times for each in before.inferences}
        done = {each.name: each for each in before.conversions}
        inferences = (
            each._replace(times=(each.times - ran.get((id(each.file), *each[1:3]), 0.0)) / frames)
            for each in self.inferences
        )
        new = [each for each in self.conversions if each != done.get(each.name)]
        return Work(
            tuple(each for each in inferences if each.times),
            tuple(_share(each, done.get(each.name), frames) for each in new),
        )


def _share(cost: Cost, before: Cost | None, frames: int) -> Cost:
    cycles = cost.cycles if before is None else cost.cycles - before.cycles
    elements = cost.elements if before is None else cost.elements - before.elements
    return conversion(cost.name, cycles.times(1 / frames), elements // frames)


class FrameRate(NamedTuple):
    """Frames a second of a loop: what the camera's clock showed, and its bounds by the time model."""

    fps: Range
    frame_ms: Range
    computing_ms: Range
    """A frame's inferences and conversions, and its share of collections."""
    camera_ms: float
    """From picture to picture at most; 0 where none is taken."""
    provenance: Provenance
    unknown: tuple[str, ...]
    """What took a time that is not known."""


class Times:
    """Adds up where time goes on one camera."""

    def __init__(self) -> None:
        self.computing = NOTHING
        self.collecting = NOTHING
        self.waiting_us = 0
        self.camera_us = 0.0
        """The sensor's period at the last picture."""
        self.provenance = Provenance.MODELLED
        """Of what frames are made of: inferences and conversions."""
        self.unknown: dict[str, None] = {}
        self._ran: dict[tuple[int, str, str], Ran] = {}
        self._converted: dict[str, Cost] = {}

    def compute(self, ms: Range) -> int:
        """Count something that the time model knows: its microseconds."""
        self.computing += ms
        return round(ms.nominal * 1000)

    def collect(self, ms: Range) -> int:
        """Count a collection: its microseconds."""
        self.collecting += ms
        return round(ms.nominal * 1000)

    def ran(self, file: ModelFile, arena_area: str, data_area: str, one: InferenceTime | None = None) -> None:
        """An inference, whatever it takes."""
        key = id(file), arena_area, data_area
        before = self._ran.get(key)
        self._ran[key] = Ran(file, arena_area, data_area, 1.0 if before is None else before.times + 1, one)

    def converted(self, cost: Cost) -> None:
        """Elements of inputs or outputs."""
        before = self._converted.get(cost.name)
        self._converted[cost.name] = cost if before is None else before.plus(cost)
        self.provenance = self.provenance.weakest(cost.provenance)

    def work(self) -> Work:
        """So far."""
        return Work(tuple(self._ran.values()), tuple(self._converted.values()))

    def now(self, at_us: int) -> Spent:
        """So far."""
        return Spent(at_us, self.computing, self.waiting_us, self.collecting)

    def rate(self, ends: Sequence[Spent], collections: Range = NOTHING) -> FrameRate | None:
        """The rate of a loop from the ends of its frames; None where there are fewer than two, or no time passed.

        ``collections`` is a frame's share of them: how many ran in the few frames that were run is chance.
        """
        if len(ends) < 2:
            return None
        first, last, count = ends[0], ends[-1], len(ends) - 1
        frame = (last.at_us - first.at_us) / count / 1000
        if frame <= 0:
            return None
        computing = (last.computing - first.computing).times(1 / count)
        collected = (last.collecting - first.collecting).times(1 / count).nominal
        other = frame - (last.waiting_us - first.waiting_us) / count / 1000 - computing.nominal - collected
        computing += collections
        camera = self.camera_us / 1000 if last.waiting_us > first.waiting_us else 0.0
        bounds = frames_per_second(computing + Range(other, other, other), camera)
        # Pictures that waited in the buffers when the loop began came at once; no more do than the sensor makes.
        # What is waited for beyond that is not the time model's: what the clock showed stays.
        frame = max(frame - collected + collections.nominal, camera)
        low, high = min(bounds.low, 1000 / frame), max(bounds.high, 1000 / frame)
        provenance = self.provenance
        if collections != NOTHING and computing.high + other > camera:  # else the sensor decides whatever they take
            provenance = provenance.weakest(Provenance.ASSUMED)
        return FrameRate(
            Range(low, 1000 / frame, high),
            Range(1000 / high, frame, 1000 / low),
            computing,
            camera,
            provenance,
            tuple(self.unknown),
        )


__all__ = ["NOTHING", "FrameRate", "Ran", "Spent", "Times", "Work"]
