"""From output tensors to candidate boxes: the YOLO family and FOMO.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/*/ml/postprocessing/*.py``: which numbers of an output
mean what, defaults, the order of candidates, and in which order single precision rounds. Scores are compared in the
output's own units, as on the camera.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from omvsim.postprocess._real import exp, logit, sigmoid
from omvsim.postprocess._types import Candidates, Output, PostprocessError, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.postprocess._types import Values

    Indices = NDArray[np.int64]

YOLO_LC_ANCHORS = (
    (0.076023, 0.258508),
    (0.163031, 0.413531),
    (0.234769, 0.702585),
    (0.427054, 0.715892),
    (0.748154, 0.857092),
)
YOLO_V2_ANCHORS = ((0.98830, 3.36060), (2.11940, 5.37590), (3.05200, 9.13360), (5.55170, 9.30660), (9.72600, 11.1422))
CELL_GROWTH = 1.414214
"""Side of a FOMO box in cells, unless the script says otherwise."""
HALF, TWO = np.float32(0.5), np.float32(2.0)


def real(output: Output, values: NDArray[np.generic]) -> Values:
    """Values of an output as real numbers."""
    single = values.astype(np.float32)
    if output.is_real:
        return single
    return (single - np.float32(output.zero_point)) * np.float32(output.scale)


def over(output: Output, scores: NDArray[np.generic], limit: np.float32) -> Indices:
    """Indices of scores beyond a threshold given in real numbers; with a negative scale, beyond is below."""
    if not output.is_real:
        limit = limit / np.float32(output.scale) + np.float32(output.zero_point)
    single = scores.astype(np.float32)
    return np.flatnonzero(single > limit if output.scale > 0 else single < limit)


def best(output: Output, scores: NDArray[np.generic], axis: int) -> NDArray[np.generic]:
    """The score that counts along an axis: the largest, with a negative scale the smallest."""
    found: NDArray[np.generic] = scores.max(axis=axis) if output.scale > 0 else scores.min(axis=axis)
    return found


def yolo_v8(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """One column a box: centre and size as shares of the input, then a score a class."""
    values = table(outputs, 0, 3)
    output = outputs[0]
    raw = values.reshape(-1, values.shape[2])
    picked = over(output, best(output, raw[4:], 0), threshold_of(settings))
    boxes = real(output, raw[:, picked])
    return boxes_only(_corners(boxes[:4].T, size), boxes[4:].max(axis=0), boxes[4:].argmax(axis=0))


def yolo_v5(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """One row a box: centre and size as shares of the input, the score, then a score a class."""
    values = table(outputs, 0, 3)
    output = outputs[0]
    raw = values.reshape(-1, values.shape[2])
    picked = over(output, raw[:, 4], threshold_of(settings))
    boxes = real(output, raw[picked])
    return boxes_only(_corners(boxes[:, :4], size), boxes[:, 4], boxes[:, 5:].argmax(axis=1))


def yolo_lc(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """``YoloLC``: as ``YoloV2`` with other anchors."""
    anchors = np.array(YOLO_LC_ANCHORS, dtype=np.float32) if settings.anchors is None else settings.anchors
    return yolo_v2(outputs, size, replace(settings, anchors=anchors))


def yolo_v2(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """Anchors in every cell; scores through a sigmoid, sizes through an exponential."""
    anchors = np.array(YOLO_V2_ANCHORS, dtype=np.float32) if settings.anchors is None else settings.anchors
    values = table(outputs, 0, 4)
    output = outputs[0]
    _, rows, cols, channels = values.shape
    if channels % len(anchors) or channels // len(anchors) < 6:
        raise PostprocessError(
            "yolo-lc", f"{channels} channels are not {len(anchors)} anchors with 5 numbers and classes"
        )
    raw = values.reshape(rows * cols * len(anchors), -1)
    if settings.squashed:
        picked = np.flatnonzero(sigmoid(real(output, raw[:, 4])) > threshold_of(settings))
    else:
        picked = over(output, raw[:, 4], logit(threshold_of(settings)))
    boxes = real(output, raw[picked])
    cell = picked // len(anchors)
    grid, pixels = np.array([cols, rows], dtype=np.float32), np.array(size, dtype=np.float32)
    centre = (np.stack([cell % cols, cell // cols], axis=1).astype(np.float32) + sigmoid(boxes[:, :2])) / grid * pixels
    extent = anchors[picked % len(anchors)] * exp(boxes[:, 2:4]) / grid * pixels
    return boxes_only(_around(centre, extent), sigmoid(boxes[:, 4]), _likeliest(boxes[:, 5:]))


def _likeliest(scores: Values) -> Indices:
    """The best class after a softmax, which can make equal what was different."""
    if not len(scores):
        return np.zeros(0, np.int64)
    powers = exp(scores - scores.max(axis=1, keepdims=True))
    found: Indices = (powers / powers.sum(axis=1, keepdims=True, dtype=np.float32)).argmax(axis=1)
    return found


def fomo(outputs: Sequence[Output], size: tuple[int, int], settings: Settings) -> Candidates:
    """A heat map a class, the first one background: every cell over the threshold is a box of its own."""
    values = table(outputs, 0, 4)
    output = outputs[0]
    _, rows, cols, channels = values.shape
    raw = values.reshape(rows * cols, channels)
    picked = over(output, best(output, raw[:, 1:], 1), threshold_of(settings))
    boxes = real(output, raw[picked])
    grid, pixels = np.array([cols, rows], dtype=np.float32), np.array(size, dtype=np.float32)
    centre = (np.stack([picked % cols, picked // cols], axis=1).astype(np.float32) + HALF) / grid * pixels
    sides = [CELL_GROWTH if side is None else side for side in (settings.w_scale, settings.h_scale)]
    extent = np.broadcast_to(np.array(sides, dtype=np.float32) / grid * pixels, centre.shape)
    return boxes_only(_around(centre, extent), boxes[:, 1:].max(axis=1), boxes[:, 1:].argmax(axis=1) + 1)


def threshold_of(settings: Settings) -> np.float32:
    """The class's threshold; whoever calls has put its default in."""
    return np.float32(0.0 if settings.threshold is None else settings.threshold)


def _corners(shares: Values, size: tuple[int, int]) -> Values:
    """Centre and size as shares of the input to corners in pixels; halves are taken of shares."""
    pixels = np.array(size, dtype=np.float32)
    half = shares[:, 2:4] * HALF
    result: Values = np.concatenate([(shares[:, :2] - half) * pixels, (shares[:, :2] + half) * pixels], axis=1)
    return result


def _around(centre: Values, extent: Values) -> Values:
    """Centre and size in pixels to corners."""
    result: Values = np.concatenate([centre - extent / TWO, centre + extent / TWO], axis=1).astype(np.float32)
    return result


def boxes_only(corners: Values, scores: Values, labels: Indices, points: Values | None = None) -> Candidates:
    """Candidates of one table of outputs."""
    return Candidates(corners, scores.astype(np.float32), labels.astype(np.int64), (len(scores),), points=points)


def none() -> Candidates:
    """No candidates."""
    return Candidates(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), (0,))


def values_of(outputs: Sequence[Output], index: int) -> NDArray[np.generic]:
    """Values of an output that a class needs."""
    if index >= len(outputs):
        raise PostprocessError("post-processing", f"it needs output {index}, the model has {len(outputs)}")
    return outputs[index].values


def table(outputs: Sequence[Output], index: int, dims: int) -> NDArray[np.generic]:
    """The same, with so many dimensions."""
    values = values_of(outputs, index)
    if values.ndim != dims:
        raise PostprocessError("post-processing", f"output {index} has {values.ndim} dimensions, not {dims}")
    return values
