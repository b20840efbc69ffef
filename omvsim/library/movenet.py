"""``MoveNet`` (from 5.0.0): each keypoint is the best cell of its heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import NOTHING, add_box, boxes_of, forced, is_empty, new_nms
from omvsim.library.landmarks import bounds
from omvsim.library.steps import HALF, Steps

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

MOVENET_STATE: Final = 144


def movenet(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    """``MoveNet.__call__``."""
    steps = Steps(vm)
    _, rows, cols, count = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 4))
    heat = steps.reshape(steps.item(outputs, 0), rows * cols, count)
    cells = steps.np("argmax", heat, axis=0)
    best = steps.np("max", heat, axis=0)
    found = steps.item(steps.np("nonzero", steps.more(best, steps.attr(self, "threshold"))), 0)
    if is_empty(steps, found) or forced(vm) == 0:
        return NOTHING
    row = steps.floordiv(cells, cols)
    col = steps.modulo(cells, cols)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    points = steps.np("empty", vm.new_tuple((count, 3)))
    for part, (cell, side, pixels) in enumerate(((col, cols, width), (row, rows, height))):
        place = steps.mul(steps.div(steps.add(cell, HALF), side), pixels)
        vm.set_subscr(points, vm.new_tuple((steps.slice(), part)), place)
        del place
    vm.set_subscr(points, vm.new_tuple((steps.slice(), 2)), best)
    chosen = steps.np("take", points, found, axis=0)
    score = steps.np("mean", steps.column(chosen, 2))
    box = bounds(steps, chosen)
    nms = new_nms(steps, width, height, inputs)
    add_box(steps, nms, 0, [*box, score], 0, keypoints=points)
    return steps.item(boxes_of(steps, self, nms), 0)


__all__ = ["MOVENET_STATE", "movenet"]
