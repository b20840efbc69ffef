"""JPEG and PNG on the host: what the camera's encoders would make of a picture.

Both are encoders of their own on the camera. A PNG, and a JPEG of grey, binary and RGB565 pictures, is the camera's
byte by byte; the size of another JPEG is that of a real encoder, which is near but not the same.
"""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any, Final

from omvsim.errors import MissingExtraError
from omvsim.image import formats, jpeg, pixels, png
from omvsim.later import np

if TYPE_CHECKING:
    from omvsim.image.draw_image import Source
    from omvsim.image.pixels import Array

AUTO: Final = 0
NOTE: Final = "sizes of JPEG images are those of the host's encoder at the same quality and subsampling"
_SUBSAMPLING: Final = {0x11: 0, 0x21: 1, 0x22: 2}
"""``JPEG_SUBSAMPLING_444`` and so on, as Pillow numbers them."""
_FULL = 0x11
_SCAN, _APPLICATION = 0xDA, 0xE0
_QUARTER_BELOW, _HALF_BELOW = 35, 60


def _pillow() -> Any:
    try:
        return importlib.import_module("PIL.Image")
    except ImportError as error:
        raise MissingExtraError("pictures in JPEG and PNG need Pillow", "pip install Pillow") from error


def subsampling_of(quality: int, wanted: int) -> int:
    """``JPEG_SUBSAMPLING_AUTO`` by quality (lib/imlib/jpege.c)."""
    if wanted != AUTO:
        return wanted
    return 0x22 if quality <= _QUARTER_BELOW else 0x21 if quality < _HALF_BELOW else 0x11


def encode(picture: Source, code: int, quality: int = 90, subsampling: int = AUTO, *, png_bits: int = 8) -> bytes:
    """A picture (values one a pixel) as JPEG or PNG; ``png_bits``: of a pixel of a binary picture's PNG."""
    if code == formats.PNG:
        return _png(picture, png_bits)
    colour = formats.is_colour(picture.code)
    values = picture.values
    if picture.code == formats.BINARY:
        host = _pillow().fromarray((values * 255).astype(np.uint8))
    elif colour:
        host = _pillow().fromarray(pixels.rgb(values, picture.code, picture.width))
    else:
        host = _pillow().fromarray(np.ascontiguousarray(values.astype(np.uint8)))
    out = io.BytesIO()
    if colour:
        host.save(out, "JPEG", quality=quality, subsampling=_SUBSAMPLING[subsampling_of(quality, subsampling)])
    else:
        host.save(out, "JPEG", quality=quality)
    model = _joined(out.getvalue())
    planes = _planes(picture)
    if planes is None:
        return model
    sampling = subsampling_of(quality, subsampling) if len(planes) > 1 else _FULL
    return jpeg.encoded(planes, model, sampling >> 4, sampling & 15)


def _png(picture: Source, bits: int) -> bytes:
    """Of eight bits, pixels are read one behind the other though rows begin with a word (lib/imlib/png.c)."""
    height, width = picture.height, picture.width
    if picture.code == formats.BINARY:
        if bits == 1:
            return png.encoded(np.packbits(picture.values.astype(np.uint8), axis=1), width, bits=1)
        packed = np.frombuffer(pixels.to_bytes(picture.values, formats.BINARY), np.uint8)
        flat = np.unpackbits(packed, bitorder="little")[: width * height]
        return png.encoded(flat.reshape(height, width) * np.uint8(255), width)
    if picture.code == formats.RGB565:
        colours = pixels.rgb(picture.values, picture.code, width)
        return png.encoded(colours.reshape(height, 3 * width), width, colour=True)
    return png.encoded(pixels.as_grey(picture.values, picture.code, width), width)


def _planes(picture: Source) -> list[Array] | None:
    """Samples less 128 of each component; None of formats whose conversion is not the camera's here."""
    values = picture.values
    if picture.code == formats.BINARY:
        return [np.where(values, 127, -128)]
    if picture.code == formats.GRAYSCALE:
        return [values.astype(np.int64) - 128]
    if picture.code != formats.RGB565:
        return None
    red, green, blue = (pixels.rgb(values, picture.code, picture.width)[..., n].astype(np.int64) for n in range(3))
    light = (red * 38 + green * 75 + blue * 15 >> 7) - 128
    return [light, (blue * 64 - red * 21 - green * 43) >> 7, (red * 64 - green * 54 - blue * 10) >> 7]


def _joined(data: bytes) -> bytes:
    """Tables of one kind in one segment, as the camera writes them (``jpeg_write_headers``)."""
    tables = {0xDB: b"", 0xC4: b""}
    before, behind, at = data[:2], b"", 2
    while data[at + 1] != _SCAN:
        kind, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if kind in tables:
            tables[kind] += data[at + 4 : end]
        elif kind == _APPLICATION:
            before += data[at:end]
        else:
            behind += data[at:end]
        at = end
    quantisers, codes = (
        bytes((0xFF, kind)) + (len(body) + 2).to_bytes(2) + body for kind, body in tables.items() if body
    )
    return before + quantisers + behind + codes + data[at:]


def decode(data: bytes, code: int) -> Array:
    """A JPEG or PNG as values of a format; black where the host cannot read it."""
    with _pillow().open(io.BytesIO(data)) as picture:
        colours = np.asarray(picture.convert("RGB")).astype(np.int32)
    words = pixels.join(colours[..., 0], colours[..., 1], colours[..., 2])
    return np.array(pixels.converted(words, formats.RGB565, words.shape[1], code))


__all__ = ["AUTO", "NOTE", "decode", "encode", "subsampling_of"]
