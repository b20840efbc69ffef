"""The memory beside the GC heap after a run: the frame buffer with its fb_alloc stack, or the UMA pools."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from omvsim.firmware import StaticFrameBuffer
from omvsim.scenario._result import SLICES, PoolState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.firmware import Camera


class _Span(NamedTuple):
    start: int
    end: int


def pool_states(camera: Camera) -> tuple[PoolState, ...]:
    """Every pool of the release."""
    if camera.uma is not None:
        return tuple(_uma_pool(camera, index) for index in range(len(camera.uma.pools)))
    frame = camera.frame_buffer
    if not isinstance(frame, StaticFrameBuffer):
        return ()
    stack = frame.fb_alloc
    whole = _Span(frame.region.base, stack.end)
    used = [_Span(whole.start, frame.end), _Span(stack.pointer, stack.end)]
    region = camera.board.frame_buffer
    states = [_state("frame_buffer", "" if region is None else region.memory, whole, used, stack.avail())]
    if stack.overlay is not None and camera.board.overlay is not None:
        fast = _Span(stack.overlay.base, stack.overlay.base + stack.overlay.size)
        taken = [_Span(stack.overlay_pointer, fast.end)]
        states.append(_state("overlay", camera.board.overlay.memory, fast, taken, stack.overlay_free))
    return tuple(states)


def _uma_pool(camera: Camera, index: int) -> PoolState:
    pools = camera.uma
    assert pools is not None
    pool = pools.pools[index]
    whole = _Span(pool.region.base, pool.region.base + pool.region.size)
    used = [_Span(block.address, block.address + block.size) for block in pools.walk(index) if not block.free]
    return _state(f"uma[{index}]", camera.board.uma_pools[index].memory, whole, used, pool.alloc_size_max)


def _state(name: str, memory: str, whole: _Span, used: Iterable[_Span], longest: int) -> PoolState:
    spans = list(used)
    length = whole.end - whole.start
    bounds = [whole.start + length * part // SLICES for part in range(SLICES + 1)]
    return PoolState(
        name=name,
        memory=memory,
        origin=whole.start,
        length=length,
        used_bytes=sum(span.end - span.start for span in spans),
        longest_free_bytes=longest,
        occupancy=tuple(
            sum(max(0, min(span.end, high) - max(span.start, low)) for span in spans)
            for low, high in itertools.pairwise(bounds)
        ),
    )
