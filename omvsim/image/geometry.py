"""Corrections of a whole picture: colours (lib/imlib/isp.c) and shape (imlib.c).

Those of the shape leave the pixels as they are, which the report says.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import formats, pixels
from omvsim.image.arguments import Options, fixed, mutable, os_error, parsed, tuples_only, uncompressed
from omvsim.image.filters import channels, store
from omvsim.image.scratch import scratch
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Method, Methods
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

LEFT: Final = "pixels stay where they are"
_TABLES: dict[int, tuple[int, ...]] = {
    formats.BINARY: (8,),
    formats.GRAYSCALE: (1024,),
    formats.RGB565: (128, 256, 128),
}
_TABLES |= dict.fromkeys(formats.BAYER, (1024,))


def awb(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``awb``: red and blue are scaled to green."""
    image = uncompressed(vm, args[0])
    brightest = vm.truth(parsed(vm, args[1:], kwargs, ("max",)).get("max", False))
    if image.code == formats.RGB565:
        red, green, blue = pixels.split(np.array(image.rows()).astype(np.uint16))
        measure = np.max if brightest else np.mean
        top = float(measure(green))
        red = np.clip(red * top / max(1.0, float(measure(red))), 0, 255).astype(np.int32)
        blue = np.clip(blue * top / max(1.0, float(measure(blue))), 0, 255).astype(np.int32)
        image.rows()[:] = pixels.join(red, green, blue)
    return image


def ccm(vm: CameraMachine, image_value: Value, matrix: Value) -> Value:
    """``ccm``: a matrix of 3 x 3 or 3 x 4, in rows or in one."""
    image = mutable(vm, image_value)
    items = vm.sequence(matrix)
    full = np.zeros((3, 4))
    if len(items) in (3, 4):
        for number in range(3):
            row = vm.sequence(items[number])
            if len(row) not in (3, 4):
                vm.raise_value("Unexpected matrix dimensions!")
            full[number, : len(row)] = [vm.float_of(each) for each in row]
    elif len(items) == 9:
        full[:, :3] = np.array([vm.float_of(each) for each in items]).reshape(3, 3)
    elif len(items) in (12, 16):
        full[:] = np.array([vm.float_of(each) for each in items[:12]]).reshape(3, 4)
    else:
        vm.raise_value("Unexpected matrix dimensions!")
    if image.code == formats.RGB565:
        parts = np.stack(pixels.split(np.array(image.rows()).astype(np.uint16)), axis=-1)
        made = np.clip(parts @ full[:, :3].T + full[:, 3], 0, 255).astype(np.int32)
        image.rows()[:] = pixels.join(made[..., 0], made[..., 1], made[..., 2])
    return image


def gamma(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``gamma``: a table a channel."""
    image = uncompressed(vm, args[0])
    given = parsed(vm, args[1:], kwargs, ("gamma", "contrast", "brightness"))
    power, contrast, brightness = (
        default if given.get(name) is None else vm.float_of(given[name])
        for name, default in (("gamma", 1.0), ("contrast", 1.0), ("brightness", 0.0))
    )
    with scratch(vm) as work:
        held = [work.alloc(size) for size in _TABLES.get(image.code, ())]
        if image.code in _TABLES and image.is_mutable:
            tops = (31, 63, 31) if image.code == formats.RGB565 else (1,) if image.code == formats.BINARY else (255,)
            made = []
            for part, top in zip(channels(image), tops, strict=True):
                scaled = (part / top) ** (1 / power if power else 0.0) * contrast + brightness
                made.append(np.floor(scaled * top + 0.5).astype(np.int32))
            store(image, made)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return image


def _even(vm: CameraMachine, image: Image) -> None:
    if image.width % 2:
        os_error(vm, "Width must be even!")
    if image.height % 2:
        os_error(vm, "Height must be even!")


def _polar(name: str) -> Method:
    def method(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        image = mutable(vm, args[0])
        _even(vm, image)
        if vm.release.strict_options:
            options = Options(vm, args, kwargs, 1, ("x", "y", "reverse"), positional=0)
            for centre in ("x", "y"):
                if options.obj(centre) is not None:
                    options.number(centre, 0)
        else:
            options = Options(vm, args, kwargs, 1, ("reverse",), positional=1)
        options.flag("reverse")
        with scratch(vm) as work:
            copy = work.alloc(image.size)
            if work.fb is None:
                work.free(copy)
        vm.stand_in(f"image.Image.{name}", LEFT)
        return image

    return method


def lens_corr(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``lens_corr``: a copy and a table of half the diagonal."""
    image = mutable(vm, args[0])
    _even(vm, image)
    options = Options(vm, args, kwargs, 1, ("strength", "zoom", "x_corr", "y_corr"), positional=1)
    if options.real("strength", 1.8) <= 0:
        os_error(vm, "Strength must be > 0!")
    if options.real("zoom", 1.0) <= 0:
        os_error(vm, "Zoom must be > 0!")
    x, y = options.real("x_corr", 0.0), options.real("y_corr", 0.0)
    half_width, half_height = image.width / 2, image.height / 2
    reach_x, reach_y = half_width + abs(x * image.width), half_height + abs(y * image.height)
    radius = (
        math.ceil(math.hypot(reach_x, reach_y)) + 2 if x or y else math.ceil(math.hypot(half_width, half_height)) + 2
    )
    with scratch(vm) as work:
        held = [work.alloc(image.size), work.alloc(4 * radius)]
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    vm.stand_in("image.Image.lens_corr", LEFT)
    return image


_ROTATION: Final = (
    "x_rotation",
    "y_rotation",
    "z_rotation",
    "x_translation",
    "y_translation",
    "zoom",
    "fov",
    "corners",
)


def rotation_corr(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``rotation_corr``: a copy, and a heap of its own for matrices (up to 4.8.1)."""
    image = mutable(vm, args[0])
    options = Options(vm, args, kwargs, 1, _ROTATION, positional=0)
    for name in _ROTATION[:5]:
        options.real(name, 0.0)
    if options.real("zoom", 1.0) <= 0:
        os_error(vm, "Zoom must be > 0!")
    if not 0 < options.real("fov", 60.0) < 180:
        os_error(vm, "FOV must be > 0 and < 180!")
    corners = options.obj("corners")
    if corners is not None:
        points = fixed(vm, corners, 4)
        if not tuples_only(vm):
            vm.memory.block(32)
        for point in points:
            for part in fixed(vm, point, 2):
                vm.float_of(part)
    with scratch(vm) as work:
        copy = work.alloc(image.size)
        if work.fb is not None:
            work.umm()
        else:
            work.free(copy)
    vm.stand_in("image.Image.rotation_corr", LEFT)
    return image


def _ccm(vm: CameraMachine, args: Sequence[Value], _kwargs: Keywords) -> Value:
    return ccm(vm, args[0], args[1])


METHODS: Methods = {
    "awb": (awb, 1),
    "ccm": (_ccm, 2, 2),
    "gamma": (gamma, 1),
    "gamma_corr": (gamma, 1),
    "lens_corr": (lens_corr, 1),
    "linpolar": (_polar("linpolar"), 1),
    "logpolar": (_polar("logpolar"), 1),
    "rotation_corr": (rotation_corr, 1),
}

__all__ = ["METHODS"]
