"""The memory beside the GC heap after a run: the frame buffer with its fb_alloc stack, or the UMA pools."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from omvsim.firmware import pool_uses
from omvsim.scenario._result import SLICES, PoolState

if TYPE_CHECKING:
    from omvsim.firmware import Camera, PoolUse


def pool_states(camera: Camera) -> tuple[PoolState, ...]:
    """Every pool of the release."""
    return tuple(_state(use) for use in pool_uses(camera))


def _state(use: PoolUse) -> PoolState:
    whole = use.whole
    bounds = [whole.start + whole.size * part // SLICES for part in range(SLICES + 1)]
    return PoolState(
        name=use.name,
        memory=use.memory,
        origin=whole.start,
        length=whole.size,
        used_bytes=sum(span.size for span in use.used),
        longest_free_bytes=use.longest_free,
        occupancy=tuple(
            sum(max(0, min(span.end, high) - max(span.start, low)) for span in use.used)
            for low, high in itertools.pairwise(bounds)
        ),
    )
