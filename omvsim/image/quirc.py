"""Whether quirc sees what may be a finder pattern (lib/imlib/qrcode.c): only then it fills a region, which takes all.

A picture is made black and white by a running mean in both directions; black, white, black, white, black runs of about
1 : 1 : 3 : 1 : 1 that end beside a black pixel may be a finder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.image.pixels import Array

SPAN: Final = 8
PER_CENT: Final = 5
RUNS: Final = (1, 1, 3, 1, 1)


def black_and_white(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """``threshold``: True is black. Two means run along each row, one from each end; they go on in the next row."""
    height, width = grey.shape
    span = max(width // SPAN, 1)
    keep = 32768 * (span - 1) // span
    share = 0x100000 * (100 - PER_CENT) // (200 * span)
    made = np.zeros(grey.shape, bool)
    towards, away = 0, 0
    for y in range(height):
        row = [int(value) for value in grey[y]]
        mean = [0] * width
        for x in range(width):
            w, u = (x, width - 1 - x) if y & 1 else (width - 1 - x, x)
            towards = (towards * keep >> 15) + row[w]
            away = (away * keep >> 15) + row[u]
            mean[w] += towards
            mean[u] += away
        made[y] = [value < average * share >> 20 for value, average in zip(row, mean, strict=True)]
    return made


def sees_a_finder(grey: Array) -> bool:
    """``finder_scan`` of every row, up to the first pattern whose neighbour is black."""
    black = black_and_white(grey)
    return any(_in_row(row) for row in black)


def _in_row(row: NDArray[np.bool_]) -> bool:
    changes = np.nonzero(row[1:] != row[:-1])[0] + 1
    if changes.size < len(RUNS):
        return False
    lengths = np.diff(changes, prepend=0)
    for at in range(len(RUNS) - 1, changes.size):
        x = int(changes[at])
        if row[x]:
            continue
        runs = [int(length) for length in lengths[at - len(RUNS) + 1 : at + 1]]
        average = (runs[0] + runs[1] + runs[3] + runs[4]) // 4
        slack = average * 3 // 4
        alike = all(
            want * average - slack <= run <= want * average + slack for want, run in zip(RUNS, runs, strict=True)
        )
        if alike and (row[x - runs[4]] or row[x - sum(runs)]):
            return True
    return False


__all__ = ["black_and_white", "sees_a_finder"]
