"""A network in the making: values with shapes and quantization, weights from a seeded generator.

The same network is written as int8 (post-training style, int8 in and out), as int8 behind uint8 inputs and outputs,
or as float32 with the very numbers that the int8 weights stand for.
"""

from __future__ import annotations

import random
import sys
from array import array
from dataclasses import dataclass
from math import prod, sqrt
from typing import TYPE_CHECKING

from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder, pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.models.builder import OptionValue

DTYPES = ("int8", "float32", "uint8-io")

IMAGE = Quantization((1 / 255,), (-128,))
"""0 to 1, as a camera's picture is normalised."""
LINEAR = Quantization((8 / 255,), (0,))
"""About -4 to 4: four standard deviations of what the weights below give."""
RECTIFIED = Quantization((6 / 255,), (-128,))
"""0 to 6: after RELU and RELU6."""
PROBABILITY = Quantization((1 / 256,), (-128,))
"""0 to 1; the runtime demands exactly this after LOGISTIC and SOFTMAX."""
GAIN = 1.6
"""Weights of this deviation times the root of their number restore the variance that RELU and SiLU take away."""

# Symmetric int8 weights are never -128 (TFLite quantization specification).
_SYMMETRIC = bytes(range(128)) + b"\x81" + bytes(range(129, 256))
_WEIGHT_DEVIATION = 73.6  # standard deviation of a byte taken evenly from -127 .. 127
_BIAS_RANGE = 0.1


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor of the network; ``quantization`` is None for float."""

    tensor: int
    shape: tuple[int, ...]
    quantization: Quantization | None = None


class Net:
    """Collects one network with a single subgraph."""

    def __init__(self, description: str, dtype: str, seed: int) -> None:
        self._model = ModelBuilder(description)
        self.graph = self._model.subgraph()
        self.quantized = dtype != "float32"
        self._unsigned = dtype == "uint8-io"
        self._random = random.Random(seed)
        self._element = TensorType.INT8 if self.quantized else TensorType.FLOAT32

    def input(self, shape: Sequence[int], quantization: Quantization, name: str = "") -> Value:
        """What the caller feeds; with uint8 inputs the QUANTIZE to int8 as well."""
        if not self._unsigned:
            chosen = quantization if self.quantized else None
            tensor = self.graph.input(shape, self._element, name=name, quantization=chosen)
            return Value(tensor, tuple(shape), chosen)
        tensor = self.graph.input(shape, TensorType.UINT8, name=name, quantization=_unsigned(quantization))
        return self.apply("QUANTIZE", [Value(tensor, tuple(shape))], shape, quantization)

    def finish(self, outputs: Sequence[Value]) -> bytes:
        """The file, with ``outputs`` handed out (as uint8 if asked for)."""
        for value in outputs:
            self.graph.output(self._as_uint8(value) if self._unsigned else value.tensor)
        return self._model.build()

    def apply(
        self,
        operator: str,
        inputs: Sequence[Value | int],
        shape: Sequence[int],
        quantization: Quantization | None,
        options: Mapping[str, OptionValue] | None = None,
    ) -> Value:
        """Add an operator with one output of ``shape``; bare ints are tensor indices (constants)."""
        chosen = quantization if self.quantized else None
        output = self.graph.tensor(shape, self._element, name=self.next_name(operator), quantization=chosen)
        tensors = [value.tensor if isinstance(value, Value) else value for value in inputs]
        self.graph.operator(operator, tensors, [output], options)
        return Value(output, tuple(shape), chosen)

    def next_name(self, operator: str) -> str:
        """A name for the next operator's tensors: its position and its kind."""
        return f"{len(self.graph.operators)}_{operator.lower()}"

    def ints(self, values: Sequence[int], shape: Sequence[int] | None = None) -> int:
        """A small int32 constant (axes, shapes, paddings); equal ones are one tensor, as converters do."""
        dims = (len(values),) if shape is None else shape
        return self.graph.constant(dims, TensorType.INT32, values, name="const", shared=True)

    def number(self, shape: Sequence[int], values: Sequence[float], quantization: Quantization) -> Value:
        """A constant operand with given values, of the network's type."""
        if not self.quantized:
            return Value(self.graph.constant(shape, TensorType.FLOAT32, values, name="const"), tuple(shape))
        scale, zero = quantization.scales[0], quantization.zero_points[0]
        steps = [max(-128, min(127, round(value / scale) + zero)) for value in values]
        tensor = self.graph.constant(shape, TensorType.INT8, steps, name="const", quantization=quantization)
        return Value(tensor, tuple(shape), quantization)

    def weights(
        self,
        shape: Sequence[int],
        fan_in: int,
        name: str,
        *,
        channel_axis: int | None = None,
        gain: float = GAIN,
    ) -> Value:
        """Pseudo-random weights whose ``fan_in`` products add up to ``gain`` times the input's deviation.

        ``channel_axis`` gives every output channel a scale of its own, as the converter does (all are equal here).
        """
        scale = gain / (_WEIGHT_DEVIATION * sqrt(fan_in))
        data = self._random.randbytes(prod(shape)).translate(_SYMMETRIC)
        label = f"{name}/weights"
        if not self.quantized:
            tensor = self.graph.constant(shape, TensorType.FLOAT32, _dequantized(data, scale), name=label)
            return Value(tensor, tuple(shape))
        channels = 1 if channel_axis is None else shape[channel_axis]
        quantization = Quantization((scale,) * channels, (0,) * channels, channel_axis or 0)
        tensor = self.graph.constant(shape, TensorType.INT8, data, name=label, quantization=quantization)
        return Value(tensor, tuple(shape), quantization)

    def bias(self, x: Value, weights: Value, channels: int, name: str) -> Value:
        """Pseudo-random biases near zero, int32 at scale input x weights (TFLite quantization specification)."""
        values = [(step - 127.5) * _BIAS_RANGE / 127.5 for step in self._random.randbytes(channels)]
        label = f"{name}/bias"
        if x.quantization is None or weights.quantization is None:
            return Value(self.graph.constant((channels,), TensorType.FLOAT32, values, name=label), (channels,))
        scales = tuple(x.quantization.scales[0] * scale for scale in weights.quantization.scales)
        steps = [round(value / scales[i % len(scales)]) for i, value in enumerate(values)]
        quantization = Quantization(scales, (0,) * len(scales))
        tensor = self.graph.constant((channels,), TensorType.INT32, steps, name=label, quantization=quantization)
        return Value(tensor, (channels,), quantization)

    def _as_uint8(self, value: Value) -> int:
        assert value.quantization is not None
        quantization = _unsigned(value.quantization)
        name = self.next_name("QUANTIZE")
        output = self.graph.tensor(value.shape, TensorType.UINT8, name=name, quantization=quantization)
        self.graph.operator("QUANTIZE", [value.tensor], [output])
        return output


def _unsigned(quantization: Quantization) -> Quantization:
    """The uint8 quantization of the same real values."""
    return Quantization(quantization.scales, tuple(zero + 128 for zero in quantization.zero_points))


def _dequantized(data: bytes, scale: float) -> bytes:
    """The float32 values of int8 ``data``, little-endian; through a table, for models have millions of them."""
    if sys.byteorder == "big":
        return pack(TensorType.FLOAT32, [(step - 256 if step > 127 else step) * scale for step in data])
    table = [(step - 256 if step > 127 else step) * scale for step in range(256)]
    return array("f", map(table.__getitem__, data)).tobytes()
