"""Input and output tensors as the module sees them (openmv/openmv, ``lib/tflm/tflm_backend.cc``)."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from omvsim.graph import TensorType
from omvsim.later import later, np
from omvsim.numerals.single import single

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim import runtime
    from omvsim.graph import Tensor
else:
    (runtime,) = later("omvsim", "runtime")

_TYPES: Final[dict[int, str]] = {
    TensorType.FLOAT32: "float32",
    TensorType.INT8: "int8",
    TensorType.UINT8: "uint8",
    TensorType.INT16: "int16",
    TensorType.UINT16: "uint16",
}
_EXACT: Final = 1 << 24
"""Whole numbers up to here are single-precision numbers."""
_BYTES: Final = {"float32": 4, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2}
_CHARS: Final[dict[int, str]] = {
    TensorType.UINT8: "B",
    TensorType.INT8: "b",
    TensorType.UINT16: "H",
    TensorType.INT16: "h",
    TensorType.FLOAT32: "f",
}
TFLITE_NUMBERS: Final = {0: 1, 1: 10, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 10: 11, 11: 12, 12: 13, 15: 16}
"""``TfLiteType`` (tensorflow/lite/core/c/c_api_types.h) of the schema's types the module may name in an error."""


Octets = bytes  # the name is one of a buffer's properties below


class Buffer:
    """A tensor and its bytes on the host, made when they are first looked at: by then the camera holds them.

    An output that nothing computes is the real number 0, in which nothing is found; an input is bytes of 0.
    """

    __slots__ = ("_data", "output", "tensor")

    def __init__(self, tensor: Tensor, *, output: bool = False) -> None:
        self.tensor = tensor
        self.output = output
        self._data: bytearray | None = None

    @property
    def bytes(self) -> int:
        """What its shape and type make of it; more than the camera has where the shape is nonsense."""
        return self.tensor.elements * _BYTES[host_type(self.tensor)]

    @property
    def data(self) -> bytearray:
        """Its bytes, shared."""
        if self._data is None:
            zero = self._real_zero() if self.output else None
            self._data = bytearray(self.bytes) if zero is None else bytearray(zero * self.tensor.elements)
        return self._data

    @property
    def nothing(self) -> bool:
        """Whether it is an output that was never computed nor looked at."""
        return self._data is None and self.output and self._real_zero() is not None

    def _real_zero(self) -> Octets | None:
        """An element of the real number 0 as ``predict()`` quantises it; None where arithmetic has to tell."""
        kind, point = host_type(self.tensor), zero_point_of(self.tensor)
        simple = abs(point) <= _EXACT and isfinite(single(1 / scale_of(self.tensor)))
        if not is_supported(self.tensor) or not simple:
            return None
        whole = 0 if kind == "float32" else point & (1 << 8 * _BYTES[kind]) - 1
        return whole.to_bytes(_BYTES[kind], "little")

    @property
    def is_zero(self) -> bool:
        """Whether all its bytes are 0."""
        return not self.nothing and (self._data is None or self._data == bytes(len(self._data)))

    @property
    def values(self) -> NDArray[Any]:
        """Its elements, shared."""
        return np.frombuffer(self.data, host_type(self.tensor)).reshape(self.tensor.shape)

    def put_zeros(self) -> bool:
        """Set its elements to the real number 0 as ``predict()`` quantises it; False where arithmetic has to tell."""
        zero = self._real_zero()
        if zero is not None:
            self.data[:] = zero * self.tensor.elements
        return zero is not None

    def put(self, values: NDArray[Any]) -> None:
        """Set its elements."""
        self.values[...] = values.reshape(self.tensor.shape)


def is_supported(tensor: Tensor) -> bool:
    """Whether the module takes a tensor of its type."""
    return int(tensor.type) in _TYPES


def host_type(tensor: Tensor) -> str:
    """The host's type of its elements, by name."""
    return _TYPES.get(int(tensor.type), "uint8")


def dtype_char(tensor: Tensor) -> str:
    """The camera's one-letter dtype."""
    return _CHARS[int(tensor.type)]


def code_of(tensor: Tensor) -> int:
    """Its element type as the module keeps it: a letter's code."""
    return ord(dtype_char(tensor))


def scale_of(tensor: Tensor) -> float:
    """Its first scale; 1 without one or for 0."""
    scales = () if tensor.quantization is None else tensor.quantization.scales
    return (float(scales[0]) if scales else 0.0) or 1.0


def zero_point_of(tensor: Tensor) -> int:
    """Its first zero point, 0 without one."""
    points = () if tensor.quantization is None else tensor.quantization.zero_points
    return int(points[0]) if points else 0


def tensor_info(tensor: Tensor) -> runtime.TensorInfo:
    """The tensor as a runtime describes it."""
    found = tensor.quantization
    scales, points = ((), ()) if found is None else (tuple(found.scales), tuple(found.zero_points))
    return runtime.TensorInfo(0, tensor.name, tuple(tensor.shape), host_type(tensor), scales, points)


__all__ = [
    "TFLITE_NUMBERS",
    "Buffer",
    "code_of",
    "host_type",
    "is_supported",
    "scale_of",
    "tensor_info",
    "zero_point_of",
]
