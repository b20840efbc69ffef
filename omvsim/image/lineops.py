"""``draw_image`` and the arithmetic on two pictures: one function of the firmware (``py_image_line_op``)."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, formats, pixels
from omvsim.image.arguments import fixed, is_sequence, mutable, numbers, parsed, roi, tuples_only
from omvsim.image.converting import decoder, no_transform, placed
from omvsim.image.given_files import image_or_file, mutable_or_file
from omvsim.image.scratch import scratch
from omvsim.later import later, np
from omvsim.micropython.types.int_ import is_int

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.image import drawing
    from omvsim.image.arguments import Given, Method, Methods
    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

    Blend = Callable[[Array, Array], Array]
else:
    (drawing,) = later("omvsim.image", "drawing")

NAMES: Final = (
    *("image", "x", "y", "x_scale", "y_scale", "roi", "rgb_channel", "alpha", "color_palette", "alpha_palette", "hint"),
    *("transform", "mask"),
)


def scalar(vm: CameraMachine, image: Image, value: Value) -> draw_image.Source:
    """A number or a colour as a picture of one pixel."""
    if is_int(value):
        data = vm.int_of(value)
    else:
        red, green, blue = (min(max(part, 0), 255) for part in numbers(vm, fixed(vm, value, 3)))
        y = pixels.y_of_rgb(red, green, blue)
        data = pixels.word_of_rgb(red, green, blue) if image.code == formats.RGB565 else y
        if image.code == formats.BINARY:
            data = int(y > pixels.HALF)
    most = {formats.BINARY: 1, formats.RGB565: 0xFFFF}.get(image.code, 0xFF)
    kind = np.uint16 if image.code == formats.RGB565 else np.uint8
    return draw_image.Source(1, 1, image.code, np.array([[data & most]], kind))


def drawing_of(
    vm: CameraMachine, image: Image, given: Given
) -> tuple[draw_image.Source, draw_image.Drawing, Image | None]:
    """What is drawn and how, and the image that it is of."""
    first = given["image"]
    hint = vm.int_of(given.get("hint", 0))
    other: Image | None = None
    if is_int(first) or is_sequence(first):
        source = scalar(vm, image, first)
        hint |= draw_image.IGNORE
        area = roi_of_source(vm, source, given.get("roi"))
    else:
        other = image_or_file(vm, first)
        source = draw_image.source_of(other)
        area = roi(vm, other, given.get("roi"))
    how = placed(vm, given, area, hint)
    how.decode = None if other is None else decoder(other)
    how.same = other is not None and other.same_as(image)
    return source, how, other


def roi_of_source(vm: CameraMachine, source: draw_image.Source, value: Value) -> tuple[int, int, int, int]:
    """The region of a single pixel."""
    if value is not None:
        numbers(vm, fixed(vm, value, 4))
    return 0, 0, source.width, source.height


def apply(vm: CameraMachine, work: Scratch, image: Image, source: draw_image.Source, how: draw_image.Drawing) -> None:
    """Draw into an image."""
    if draw_image.stays_black(image, source, how):
        target = draw_image.Target(image.width, image.height, image.code, None)
        place = draw_image.draw(work, target, source, how)
        if place is not None:
            image.blacken(*place)
        return
    values = np.array(draw_image.values_of(image))
    target = draw_image.Target(image.width, image.height, image.code, values)
    draw_image.draw(work, target, source, how)
    image.store[: image.size] = pixels.to_bytes(target.values, image.code)


def line_op(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords, blend: Blend | None) -> Value:
    """``py_image_line_op``."""
    image = mutable(vm, args[0])
    given = parsed(vm, args[1:], kwargs, NAMES, 1, 3)
    for name in ("x", "y", "rgb_channel", "alpha", "hint"):
        if name in given:
            given[name] = vm.int_of(given[name])
    with scratch(vm) as work:
        source, how, _ = drawing_of(vm, image, given)
        no_transform(vm, given.get("transform"))
        mask = given.get("mask")
        if mask is not None:
            how.mask = drawing.mask_of(mutable_or_file(vm, mask), image)
        how.blend = blend
        row = None
        if blend is not None or mask is not None:
            row = work.alloc(image.line_size, FbHint.CACHE_ALIGN, UmaFlag.CACHE)
            if blend is not None or not tuples_only(vm):
                how.hint |= draw_image.BLACK
        apply(vm, work, image, source, how)
        if work.fb is None:
            work.free(row)
    return image


def _channels(values: Array) -> tuple[Array, ...]:
    """Red, green and blue of words as they are stored; a byte alone."""
    if values.dtype != np.uint16:
        return (values.astype(np.int32),)
    wide = values.astype(np.int32)
    return wide >> 11, wide >> 5 & 63, wide & 31


def _joined(parts: Sequence[Array], like: Array) -> Array:
    if like.dtype != np.uint16:
        return parts[0].astype(like.dtype)
    return (parts[0] << 11 | parts[1] << 5 | parts[2]).astype(np.uint16)


def _most(values: Array, number: int, bits: bool) -> int:
    if values.dtype == np.uint16:
        return (31, 63, 31)[number]
    return 1 if bits else 255


def by_channel(combine: Callable[[Array, Array, int], Array]) -> Blend:
    """A combination of old and new, part by part, cut to what a part can hold."""

    def blend(old: Array, new: Array) -> Array:
        parts = []
        bits = old.dtype == np.uint8 and bool(old.size) and int(max(old.max(), new.max())) <= 1
        for number, (left, right) in enumerate(zip(_channels(old), _channels(new), strict=True)):
            most = _most(old, number, bits)
            parts.append(np.clip(combine(left, right, most), 0, most))
        return _joined(parts, old)

    return blend


def bitwise(combine: Callable[[Array, Array], Array], inverted: bool = False) -> Blend:
    """A combination bit by bit."""

    def blend(old: Array, new: Array) -> Array:
        made = combine(old, new)
        if inverted:
            bits = old.dtype == np.uint8 and bool(old.size) and int(max(old.max(), new.max())) <= 1
            made = made ^ (1 if bits else 0xFFFF if old.dtype == np.uint16 else 0xFF)
        return made.astype(old.dtype)

    return blend


_BLENDS: Final[dict[str, Blend | None]] = {
    "add": by_channel(lambda old, new, _: old + new),
    "assign": None,
    "b_and": bitwise(operator.and_),
    "b_nand": bitwise(operator.and_, inverted=True),
    "b_nor": bitwise(operator.or_, inverted=True),
    "b_or": bitwise(operator.or_),
    "b_xnor": bitwise(operator.xor, inverted=True),
    "b_xor": bitwise(operator.xor),
    "blend": None,
    "difference": by_channel(lambda old, new, _: abs(old - new)),
    "draw_image": None,
    "max": by_channel(lambda old, new, _: np.maximum(old, new)),
    "min": by_channel(lambda old, new, _: np.minimum(old, new)),
    "replace": None,
    "rsub": by_channel(lambda old, new, _: new - old),
    "set": None,
    "sub": by_channel(lambda old, new, _: old - new),
}
_ALIASES: Final = {"and": "b_and", "nand": "b_nand", "nor": "b_nor", "or": "b_or", "xnor": "b_xnor", "xor": "b_xor"}


def _method(blend: Blend | None) -> Method:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        return line_op(vm, args, kwargs, blend)

    return method


METHODS: Methods = {name: (_method(blend), 1) for name, blend in _BLENDS.items()}
METHODS |= {alias: METHODS[name] for alias, name in _ALIASES.items()}

__all__ = ["METHODS", "apply", "drawing_of", "line_op"]
