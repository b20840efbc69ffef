"""Pixel formats as the camera numbers them (lib/imlib/imlib.h; the same from v4.5.0 to v5.0.0)."""

from __future__ import annotations

from typing import Final

from omvsim.firmware import PixelFormat

_YUV, _MUTABLE, _COLOUR, _COMPRESSED, _RAW = 1 << 28, 1 << 27, 1 << 26, 1 << 25, 1 << 24


def _code(flags: int, number: int, sub: int, bpp: int) -> int:
    return flags | number << 16 | sub << 8 | bpp


BINARY: Final = _code(_MUTABLE, 1, 0, 0)
GRAYSCALE: Final = _code(_MUTABLE, 2, 0, 1)
RGB565: Final = _code(_COLOUR | _MUTABLE, 3, 0, 2)
ARGB8: Final = _code(_COLOUR | _MUTABLE, 8, 0, 4)
BAYER_BGGR: Final = _code(_COLOUR | _RAW, 4, 0, 1)
BAYER_GBRG: Final = _code(_COLOUR | _RAW, 4, 1, 1)
BAYER_GRBG: Final = _code(_COLOUR | _RAW, 4, 2, 1)
BAYER_RGGB: Final = _code(_COLOUR | _RAW, 4, 3, 1)
YUV422: Final = _code(_COLOUR | _YUV, 5, 0, 2)
YVU422: Final = _code(_COLOUR | _YUV, 5, 1, 2)
JPEG: Final = _code(_COLOUR | _COMPRESSED, 6, 0, 0)
PNG: Final = _code(_COLOUR | _COMPRESSED, 7, 0, 0)

NAMES: Final = {
    BINARY: "binary",
    GRAYSCALE: "grayscale",
    RGB565: "rgb565",
    BAYER_BGGR: "bayer_bggr",
    BAYER_GBRG: "bayer_gbrg",
    BAYER_GRBG: "bayer_grbg",
    BAYER_RGGB: "bayer_rggb",
    YUV422: "yuv422",
    YVU422: "yvu422",
    JPEG: "jpeg",
    PNG: "png",
}
"""As ``print`` shows them."""
VALID: Final = frozenset([*NAMES, ARGB8])
"""``IMLIB_PIXFORMAT_IS_VALID``."""
BAYER: Final = frozenset([BAYER_BGGR, BAYER_GBRG, BAYER_GRBG, BAYER_RGGB])
YUV: Final = frozenset([YUV422, YVU422])
MUTABLE: Final = frozenset([BINARY, GRAYSCALE, RGB565, ARGB8])
COMPRESSED: Final = frozenset([JPEG, PNG])

OF_CAMERA: Final = {
    PixelFormat.BINARY: BINARY,
    PixelFormat.GRAYSCALE: GRAYSCALE,
    PixelFormat.RGB565: RGB565,
    PixelFormat.BAYER: BAYER_BGGR,
    PixelFormat.YUV422: YUV422,
    PixelFormat.JPEG: JPEG,
    PixelFormat.PNG: PNG,
}
"""The codes of the formats that the frame buffer knows."""
TO_CAMERA: Final = {code: pixel_format for pixel_format, code in OF_CAMERA.items()} | {
    **dict.fromkeys(BAYER, PixelFormat.BAYER),
    **dict.fromkeys(YUV, PixelFormat.YUV422),
}


def of_sensor(kind: PixelFormat, x: int, y: int, *, turned: bool = False) -> int:
    """The code of the sensor's picture whose window begins at x and y (``imlib_bayer_shift``, ``imlib_yuv_shift``)."""
    if kind is PixelFormat.YUV422:
        return YUV422 if x % 2 else YVU422
    if kind is PixelFormat.BAYER:
        right, down = (y, x) if turned and x % 2 != y % 2 else (x, y)
        return (BAYER_BGGR, BAYER_GBRG, BAYER_GRBG, BAYER_RGGB)[right % 2 + 2 * (down % 2)]
    return OF_CAMERA[kind]


def is_colour(code: int) -> bool:
    """``image.is_color``."""
    return bool(code & _COLOUR)


def line_size(width: int, code: int) -> int:
    """``image_line_size``: binary rows are whole words."""
    if code == BINARY:
        return (width + 31) // 32 * 4
    return width * (code & 0xFF)


def size(width: int, height: int, code: int, compressed: int = 0) -> int:
    """``image_size``."""
    return compressed if code in COMPRESSED else line_size(width, code) * height


__all__ = [
    "ARGB8",
    "BAYER",
    "BAYER_BGGR",
    "BAYER_GBRG",
    "BAYER_GRBG",
    "BAYER_RGGB",
    "BINARY",
    "COMPRESSED",
    "GRAYSCALE",
    "JPEG",
    "MUTABLE",
    "NAMES",
    "OF_CAMERA",
    "PNG",
    "RGB565",
    "TO_CAMERA",
    "VALID",
    "YUV",
    "YUV422",
    "YVU422",
    "is_colour",
    "line_size",
    "of_sensor",
    "size",
]
