"""Colours and formats, number by number (lib/imlib/imlib.h) and for whole pictures."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from omvsim.image import formats
from omvsim.later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
    """Numbers of a kind that depends on the picture."""
    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.integer[Any]]
    Words = NDArray[np.uint16]

HALF: Final = 127
"""A pixel brighter than this is set in a binary image."""


def rgb_of_word(word: int) -> tuple[int, int, int]:
    """RGB565 as 8 bits each: the top bits are repeated below."""
    red, green, blue = word >> 11 & 31, word >> 5 & 63, word & 31
    return red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2


def word_of_rgb(red: int, green: int, blue: int) -> int:
    """``COLOR_R8_G8_B8_TO_RGB565``."""
    return ((red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3) & 0xFFFF


def y_of_rgb(red: int, green: int, blue: int) -> int:
    """``COLOR_RGB888_TO_Y``."""
    return (red * 38 + green * 75 + blue * 15) >> 7


def y_of_word(word: int) -> int:
    """``COLOR_RGB565_TO_Y``."""
    return y_of_rgb(*rgb_of_word(word))


def word_of_y(y: int) -> int:
    """``COLOR_Y_TO_RGB565``."""
    return word_of_rgb(y, y, y)


def split(words: Words) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Red, green, blue, 8 bits each."""
    wide = words.astype(np.int32)
    red, green, blue = wide >> 11 & 31, wide >> 5 & 63, wide & 31
    return red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2


def join(red: NDArray[np.int32], green: NDArray[np.int32], blue: NDArray[np.int32]) -> Words:
    """The words of 8-bit colours."""
    return ((red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3).astype(np.uint16)


def join_yuv(y: NDArray[np.int32], u: NDArray[np.int32], v: NDArray[np.int32]) -> Words:
    """``imlib_yuv_to_rgb``: the words of brightness and colour; u and v as they fit into signed bytes."""
    u, v = (part.astype(np.int8).astype(np.int32) for part in (u, v))
    parts = (y + (91881 * v >> 16), y - (22554 * u + 46802 * v >> 16), y + (116130 * u >> 16))
    red, green, blue = (np.clip(part, 0, 255) for part in parts)
    return join(red, green, blue)


def luma(words: Words) -> Bytes:
    """Brightness of words."""
    red, green, blue = split(words)
    found: Bytes = ((red * 38 + green * 75 + blue * 15) >> 7).astype(np.uint8)
    return found


def unpack(rows: Bytes, width: int) -> Bytes:
    """Bits of a binary image's rows as bytes 0 and 1, (height, width)."""
    return np.unpackbits(rows, axis=1, bitorder="little")[:, :width]


def pack(bits: NDArray[np.bool_] | Bytes) -> Bytes:
    """Rows of a binary image, whole words."""
    height, width = bits.shape
    full = np.zeros((height, (width + 31) // 32 * 32), np.uint8)
    full[:, :width] = bits
    return np.packbits(full, axis=1, bitorder="little")


def as_grey(rows: Bytes | Words, code: int, width: int) -> Bytes:
    """A picture's rows as 8-bit brightness; Bayer and YUV as their brightness bytes."""
    if code == formats.BINARY:
        return unpack(rows.astype(np.uint8), width) * np.uint8(255)
    if code == formats.RGB565:
        return luma(rows.astype(np.uint16))
    if code in formats.YUV:
        return (rows & 255).astype(np.uint8)
    return rows.astype(np.uint8)


def as_words(rows: Bytes | Words, code: int, width: int) -> Words:
    """A picture's rows as RGB565."""
    if code == formats.RGB565:
        return rows.astype(np.uint16)
    grey = as_grey(rows, code, width).astype(np.int32)
    return join(grey, grey, grey)


def converted(rows: Bytes | Words, code: int, width: int, wanted: int) -> Bytes | Words:
    """Rows in another format's layout, one value a pixel (a binary one 0 and 1)."""
    if wanted == formats.RGB565 or wanted in formats.YUV:
        return as_words(rows, code, width) if wanted == formats.RGB565 else rows.astype(np.uint16)
    if wanted == formats.BINARY:
        if code == formats.BINARY:
            return unpack(rows.astype(np.uint8), width)
        return (as_grey(rows, code, width) > HALF).astype(np.uint8)
    return as_grey(rows, code, width)


def to_bytes(values: Bytes | Words, code: int) -> bytes:
    """Values of pixels in the layout of a format."""
    if code == formats.BINARY:
        return pack(values.astype(np.uint8)).tobytes()
    kind = np.uint16 if code & 0xFF == 2 else np.uint8
    return np.ascontiguousarray(values.astype(kind)).tobytes()


def rgb(rows: Bytes | Words, code: int, width: int) -> Bytes:
    """8-bit colours, (height, width, 3), for models and encoders."""
    if code == formats.RGB565:
        return np.stack(split(rows.astype(np.uint16)), axis=-1).astype(np.uint8)
    return np.repeat(as_grey(rows, code, width)[..., None], 3, axis=2)


@cache
def lab_table() -> NDArray[np.int8]:
    """L, A and B of every RGB565 word, (65536, 3).

    The firmware's table (``lab_table``, the same from v4.5.0 to v5.0.0) is made by tools/gen_rgb2lab.py: CIE from sRGB
    under D65, in whole numbers, of which two words that differ in the last bit of blue share the mean, cut towards 0.
    """
    words = np.arange(65536)
    parts = [(words >> 11 & 31, 31), (words >> 5 & 63, 63), (words & 31, 31)]
    red, green, blue = (_linear((part * 255 + most / 2) // most / 255) for part, most in parts)
    x = _lab_curve((red * 0.4124 + green * 0.3576 + blue * 0.1805) / 95.047)
    y = _lab_curve((red * 0.2126 + green * 0.7152 + blue * 0.0722) / 100.0)
    z = _lab_curve((red * 0.0193 + green * 0.1192 + blue * 0.9505) / 108.883)
    lab = np.rint(np.stack([116 * y, 500 * (x - y), 200 * (y - z)], axis=-1)) - np.array([16, 0, 0])
    found: NDArray[np.int8] = np.trunc((lab[0::2] + lab[1::2]) / 2).astype(np.int8).repeat(2, axis=0)
    return found


def _linear(value: Array) -> Array:
    return 100 * np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)


def _lab_curve(value: Array) -> Array:
    return np.where(value > 0.008856, value ** (1 / 3), value * 7.787037 + 0.137931)


__all__ = [
    "HALF",
    "as_grey",
    "as_words",
    "converted",
    "join",
    "join_yuv",
    "lab_table",
    "luma",
    "pack",
    "rgb",
    "rgb_of_word",
    "split",
    "to_bytes",
    "unpack",
    "word_of_rgb",
    "word_of_y",
    "y_of_rgb",
    "y_of_word",
]
