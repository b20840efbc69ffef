"""The greedy memory planner: where each buffer goes in the head.

Source: tflite-micro a57349f0, ``micro/memory_planner/greedy_memory_planner.cc``.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ONLINE = -1


class Requirement(NamedTuple):
    """A buffer to place: bytes, first and last step it is used at (inclusive), and where an offline plan puts it."""

    bytes: int
    first: int
    last: int
    offline: int = ONLINE


def place(requirements: Sequence[Requirement]) -> list[int]:
    """Offsets in the order of ``requirements``.

    Offline-placed buffers come first, as they are; the others by size, largest first, of equal ones the last
    added first. Each goes to the lowest offset that is free for as long as it lives.
    """
    offline = [i for i, requirement in enumerate(requirements) if requirement.offline != ONLINE]
    online = [i for i, requirement in enumerate(requirements) if requirement.offline == ONLINE]
    online.sort(key=lambda i: (-requirements[i].bytes, -i))
    offsets = [0] * len(requirements)
    starts: list[int] = []
    placed: list[tuple[int, int, int, int]] = []
    for index in (*offline, *online):
        requirement = requirements[index]
        offset = requirement.offline if requirement.offline != ONLINE else _first_fit(placed, requirement)
        offsets[index] = offset
        position = bisect_right(starts, offset)
        starts.insert(position, offset)
        placed.insert(position, (offset, offset + requirement.bytes, requirement.first, requirement.last))
    return offsets


def _first_fit(placed: list[tuple[int, int, int, int]], requirement: Requirement) -> int:
    size, first, last = requirement.bytes, requirement.first, requirement.last
    candidate = 0
    for start, end, other_first, other_last in placed:
        if other_first > last or other_last < first:
            continue
        if start - candidate >= size:
            break
        candidate = max(candidate, end)
    return candidate


def head_bytes(requirements: Sequence[Requirement], offsets: Sequence[int]) -> int:
    """Bytes the plan needs: the highest end of a buffer."""
    return max((o + r.bytes for o, r in zip(offsets, requirements, strict=True)), default=0)
