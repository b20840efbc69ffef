"""What an image tells about itself, its pixels one by one, and its bytes as other objects (modules/py_image.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.image import formats, pixels
from omvsim.image.arguments import Options, numbers, parsed, points, to_image, uncompressed
from omvsim.later import np
from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.types import buffers
from omvsim.micropython.types.array_ import BYTEARRAY_CODE, ByteArray
from omvsim.micropython.types.int_ import is_int
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.ulab import making

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine


def width(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``width``."""
    return to_image(vm, args[0]).width


def height(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``height``."""
    return to_image(vm, args[0]).height


def size(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``size``."""
    return to_image(vm, args[0]).size


def format_(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``format``: Bayer and YUV have one constant each."""
    code = to_image(vm, args[0]).code
    if code in formats.BAYER:
        return formats.BAYER_BGGR
    if code in formats.YUV:
        return formats.YUV422
    return code if code in formats.NAMES else 0


def bytearray_(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``bytearray``: 16 bytes, on the image's own."""
    image = to_image(vm, args[0])
    made = ByteArray(vm.memory, vm.memory.alloc(sizes.ARRAY), BYTEARRAY_CODE)
    store = image.store
    if len(store) != image.size:
        store = memoryview(store)[: image.size]
    made.data = store  # type: ignore[assignment]  # shared with the image: a window where that is larger
    if isinstance(image.keeper, Block):
        made.block = image.keeper
    return made


def flush(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``flush``: to the preview, which is memory of its own."""
    to_image(vm, args[0])
    return None


def to_ndarray(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``to_ndarray``."""
    given = parsed(vm, args[1:], kwargs, ("dtype", "buffer"), 1, 1)
    image, dtype = to_image(vm, args[0]), given["dtype"]
    code = chr(vm.int_of(dtype)) if is_int(dtype) else vm.str_of(dtype)[:1]
    values = tensor_values(vm, image, code)
    buffer = given.get("buffer")
    if buffer is None:
        return making.new_dense(vm, values.shape, code, values)
    view = buffers.buffer_of(vm, buffer, writable=True).cast("B")
    if values.nbytes > view.nbytes:
        vm.raise_value("Buffer is too small")
    made = making.new_on(vm, values.shape, code, view, buffer)
    making.fill(made, values)
    return made


def tensor_values(vm: CameraMachine, image: Image, code: str) -> Array:
    """Pixels as numbers of an array of type ``code``: of bytes with a sign, less 128."""
    if code not in ("b", "B", "f"):
        vm.raise_value("Unsupported dtype")
    if image.code not in (formats.GRAYSCALE, formats.RGB565):
        vm.raise_value("Unsupported pixformat")
    grey = image.code == formats.GRAYSCALE
    values: Array = image.rows() if grey else pixels.rgb(image.rows(), image.code, image.width)
    if code == "b":
        values = (values ^ 0x80).view(np.int8)
    return values.astype(np.float32) if code == "f" else values


def get_pixel(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``get_pixel``."""
    image = uncompressed(vm, args[0])
    place, offset = points(vm, args, 2, exact=True)
    x, y = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("rgbtuple",), positional=0)
    colours = image.code == formats.RGB565
    if options.obj("rgbtuple") is not None:
        colours = options.flag("rgbtuple")
    if not (0 <= x < image.width and 0 <= y < image.height):
        return None
    pixel = image.get(x, y)
    return new_tuple(vm, pixels.rgb_of_word(_word(image, pixel))) if colours else pixel


def _word(image: Image, pixel: int) -> int:
    """A pixel as RGB565; Bayer and YUV by their brightness."""
    if image.code == formats.RGB565:
        return pixel
    if image.code == formats.BINARY:
        return 0xFFFF if pixel else 0
    return pixels.word_of_y(pixel & 255)


METHODS = {
    "bytearray": (bytearray_, 1, 1),
    "flush": (flush, 1, 1),
    "format": (format_, 1, 1),
    "get_pixel": (get_pixel, 2),
    "height": (height, 1, 1),
    "size": (size, 1, 1),
    "to_ndarray": (to_ndarray, 1),
    "width": (width, 1, 1),
}
"""By name: the function, how many arguments it needs, and how many it takes if it takes no keywords."""

__all__ = ["METHODS", "tensor_values"]
