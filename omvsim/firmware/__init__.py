"""What each firmware release does on a device: modules, camera, Python objects."""

from omvsim.firmware._framebuffer import FRAME_SIZES, FrameBuffer, Image, PixelFormat, Window, image_size
from omvsim.firmware._framebuffer_preview import PreviewBuffer
from omvsim.firmware._framebuffer_static import (
    CountingFrameBuffer,
    FrameRegion,
    HalvingFrameBuffer,
    QueuedFrameBuffer,
    StaticFrameBuffer,
)
from omvsim.firmware._framebuffer_uma import UmaFrameBuffer

__all__ = [
    "FRAME_SIZES",
    "FrameBuffer",
    "Image",
    "PixelFormat",
    "Window",
    "image_size",
    "PreviewBuffer",
    "CountingFrameBuffer",
    "FrameRegion",
    "HalvingFrameBuffer",
    "QueuedFrameBuffer",
    "StaticFrameBuffer",
    "UmaFrameBuffer",
]
