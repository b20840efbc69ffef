"""What the loop that works on frames does to the heap, from the books of its frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.runs.growing import growth
from omvsim.runs.result import FrameLoop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.runs.collecting import CollectionTimes
    from omvsim.runs.states import MemorySnapshot
    from omvsim.runs.turns import LoopRecord
    from omvsim.world.ledger import CollectionEvent
    from omvsim.world.spent import Times


def loop_of(
    record: LoopRecord | None,
    collections: Sequence[CollectionEvent],
    snapshot: MemorySnapshot,
    times: Times,
    collecting: CollectionTimes,
) -> FrameLoop | None:
    """The loop's figures; ``collections`` are those of the whole run, ``snapshot`` is that of its end."""
    if record is None:
        return None
    frames = record.frames
    automatic = [
        number
        for number, frame in enumerate(frames)
        if any(event.automatic for event in collections[frame.start.collections : frame.end.collections])
    ]
    last, size = frames[-1].end, snapshot.used + snapshot.free
    left = _median([frame.left for frame in frames])
    until = None
    if len(automatic) > 1:
        until = automatic[1] - automatic[0]
    elif left > 0 and not any(event.automatic for event in collections):
        until = len(frames) + (size - last.used) // left
    held = growth([frame.end.live for frame in frames])
    garbage = _median([frame.garbage for frame in frames])
    return FrameLoop(
        line=record.line,
        body=frozenset(range(record.line, record.last_line + 1)),
        frames=tuple(frames),
        first_collection=automatic[0] if automatic else None,
        collections=tuple(automatic),
        garbage_bytes=garbage,
        held_bytes=held,
        full_at=len(frames) + (size - last.live) // held if held else None,
        allocated_bytes=_median([frame.bytes for frame in frames]),
        grown_bytes=_median([frame.grown for frame in frames]),
        allocations=_median([frame.allocations for frame in frames]),
        frames_until_collection=until,
        rate=times.rate(record.times, collecting.share(garbage, snapshot)),
    )


def _median(values: list[int]) -> int:
    """The lower middle one."""
    return sorted(values)[(len(values) - 1) // 2]


__all__ = ["loop_of"]
