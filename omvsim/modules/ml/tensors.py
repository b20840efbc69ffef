"""Input and output tensors as the module sees them (openmv/openmv, ``lib/tflm/tflm_backend.cc``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from omvsim.firmware import dtype_char
from omvsim.graph import TensorType
from omvsim.runtime import TensorInfo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.graph import Tensor

_TYPES: Final[dict[int, Any]] = {
    TensorType.FLOAT32: np.float32,
    TensorType.INT8: np.int8,
    TensorType.UINT8: np.uint8,
    TensorType.INT16: np.int16,
    TensorType.UINT16: np.uint16,
}
_CHARS: Final = frozenset(_TYPES)
TFLITE_NUMBERS: Final = {0: 1, 1: 10, 2: 2, 4: 4, 5: 5, 6: 6, 8: 8, 10: 11, 11: 12, 12: 13, 15: 16}
"""``TfLiteType`` (tensorflow/lite/core/c/c_api_types.h) of the schema's types the module may name in an error."""


class Buffer:
    """A tensor and its bytes on the host, made when they are first looked at: by then the camera holds them."""

    __slots__ = ("_data", "tensor")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self._data: bytearray | None = None

    @property
    def data(self) -> bytearray:
        """Its bytes, shared."""
        if self._data is None:
            self._data = bytearray(self.tensor.elements * np.dtype(host_type(self.tensor)).itemsize)
        return self._data

    @property
    def values(self) -> NDArray[Any]:
        """Its elements, shared."""
        return np.frombuffer(self.data, host_type(self.tensor)).reshape(self.tensor.shape)

    def put(self, values: NDArray[Any]) -> None:
        """Set its elements."""
        self.values[...] = values.reshape(self.tensor.shape)


def is_supported(tensor: Tensor) -> bool:
    """Whether the module takes a tensor of its type."""
    return int(tensor.type) in _CHARS


def host_type(tensor: Tensor) -> Any:
    """The host's type of its elements."""
    return _TYPES.get(int(tensor.type), np.uint8)


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


def tensor_info(tensor: Tensor) -> TensorInfo:
    """The tensor as a runtime describes it."""
    name = np.dtype(host_type(tensor)).name
    found = tensor.quantization
    scales, points = ((), ()) if found is None else (tuple(found.scales), tuple(found.zero_points))
    return TensorInfo(0, tensor.name, tuple(tensor.shape), name, scales, points)


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
