"""``imlib_draw_image`` (lib/imlib/draw.c): one picture into another, scaled, mirrored, mixed; and what it asks for.

Scratch memory is exact, and so are the pixels of nearest and bilinear scaling; bicubic and area scaling are
approximated by the nearest pixels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import formats, pixels
from omvsim.image.scaling import Axis, bilinear, nearest
from omvsim.image.scratch import LINE
from omvsim.later import np
from omvsim.numerals.single import single
from omvsim.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from omvsim.image.pixels import Array
    from omvsim.image.scratch import Scratch
    from omvsim.image.value import Image

    Roi = tuple[int, int, int, int]

AREA: Final = 1 << 0
BILINEAR: Final = 1 << 1
BICUBIC: Final = 1 << 2
HMIRROR: Final = 1 << 4
VFLIP: Final = 1 << 5
TRANSPOSE: Final = 1 << 6
CENTER: Final = 1 << 7
EXTRACT_FIRST: Final = 1 << 8
PALETTE_FIRST: Final = 1 << 9
KEEP: Final = 1 << 10
EXPAND: Final = 1 << 11
IGNORE: Final = 1 << 12
BLACK: Final = 1 << 31
_SMOOTH: Final = AREA | BILINEAR | BICUBIC


@dataclass
class Target:
    """What is drawn into: an image's shape, and its values one a pixel (bits as 0 and 1).

    Without values nothing is drawn: :func:`draw` only finds out where it would be.
    """

    width: int
    height: int
    code: int
    values: Any

    @property
    def size(self) -> int:
        """``image_size``."""
        return formats.size(self.width, self.height, self.code)


@dataclass
class Source(Target):
    """What is drawn; ``compressed`` bytes for JPEG and PNG."""

    compressed: int = 0

    @property
    def size(self) -> int:
        """``image_size``."""
        return formats.size(self.width, self.height, self.code, self.compressed)


@dataclass
class Drawing:
    """How it is drawn. ``blend`` combines rows (destination, source) for the arithmetic methods."""

    x: int = 0
    y: int = 0
    x_scale: float = 1.0
    y_scale: float = 1.0
    roi: Roi | None = None
    channel: int = -1
    alpha: int = 255
    palette: Array | None = None
    alpha_palette: Array | None = None
    hint: int = 0
    same: bool = False
    """Whether source and destination are the same memory."""
    blend: Callable[[Array, Array], Array] | None = None
    mask: Array | None = None
    overridden: bool = False
    """Whether rows are drawn beside the destination (``dst_row_override``)."""
    decode: Callable[[Scratch, int], Array] | None = field(default=None, repr=False)
    """Decodes a compressed source into values of a format."""


def values_of(image: Image) -> Any:
    """An image's values, one a pixel; of a compressed one, nothing."""
    if image.is_compressed:
        return None
    if image.code == formats.BINARY:
        return pixels.unpack(image.rows().astype(np.uint8), image.width)
    return image.rows()


class Seen(Source):
    """An image as a source: its values are made when they are first looked at."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.width, self.height, self.code, self.compressed = image.width, image.height, image.code, image.compressed

    def __getattr__(self, name: str) -> Any:
        if name != "values":
            raise AttributeError(name)
        self.values = values_of(self.image)
        return self.values


def source_of(image: Image) -> Source:
    """An image as a source."""
    return Seen(image)


def stays_black(target: Image, source: Source, how: Drawing) -> bool:
    """Whether every pixel that is drawn on becomes 0, as a black picture is black in any size and format."""
    kinds = (formats.GRAYSCALE, formats.RGB565)
    plain = how.alpha == 255 and not how.same and not how.hint & TRANSPOSE
    if not plain or target.code not in kinds or source.code not in kinds or not isinstance(source, Seen):
        return False
    changed = (how.palette, how.alpha_palette, how.blend, how.mask)
    return all(each is None for each in changed) and source.image.is_black


@dataclass
class _Geometry:
    width: int
    height: int
    x: int
    y: int
    x_scale: float
    y_scale: float
    hint: int


def _geometry(target: Target, how: Drawing, width: int, height: int) -> _Geometry:
    """``imlib_draw_image_scale_and_center_helper``."""
    hint, x_scale, y_scale = how.hint, single(abs(how.x_scale)), single(abs(how.y_scale))
    turned = bool(hint & TRANSPOSE)
    if hint & (KEEP | EXPAND | IGNORE):
        xs = single((target.height if turned else target.width) / width)
        ys = single((target.width if turned else target.height) / height)
        if not hint & IGNORE:
            xs = ys = min(xs, ys) if hint & KEEP else max(xs, ys)
        x_scale, y_scale = single(x_scale * xs), single(y_scale * ys)
    wide, high = math.floor(single(x_scale * width)), math.floor(single(y_scale * height))
    if turned:
        wide, high = high, wide
    x, y = how.x, how.y
    if hint & CENTER:
        x += math.floor((target.width - wide) / 2)
        y += math.floor((target.height - high) / 2)
    return _Geometry(wide, high, x, y, x_scale, y_scale, hint & ~(KEEP | EXPAND | IGNORE | CENTER))


def _span(start: int, length: int, room: int) -> tuple[int, int, int] | None:
    """Start in the source, start and end in the target, cut to it; None if nothing is left."""
    skipped = max(0, -start)
    start = max(start, 0)
    if start >= room or length - skipped <= 0:
        return None
    return skipped, start, min(start + length - skipped, room)


def draw(work: Scratch, target: Target, source: Source, how: Drawing) -> tuple[int, int, int, int] | None:
    """Draw; ``target.values`` are changed in place.

    Returns:
        The rectangle that is drawn on (rows from, to, columns from, to) where it is not turned; None if there is none.
    """
    roi = how.roi or (0, 0, source.width, source.height)
    shape = _geometry(target, how, roi[2], roi[3])
    silent = how.alpha_palette is not None and not np.any(how.alpha_palette)
    if shape.width < 1 or shape.height < 1 or how.alpha == 0 or silent:
        return None
    across = _span(shape.x, shape.width, target.width)
    down = _span(shape.y, shape.height, target.height)
    if across is None or down is None:
        return None
    x_step = math.floor(single(65536.0 / shape.x_scale))
    y_step = math.floor(single(65536.0 / shape.y_scale))
    hint = _smoothing(shape, x_step, y_step, roi)
    source, how, copies = _first(work, source, how, hint)
    mirror_x = (how.x_scale < 0) != bool(hint & HMIRROR)
    mirror_y = (how.y_scale < 0) != bool(hint & VFLIP)
    src_x = across[0] + math.floor(roi[0] * shape.x_scale)
    plain = not mirror_x and not mirror_y and across[1] == 0 and src_x == 0 and x_step == y_step == 65536
    source, copied = _deep_copy(work, target, source, how, scaled=bool(hint & _SMOOTH) or not plain)
    copies += copied
    if hint & TRANSPOSE:
        _transposed(work, target, source, how, shape, roi, (x_step, y_step), hint)
    else:
        _rows(work, target, source, how, buffered=work.fb is not None or not plain or (how.same and not copied))
        axes = (
            Axis(*down, shape.y_scale, shape.height, roi[1], roi[3], mirror_y),
            Axis(*across, shape.x_scale, shape.width, roi[0], roi[2], mirror_x),
        )
        if target.values is not None:
            _pixels(target, source, how, axes, smooth=bool(hint & BILINEAR))
    for address in reversed(copies[-1:]):
        work.free(address)
    return *down[1:], *across[1:]


def _smoothing(shape: _Geometry, x_step: int, y_step: int, roi: Roi) -> int:
    """What is left of the hints to smooth."""
    hint = shape.hint
    grows = bool(hint & AREA) and shape.x_scale >= 1 and shape.y_scale >= 1
    if (x_step == 65536 and y_step == 65536) or grows:
        hint &= ~_SMOOTH
    if roi[2] <= 3 or roi[3] <= 3:
        hint = (hint | BILINEAR if hint & BICUBIC else hint) & ~BICUBIC
    if roi[2] <= 1 or roi[3] <= 1:
        hint &= ~(AREA | BILINEAR)
    return hint


def _first(work: Scratch, source: Source, how: Drawing, hint: int) -> tuple[Source, Drawing, list[int | None]]:
    """A channel or a palette that is to be applied before scaling."""
    extract = hint & EXTRACT_FIRST and how.channel != -1 and formats.is_colour(source.code)
    if not extract and not (hint & PALETTE_FIRST and how.palette is not None):
        return source, how, []
    code = formats.RGB565 if how.palette is not None else formats.GRAYSCALE
    width, height = (how.roi or (0, 0, source.width, source.height))[2:]
    address = work.line(formats.size(width, height, code))
    kind = np.uint16 if code == formats.RGB565 else np.uint8
    made = Source(width, height, code, np.zeros((height, width), kind))
    draw(work, made, source, Drawing(channel=how.channel, palette=how.palette, decode=how.decode))
    left = Drawing(**{**how.__dict__, "channel": -1, "palette": None, "same": False})
    return made, left, [address]


def _deep_copy(
    work: Scratch, target: Target, source: Source, how: Drawing, *, scaled: bool
) -> tuple[Source, list[int | None]]:
    """A copy of the source where it is overwritten, has to be converted, or is compressed."""
    compressed = source.code in formats.COMPRESSED
    grows = source.size // source.height < target.size // target.height
    converts = (source.code in formats.BAYER and target.code not in formats.BAYER) or (
        source.code in formats.YUV and target.code not in formats.YUV
    )
    if not ((how.same and (scaled or grows or converts)) or (converts and scaled) or compressed):
        return source, []
    code = source.code
    if code not in formats.MUTABLE:
        code = formats.RGB565 if how.channel != -1 else formats.GRAYSCALE if how.palette is not None else target.code
    address = work.line(formats.size(source.width, source.height, code))
    if compressed:
        values = how.decode(work, code) if how.decode is not None else None
    elif code == source.code or code in formats.BAYER or code in formats.YUV:
        values = np.array(source.values)
    else:
        values = pixels.converted(source.values, source.code, source.width, code)
    if values is None:
        kind = np.uint16 if code & 0xFF == 2 else np.uint8
        values = np.zeros((source.height, source.width), kind)
    return Source(source.width, source.height, code, values), [address]


def _transposed(  # noqa: PLR0917  # as many as the camera's own function has
    work: Scratch,
    target: Target,
    source: Source,
    how: Drawing,
    shape: _Geometry,
    roi: Roi,
    steps: tuple[int, int],
    hint: int,
) -> None:
    """Turned in chunks that fit; scaled before that."""
    scaled = steps != (65536, 65536)
    turned, address = source, None
    if scaled:
        turned = Source(shape.height, shape.width, source.code, None)
        address = work.line(turned.size)
        kind = np.uint16 if turned.code & 0xFF == 2 else np.uint8
        turned.values = np.zeros((turned.height, turned.width), kind)
        how_first = Drawing(x_scale=shape.x_scale, y_scale=shape.y_scale, roi=roi, hint=hint & _SMOOTH)
        draw(work, turned, source, how_first)
        roi = (0, 0, turned.width, turned.height)
    size = work.avail(UmaFlag.FAST)
    size = min((size & ~(LINE - 1)) - LINE, turned.size)
    chunk = work.alloc(size, FbHint.PREFER_SPEED | FbHint.CACHE_ALIGN, UmaFlag.FAST | UmaFlag.CACHE)
    line_count = max(1, size // formats.line_size(roi[2], turned.code))
    x, y, width, height = roi
    values = turned.values[y : y + height, x : x + width]
    if (how.x_scale < 0) != bool(hint & HMIRROR):
        values = values[:, ::-1]
    if (how.y_scale < 0) != bool(hint & VFLIP):
        values = values[::-1]
    for at in range(y, height, line_count):
        part = np.array(values[at - y : at - y + line_count].T)
        piece = Source(part.shape[1], part.shape[0], turned.code, part)
        fields = {**how.__dict__, "x": shape.x + at, "y": shape.y, "x_scale": 1.0, "y_scale": 1.0, "roi": None}
        draw(work, target, piece, Drawing(**{**fields, "hint": hint & BLACK, "same": False}))
    work.free(chunk)
    if scaled:
        work.free(address)


def _rows(work: Scratch, target: Target, source: Source, how: Drawing, *, buffered: bool) -> None:
    """``imlib_draw_row_setup`` and its end: a row, and a table for an alpha palette."""
    row = None
    if buffered:
        whole = formats.size(target.width, target.height, source.code)
        row = work.line(whole // target.height)
    if how.alpha_palette is not None:
        work.free(work.alloc(1024))
    if buffered:
        work.free(row)


def _pixels(target: Target, source: Source, how: Drawing, axes: tuple[Axis, Axis], *, smooth: bool) -> None:
    """The scaled pixels, converted and mixed."""
    if source.values is None:
        return
    down, across = axes
    part = bilinear(source.values, source.code, down, across) if smooth else nearest(source.values, down, across)
    if part is None:
        return
    part = _coloured(part, source, how, target.code)
    place = (slice(down.begin, down.end), slice(across.begin, across.end))
    if how.blend is not None:
        part = how.blend(target.values[place], part)
    elif how.alpha != 255 or how.alpha_palette is not None:
        part = _mixed(target, place, part, how)
    if how.mask is not None:
        part = np.where(how.mask[place], part, target.values[place])
    target.values[place] = part


def _coloured(part: Array, source: Source, how: Drawing, code: int) -> Array:
    """Values in the target's format, with a channel taken out or a palette put on."""
    kind, width = source.code, part.shape[1]
    if kind == formats.BINARY:
        part, kind = (part * 255).astype(np.uint8), formats.GRAYSCALE
    if how.channel != -1 and kind == formats.RGB565:
        part, kind = pixels.split(part)[how.channel].astype(np.uint8), formats.GRAYSCALE
    if how.palette is not None:
        part, kind = how.palette[pixels.as_grey(part, kind, width)], formats.RGB565
    return pixels.converted(part, kind, width, code)


def _mixed(target: Target, place: tuple[slice, slice], part: Array, how: Drawing) -> Array:
    """``alpha`` of the new, the rest of the old (or of black)."""
    weight = np.float64(math.floor(how.alpha * 256 / 255 + 0.5))
    old = target.values[place] if not how.hint & BLACK else np.zeros_like(part)
    if target.code == formats.RGB565:
        pairs = zip(pixels.split(old), pixels.split(part), strict=True)
        return pixels.join(*((((256 - weight) * a + weight * b) / 256).astype(np.int32) for a, b in pairs))
    mixed = ((256 - weight) * old.astype(np.float64) + weight * part) / 256
    return (mixed > 0.5).astype(np.uint8) if target.code == formats.BINARY else mixed.astype(np.uint8)


__all__ = [
    "AREA",
    "BICUBIC",
    "BILINEAR",
    "BLACK",
    "CENTER",
    "EXPAND",
    "HMIRROR",
    "IGNORE",
    "KEEP",
    "TRANSPOSE",
    "VFLIP",
    "Drawing",
    "Source",
    "Target",
    "Seen",
    "draw",
    "source_of",
    "stays_black",
    "values_of",
]
