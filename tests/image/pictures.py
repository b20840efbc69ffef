"""A picture of 160 × 120 that is drawn here: shapes, lines and a small code on a slope of brightness. The measured
calls ran on it.
"""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT = 160, 120
SCALE = WIDTH / 320
WEIGHTS = [77, 150, 29]
"""Of red, green and blue in the grey picture, in 256ths."""


class Scene:
    """The drawing; coordinates are those of a picture of 320 × 240."""

    def __init__(self) -> None:
        self.y, self.x = np.mgrid[0:HEIGHT, 0:WIDTH]
        self.pixels = np.zeros((HEIGHT, WIDTH, 3), np.int32)
        self.pixels[..., 0] = 40 + self.x * 40 // WIDTH
        self.pixels[..., 1] = 50 + self.y * 40 // HEIGHT
        self.pixels[..., 2] = 60

    def disc(self, x: int, y: int, radius: int, colour: tuple[int, int, int]) -> None:
        inside = (self.x - x * SCALE) ** 2 + (self.y - y * SCALE) ** 2 <= (radius * SCALE) ** 2
        self.pixels[inside] = colour

    def box(self, x: int, y: int, width: int, height: int, colour: tuple[int, int, int]) -> None:
        rows = slice(int(y * SCALE), int((y + height) * SCALE))
        self.pixels[rows, int(x * SCALE) : int((x + width) * SCALE)] = colour

    def line(self, ends: tuple[int, int, int, int], colour: tuple[int, int, int], thickness: int = 2) -> None:
        x0, y0, x1, y1 = ends
        steps = int(max(abs(x1 - x0), abs(y1 - y0)) * SCALE) + 1
        half = max(1, int(thickness * SCALE)) // 2
        for step in range(steps + 1):
            x = int((x0 + (x1 - x0) * step / steps) * SCALE)
            y = int((y0 + (y1 - y0) * step / steps) * SCALE)
            self.pixels[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1] = colour


def scene() -> np.ndarray:
    """Rows of red, green, blue."""
    drawn = Scene()
    drawn.disc(60, 60, 25, (230, 40, 40))
    drawn.disc(140, 50, 15, (40, 220, 60))
    drawn.disc(60, 180, 18, (240, 240, 240))
    drawn.box(190, 20, 50, 40, (40, 60, 230))
    drawn.box(250, 90, 40, 60, (240, 230, 40))
    drawn.box(120, 110, 60, 50, (250, 250, 250))
    drawn.box(128, 118, 44, 34, (60, 60, 60))
    drawn.line((10, 110, 100, 150), (255, 255, 255))
    drawn.line((110, 230, 300, 170), (255, 255, 255), 3)
    drawn.line((300, 10, 300, 70), (10, 10, 10), 3)
    drawn.box(200, 180, 60, 40, (235, 235, 235))
    drawn.box(204, 184, 52, 32, (30, 30, 30))
    drawn.disc(30, 220, 10, (200, 30, 200))
    for row in range(8):
        for column in range(8):
            dark = (row * 7 + column * 3 + row * column) % 3 == 0
            drawn.box(150 + column * 4, 180 + row * 4, 4, 4, (0, 0, 0) if dark else (255, 255, 255))
    return drawn.pixels.astype(np.uint8)


def files() -> dict[str, bytes]:
    """The picture as the camera had it on its disk, in colour and in grey."""
    colour = scene()
    grey = ((colour.astype(int) * WEIGHTS).sum(2) >> 8).astype(np.uint8)
    size = b"%d %d\n255\n" % (WIDTH, HEIGHT)
    return {"scene.ppm": b"P6\n" + size + colour.tobytes(), "scene.pgm": b"P5\n" + size + grey.tobytes()}
