"""The frame buffer of firmware 5.0.0: one persistent block of the generic UMA pool.

openmv/openmv v5.0.0 ``lib/imlib/framebuffer.c``, ``common/omv_csi.c``, checked against traces. A change frees the old
block before it asks for the new one, so a failed request leaves no buffer at all, while the count and the buffers'
size still answer as before and ``snapshot`` hands out memory that is no longer its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceOSError, DeviceRuntimeError
from omvsim.firmware._framebuffer import ALIGNMENT, BUFFER_HEADER, CONTROL_FAILED, FrameBuffer, Image
from omvsim.firmware._framebuffer_static import queue_size
from omvsim.heap import UmaFlag
from omvsim.units import align_up

if TYPE_CHECKING:
    from omvsim.heap import UmaPools

CAPTURE_TIMEOUT = "Frame capture has timed out."

_FLAGS = int(UmaFlag.PERSIST | UmaFlag.MAYBE)


def block_size(count: int, frame_bytes: int) -> int:
    """Bytes asked of UMA for ``count`` buffers of ``frame_bytes``: aligned, with their headers, and two queues."""
    return align_up(frame_bytes + BUFFER_HEADER, ALIGNMENT) * count + 2 * queue_size(count)


class UmaFrameBuffer(FrameBuffer):
    """Frame buffers in UMA: three, two or one, the first count that fits; nothing before both settings are made."""

    def __init__(self, pools: UmaPools) -> None:
        super().__init__()
        self.pools = pools
        self.block: int | None = None
        self._count = 0
        self._buffer_size = 0
        self._last_block = 0
        self._lost = False

    @property
    def count(self) -> int:
        """How many buffers the last request that worked made."""
        return self._count

    @property
    def buffer_size(self) -> int:
        """Bytes of pixels one buffer can hold."""
        return self._buffer_size

    @property
    def dangling(self) -> bool:
        """Whether the buffers lie in memory that was freed: the next frame overwrites what is there now."""
        return self.block is None and self._count > 0

    @property
    def block_bytes(self) -> int:
        """Bytes asked of the pools for the block that is held; 0 without one."""
        return 0 if self.block is None else block_size(self._count, self.frame_bytes)

    @property
    def buffers(self) -> tuple[int, ...]:
        """Addresses of the buffers' pixels; after a failed change, those of the freed block."""
        start = self._last_block + (align_up(2 * queue_size(self._count), ALIGNMENT) if self._count > 3 else 0)
        stride = self._buffer_size + BUFFER_HEADER
        return tuple(start + stride * index + BUFFER_HEADER for index in range(self._count))

    def set_to_framebuffer(self, image: Image) -> int:
        """``py_helper_set_to_framebuffer``: one buffer as large as the image or a frame, whichever is larger.

        With no memory for it the image goes to the freed old buffer if that was large enough (``dangling``).

        Raises:
            DeviceOSError: there never was a buffer, or it was too small.
        """
        self._abort()
        self._set_buffers(1, max(image.size, self.frame_bytes))
        if not self._count or self._no_buffer:
            raise DeviceOSError("No free buffers!")
        self._check_fits(image)
        self.image = image
        return self.buffers[0]

    def grow(self, size: int) -> bool:
        """As many buffers as there are, or fewer; none of them is the image's any more (modules/py_image.c, v5.0.0,
        ``py_image_to``). With no memory for one they are lost.
        """
        return any(self._set_buffers(count, size) for count in range(self._count, 0, -1))

    def snapshot(self, compressed_size: int = 0) -> Image:
        """``snapshot()``; after a failed change the image lies in freed memory (``dangling``), after two nowhere.

        Raises:
            DeviceRuntimeError: no settings yet, the frame is larger than a buffer, or the only buffer is lost.
            DeviceCrash: several buffers are lost; all but the first are taken to lie near address 0.
        """
        image = super().snapshot(compressed_size)
        if self._no_buffer:
            self.image = None
            raise DeviceRuntimeError(CAPTURE_TIMEOUT)
        return image

    @property
    def _no_buffer(self) -> bool:
        """Whether the only buffer, taken to lie at address 0, never got back into the free queue."""
        if self._lost and self._count > 1:
            raise DeviceCrash("the frame buffer's block was freed and its buffers are taken to lie near address 0")
        return self._lost

    def _abort(self) -> None:
        # Puts the buffers back into the free queue, counting from the block's address: from 0 when there is none.
        self.image = None
        self._lost = self.dangling

    def _set_buffers(self, count: int, frame_bytes: int) -> bool:
        if self.block is not None:
            self.pools.free(self.block)
            self.block = None
        self.block = self.pools.malign(block_size(count, frame_bytes), ALIGNMENT, _FLAGS)
        if self.block is None:
            return False
        self._lost = False
        self._last_block = self.block
        self._count = count
        self._buffer_size = align_up(frame_bytes + BUFFER_HEADER, ALIGNMENT) - BUFFER_HEADER
        self.image = None
        return True

    def _resize(self, count: int) -> str | None:
        if self._settings_missing is not None:
            return self._settings_missing
        return None if self._set_buffers(count, self.frame_bytes) else CONTROL_FAILED

    def _adjust(self) -> None:
        for count in (3, 2, 1):
            if self._resize(count) is None:
                return
