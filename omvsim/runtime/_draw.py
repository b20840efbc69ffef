"""How the camera scales a frame into a model's input: ``Image.draw_image`` with ``BILINEAR``, in fixed point.

Facts: openmv/openmv, v4.8.1, ``lib/imlib/draw.c`` (``imlib_draw_image``, its scale-and-centre helper and the
bilinear RGB565 case) and ``lib/imlib/imlib.h`` (RGB565 and grayscale conversions). Positions are 16.16 fixed point,
weights have five bits, and red, green and blue are mixed as 5, 6 and 5 bits: a model with three channels never sees
more colours than RGB565 has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Frame = NDArray[np.uint8]

_HALF_PIXEL = 0x8000
_WEIGHTS = 32


def to_rgb565(rgb: Frame) -> NDArray[np.int32]:
    """Red, green and blue of an 8-bit picture as the 5, 6 and 5 bits that a camera frame holds, shape (h, w, 3)."""
    planes = np.empty((3, *rgb.shape[:-1]), dtype=np.int32)
    for channel, shift in enumerate((3, 2, 3)):
        np.right_shift(rgb[..., channel], shift, out=planes[channel])
    return np.moveaxis(planes, 0, -1)


def from_rgb565(components: NDArray[np.int32]) -> Frame:
    """Eight bits a channel, the high bits repeated in the low ones, as the camera expands RGB565."""
    red, green, blue = (components[..., i] for i in range(3))
    wide = [(red << 3) | (red >> 2), (green << 2) | (green >> 4), (blue << 3) | (blue >> 2)]
    expanded: Frame = np.stack(wide, axis=-1).astype(np.uint8)
    return expanded


def to_grayscale(rgb: Frame) -> Frame:
    """``(38 R + 75 G + 15 B) >> 7``, the camera's luma."""
    wide = rgb.astype(np.int32)
    luma: Frame = ((wide[..., 0] * 38 + wide[..., 1] * 75 + wide[..., 2] * 15) >> 7).astype(np.uint8)
    return luma


def draw_scaled(components: NDArray[np.int32], width: int, height: int, *, keep_aspect: bool) -> NDArray[np.int32]:
    """Scale a frame of RGB565 components (or of one channel) to ``width`` x ``height``, centred.

    ``keep_aspect`` fills the target and crops what is too long (``SCALE_ASPECT_EXPAND``); otherwise both directions
    are scaled on their own (``SCALE_ASPECT_IGNORE``).
    """
    source_height, source_width = components.shape[:2]
    x_scale = np.float32(width) / np.float32(source_width)
    y_scale = np.float32(height) / np.float32(source_height)
    if keep_aspect:
        x_scale = y_scale = max(x_scale, y_scale)
    # Channel by channel: every step then runs over whole rows.
    planes = np.ascontiguousarray(np.moveaxis(components, -1, 0) if components.ndim == 3 else components[None])
    interpolate = not (_step(x_scale) == _step(y_scale) == 1 << 16) and min(source_width, source_height) > 1
    planes = _resample(planes, 1, y_scale, height, source_height, interpolate=interpolate)
    planes = _resample(planes, 2, x_scale, width, source_width, interpolate=interpolate)
    return np.moveaxis(planes, 0, -1) if components.ndim == 3 else planes[0]


def _step(scale: np.float32) -> int:
    """Source pixels a target pixel, 16.16."""
    return int(np.floor(np.float32(65536.0) / scale))


def _resample(
    pixels: NDArray[np.int32], axis: int, scale: np.float32, size: int, source: int, *, interpolate: bool
) -> NDArray[np.int32]:
    """One direction of planes: pixels left black outside the drawn part, blended with five-bit weights inside it."""
    scaled = int(np.floor(scale * np.float32(source)))
    start = int(np.floor(np.float32(size - scaled) / np.float32(2.0)))
    skipped, start = max(-start, 0), max(start, 0)
    drawn = min(scaled - skipped, size - start)
    first = int(np.floor(np.float32(skipped << 16) / scale)) - (_HALF_PIXEL if interpolate else 0)
    positions = first + np.arange(drawn, dtype=np.int64) * _step(scale)
    low = np.clip(positions >> 16, 0, source - 1)
    drawn_part = (slice(None),) * axis + (slice(start, start + drawn),)
    result = np.zeros((*pixels.shape[:axis], size, *pixels.shape[axis + 1 :]), dtype=np.int32)
    near = np.take(pixels, low, axis=axis)
    if interpolate:
        inside = (positions >> 16 >= 0) & (positions >> 16 < source - 1)
        far = np.take(pixels, np.where(inside, low + 1, low), axis=axis)
        weight = ((positions >> 11) & (_WEIGHTS - 1)).astype(np.int32)
        # (near * (32 - weight) + far * weight + 16) >> 5, in place
        far -= near
        far *= weight if axis == pixels.ndim - 1 else weight[:, None]
        far += _WEIGHTS // 2
        far >>= 5
        near += far
    result[drawn_part] = near
    return result
