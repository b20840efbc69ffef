"""Frame sizes, pixel formats, and what every firmware generation's frame buffer has in common.

Sources: openmv/openmv ``src/omv/common/sensor_utils.c`` (v4.5.0 to v4.5.9) and ``common/omv_csi.c`` (v4.6.0 to
v5.0.0) for the camera, ``imlib/framebuffer.c`` for the memory. The resolution table is the same in all of them. Sizes
are bytes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum

from omvsim.errors import DeviceOSError, DeviceRuntimeError, DeviceValueError
from omvsim.records import NamedTuple

ALIGNMENT = 32  # FRAMEBUFFER_ALIGNMENT: the cache line
BUFFER_HEADER = 32  # sizeof(vbuffer_t), data aligned to the cache line

CONTROL_FAILED = "Sensor control failed."
INVALID_FRAMESIZE = "Frame size is not supported or is not set."
INVALID_PIXFORMAT = "Pixel format is not supported or is not set."
INVALID_ARGUMENT = "An invalid argument is used."
WRONG_PIXFORMAT = "The requested operation is not supported on the current pixel format."
BUFFER_OVERFLOW = "Frame buffer overflow, try reducing the frame size."
IMAGE_TOO_BIG = "The image doesn't fit in the frame buffer!"

FRAME_SIZES: dict[str, tuple[int, int]] = {
    # C/SIF
    "QQCIF": (88, 72),
    "QCIF": (176, 144),
    "CIF": (352, 288),
    "QQSIF": (88, 60),
    "QSIF": (176, 120),
    "SIF": (352, 240),
    # VGA
    "QQQQVGA": (40, 30),
    "QQQVGA": (80, 60),
    "QQVGA": (160, 120),
    "QVGA": (320, 240),
    "VGA": (640, 480),
    "HQQQQVGA": (30, 20),
    "HQQQVGA": (60, 40),
    "HQQVGA": (120, 80),
    "HQVGA": (240, 160),
    "HVGA": (480, 320),
    # for transforms; `sensor` only
    "B64X32": (64, 32),
    "B64X64": (64, 64),
    "B128X64": (128, 64),
    "B128X128": (128, 128),
    "B160X160": (160, 160),
    "B320X320": (320, 320),
    # other
    "LCD": (128, 160),
    "QQVGA2": (128, 160),
    "WVGA": (720, 480),
    "WVGA2": (752, 480),
    "SVGA": (800, 600),
    "XGA": (1024, 768),
    "WXGA": (1280, 768),
    "SXGA": (1280, 1024),
    "SXGAM": (1280, 960),
    "UXGA": (1600, 1200),
    "HD": (1280, 720),
    "FHD": (1920, 1080),
    "QHD": (2560, 1440),
    "QXGA": (2048, 1536),
    "WQXGA": (2560, 1600),
    "WQXGA2": (2592, 1944),
}
_CUSTOM = "CUSTOM"


class PixelFormat(Enum):
    """Pixel formats; the value is the name scripts use after ``sensor.`` or ``image.``."""

    BINARY = "BINARY"
    GRAYSCALE = "GRAYSCALE"
    RGB565 = "RGB565"
    BAYER = "BAYER"
    YUV422 = "YUV422"
    JPEG = "JPEG"
    PNG = "PNG"

    @property
    def compressed(self) -> bool:
        """Whether an image's size does not follow from its dimensions."""
        return self in (PixelFormat.JPEG, PixelFormat.PNG)

    @property
    def frame_bytes_per_pixel(self) -> int:
        """Bytes a pixel takes in a captured frame; 0 for formats whose frames have no fixed size."""
        return _FRAME_BPP.get(self, 0)


_FRAME_BPP = {PixelFormat.GRAYSCALE: 1, PixelFormat.BAYER: 1, PixelFormat.RGB565: 2, PixelFormat.YUV422: 2}


def image_size(width: int, height: int, pixel_format: PixelFormat, compressed_size: int = 0) -> int:
    """Bytes of an image's pixels (``image_size`` of ``imlib.c``); binary rows are whole 32-bit words."""
    if pixel_format.compressed:
        return compressed_size
    if pixel_format is PixelFormat.BINARY:
        return (width + 31) // 32 * 4 * height
    return width * height * _FRAME_BPP[pixel_format]


class Window(NamedTuple):
    """The part of the frame that is kept, in pixels."""

    x: int
    y: int
    width: int
    height: int


class Image(NamedTuple):
    """The image the frame buffer holds."""

    width: int
    height: int
    pixel_format: PixelFormat
    compressed_size: int = 0

    @property
    def size(self) -> int:
        """Bytes of its pixels."""
        return image_size(*self)


class FrameBuffer(ABC):
    """The camera as memory sees it: its settings, and the buffers that follow from them.

    Method names are those of ``sensor``; ``csi`` of 4.8 and later calls the same code. Errors of the camera are
    ``DeviceRuntimeError`` with the firmware's text.
    """

    def __init__(self) -> None:
        self.pixel_format: PixelFormat | None = None
        self.frame_size_name: str | None = None
        self.resolution = (0, 0)
        self.window = Window(0, 0, 0, 0)
        self.image: Image | None = None

    @property
    @abstractmethod
    def count(self) -> int:
        """How many buffers there are, as ``get_framebuffers()`` answers."""

    @property
    @abstractmethod
    def buffer_size(self) -> int:
        """Bytes of pixels one buffer can hold."""

    @property
    @abstractmethod
    def buffers(self) -> tuple[int, ...]:
        """Addresses of the buffers' pixels; which of them the next frame goes to depends on timing."""

    @abstractmethod
    def _adjust(self) -> None:
        """Choose a number of buffers after a change of settings; failures are silent."""

    @abstractmethod
    def _resize(self, count: int) -> str | None:
        """Make ``count`` buffers; an error's text, None if it worked."""

    @abstractmethod
    def set_to_framebuffer(self, image: Image) -> int:
        """Make one buffer and put ``image`` there (``copy_to_fb=True``); the address of its pixels.

        Raises:
            DeviceOSError: it does not fit.
        """

    def grow(self, size: int) -> bool:  # noqa: ARG002 - the buffers of most generations stay as they are
        """An image in a buffer becomes larger than that: whether there are new buffers, of ``size`` bytes."""
        return False

    def _abort(self) -> None:  # noqa: B027 - most generations lose nothing here
        """Stop capturing, as every change of settings does first; what that does to the buffers."""

    @property
    def frame_bytes(self) -> int:
        """Bytes a frame of the current window takes at two bytes a pixel, whatever the pixel format."""
        return self.window.width * self.window.height * 2

    def reset(self) -> None:
        """``sensor.reset()``: settings are gone, the buffers and the window's size stay as they are."""
        self._abort()
        self.pixel_format = None
        self.frame_size_name = None

    def set_pixformat(self, pixel_format: PixelFormat) -> None:
        """``sensor.set_pixformat``; a new format makes new buffers.

        Raises:
            DeviceRuntimeError: JPEG on a window.
        """
        if pixel_format is self.pixel_format or self._would_fall_back_to_bayer(pixel_format):
            return
        if pixel_format is PixelFormat.JPEG and self._cropped:
            raise DeviceRuntimeError(WRONG_PIXFORMAT)
        self._abort()
        self.pixel_format = pixel_format
        self.image = None
        self._adjust()

    def set_framesize(self, size: str | tuple[int, int]) -> None:
        """``sensor.set_framesize``: a name of ``FRAME_SIZES`` or, with ``csi``, a width and a height.

        A second custom size in a row changes nothing, as on the camera: it compares the kind of size, not the numbers.

        Raises:
            DeviceRuntimeError: no such size.
        """
        name = size if isinstance(size, str) else _CUSTOM
        resolution = FRAME_SIZES.get(size) if isinstance(size, str) else size
        if resolution is None:
            raise DeviceRuntimeError(INVALID_FRAMESIZE)
        if not isinstance(size, str):
            self.resolution = resolution
        if name == self.frame_size_name:
            return
        self._abort()
        self.frame_size_name = name
        self.resolution = resolution
        self.window = Window(0, 0, *resolution)
        self.image = None
        self._adjust()

    def set_windowing(self, *roi: int) -> None:
        """``sensor.set_windowing``: width and height around the middle, or x, y, width, height; cut to the frame.

        Raises:
            DeviceRuntimeError: no frame size yet, or JPEG.
            DeviceValueError: the region is empty or outside the frame.
        """
        if self.frame_size_name is None:
            raise DeviceRuntimeError(INVALID_FRAMESIZE)
        window = self._clip(roi)
        if window == self.window:
            return
        if self.pixel_format is PixelFormat.JPEG:
            raise DeviceRuntimeError(WRONG_PIXFORMAT)
        self._abort()
        self.window = window
        self.image = None
        self._adjust()

    def set_framebuffers(self, count: int) -> None:
        """``sensor.set_framebuffers(count)``; the current count changes nothing.

        Raises:
            DeviceRuntimeError: below one, or no room.
        """
        if count == self.count:
            return
        if count < 1:
            raise DeviceRuntimeError(INVALID_ARGUMENT)
        self._abort()
        error = self._resize(count)
        if error is not None:
            raise DeviceRuntimeError(error)

    def snapshot(self, compressed_size: int = 0) -> Image:
        """``sensor.snapshot()``: the image now in the frame buffer; ``compressed_size`` is that of a JPEG frame.

        Raises:
            DeviceRuntimeError: no settings yet, or the frame is larger than a buffer.
        """
        if self.pixel_format is None:
            raise DeviceRuntimeError(INVALID_PIXFORMAT)
        if self.frame_size_name is None:
            raise DeviceRuntimeError(INVALID_FRAMESIZE)
        pixels = self.window.width * self.window.height
        if pixels * self.pixel_format.frame_bytes_per_pixel > self.buffer_size:
            raise DeviceRuntimeError(BUFFER_OVERFLOW)
        self.image = Image(self.window.width, self.window.height, self.pixel_format, compressed_size)
        return self.image

    @property
    def _settings_missing(self) -> str | None:
        """The error later firmware answers a request for buffers with before both settings are made."""
        if self.pixel_format is None:
            return INVALID_PIXFORMAT
        return INVALID_FRAMESIZE if self.frame_size_name is None else None

    @property
    def _cropped(self) -> bool:
        return self.frame_size_name is not None and self.window != Window(0, 0, *self.resolution)

    def _would_fall_back_to_bayer(self, wanted: PixelFormat) -> bool:
        """From Bayer to colour when only Bayer fits: the format stays."""
        if self.pixel_format is not PixelFormat.BAYER or wanted.frame_bytes_per_pixel != 2:
            return False
        return self.frame_bytes // 2 <= self.buffer_size < self.frame_bytes

    def _clip(self, roi: tuple[int, ...]) -> Window:
        frame_width, frame_height = self.resolution
        if len(roi) == 2:
            width, height = roi
            x, y = frame_width // 2 - width // 2, frame_height // 2 - height // 2
        elif len(roi) == 4:
            x, y, width, height = roi
        else:
            raise DeviceValueError("The tuple/list must either be (x, y, w, h) or (w, h)")
        if width < 1 or height < 1:
            raise DeviceValueError("Invalid ROI dimensions!")
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + width, frame_width), min(y + height, frame_height)
        if left >= right or top >= bottom:
            raise DeviceValueError("ROI does not overlap on the image!")
        return Window(left, top, right - left, bottom - top)

    def _check_fits(self, image: Image) -> None:
        if image.size > self.buffer_size:
            raise DeviceOSError(IMAGE_TOO_BIG)
