"""Soft non-maximum suppression as the library does it, in single precision.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/ml-core/ml/utils.py``: a box's score decays by
``exp(-iou² / sigma)`` with every better box; below the threshold it is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from omvsim.firmware.charges import Detections
from omvsim.postprocess._real import exp
from omvsim.postprocess._types import Detection, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.postprocess._types import Candidates, Values

    Boxes = NDArray[np.int64]


def suppress(
    candidates: Candidates,
    window: tuple[int, int],
    region: tuple[int, int, int, int],
    *,
    threshold: float,
    sigma: float,
    keep_aspect: bool,
) -> Result:
    """Clip, suppress and map the candidates.

    Args:
        candidates: boxes in pixels of the model's input.
        window: width and height of that input.
        region: x, y, width, height of the part of the frame that was put into it.
        threshold: a decayed score under this is dropped.
        sigma: how fast scores decay with overlap; 0 switches decay off.
        keep_aspect: the frame was cropped to the input's aspect (4.8.1), not stretched (5.0.0).
    """
    boxes, accepted = _clip(candidates, window)
    inside = boxes[accepted]
    order, survivors, scores = _rounds(
        inside, candidates.scores[accepted].astype(np.float32), np.float32(threshold), np.float32(sigma)
    )
    labels = candidates.labels[accepted]
    frame = _Frame.of(window, region, keep_aspect=keep_aspect)
    points = None if candidates.points is None else candidates.points[accepted]
    detections = tuple(
        Detection(
            *frame.box(inside[i]),
            score=float(score),
            label=int(labels[i]),
            keypoints=None if points is None else frame.keypoints(points[i]),
        )
        for i, score in zip(order, scores, strict=True)
    )
    flags = accepted.tolist()
    return Result(
        before=len(flags),
        detections=detections,
        found=Detections(_groups(candidates, flags), survivors, tuple(detection.label for detection in detections)),
    )


def _groups(candidates: Candidates, flags: list[bool]) -> tuple[tuple[bool, ...], ...]:
    """Which candidates of each pair of tensors enter the list."""
    if candidates.keypoints is not None:
        return ((True,) * candidates.keypoints,)
    edges = [0, *accumulate(candidates.groups)]
    return tuple(tuple(flags[start:stop]) for start, stop in pairwise(edges))


def _clip(candidates: Candidates, window: tuple[int, int]) -> tuple[Boxes, NDArray[np.bool_]]:
    """Whole-pixel x, y, width, height inside the window, and which have an area and a proper score."""
    width, height = window
    limits = np.array([width, height, width, height], dtype=np.float32)
    corners = np.clip(candidates.corners, np.float32(0.0), limits)
    sizes = np.trunc(corners[:, 2:] - corners[:, :2]).astype(np.int64)
    boxes = np.concatenate([np.trunc(corners[:, :2]).astype(np.int64), sizes], axis=1)
    proper = (candidates.scores >= 0.0) & (candidates.scores <= 1.0)
    return boxes, proper & (sizes > 0).all(axis=1)


def _rounds(
    boxes: Boxes, scores: Values, threshold: np.float32, sigma: np.float32
) -> tuple[list[int], tuple[int, ...], list[np.float32]]:
    """Indices in the order in which they come out, how many are left after each round, and their scores."""
    decay = np.float32(-1.0) / sigma if sigma > 0 else np.float32(0.0)
    left = np.array(descending(scores.tolist()), dtype=np.int64)
    best, order, survivors, final = 0, [], [], []
    while left.size:
        winner = int(left[best])
        order.append(winner)
        final.append(scores[winner])
        left = np.delete(left, best)
        overlap = _overlap(boxes[winner], boxes[left])
        scores[left] = scores[left] * exp(decay * overlap * overlap)
        left = left[(scores[left] >= threshold) & (scores[left] > 0)]
        survivors.append(len(left))
        best = int(np.argmax(scores[left])) if left.size else 0
    return order, tuple(survivors), final


def _overlap(box: NDArray[np.int64], others: Boxes) -> Values:
    """Intersection over union of one box with others."""
    start = np.maximum(box[:2], others[:, :2])
    end = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    inside = np.maximum(end - start, 0).prod(axis=1)
    union = box[2] * box[3] + others[:, 2] * others[:, 3] - inside
    ratio: Values = inside.astype(np.float32) / union.astype(np.float32)
    return ratio


def descending(keys: Sequence[float]) -> list[int]:
    """Indices in the order that ``sorted(…, reverse=True)`` gives on the camera: a quicksort, which is not stable.

    The last item is the pivot; from both sides, items that stand on the wrong side of it change places
    (micropython/micropython v1.26.0, ``py/objlist.c``).
    """
    order = list(range(len(keys)))
    pending = [(0, len(order) - 1)]
    while pending:
        low, high = pending.pop()
        if low >= high:
            continue
        pivot = keys[order[high]]
        left, right = low, high - 1
        while True:
            while left < high and keys[order[left]] >= pivot:
                left += 1
            while right > left and pivot >= keys[order[right]]:
                right -= 1
            if left >= right:
                break
            order[left], order[right] = order[right], order[left]
            left, right = left + 1, right - 1
        order[left], order[high] = order[high], order[left]
        pending += [(low, left - 1), (left + 1, high)]
    return order


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the model's input lies in the frame; by axis."""

    scales: tuple[np.float32, np.float32]
    offsets: tuple[np.float32, np.float32]
    keep_aspect: bool

    @classmethod
    def of(cls, window: tuple[int, int], region: tuple[int, int, int, int], *, keep_aspect: bool) -> _Frame:
        """From the sizes of the input and the part of the frame that was put into it."""
        across, down = (np.float32(part) / np.float32(side) for part, side in zip(region[2:], window, strict=True))
        if keep_aspect:
            across = down = min(across, down)
        offsets = [
            (np.float32(region[2 + axis]) - np.float32(window[axis]) * scale) / np.float32(2.0)
            + np.float32(region[axis])
            for axis, scale in enumerate((across, down))
        ]
        return cls((across, down), (offsets[0], offsets[1]), keep_aspect)

    def box(self, box: NDArray[np.int64]) -> tuple[int, int, int, int]:
        """x, y, width, height, fractions cut off."""
        place = [int(np.float32(box[axis]) * self.scales[axis] + self.offsets[axis]) for axis in range(2)]
        sides = [int(np.float32(box[2 + axis]) * self.scales[axis]) for axis in range(2)]
        return place[0], place[1], sides[0], sides[1]

    def keypoints(self, points: Values) -> Values:
        """x and y of each; where the aspect is kept one scale is applied to the whole row, its third number too."""
        result = points.astype(np.float32)
        if self.keep_aspect:
            result = result * self.scales[0]
            result[:, :2] += np.array(self.offsets, dtype=np.float32)
        else:
            result[:, :2] = result[:, :2] * np.array(self.scales, dtype=np.float32) + np.array(
                self.offsets, dtype=np.float32
            )
        return result
