"""Corners on circles of pixels: FAST (9 of 16) and AGAST (5 of 8), with suppression of all but the strongest.

A corner has so many neighbours in a row on its circle that are all brighter, or all darker, by more than the threshold;
its score is the largest threshold at which it still is one. Rules: lib/imlib/{fast,agast}.c at v4.8.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.records import dataclass

if TYPE_CHECKING:
    from omvsim.image.arguments import Roi
    from omvsim.image.pixels import Array

MOST: Final = 2000
"""``MAX_CORNERS``: where there is room for all, the search ends at that many."""
CORNER_BYTES: Final = 6
BEST: Final = 254
"""A score is searched for between the threshold and 255, which is none."""
_WIDE: Final = (
    *((0, 3), (1, 3), (2, 2), (3, 1), (3, 0), (3, -1), (2, -2), (1, -3)),
    *((0, -3), (-1, -3), (-2, -2), (-3, -1), (-3, 0), (-3, 1), (-2, 2), (-1, 3)),
)
_NARROW: Final = ((-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1))


@dataclass(frozen=True)
class Detector:
    """A circle of neighbours around a pixel, in order; how many in a row; how far in from the edges of the region."""

    circle: tuple[tuple[int, int], ...]
    run: int
    border: int


FAST: Final = Detector(_WIDE, 9, 3)
AGAST: Final = Detector(_NARROW, 5, 1)


@dataclass(frozen=True)
class Corner:
    """Where, and how strong."""

    x: int
    y: int
    score: int


def detected(grey: Array, area: Roi, threshold: int, detector: Detector, most: int = MOST) -> list[Corner]:
    """Corners of a region in the order of the rows; ``most`` of them."""
    x0, y0, width, height = area
    left, top = x0 + detector.border, y0 + detector.border
    right, bottom = x0 + width - detector.border, y0 + height - detector.border
    if right <= left or bottom <= top:
        return []
    values = grey.astype(np.int16)
    centre = values[top:bottom, left:right]
    around = np.stack([values[top + dy : bottom + dy, left + dx : right + dx] - centre for dx, dy in detector.circle])
    strength = np.maximum(_arc(around, detector.run), _arc(-around, detector.run)) - 1
    rows, columns = np.nonzero(strength >= threshold)
    return [
        Corner(left + int(x), top + int(y), min(int(strength[y, x]), BEST))
        for y, x in zip(rows[:most], columns[:most], strict=True)
    ]


def _arc(around: Array, run: int) -> Array:
    """The largest difference that ``run`` neighbours in a row all reach."""
    twice = np.concatenate([around, around[: run - 1]])
    found: Array = np.stack([twice[at : at + run].min(axis=0) for at in range(len(around))]).max(axis=0)
    return found


def strongest(corners: list[Corner]) -> list[Corner]:
    """Those that have no neighbour as strong; the camera's two pointers into the rows above and below included."""
    rows: dict[int, int] = {}
    for number, corner in enumerate(corners):
        rows.setdefault(corner.y, number)
    above = below = 0
    found = []
    for number, corner in enumerate(corners):
        lost = _beside(corners, number)
        if not lost and corner.y - 1 in rows:
            if corners[above].y < corner.y - 1:
                above = rows[corner.y - 1]
            while corners[above].y < corner.y and corners[above].x < corner.x - 1:
                above += 1
            lost = _beaten(corners, above, corner, corner.y - 1)
        if not lost and corner.y + 1 in rows and below < len(corners):
            if corners[below].y < corner.y + 1:
                below = rows[corner.y + 1]
            while below < len(corners) and corners[below].y == corner.y + 1 and corners[below].x < corner.x - 1:
                below += 1
            lost = _beaten(corners, below, corner, corner.y + 1)
        if not lost:
            found.append(corner)
    return found


def _beside(corners: list[Corner], number: int) -> bool:
    corner = corners[number]
    for at, x in ((number - 1, corner.x - 1), (number + 1, corner.x + 1)):
        if 0 <= at < len(corners):
            other = corners[at]
            if other.y == corner.y and other.x == x and other.score >= corner.score:
                return True
    return False


def _beaten(corners: list[Corner], at: int, corner: Corner, row: int) -> bool:
    while at < len(corners) and corners[at].y == row and corners[at].x <= corner.x + 1:
        if corners[at].x >= corner.x - 1 and corners[at].score >= corner.score:
            return True
        at += 1
    return False


__all__ = ["AGAST", "CORNER_BYTES", "FAST", "MOST", "Corner", "Detector", "detected", "strongest"]
