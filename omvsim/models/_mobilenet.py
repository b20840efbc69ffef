"""Networks of depthwise separable convolutions: MobileNetV1, a FOMO on MobileNetV2, a tiny first model.

MobileNetV1: Howard et al. 2017 (arXiv 1704.04861), table 1. MobileNetV2: Sandler et al. 2018 (arXiv 1801.04381),
table 2, in Keras' padding (keras-team/keras, keras/src/applications/mobilenet_v2.py). FOMO: Edge Impulse's
documentation: MobileNetV2 cut at the expansion of block 6 (1/8 of the picture), then two 1x1 convolutions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.models import _layers as nn
from omvsim.models._net import IMAGE, LINEAR, Net, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_V1_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))
_V2_BLOCKS = ((1, 16, 1), (6, 24, 2), (6, 24, 1), (6, 32, 2), (6, 32, 1), (6, 32, 1))
_TINY_BLOCKS = ((16, 2), (24, 2), (32, 2))
_CHANNEL_DIVISOR = 8


def tiny_conv(net: Net, size: int, classes: int) -> Sequence[Value]:
    """A person detector in miniature: gray picture in, class scores out."""
    x = nn.conv(net, net.input((1, size, size, 1), IMAGE, "image"), 8, 3, 2, activation="relu6")
    for filters, stride in _TINY_BLOCKS:
        x = _separable(net, x, filters, stride)
    return _scores(net, x, classes)


def mobilenet(net: Net, size: int, alpha: float, classes: int) -> Sequence[Value]:
    """MobileNetV1 at width ``alpha`` for RGB pictures."""
    image = net.input((1, size, size, 3), IMAGE, "image")
    x = nn.conv(net, image, _v1_width(32, alpha), 3, 2, activation="relu6")
    for filters, stride in _V1_BLOCKS:
        x = _separable(net, x, _v1_width(filters, alpha), stride)
    return _scores(net, x, classes)


def fomo(net: Net, size: int, alpha: float, classes: int) -> Sequence[Value]:
    """Class probabilities for every cell of 8x8 pixels; class 0 is the background, which ``classes`` leaves out."""
    image = net.input((1, size, size, 3), IMAGE, "image")
    x = nn.conv(net, image, _v2_width(32, alpha), 3, 2, activation="relu6")
    for expansion, filters, stride in _V2_BLOCKS:
        x = _inverted_residual(net, x, expansion, _v2_width(filters, alpha), stride)
    x = nn.conv(net, x, x.shape[3] * 6, activation="relu6")
    x = nn.conv(net, x, 32, activation="relu", padding=nn.VALID)
    return [nn.softmax(net, nn.conv(net, x, classes + 1, padding=nn.VALID))]


def _separable(net: Net, x: Value, filters: int, stride: int) -> Value:
    return nn.conv(net, nn.depthwise(net, x, 3, stride, activation="relu6"), filters, activation="relu6")


def _scores(net: Net, x: Value, classes: int) -> Sequence[Value]:
    pooled = nn.pool(net, "AVERAGE_POOL_2D", x, x.shape[1], x.shape[1], padding=nn.VALID)
    logits = nn.conv(net, pooled, classes)
    return [nn.softmax(net, nn.reshape(net, logits, 1, classes))]


def _inverted_residual(net: Net, x: Value, expansion: int, filters: int, stride: int) -> Value:
    y = x if expansion == 1 else nn.conv(net, x, x.shape[3] * expansion, activation="relu6")
    if stride == 2:
        padded = nn.pad(net, y, (0, 0), (0, 1), (0, 1), (0, 0))
        y = nn.depthwise(net, padded, 3, 2, padding=nn.VALID, activation="relu6")
    else:
        y = nn.depthwise(net, y, activation="relu6")
    y = nn.conv(net, y, filters, gain=1)
    return nn.arithmetic(net, "ADD", x, y, LINEAR) if stride == 1 and x.shape == y.shape else y


def _v1_width(filters: int, alpha: float) -> int:
    return max(8, int(filters * alpha))


def _v2_width(filters: int, alpha: float) -> int:
    """The nearest multiple of 8 that takes away at most a tenth (Keras' ``_make_divisible``, by its description)."""
    width = filters * alpha
    rounded = max(_CHANNEL_DIVISOR, int(width + _CHANNEL_DIVISOR / 2) // _CHANNEL_DIVISOR * _CHANNEL_DIVISOR)
    return rounded if rounded >= 0.9 * width else rounded + _CHANNEL_DIVISOR
