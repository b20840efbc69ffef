"""Charges of the MediaPipe models: ``BlazeFace``, ``BlazePalm``, hand and face landmarks, ``MoveNet``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.firmware.charges._nms import Detections, NmsCharge
from omvsim.firmware.charges._ulab import Array

if TYPE_CHECKING:
    from omvsim.firmware.charges._call import PostprocessCall


@dataclass(frozen=True, slots=True)
class Blaze:
    """A detector with anchors: its grids (cells a side, anchors a cell) and its pairs of output tensors."""

    name: str
    grid: tuple[tuple[int, int], ...]
    scores: tuple[int, ...]
    cords: tuple[int, ...]

    @property
    def anchors(self) -> int:
        """Number of anchors."""
        return sum(side * side * each for side, each in self.grid)


BLAZE_FACE = Blaze("BlazeFace", ((16, 2), (8, 6)), scores=(1, 2), cords=(0, 3))
BLAZE_PALM = Blaze("BlazePalm", ((24, 2), (12, 6)), scores=(0,), cords=(1,))


def blaze(call: PostprocessCall, found: Detections, detector: Blaze) -> None:
    """One call of a detector with anchors."""
    tape, np = call.tape, call.np
    frame = tape.frame(24, "mediapipe.__call__")
    nms = NmsCharge(tape, call.release)
    first = call.model.outputs[0].shape[1]
    np.shape_of(call.output(0), "number of outputs")
    points = 0
    table = Array((detector.anchors, 2), "f")
    for index, (count, accepted) in enumerate(zip((first, detector.anchors - first), found.candidates, strict=False)):
        if count:
            rows = np.rows(table, count, "anchors")
            points = _blaze_pair(call, nms, accepted, (detector.scores[index], detector.cords[index]), rows)
    nms.get(found, keypoints=(points, 2) if found.labels else None)
    tape.leave(frame)


def _blaze_pair(
    call: PostprocessCall, nms: NmsCharge, accepted: tuple[bool, ...], tensors: tuple[int, int], anchors: Array
) -> int:
    """``detection_post_process`` on one pair of tensors; returns the number of keypoints of a box."""
    tape, np = call.tape, call.np
    frame = tape.frame(50, "detection_post_process")
    output, cords = (call.output(index) for index in tensors)
    call.logit()
    call.quantize(output)
    flat = np.reshape(output, (output.size,), "scores")
    indices = call.over_threshold(flat, len(accepted))
    points = (cords.shape[2] - 4) // 2
    if accepted:
        call.sigmoid(call.dequantize(np.pick(flat, indices, 0, "scores")))
        table = np.reshape(cords, (cords.shape[0] * cords.shape[1], cords.shape[2]), "coordinates")
        boxes = call.dequantize(np.pick(table, indices, 0, "candidates"))
        _blaze_boxes(call, boxes, np.pick(anchors, indices, 0, "anchors"), points)
        np.shape_of(boxes, "number of boxes")
        corner, keypoints = Array(indices.shape, "f"), Array((len(accepted), points, 2), "f")
        for box in accepted:
            for _ in range(5):
                np.element(corner, "corner or score")
            np.element(keypoints, "keypoints")
            nms.add(accepted=box)
    tape.leave(frame)
    return points


def _blaze_boxes(call: PostprocessCall, boxes: Array, anchors: Array, points: int) -> None:
    np = call.np
    count = boxes.shape[0]
    sizes = (call.width, call.height)
    centres = [call.column(anchors, "anchors") for _ in sizes]
    centre = centres[0]
    for scale in sizes:
        centre = np.binary(np.binary(call.column(boxes, "centre"), "/", scale, "centre"), "+", centres[0], "centre")
    for scale in sizes:
        np.binary(np.binary(call.column(boxes, "size"), "/", scale, "half size"), "*", 0.5, "half size")
    np.shape_of(boxes, "number of boxes")
    call.tape.tuple(3, "keypoints")
    keypoints = np.new((count, points, 2), "f", "keypoints")
    for scale in sizes:
        scaled = np.binary(call.columns(boxes, points, "keypoints"), "/", scale, "keypoints")
        offset = np.reshape(centres[0], (count, 1), "keypoints", dense=False)
        moved = np.binary(np.binary(scaled, "+", offset, "keypoints"), "*", scale, "keypoints")
        np.assign(moved, keypoints, "keypoints", slices=2, indices=3)
    for scale in (*sizes, *sizes):
        np.binary(np.binary(centre, "-", centre, "corner"), "*", scale, "corner")


def hand_landmarks(call: PostprocessCall, found: Detections) -> None:
    """``HandLandmarks``: score in output 2, 3-D points in output 3, left or right in output 0."""
    tape, np = call.tape, call.np
    frame = tape.frame(27, "HandLandmarks.__call__")
    nms = NmsCharge(tape, call.release)
    np.item(call.output(2), 2, "score")
    (accepted,) = found.candidates
    if accepted:
        keypoints = _landmarks(call, call.output(3))
        np.item(call.output(0), 2, "left or right")
        nms.add(accepted=accepted[0])
        nms.get(found, keypoints=keypoints)
    tape.leave(frame)


def face_landmarks(call: PostprocessCall, found: Detections) -> None:
    """``FaceLandmarks``: score in output 1, 3-D points in output 0."""
    tape, np = call.tape, call.np
    frame = tape.frame(26, "FaceLandmarks.__call__")
    nms = NmsCharge(tape, call.release)
    np.item(call.output(1), 4, "score")
    tape.floats(4, "sigmoid of the score")
    (accepted,) = found.candidates
    if accepted:
        keypoints = _landmarks(call, call.output(0))
        nms.add(accepted=accepted[0])
        nms.get(found, keypoints=keypoints)
    tape.leave(frame)


def _landmarks(call: PostprocessCall, output: Array) -> tuple[int, int]:
    """Coordinates in a row to points of three, and the box around them."""
    np = call.np
    values = np.view(output, output.shape[-1:], "coordinates", slices=1, indices=len(output.shape))
    shape = (values.size // 3, 3)
    call.tape.tuple(2, "keypoints")
    keypoints = np.new(shape, "f", "keypoints")
    for _ in range(3):
        every_third = np.rows(values, shape[0], "keypoints")
        np.assign(every_third, keypoints, "keypoints", slices=1, indices=2)
    _bounds(call, keypoints, 4)
    return shape


def _bounds(call: PostprocessCall, points: Array, count: int) -> None:
    """``np.min(points[:, i])`` and the like: a view and a float each."""
    for _ in range(count):
        call.np.over_all(call.column(points, "bounds"), "bounds")


def movenet(call: PostprocessCall, found: Detections) -> None:
    """``MoveNet`` (5.0.0): each keypoint's best cell; ``candidates`` are the keypoints over the threshold."""
    tape, np = call.tape, call.np
    frame = tape.frame(36, "MoveNet.__call__")
    output = call.output(0)
    _, rows, cols, count = output.shape
    heat = np.reshape(output, (rows * cols, count), "heat maps")
    cells = np.extreme(heat, 0, "best cells", index=True)
    best = np.extreme(heat, 0, "scores")
    (accepted,) = found.candidates
    valid = np.nonzero(np.binary(best, ">", 1.0, "scores over threshold"), len(accepted), "valid keypoints")
    if accepted:
        cell_rows, cell_cols = np.binary(cells, "//", cols, "rows"), call.modulus(cells, cols)
        tape.tuple(2, "keypoints")
        keypoints = np.new((count, 3), "f", "keypoints")
        for cell, cells_a_side, scale in ((cell_cols, cols, call.width), (cell_rows, rows, call.height)):
            centre = np.binary(
                np.binary(np.binary(cell, "+", 0.5, "keypoints"), "/", cells_a_side, "keypoints"),
                "*",
                scale,
                "keypoints",
            )
            np.assign(centre, keypoints, "keypoints", slices=1, indices=2)
        np.assign(best, keypoints, "keypoints", slices=1, indices=2)
        _bounds(call, np.pick(keypoints, valid, 0, "valid keypoints"), 5)
        nms = NmsCharge(tape, call.release)
        box = bool(found.labels)
        nms.add(accepted=box)
        nms.get(Detections(((box,),), found.survivors, found.labels), keypoints=(count, 3))
    tape.leave(frame)
