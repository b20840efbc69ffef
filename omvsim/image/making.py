"""``image.Image(…)``: from numbers, a path, or an array (``py_image_make_new``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.image import formats, picture_files, pixels
from omvsim.image.arguments import os_error, parsed
from omvsim.image.converting import to_frame_buffer
from omvsim.image.value import Image, allocate, wrap
from omvsim.later import np
from omvsim.micropython.types import buffers, str_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Given
    from omvsim.image.pixels import Array
    from omvsim.image.value import Store
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray
    from omvsim.world.world import CameraMachine

_NAMES: Final = ("arg", "height", "pixformat", "buffer", "copy_to_fb")


def make_new(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The constructor."""
    given = parsed(vm, args, kwargs, _NAMES, 1, 3)
    for name in ("height", "pixformat"):
        if name in given:
            given[name] = vm.int_of(given[name])
    to_fb = vm.truth(given.get("copy_to_fb", False))
    first = given["arg"]
    if str_.is_str(first):
        return _of_file(vm, vm.str_of(first), to_fb=to_fb)
    if getattr(type(first), "type_name", "") == "ndarray":
        return _of_array(vm, first, given.get("buffer"), to_fb=to_fb)
    return _of_numbers(vm, given, to_fb=to_fb)


def _of_file(vm: CameraMachine, path: str, *, to_fb: bool) -> Value:
    held: list[Any] = []

    def keep(picture: picture_files.Picture) -> None:
        if to_fb:
            compressed = len(picture.data) if picture.code in formats.COMPRESSED else 0
            shape = (picture.width, picture.height, picture.code)
            held.append(to_frame_buffer(vm, shape, bytearray(picture.data), compressed))
        else:
            held.append(allocate(vm, len(picture.data)))

    picture = picture_files.read(vm, path, keep)
    compressed = len(picture.data) if picture.code in formats.COMPRESSED else 0
    store, keeper = bytearray(picture.data), held.pop()
    if to_fb:
        store, keeper = keeper.store, None
    return wrap(vm, (picture.width, picture.height, picture.code), store, keeper, compressed)


def _placed(vm: CameraMachine, shape: tuple[int, int, int], buffer: Value, *, to_fb: bool) -> tuple[Store, object]:
    """Where an image of an array goes: the store and what keeps it."""
    size = formats.size(*shape)
    if to_fb:
        return to_frame_buffer(vm, shape, bytearray(size)).store, None
    if buffer is None:
        return bytearray(size), allocate(vm, size)
    view = buffers.buffer_of(vm, buffer, writable=True).cast("B")
    if size > view.nbytes:
        vm.raise_value("Buffer is too small")
    return view, buffer


def _of_array(vm: CameraMachine, array: NdArray, buffer: Value, *, to_fb: bool) -> Value:
    if array.code != "f":
        vm.raise_value("Expected a ndarray with dtype float")
    values = array.values
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)):
        vm.raise_value("Expected a ndarray with shape (height, width) or (height, width, 3")
    code = formats.GRAYSCALE if values.ndim == 2 else formats.RGB565
    shape = (values.shape[1], values.shape[0], code)
    store, keeper = _placed(vm, shape, buffer, to_fb=to_fb)
    whole: Array = np.clip(np.rint(np.nan_to_num(values)), 0, 255).astype(np.int32)
    if code == formats.RGB565:
        whole = pixels.join(whole[..., 0], whole[..., 1], whole[..., 2])
    store[: formats.size(*shape)] = pixels.to_bytes(whole, code)
    return wrap(vm, shape, store, keeper)


def _of_numbers(vm: CameraMachine, given: Given, *, to_fb: bool) -> Value:
    width = vm.int_of(given["arg"])
    if width <= 0:
        os_error(vm, "Image width must be > 0")
    height = given.get("height", -1)
    if height <= 0:
        os_error(vm, "Image height must be > 0")
    code = given.get("pixformat", -1)
    if code not in formats.VALID:
        os_error(vm, "Pixel format is not set or unsupported")
    shape, buffer = (width, height, code), given.get("buffer")
    view = None if buffer is None else buffers.buffer_of(vm, buffer).cast("B")
    if view is None and code in formats.COMPRESSED:
        vm.raise_value("Expected an image buffer")
    compressed = view.nbytes if view is not None and code in formats.COMPRESSED else 0
    size = formats.size(*shape, compressed)
    if to_fb:
        made = to_frame_buffer(vm, shape, bytearray(size), compressed)
        if view is not None:
            made.store[: min(size, view.nbytes)] = bytes(view[:size])
        return wrap(vm, shape, made.store, None, compressed)
    if view is None:
        block = allocate(vm, size)
        return wrap(vm, shape, bytearray(size), block)
    if size > view.nbytes:
        vm.raise_value("Buffer is too small")
    data = getattr(buffer, "data", None)
    store = data if isinstance(data, bytearray) else view
    return wrap(vm, shape, store, buffer, compressed)


__all__ = ["Image", "make_new"]
