"""``find_eye``: the pupil, by the gradients that point away from it (lib/imlib/eye.c)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from omvsim.image.arguments import Options, grayscale, tuples_only
from omvsim.image.arrays import PointerArray
from omvsim.later import np
from omvsim.micropython.types.tuple_ import new_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods
    from omvsim.image.pixels import Array
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

VECTOR: Final = 16
"""``sizeof(vec_t)``."""
STEEP: Final = 200
SPREAD: Final = 100
_SIDE: Final = 0.15
_TOP: Final = 0.40


def find_eye(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``find_eye``: each steep gradient costs a chunk until the end of the call."""
    image = grayscale(vm, args[0])
    if len(args) == 1 and not tuples_only(vm):
        vm.check_args(1, 0, 2, None, keywords=True)  # its region by name alone does not do
    if len(args) == 1 and "roi" not in dict(kwargs):
        vm.raise_type("'roi' argument required")
    x, y, width, height = Options(vm, args, kwargs, 1, ("roi",), positional=0).roi(image)
    left, top = int(np.float32(_SIDE) * width), int(np.float32(_TOP) * height)
    box = x + left, y + top, width - left, height - top
    grey: Array = np.asarray(image.rows()).astype(np.int64)
    found = PointerArray(vm)
    for vector in _gradients(grey, box):
        found.push(vector, vm.memory.block(VECTOR))
    number = 0
    usual = np.float32(sum(item[0][0] for item in found.items) / len(found.items)) if found.items else np.float32(0)
    while number < len(found.items):
        if abs(found.items[number][0][0] - usual) > SPREAD:
            _, block = found.items.pop(number)
            if block is not None:
                vm.memory.free(block)
        number += 1  # the one behind a removed one is passed over, as on the camera
    place = _iris(grey, [item for item, _ in found.items], box)
    found.free()
    return new_tuple(vm, place)


def _gradients(grey: Array, box: tuple[int, int, int, int]) -> list[tuple[float, float, float, int, int]]:
    """Length, direction and place of those longer than 200."""
    x0, y0, width, height = box
    found = []
    for y in range(y0, min(y0 + height - 3, grey.shape[0] - 2)):
        for x in range(x0, min(x0 + width - 3, grey.shape[1] - 2)):
            part = grey[y : y + 3, x : x + 3]
            columns, rows = part[:, 0] - part[:, 2], part[0] - part[2]
            vx, vy = int(columns[0] + 2 * columns[1] + columns[2]), int(rows[0] + 2 * rows[1] + rows[2])
            length = float(np.float32(math.sqrt(vx * vx + vy * vy)))
            if length > STEEP:
                found.append((length, vx / length, vy / length, x + 1, y + 1))
    return found


def _iris(grey: Array, vectors: Sequence[Sequence[float]], box: tuple[int, int, int, int]) -> tuple[int, int]:
    x0, y0, width, height = box
    if not vectors:
        return 0, 0
    _, vx, vy, cx, cy = (np.array(each, np.float64) for each in zip(*vectors, strict=True))
    best, place = 0.0, (0, 0)
    for y in range(y0, y0 + height):
        dx, dy = np.arange(x0, x0 + width)[:, None] - cx, y - cy
        length = np.hypot(dx, dy)
        dots = np.divide(dx * vx + dy * vy, length, out=np.zeros_like(length), where=length > 0)
        weights = (np.where(dots > 0, dots, 0) ** 2).sum(axis=1) * (255 - grey[y, x0 : x0 + width]) / len(vectors)
        at = int(weights.argmax())
        if weights[at] > best:
            best, place = float(weights[at]), (x0 + at, y)
    return place


METHODS: Methods = {"find_eye": (find_eye, 1)}

__all__ = ["METHODS"]
