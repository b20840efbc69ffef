"""``ml/postprocessing.py`` of 4.6.0 to 4.7.0: one module of classes on float copies of the outputs.

Facts: openmv/openmv v4.6.20 and v4.7.0 ``scripts/libraries/ml/ml/postprocessing.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import (
    NOTHING,
    add_centred,
    boxes_of,
    call_code,
    count_of,
    force_scores,
    init_code,
    is_empty,
    new_nms,
)
from omvsim.library.functions import CLASS, Code, LibraryFunction, library_body, rom_float
from omvsim.library.package import package_of
from omvsim.library.steps import Steps
from omvsim.library.ultralytics import v5_boxes, v8_boxes
from omvsim.library.utils import MOD, SIGMOID
from omvsim.library.yolo_v2 import ARGUMENTS, DEFAULTS, SOFTMAX, V2_ANCHORS, anchors_array, init_lc
from omvsim.micropython.errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

V2_INIT_STATE, LC_INIT_STATE, V2_STATE, PLAIN_STATE, FOMO_STATE = 52, 56, 168, 152, 132
SCORE, FIRST_CLASS, V8_FIRST_CLASS = 4, 5, 4
FOUR_TENTHS: Final = rom_float(0.4)
WHOLE: Final = 255


def _init_v2(vm: Machine, values: Sequence[Value]) -> Value:
    self, threshold, anchors, nms_threshold, nms_sigma = values
    vm.set_attr(self, "threshold", threshold)
    vm.set_attr(self, "anchors", anchors)
    if vm.attr(self, "anchors") is None:
        vm.set_attr(self, "anchors", anchors_array(Steps(vm), V2_ANCHORS))
    vm.set_attr(self, "anchors_len", vm.length(vm.attr(self, "anchors")))
    vm.set_attr(self, "nms_threshold", nms_threshold)
    vm.set_attr(self, "nms_sigma", nms_sigma)
    return None


def _over(steps: Steps, self: Value, scores: Value) -> Value:
    """Places of the scores over the threshold. That 4.6 looks whether it got a tuple of them costs nothing."""
    return steps.item(steps.np("nonzero", steps.more(scores, steps.attr(self, "threshold"))), 0)


def _v2(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    _, rows, cols, channels = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 4))
    anchors = steps.whole(steps.attr(self, "anchors_len"))
    sigmoid, mod, softmax = (LibraryFunction(vm, code) for code in (SIGMOID, MOD, SOFTMAX))
    table = steps.reshape(steps.item(outputs, 0), rows * cols * anchors, channels // anchors)
    raw = steps.column(table, SCORE)
    force_scores(vm, raw, steps.attr(self, "threshold"))
    scores = vm.call(sigmoid, (raw,))
    del raw
    found = _over(steps, self, scores)
    if is_empty(steps, found):
        return NOTHING
    boxes = steps.np("take", table, found, axis=0)
    row = steps.floordiv(found, cols * anchors)
    col = vm.call(mod, (steps.floordiv(found, anchors), cols))
    sides = steps.np("take", steps.attr(self, "anchors"), vm.call(mod, (found, anchors)), axis=0)
    scores = vm.call(sigmoid, (steps.column(boxes, SCORE),))
    classes = steps.np("argmax", vm.call(softmax, (steps.columns(boxes, FIRST_CLASS),)), axis=1)
    x = steps.div(steps.add(col, vm.call(sigmoid, (steps.column(boxes, 0),))), cols)
    y = steps.div(steps.add(row, vm.call(sigmoid, (steps.column(boxes, 1),))), rows)
    wide = steps.div(steps.mul(steps.column(sides, 0), steps.np("exp", steps.column(boxes, 2))), cols)
    high = steps.div(steps.mul(steps.column(sides, 1), steps.np("exp", steps.column(boxes, 3))), rows)
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    x, y = steps.mul(x, width), steps.mul(y, height)
    wide, high = steps.mul(wide, width), steps.mul(high, height)
    nms = new_nms(steps, width, height, inputs)
    count = _count(steps, boxes)
    add_centred(steps, nms, count, (x, y, wide, high), scores, classes)
    return boxes_of(steps, self, nms)


def _count(steps: Steps, boxes: Value) -> int:
    """``len(bb)`` in 4.6, ``bb.shape[0]`` in 4.7."""
    if package_of(steps.vm).nonzero_may_be_tuple:
        return steps.vm.int_of(steps.vm.length(boxes))
    return count_of(steps, boxes)


def _v5(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    depth, rows, channels = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 3))
    table = steps.reshape(steps.item(outputs, 0), depth * rows, channels)
    scores = steps.column(table, SCORE)
    force_scores(vm, scores, steps.attr(self, "threshold"))
    found = _over(steps, self, scores)
    if is_empty(steps, found):
        return NOTHING
    return v5_boxes(steps, self, model, inputs, steps.np("take", table, found, axis=0))


def _v8(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    depth, rows, count = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 3))
    table = steps.reshape(steps.item(outputs, 0), depth * rows, count)
    rated = steps.rows(table, V8_FIRST_CLASS)
    force_scores(vm, rated, steps.attr(self, "threshold"), axis=0)
    scores = steps.np("max", rated, axis=0)
    del rated
    found = _over(steps, self, scores)
    if is_empty(steps, found):
        return NOTHING
    return v8_boxes(steps, self, model, inputs, steps.np("take", table, found, axis=1))


def _init_fomo(vm: Machine, values: Sequence[Value]) -> Value:
    self, threshold = values
    steps = Steps(vm)
    math = vm.modules.get("math")
    assert math is not None
    lowest = vm.call(vm.attr(math, "ceil"), (steps.mul(threshold, WHOLE),))
    pair = vm.new_tuple((lowest, WHOLE))
    vm.set_attr(self, "threshold_list", vm.new_list((pair,)))
    return None


def _fomo(_vm: Machine, _self: Value, _model: Value, _inputs: Value, _outputs: Value) -> Value:
    raise Unknown("ml.postprocessing.fomo_postprocess", "it looks for blobs in pictures made of the outputs")


def statements(body: Body) -> None:
    """``ml/postprocessing.py``."""
    body = library_body(body)
    package = package_of(body.vm)

    body.import_("math", "image")
    body.from_import("ml.utils", "NMS")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    fomo_init = Code("__init__", "self threshold", _init_fomo, 0, (FOUR_TENTHS,))
    body.define_class("fomo_postprocess", fomo_init, call_code(_fomo, FOMO_STATE))
    v2_init = Code("__init__", f"self {ARGUMENTS}", _init_v2, V2_INIT_STATE, DEFAULTS)
    body.define_class("yolo_v2_postprocess", v2_init, call_code(_v2, V2_STATE))
    if package.has_lc_and_v8:
        lc_init = Code("__init__", f"{CLASS} self {ARGUMENTS}", init_lc, LC_INIT_STATE, DEFAULTS)
        body.define_class("yolo_lc_postprocess", lc_init, bases=(body.load("yolo_v2_postprocess"),))
    body.define_class("yolo_v5_postprocess", init_code(0.6), call_code(_v5, PLAIN_STATE))
    if package.has_lc_and_v8:
        body.define_class("yolo_v8_postprocess", init_code(0.6), call_code(_v8, PLAIN_STATE))
    body.finish()


__all__ = ["statements"]
