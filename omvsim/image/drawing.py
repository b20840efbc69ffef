"""Methods that draw shapes: they ask for no memory (modules/py_image.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.image import formats, pixels
from omvsim.image.arguments import (
    Options,
    at_least,
    fixed,
    is_sequence,
    mutable,
    numbers,
    os_error,
    points,
    tuples_only,
    uncompressed,
)
from omvsim.image.descriptors import KeypointDescriptor
from omvsim.image.ellipse import ellipse
from omvsim.image.raster import circle, fill, line, rectangle, set_pixel
from omvsim.image.scratch import scratch
from omvsim.image.value import Image
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image.pixels import Array
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

TEXT_LEFT_OUT = "text is not drawn into pictures"


def draw_line(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_line``."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 4)
    x0, y0, x1, y1 = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("color", "thickness"))
    line(image, x0, y0, x1, y1, options.colour(image), options.number("thickness", 1))
    return image


def draw_rectangle(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_rectangle``."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 4)
    x, y, width, height = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("color", "thickness", "fill"))
    colour, thickness = options.colour(image), options.number("thickness", 1)
    rectangle(image, x, y, width, height, colour, thickness, filled=options.flag("fill"))
    return image


def draw_circle(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_circle``."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 3)
    x, y, radius = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("color", "thickness", "fill"))
    colour, thickness = options.colour(image), options.number("thickness", 1)
    circle(image, x, y, radius, colour, thickness, filled=options.flag("fill"))
    return image


def draw_ellipse(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_ellipse``; up to 4.8.1 its options by position stand one later than the coordinates end."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 5)
    x, y, rx, ry, rotation = numbers(vm, place)
    late = 0 if tuples_only(vm) else 1
    options = Options(vm, args, kwargs, offset + late, ("color", "thickness", "fill"))
    colour, thickness = options.colour(image), options.number("thickness", 1)
    ellipse(image, x, y, rx, ry, rotation, colour, thickness, filled=options.flag("fill"))
    return image


_TEXT_OPTIONS = (
    *("color", "scale", "x_spacing", "y_spacing", "mono_space", "char_rotation", "char_hmirror", "char_vflip"),
    *("string_rotation", "string_hmirror", "string_vflip"),
)


def draw_string(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_string``: up to 4.8.1 the text is one of the coordinates."""
    if tuples_only(vm):
        vm.check_args(len(args), 0, 3, None, keywords=True)
    image = mutable(vm, args[0])
    if tuples_only(vm):
        place, offset = points(vm, args, 2, exact=True)
        text, offset = args[2], offset + 1
    else:
        place, offset = points(vm, args, 3)
        text = place[2]
    numbers(vm, place[:2])
    vm.str_of(text)
    options = Options(vm, args, kwargs, offset, _TEXT_OPTIONS)
    options.colour(image)
    if not options.real("scale", 1.0) > 0:
        os_error(vm, "Error: 0 < scale!")
    for name in ("x_spacing", "y_spacing", "char_rotation", "string_rotation"):
        options.number(name, 0)
    vm.stand_in("image.Image.draw_string", TEXT_LEFT_OUT)
    return image


def _cross(image: Image, x: int, y: int, size: int, colour: int, thickness: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    line(image, x - size, y, x + size, y, colour, thickness)
    line(image, x, y - size, x, y + size, colour, thickness)


def draw_cross(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_cross``."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 2, exact=True)
    x, y = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("color", "size", "thickness"))
    colour, size = options.colour(image), options.number("size", 5)
    _cross(image, x, y, size, colour, options.number("thickness", 1))
    return image


def draw_arrow(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_arrow``."""
    image = mutable(vm, args[0])
    place, offset = points(vm, args, 4)
    x0, y0, x1, y1 = numbers(vm, place)
    options = Options(vm, args, kwargs, offset, ("color", "size", "thickness"))
    colour, size, thickness = options.colour(image), options.number("size", 10), options.number("thickness", 1)
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = ((x1 - x0) / length, (y1 - y0) / length) if length else (0.0, 0.0)
    line(image, x0, y0, x1, y1, colour, thickness)
    for side in (1, -1):
        x = round(x1 - size * ux - side * size * uy * 0.5)
        y = round(y1 - size * uy + side * size * ux * 0.5)
        line(image, x1, y1, x, y, colour, thickness)
    return image


def draw_edges(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_edges``."""
    image = mutable(vm, args[0])
    corners = [numbers(vm, fixed(vm, corner, 2)) for corner in fixed(vm, args[1], 4)]
    options = Options(vm, args, kwargs, 2, ("color", "size", "thickness", "fill"))
    colour, size = options.colour(image), options.number("size", 0)
    thickness, filled = options.number("thickness", 1), options.flag("fill")
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        line(image, start[0], start[1], end[0], end[1], colour, thickness)
    if size >= 1:
        for x, y in corners:
            circle(image, x, y, size, colour, thickness, filled=filled)
    return image


def draw_detection(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_detection`` (from 5.0.0)."""
    image = mutable(vm, args[0])
    x, y, width, height, cx, cy = numbers(vm, at_least(vm, args[1], 6)[:6])
    names = ("color1", "color2", "size", "thickness", "fill", "label", "label_offset")
    options = Options(vm, args, kwargs, 2, names)
    colour = options.colour(image, "color1")
    other = options.colour(image, "color2", colour)
    size, thickness = options.number("size", 5), options.number("thickness", 1)
    rectangle(image, x, y, width, height, colour, thickness, filled=options.flag("fill"))
    _cross(image, cx, cy, size, other, thickness)
    if options.obj("label") is not None:
        if options.obj("label_offset") is not None:
            numbers(vm, fixed(vm, options.obj("label_offset"), 2))
        vm.str_of(options.obj("label"))
        vm.stand_in("image.Image.draw_detection", TEXT_LEFT_OUT)
    return image


def found_points(vm: CameraMachine, value: Value) -> list[list[int]]:
    """The (x, y, angle) of what ``find_keypoints`` found."""
    if not isinstance(value, KeypointDescriptor):
        vm.raise_type("Can't convert %s to %s", vm.type_name(value), "type")
    return [[point.x, point.y, point.angle] for point in value.found()]


def draw_keypoints(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``draw_keypoints``: of a list of (x, y, angle), or of what ``find_keypoints`` found."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 2, ("color", "size", "thickness", "fill"))
    colour, size = options.colour(image), options.number("size", 10)
    thickness, filled = options.number("thickness", 1), options.flag("fill")
    if is_sequence(args[1]):
        found = [numbers(vm, fixed(vm, each, 3)) for each in vm.sequence(args[1])]
    else:
        found = found_points(vm, args[1])
    for x, y, degrees in found:
        angle = math.radians(degrees % 360)
        line(image, x, y, x + int(math.cos(angle) * size), y + int(math.sin(angle) * size), colour, thickness)
        circle(image, x, y, (size - 2) // 2, colour, thickness, filled=filled)
    return image


def clear(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``clear``: all, or where a mask is set."""
    image = uncompressed(vm, args[0])
    mask = Options(vm, args, kwargs, 1, ("mask",), positional=0).image()
    if mask is None:
        image.bytes_()[:] = 0
    else:
        zero(image, mask_of(mask, image), set_ones=False)
    return image


def mask_of(mask: Image, image: Image) -> Array:
    """``image_get_mask_pixel`` of every pixel of an image: False outside of the mask."""
    found = np.zeros((image.height, image.width), bool)
    if mask.is_mutable:
        bits = pixels.converted(mask.rows(), mask.code, mask.width, formats.BINARY).astype(bool)
        height, width = min(mask.height, image.height), min(mask.width, image.width)
        found[:height, :width] = bits[:height, :width]
    return found


def zero(image: Image, mask: Array, *, set_ones: bool) -> None:
    """``imlib_zero``: clear where the mask is not (``set_ones``: the opposite) set."""
    cleared = ~mask if set_ones else mask
    if image.code == formats.BINARY:
        bits = pixels.unpack(image.rows().astype(np.uint8), image.width)
        bits[cleared] = 0
        image.rows()[:] = pixels.pack(bits)
    else:
        image.rows()[cleared] = 0


def _masked(vm: CameraMachine, image: Image, paint: Callable[[Image], None]) -> Value:
    """What all three masks do: a binary picture of the shape, then everything else is cleared."""
    size = formats.size(image.width, image.height, formats.BINARY)
    with scratch(vm) as work:
        address = work.alloc(size)
        shape = Image(vm, 0, image.width, image.height, formats.BINARY, bytearray(size), None)
        paint(shape)
        zero(image, pixels.unpack(shape.rows().astype(np.uint8), image.width).astype(bool), set_ones=True)
        if work.fb is None:
            work.free(address)
    return image


def mask_rectangle(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``mask_rectangle``: the middle by default."""
    image = mutable(vm, args[0])
    x, y, width, height = image.width // 4, image.height // 4, image.width // 2, image.height // 2
    if len(args) > 1:
        x, y, width, height = numbers(vm, points(vm, args, 4)[0])
    return _masked(vm, image, lambda shape: fill(shape, x, y, x + width, y + height, 1))


def mask_circle(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``mask_circle``: the largest in the middle by default."""
    image = mutable(vm, args[0])
    x, y, radius = image.width // 2, image.height // 2, min(image.width, image.height) // 2
    if len(args) > 1:
        x, y, radius = numbers(vm, points(vm, args, 3)[0])
    return _masked(vm, image, lambda shape: circle(shape, x, y, radius, -1, 0, filled=True))


def mask_ellipse(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``mask_ellipse``: the largest in the middle by default."""
    image = mutable(vm, args[0])
    x, y, rx, ry, rotation = image.width // 2, image.height // 2, image.width // 2, image.height // 2, 0
    if len(args) > 1:
        x, y, rx, ry, rotation = numbers(vm, points(vm, args, 5)[0])
    return _masked(vm, image, lambda shape: ellipse(shape, x, y, rx, ry, rotation, -1, 0, filled=True))


def draw_pixel(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``set_pixel``."""
    image = uncompressed(vm, args[0])
    place, offset = points(vm, args, 2, exact=True)
    x, y = numbers(vm, place)
    set_pixel(image, x, y, Options(vm, args, kwargs, offset, ("color",)).colour(image))
    return image


METHODS = {
    "clear": (clear, 1),
    "draw_arrow": (draw_arrow, 2),
    "draw_circle": (draw_circle, 2),
    "draw_cross": (draw_cross, 2),
    "draw_detection": (draw_detection, 2),
    "draw_edges": (draw_edges, 2),
    "draw_ellipse": (draw_ellipse, 2),
    "draw_keypoints": (draw_keypoints, 2),
    "draw_line": (draw_line, 2),
    "draw_rectangle": (draw_rectangle, 2),
    "draw_string": (draw_string, 2),
    "mask_circle": (mask_circle, 1),
    "mask_ellipse": (mask_ellipse, 1),
    "mask_rectangle": (mask_rectangle, 1),
    "set_pixel": (draw_pixel, 2),
}
"""By name: the function and how many arguments it needs, the image included."""

__all__ = ["METHODS", "mask_of", "zero"]
