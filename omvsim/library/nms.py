"""``ml.utils.NMS``: soft non-maximum suppression over boxes in the model's window.

Facts: openmv/openmv v4.5.6 to v4.7.0 ``scripts/libraries/ml/ml/utils.py``, v4.8.1 and v5.0.0 ``…/ml-core/ml/utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.functions import Code, LibraryFunction, rom_float
from omvsim.library.normalization import raise_constant
from omvsim.library.package import package_of
from omvsim.library.steps import ONE, ZERO, Steps
from omvsim.micropython.types.list_ import List
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.boards import Package
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

TENTH: Final = rom_float(0.1)
MINUS_ONE: Final = rom_float(-1.0)
IOU_STATE: Final = 60
MOST: Final = 1 << 14
"""Sums and products of numbers below this are small ints."""
SCORE, LABEL, KEYPOINTS = 4, 5, 6
"""Places in a box: x, y, width, height, score, label, keypoints."""


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    self, width, height, roi = values
    for name, value in (("window_w", width), ("window_h", height), ("roi", roi)):
        vm.set_attr(self, name, value)
    steps = Steps(vm)
    if any(steps.is_(BinaryOp.LESS, steps.item(roi, side), 1) for side in (2, 3)):
        raise_constant(vm, "ValueError", "Invalid ROI dimensions!")
    vm.set_attr(self, "boxes", vm.new_list(()))
    return None


def _add(vm: Machine, values: Sequence[Value]) -> Value:
    """``add_bounding_box``: corners are kept inside the window; a box without area does not count."""
    self, x_min, y_min, x_max, y_max, score, label, *keypoints = values
    del values
    steps = Steps(vm)
    if not (steps.is_(BinaryOp.MORE_EQUAL, score, ZERO) and steps.is_(BinaryOp.LESS_EQUAL, score, ONE)):
        return None

    def inside(corner: Value, side: str) -> Value:
        return steps.builtin("max", ZERO, steps.builtin("min", corner, vm.attr(self, side)))

    x_min, y_min = inside(x_min, "window_w"), inside(y_min, "window_h")
    x_max, y_max = inside(x_max, "window_w"), inside(y_max, "window_h")
    width = steps.builtin("int", steps.sub(x_max, x_min))
    height = steps.builtin("int", steps.sub(y_max, y_min))
    if steps.is_(BinaryOp.MORE, width, 0) and steps.is_(BinaryOp.MORE, height, 0):
        boxes = vm.attr(self, "boxes")
        left, top = steps.builtin("int", x_min), steps.builtin("int", y_min)
        vm.list_append(boxes, vm.new_list([left, top, width, height, score, label, *keypoints]))
    return None


# -- suppression -------------------------------------------------------------------------------------------------------


def _iou(vm: Machine, values: Sequence[Value]) -> Value:
    """Intersection over union of two boxes."""
    first, second = values
    steps = Steps(vm)
    known = _areas(vm, first, second)
    if known is not None:
        common_area, union_area = known
        return steps.div(steps.builtin("float", common_area), steps.builtin("float", union_area))

    def end(box: Value, start: int) -> Value:
        return steps.add(steps.item(box, start), steps.item(box, start + 2))

    left = steps.builtin("max", steps.item(first, 0), steps.item(second, 0))
    top = steps.builtin("max", steps.item(first, 1), steps.item(second, 1))
    right = steps.builtin("min", end(first, 0), end(second, 0))
    bottom = steps.builtin("min", end(first, 1), end(second, 1))
    width = steps.builtin("max", 0, steps.sub(right, left))
    height = steps.builtin("max", 0, steps.sub(bottom, top))
    common = steps.mul(width, height)
    areas = [steps.mul(steps.item(box, 2), steps.item(box, 3)) for box in (first, second)]
    union = steps.sub(steps.add(*areas), common)
    return steps.div(steps.builtin("float", common), steps.builtin("float", union))


def _areas(vm: Machine, first: Value, second: Value) -> tuple[int, int] | None:
    """What two boxes have in common and have together, where that takes small whole numbers only, which cost nothing.

    None where a script has its own ``max`` or ``min``, or a number is another one.
    """
    if vm.overrides or type(first) is not List or type(second) is not List:
        return None
    numbers = [each for each in (*first.items[:SCORE], *second.items[:SCORE]) if type(each) is int and abs(each) < MOST]
    if len(numbers) < 2 * SCORE:
        return None
    x, y, width, height, left, top, wide, high = numbers
    across = max(0, min(x + width, left + wide) - max(x, left))
    down = max(0, min(y + height, top + high) - max(y, top))
    return across * down, width * height + wide * high - across * down


def _score(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.subscr(values[0], SCORE)


def _is_left(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.binary(BinaryOp.MORE, vm.subscr(values[0], SCORE), ZERO)


def _score_of_numbered(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.subscr(vm.subscr(values[0], 1), SCORE)


IOU: Final = Code("iou", "box1 box2", _iou, IOU_STATE)
BY_SCORE: Final = Code("<lambda>", "x", _score)
IS_LEFT: Final = Code("<lambda>", "x", _is_left)
BY_SCORE_OF_NUMBERED: Final = Code("<lambda>", "x", _score_of_numbered)
LISTS: Final = Code("<listcomp>", "", lambda _vm, _values: None)


def _get(vm: Machine, values: Sequence[Value]) -> Value:
    """``get_bounding_boxes``: a list a class of (rectangle, score) or (rectangle, score, keypoints)."""
    self, threshold, sigma = values
    steps = Steps(vm)
    boxes = vm.attr(self, "boxes")
    left = steps.builtin("sorted", boxes, key=LibraryFunction(vm, BY_SCORE), reverse=True)
    decay: Value = ZERO
    if steps.is_(BinaryOp.MORE, sigma, ZERO):
        decay = steps.div(MINUS_ONE, sigma)
    iou = LibraryFunction(vm, IOU)
    kept, labels = _suppress(steps, left, iou, decay, threshold)
    del left, iou
    _map_back(steps, self, kept, package_of(vm))
    return _by_class(steps, kept, labels, package_of(vm))


def _suppress(steps: Steps, left: Value, iou: Value, decay: Value, threshold: Value) -> tuple[Value, Value]:
    """Take the best box, let the scores of those that overlap it decay, until none is left: boxes and highest label."""
    vm = steps.vm
    best: Value = 0
    kept = vm.new_list(())
    labels: Value = 0
    while vm.truth(vm.length(left)):
        box = steps.call(left, "pop", best)
        vm.list_append(kept, box)
        labels = steps.builtin("max", labels, steps.item(box, LABEL))
        for at in range(vm.length(left)):
            overlap = vm.call(iou, (box, steps.item(left, at)))
            _decay(steps, steps.item(left, at), overlap, decay, threshold)
            del overlap
        chosen = steps.builtin("filter", LibraryFunction(vm, IS_LEFT), left)
        left = steps.builtin("list", chosen)
        del chosen
        if vm.truth(vm.length(left)):
            numbered = steps.builtin("enumerate", left)
            first = steps.builtin("max", numbered, key=LibraryFunction(vm, BY_SCORE_OF_NUMBERED))
            del numbered
            best = steps.item(first, 0)
            del first
    return kept, labels


def _decay(steps: Steps, other: Value, overlap: Value, decay: Value, threshold: Value) -> None:
    vm = steps.vm
    power = steps.mul(steps.mul(decay, overlap), overlap)
    factor = vm.call(vm.attr(_math(vm), "exp"), (power,))
    vm.set_subscr(other, SCORE, steps.mul(steps.item(other, SCORE), factor))
    if steps.is_(BinaryOp.LESS, steps.item(other, SCORE), threshold):
        vm.set_subscr(other, SCORE, ZERO)


def _math(vm: Machine) -> Value:
    found = vm.modules.get("math")
    assert found is not None
    return found


# -- back into the picture ---------------------------------------------------------------------------------------------


def _map_back(steps: Steps, self: Value, kept: Value, package: Package) -> None:
    """From the model's window to the region of the picture that was drawn into it."""
    vm = steps.vm
    roi, window = vm.attr(self, "roi"), (vm.attr(self, "window_w"), vm.attr(self, "window_h"))
    scales = [steps.div(steps.item(roi, 2 + side), steps.builtin("float", window[side])) for side in (0, 1)]
    if package.keeps_aspect:
        scales = [steps.builtin("min", *scales)] * 2
    offsets = []
    for side in (0, 1):
        rest = steps.sub(steps.item(roi, 2 + side), steps.mul(window[side], scales[side]))
        offsets.append(steps.add(steps.div(rest, 2), steps.item(roi, side)))
    for at in range(vm.length(kept)):
        box = steps.item(kept, at)
        for place in range(4):
            number = steps.mul(steps.item(box, place), scales[place % 2])
            if place < 2:
                number = steps.add(number, offsets[place])
            vm.set_subscr(box, place, steps.builtin("int", number))
        if package.keypoints and steps.item(box, KEYPOINTS) is not None:
            _map_keypoints(steps, steps.item(box, KEYPOINTS), scales, offsets, package)


def _map_keypoints(
    steps: Steps, points: Value, scales: Sequence[Value], offsets: Sequence[Value], package: Package
) -> None:
    vm = steps.vm
    steps.at(package.keypoints_line)
    if not package.keeps_aspect:
        for side in (0, 1):
            moved = steps.add(steps.mul(steps.column(points, side), scales[side]), offsets[side])
            vm.set_subscr(points, vm.new_tuple((steps.slice(), side)), moved)
            del moved
        return
    vm.binary(BinaryOp.INPLACE_MULTIPLY, points, scales[0])
    for side in (0, 1):
        place = vm.new_tuple((steps.slice(), side))
        moved = vm.binary(BinaryOp.INPLACE_ADD, vm.subscr(points, place), offsets[side])
        vm.set_subscr(points, place, moved)
        del moved, place


def _by_class(steps: Steps, kept: Value, labels: Value, package: Package) -> Value:
    """A list of tuples a class."""
    vm = steps.vm
    comprehension = LibraryFunction(vm, LISTS)
    numbers = steps.builtin("range", steps.add(labels, 1))
    classes = vm.new_list(())
    for _ in range(vm.length(numbers)):
        vm.list_append(classes, vm.new_list(()))
    del numbers, comprehension
    for at in range(vm.length(kept)):
        box = steps.item(kept, at)
        rectangle = steps.item(box, steps.slice(0 if not package.keypoints else None, 4))
        if not package.keypoints:
            pair: Value = vm.new_tuple((rectangle, steps.item(box, SCORE)))
        else:
            found = vm.new_list((rectangle, steps.item(box, SCORE)))
            if steps.item(box, KEYPOINTS) is not None:
                vm.list_append(found, steps.item(box, KEYPOINTS))
            pair = steps.builtin("tuple", found)
            del found
        vm.list_append(steps.item(classes, steps.item(box, LABEL)), pair)
        del rectangle, pair
    return classes


def nms_codes(package: Package) -> tuple[Code, ...]:
    """Methods of the class."""
    corners = "self xmin ymin xmax ymax score label_index"
    add = (
        Code("add_bounding_box", f"{corners} keypoints", _add, package.add_box_state, (None,))
        if package.keypoints
        else Code("add_bounding_box", corners, _add, package.add_box_state)
    )
    get = Code("get_bounding_boxes", "self threshold sigma", _get, package.get_boxes_state, (TENTH, TENTH))
    return Code("__init__", "self window_w window_h roi", _init), add, get


__all__ = ["nms_codes"]
