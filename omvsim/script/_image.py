"""The ``image`` module: images on the heap, in a buffer, or in the frame buffer, and what their methods allocate.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``modules/py_image.c``; requests measured on both. Drawing allocates nothing.
Methods that are not simulated return nothing found, and the report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware import Image, PixelFormat, image_size
from omvsim.runs.pictures import read_picture
from omvsim.script._arrays import NdArray
from omvsim.script._make import OBJECT
from omvsim.script._operators import as_bytes
from omvsim.script._pixels import from_rgb, to_rgb
from omvsim.script._values import Buffer, Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

"""Pixels on the heap start on a cache line."""
FILE_OPENS = 2
"""A picture file is opened twice to find its format and twice to read it."""

FORMATS = {
    PixelFormat.BINARY: 1,
    PixelFormat.GRAYSCALE: 2,
    PixelFormat.RGB565: 3,
    PixelFormat.BAYER: 4,
    PixelFormat.YUV422: 5,
    PixelFormat.JPEG: 6,
    PixelFormat.PNG: 7,
}
"""Any numbers that differ: scripts only compare the names."""
_BY_NUMBER = {number: pixel_format for pixel_format, number in FORMATS.items()}
HINTS = (
    *("AREA", "BILINEAR", "BICUBIC", "CENTER", "HMIRROR", "VFLIP", "TRANSPOSE", "ROTATE_90", "ROTATE_180"),
    *("ROTATE_270", "EXTRACT_RGB_CHANNEL_FIRST", "APPLY_COLOR_PALETTE_FIRST", "SCALE_ASPECT_KEEP"),
    *("SCALE_ASPECT_EXPAND", "SCALE_ASPECT_IGNORE", "BLACK_BACKGROUND"),
)
CONSTANTS = (
    *("PALETTE_RAINBOW", "PALETTE_IRONBOW", "SEARCH_EX", "SEARCH_DS", "EDGE_CANNY", "EDGE_SIMPLE", "TAG16H5"),
    *("TAG25H9", "TAG36H11", "TAG36H10", "ARTOOLKIT", "EAN13", "CODE128", "CODE39", "QRCODE"),
)


class ImageObject(NativeObject):
    """An ``image.Image``; ``data`` are its bytes, ``owner`` what they belong to (a buffer) besides its blocks."""

    __slots__ = ("data", "height", "owner", "pixel_format", "width", "world")
    kind_name = "Image"
    methods: dict[str, Any]

    def __init__(
        self, world: World, width: int, height: int, pixel_format: PixelFormat, data: NDArray[np.uint8]
    ) -> None:
        super().__init__()
        self.world = world
        self.width = width
        self.height = height
        self.pixel_format = pixel_format
        self.data = data
        self.owner: object = None

    def text(self) -> str:
        """As ``print`` shows it."""
        kind = self.pixel_format.value.lower()
        return f'{{"w":{self.width}, "h":{self.height}, "type":"{kind}", "size":{self.size}}}'

    @property
    def size(self) -> int:
        """Bytes of its pixels."""
        return image_size(self.width, self.height, self.pixel_format, len(self.data))

    def __len__(self) -> int:
        return self.size

    def buffer_bytes(self) -> bytes:
        """Its pixels."""
        return self.data.tobytes()

    def buffer_view(self) -> memoryview:
        """Its pixels, shared."""
        return memoryview(self.data.data)

    def rgb(self) -> NDArray[np.uint8]:
        """Its pixels as 8-bit RGB."""
        return to_rgb(self.data, self.width, self.height, self.pixel_format)


class Images:
    """Makes images on one runtime."""

    def __init__(self, rt: Runtime, world: World) -> None:
        self.rt = rt
        self.make = rt.make
        self.world = world
        self.generation = world.camera.generation
        self.type = NativeType("Image", self.image, (ImageObject,))

    def module(self) -> Module:
        """The module ``image``."""
        names: dict[str, Any] = {"Image": self.type}
        names.update({pixel_format.value: number for pixel_format, number in FORMATS.items()})
        names.update({name: 1 << (8 + number) for number, name in enumerate(HINTS)})
        names.update({name: number for number, name in enumerate(CONSTANTS)})
        names["HaarCascade"] = Native("HaarCascade", self._cascade)
        names["rgb_to_lab"] = Native("rgb_to_lab", lambda *_: self.make.new_tuple((0, 0, 0)))
        names["ImageIO"] = Native("ImageIO", self._refuse("image.ImageIO"))
        return Module("image", names)

    def _refuse(self, name: str) -> Callable[..., Any]:
        def call(*_values: Any, **_names: Any) -> Any:
            self.make.throw_formatted("NotImplementedError", f"{name} is not simulated")

        return call

    def _cascade(self, *_values: Any, **_names: Any) -> Any:
        self.world.lacks("image.HaarCascade()")
        return self.rt.make.new_tuple((0,))

    # -- making images ------------------------------------------------------------------------------------------

    def pixel_format(self, number: Any) -> PixelFormat:
        """The format for a constant of the script."""
        found = _BY_NUMBER.get(number)
        if found is None:
            self.make.throw("ValueError", "Invalid pixel format.")
        return found

    def on_heap(
        self, width: int, height: int, pixel_format: PixelFormat, data: NDArray[np.uint8] | None = None, size: int = 0
    ) -> ImageObject:
        """A new image: pixels on a cache line, then the object."""
        if width < 1 or height < 1:
            self.make.throw("ValueError", "Image dimensions must be positive")
        size = size or image_size(width, height, pixel_format, 0 if data is None else len(data))
        pixels = self.make.alloc(self.generation.pixels_request(size), "pixels")
        image = self.wrap(width, height, pixel_format, np.zeros(size, np.uint8) if data is None else data)
        image.blocks += (pixels,)
        return image

    def placed(
        self, width: int, height: int, pixel_format: PixelFormat, data: NDArray[np.uint8], *, to_fb: bool
    ) -> ImageObject:
        """A new image with these pixels: on the heap, or with ``copy_to_fb=True`` as what the frame buffer holds.

        Raises:
            DeviceError: the frame buffer cannot take it.
        """
        frames = self.world.camera.frame_buffer
        if not to_fb or frames is None:
            return self.on_heap(width, height, pixel_format, data, len(data))
        frames.set_to_framebuffer(Image(width, height, pixel_format, len(data)))
        image = self.wrap(width, height, pixel_format, data)
        image.owner = frames
        return image

    def wrap(self, width: int, height: int, pixel_format: PixelFormat, data: NDArray[np.uint8]) -> ImageObject:
        """An image object on pixels that are elsewhere."""
        image = ImageObject(self.world, width, height, pixel_format, data)
        image.blocks = (self.make.alloc(self.generation.image_object, "image.Image"),)
        return image

    def image(
        self,
        source: Any,
        height: Any = None,
        pixel_format: Any = None,
        *,
        buffer: Any = None,
        copy_to_fb: Any = False,
        **_: Any,
    ) -> ImageObject:
        """``image.Image(width, height, format)``, ``image.Image(path)`` or ``image.Image(array)``."""
        if isinstance(source, str):
            return self._read(str(source), to_fb=bool(copy_to_fb))
        if isinstance(source, NdArray):
            return self._of_array(source)
        if not isinstance(source, int) or height is None or pixel_format is None:
            self.make.throw("TypeError", "Expected a path, an ndarray, or width, height and pixel format")
        wanted = self.pixel_format(pixel_format)
        if copy_to_fb:
            pixels = np.zeros(image_size(int(source), int(height), wanted), np.uint8)
            return self.placed(int(source), int(height), wanted, pixels, to_fb=True)
        if buffer is not None:
            return self._on_buffer(int(source), int(height), wanted, buffer)
        return self.on_heap(int(source), int(height), wanted)

    def _on_buffer(self, width: int, height: int, pixel_format: PixelFormat, buffer: Any) -> ImageObject:
        size = image_size(width, height, pixel_format)
        if isinstance(buffer, Buffer):
            data = np.frombuffer(buffer.data.cast("B"), dtype=np.uint8)
        else:
            data = np.frombuffer(bytearray(as_bytes(buffer)), dtype=np.uint8)
        if len(data) < size:
            self.make.throw("ValueError", "Buffer is too small")
        image = self.wrap(width, height, pixel_format, data[:size])
        image.owner = buffer
        return image

    def _of_array(self, array: NdArray) -> ImageObject:
        if array.kind != "f":
            self.make.throw("ValueError", "Expected a ndarray with dtype float")
        if array.values.ndim not in (2, 3):
            self.make.throw("ValueError", "Expected a ndarray with shape (height, width) or (height, width, 3)")
        height, width = array.values.shape[:2]
        wanted = PixelFormat.GRAYSCALE if array.values.ndim == 2 or array.values.shape[2] == 1 else PixelFormat.RGB565
        values = np.clip(array.values, 0, 255).astype(np.uint8).reshape(height, width, -1)
        rgb = np.repeat(values[..., :1], 3, axis=2) if values.shape[2] < 3 else values
        return self.on_heap(width, height, wanted, from_rgb(rgb, wanted, 0).copy())

    def _read(self, path: str, *, to_fb: bool) -> ImageObject:
        found = self.world.files.find(path)
        for _ in range(FILE_OPENS):
            self._open(path)
        if found is None or not found.is_file():
            self.make.throw("OSError", 2)
        rgb = read_picture(found)
        wanted = PixelFormat.RGB565
        if found.suffix.lower() in (".jpg", ".jpeg", ".png"):
            return self._compressed(found, rgb, to_fb=to_fb)
        height, width = rgb.shape[:2]
        frames = self.world.camera.frame_buffer if to_fb else None
        size = image_size(width, height, wanted)
        held = []
        if frames is not None:
            frames.set_to_framebuffer(Image(width, height, wanted))
        else:
            held.append(self.make.alloc(self.generation.pixels_request(size), "pixels"))
        for _ in range(FILE_OPENS):
            self._open(path)
        image = self.wrap(width, height, wanted, from_rgb(rgb, wanted, 0).copy())
        image.blocks += tuple(held)
        image.owner = frames
        return image

    def _compressed(self, found: Path, rgb: NDArray[np.uint8], *, to_fb: bool) -> ImageObject:
        """JPEG and PNG stay compressed."""
        kind = PixelFormat.PNG if found.suffix.lower() == ".png" else PixelFormat.JPEG
        data = np.frombuffer(found.read_bytes(), np.uint8).copy()
        return self.placed(rgb.shape[1], rgb.shape[0], kind, data, to_fb=to_fb)

    def _open(self, path: str) -> None:
        """A file opened as a Python object, which has a finaliser; before 4.7.0 its state is on the C stack."""
        if not self.generation.opens_through_vfs:
            return
        for size in (OBJECT, len(path) + 1, OBJECT, 12):
            self.make.alloc(size, "open picture")
        self.make.alloc(88, "open picture", finaliser=True)
