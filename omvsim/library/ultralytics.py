"""``ml/postprocessing/ultralytics.py``: ``YoloV5``, a row a box, and ``YoloV8``, a column a box (from 4.8.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.detecting import (
    NOTHING,
    add_corners,
    boxes_of,
    call_code,
    count_of,
    force_scores,
    init_code,
    is_empty,
    new_nms,
    scaled_corners,
)
from omvsim.library.functions import library_body
from omvsim.library.steps import HALF, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

CALL_STATE: Final = 160
V5_SCORE, V5_FIRST_CLASS, V8_FIRST_CLASS = 4, 5, 4


def _v5(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    depth, rows, channels = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 3))
    scale = steps.item(steps.attr(model, "output_scale"), 0)
    limit = steps.named("quantize", model, steps.attr(self, "threshold"))
    table = steps.reshape(steps.item(outputs, 0), depth * rows, channels)
    found = steps.column(table, V5_SCORE)
    force_scores(vm, found, limit)
    found = steps.named("threshold", found, limit, scale)
    if is_empty(steps, found):
        return NOTHING
    boxes = steps.named("dequantize", model, steps.np("take", table, found, axis=0))
    return v5_boxes(steps, self, model, inputs, boxes)


def v5_boxes(steps: Steps, self: Value, model: Value, inputs: Value, boxes: Value) -> Value:
    """From the candidates' rows to boxes."""
    scores = steps.column(boxes, V5_SCORE)
    classes = steps.np("argmax", steps.columns(boxes, V5_FIRST_CLASS), axis=1)
    return _suppressed(steps, (self, model, inputs), boxes, steps.column, (scores, classes), axis=0)


def _v8(vm: Machine, self: Value, model: Value, inputs: Value, outputs: Value) -> Value:
    steps = Steps(vm)
    depth, rows, count = (steps.whole(number) for number in steps.numbers(model, "output_shape", 0, 3))
    scale = steps.item(steps.attr(model, "output_scale"), 0)
    limit = steps.named("quantize", model, steps.attr(self, "threshold"))
    table = steps.reshape(steps.item(outputs, 0), depth * rows, count)
    found = steps.rows(table, V8_FIRST_CLASS)
    force_scores(vm, found, limit, axis=0)
    found = steps.named("threshold", found, limit, scale, find_max=True, find_max_axis=0)
    if is_empty(steps, found):
        return NOTHING
    boxes = steps.named("dequantize", model, steps.np("take", table, found, axis=1))
    return v8_boxes(steps, self, model, inputs, boxes)


def v8_boxes(steps: Steps, self: Value, model: Value, inputs: Value, boxes: Value) -> Value:
    """From the candidates' columns to boxes."""
    scores = steps.np("max", steps.rows(boxes, V8_FIRST_CLASS), axis=0)
    classes = steps.np("argmax", steps.rows(boxes, V8_FIRST_CLASS), axis=0)
    return _suppressed(steps, (self, model, inputs), boxes, steps.row, (scores, classes), axis=1)


def _suppressed(  # noqa: PLR0917 -- the locals of one function
    steps: Steps,
    call: tuple[Value, Value, Value],
    boxes: Value,
    part: Callable[[Value, int], Value],
    rated: tuple[Value, Value],
    axis: int,
) -> Value:
    """Middles and sizes as parts of a table to corners in pixels, then suppression."""
    self, model, inputs = call
    scores, classes = rated
    middle = [part(boxes, 0), part(boxes, 1)]
    half = [steps.mul(part(boxes, 2), HALF), steps.mul(part(boxes, 3), HALF)]
    _, height, width, _ = steps.numbers(model, "input_shape", 0, 4)
    corners = scaled_corners(steps, middle, half, (width, height))
    nms = new_nms(steps, width, height, inputs)
    add_corners(steps, nms, count_of(steps, boxes, axis), corners, scores, classes)
    return boxes_of(steps, self, nms)


def statements(body: Body) -> None:
    """``ml/postprocessing/ultralytics.py``."""
    body = library_body(body)
    body.from_import("ml.utils", "*")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    body.define_class("YoloV5", init_code(0.6), call_code(_v5, CALL_STATE))
    body.define_class("YoloV8", init_code(0.6), call_code(_v8, CALL_STATE))
    body.finish()


__all__ = ["statements", "v5_boxes", "v8_boxes"]
