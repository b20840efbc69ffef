"""Colour thresholds, what they select, and ``binary`` and ``invert`` (py_helper_arg_to_thresholds, binary.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.image import draw_image, formats, pixels
from omvsim.image.arguments import mutable, os_error, parsed
from omvsim.image.drawing import mask_of
from omvsim.image.scratch import scratch
from omvsim.image.value import Image, allocate, wrap
from omvsim.later import np
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.pixels import Array
    from omvsim.memory.requests import Block
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

NODE: Final = 14
"""``list_lnk_t`` (two pointers) and six bytes."""
_LOWEST: Final = (0, 0, -128, -128, -128, -128)


@dataclass
class Threshold:
    """One: L, A and B from … to; ``node`` is its chunk on the heap."""

    low: tuple[int, int, int]
    high: tuple[int, int, int]
    node: Block


def _unsigned(value: int) -> int:
    return min(max(value, 0), 255)


def _signed(value: int) -> int:
    return min(max(value, -128), 127)


def thresholds_of(vm: CameraMachine, value: Value) -> list[Threshold]:
    """A list of tuples of up to six numbers; each costs a node."""
    found = []
    for each in vm.sequence(value):
        items = vm.sequence(each)
        if not items:
            continue
        defaults = (0, 255, -128, 127, -128, 127)
        cut = (_unsigned, _unsigned, _signed, _signed, _signed, _signed)
        parts = [cut[at](vm.int_of(items[at])) if at < len(items) else defaults[at] for at in range(6)]
        low = tuple(min(parts[at], parts[at + 1]) for at in (0, 2, 4))
        high = tuple(max(parts[at], parts[at + 1]) for at in (0, 2, 4))
        found.append(Threshold(low, high, vm.memory.block(NODE)))  # type: ignore[arg-type]  # three each
    return found


def release(vm: CameraMachine, thresholds: list[Threshold]) -> None:
    """``list_free``."""
    for each in thresholds:
        vm.memory.free(each.node)


def selected(values: Array, code: int, threshold: Threshold, *, invert: bool) -> Array:
    """Which pixels (values one each) are within a threshold."""
    if code == formats.RGB565:
        lab = pixels.lab_table()[values]
        inside = np.ones(values.shape, bool)
        for number in range(3):
            part = lab[..., number].astype(np.int32)
            inside &= (threshold.low[number] <= part) & (part <= threshold.high[number])
    else:
        inside = (threshold.low[0] <= values) & (values <= threshold.high[0])
    return ~inside if invert else inside


def selects_nothing(image: Image, threshold: Threshold) -> bool:
    """Whether a grayscale image's bytes show at a glance, without numpy, that no pixel is within a threshold."""
    if image.is_compressed or image.code != formats.GRAYSCALE:
        return False
    within = bytes(range(threshold.low[0], threshold.high[0] + 1))
    return len(bytes(memoryview(image.store)[: image.size]).translate(None, within)) == image.size


def binary(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``binary``."""
    names = ("thresholds", "invert", "zero", "mask", "to_bitmap", "copy")
    image = mutable(vm, args[0])
    given = parsed(vm, args[1:], kwargs, names, 1, 1)
    invert, zero, to_bitmap, copy = (vm.truth(given.get(name, False)) for name in ("invert", "zero", *names[4:]))
    mask_value = given.get("mask")
    if to_bitmap and image.code != formats.BINARY and (zero or mask_value is not None):
        vm.raise_value("Incompatible arguments!")
    least = {formats.GRAYSCALE: 4, formats.RGB565: 2}.get(image.code, 0)
    if to_bitmap and not copy and image.width < least:
        os_error(vm, "Can't convert to bitmap in place!")
    thresholds = thresholds_of(vm, given["thresholds"])
    code = formats.BINARY if to_bitmap else image.code
    size = formats.size(image.width, image.height, code)
    block = allocate(vm, size) if copy else None
    store = bytearray(size) if copy else image.store
    mask = None
    with scratch(vm) as work:
        if mask_value is not None:
            mask = mutable(vm, mask_value)
        held = [work.alloc(formats.size(image.width, image.height, formats.BINARY))]
        if mask is not None or zero:
            held.append(work.line(formats.line_size(image.width, code)))
        if work.fb is not None:  # 5.0.0 draws a bitmap on itself without one
            held.append(work.line(formats.line_size(image.width, formats.BINARY)))
        store[:size] = _thresholded(image, thresholds, code, mask, invert=invert, zero=zero)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    release(vm, thresholds)
    if to_bitmap and not copy:
        image.code = formats.BINARY
    return wrap(vm, (image.width, image.height, code), store, block if copy else image.keeper)


def _thresholded(
    image: Image, thresholds: list[Threshold], code: int, mask: Image | None, *, invert: bool, zero: bool
) -> bytes:
    values: Array = draw_image.values_of(image)
    found = np.zeros(values.shape, bool)
    for each in thresholds:
        found |= selected(values, image.code, each, invert=invert)
    old = pixels.converted(values, image.code, image.width, code) if code != image.code else values
    white = {formats.BINARY: 1, formats.RGB565: 0xFFFF}.get(code, 0xFF)
    made = np.where(found, 0, old) if zero else np.where(found, white, 0)
    if mask is not None:
        made = np.where(mask_of(mask, image), made, old)
    return pixels.to_bytes(made.astype(old.dtype), code)


def invert(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    """``invert``, ``negate``."""
    image = mutable(vm, args[0])
    data = image.bytes_()
    data ^= np.uint8(255)
    return image


METHODS = {
    "binary": (binary, 1),
    "invert": (invert, 1, 1),
    "negate": (invert, 1, 1),
}

__all__ = ["METHODS", "NODE", "Threshold", "release", "selected", "thresholds_of"]
