"""From output tensors to candidate boxes, one function a kind of model.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/*/ml/postprocessing/*.py``: which numbers of an output
mean what, defaults, and the order of candidates. Scores are compared in the output's own units, as on the camera.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from omvsim.postprocess._types import Candidates, Output, PostprocessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.postprocess._types import Values

_YOLO_LC_ANCHORS = (
    (0.076023, 0.258508),
    (0.163031, 0.413531),
    (0.234769, 0.702585),
    (0.427054, 0.715892),
    (0.748154, 0.857092),
)
_YOLO_V2_ANCHORS = ((0.98830, 3.36060), (2.11940, 5.37590), (3.05200, 9.13360), (5.55170, 9.30660), (9.72600, 11.1422))
_CELL_GROWTH = np.float32(1.414214)
"""Side of a FOMO box in cells."""
_BLAZE_FACE_GRID = ((16, 2), (8, 6))
_BLAZE_PALM_GRID = ((24, 2), (12, 6))


def real(output: Output) -> Values:
    """An output's values as real numbers."""
    if output.values.dtype.kind == "f":
        return output.values.astype(np.float32)
    steps = output.values.astype(np.float32) - np.float32(output.zero_point)
    return steps * np.float32(output.scale)


def yolo_v8(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """One column a box: centre and size as shares of the input, then a score a class."""
    values = _table(outputs, 0, 3)
    raw = values.reshape(-1, values.shape[2])
    picked = _over(outputs[0], raw[4:].max(axis=0), threshold)
    boxes = real(Output(raw[:, picked], outputs[0].scale, outputs[0].zero_point))
    return _single(_from_centre(boxes[:4].T, size), boxes[4:].max(axis=0), boxes[4:].argmax(axis=0))


def yolo_v5(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """One row a box: centre and size as shares of the input, the score, then a score a class."""
    values = _table(outputs, 0, 3)
    raw = values.reshape(-1, values.shape[2])
    picked = _over(outputs[0], raw[:, 4], threshold)
    boxes = real(Output(raw[picked], outputs[0].scale, outputs[0].zero_point))
    return _single(_from_centre(boxes[:, :4], size), boxes[:, 4], boxes[:, 5:].argmax(axis=1))


def yolo_lc(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """``YoloLC``: five anchors a cell."""
    return _yolo_v2(outputs, size, threshold, _YOLO_LC_ANCHORS)


def yolo_v2(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """``YoloV2``: as ``YoloLC`` with other anchors."""
    return _yolo_v2(outputs, size, threshold, _YOLO_V2_ANCHORS)


def _yolo_v2(
    outputs: Sequence[Output], size: tuple[int, int], threshold: float, anchors: tuple[tuple[float, float], ...]
) -> Candidates:
    values = _table(outputs, 0, 4)
    _, rows, cols, channels = values.shape
    if channels % len(anchors) or channels // len(anchors) < 6:
        raise PostprocessError(
            "yolo-lc", f"{channels} channels are not {len(anchors)} anchors with 5 numbers and classes"
        )
    raw = values.reshape(rows * cols * len(anchors), -1)
    picked = _over(outputs[0], raw[:, 4], _logit(threshold))
    boxes = real(Output(raw[picked], outputs[0].scale, outputs[0].zero_point))
    cell = picked // len(anchors)
    centre = np.stack([cell % cols, cell // cols], axis=1).astype(np.float32) + _sigmoid(boxes[:, :2])
    extent = np.array(anchors, dtype=np.float32)[picked % len(anchors)] * np.exp(boxes[:, 2:4])
    grid = np.array([cols, rows], dtype=np.float32)
    shares = np.concatenate([centre / grid, extent / grid], axis=1)
    return _single(_from_centre(shares, size), _sigmoid(boxes[:, 4]), boxes[:, 5:].argmax(axis=1))


def fomo(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """A heat map a class, the first one background: every cell over the threshold is a box of its own."""
    values = _table(outputs, 0, 4)
    _, rows, cols, channels = values.shape
    raw = values.reshape(rows * cols, channels)
    picked = _over(outputs[0], raw[:, 1:].max(axis=1), threshold)
    boxes = real(Output(raw[picked], outputs[0].scale, outputs[0].zero_point))
    grid = np.array([cols, rows], dtype=np.float32)
    centre = (np.stack([picked % cols, picked // cols], axis=1).astype(np.float32) + np.float32(0.5)) / grid
    shares = np.concatenate([centre, np.broadcast_to(_CELL_GROWTH / grid, centre.shape)], axis=1)
    return _single(_from_centre(shares, size), boxes[:, 1:].max(axis=1), boxes[:, 1:].argmax(axis=1) + 1)


def blaze_face(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """Two pairs of tensors: scores 1 and 2, coordinates 0 and 3; the first pair has the anchors of the finer grid."""
    return _blaze(outputs, size, threshold, _BLAZE_FACE_GRID, ((1, 0), (2, 3)))


def blaze_palm(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """One pair: scores 0, coordinates 1."""
    return _blaze(outputs, size, threshold, _BLAZE_PALM_GRID, ((0, 1),))


def _blaze(
    outputs: Sequence[Output],
    size: tuple[int, int],
    threshold: float,
    grid: tuple[tuple[int, int], ...],
    pairs: tuple[tuple[int, int], ...],
) -> Candidates:
    anchors = np.concatenate([_anchors(side, each) for side, each in grid])
    pixels = np.array(size, dtype=np.float32)
    corners, scores, groups = [], [], []
    first = 0
    for score_index, cord_index in pairs:
        raw = _table(outputs, score_index, 3).reshape(-1)
        cords = _table(outputs, cord_index, 3)
        here = anchors[first : first + len(raw)]
        if not len(here) == len(raw) == cords.shape[1]:
            raise PostprocessError(
                "blazeface or blazepalm",
                f"output {score_index} has {len(raw)} scores and output {cord_index} {cords.shape[1]} boxes"
                f" for {len(anchors) - first} anchors",
            )
        first += len(raw)
        picked = _over(outputs[score_index], raw, _logit(threshold))
        scored = Output(raw[picked], outputs[score_index].scale, outputs[score_index].zero_point)
        chosen = cords.reshape(-1, cords.shape[2])[picked]
        boxes = real(Output(chosen, outputs[cord_index].scale, outputs[cord_index].zero_point))
        shares = np.concatenate([boxes[:, :2] / pixels + here[picked], boxes[:, 2:4] / pixels], axis=1)
        corners.append(_from_centre(shares, size))
        scores.append(_sigmoid(real(scored)))
        groups.append(len(picked))
    count = sum(groups)
    return Candidates(np.concatenate(corners), np.concatenate(scores), np.zeros(count, np.int64), tuple(groups))


def hand_landmarks(outputs: Sequence[Output], _size: tuple[int, int], threshold: float) -> Candidates:
    """Output 2 is the score, 3 the points, 0 says left or right. The camera uses raw values: float models only."""
    score = _first(outputs, 2)
    label = int(_first(outputs, 0) > 0.5)
    return _landmarks(_values(outputs, 3), score, label, threshold)


def face_landmarks(outputs: Sequence[Output], _size: tuple[int, int], threshold: float) -> Candidates:
    """Output 1 is the score before its sigmoid, 0 the points."""
    score = _sigmoid(np.array([_first(outputs, 1)], dtype=np.float32))[0]
    return _landmarks(_values(outputs, 0), score, 0, threshold)


def _landmarks(values: NDArray[np.generic], score: np.float32, label: int, threshold: float) -> Candidates:
    if score < np.float32(threshold):
        return _none()
    points = values.astype(np.float32).reshape(-1)
    points = points[: len(points) // 3 * 3].reshape(-1, 3)[:, :2]
    corners = np.concatenate([points.min(axis=0), points.max(axis=0)])[None]
    return _single(corners, np.array([score], dtype=np.float32), np.array([label]))


def movenet(outputs: Sequence[Output], size: tuple[int, int], threshold: float) -> Candidates:
    """A heat map a keypoint; the box is around the best cells of those over the threshold (5.0.0)."""
    values = _table(outputs, 0, 4)
    _, rows, cols, count = values.shape
    heat = values.reshape(rows * cols, count)
    best = heat.max(axis=0).astype(np.float32)
    valid = best > np.float32(threshold)
    if not valid.any():
        return replace(_none(), keypoints=0)
    cell = heat.argmax(axis=0)
    share = np.stack([(cell % cols + 0.5) / cols, (cell // cols + 0.5) / rows], axis=1).astype(np.float32)
    points = (share * np.array(size, dtype=np.float32))[valid]
    corners = np.concatenate([points.min(axis=0), points.max(axis=0)])[None]
    return replace(_single(corners, best[valid].mean(keepdims=True), np.zeros(1, np.int64)), keypoints=len(points))


def _anchors(side: int, each: int) -> Values:
    """Centres of a grid's cells as shares of the input, row by row, ``each`` times."""
    axis = (np.arange(side, dtype=np.float32) + np.float32(0.5)) / np.float32(side)
    cells = np.stack([np.tile(axis, side), np.repeat(axis, side)], axis=1)
    anchors: Values = np.repeat(cells, each, axis=0)
    return anchors


def _over(output: Output, raw: NDArray[np.generic], threshold: float) -> NDArray[np.int64]:
    """Indices of raw scores over the threshold expressed in the output's units."""
    limit = np.float32(threshold)
    if output.values.dtype.kind != "f":
        limit = limit / np.float32(output.scale) + np.float32(output.zero_point)
    return np.flatnonzero(raw.astype(np.float32) > limit)


def _from_centre(shares: Values, size: tuple[int, int]) -> Values:
    """Centre and size as shares of the input to corners in pixels."""
    pixels = np.array(size, dtype=np.float32)
    half = shares[:, 2:4] * np.float32(0.5)
    corners = [(shares[:, :2] - half) * pixels, (shares[:, :2] + half) * pixels]
    result: Values = np.concatenate(corners, axis=1).astype(np.float32)
    return result


def _single(corners: Values, scores: Values, labels: NDArray[np.int64]) -> Candidates:
    return Candidates(corners, scores.astype(np.float32), labels, (len(scores),))


def _none() -> Candidates:
    return Candidates(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), (0,))


def _sigmoid(values: Values) -> Values:
    result: Values = np.float32(1.0) / (np.float32(1.0) + np.exp(-values))
    return result


def _logit(share: float) -> float:
    return float(np.log(np.float32(share) / (np.float32(1.0) - np.float32(share))))


def _values(outputs: Sequence[Output], index: int) -> NDArray[np.generic]:
    if index >= len(outputs):
        raise PostprocessError("post-processing", f"it needs output {index}, the model has {len(outputs)}")
    return outputs[index].values


def _table(outputs: Sequence[Output], index: int, dims: int) -> NDArray[np.generic]:
    values = _values(outputs, index)
    if values.ndim != dims:
        raise PostprocessError("post-processing", f"output {index} has {values.ndim} dimensions, not {dims}")
    return values


def _first(outputs: Sequence[Output], index: int) -> np.float32:
    return np.float32(_values(outputs, index).reshape(-1)[0])
