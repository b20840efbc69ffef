"""From output tensors to candidate boxes: the MediaPipe models, whose boxes have keypoints.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/ml-mediapipe/ml/postprocessing/mediapipe.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from omvsim.postprocess._decode import HALF, boxes_only, none, over, real, table, threshold_of, values_of
from omvsim.postprocess._real import logit, mean, sigmoid
from omvsim.postprocess._types import Candidates, Output, PostprocessError, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.postprocess._types import Values

_BLAZE_FACE_GRID = ((16, 2), (8, 6))
_BLAZE_PALM_GRID = ((24, 2), (12, 6))


def blaze_face(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """Two pairs of tensors: scores 1 and 2, coordinates 0 and 3; the first pair has the anchors of the finer grid."""
    return _blaze(outputs, size, settings, _BLAZE_FACE_GRID, ((1, 0), (2, 3)))


def blaze_palm(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """One pair: scores 0, coordinates 1."""
    return _blaze(outputs, size, settings, _BLAZE_PALM_GRID, ((0, 1),))


def _blaze(
    outputs: Sequence[Output],
    size: tuple[int, int],
    settings: Settings,
    grid: tuple[tuple[int, int], ...],
    pairs: tuple[tuple[int, int], ...],
) -> Candidates:
    """The first pair takes as many anchors as the first output has rows, the second pair the rest, if any is left."""
    anchors = settings.anchors
    if anchors is None:
        anchors = np.concatenate([_anchors(side, each) for side, each in grid])
    first = table(outputs, 0, 3).shape[1]
    shares = [anchors[:first], anchors[first:]]
    if len(shares[1]) and len(pairs) < len(shares):
        raise PostprocessError("blazepalm", f"output 0 has {first} rows for {len(anchors)} anchors")
    found = [_pair(outputs, pair, here, size, settings) for pair, here in zip(pairs, shares, strict=False) if len(here)]
    points = [group.points for group in found if group.points is not None and len(group.points)]
    return Candidates(
        np.concatenate([group.corners for group in found]),
        np.concatenate([group.scores for group in found]),
        np.concatenate([group.labels for group in found]),
        tuple(len(group.scores) for group in found),
        points=np.concatenate(points) if points else None,
    )


def _pair(
    outputs: Sequence[Output], pair: tuple[int, int], anchors: Values, size: tuple[int, int], settings: Settings
) -> Candidates:
    raw, cords = table(outputs, pair[0], 3).reshape(-1), table(outputs, pair[1], 3)
    if not len(anchors) == len(raw) == cords.shape[1]:
        raise PostprocessError(
            "blazeface or blazepalm",
            f"output {pair[0]} has {len(raw)} scores and output {pair[1]} {cords.shape[1]} boxes"
            f" for {len(anchors)} anchors",
        )
    scored, placed = outputs[pair[0]], outputs[pair[1]]
    picked = over(scored, raw, logit(threshold_of(settings)))
    numbers = real(placed, cords.reshape(-1, cords.shape[2])[picked])
    pixels, here = np.array(size, dtype=np.float32), anchors[picked]
    centre, half = numbers[:, :2] / pixels + here, numbers[:, 2:4] / pixels * HALF
    corners = np.concatenate([(centre - half) * pixels, (centre + half) * pixels], axis=1)
    count = (cords.shape[2] - 4) // 2
    points = numbers[:, 4 : 4 + 2 * count].reshape(len(picked), count, 2)
    keypoints = (points / pixels + here[:, None, :]) * pixels
    return boxes_only(corners, sigmoid(real(scored, raw[picked])), np.zeros(len(picked), np.int64), keypoints)


def _anchors(side: int, each: int) -> Values:
    """Centres of a grid's cells as shares of the input, row by row, ``each`` times."""
    axis = (np.arange(side, dtype=np.float32) + HALF) / np.float32(side)
    cells = np.stack([np.tile(axis, side), np.repeat(axis, side)], axis=1)
    anchors: Values = np.repeat(cells, each, axis=0)
    return anchors


def hand_landmarks(outputs: Sequence[Output], _size: tuple[int, int], settings: Settings) -> Candidates:
    """Output 2 is the score, 3 the points, 0 says left or right. The camera uses raw values: float models only."""
    label = int(_first(outputs, 0) > 0.5)
    return _landmarks(values_of(outputs, 3), _first(outputs, 2), label, settings)


def face_landmarks(outputs: Sequence[Output], _size: tuple[int, int], settings: Settings) -> Candidates:
    """Output 1 is the score before its sigmoid, 0 the points."""
    score = sigmoid(np.array([_first(outputs, 1)], dtype=np.float32))[0]
    return _landmarks(values_of(outputs, 0), score, 0, settings)


def _landmarks(values: NDArray[np.generic], score: np.float32, label: int, settings: Settings) -> Candidates:
    if score < threshold_of(settings):
        return none()
    points = values.astype(np.float32).reshape(-1)
    points = points[: len(points) // 3 * 3].reshape(-1, 3)
    corners = np.concatenate([points[:, :2].min(axis=0), points[:, :2].max(axis=0)])[None]
    return boxes_only(corners, np.array([score], dtype=np.float32), np.array([label]), points[None])


def movenet(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """A heat map a keypoint: rows of x, y, score; the box is around those over the threshold (5.0.0)."""
    values = table(outputs, 0, 4)
    _, rows, cols, count = values.shape
    heat = values.reshape(rows * cols, count)
    scores = heat.max(axis=0).astype(np.float32)
    valid = scores > threshold_of(settings)
    if not valid.any():
        return replace(none(), keypoints=0)
    cell = heat.argmax(axis=0)
    grid, pixels = np.array([cols, rows], dtype=np.float32), np.array(size, dtype=np.float32)
    place = (np.stack([cell % cols, cell // cols], axis=1).astype(np.float32) + HALF) / grid * pixels
    points = np.concatenate([place, scores[:, None]], axis=1)
    shown = points[valid]
    corners = np.concatenate([shown[:, :2].min(axis=0), shown[:, :2].max(axis=0)])[None]
    score = np.array([mean(shown[:, 2])], dtype=np.float32)
    return replace(boxes_only(corners, score, np.zeros(1, np.int64), points[None]), keypoints=len(shown))


def _first(outputs: Sequence[Output], index: int) -> np.float32:
    return np.float32(values_of(outputs, index).reshape(-1)[0])
