"""What the methods of an image do and allocate; drawing allocates nothing.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``modules/py_image.c``, ``lib/imlib/draw.c``. Methods that are not
simulated return nothing found, and the report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware import PixelFormat, image_size
from omvsim.runtime._draw import draw_scaled, from_rgb565, to_rgb565
from omvsim.script._arrays import HOST_TYPES, NdArray
from omvsim.script._image import FORMATS, HINTS, ImageObject, Images
from omvsim.script._make import OBJECT, type_name
from omvsim.script._pixels import from_rgb, luma, pixel_value
from omvsim.script._values import MISSING, Buffer, List, Native, NativeObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from omvsim.script._runtime import Runtime


# -- methods ----------------------------------------------------------------------------------------------------------


def _images(image: ImageObject) -> Images:
    found: Images = image.world.images
    return found


def _copied(
    image: ImageObject, wanted: PixelFormat, rgb: NDArray[np.uint8] | None = None, *, to_fb: bool = False
) -> ImageObject:
    images = _images(image)
    if wanted is image.pixel_format and rgb is None:
        return images.placed(image.width, image.height, wanted, image.data.copy(), to_fb=to_fb)
    pixels = image.rgb() if rgb is None else rgb
    height, width = pixels.shape[:2]
    data = from_rgb(pixels, wanted, image_size(width, height, wanted)).copy()
    return images.placed(width, height, wanted, data, to_fb=to_fb)


def _region(image: ImageObject, roi: Any) -> tuple[int, int, int, int]:
    if roi is None:
        return 0, 0, image.width, image.height
    x, y, width, height = (int(part) for part in roi)
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.width), min(y + height, image.height)
    if left >= right or top >= bottom:
        _images(image).make.throw("ValueError", "ROI does not overlap on the image!")
    return left, top, right - left, bottom - top


def _copy(
    image: ImageObject,
    x_scale: Any = 1.0,
    y_scale: Any = 1.0,
    roi: Any = None,
    *,
    copy_to_fb: Any = False,
    **_more: Any,
) -> ImageObject:
    x, y, width, height = _region(image, roi)
    rgb = image.rgb()[y : y + height, x : x + width]
    if float(x_scale) != 1.0 or float(y_scale) != 1.0:
        target = max(1, int(width * float(x_scale))), max(1, int(height * float(y_scale)))
        rgb = from_rgb565(draw_scaled(to_rgb565(rgb), *target, keep_aspect=False))
    elif roi is None:
        return _copied(image, image.pixel_format, to_fb=bool(copy_to_fb))
    return _copied(image, image.pixel_format, rgb, to_fb=bool(copy_to_fb))


def _converted(wanted: PixelFormat) -> Callable[..., ImageObject]:
    def convert(
        image: ImageObject, *_values: Any, copy: Any = False, copy_to_fb: Any = False, **_more: Any
    ) -> ImageObject:
        if copy or copy_to_fb:
            return _copied(image, wanted, to_fb=bool(copy_to_fb))
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
    names = {name: 1 << (8 + number) for number, name in enumerate(HINTS)}
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
        image.world.lacks(f"image.{name}()")
        return _images(image).make.new_list()

    return find


def _left_alone(name: str) -> Callable[..., Any]:
    def work(image: ImageObject, *_values: Any, **_more: Any) -> ImageObject:
        image.world.lacks(f"image.{name}()")
        return image

    return work


_FINDERS = (
    *("find_blobs", "find_lines", "find_line_segments", "find_circles", "find_rects", "find_qrcodes", "find_apriltags"),
    *("find_barcodes", "find_datamatrices", "find_features", "find_keypoints", "find_template", "find_displacement"),
    *("find_edges", "find_hog", "find_eye", "find_lbp", "get_histogram", "get_regression"),
)
_IN_PLACE = (
    *("invert", "clear", "flip", "mask_rectangle", "mask_circle", "b_and", "b_or", "b_xor", "b_not", "gamma", "negate"),
    *("gamma_corr", "assign", "set", "flush", "awb", "ccm"),
)
"""They ask for no memory."""
_WITH_SCRATCH = (
    *("erode", "dilate"),
    *("open", "close", "top_hat", "black_hat", "add", "sub", "mul", "div", "min", "max", "difference", "blend"),
    *("histeq", "mean", "median", "mode", "midpoint", "morph", "gaussian", "laplacian", "bilateral", "lens_corr"),
    *("rotation_corr", "linpolar", "logpolar", "replace"),
    *(
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

METHODS: dict[str, Any] = {
    **dict.fromkeys(_IN_PLACE, _same),
    **{name: _left_alone(name) for name in _WITH_SCRATCH},
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
