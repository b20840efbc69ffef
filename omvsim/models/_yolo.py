"""YOLOv8n, YOLOv5nu and YOLOv8n-cls as the exporter of their project turns them into TFLite.

Architecture: ultralytics/ultralytics v8.1.47, ultralytics/cfg/models/v8/yolov8.yaml, v8/yolov8-cls.yaml and
v5/yolov5.yaml at scale n (depth 0.33, width 0.25), ultralytics/nn/modules (C2f, C3, SPPF, Detect, Classify). The
operators follow that project's export (ONNX, then onnx2tf 1.17.5, int8 per tensor): SiLU becomes LOGISTIC and MUL,
a strided convolution an explicit PAD and a VALID one, the split of C2f two STRIDED_SLICEs. Operators, shapes, wiring
and order are those of the exported YOLOv8n files, so the arena's head is theirs to the byte. YOLOv5nu follows the same
rules; its export held two more QUANTIZEs, whose number depends on the calibration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.graph import Quantization
from omvsim.models import _layers as nn
from omvsim.models._net import IMAGE, Net, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_BINS = 16  # reg_max: bins of the distribution over each box side
_STRIDES = (8, 16, 32)
_MOST_CLASS_CHANNELS = 100
# Calibration gives the merged 1/16 features a range of their own; the converter then adds a QUANTIZE before they join
# the 1/8 features.
_MERGED = Quantization((4.2 / 255,), (-110,))
_DISTANCE = Quantization(((_BINS - 1) / 255,), (-128,))  # from an anchor to a side of its box, in cells


def yolov8n(net: Net, size: int, classes: int) -> Sequence[Value]:
    """The detector: input [1, size, size, 3], output [1, 4 + classes, anchors]."""
    x = net.input((1, size, size, 3), IMAGE, "images")
    p3, p4, p5 = _v8_backbone(net, x)
    p5 = _sppf(net, p5)
    p4_merged = _c2f(net, nn.concat(net, [nn.upsample(net, p5), p4], 3), 128, 1, shortcut=False, out=_MERGED)
    up = nn.upsample(net, nn.requantize(net, p4_merged, nn.SILU))
    head3 = _c2f(net, nn.concat(net, [up, p3], 3), 64, 1, shortcut=False)
    down4 = _down(net, head3, 64, out=_MERGED)
    head4 = _c2f(net, nn.concat(net, [down4, p4_merged], 3), 128, 1, shortcut=False)
    down5 = _down(net, head4, 128)
    head5 = _c2f(net, nn.concat(net, [down5, p5], 3), 256, 1, shortcut=False)
    return [_detect(net, size, classes, (head3, head4, head5))]


def yolov5nu(net: Net, size: int, classes: int) -> Sequence[Value]:
    """The v5 backbone and neck under the v8 head: same input and output as :func:`yolov8n`."""
    x = net.input((1, size, size, 3), IMAGE, "images")
    x = _down(net, x, 16, kernel=6)
    x = _c3(net, _down(net, x, 32), 32, 1)
    p3 = _c3(net, _down(net, x, 64), 64, 2)
    p4 = _c3(net, _down(net, p3, 128), 128, 3)
    p5 = _sppf(net, _c3(net, _down(net, p4, 256), 256, 1))
    lateral5 = _conv(net, p5, 128)
    x = _c3(net, nn.concat(net, [nn.upsample(net, lateral5), p4], 3), 128, 1, shortcut=False)
    lateral4 = _conv(net, x, 64)
    head3 = _c3(net, nn.concat(net, [nn.upsample(net, lateral4), p3], 3), 64, 1, shortcut=False)
    head4 = _c3(net, nn.concat(net, [_down(net, head3, 64), lateral4], 3), 128, 1, shortcut=False)
    head5 = _c3(net, nn.concat(net, [_down(net, head4, 128), lateral5], 3), 256, 1, shortcut=False)
    return [_detect(net, size, classes, (head3, head4, head5))]


def yolov8n_cls(net: Net, size: int, classes: int) -> Sequence[Value]:
    """The classifier: output [1, classes]."""
    x = net.input((1, size, size, 3), IMAGE, "images")
    *_, p5 = _v8_backbone(net, x)
    pooled = nn.mean(net, _conv(net, p5, 1280))
    return [nn.softmax(net, nn.dense(net, pooled, classes))]


def _v8_backbone(net: Net, x: Value) -> tuple[Value, Value, Value]:
    x = _down(net, _down(net, x, 16), 32)
    x = _c2f(net, x, 32, 1, late_half=True)
    p3 = _c2f(net, _down(net, x, 64), 64, 2)
    p4 = _c2f(net, _down(net, p3, 128), 128, 2)
    p5 = _c2f(net, _down(net, p4, 256), 256, 1)
    return p3, p4, p5


def _conv(net: Net, x: Value, filters: int, kernel: int = 1, out: Quantization = nn.SILU) -> Value:
    return nn.silu(net, nn.conv(net, x, filters, kernel, per_channel=False), out)


def _down(net: Net, x: Value, filters: int, kernel: int = 3, out: Quantization = nn.SILU) -> Value:
    """A convolution of stride 2; PyTorch's symmetric padding is not TFLite's SAME, hence the explicit PAD."""
    side = (kernel - 1) // 2
    padded = nn.pad(net, x, (0, 0), (side, side), (side, side), (0, 0))
    y = nn.conv(net, padded, filters, kernel, 2, padding=nn.VALID, per_channel=False)
    return nn.silu(net, y, out)


def _bottleneck(net: Net, x: Value, first_kernel: int, *, shortcut: bool) -> Value:
    channels = x.shape[3]
    y = _conv(net, _conv(net, x, channels, first_kernel), channels, 3)
    return nn.arithmetic(net, "ADD", x, y, nn.SILU) if shortcut else y


def _c2f(
    net: Net,
    x: Value,
    filters: int,
    repeats: int,
    *,
    shortcut: bool = True,
    late_half: bool = False,
    out: Quantization = nn.SILU,
) -> Value:
    """Two halves, bottlenecks on the second, all of it concatenated.

    ``late_half``: the exporter writes the first half's slice right before the concatenation (the first block only).
    """
    half = filters // 2
    x = _conv(net, x, filters)
    first = None if late_half else nn.cut(net, x, 3, 0, half)
    parts = [nn.cut(net, x, 3, half, filters)]
    for _ in range(repeats):
        parts.append(_bottleneck(net, parts[-1], 3, shortcut=shortcut))
    first = first or nn.cut(net, x, 3, 0, half)
    return _conv(net, nn.concat(net, [first, *parts], 3), filters, out=out)


def _c3(net: Net, x: Value, filters: int, repeats: int, *, shortcut: bool = True) -> Value:
    """Bottlenecks on one half-width branch, a plain convolution on the other."""
    y = _conv(net, x, filters // 2)
    for _ in range(repeats):
        y = _bottleneck(net, y, 1, shortcut=shortcut)
    bypass = _conv(net, x, filters // 2)
    return _conv(net, nn.concat(net, [y, bypass], 3), filters)


def _sppf(net: Net, x: Value) -> Value:
    """Three 5x5 max pools in a row, concatenated."""
    filters = x.shape[3]
    levels = [_conv(net, x, filters // 2)]
    for _ in range(3):
        levels.append(nn.pool(net, "MAX_POOL_2D", levels[-1], 5, 1))
    return _conv(net, nn.concat(net, levels, 3), filters)


def _detect(net: Net, size: int, classes: int, features: tuple[Value, Value, Value]) -> Value:
    """Decoupled heads, coarsest first as the exporter writes them, then boxes and scores of all anchors."""
    coarse_first = [_head(net, x, classes, features[0].shape[3]) for x in reversed(features)]
    merged = nn.concat(net, coarse_first[::-1], 2)
    centre, extent = _boxes(net, nn.cut(net, merged, 1, 0, 4 * _BINS), size)
    scores = nn.logistic(net, nn.cut(net, merged, 1, 4 * _BINS, 4 * _BINS + classes))
    return nn.concat(net, [centre, extent, nn.requantize(net, scores, _up_to(1 + _reach(size)))], 1)


def _head(net: Net, x: Value, classes: int, narrowest: int) -> Value:
    """One scale: [1, 64 + classes, cells]."""
    box_channels = max(_BINS, narrowest // 4, 4 * _BINS)
    class_channels = max(narrowest, min(classes, _MOST_CLASS_CHANNELS))
    box = _conv(net, _conv(net, x, box_channels, 3), box_channels, 3)
    box = nn.conv(net, box, 4 * _BINS, per_channel=False)
    score = _conv(net, _conv(net, x, class_channels, 3), class_channels, 3)
    score = nn.conv(net, score, classes, per_channel=False)
    channels_first = nn.transpose(net, nn.concat(net, [box, score], 3), 0, 3, 1, 2)
    _, channels, rows, columns = channels_first.shape
    return nn.reshape(net, channels_first, 1, channels, rows * columns)


def _boxes(net: Net, x: Value, size: int) -> tuple[Value, Value]:
    """Centre and extent of every anchor's box as shares of the picture, each [1, 2, anchors].

    The expected bin of each side's distribution (DFL) is a 1x1 convolution with the weights 0 .. 15.
    """
    anchors = x.shape[2]
    points, strides = _anchor_grid(size)
    reach = _reach(size)
    box = _up_to(1 + reach)
    bins = nn.softmax(net, nn.transpose(net, nn.reshape(net, x, 1, 4, _BINS, anchors), 0, 1, 3, 2))
    sides = nn.reshape(net, _expectation(net, bins), 1, 1, 4, anchors)
    cells = net.number((1, 4, anchors), strides * 4, _up_to(_STRIDES[-1] / size))
    sides = nn.arithmetic(net, "MUL", sides, cells, _up_to(reach))
    sides = nn.reshape(net, sides, 1, 4, anchors)
    centres = net.number((1, 2, anchors), points, _up_to(1))
    low_range = Quantization((2 * max(1, reach) / 255,), (0,))
    low = nn.arithmetic(net, "SUB", centres, nn.cut(net, sides, 1, 0, 2), low_range)
    high = nn.arithmetic(net, "ADD", nn.cut(net, sides, 1, 2, 4), centres, box)
    both = nn.arithmetic(net, "ADD", low, high, _up_to(2 + reach))
    half = net.number((1, 1, 1), [0.5], _up_to(0.5))
    return nn.arithmetic(net, "MUL", both, half, box), nn.arithmetic(net, "SUB", high, low, box)


def _expectation(net: Net, bins: Value) -> Value:
    """The mean bin: CONV_2D with the fixed weights 0 .. 15."""
    weights = net.number((1, 1, 1, _BINS), list(range(_BINS)), Quantization(((_BINS - 1) / 127,), (0,)))
    bias = net.bias(bins, weights, 1, net.next_name("CONV_2D"))
    options = {"padding": nn.SAME, "stride_w": 1, "stride_h": 1}
    return net.apply("CONV_2D", [bins, weights, bias], (*bins.shape[:3], 1), _DISTANCE, options)


def _anchor_grid(size: int) -> tuple[list[float], list[float]]:
    """(all x then all y of the cells' centres, the stride of each cell), as shares of the picture.

    The exporter divides boxes by the picture's size, hence shares and not pixels.
    """
    xs: list[float] = []
    ys: list[float] = []
    strides: list[float] = []
    for stride in _STRIDES:
        count = size // stride
        centres = [(cell + 0.5) * stride / size for cell in range(count)]
        xs += centres * count
        ys += [centre for centre in centres for _ in range(count)]
        strides += [stride / size] * (count * count)
    return xs + ys, strides


def _reach(size: int) -> float:
    """The longest distance from an anchor to a side of its box, as a share of the picture."""
    return (_BINS - 1) * _STRIDES[-1] / size


def _up_to(limit: float) -> Quantization:
    """0 to ``limit``."""
    return Quantization((limit / 255,), (-128,))
