"""Scaled pixels of ``imlib_draw_image`` (lib/imlib/draw.c): the nearest ones, or bilinear between two and two.

Steps through the source are 16.16 fixed point, the weights 8 bits for brightness and 5 bits for RGB565; binary pictures
take the nearer of two pixels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import formats
from omvsim.later import np
from omvsim.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from omvsim.image.pixels import Array

    Places = NDArray[np.int64]
    Values = Array

HALF_PIXEL: Final = 0x8000
"""Interpolation puts a pixel's centre where its corner is: half a pixel is taken off."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a drawing: where it begins and ends in the target, and what of the source lies there.

    ``skipped`` scaled pixels are left out in front, ``length`` is the scaled length of the whole region, which begins
    at ``start`` of the source and has ``room`` pixels there.
    """

    skipped: int
    begin: int
    end: int
    scale: float
    length: int
    start: int
    room: int
    mirrored: bool

    def places(self, *, interpolated: bool) -> Places:
        """Places in the source in the order of the target, 16.16."""
        count = self.end - self.begin
        first = min(self.begin, self.length - count) if self.mirrored else self.skipped
        first += math.floor(np.float32(self.start) * np.float32(self.scale))
        scale = np.float32(self.scale)
        place = math.floor(np.float32(first << 16) / scale) - (HALF_PIXEL if interpolated else 0)
        found = place + np.arange(count, dtype=np.int64) * math.floor(np.float32(65536) / scale)
        return found[::-1] if self.mirrored else found

    def pairs(self, places: Places) -> tuple[Places, Places]:
        """The pixels at and behind each place; outside of the region the last one inside, twice."""
        last = self.start + self.room - 1
        whole = places >> 16
        near = np.clip(whole, self.start, last)
        inside = (whole >= self.start) & (whole < last)
        return near, np.where(inside, near + 1, near)


def nearest(values: Values, down: Axis, across: Axis) -> Values:
    """The pixels at the places."""
    height, width = values.shape
    rows = np.clip(down.places(interpolated=False) >> 16, 0, height - 1)
    columns = np.clip(across.places(interpolated=False) >> 16, 0, width - 1)
    return np.array(values[rows][:, columns])


def bilinear(values: Values, code: int, down: Axis, across: Axis) -> Values | None:
    """Pixels between pixels; None for a format that the camera does not draw so."""
    if code == formats.BINARY:
        return _along(_along(values, down, 0, _nearer), across, 1, _nearer)
    if code == formats.GRAYSCALE:
        wide = values.astype(np.int32)
        grey: Values = _along(_along(wide, down, 0, _blend_8), across, 1, _blend_8).astype(np.uint8)
        return grey
    if code == formats.RGB565:
        words = values.astype(np.int32)
        colours = np.stack([words >> 11, words >> 5 & 63, words & 31])
        red, green, blue = _along(_along(colours, down, 1, _blend_5), across, 2, _blend_5)
        mixed: Values = (red << 11 | green << 5 | blue).astype(np.uint16)
        return mixed
    return None


def _along(values: Values, axis: Axis, number: int, blend: Callable[[Values, Values, Places], Values]) -> Values:
    """Blend in one direction."""
    places = axis.places(interpolated=True)
    near, far = axis.pairs(places)
    shape = [1] * values.ndim
    shape[number] = len(places)
    found: Values = blend(np.take(values, near, number), np.take(values, far, number), places.reshape(shape))
    return found


def _nearer(near: Values, far: Values, places: Places) -> Values:
    return np.where(places >> 15 & 1, far, near)


def _blend_8(near: Values, far: Values, places: Places) -> Values:
    weight = (places >> 8 & 0xFF).astype(np.int32)
    blended: Values = (near * (256 - weight) + far * weight + 128) >> 8
    return blended


def _blend_5(near: Values, far: Values, places: Places) -> Values:
    weight = (places >> 11 & 0x1F).astype(np.int32)
    blended: Values = (near * (32 - weight) + far * weight + 16) >> 5
    return blended


__all__ = ["Axis", "bilinear", "nearest"]
