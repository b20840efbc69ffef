"""Frame buffers at a fixed place, in front of fb_alloc: firmware 4.5.0 to 4.8.1, in three generations.

All of them share memory with ``FbAlloc``: buffers grow up from the start of the region, the stack down from its end.
``end`` is the first address behind the buffers, which ``FbAlloc`` must not pass.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from omvsim.errors import DeviceOSError, DeviceRuntimeError
from omvsim.firmware._framebuffer import (
    ALIGNMENT,
    BUFFER_HEADER,
    CONTROL_FAILED,
    INVALID_ARGUMENT,
    FrameBuffer,
    Image,
    PixelFormat,
)
from omvsim.heap import FbAlloc
from omvsim.records import NamedTuple
from omvsim.units import align_down, align_up

if TYPE_CHECKING:
    from omvsim.heap import FbOverlay

_STATE = 64  # framebuffer_t of v4.5.0 to v4.7.0, at the start of the region, padded to the cache line


class FrameRegion(NamedTuple):
    """The frame buffer's memory: ``size`` bytes of its own at ``base``, then ``fb_alloc_size`` bytes of fb_alloc's."""

    base: int
    size: int
    fb_alloc_size: int

    @property
    def end(self) -> int:
        """First address of the frame buffer region's own part that is not its own."""
        return self.base + self.size


class StaticFrameBuffer(FrameBuffer):
    """A frame buffer in front of its ``fb_alloc`` stack."""

    def __init__(self, region: FrameRegion, overlay: FbOverlay | None = None) -> None:
        super().__init__()
        self.region = region
        self._count = 0
        self.fb_alloc = FbAlloc(region.end + region.fb_alloc_size, floor=lambda: self.end, overlay=overlay)

    @property
    def count(self) -> int:
        """How many buffers there are."""
        return self._count

    @property
    @abstractmethod
    def end(self) -> int:
        """First address behind the buffers."""

    def alloc_extra_fb(self, width: int, height: int, pixel_format: PixelFormat) -> int | None:
        """``sensor.alloc_extra_fb``: pixels on the fb_alloc stack that exceptions do not free; their address.

        The image object on the heap comes before; that is the caller's. One mark and one permanent entry.

        Raises:
            DeviceMemoryError: no room.
        """
        self.fb_alloc.mark()
        address = self.fb_alloc.alloc(Image(width, height, pixel_format).size)
        self.fb_alloc.mark_permanent()
        return address

    def dealloc_extra_fb(self) -> None:
        """``sensor.dealloc_extra_fb``: pop to the last mark, permanent or not."""
        self.fb_alloc.free_till_mark_past_permanent()


class _StateFrameBuffer(StaticFrameBuffer):
    """v4.5.0 to v4.7.0: state at the start of the region; a single buffer reserves only what its image takes."""

    def __init__(self, region: FrameRegion, overlay: FbOverlay | None = None) -> None:
        super().__init__(region, overlay)
        self.data = region.base + _STATE
        self._share = 0
        self._set_buffers(1)

    @property
    def end(self) -> int:
        """First address behind the buffers."""
        if self._count == 1:
            return self.data + BUFFER_HEADER + align_up(self.image.size if self.image else 0, ALIGNMENT)
        return self.data + (BUFFER_HEADER + self.buffer_size) * self._count

    @property
    def buffers(self) -> tuple[int, ...]:
        """Addresses of the buffers' pixels."""
        return tuple(
            self.data + (BUFFER_HEADER + self.buffer_size) * index + BUFFER_HEADER for index in range(self._count)
        )

    @abstractmethod
    def _set_buffers(self, count: int) -> bool:
        """``framebuffer_set_buffers``; whether there was room."""

    def set_to_framebuffer(self, image: Image) -> int:
        """``py_helper_set_to_framebuffer``: one buffer, if the camera lets its number be set, and the image in it.

        Raises:
            DeviceOSError: it does not fit.
        """
        self._resize(1)
        self._check_fits(image)
        self.image = image
        return self.buffers[0]


class HalvingFrameBuffer(_StateFrameBuffer):
    """v4.5.0 to v4.5.8: three, two or one buffers, the first count that leaves fb_alloc as much as it takes.

    ``src/omv/imlib/framebuffer.c``. Each buffer's share of the free memory is fixed when the count is set; the buffer
    is the smaller of that share and two bytes a pixel of the window.
    """

    @property
    def buffer_size(self) -> int:
        """Bytes of pixels one buffer can hold; a single one gets all that fb_alloc leaves."""
        size = (self._raw_size if self._count == 1 else self._share) - BUFFER_HEADER
        if self._count != 1 and self.frame_bytes:
            size = min(size, self.frame_bytes + ALIGNMENT - 1)
        return align_down(size, ALIGNMENT)

    @property
    def _raw_size(self) -> int:
        return min(self.fb_alloc.pointer - self.data, self.region.size)

    def _set_buffers(self, count: int) -> bool:
        share = self._raw_size // count
        if share < BUFFER_HEADER + ALIGNMENT:
            return False
        self.image = None
        self._share = share
        self._count = count
        return True

    def _resize(self, count: int) -> str | None:
        return None if self._set_buffers(count) else CONTROL_FAILED

    def _adjust(self) -> None:
        if self._count > 3:
            self._set_buffers(self._count)
            return
        for count in (3, 2, 1):
            self._set_buffers(count)
            if self.fb_alloc.avail() >= self.end - self.data:
                return


class CountingFrameBuffer(_StateFrameBuffer):
    """v4.5.9 to v4.7.0: as many buffers as fit, up to three, in the frame buffer's own part of the region.

    ``src/omv/imlib/framebuffer.c`` (v4.5.9, v4.6.0, v4.6.20), ``lib/imlib/framebuffer.c`` (v4.7.0). ``camera_bpp`` is
    the bytes a pixel the camera sends for grayscale in v4.5.9 (1 for the OV5640), where a grayscale frame may be half
    as large; None, from v4.6.0 on, is two bytes a pixel always.
    """

    def __init__(self, region: FrameRegion, overlay: FbOverlay | None = None, *, camera_bpp: int | None = None) -> None:
        self._camera_bpp = camera_bpp
        self._frame_size = 0
        super().__init__(region, overlay)

    @property
    def buffer_size(self) -> int:
        """Bytes of pixels one buffer can hold; a single one gets all that fb_alloc leaves."""
        size = self._max_size if self._count == 1 else self._share
        return align_down(size - BUFFER_HEADER, ALIGNMENT)

    @property
    def _max_size(self) -> int:
        own = align_down(self.region.end - self.data, ALIGNMENT)
        return min(own, align_down(self.fb_alloc.pointer - self.data, ALIGNMENT))

    def _set_buffers(self, count: int) -> bool:
        room = self._max_size
        share = room if count == 1 else align_up(self._frame_size + BUFFER_HEADER, ALIGNMENT)
        fitting = min(room // share if share else 0, 3 if count == -1 else count)
        if fitting == 0 or share < BUFFER_HEADER:
            return False
        self._share = share
        self._count = fitting
        self.image = None
        return True

    def _resize(self, count: int) -> str | None:
        if self._settings_missing is not None:
            return self._settings_missing
        self._frame_size = self.frame_bytes
        if self._camera_bpp is not None and self.pixel_format is not None:
            sent = self._camera_bpp if self.pixel_format is PixelFormat.GRAYSCALE else 1
            pixel = max(sent, self.pixel_format.frame_bytes_per_pixel)
            self._frame_size = self.window.width * self.window.height * pixel
        return None if self._set_buffers(count) else CONTROL_FAILED

    def _adjust(self) -> None:
        self._resize(-1)


class QueuedFrameBuffer(StaticFrameBuffer):
    """v4.8.0 and v4.8.1: buffers of exactly one frame each, none before both settings are made.

    ``lib/imlib/framebuffer.c``, ``common/omv_csi.c``. More than three buffers keep their queues in front of them. The
    number is bounded by the region's own part alone: buffers may lie where fb_alloc's entries already are
    (``overlap``).
    """

    def __init__(self, region: FrameRegion, overlay: FbOverlay | None = None) -> None:
        self._buffer_size = 0
        super().__init__(region, overlay)
        self.expanded = False

    @property
    def buffer_size(self) -> int:
        """Bytes of pixels one buffer can hold."""
        return self._buffer_size

    @property
    def end(self) -> int:
        """First address behind the buffers."""
        if not self._count:
            return self.region.base
        return self._start(self._count) + (self._buffer_size + BUFFER_HEADER) * self._count

    @property
    def buffers(self) -> tuple[int, ...]:
        """Addresses of the buffers' pixels."""
        stride = self._buffer_size + BUFFER_HEADER
        return tuple(self._start(self._count) + stride * index + BUFFER_HEADER for index in range(self._count))

    @property
    def overlap(self) -> int:
        """Bytes of fb_alloc's stack that the buffers lie over and will overwrite."""
        return max(0, self.end - self.fb_alloc.pointer)

    def set_csi_framebuffers(self, count: int, *, expand: bool = False) -> None:
        """``csi.framebuffers(count, expand)``; ``expand`` shares all free memory out among the buffers.

        Raises:
            DeviceRuntimeError: below one, no settings yet, or no room.
        """
        if count < 1:
            raise DeviceRuntimeError(INVALID_ARGUMENT)
        if count == self._count and expand == self.expanded:
            return
        self._abort()
        error = self._settings_missing
        if error is None and not self._set_buffers(count, self.frame_bytes, expand=expand):
            error = CONTROL_FAILED
        if error is not None:
            raise DeviceRuntimeError(error)

    def set_to_framebuffer(self, image: Image) -> int:
        """``py_helper_set_to_framebuffer``: one buffer of all memory fb_alloc leaves, and the image in it.

        Raises:
            DeviceOSError: it does not fit.
        """
        self._abort()
        self._set_buffers(1, 0, expand=True)
        if not self._count:
            raise DeviceOSError("No free buffers!")
        self._check_fits(image)
        self.image = image
        return self.buffers[0]

    def _abort(self) -> None:
        self.image = None

    def _start(self, count: int) -> int:
        return self.region.base + (align_up(2 * queue_size(count), ALIGNMENT) if count > 3 else 0)

    def _set_buffers(self, count: int, frame_size: int, *, expand: bool) -> bool:
        least = frame_size + BUFFER_HEADER
        most = self.region.size - 2 * queue_size(count)
        if expand:
            most = min(most, self.fb_alloc.pointer - self._start(count))
            stride = align_down(most // count, ALIGNMENT)
        else:
            stride = align_up(least, ALIGNMENT)
        if stride < least or stride * count > most:
            return False
        self.expanded = expand
        self._count = count
        self._buffer_size = stride - BUFFER_HEADER
        self.image = None
        return True

    def _resize(self, count: int) -> str | None:
        if self._settings_missing is not None:
            return self._settings_missing
        return None if self._set_buffers(count, self.frame_bytes, expand=False) else CONTROL_FAILED

    def _adjust(self) -> None:
        for count in (3, 2, 1):
            if self._resize(count) is None:
                return


def queue_size(count: int) -> int:
    """Bytes of one queue for ``count`` buffers (``queue_calc_size`` of ``common/queue.h``): 12 and one slot more."""
    return 12 + 4 * (count + 1)
