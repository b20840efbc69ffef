"""Pixels of images in the camera's layout, as numpy sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware import PixelFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]


def to_rgb(data: Bytes, width: int, height: int, pixel_format: PixelFormat) -> Bytes:
    """8-bit RGB, shape (height, width, 3). Formats that scripts do not look into read as grey."""
    if pixel_format is PixelFormat.RGB565:
        words = data[: 2 * width * height].view(np.uint16).reshape(height, width)
        red, green, blue = (words >> 11) & 31, (words >> 5) & 63, words & 31
        wide = [(red << 3) | (red >> 2), (green << 2) | (green >> 4), (blue << 3) | (blue >> 2)]
        expanded: Bytes = np.stack(wide, axis=-1).astype(np.uint8)
        return expanded
    if pixel_format in (PixelFormat.GRAYSCALE, PixelFormat.BAYER):
        return np.repeat(data[: width * height].reshape(height, width, 1), 3, axis=2)
    return np.zeros((height, width, 3), np.uint8)


def from_rgb(rgb: Bytes, pixel_format: PixelFormat, size: int) -> Bytes:
    """The bytes of an image."""
    if pixel_format is PixelFormat.RGB565:
        wide = rgb.astype(np.uint16)
        words = ((wide[..., 0] >> 3) << 11) | ((wide[..., 1] >> 2) << 5) | (wide[..., 2] >> 3)
        return np.ascontiguousarray(words.reshape(-1)).view(np.uint8)
    if pixel_format in (PixelFormat.GRAYSCALE, PixelFormat.BAYER):
        return luma(rgb).reshape(-1)
    return np.zeros(size, np.uint8)


def luma(rgb: Bytes) -> Bytes:
    """``(38 R + 75 G + 15 B) >> 7``."""
    wide = rgb.astype(np.int32)
    result: Bytes = ((wide[..., 0] * 38 + wide[..., 1] * 75 + wide[..., 2] * 15) >> 7).astype(np.uint8)
    return result


def pixel_value(color: Any, pixel_format: PixelFormat) -> tuple[int, ...]:
    """A colour of the script as the bytes of one pixel."""
    if isinstance(color, int):
        color = (color, color, color)
    red, green, blue = (int(part) & 255 for part in tuple(color)[:3])
    if pixel_format is PixelFormat.RGB565:
        word = ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3)
        return word & 255, word >> 8
    return ((red * 38 + green * 75 + blue * 15) >> 7,)
