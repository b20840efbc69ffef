"""Layers on top of :class:`~omvsim.models._net.Net`, each the operator (or operators) that converters write for it."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from omvsim.graph import Quantization
from omvsim.models._net import GAIN, LINEAR, PROBABILITY, RECTIFIED, Net, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME, VALID = 0, 1
_ACTIVATION = {"": 0, "relu": 1, "relu6": 3}
SILU = Quantization((4.3 / 255,), (-111,))
"""-0.29 to 4.01: x * sigmoid(x) never falls below -0.2785."""


def conv(
    net: Net,
    x: Value,
    filters: int,
    kernel: int = 1,
    stride: int = 1,
    *,
    padding: int = SAME,
    activation: str = "",
    per_channel: bool = True,
    gain: float = GAIN,
) -> Value:
    """CONV_2D with bias and fused ``activation``."""
    name = net.next_name("CONV_2D")
    fan_in = kernel * kernel * x.shape[3]
    axis = 0 if per_channel else None
    weights = net.weights((filters, kernel, kernel, x.shape[3]), fan_in, name, channel_axis=axis, gain=gain)
    bias = net.bias(x, weights, filters, name)
    shape = (x.shape[0], *_window(x, kernel, stride, padding), filters)
    options = {
        "padding": padding,
        "stride_w": stride,
        "stride_h": stride,
        "fused_activation_function": _ACTIVATION[activation],
    }
    return net.apply("CONV_2D", [x, weights, bias], shape, _range_of(activation), options)


def depthwise(
    net: Net,
    x: Value,
    kernel: int | tuple[int, int] = 3,
    stride: int = 1,
    *,
    padding: int = SAME,
    activation: str = "",
    multiplier: int = 1,
    gain: float = GAIN,
) -> Value:
    """DEPTHWISE_CONV_2D with bias; ``kernel`` is a side or (height, width)."""
    name = net.next_name("DEPTHWISE_CONV_2D")
    height, width = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    channels = x.shape[3] * multiplier
    weights = net.weights((1, height, width, channels), height * width, name, channel_axis=3, gain=gain)
    bias = net.bias(x, weights, channels, name)
    rows = _extent(x.shape[1], height, stride, padding)
    columns = _extent(x.shape[2], width, stride, padding)
    options = {
        "padding": padding,
        "stride_w": stride,
        "stride_h": stride,
        "depth_multiplier": multiplier,
        "fused_activation_function": _ACTIVATION[activation],
    }
    shape = (x.shape[0], rows, columns, channels)
    return net.apply("DEPTHWISE_CONV_2D", [x, weights, bias], shape, _range_of(activation), options)


def dense(net: Net, x: Value, units: int, activation: str = "") -> Value:
    """FULLY_CONNECTED over everything behind the batch."""
    name = net.next_name("FULLY_CONNECTED")
    features = prod(x.shape[1:])
    weights = net.weights((units, features), features, name)
    bias = net.bias(x, weights, units, name)
    options = {"fused_activation_function": _ACTIVATION[activation]}
    return net.apply("FULLY_CONNECTED", [x, weights, bias], (x.shape[0], units), _range_of(activation), options)


def silu(net: Net, x: Value, out: Quantization = SILU) -> Value:
    """x * sigmoid(x): LOGISTIC and MUL, for TFLite has no operator of that name."""
    gate = logistic(net, x)
    return net.apply("MUL", [x, gate], x.shape, out, {"fused_activation_function": 0})


def logistic(net: Net, x: Value) -> Value:
    """LOGISTIC."""
    return net.apply("LOGISTIC", [x], x.shape, PROBABILITY)


def softmax(net: Net, x: Value) -> Value:
    """SOFTMAX over the last axis."""
    return net.apply("SOFTMAX", [x], x.shape, PROBABILITY, {"beta": 1.0})


def arithmetic(net: Net, operator: str, a: Value, b: Value, out: Quantization, *, activation: str = "") -> Value:
    """ADD, SUB or MUL; the result has the shape of the operand of higher rank, or of the larger one."""
    shape = max(a.shape, b.shape, key=lambda dims: (len(dims), prod(dims)))
    return net.apply(operator, [a, b], shape, out, {"fused_activation_function": _ACTIVATION[activation]})


def requantize(net: Net, x: Value, out: Quantization) -> Value:
    """QUANTIZE from int8 to int8; nothing in a float network."""
    return net.apply("QUANTIZE", [x], x.shape, out) if net.quantized else x


def pad(net: Net, x: Value, *amounts: tuple[int, int]) -> Value:
    """PAD by (before, after) of every axis."""
    table = net.ints([side for pair in amounts for side in pair], (len(amounts), 2))
    shape = [size + before + after for size, (before, after) in zip(x.shape, amounts, strict=True)]
    return net.apply("PAD", [x, table], shape, x.quantization, {})


def pool(net: Net, operator: str, x: Value, size: int, stride: int, *, padding: int = SAME) -> Value:
    """MAX_POOL_2D or AVERAGE_POOL_2D."""
    options = {
        "padding": padding,
        "stride_w": stride,
        "stride_h": stride,
        "filter_width": size,
        "filter_height": size,
    }
    shape = (x.shape[0], *_window(x, size, stride, padding), x.shape[3])
    return net.apply(operator, [x], shape, x.quantization, options)


def mean(net: Net, x: Value) -> Value:
    """MEAN over height and width, which stay as ones."""
    axes = net.ints([1, 2])
    return net.apply("MEAN", [x, axes], (x.shape[0], 1, 1, x.shape[3]), x.quantization, {"keep_dims": True})


def concat(net: Net, values: Sequence[Value], axis: int) -> Value:
    """CONCATENATION; the runtime takes int8 inputs of one quantization only."""
    shape = list(values[0].shape)
    shape[axis] = sum(value.shape[axis] for value in values)
    return net.apply("CONCATENATION", values, shape, values[0].quantization, {"axis": axis})


def cut(net: Net, x: Value, axis: int, start: int, stop: int) -> Value:
    """STRIDED_SLICE of ``start`` to ``stop`` along one axis; masks say "all" for the others, as the converter's do."""
    rank = len(x.shape)
    everything = (1 << rank) - 1
    others = everything & ~(1 << axis)
    first = [start if i == axis else 0 for i in range(rank)]
    last = [stop if i == axis else 0 for i in range(rank)]
    operands: list[Value | int] = [x, net.ints(first), net.ints(last), net.ints([1] * rank)]
    shape = [stop - start if i == axis else size for i, size in enumerate(x.shape)]
    options = {"begin_mask": others if start else everything, "end_mask": others}
    return net.apply("STRIDED_SLICE", operands, shape, x.quantization, options)


def reshape(net: Net, x: Value, *shape: int) -> Value:
    """RESHAPE to ``shape``."""
    return net.apply("RESHAPE", [x, net.ints(shape)], shape, x.quantization)


def transpose(net: Net, x: Value, *axes: int) -> Value:
    """TRANSPOSE."""
    return net.apply("TRANSPOSE", [x, net.ints(axes)], [x.shape[axis] for axis in axes], x.quantization)


def upsample(net: Net, x: Value) -> Value:
    """RESIZE_NEAREST_NEIGHBOR to twice the size."""
    size = (x.shape[1] * 2, x.shape[2] * 2)
    shape = (x.shape[0], *size, x.shape[3])
    return net.apply("RESIZE_NEAREST_NEIGHBOR", [x, net.ints(size)], shape, x.quantization, {})


def _extent(size: int, kernel: int, stride: int, padding: int) -> int:
    return -(-size // stride) if padding == SAME else (size - kernel) // stride + 1


def _window(x: Value, kernel: int, stride: int, padding: int) -> tuple[int, int]:
    return _extent(x.shape[1], kernel, stride, padding), _extent(x.shape[2], kernel, stride, padding)


def _range_of(activation: str) -> Quantization:
    return RECTIFIED if activation else LINEAR
