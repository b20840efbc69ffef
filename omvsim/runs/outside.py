"""What a run took outside the GC heap: frame buffers, fb_alloc and its overlay (up to 4.8.1), the UMA pools (5.0.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.firmware import Camera


class FrameBuffers(NamedTuple):
    """The camera's own buffers at the end of a run."""

    number: int
    bytes_each: int
    """Pixels one can hold."""
    in_use: bool
    """Whether a frame size was set, or a picture put there."""


class Stack(NamedTuple):
    """fb_alloc: bytes of its stack, and of the fast overlay some of it lies in."""

    size: int
    """Of the memory that it shares with the frame buffers."""
    used: int
    """At the end: extra frame buffers, models loaded there."""
    peak: int
    took_all: int
    """How often a call asked for everything that was left, for a moment; not counted in ``peak``."""
    left: int
    """At the end, for one more request."""
    overlay_size: int
    overlay_peak: int


class Pool(NamedTuple):
    """One UMA pool, in bytes."""

    memory: str
    size: int
    used: int
    persistent: int
    """Used and kept when an exception is caught."""
    peak: int
    largest: int
    """The largest request that would find room at the end."""


class Outside(NamedTuple):
    """Everything outside the GC heap; a board profile may have none of it."""

    frame_buffers: FrameBuffers | None
    fb_alloc: Stack | None
    uma: tuple[Pool, ...]


def outside(camera: Camera) -> Outside:
    """As a camera stands now."""
    buffer, stack, board = camera.frame_buffer, camera.fb_alloc, camera.board
    found = None
    if stack is not None:
        assert board.frame_buffer is not None
        found = Stack(
            stack.end - board.frame_buffer.origin,
            stack.end - stack.pointer,
            stack.peak,
            stack.took_all,
            stack.avail(),
            0 if stack.overlay is None else stack.overlay.size,
            stack.overlay_peak,
        )
    pools = camera.uma.pools if camera.uma is not None else ()
    return Outside(
        None
        if buffer is None
        else FrameBuffers(
            buffer.count, buffer.buffer_size, buffer.image is not None or buffer.frame_size_name is not None
        ),
        found,
        tuple(
            Pool(region.memory, pool.size, pool.size - pool.free, pool.persist, pool.peak, pool.alloc_size_max)
            for region, pool in zip(board.uma_pools, pools, strict=True)
        ),
    )


__all__ = ["FrameBuffers", "Outside", "Pool", "Stack", "outside"]
