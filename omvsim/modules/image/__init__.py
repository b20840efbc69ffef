"""``image`` (modules/py_image.c): the type and its methods, and the module's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.modules.camera_names import built
from omvsim.modules.image import (
    basic,
    blobs,
    cascades,
    colours,
    converting,
    displacement,
    drawing,
    eye,
    filters,
    finders,
    geometry,
    keypoints,
    lineops,
    matching,
    regression,
    saving,
    statistics,
    thresholds,
)
from omvsim.modules.image.imageio_making import image_io
from omvsim.modules.image.making import make_new
from omvsim.modules.image.value import Image

if TYPE_CHECKING:
    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine

TABLES: tuple[dict[str, Any], ...] = (
    basic.METHODS,
    blobs.METHODS,
    cascades.METHODS,
    converting.METHODS,
    displacement.METHODS,
    drawing.METHODS,
    eye.METHODS,
    filters.METHODS,
    finders.METHODS,
    geometry.METHODS,
    keypoints.METHODS,
    lineops.METHODS,
    matching.METHODS,
    regression.METHODS,
    saving.METHODS,
    statistics.METHODS,
    thresholds.METHODS,
)


def methods() -> dict[str, Value]:
    """What is modelled, by name."""
    found: dict[str, Value] = {}
    for table in TABLES:
        for name, (host, least, *most) in table.items():
            found[name] = _method(host, name, least, most[0] if most else None)
    return found


def _method(host: Any, name: str, least: int, most: int | None) -> NativeFunction:
    """One that takes keywords, or (``most`` given) none."""
    if most is None:
        return NativeFunction(host, name, least, None, keywords=True, is_method=False)

    def call(vm: CameraMachine, *args: Value) -> Value:
        result: Value = host(vm, args, ())
        return result

    return NativeFunction(call, name, least, most, keywords=False, is_method=False)


def module(vm: CameraMachine) -> NativeModule:
    """``image``."""
    known = colours.functions()
    for name, (host, least) in (keypoints.FUNCTIONS | cascades.FUNCTIONS).items():
        known[name] = _method(host, name, least, None)
    names = built(vm, "image", known | {"ImageIO": image_io()})
    maker: Any = make_new  # it is called with the camera's machine
    kind = NativeType("Image", Image, maker, constants=built(vm, "image.Image", methods()))
    names["Image"] = kind
    return NativeModule("image", names)


__all__ = ["methods", "module"]
