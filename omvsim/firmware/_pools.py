"""What is in use beside the GC heap: the frame buffer with its fb_alloc stack, its overlay, or the UMA pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware._framebuffer_static import StaticFrameBuffer
from omvsim.firmware._framebuffer_uma import UmaFrameBuffer
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.firmware._camera import Camera
    from omvsim.heap import FbAlloc


FRAME_BUFFERS = "frame buffers"
IN_OVERLAY = "entry of what lies in the overlay"
"""fb_alloc makes an entry as large on its stack for it."""


class Span(NamedTuple):
    """Addresses from ``start`` up to ``end``."""

    start: int
    end: int
    owner: str = ""
    """Whom it is for, where the firmware itself holds it."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start


class PoolUse(NamedTuple):
    """One memory and what is taken of it, by address; without an allocator's own tables."""

    name: str
    """``frame_buffer`` (with fb_alloc's stack behind it), ``overlay`` (its fast part) or ``uma[0]`` …"""
    memory: str
    whole: Span
    used: tuple[Span, ...]
    longest_free: int
    """What one request is sure to get."""


def pool_uses(camera: Camera) -> tuple[PoolUse, ...]:
    """Every pool of the release."""
    if camera.uma is not None:
        return tuple(_uma_pool(camera, index) for index in range(len(camera.uma.pools)))
    frame = camera.frame_buffer
    if not isinstance(frame, StaticFrameBuffer):
        return ()
    stack = frame.fb_alloc
    whole = Span(frame.region.base, stack.end)
    region = camera.board.frame_buffer
    memory = "" if region is None else region.memory
    used = (Span(whole.start, frame.end, FRAME_BUFFERS), *_entries(stack))
    uses = [PoolUse("frame_buffer", memory, whole, used, stack.avail())]
    if stack.overlay is not None and camera.board.overlay is not None:
        fast = Span(stack.overlay.base, stack.overlay.base + stack.overlay.size)
        taken = (Span(stack.overlay_pointer, fast.end),)
        uses.append(PoolUse("overlay", camera.board.overlay.memory, fast, taken, stack.overlay_free))
    return tuple(uses)


def _entries(stack: FbAlloc) -> Iterator[Span]:
    """The stack's entries from its end down, each with the word under it."""
    top = stack.end
    for entry in stack.entries:
        yield Span(top - entry.size, top, IN_OVERLAY if entry.overlay else "")
        top -= entry.size


def _uma_pool(camera: Camera, index: int) -> PoolUse:
    pools = camera.uma
    assert pools is not None
    pool = pools.pools[index]
    whole = Span(pool.region.base, pool.region.base + pool.region.size)
    used = tuple(
        Span(block.address, block.address + block.size, FRAME_BUFFERS if _holds_frames(camera, block.address) else "")
        for block in pools.walk(index)
        if not block.free
    )
    return PoolUse(f"uma[{index}]", camera.board.uma_pools[index].memory, whole, used, pool.alloc_size_max)


def _holds_frames(camera: Camera, address: int) -> bool:
    frames = camera.frame_buffer
    return isinstance(frames, UmaFrameBuffer) and frames.block == address


__all__ = ["PoolUse", "Span", "pool_uses"]
