"""Ellipses, upright or sheared to a rotation (lib/imlib/draw.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from omvsim.image.raster import set_pixel

if TYPE_CHECKING:
    from omvsim.image.value import Image


def _dot(image: Image, cx: int, cy: int, low: int, high: int, colour: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
    """``point_fill``."""
    for y in range(low, high + 1):
        for x in range(low, high + 1):
            if x * x + y * y <= low * low:
                set_pixel(image, cx + x, cy + y, colour)


class _Pen:
    """Draws the four (or two) points of a step, shifted by the shear."""

    def __init__(self, image: Image, x: int, y: int, shear: tuple[float, float], colour: int, thickness: int) -> None:  # noqa: PLR0917  # as many as the camera's own function has
        self.image, self.x, self.y, self.colour = image, x, y, colour
        self.shear = shear
        self.low, self.high = -(thickness // 2), (thickness - 1) // 2

    def step(self, x: int, y: int, *, filled: bool) -> None:
        for side in (x, -x):
            shifted = self.y + math.floor(side * self.shear[1] / self.shear[0])
            if filled:
                for row in range(-y, y + 1):
                    set_pixel(self.image, self.x + side, shifted + row, self.colour)
            else:
                _dot(self.image, self.x + side, shifted + y, self.low, self.high, self.colour)
                _dot(self.image, self.x + side, shifted - y, self.low, self.high, self.colour)


def _sheared(pen: _Pen, width: int, height: int, *, filled: bool) -> None:
    a, b = width * width, height * height
    x, y = 0, height
    sigma = 2 * b + a * (1 - 2 * height)
    while b * x <= a * y:
        pen.step(x, y, filled=filled)
        if sigma >= 0:
            sigma += 4 * a * (1 - y)
            y -= 1
        sigma += b * (4 * x + 6)
        x += 1
    x, y = width, 0
    sigma = 2 * a + b * (1 - 2 * width)
    while a * y <= b * x:
        pen.step(x, y, filled=filled)
        if sigma >= 0:
            sigma += 4 * b * (1 - x)
            x -= 1
        sigma += a * (4 * y + 6)
        y += 1


def ellipse(  # noqa: PLR0917  # the camera's own arguments
    image: Image, cx: int, cy: int, rx: int, ry: int, rotation: int, colour: int, thickness: int, *, filled: bool
) -> None:
    """``imlib_draw_ellipse``."""
    rotation %= 180
    x_axis, y_axis = rx * 2, ry * 2
    if x_axis <= 0 or y_axis <= 0 or not (thickness > 0 or filled):
        return
    if x_axis == y_axis or rotation in (0, 90):
        if rotation == 90:
            x_axis, y_axis = y_axis, x_axis
        _sheared(_Pen(image, cx, cy, (1.0, 0.0), colour, thickness), x_axis // 2, y_axis // 2, filled=filled)
        return
    if rotation > 90:
        rotation -= 90
        x_axis, y_axis = y_axis, x_axis
    if rotation > 45:
        rotation -= 90
        x_axis, y_axis = y_axis, x_axis
    angle = math.radians(rotation)
    theta = math.atan(y_axis / x_axis * -math.tan(angle))
    dx = x_axis * math.cos(theta) * math.cos(angle) - y_axis * math.sin(theta) * math.sin(angle)
    dy = x_axis * math.cos(theta) * math.sin(angle) + y_axis * math.sin(theta) * math.cos(angle)
    wide = abs(dx)
    high = y_axis * x_axis / wide if wide else 0.0
    if dx:
        pen = _Pen(image, cx, cy, (dx, dy), colour, thickness)
        _sheared(pen, math.floor(wide / 2), math.floor(high / 2), filled=filled)


__all__ = ["ellipse"]
