"""The flood fill of ``find_blobs`` (lib/imlib/blob.c): runs of pixels as the camera comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.later import np
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.image.pixels import Array


class Run(NamedTuple):
    """Pixels beside one another."""

    y: int
    left: int
    right: int


class Filler:
    """Fills components of one threshold on a picture, run by run.

    ``rows`` has a byte for each pixel of a row: 1 where it is wanted and not taken, 0 outside the region; ``bare`` has
    1 where a pixel is not wanted and nothing before has taken it. ``deepest`` runs at most wait while others are looked
    at (what the scratch memory holds).
    """

    def __init__(self, ok: Array, taken: Array, roi: tuple[int, int, int, int], deepest: int) -> None:
        self.top, self.bottom, self.deepest = roi[1], roi[1] + roi[3] - 1, deepest
        inside = np.zeros(ok.shape, np.uint8)
        region = slice(self.top, self.bottom + 1), slice(roi[0], roi[0] + roi[2])
        inside[region] = ok[region] & ~taken[region]
        self.rows = [bytearray(row.tobytes()) for row in inside]
        self.bare = [row.tobytes() for row in (~ok & ~taken).astype(np.uint8)]
        self._inside = inside

    def taken(self) -> Array:
        """Which pixels belong to what was filled."""
        left = np.frombuffer(b"".join(self.rows), np.uint8).reshape(self._inside.shape)
        return (self._inside - left).astype(bool)

    def starts(self, y: int, first: int, step: int) -> Iterator[int]:
        """Columns of a row at which something is wanted that nothing before has taken."""
        row = self.rows[y]
        x = row.find(1, first)
        while x >= 0:
            if (x - first) % step == 0:
                yield x
                x += 1
            else:
                x += step - (x - first) % step
            x = row.find(1, x)

    def fill(self, x: int, y: int) -> tuple[list[Run], int]:
        """Runs of the component at a pixel, and its perimeter as the camera counts it.

        Whenever the search comes back to a run from below, what is bare above it counts once more.
        """
        runs: list[Run] = []
        waiting: list[tuple[int, int, int, int, int]] = []
        perimeter = 0
        while True:
            y, left, right = run = self._take(x, y)
            runs.append(run)
            perimeter += 2
            above = below = left
            while True:
                if len(waiting) >= self.deepest:
                    perimeter += 2 * (right - left + 1)
                else:
                    at, bare = self._look(y - 1, y > self.top, run, above)
                    perimeter += bare
                    if at >= 0:
                        waiting.append((*run, at + 1, below))
                        x, y = at, y - 1
                        break
                    at, bare = self._look(y + 1, y < self.bottom, run, below)
                    perimeter += bare
                    if at >= 0:
                        waiting.append((*run, above, at + 1))
                        x, y = at, y + 1
                        break
                if not waiting:
                    return runs, perimeter
                y, left, right, above, below = waiting.pop()
                run = Run(y, left, right)

    def _take(self, x: int, y: int) -> Run:
        row = self.rows[y]
        left, right = row.rfind(0, 0, x) + 1, row.find(0, x) - 1
        if right < 0:
            right = len(row) - 1
        row[left : right + 1] = bytes(right + 1 - left)
        return Run(y, left, right)

    def _look(self, y: int, inside: bool, run: Run, first: int) -> tuple[int, int]:
        """The first pixel beside a run that belongs too (or -1), and what of the perimeter lies before it."""
        if not inside:
            return -1, run.right - run.left + 1
        at = self.rows[y].find(1, first, run.right + 1)
        end = at if at >= 0 else run.right
        return at, self.bare[y].count(1, max(first, run.left + 1), end)


__all__ = ["Filler", "Run"]
