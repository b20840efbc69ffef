"""Images that a method is given as an image or as the path of a file (``ARG_IMAGE_ALLOC`` of modules/py_helper.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.image import formats
from omvsim.image.arguments import to_image
from omvsim.image.value import Image, allocate
from omvsim.later import later
from omvsim.memory import sizes
from omvsim.micropython.types import str_

if TYPE_CHECKING:
    from omvsim.image import picture_files
    from omvsim.memory.requests import Block
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine
else:
    (picture_files,) = later("omvsim.image", "picture_files")


def image_or_file(vm: CameraMachine, value: Value) -> Image:
    """The image; a file's struct and pixels are two chunks, garbage when the call is over."""
    if not str_.is_str(value):
        return to_image(vm, value)
    struct = vm.memory.block(vm.world.camera.generation.image_object - sizes.WORD)
    held: list[Block] = [struct]
    picture = picture_files.read(vm, vm.str_of(value), lambda found: held.append(allocate(vm, len(found.data))))
    compressed = len(picture.data) if picture.code in formats.COMPRESSED else 0
    store = bytearray(picture.data)
    return Image(vm, 0, picture.width, picture.height, picture.code, store, held, compressed)


def mutable_or_file(vm: CameraMachine, value: Value) -> Image:
    """``ARG_IMAGE_MUTABLE | ARG_IMAGE_ALLOC``: masks."""
    image = image_or_file(vm, value)
    if not image.is_mutable:
        vm.raise_value("Expected a mutable image")
    return image


__all__ = ["image_or_file", "mutable_or_file"]
