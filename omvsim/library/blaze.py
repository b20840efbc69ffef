"""``BlazeFace`` and ``BlazePalm``: anchors filled in one by one, two pairs of output tensors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import (
    TENTH,
    add_box,
    boxes_of,
    call_code,
    count_of,
    force_scores,
    forced,
    is_empty,
    new_nms,
    scaled_corners,
)
from omvsim.library.functions import CLASS, Code, LibraryFunction, NewList, rom_float, rom_tuple
from omvsim.library.steps import HALF, Steps
from omvsim.micropython.values import BinaryOp
from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


class Blaze(NamedTuple):
    """A detector: cells a side and anchors a cell of its grids, and its tensors of scores and coordinates."""

    grid: tuple[tuple[int, int], ...]
    scores: tuple[int, ...]
    cords: tuple[int, ...]


DETECTORS: Final = {
    "BlazeFace": Blaze(((16, 2), (8, 6)), (1, 2), (0, 3)),
    "BlazePalm": Blaze(((24, 2), (12, 6)), (0,), (1,)),
}
INIT_STATE, CALL_STATE, PAIR_STATE, BLAZE_INIT_STATE = 124, 96, 200, 88
GENERATOR: Final = 64
"""The generator of the sum: its frame on the heap (``n_state`` 9 and 28 bytes of header)."""
KEYPOINTS: Final = 4
"""The first column of keypoints: before it middle and size."""
SIX_TENTHS: Final = rom_float(0.6)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    self, threshold, anchors, grid, scores, cords, nms_threshold, nms_sigma = values
    for name, value in (("threshold", threshold), ("anchors", anchors), ("scores", scores), ("cords", cords)):
        vm.set_attr(self, name, value)
    if vm.attr(self, "anchors") is None:
        _fill(Steps(vm), self, grid)
    for name, value in (("nms_threshold", nms_threshold), ("nms_sigma", nms_sigma)):
        vm.set_attr(self, name, value)
    return None


SUM: Final = Code("<genexpr>", "", lambda _vm, _values: None)


def _total(steps: Steps, grid: Value) -> Value:
    """``sum((g * g) * d for g, d in grid)``: a generator over an iterator of the list."""
    vm = steps.vm
    fun = LibraryFunction(vm, SUM)
    iterator = vm.iterate(grid, on_stack=False)
    generator = vm.memory.block(GENERATOR)
    total: Value = 0
    for pair in vm.items(grid):
        side, each = vm.unpack(pair, 2)
        total = steps.add(total, steps.mul(steps.mul(side, side), each))
    del fun, iterator, generator
    return total


def _fill(steps: Steps, self: Value, grid: Value) -> None:
    """The middle of every cell, once an anchor: each store makes a tuple, a view and a copy."""
    vm = steps.vm
    count = _total(steps, grid)
    vm.set_attr(self, "anchors", steps.np("empty", vm.new_tuple((count, 2))))
    number = 0
    for pair in vm.items(grid):
        size, each = (vm.int_of(part) for part in vm.unpack(pair, 2))
        for row in range(size):
            y = steps.div(steps.add(row, HALF), size)
            for col in range(size):
                x = steps.div(steps.add(col, HALF), size)
                for _ in range(each):
                    anchors = vm.attr(self, "anchors")
                    vm.set_subscr(anchors, vm.new_tuple((number, 0)), x)
                    vm.set_subscr(anchors, vm.new_tuple((number, 1)), y)
                    number += 1


def _call(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    nms = new_nms(steps, width, height, inputs)
    first = steps.item(steps.attr(steps.item(outputs, 0), "shape"), 1)
    _pair(steps, self, (height, width, nms, model, inputs, outputs), 0, (None, first))
    if steps.is_(BinaryOp.LESS, first, vm.length(vm.attr(self, "anchors"))):
        _pair(steps, self, (height, width, nms, model, inputs, outputs), 1, (first, None))
    return steps.item(boxes_of(steps, self, nms), 0)


def _pair(steps: Steps, self: Value, given: Sequence[Value], at: int, rows: tuple[Value, Value]) -> None:
    scores = steps.item(steps.attr(self, "scores"), at)
    cords = steps.item(steps.attr(self, "cords"), at)
    limit = steps.attr(self, "threshold")
    anchors = steps.item(steps.attr(self, "anchors"), steps.slice(*rows))
    steps.call(self, "detection_post_process", *given, scores, cords, limit, anchors)


def _detect(vm: Machine, values: Sequence[Value]) -> Value:
    """``detection_post_process``: one pair of tensors."""
    _, height, width, nms, model, _, outputs, scores_at, cords_at, limit, anchors = values
    del values
    steps = Steps(vm)
    score_index, cord_index = vm.int_of(scores_at), vm.int_of(cords_at)
    shape = [steps.whole(number) for number in steps.numbers(model, "output_shape", score_index, 3)]
    scale = steps.item(steps.attr(model, "output_scale"), scores_at)
    limit = steps.named("quantize", model, steps.named("logit", limit), index=scores_at)
    table = steps.reshape(steps.item(outputs, scores_at), shape[0] * shape[1] * shape[2])
    _force(steps, nms, table, limit)
    found = steps.named("threshold", table, limit, scale)
    if is_empty(steps, found):
        return None
    scores = steps.np("take", table, found, axis=0)
    scores = steps.named("sigmoid", steps.named("dequantize", model, scores, index=scores_at))
    depth, rows, columns = (steps.whole(number) for number in steps.numbers(model, "output_shape", cord_index, 3))
    cords = steps.reshape(steps.item(outputs, cords_at), depth * rows, columns)
    boxes = steps.named("dequantize", model, steps.np("take", cords, found, axis=0), index=cords_at)
    chosen = steps.np("take", anchors, found, axis=0)
    keypoints, corners = _decode(steps, boxes, chosen, (width, height), columns)
    for number in range(count_of(steps, boxes)):
        box = [*(steps.item(corner, number) for corner in corners), steps.item(scores, number)]
        add_box(steps, nms, number, box, 0, keypoints=steps.item(keypoints, number))
    return None


def _force(steps: Steps, nms: Value, table: Value, limit: Value) -> None:
    """What is forced is all in the first pair."""
    count = forced(steps.vm)
    if count is not None:
        made = steps.vm.length(steps.attr(nms, "boxes"))
        force_scores(steps.vm, table, limit, most=count - steps.vm.int_of(made))


def _decode(
    steps: Steps, boxes: Value, anchors: Value, size: tuple[Value, Value], columns: int
) -> tuple[Value, list[Value]]:
    """Keypoints and corners in the window's pixels."""
    vm = steps.vm
    centre = [steps.column(anchors, side) for side in (0, 1)]
    middle = [steps.add(steps.div(steps.column(boxes, side), size[side]), centre[side]) for side in (0, 1)]
    half = [steps.mul(steps.div(steps.column(boxes, 2 + side), size[side]), HALF) for side in (0, 1)]
    count = count_of(steps, boxes)
    keypoints = steps.np("empty", vm.new_tuple((count, (columns - KEYPOINTS) // 2, 2)))
    for side in (0, 1):
        scaled = steps.div(steps.columns(boxes, KEYPOINTS + side, 2), size[side])
        offset = steps.reshape(centre[side], count, 1)
        moved = steps.mul(steps.add(scaled, offset), size[side])
        del scaled, offset
        place = vm.new_tuple((steps.slice(), steps.slice(), side))
        vm.set_subscr(keypoints, place, moved)
        del moved, place
    return keypoints, scaled_corners(steps, middle, half, size)


def detector_codes() -> tuple[Code, ...]:
    """Methods of the class that both are made of."""
    init = Code(
        "__init__",
        "self threshold anchors anchor_grid scores cords nms_threshold nms_sigma",
        _init,
        INIT_STATE,
        (SIX_TENTHS, None, None, NewList(), NewList(), TENTH, TENTH),
    )
    pair = Code(
        "detection_post_process",
        "self ih iw nms model inputs outputs score_idx cords_idx t anchors",
        _detect,
        PAIR_STATE,
    )
    return init, call_code(_call, CALL_STATE), pair


def _init_blaze(detector: Blaze, vm: Machine, values: Sequence[Value]) -> Value:
    """Lists of the grids and the tensors, then the base's constructor."""
    cell, self, threshold, anchors, nms_threshold, nms_sigma = values
    del values
    grid = vm.new_list([rom_tuple(*pair) for pair in detector.grid])
    scores, cords = vm.new_list(detector.scores), vm.new_list(detector.cords)
    base = cell.value.bases[0]  # type: ignore[union-attr]  # the cell of the class
    named = (
        ("threshold", threshold),
        ("anchors", anchors),
        ("anchor_grid", grid),
        ("scores", scores),
        ("cords", cords),
        ("nms_threshold", nms_threshold),
        ("nms_sigma", nms_sigma),
    )
    vm.call(base.members.found["__init__"].value, (self,), named)
    return None


def blaze_codes() -> dict[str, Code]:
    """Constructors by class."""
    defaults = (SIX_TENTHS, None, TENTH, TENTH)
    arguments = f"{CLASS} self threshold anchors nms_threshold nms_sigma"
    return {
        name: Code("__init__", arguments, partial(_init_blaze, detector), BLAZE_INIT_STATE, defaults)
        for name, detector in DETECTORS.items()
    }


__all__ = ["blaze_codes", "detector_codes"]
