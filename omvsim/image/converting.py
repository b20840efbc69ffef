"""``copy``, ``crop``, ``scale`` and ``to_…``: one function of the firmware (``py_image_to``)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.firmware import Image as Shape
from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, formats, pixels
from omvsim.image.arguments import fixed, mutable, numbers, os_error, parsed, roi, to_image
from omvsim.image.scratch import scratch
from omvsim.image.value import Image, allocate, wrap
from omvsim.later import later, np
from omvsim.micropython.errors import Error
from omvsim.micropython.types.int_ import is_int
from omvsim.records import dataclass
from omvsim.world.device_errors import as_exceptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image import encoders
    from omvsim.image.arguments import Given, Method, Methods, Roi
    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine
else:
    (encoders,) = later("omvsim.image", "encoders")

DOES_NOT_FIT: Final = "The image doesn't fit in the frame buffer!"
JPEG_MOST: Final = 1 << 20
"""``JPEG_MAX_ALLOC_SIZE`` (5.0.0)."""
JPEG_HIGH_WATER: Final = 257
PALETTE_PIXELS: Final = 256
_OPTIONS: Final = (
    *("x_scale", "y_scale", "roi", "rgb_channel", "alpha", "color_palette", "alpha_palette", "hint", "transform"),
    *("copy", "copy_to_fb", "quality", "subsampling"),
)
NONE_GIVEN: Final = -1


@dataclass
class Wanted:
    """What one of the methods makes: a format (None: the image's own), a palette, a copy or not by default."""

    code: int | None
    palette: int | None = None
    copies: bool = False


def scales(vm: CameraMachine, given: Given) -> tuple[float, float]:
    """``py_helper_arg_to_scale``: one of both stands for the other."""
    x, y = given.get("x_scale"), given.get("y_scale")
    x_scale = 1.0 if x is None else vm.float_of(x)
    y_scale = 1.0 if y is None else vm.float_of(y)
    if x is None and y is not None:
        x_scale = y_scale
    elif y is None and x is not None:
        y_scale = x_scale
    return x_scale, y_scale


def palette(vm: CameraMachine, value: Value, code: int) -> Array | None:
    """``py_helper_arg_to_palette``: 256 values, or None."""
    if value is None:
        return None
    if is_int(value):
        number = vm.int_of(value)
        if number not in _palettes(vm):
            vm.raise_value("Invalid color palette")
        vm.stand_in("image.PALETTE", "colours of palettes are a ramp from blue to red")
        ramp = np.arange(PALETTE_PIXELS, dtype=np.int32)
        return pixels.join(ramp, 255 - abs(2 * ramp - 255), 255 - ramp)
    image = mutable(vm, value)
    if image.code != code:
        vm.raise_value("Unexpcted color palette format")
    if image.width * image.height != PALETTE_PIXELS:
        vm.raise_value("Color palette must be 256 pixels")
    return np.array(image.rows()).reshape(-1)


def placed(vm: CameraMachine, given: Given, area: Roi, hint: int) -> draw_image.Drawing:
    """Where and how a picture is drawn by a call's options, checked in the firmware's order."""
    channel, alpha = channel_and_alpha(vm, given)
    x_scale, y_scale = scales(vm, given)
    return draw_image.Drawing(
        x=vm.int_of(given.get("x", 0)),
        y=vm.int_of(given.get("y", 0)),
        x_scale=x_scale,
        y_scale=y_scale,
        roi=area,
        channel=channel,
        alpha=alpha,
        palette=palette(vm, given.get("color_palette"), formats.RGB565),
        alpha_palette=palette(vm, given.get("alpha_palette"), formats.GRAYSCALE),
        hint=hint,
    )


def _palettes(vm: CameraMachine) -> set[int]:
    module = vm.modules.get("image")
    assert module is not None
    return {value for name, value in module.names.items() if name.startswith("PALETTE_") and isinstance(value, int)}


def no_transform(vm: CameraMachine, value: Value) -> None:
    """``py_helper_arg_to_transform``: the RT1062 has none."""
    if value is not None:
        vm.raise_type("Transform operations are not supported!")


def channel_and_alpha(vm: CameraMachine, given: Given) -> tuple[int, int]:
    """Both, checked."""
    channel = vm.int_of(given.get("rgb_channel", NONE_GIVEN))
    if not -1 <= channel <= 2:
        vm.raise_value("RGB channel can be 0, 1, or 2")
    alpha = vm.int_of(given.get("alpha", 255))
    if not 0 <= alpha <= 255:
        vm.raise_value("Alpha ranges between 0 and 255")
    return channel, alpha


JPEG_DECODER: Final = 17828
"""``sizeof(JPEGIMAGE)``, in the pools from 5.0.0 on."""


def decoder(image: Image) -> Callable[[Scratch, int], Array] | None:
    """Decodes a compressed image for :func:`draw_image.draw`; the working memory of its decoder goes with it."""
    data = bytes(image.store[: image.compressed])

    def run(work: Scratch, code: int) -> Array:
        if image.code == formats.PNG and work.fb is not None:
            work.free(work.umm())
        if image.code == formats.JPEG and work.fb is None:
            work.free(work.alloc(JPEG_DECODER, 0, UmaFlag.FAST))
        return encoders.decode(data, code)

    return run if image.is_compressed else None


def convert(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords, wanted: Wanted) -> Value:
    """``py_image_to``."""
    source = to_image(vm, args[0])
    given = parsed(vm, args[1:], kwargs, _OPTIONS)
    copies, to_fb = vm.truth(given.get("copy", wanted.copies)), vm.truth(given.get("copy_to_fb", False))
    quality = vm.int_of(given.get("quality", 90))
    subsampling = vm.int_of(given.get("subsampling", encoders.AUTO))
    hint = vm.int_of(given.get("hint", 0))
    area = roi(vm, source, given.get("roi"))
    channel, alpha = channel_and_alpha(vm, given)
    if not 1 <= quality <= 100:
        vm.raise_value("Quality ranges between 0 and 100")
    x_scale, y_scale = scales(vm, given)
    colours = palette(vm, given.get("color_palette", wanted.palette), formats.RGB565)
    alphas = palette(vm, given.get("alpha_palette"), formats.GRAYSCALE)
    placing = draw_image.CENTER | draw_image.KEEP | draw_image.EXPAND | draw_image.IGNORE
    hint = hint & ~placing | draw_image.BLACK
    no_transform(vm, given.get("transform"))
    how = draw_image.Drawing(
        x_scale=x_scale,
        y_scale=y_scale,
        roi=area,
        channel=channel,
        alpha=alpha,
        palette=colours,
        alpha_palette=alphas,
        hint=hint,
        decode=decoder(source),
    )
    return _made(vm, source, wanted, how, (copies, to_fb), (quality, subsampling))


def _made(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine,
    source: Image,
    wanted: Wanted,
    how: draw_image.Drawing,
    where: tuple[bool, bool],
    jpeg: tuple[int, int],
) -> Value:
    assert how.roi is not None
    code = source.code if wanted.code is None else wanted.code
    width = math.floor(np.float32(how.roi[2]) * np.float32(how.x_scale))
    height = math.floor(np.float32(how.roi[3]) * np.float32(how.y_scale))
    if how.hint & draw_image.TRANSPOSE:
        width, height = height, width
    code = _raw_format(vm, code, how)
    if code in formats.COMPRESSED:
        return _compressed(vm, source, (width, height, code), how, where, jpeg)
    result = _room(vm, source, (width, height, code), b"", where)
    how.same = result.store is source.store
    bits = code == formats.BINARY
    values = np.zeros((height, width), np.uint16 if code & 0xFF == 2 else np.uint8) if bits else result.rows()
    if how.same:
        values = np.array(values)
    with scratch(vm) as work:
        target = draw_image.Target(width, height, code, values)
        draw_image.draw(work, target, draw_image.source_of(source), how)
    if how.same or bits:
        result.store[: result.size] = pixels.to_bytes(target.values, code)
    return _finished(vm, source, result, where)


def _raw_format(vm: CameraMachine, code: int, how: draw_image.Drawing) -> int:
    """Bayer and YUV can only be cut; where they are cut shifts their pattern."""
    if code not in formats.BAYER and code not in formats.YUV:
        return code
    flipped_only = abs(how.x_scale) == 1.0 and abs(how.y_scale) == 1.0
    changed = how.channel != -1 or how.alpha != 255 or how.palette is not None or how.alpha_palette is not None
    if not flipped_only or changed:
        vm.raise_value("Only copying/cropping is supported for Bayer/YUV!")
    assert how.roi is not None
    transposed = bool(how.hint & draw_image.TRANSPOSE)
    first = draw_image.EXTRACT_FIRST | draw_image.PALETTE_FIRST
    how.hint &= ~(draw_image.AREA | draw_image.BICUBIC | draw_image.BILINEAR | first)
    if code in formats.YUV:
        if transposed:
            vm.raise_value("YUV422 images cannot be tranposed/rotated!")
        return code ^ (how.roi[0] & 1) << 8
    pattern = code >> 8 & 3
    if transposed and pattern in (1, 2):
        pattern ^= 3
    return code & ~(3 << 8) | (pattern ^ (how.roi[0] & 1) ^ (how.roi[1] & 1) << 1) << 8


def _room(
    vm: CameraMachine, source: Image, shape: tuple[int, int, int], data: bytes, where: tuple[bool, bool]
) -> Image:
    """Where the result goes: the frame buffer, a new chunk, or the image itself. The object has no chunk yet."""
    copies, to_fb = where
    size = formats.size(*shape, len(data))
    if to_fb:
        return to_frame_buffer(vm, shape, bytearray(size), len(data))
    if copies:
        block = allocate(vm, size)
        return Image(vm, 0, *shape, bytearray(size), block, len(data))
    world = vm.world
    room = source.size
    if world.frame_store is source.store and world.camera.frame_buffer is not None:
        buffer = world.camera.frame_buffer
        if size > buffer.buffer_size and buffer.grow(size):
            world.frame_store = None  # the image stays where it was, and no new buffer is in use
        room = buffer.buffer_size
        if size > len(source.store) and size <= room and isinstance(source.store, bytearray):
            source.store.extend(bytes(size - len(source.store)))
    if size > room:
        os_error(vm, DOES_NOT_FIT)
    return Image(vm, 0, *shape, source.store, source.keeper, len(data))


def to_frame_buffer(vm: CameraMachine, shape: tuple[int, int, int], store: bytearray, compressed: int = 0) -> Image:
    """``py_helper_set_to_framebuffer``: one buffer, which the image is in."""
    buffer = vm.world.camera.frame_buffer
    with as_exceptions(vm):
        if buffer is not None:
            buffer.set_to_framebuffer(Shape(shape[0], shape[1], formats.TO_CAMERA[shape[2]], compressed))
    vm.world.frame_store = store
    return Image(vm, 0, *shape, store, None, compressed)


def _finished(vm: CameraMachine, source: Image, result: Image, where: tuple[bool, bool]) -> Value:
    if not any(where):
        source.take(result)
    return wrap(vm, result, result.store, result.keeper, result.compressed)


def _compressed(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine,
    source: Image,
    shape: tuple[int, int, int],
    how: draw_image.Drawing,
    where: tuple[bool, bool],
    jpeg: tuple[int, int],
) -> Value:
    """JPEG and PNG: encoded beside the image, then put where it belongs."""
    width, height, code = shape
    whole = how.roi == (0, 0, source.width, source.height) and how.x_scale == how.y_scale == 1.0
    plain = how.channel == -1 and how.alpha == 255 and how.palette is None and how.alpha_palette is None
    simple = whole and plain and not how.hint & draw_image.TRANSPOSE
    with scratch(vm) as work:
        if simple and code == source.code:
            data = bytes(source.store[: source.compressed])
            result = _room(vm, source, shape, data, where)
        else:
            data = _encoded(vm, work, source, (width, height, code), how, jpeg, drawn=not simple)
            result = _room(vm, source, shape, data, where)
    result.store[: len(data)] = data
    return _finished(vm, source, result, where)


def _encoded(  # noqa: PLR0917  # everything a method of the camera is given
    vm: CameraMachine,
    work: Scratch,
    source: Image,
    shape: tuple[int, int, int],
    how: draw_image.Drawing,
    jpeg: tuple[int, int],
    *,
    drawn: bool,
) -> bytes:
    width, height, code = shape
    picture = draw_image.source_of(source)
    first = None
    if drawn or source.is_compressed:
        kind = formats.RGB565 if formats.is_colour(source.code) else formats.GRAYSCALE
        first = work.alloc(formats.size(width, height, kind), FbHint.NO_HINT, UmaFlag.CACHE)
        values = np.zeros((height, width), np.uint16 if kind == formats.RGB565 else np.uint8)
        picture = draw_image.Source(width, height, kind, values)
        draw_image.draw(work, picture, draw_image.source_of(source), how)
    second, most = encoder_room(work, code)
    if code == formats.PNG and source.code in formats.BAYER | formats.YUV and not drawn:
        vm.error(Error.RUNTIME, "Input format is not supported", None)  # mp_raise_msg_varg, without a value
    data = encoders.encode(picture, code, *jpeg, png_bits=vm.release.png_bits)
    if too_long(data, most):
        vm.error(Error.OS, "Compression Failed!")
    vm.world.note(encoders.NOTE, memory=True)
    if work.fb is None:
        work.free(second)
        work.free(first)
    return data


def encoder_room(work: Scratch, code: int) -> tuple[int | None, int | None]:
    """What an encoder takes: all of fb_alloc, or up to 1 MB of UMA; and how long a JPEG may become there."""
    if work.fb is not None:
        return (work.umm(), None) if code == formats.PNG else work.all(FbHint.PREFER_SIZE | FbHint.CACHE_ALIGN)
    if code == formats.PNG:
        return None, None
    size = min(work.avail(), JPEG_MOST)
    return work.alloc(size, 0, UmaFlag.CACHE), size


def too_long(data: bytes, most: int | None) -> bool:
    """Whether the encoder of JPEG gives up: it stops before the last 256 bytes (lib/imlib/jpege.c)."""
    return most is not None and len(data) >= most - JPEG_HIGH_WATER


def _method(wanted: Wanted) -> Method:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        return convert(vm, args, kwargs, wanted)

    return method


_RAINBOW, _IRONBOW, _DEPTH, _DARK, _LIGHT = range(5)
METHODS: Methods = {
    "compress": (_method(Wanted(formats.JPEG)), 1),
    "copy": (_method(Wanted(None, copies=True)), 1),
    "crop": (_method(Wanted(None)), 1),
    "scale": (_method(Wanted(None)), 1),
    "to_bitmap": (_method(Wanted(formats.BINARY)), 1),
    "to_depth": (_method(Wanted(formats.RGB565, _DEPTH)), 1),
    "to_evt_dark": (_method(Wanted(formats.RGB565, _DARK)), 1),
    "to_evt_light": (_method(Wanted(formats.RGB565, _LIGHT)), 1),
    "to_grayscale": (_method(Wanted(formats.GRAYSCALE)), 1),
    "to_ironbow": (_method(Wanted(formats.RGB565, _IRONBOW)), 1),
    "to_jpeg": (_method(Wanted(formats.JPEG)), 1),
    "to_png": (_method(Wanted(formats.PNG)), 1),
    "to_rainbow": (_method(Wanted(formats.RGB565, _RAINBOW)), 1),
    "to_rgb565": (_method(Wanted(formats.RGB565)), 1),
}

__all__ = [
    "METHODS",
    "channel_and_alpha",
    "convert",
    "decoder",
    "encoder_room",
    "too_long",
    "fixed",
    "no_transform",
    "numbers",
    "palette",
    "placed",
    "to_frame_buffer",
]
