"""Small networks of plain layers: image classifier, keyword spotting, autoencoder, LSTM.

Keyword spotting: tensorflow/tflite-micro, tensorflow/lite/micro/examples/micro_speech/README.md ("tiny_conv": 1960
features, one 10x8 depthwise convolution, one dense layer). Autoencoder: MLPerf Tiny's anomaly detection
(mlcommons/tiny, benchmark/training/anomaly_detection/README.md). LSTM: operands in the order of TFLite's
UNIDIRECTIONAL_SEQUENCE_LSTM (tensorflow v2.15, tensorflow/lite/kernels/unidirectional_sequence_lstm.cc, its comments).
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from omvsim.graph import Quantization, TensorType
from omvsim.models import _layers as nn
from omvsim.models._net import IMAGE, LINEAR, Net, Value
from omvsim.models.builder import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEATURES = Quantization((26 / 255,), (-128,))  # 0 to 26, the micro frontend's range
_HIDDEN = Quantization((1 / 128,), (0,))  # tanh's range
_CELL = Quantization((2**-12,), (0,))  # int16 of -8 to 8: the kernel wants a power of two
_SPECTROGRAM = (49, 40)
_SEQUENCE = (28, 28)  # steps, features of a step
_UNITS = 20
_TANH = 4
_GATES = 4


def classifier(net: Net, size: int, classes: int) -> Sequence[Value]:
    """Three times convolution and max pool, then two dense layers."""
    x = net.input((1, size, size, 3), IMAGE, "image")
    for filters in (16, 32, 64):
        x = nn.pool(net, "MAX_POOL_2D", nn.conv(net, x, filters, 3, activation="relu"), 2, 2)
    flat = nn.reshape(net, x, 1, x.shape[1] * x.shape[2] * x.shape[3])
    return [nn.softmax(net, nn.dense(net, nn.dense(net, flat, 64, "relu"), classes))]


def keyword_spotting(net: Net, classes: int) -> Sequence[Value]:
    """One second of sound as 49 spectra of 40 values in, words out."""
    rows, columns = _SPECTROGRAM
    x = nn.reshape(net, net.input((1, rows * columns), _FEATURES, "features"), 1, rows, columns, 1)
    x = nn.depthwise(net, x, (10, 8), 2, multiplier=8, activation="relu")
    return [nn.softmax(net, nn.dense(net, x, classes))]


def autoencoder(net: Net, size: int) -> Sequence[Value]:
    """Dense layers through a bottleneck of 8; ``size`` values in and out."""
    x = net.input((1, size), LINEAR, "features")
    for units in (128, 128, 128, 128, 8, 128, 128, 128, 128):
        x = nn.dense(net, x, units, "relu")
    return [nn.dense(net, x, size)]


def lstm(net: Net, classes: int) -> Sequence[Value]:
    """An LSTM over 28 steps of 28 features whose outputs of all steps go into one dense layer."""
    steps, features = _SEQUENCE
    x = net.input((1, steps, features), IMAGE, "sequence")
    sequence = _lstm_layer(net, x, _UNITS)
    flat = nn.reshape(net, sequence, 1, steps * _UNITS)
    return [nn.softmax(net, nn.dense(net, flat, classes))]


def _lstm_layer(net: Net, x: Value, units: int) -> Value:
    _, steps, features = x.shape
    name = net.next_name("LSTM")
    fan_in = features + units
    gain = 1 / sqrt(2)  # keeps the gates off their ends
    from_input = [net.weights((units, features), fan_in, f"{name}/input", gain=gain) for _ in range(_GATES)]
    from_state = [net.weights((units, units), fan_in, f"{name}/state", gain=gain) for _ in range(_GATES)]
    biases = [net.bias(x, weights, units, name) for weights in from_input]
    operands = [x.tensor, *(value.tensor for value in from_input), *(value.tensor for value in from_state)]
    operands += [ABSENT] * 3  # peephole
    operands += [value.tensor for value in biases]
    operands += [ABSENT] * 2  # projection
    operands += _state(net, name, units)
    operands += [ABSENT] * 4  # layer normalisation
    intermediates = _intermediates(net) if net.quantized else []
    quantization = _HIDDEN if net.quantized else None
    element = TensorType.INT8 if net.quantized else TensorType.FLOAT32
    output = net.graph.tensor((1, steps, units), element, name=name, quantization=quantization)
    options = {"fused_activation_function": _TANH, "cell_clip": 10.0}
    net.graph.operator("UNIDIRECTIONAL_SEQUENCE_LSTM", operands, [output], options, intermediates=intermediates)
    return Value(output, (1, steps, units), quantization)


def _state(net: Net, name: str, units: int) -> list[int]:
    """Output and cell state: variables, which keep their content from one inference to the next."""
    element, cell = (TensorType.INT8, TensorType.INT16) if net.quantized else (TensorType.FLOAT32, TensorType.FLOAT32)
    hidden_range, cell_range = (_HIDDEN, _CELL) if net.quantized else (None, None)
    shape = (1, units)
    return [
        net.graph.tensor(shape, element, name=f"{name}/output_state", quantization=hidden_range, variable=True),
        net.graph.tensor(shape, cell, name=f"{name}/cell_state", quantization=cell_range, variable=True),
    ]


def _intermediates(net: Net) -> list[int]:
    """Empty tensors that only carry scales: four gates (used with layer normalisation) and the hidden state."""
    gates = [net.graph.tensor((0,), TensorType.FLOAT32, name=f"gate_{i}") for i in range(_GATES)]
    return [*gates, net.graph.tensor((0,), TensorType.INT8, name="hidden", quantization=_HIDDEN)]
