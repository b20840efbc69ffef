"""Pictures drawn into input tensors: what ``Normalization`` leaves to the image module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.image import draw_image, formats
from omvsim.image.basic import tensor_values
from omvsim.image.lineops import line_op
from omvsim.image.value import Image, image_type
from omvsim.later import np
from omvsim.library.package import package_of
from omvsim.ulab.layout import HOST_TYPES, item_size

if TYPE_CHECKING:
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

BLACK: Final = {"B": b"\0", "b": b"\x80", "f": bytes(4)}
"""The element that a pixel of 0 becomes, by the tensor's type (:func:`~omvsim.image.basic.tensor_values`)."""


def is_picture(vm: CameraMachine, value: Value) -> bool:
    """``isinstance(value, image.Image)``."""
    return vm.is_instance(value, image_type(vm))


def draw_into(vm: CameraMachine, settings: Value, buffer: Any, size: tuple[int, int, int], code: str) -> Image:
    """Draw the picture of a ``Normalization`` into a tensor's bytes, as pixels of the tensor's type.

    Args:
        buffer: the tensor's bytes, which can be written; the picture is drawn at their end, then converted in place.
        size: height, width, channels.
        code: letter of its type.

    Returns:
        The image that was drawn on.
    """
    height, width, channels = size
    data = memoryview(buffer).cast("B")
    pixel_code = formats.GRAYSCALE if channels == 1 else formats.RGB565
    end = data[len(data) - formats.size(width, height, pixel_code) :]
    address = vm.memory.alloc(vm.release.image_object)
    picture = Image(vm, address, width, height, pixel_code, end, None)
    aspect = draw_image.EXPAND if package_of(vm).keeps_aspect else draw_image.IGNORE
    hints = draw_image.BILINEAR | draw_image.CENTER | aspect | draw_image.BLACK
    options = (("roi", vm.attr(settings, "roi")), ("hint", hints))
    line_op(vm, (picture, vm.attr(settings, "_image"), 0, 0), options, None)
    if picture.is_black and code in BLACK:
        data[:] = BLACK[code] * (len(data) // item_size(code))
        return picture
    drawn: Any = tensor_values(vm, picture, code)
    np.frombuffer(data, HOST_TYPES[code], drawn.size)[:] = drawn.reshape(-1)
    return picture


__all__ = ["draw_into", "is_picture"]
