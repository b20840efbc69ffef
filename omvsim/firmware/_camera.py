"""A booted camera: the board's memories with the release's allocators on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim import heap
from omvsim.boards import FrameBufferKind
from omvsim.errors import BoardError, DeviceCrash
from omvsim.firmware._framebuffer_static import (
    CountingFrameBuffer,
    FrameRegion,
    HalvingFrameBuffer,
    QueuedFrameBuffer,
    StaticFrameBuffer,
)
from omvsim.firmware._framebuffer_uma import UmaFrameBuffer
from omvsim.heap import FbOverlay, GcHeap, UmaFlag

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.firmware._framebuffer import FrameBuffer
    from omvsim.heap import FbAlloc, UmaPools

_STATIC: dict[FrameBufferKind, type[HalvingFrameBuffer | CountingFrameBuffer | QueuedFrameBuffer]] = {
    FrameBufferKind.HALVING: HalvingFrameBuffer,
    FrameBufferKind.COUNTING: CountingFrameBuffer,
    FrameBufferKind.QUEUED: QueuedFrameBuffer,
}


class Camera:
    """The allocators of one camera, as the release's start-up leaves them.

    Raises:
        BoardError: with these memories the camera does not start.

    Attributes:
        heap: the GC heap.
        frame_buffer: the release's frame buffer; None where the profile has neither its memory nor UMA pools.
        fb_alloc: the fb_alloc stack (up to 4.8.1), else None.
        uma: the UMA pools (5.0.0), else None.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.generation = board.release
        self.heap = GcHeap([(area.origin, area.length) for area in board.gc_areas])
        self.uma = self._pools()
        self.frame_buffer: FrameBuffer | None = self._frame_buffer()
        self.fb_alloc: FbAlloc | None = (
            self.frame_buffer.fb_alloc if isinstance(self.frame_buffer, StaticFrameBuffer) else None
        )

    def timed(self) -> None:
        """Said where something takes as long as the memories that it works on make it take."""

    def _pools(self) -> UmaPools | None:
        if not self.board.uma_pools:
            return None
        regions = [heap.UmaRegion(pool.origin, pool.length, UmaFlag(int(pool.flags))) for pool in self.board.uma_pools]
        try:
            return heap.UmaPools(regions)
        except DeviceCrash as crash:  # before any script: there is no run to tell of
            raise BoardError(self.board.name, f"the camera does not start ({crash})") from crash

    def _frame_buffer(self) -> FrameBuffer | None:
        if self.uma is not None:
            return UmaFrameBuffer(self.uma)
        frame, stack = self.board.frame_buffer, self.board.fb_alloc
        if frame is None or stack is None:
            return None
        overlay = self.board.overlay
        region = FrameRegion(frame.origin, frame.size, stack.size)
        fast = None if overlay is None else FbOverlay(overlay.origin, overlay.size)
        return _STATIC[self.generation.frame_buffer](region, fast)

    def exception_raised(self) -> None:
        """The hook in ``nlr_jump`` up to 4.8.1: fb_alloc pops to its last mark."""
        if self.fb_alloc is not None:
            self.fb_alloc.free_till_mark()

    def exception_seen(self) -> None:
        """The hook in the virtual machine of 5.0.0: every frame that sees an exception frees UMA's other blocks."""
        if self.uma is not None:
            self.uma.collect()
