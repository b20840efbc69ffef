"""The buffer that frames for the IDE go through: JPEG buffer up to 4.7.0, streaming buffer from 4.8.0.

It is memory of its own and takes nothing from models, with one exception: up to 4.7.0 a compressed image too large
for it is sent through a temporary entry of fb_alloc, and that can fail. Sources: openmv/openmv
``src/omv/imlib/framebuffer.c`` (v4.5.0, v4.5.5, v4.5.9), ``lib/imlib/framebuffer.c`` (v4.7.0, v4.8.1, v5.0.0). Sizes
are bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from omvsim.boards import Release
    from omvsim.firmware._framebuffer import Image
    from omvsim.heap import FbAlloc


class PreviewBuffer(NamedTuple):
    """The preview's memory of ``size`` bytes in a release."""

    size: int
    release: Release

    @property
    def capacity(self) -> int:
        """Bytes of image it can hold."""
        return self.size - self.release.preview_margin

    def fallback_size(self, image: Image) -> int:
        """Bytes of fb_alloc that showing a compressed image takes for a moment; 0 if it fits or is dropped."""
        if not image.pixel_format.compressed or image.size <= self.capacity or not self.release.preview_spills:
            return 0
        return (image.size * 8 + 5) // 6 + 2

    def show(self, image: Image, fb_alloc: FbAlloc) -> None:
        """Show ``image`` with an IDE connected.

        Raises:
            DeviceMemoryError: it goes through fb_alloc and does not fit there.
        """
        size = self.fallback_size(image)
        if size:
            fb_alloc.mark()
            fb_alloc.alloc(size)
            fb_alloc.free_till_mark()
