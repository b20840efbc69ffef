"""The image sensor behind ``sensor`` and ``csi``: settings, pictures, time (modules/py_csi.c, py_csi_ng.c, omv_csi.c).

The frame buffers are :class:`omvsim.firmware.FrameBuffer`; pictures come from the host. A picture takes a frame's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from omvsim.firmware import FRAME_SIZES
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.modules.camera_names import table
from omvsim.modules.device_errors import as_exceptions
from omvsim.modules.image import formats, pixels
from omvsim.modules.image.draw_image import Source
from omvsim.modules.image.encoders import encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from omvsim.firmware import Image as Shape
    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine

FRAME_US: Final = 33_333
"""A frame of a sensor that gives 30 a second."""
CHIP: Final = "OV5640"
"""The sensor that comes with the RT1062."""
UNSUPPORTED: Final = "The requested operation is not supported by the image sensor."
INVALID_ARGUMENT: Final = "An invalid argument is used."
INVALID_FRAMESIZE: Final = "Frame size is not supported or is not set."
INVALID_PIXFORMAT: Final = "Pixel format is not supported or is not set."
INVALID_FRAMERATE: Final = "Frame rate is not supported or is not set."
UNDETECTED: Final = "Failed to detect the image sensor or image sensor is detached."
CUSTOM_SIZE: Final = 1
_JPEG_QUALITY: Final = 90


def fail(vm: CameraMachine, text: str) -> NoReturn:
    """``omv_csi_raise_error``."""
    vm.error(Error.RUNTIME, text)


class Chip:
    """One sensor's state beside the frame buffer's; ``switches`` are settings that only keep what they were given."""

    def __init__(self) -> None:
        self.rate = 0
        self.switches: dict[str, bool] = {}
        self.palette: int = 0
        self.callbacks: dict[str, Value] = {}

    @staticmethod
    def buffer(vm: CameraMachine) -> Any:
        """The frame buffer."""
        found = vm.world.camera.frame_buffer
        if found is None:
            raise Unknown("sensor", "this board profile has no frame buffer")
        return found

    def reset(self, vm: CameraMachine) -> None:
        """``reset``: the chip needs its time to come up."""
        with as_exceptions(vm):
            self.buffer(vm).reset()
        self.rate = 0
        self.switches.clear()
        vm.world.frame_store = None

    def set_pixformat(self, vm: CameraMachine, code: int) -> None:
        """``set_pixformat``."""
        wanted = formats.TO_CAMERA.get(code)
        if wanted is None or code in (formats.BINARY, formats.PNG):
            fail(vm, INVALID_PIXFORMAT)
        with as_exceptions(vm):
            self.buffer(vm).set_pixformat(wanted)

    def pixformat(self, vm: CameraMachine) -> Value:
        """``get_pixformat``."""
        found = self.buffer(vm).pixel_format
        if found is None:
            fail(vm, INVALID_PIXFORMAT)
        return formats.OF_CAMERA[found]

    def set_framesize(self, vm: CameraMachine, size: int | tuple[int, int]) -> None:
        """``set_framesize``: a constant, or (csi) a width and a height."""
        given: str | tuple[int, int] = size if isinstance(size, tuple) else sizes(vm).get(size, "")
        with as_exceptions(vm):
            self.buffer(vm).set_framesize(given)

    def framesize(self, vm: CameraMachine) -> Value:
        """``get_framesize``."""
        name = self.buffer(vm).frame_size_name
        if name is None:
            fail(vm, INVALID_FRAMESIZE)
        return next((number for number, each in sizes(vm).items() if each == name), CUSTOM_SIZE)

    def set_window(self, vm: CameraMachine, values: Sequence[Value]) -> None:
        """``set_windowing``."""
        with as_exceptions(vm):
            self.buffer(vm).set_windowing(*(vm.int_of(value) for value in values))

    def window(self, vm: CameraMachine) -> Value:
        """``get_windowing``."""
        buffer = self.buffer(vm)
        if buffer.frame_size_name is None:
            fail(vm, INVALID_FRAMESIZE)
        return new_tuple(vm, tuple(buffer.window))

    def picture(self, vm: CameraMachine) -> tuple[Shape, bytearray, int]:
        """Take a picture: its shape, its bytes, and how many they are if it is compressed.

        A picture into the frame buffer ends the one that was there.
        """
        vm.event()
        world = vm.world
        world.pictures += 1
        with as_exceptions(vm):
            shape = self.buffer(vm).snapshot()
        world.pass_us(1_000_000 // self.rate if self.rate else FRAME_US)
        frame = world.frames.frame(shape.width, shape.height)
        code = formats.OF_CAMERA[shape.pixel_format]
        data = _as_frame(frame, code)
        compressed = len(data) if code in formats.COMPRESSED else 0
        world.frame_store = bytearray(data)
        callback = self.callbacks.get("frame")
        if callback is not None:
            vm.call(callback)
        return shape, world.frame_store, compressed


def _as_frame(rgb: np.ndarray[Any, np.dtype[np.uint8]], code: int) -> bytes:
    """A picture of the host in the format of the sensor."""
    red, green, blue = np.moveaxis(rgb, -1, 0).astype(np.int32, order="C")
    words = pixels.join(red, green, blue)
    if code == formats.JPEG:
        height, width = words.shape
        return encode(Source(width, height, formats.RGB565, words), code, _JPEG_QUALITY)
    if code == formats.RGB565:
        return bytes(words.tobytes())
    grey = ((red * 38 + green * 75 + blue * 15) >> 7).astype(np.uint16)
    if code in formats.YUV:
        return bytes((grey | 0x8000).astype(np.uint16).tobytes())
    return bytes(grey.astype(np.uint8).tobytes())


def sizes(vm: CameraMachine) -> dict[int, str]:
    """The release's numbers of frame sizes."""
    names = table("sensor", vm.release.base)
    return {number: name for name in FRAME_SIZES if isinstance(number := names.get(name), int)}


__all__ = [
    "CHIP",
    "CUSTOM_SIZE",
    "FRAME_US",
    "INVALID_ARGUMENT",
    "INVALID_FRAMERATE",
    "INVALID_FRAMESIZE",
    "INVALID_PIXFORMAT",
    "UNDETECTED",
    "UNSUPPORTED",
    "Chip",
    "fail",
    "sizes",
]
