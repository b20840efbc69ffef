"""``HandLandmarks`` and ``FaceLandmarks``: points of three numbers each, and the box around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import NOTHING, add_box, boxes_of, forced, new_nms
from omvsim.library.functions import rom_tuple
from omvsim.library.steps import HALF, Steps
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

HAND_STATE, FACE_STATE = 108, 104
FIRST: Final = rom_tuple(0, 0)
FIRST_OF_FOUR: Final = rom_tuple(0, 0, 0, 0)


def is_under(steps: Steps, score: Value, limit: Value) -> bool:
    """Whether a score is too low; what is forced decides first."""
    under = steps.is_(BinaryOp.LESS, score, limit)
    count = forced(steps.vm)
    return under if count is None else count == 0


def points_of(steps: Steps, values: Value) -> Value:
    """Numbers in a row to points of three."""
    vm = steps.vm
    count = vm.int_of(vm.length(values)) // 3
    points = steps.np("empty", vm.new_tuple((count, 3)))
    for part in range(3):
        every_third = steps.item(values, steps.slice(part, None, 3))
        place = vm.new_tuple((steps.slice(), part))
        vm.set_subscr(points, place, every_third)
        del every_third, place
    return points


def bounds(steps: Steps, points: Value) -> list[Value]:
    """Left, top, right and bottom of points."""
    return [steps.np(name, steps.column(points, side)) for name in ("min", "max") for side in (0, 1)]


def hand(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    """``HandLandmarks``: score in output 2, points in output 3, left or right in output 0."""
    steps = Steps(vm)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    nms = new_nms(steps, width, height, inputs)
    score = steps.item(steps.item(outputs, 2), FIRST)
    if is_under(steps, score, steps.attr(self, "threshold")):
        return NOTHING
    values = steps.row(steps.item(outputs, 3), 0)
    points = points_of(steps, values)
    box = bounds(steps, points)
    side = steps.more(steps.item(steps.item(outputs, 0), FIRST), HALF)
    add_box(steps, nms, 0, [*box, score], side, keypoints=points)
    return boxes_of(steps, self, nms)


def face(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    """``FaceLandmarks``: score in output 1, points in output 0."""
    steps = Steps(vm)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    nms = new_nms(steps, width, height, inputs)
    score = steps.named("sigmoid", steps.item(steps.item(outputs, 1), FIRST_OF_FOUR))
    if is_under(steps, score, steps.attr(self, "threshold")):
        return NOTHING
    output = steps.item(outputs, 0)
    values = vm.subscr(output, vm.new_tuple((0, 0, 0, steps.slice())))
    points = points_of(steps, values)
    box = bounds(steps, points)
    add_box(steps, nms, 0, [*box, score], 0, keypoints=points)
    return steps.item(boxes_of(steps, self, nms), 0)


__all__ = ["FACE_STATE", "HAND_STATE", "bounds", "face", "hand", "is_under", "points_of"]
