"""``get_similarity``: structural likeness of squares of 8 x 8 (lib/imlib/stats.c).

In the last row of squares the camera divides by a single line's pixels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image import draw_image, fmath, formats, pixels
from omvsim.image.arguments import mutable, parsed
from omvsim.image.fmath import fused, single
from omvsim.image.lineops import NAMES, drawing_of
from omvsim.image.scratch import scratch
from omvsim.image.statistics import similarity_of
from omvsim.later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods
    from omvsim.image.pixels import Array
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

BLOCK: Final = 8
"""Side of a square."""


def get_similarity(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``get_similarity``."""
    image = mutable(vm, args[0])
    given = parsed(vm, args[1:], kwargs, (*NAMES[:11], "dssim"), 1, 3)
    for name in ("x", "y", "rgb_channel", "alpha", "hint"):
        if name in given:
            given[name] = vm.int_of(given[name])
    with scratch(vm) as work:
        source, how, _ = drawing_of(vm, image, given)
        how.hint |= draw_image.BLACK
        held = [work.alloc(-(-image.width // BLOCK) * 20), work.line(image.line_size)]
        before: Array = np.array(draw_image.values_of(image))
        target = draw_image.Target(image.width, image.height, image.code, before.copy())
        how.same = False
        draw_image.draw(work, target, source, how)
        if image.code == formats.RGB565:
            before, after = pixels.luma(before), pixels.luma(target.values)
        else:
            after = target.values
        found = likeness(before, after, 1 if image.code == formats.BINARY else 255)
        if work.fb is None:
            for address in reversed(held):
                work.free(address)
    return similarity_of(vm, summed(found, unlike=vm.truth(given.get("dssim", False))))


def likeness(before: Array, after: Array, most: int) -> list[float]:
    """Of each square, row by row, from -1 to 1."""
    height, width = before.shape
    c1, c2 = (single(single(most * single(part)) ** 2) for part in (0.01, 0.03))
    a, b = before.astype(np.int64), after.astype(np.int64)
    rows, columns = range(0, height, BLOCK), range(0, width, BLOCK)
    sums = [
        np.add.reduceat(np.add.reduceat(part, rows, axis=0), columns, axis=1) for part in (a, b, a * a, b * b, a * b)
    ]
    found = []
    for y in range(len(rows)):
        lines = 1 if y == len(rows) - 1 else BLOCK
        for x, left in enumerate(columns):
            size = min(width - left, BLOCK) * lines
            found.append(_square([int(part[y, x]) for part in sums], size, c1, c2))
    return found


def _square(sums: Sequence[int], size: int, c1: float, c2: float) -> float:
    """From the sums of both, of their squares and of their product."""
    one, two, one_2, two_2, both = (single(each) for each in sums)
    mx, my = single(one / size), single(two / size)
    vx = fused(-single(size * mx), mx, one_2)
    vy = fused(-single(size * my), my, two_2)
    vxy = fused(-single(size * mx), my, both)
    top = single(fused(2 * mx, my, c1) * fused(2, vxy, c2))
    bottom = single(single(fused(mx, mx, single(my * my)) + c1) * single(single(vx + vy) + c2))
    return single(top / bottom) if bottom else math.copysign(math.inf, top)


def summed(found: Sequence[float], *, unlike: bool) -> list[float]:
    """Average, deviation, least and largest."""
    total = squares = 0.0
    numbers = [single(single(1 - each) / 2) for each in found] if unlike else list(found)
    for each in numbers:
        total, squares = single(total + each), fused(each, each, squares)
    mean = single(total / len(numbers))
    spread = fused(-mean, mean, single(squares / len(numbers)))
    return [mean, fmath.sqrt(spread) if spread > 0 else 0.0, min(numbers), max(numbers)]


METHODS: Methods = {"get_similarity": (get_similarity, 1)}

__all__ = ["METHODS", "likeness", "summed"]
