"""A BlazeFace-like detector: BlazeBlocks and two SSD heads, scores and 16 regressions an anchor.

Architecture: Bazarevsky et al. 2019 (arXiv 1907.05047), section 3: 5x5 depthwise convolutions, residuals whose missing
channels are padded with zeros, anchors at 1/8 (two a cell) and 1/16 (six a cell). The channel counts are those of
MediaPipe's published front-camera model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.models import _layers as nn
from omvsim.models._net import IMAGE, RECTIFIED, Net, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_TO_EIGHTH = ((24, 1), (28, 1), (32, 2), (36, 1), (42, 1), (48, 2), (56, 1), (64, 1), (72, 1), (80, 1), (88, 1))
_TO_SIXTEENTH = ((96, 2), (96, 1), (96, 1), (96, 1), (96, 1))
_RESIDUAL_GAIN = 0.4  # sixteen residuals on top of each other must not run out of the int8 range
_REGRESSIONS = 16  # box (4) and six key points (12)


def blazeface(net: Net, size: int) -> Sequence[Value]:
    """Outputs: regressions and scores of the finer grid, scores and regressions of the coarser one."""
    x = nn.conv(net, net.input((1, size, size, 3), IMAGE, "image"), 24, 5, 2, activation="relu")
    for filters, stride in _TO_EIGHTH:
        x = _block(net, x, filters, stride)
    fine_scores, fine_boxes = _head(net, x, 2)
    for filters, stride in _TO_SIXTEENTH:
        x = _block(net, x, filters, stride)
    coarse_scores, coarse_boxes = _head(net, x, 6)
    return [fine_boxes, fine_scores, coarse_scores, coarse_boxes]


def _block(net: Net, x: Value, filters: int, stride: int) -> Value:
    y = nn.conv(net, nn.depthwise(net, x, 5, stride, gain=1), filters, gain=_RESIDUAL_GAIN)
    shortcut = nn.pool(net, "MAX_POOL_2D", x, 2, 2) if stride == 2 else x
    missing = filters - shortcut.shape[3]
    if missing:
        shortcut = nn.pad(net, shortcut, (0, 0), (0, 0), (0, 0), (0, missing))
    return nn.arithmetic(net, "ADD", y, shortcut, RECTIFIED, activation="relu")


def _head(net: Net, x: Value, anchors: int) -> tuple[Value, Value]:
    total = anchors * x.shape[1] * x.shape[2]
    scores = nn.reshape(net, nn.conv(net, x, anchors), 1, total, 1)
    boxes = nn.reshape(net, nn.conv(net, x, anchors * _REGRESSIONS), 1, total, _REGRESSIONS)
    return scores, boxes
