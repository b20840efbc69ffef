"""JPEG and PNG on the host: what the camera's encoders would make of a picture.

Both are encoders of their own on the camera: the size is that of a real encoder with the same quality and subsampling,
which is near but not the same. A JPEG's header is as long as the camera's.
"""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from omvsim.errors import MissingExtraError
from omvsim.modules.image import formats, pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.modules.image.draw_image import Source

AUTO: Final = 0
NOTE: Final = "sizes of JPEG and PNG images are those of the host's encoder at the same quality and subsampling"
_SUBSAMPLING: Final = {0x11: 0, 0x21: 1, 0x22: 2}
"""``JPEG_SUBSAMPLING_444`` and so on, as Pillow numbers them."""
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


def encode(picture: Source, code: int, quality: int = 90, subsampling: int = AUTO) -> bytes:
    """A picture (values one a pixel) as JPEG or PNG."""
    colour = formats.is_colour(picture.code)
    values = picture.values
    if picture.code == formats.BINARY:
        host = _pillow().fromarray((values * 255).astype(np.uint8))
    elif colour:
        host = _pillow().fromarray(pixels.rgb(values, picture.code, picture.width))
    else:
        host = _pillow().fromarray(np.ascontiguousarray(values.astype(np.uint8)))
    out = io.BytesIO()
    if code == formats.PNG:
        host.save(out, "PNG")
    elif colour:
        host.save(out, "JPEG", quality=quality, subsampling=_SUBSAMPLING[subsampling_of(quality, subsampling)])
    else:
        host.save(out, "JPEG", quality=quality)
    return out.getvalue() if code == formats.PNG else _joined(out.getvalue())


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


def decode(data: bytes, code: int) -> NDArray[Any]:
    """A JPEG or PNG as values of a format; black where the host cannot read it."""
    with _pillow().open(io.BytesIO(data)) as picture:
        colours = np.asarray(picture.convert("RGB")).astype(np.int32)
    words = pixels.join(colours[..., 0], colours[..., 1], colours[..., 2])
    return np.array(pixels.converted(words, formats.RGB565, words.shape[1], code))


__all__ = ["AUTO", "NOTE", "decode", "encode", "subsampling_of"]
