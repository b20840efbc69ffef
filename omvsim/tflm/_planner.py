"""The greedy memory planner: where each buffer goes in the head.

Source: tflite-micro a57349f0, ``micro/memory_planner/greedy_memory_planner.cc``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple
from omvsim.tflm._placed import Buffer, Placed

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
    placed = Placed()
    for index in (*offline, *online):
        requirement = requirements[index]
        offset = requirement.offline if requirement.offline != ONLINE else placed.first_fit(requirement)
        offsets[index] = offset
        placed.insert(Buffer(offset, offset + requirement.bytes, requirement.first, requirement.last))
    return offsets


def head_bytes(requirements: Sequence[Requirement], offsets: Sequence[int]) -> int:
    """Bytes the plan needs: the highest end of a buffer."""
    return max((o + r.bytes for o, r in zip(offsets, requirements, strict=True)), default=0)
