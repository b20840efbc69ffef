"""Charges of the detectors whose output is one table of boxes: the YOLO family and ``Fomo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware.charges._nms import Detections, NmsCharge
from omvsim.firmware.charges._tape import OBJECT
from omvsim.firmware.charges._ulab import Array

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.firmware.charges._call import PostprocessCall


def yolo_v2(call: PostprocessCall, found: Detections) -> None:
    """``YoloV2`` and ``YoloLC``: five anchors a cell, scores through a sigmoid, classes through a softmax."""
    tape, np, anchors = call.tape, call.np, 5
    frame = tape.frame(42, "YoloV2.__call__")
    tape.take(OBJECT, "function softmax")
    output = call.output(0)
    _, rows, cols, channels = output.shape
    call.logit()
    call.quantize(output)
    table = np.reshape(output, (rows * cols * anchors, channels // anchors), "rows of outputs")
    scores = call.column(table, "scores")
    (accepted,) = found.candidates
    indices = call.over_threshold(scores, len(accepted))
    if accepted:
        boxes = call.dequantize(np.pick(table, indices, 0, "candidates"))
        box_rows = np.binary(indices, "//", cols * anchors, "rows")
        box_cols = call.modulus(np.binary(indices, "//", anchors, "columns"), cols)
        box_anchors = np.pick(Array((anchors, 2), "f"), call.modulus(indices, anchors), 0, "anchors")
        call.sigmoid(call.column(boxes, "scores"))
        classes = _softmax_classes(call, boxes)
        for cells, count in ((box_cols, cols), (box_rows, rows)):
            np.binary(np.binary(cells, "+", call.sigmoid(call.column(boxes, "centre")), "centre"), "/", count, "centre")
        for count in (cols, rows):
            anchor = call.column(box_anchors, "anchor")
            size = np.function(call.column(boxes, "size"), "size")
            np.binary(np.binary(anchor, "*", size, "size"), "/", count, "size")
        for scale in (call.width, call.height, call.width, call.height):
            np.binary(Array(classes.shape, "f"), "*", scale, "boxes in pixels")
        nms = NmsCharge(tape, call.release)
        call.add_boxes(nms, accepted, centred=True, classes=classes, shape=boxes)
        nms.get(found)
    tape.leave(frame)


def _softmax_classes(call: PostprocessCall, boxes: Array) -> Array:
    np = call.np
    logits = call.columns(boxes, boxes.shape[1] - 5, "class scores")
    frame = call.tape.frame(12, "softmax")
    shifted = np.binary(logits, "-", np.extreme(logits, 1, "softmax", keepdims=True), "softmax")
    powers = np.function(shifted, "softmax")
    shares = np.binary(powers, "/", np.total(powers, 1, "softmax", keepdims=True), "softmax")
    call.tape.leave(frame)
    return np.extreme(shares, 1, "classes", index=True)


def fomo(call: PostprocessCall, found: Detections) -> None:
    """``Fomo``: one cell, one candidate; the best class of each."""
    tape, np = call.tape, call.np
    frame = tape.frame(38, "Fomo.__call__")
    output = call.output(0)
    _, rows, cols, channels = output.shape
    call.quantize(output)
    table = np.reshape(output, (rows * cols, channels), "rows of outputs")
    (accepted,) = found.candidates
    indices = call.over_threshold(call.columns(table, channels - 1, "scores"), len(accepted), max_axis=1)
    if accepted:
        boxes = call.dequantize(np.pick(table, indices, 0, "candidates"))
        box_rows = np.binary(indices, "//", cols, "rows")
        box_cols = call.modulus(indices, cols)
        np.extreme(call.columns(boxes, channels - 1, "scores"), 1, "scores")
        best = np.extreme(call.columns(boxes, channels - 1, "scores"), 1, "classes", index=True)
        classes = np.binary(best, "+", 1, "classes")
        for cells, count, scale in ((box_cols, cols, call.width), (box_rows, rows, call.height)):
            np.binary(np.binary(np.binary(cells, "+", 0.5, "centre"), "/", count, "centre"), "*", scale, "centre")
        for scale in (call.width, call.height):
            tape.floats(1, "size")
            np.binary(np.new(indices.shape, "f", "size"), "*", scale, "size")
        nms = NmsCharge(tape, call.release)
        call.add_boxes(nms, accepted, centred=True, classes=classes, shape=boxes)
        nms.get(found)
    tape.leave(frame)


def yolo_v5(call: PostprocessCall, found: Detections) -> None:
    """``YoloV5``: one row a box, the score in column 4."""
    tape, np = call.tape, call.np
    frame = tape.frame(40, "YoloV5.__call__")
    output = call.output(0)
    depth, rows, channels = output.shape
    call.quantize(output)
    table = np.reshape(output, (depth * rows, channels), "rows of outputs")
    (accepted,) = found.candidates
    indices = call.over_threshold(call.column(table, "scores"), len(accepted))
    if accepted:
        boxes = call.dequantize(np.pick(table, indices, 0, "candidates"))
        call.column(boxes, "scores")
        classes = np.extreme(call.columns(boxes, channels - 5, "class scores"), 1, "classes", index=True)
        _corners(call, boxes, call.column)
        nms = NmsCharge(tape, call.release)
        call.add_boxes(nms, accepted, centred=False, classes=classes, shape=boxes)
        nms.get(found)
    tape.leave(frame)


def yolo_v8(call: PostprocessCall, found: Detections) -> None:
    """``YoloV8``: one column a box, the score is the best class."""
    tape, np = call.tape, call.np
    frame = tape.frame(40, "YoloV8.__call__")
    output = call.output(0)
    depth, channels, count = output.shape
    call.quantize(output)
    table = np.reshape(output, (depth * channels, count), "columns of outputs")
    (accepted,) = found.candidates
    scores = np.view(table, (table.shape[0] - 4, count), "scores", slices=2)
    indices = call.over_threshold(scores, len(accepted), max_axis=0)
    if accepted:
        boxes = call.dequantize(np.pick(table, indices, 1, "candidates"))
        chosen = (boxes.shape[0] - 4, boxes.shape[1])
        np.extreme(np.view(boxes, chosen, "class scores", slices=2), 0, "scores")
        classes = np.extreme(np.view(boxes, chosen, "class scores", slices=2), 0, "classes", index=True)
        _corners(call, boxes, call.row)
        nms = NmsCharge(tape, call.release)
        call.add_boxes(nms, accepted, centred=False, classes=classes, shape=boxes)
        nms.get(found)
    tape.leave(frame)


def _corners(call: PostprocessCall, boxes: Array, part: Callable[[Array, str], Array]) -> None:
    """Centre and half size to four corners in pixels."""
    np = call.np
    part(boxes, "centre")
    centre = part(boxes, "centre")
    for _ in range(2):
        np.binary(part(boxes, "size"), "*", 0.5, "half size")
    for scale in (call.width, call.height, call.width, call.height):
        np.binary(np.binary(centre, "-", centre, "corner"), "*", scale, "corner")
