"""What a collection takes on the camera's clock, by the time model."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from omvsim.errors import BoardError
from omvsim.heap import BLOCK
from omvsim.timing import collections_per_frame, gc_collect, heap_areas, profile_of
from omvsim.world.spent import NOTHING

if TYPE_CHECKING:
    from omvsim.runs.states import MemorySnapshot
    from omvsim.timing import HeapArea, Range, TimingProfile
    from omvsim.world.world import World

CYCLES_PER_BLOCK: Final = 26
"""Where the speed of a board's memories is not known: from MicroPython's own figure, about 1 ms for a 100 KB heap at
168 MHz (docs/reference/constrained.rst)."""


class CollectionTimes:
    """Collections of one camera's heap."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._areas: list[HeapArea] = []
        self._profile: TimingProfile | None = None
        with suppress(BoardError):
            self._areas, self._profile = heap_areas(world.board), profile_of(world.board)

    def range_ms(self, live_bytes: int) -> Range | None:
        """Milliseconds of a collection that leaves so many bytes; None where the board's speed is not known."""
        if self._profile is None:
            return None
        return gc_collect(self._areas, live_bytes // BLOCK, self._profile).ms(self._profile)

    def share(self, garbage: int, snapshot: MemorySnapshot) -> Range:
        """Milliseconds of a frame that leaves so much; nothing where the board's speed is not known."""
        found = self.range_ms(snapshot.live)
        part = collections_per_frame(garbage, snapshot.free_collected)
        return NOTHING if found is None or not part else found.times(part)

    def collected(self, live_bytes: int) -> None:
        """One ran: its time has passed. What is due in it happens later, as nothing interrupts a collection."""
        found = self.range_ms(live_bytes)
        if found is not None:
            self.world.clock.now += self.world.times.collect(found)

    def estimated_ms(self, live_bytes: int, walked: int) -> float:
        """The nominal figure; by ``walked`` blocks of the table where the board's speed is not known."""
        found = self.range_ms(live_bytes)
        return walked * CYCLES_PER_BLOCK / self.world.clock.hertz * 1000 if found is None else found.nominal


__all__ = ["CollectionTimes"]
