"""Pictures drawn into input tensors: what ``Normalization`` leaves to the image module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.library.package import package_of
from omvsim.micropython.errors import Error
from omvsim.modules.image import formats
from omvsim.modules.image.pixels import split
from omvsim.modules.image.value import Image, image_type
from omvsim.modules.ulab.layout import HOST_TYPES
from omvsim.runtime import InputDataError, TensorInfo, normalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.micropython.values import Value
    from omvsim.runs.world import CameraMachine

    Region = tuple[int, int, int, int]


def is_picture(vm: CameraMachine, value: Value) -> bool:
    """``isinstance(value, image.Image)``."""
    return vm.is_instance(value, image_type(vm))


def draw_into(vm: CameraMachine, settings: Value, data: Any, size: tuple[int, int, int], code: str) -> None:
    """Draw the picture of a ``Normalization`` into a tensor's bytes, as pixels of the tensor's type.

    Args:
        data: the tensor's bytes.
        size: height, width, channels.
        code: letter of its type.
    """
    picture = vm.attr(settings, "_image")
    if not isinstance(picture, Image):
        vm.raise_type("can't convert %s to %s", vm.type_name(picture), "image")
    x, y, width, height = _region(vm, vm.attr(settings, "roi"), picture)
    frame = _rgb(picture)[y : y + height, x : x + width]
    kind = np.dtype(HOST_TYPES[code])
    tensor = TensorInfo(0, "input", (1, *size), kind.name, (), ())
    cause = ""
    try:
        # Floats get the pixels as they are: the scaling is the package's own arithmetic.
        drawn = normalize(frame, tensor, keep_aspect=package_of(vm).keeps_aspect, scale=(0.0, 255.0))
    except InputDataError as error:
        cause = error.cause
    if cause:
        vm.error(Error.VALUE, cause)
    np.frombuffer(data, kind, drawn.size)[:] = drawn.reshape(-1)


def _rgb(picture: Image) -> NDArray[np.uint8]:
    """Its pixels as 8-bit colours, shape (height, width, 3)."""
    if picture.code == formats.RGB565:
        return np.stack(split(picture.rows()), axis=-1).astype(np.uint8)  # type: ignore[arg-type]  # words
    return np.repeat(picture.rows()[..., None], 3, axis=-1)


def _region(vm: CameraMachine, roi: Value, picture: Image) -> Region:
    """The region of interest inside the picture."""
    if roi is None:
        return 0, 0, picture.width, picture.height
    x, y, width, height = (vm.int_of(part) for part in vm.unpack(roi, 4))
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, picture.width), min(y + height, picture.height)
    if left >= right or top >= bottom:
        vm.raise_value("ROI does not overlap on the image!")
    return left, top, right - left, bottom - top


__all__ = ["draw_into", "is_picture"]
