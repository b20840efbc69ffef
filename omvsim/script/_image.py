"""The ``image`` module: images on the heap, in a buffer, or in the frame buffer, and what their methods allocate.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``modules/py_image.c``; requests measured on both. Drawing allocates nothing.
Methods that are not simulated return nothing found, and the report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware import Image, PixelFormat, image_size
from omvsim.runtime._draw import draw_scaled, from_rgb565, to_rgb565
from omvsim.script._arrays import HOST_TYPES, NdArray
from omvsim.script._frame_source import read_picture
from omvsim.script._make import OBJECT, type_name
from omvsim.script._operators import as_bytes
from omvsim.script._pixels import from_rgb, luma, pixel_value, to_rgb
from omvsim.script._values import MISSING, Buffer, List, Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

ALIGNMENT = 31
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
_HINTS = (
    *("AREA", "BILINEAR", "BICUBIC", "CENTER", "HMIRROR", "VFLIP", "TRANSPOSE", "ROTATE_90", "ROTATE_180"),
    *("ROTATE_270", "EXTRACT_RGB_CHANNEL_FIRST", "APPLY_COLOR_PALETTE_FIRST", "SCALE_ASPECT_KEEP"),
    *("SCALE_ASPECT_EXPAND", "SCALE_ASPECT_IGNORE", "BLACK_BACKGROUND"),
)
_CONSTANTS = (
    *("PALETTE_RAINBOW", "PALETTE_IRONBOW", "SEARCH_EX", "SEARCH_DS", "EDGE_CANNY", "EDGE_SIMPLE", "TAG16H5"),
    *("TAG25H9", "TAG36H11", "TAG36H10", "ARTOOLKIT", "EAN13", "CODE128", "CODE39", "QRCODE"),
)


class ImageObject(NativeObject):
    """An ``image.Image``; ``data`` are its bytes, ``owner`` what they belong to (a buffer) besides its blocks."""

    __slots__ = ("data", "height", "owner", "pixel_format", "width", "world")
    kind_name = "Image"

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

    @property
    def methods(self) -> dict[str, Any]:  # type: ignore[override]
        """Its methods."""
        return _METHODS

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
        self.object_bytes = 24 if world.release < (4, 5, 6) else 28
        self.type = NativeType("Image", self.image, (ImageObject,))

    def module(self) -> Module:
        """The module ``image``."""
        names: dict[str, Any] = {"Image": self.type}
        names.update({pixel_format.value: number for pixel_format, number in FORMATS.items()})
        names.update({name: 1 << (8 + number) for number, name in enumerate(_HINTS)})
        names.update({name: number for number, name in enumerate(_CONSTANTS)})
        names["HaarCascade"] = Native("HaarCascade", self._cascade)
        names["rgb_to_lab"] = Native("rgb_to_lab", lambda *_: self.make.new_tuple((0, 0, 0)))
        names["ImageIO"] = Native("ImageIO", self._refuse("image.ImageIO"))
        return Module("image", names)

    def _refuse(self, name: str) -> Callable[..., Any]:
        def call(*_values: Any, **_names: Any) -> Any:
            self.make.throw_formatted("NotImplementedError", f"{name} is not simulated")

        return call

    def _cascade(self, *_values: Any, **_names: Any) -> Any:
        self.world.note("image.HaarCascade is not simulated: it finds nothing and costs one block")
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
        pixels = self.make.alloc(size + ALIGNMENT, "pixels")
        image = self.wrap(width, height, pixel_format, np.zeros(size, np.uint8) if data is None else data)
        image.blocks += (pixels,)
        return image

    def wrap(self, width: int, height: int, pixel_format: PixelFormat, data: NDArray[np.uint8]) -> ImageObject:
        """An image object on pixels that are elsewhere."""
        image = ImageObject(self.world, width, height, pixel_format, data)
        image.blocks = (self.make.alloc(self.object_bytes, "image.Image"),)
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
            return self._read(str(source))
        if isinstance(source, NdArray):
            return self._of_array(source)
        if not isinstance(source, int) or height is None or pixel_format is None:
            self.make.throw("TypeError", "Expected a path, an ndarray, or width, height and pixel format")
        wanted = self.pixel_format(pixel_format)
        if copy_to_fb:
            frame_buffer = self.world.camera.frame_buffer
            if frame_buffer is not None:
                frame_buffer.set_to_framebuffer(Image(int(source), int(height), wanted))
            return self.wrap(
                int(source), int(height), wanted, np.zeros(image_size(int(source), int(height), wanted), np.uint8)
            )
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

    def _read(self, path: str) -> ImageObject:
        found = self.world.files.find(path)
        for _ in range(FILE_OPENS):
            self._open(path)
        if found is None or not found.is_file():
            self.make.throw("OSError", 2)
        rgb = read_picture(found)
        wanted = PixelFormat.RGB565
        if found.suffix.lower() in (".jpg", ".jpeg", ".png"):
            return self._compressed(found, rgb)
        height, width = rgb.shape[:2]
        pixels = self.make.alloc(image_size(width, height, wanted) + ALIGNMENT, "pixels")
        for _ in range(FILE_OPENS):
            self._open(path)
        image = self.wrap(width, height, wanted, from_rgb(rgb, wanted, 0).copy())
        image.blocks += (pixels,)
        return image

    def _compressed(self, found: Path, rgb: NDArray[np.uint8]) -> ImageObject:
        """JPEG and PNG stay compressed."""
        kind = PixelFormat.PNG if found.suffix.lower() == ".png" else PixelFormat.JPEG
        data = np.frombuffer(found.read_bytes(), np.uint8)
        return self.on_heap(rgb.shape[1], rgb.shape[0], kind, data, len(data))

    def _open(self, path: str) -> None:
        """A file opened as a Python object; its object has a finaliser."""
        for size in (OBJECT, len(path) + 1, OBJECT, 12):
            self.make.alloc(size, "open picture")
        self.make.alloc(88, "open picture", finaliser=True)


# -- methods ----------------------------------------------------------------------------------------------------------


def _images(image: ImageObject) -> Images:
    found: Images = image.world.images
    return found


def _copied(image: ImageObject, wanted: PixelFormat, rgb: NDArray[np.uint8] | None = None) -> ImageObject:
    images = _images(image)
    if wanted is image.pixel_format and rgb is None:
        return images.on_heap(image.width, image.height, wanted, image.data.copy())
    pixels = image.rgb() if rgb is None else rgb
    height, width = pixels.shape[:2]
    return images.on_heap(width, height, wanted, from_rgb(pixels, wanted, image_size(width, height, wanted)).copy())


def _region(image: ImageObject, roi: Any) -> tuple[int, int, int, int]:
    if roi is None:
        return 0, 0, image.width, image.height
    x, y, width, height = (int(part) for part in roi)
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.width), min(y + height, image.height)
    if left >= right or top >= bottom:
        _images(image).make.throw("ValueError", "ROI does not overlap on the image!")
    return left, top, right - left, bottom - top


def _copy(image: ImageObject, x_scale: Any = 1.0, y_scale: Any = 1.0, roi: Any = None, **_more: Any) -> ImageObject:
    x, y, width, height = _region(image, roi)
    rgb = image.rgb()[y : y + height, x : x + width]
    if float(x_scale) != 1.0 or float(y_scale) != 1.0:
        target = max(1, int(width * float(x_scale))), max(1, int(height * float(y_scale)))
        rgb = from_rgb565(draw_scaled(to_rgb565(rgb), *target, keep_aspect=False))
    elif roi is None:
        return _copied(image, image.pixel_format)
    return _copied(image, image.pixel_format, rgb)


def _converted(wanted: PixelFormat) -> Callable[..., ImageObject]:
    def convert(image: ImageObject, *_values: Any, copy: Any = False, **_more: Any) -> ImageObject:
        if copy:
            return _copied(image, wanted)
        pixels = from_rgb(image.rgb(), wanted, image_size(image.width, image.height, wanted))
        image.data[: len(pixels)] = pixels[: len(image.data)]
        image.pixel_format = wanted
        return image

    return convert


def _compress(image: ImageObject, *_values: Any, quality: Any = 90, copy: Any = False, **_more: Any) -> ImageObject:
    """JPEG: its size depends on the picture; one byte in eight pixels is assumed."""
    size = max(600, image.width * image.height // 8 * int(quality) // 90)
    image.world.note("sizes of JPEG images are estimated (one byte for eight pixels)")
    images = _images(image)
    if copy:
        return images.on_heap(image.width, image.height, PixelFormat.JPEG, np.zeros(size, np.uint8), size)
    image.pixel_format = PixelFormat.JPEG
    image.data = np.zeros(size, np.uint8)
    return image


def _to_ndarray(image: ImageObject, dtype: Any, *, buffer: Any = None) -> NdArray:
    make = _images(image).make
    kind = chr(int(dtype)) if isinstance(dtype, int) else str(dtype)
    channels = 1 if image.pixel_format is PixelFormat.GRAYSCALE else 3
    rgb = image.rgb()
    values = luma(rgb) if channels == 1 else rgb
    if kind == "b":
        values = (values ^ 0x80).view(np.int8)
    values = values.astype(HOST_TYPES.get(kind, np.float32))
    blocks = [make.alloc(52, "ndarray"), make.alloc(OBJECT, "ndarray: strides")]
    if buffer is None:
        blocks.append(make.alloc(values.nbytes, "ndarray: data"))
    return NdArray(_images(image).rt, values, kind, tuple(blocks), buffer)


def _bytearray(image: ImageObject) -> Buffer:
    return _images(image).make.buffer_on(memoryview(image.data.data), image)


def _get_pixel(image: ImageObject, *place: Any, rgbtuple: Any = None) -> Any:
    make = _images(image).make
    x, y = place[0] if len(place) == 1 and isinstance(place[0], tuple | List) else _two(image, place)
    if not (0 <= int(x) < image.width and 0 <= int(y) < image.height):
        return None
    if image.pixel_format is PixelFormat.GRAYSCALE and not rgbtuple:
        return int(image.data[int(y) * image.width + int(x)])
    return make.new_tuple(tuple(int(part) for part in image.rgb()[int(y), int(x)]))


def _two(image: ImageObject, place: tuple[Any, ...]) -> tuple[Any, Any]:
    """x and y as two numbers; 5.0.0 wants a tuple."""
    if len(place) < 2 or image.world.release >= (5,):
        _images(image).make.throw_formatted("TypeError", f"object '{type_name(place[0])}' isn't a tuple or list")
    return place[0], place[1]


def _points(image: ImageObject, values: tuple[Any, ...], count: int) -> list[int]:
    """Coordinates given as one tuple or, before 5.0.0, as numbers."""
    if values and isinstance(values[0], tuple | List):
        given = list(values[0])
        if len(given) != count:
            text = f"requested length {count} but object has length {len(given)}"
            _images(image).make.throw_formatted("ValueError", text)
        return [int(part) for part in given]
    if image.world.release >= (5,):
        _images(image).make.throw_formatted("TypeError", f"object '{type_name(values[0])}' isn't a tuple or list")
    return [int(part) for part in values[:count]]


def _paint(image: ImageObject, mask: NDArray[np.bool_], color: Any) -> None:
    size = image.data.itemsize * (2 if image.pixel_format is PixelFormat.RGB565 else 1)
    if image.pixel_format not in (PixelFormat.RGB565, PixelFormat.GRAYSCALE):
        return
    pixels = image.data[: size * image.width * image.height].reshape(image.height, image.width, size)
    pixels[mask] = pixel_value((255, 255, 255) if color is None else color, image.pixel_format)


def _rectangle(
    image: ImageObject, *values: Any, color: Any = None, thickness: Any = 1, fill: Any = False, **_more: Any
) -> ImageObject:
    x, y, width, height = _points(image, values, 4)
    rows, columns = np.mgrid[: image.height, : image.width]
    inside = (columns >= x) & (columns < x + width) & (rows >= y) & (rows < y + height)
    if not fill:
        edge = int(thickness)
        inner = (columns >= x + edge) & (columns < x + width - edge) & (rows >= y + edge) & (rows < y + height - edge)
        inside &= ~inner
    _paint(image, inside, color)
    return image


def _circle(
    image: ImageObject, *values: Any, color: Any = None, thickness: Any = 1, fill: Any = False, **_more: Any
) -> ImageObject:
    """A circle; its outer edge is blended with what is there by how far a pixel lies outside."""
    x, y, radius = _points(image, values, 3)
    radius += int(thickness) // 2
    rows, columns = np.mgrid[: image.height, : image.width]
    outside = (columns - x) ** 2 + (rows - y) ** 2 - radius**2
    inside = outside < 0
    if not fill:
        inside &= outside > max(0, radius - int(thickness)) ** 2 - radius**2
    edge = (outside >= 0) & (outside < 2 * radius - 1)
    _blend(image, edge, 256 * outside // max(1, 2 * radius - 1), color)
    _paint(image, inside, color)
    return image


def _blend(image: ImageObject, mask: NDArray[np.bool_], weight: NDArray[np.int64], color: Any) -> None:
    """Mix a colour into pixels; ``weight`` (0 to 256) is what stays of the old ones."""
    value = pixel_value((255, 255, 255) if color is None else color, image.pixel_format)
    kept = weight[mask]
    if image.pixel_format is PixelFormat.GRAYSCALE:
        pixels = image.data[: image.width * image.height].reshape(image.height, image.width)
        pixels[mask] = (pixels[mask] * kept + value[0] * (256 - kept)) >> 8
    elif image.pixel_format is PixelFormat.RGB565:
        words = image.data[: 2 * image.width * image.height].view(np.uint16).reshape(image.height, image.width)
        old, new, mixed = words[mask].astype(np.int64), value[0] | value[1] << 8, np.zeros_like(kept)
        for shift, bits in ((11, 31), (5, 63), (0, 31)):
            part = (((old >> shift) & bits) * kept + ((new >> shift) & bits) * (256 - kept)) >> 8
            mixed |= part << shift
        words[mask] = mixed


def _unpainted(count: int) -> Callable[..., ImageObject]:
    """A drawing method whose pixels do not matter here; its arguments are checked."""

    def draw(image: ImageObject, *values: Any, **_more: Any) -> ImageObject:
        _points(image, values, count)
        return image

    return draw


def _draw_string(image: ImageObject, *values: Any, **_more: Any) -> ImageObject:
    """Up to 4.8.1 a tuple holds the text too."""
    if image.world.release < (5,) and values and isinstance(values[0], tuple | List):
        if len(values[0]) != 3:
            text = f"requested length 3 but object has length {len(values[0])}"
            _images(image).make.throw_formatted("ValueError", text)
        return image
    _points(image, values, 2)
    return image


def _set_pixel(image: ImageObject, *values: Any, **_more: Any) -> ImageObject:
    _points(image, values, 2)
    return image


def _draw_image(
    image: ImageObject, other: Any, *_place: Any, hint: Any = 0, roi: Any = None, **_more: Any
) -> ImageObject:
    if not isinstance(other, ImageObject):
        _images(image).make.throw("TypeError", "Expected an image")
    flags = int(hint)
    names = {name: 1 << (8 + number) for number, name in enumerate(_HINTS)}
    if flags & (names["SCALE_ASPECT_EXPAND"] | names["SCALE_ASPECT_IGNORE"] | names["SCALE_ASPECT_KEEP"]):
        x, y, width, height = _region(other, roi)
        part = other.rgb()[y : y + height, x : x + width]
        keep = not flags & names["SCALE_ASPECT_IGNORE"]
        drawn = from_rgb565(draw_scaled(to_rgb565(part), image.width, image.height, keep_aspect=keep))
        pixels = from_rgb(drawn, image.pixel_format, image.size)
        image.data[: len(pixels)] = pixels
    return image


def _same(image: ImageObject, *_values: Any, **_more: Any) -> ImageObject:
    return image


def _threshold_list(image: ImageObject, *_values: Any, **_more: Any) -> ImageObject:
    """``binary``: a node for the threshold that is freed again, and the image object it returns."""
    make = _images(image).make
    make.memory.free(make.alloc(14, "threshold"))
    result = _images(image).wrap(image.width, image.height, image.pixel_format, image.data)
    result.owner = image
    return result


_STATISTICS = (
    *("mean", "median", "mode", "stdev", "min", "max", "lq", "uq"),
    *("l_mean", "l_median", "l_mode", "l_stdev", "l_min", "l_max", "l_lq", "l_uq"),
    *("a_mean", "a_median", "a_mode", "a_stdev", "a_min", "a_max", "a_lq", "a_uq"),
    *("b_mean", "b_median", "b_mode", "b_stdev", "b_min", "b_max", "b_lq", "b_uq"),
)


class Statistics(NativeObject):
    """What ``get_statistics()`` returns up to 4.8.1: its values are methods."""

    kind_name = "statistics"
    methods: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, rt: Runtime, values: dict[str, int], block: Any) -> None:
        super().__init__()
        self.rt = rt
        self.values = values
        self.blocks = (block,)

    def get(self, name: str) -> Any:
        """A value as a method."""
        return Native(name, lambda: self.values[name]) if name in self.values else MISSING


def _statistics(image: ImageObject, *_values: Any, **_more: Any) -> Any:
    images = _images(image)
    values = luma(image.rgb()).reshape(-1)
    found = [
        np.mean(values),
        np.median(values),
        np.bincount(values).argmax(),
        np.std(values),
        values.min(),
        values.max(),
    ]
    numbers = [int(value) for value in (*found, np.percentile(values, 25), np.percentile(values, 75))]
    if image.world.release >= (5,):
        return images.make.attrtuple(_STATISTICS, (numbers * 4)[:32])
    return Statistics(
        images.rt, dict(zip(_STATISTICS, numbers * 4, strict=False)), images.make.alloc(104, "statistics")
    )


def _nothing_found(name: str) -> Callable[..., Any]:
    def find(image: ImageObject, *_values: Any, **_more: Any) -> Any:
        image.world.note(f"image.{name}() is not simulated: it finds nothing here and costs an empty list")
        return _images(image).make.new_list()

    return find


_FINDERS = (
    *("find_blobs", "find_lines", "find_line_segments", "find_circles", "find_rects", "find_qrcodes", "find_apriltags"),
    *("find_barcodes", "find_datamatrices", "find_features", "find_keypoints", "find_template", "find_displacement"),
    *("find_edges", "find_hog", "find_eye", "find_lbp", "get_histogram", "get_regression"),
)
_IN_PLACE = (
    *("invert", "clear", "flip", "mask_rectangle", "mask_circle", "b_and", "b_or", "b_xor", "b_not", "erode", "dilate"),
    *("open", "close", "top_hat", "black_hat", "add", "sub", "mul", "div", "min", "max", "difference", "blend"),
    *("histeq", "mean", "median", "mode", "midpoint", "morph", "gaussian", "laplacian", "bilateral", "lens_corr"),
    *("rotation_corr", "linpolar", "logpolar", "gamma", "gamma_corr", "negate", "replace", "assign", "set", "flush"),
    *(
        "awb",
        "ccm",
        "scale",
        "crop",
        "rotate",
        "save",
        "draw_edges",
        "draw_keypoints",
        "draw_arrow",
        "draw_event_histogram",
    ),
)

_METHODS: dict[str, Any] = {
    **dict.fromkeys(_IN_PLACE, _same),
    **{name: _nothing_found(name) for name in _FINDERS},
    "width": lambda image: image.width,
    "height": lambda image: image.height,
    "format": lambda image: FORMATS[image.pixel_format],
    "size": lambda image: image.size,
    "bytearray": _bytearray,
    "copy": _copy,
    "to_ndarray": _to_ndarray,
    "to_grayscale": _converted(PixelFormat.GRAYSCALE),
    "to_rgb565": _converted(PixelFormat.RGB565),
    "to_bitmap": _converted(PixelFormat.BINARY),
    "to_jpeg": _compress,
    "compress": _compress,
    "compressed": lambda image, **more: _compress(image, copy=True, **more),
    "get_pixel": _get_pixel,
    "set_pixel": _set_pixel,
    "draw_rectangle": _rectangle,
    "draw_circle": _circle,
    "draw_line": _unpainted(4),
    "draw_string": _draw_string,
    "draw_cross": _unpainted(2),
    "draw_ellipse": _unpainted(5),
    "draw_image": _draw_image,
    "binary": _threshold_list,
    "get_statistics": _statistics,
    "statistics": _statistics,
}
