"""A graph's tensors as arrays: element types, scale and zero point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.graph import TensorType
from omvsim.runtime import TensorInfo

if TYPE_CHECKING:
    from omvsim.graph import Tensor

_TYPES: dict[int, Any] = {
    TensorType.FLOAT32: np.float32,
    TensorType.INT8: np.int8,
    TensorType.UINT8: np.uint8,
    TensorType.INT16: np.int16,
}


def zeros_of(tensor: Tensor) -> Any:
    """An array of the tensor's shape and type; types that the camera's ``ml`` refuses are bytes here."""
    return np.zeros(tensor.shape, _TYPES.get(int(tensor.type), np.uint8))


def scale_of(tensor: Tensor) -> float:
    """The tensor's first scale; 1 without one or for 0 (openmv/openmv v4.8.1, ``lib/tflm/tflm_backend.cc``)."""
    scales = () if tensor.quantization is None else tensor.quantization.scales
    return (float(scales[0]) if scales else 0.0) or 1.0


def zero_point_of(tensor: Tensor) -> int:
    """The tensor's first zero point, 0 without one."""
    points = () if tensor.quantization is None else tensor.quantization.zero_points
    return int(points[0]) if points else 0


def quantization(tensor: Tensor) -> tuple[float, int]:
    """Scale and zero point to compute with; 1 and 0 for a tensor without."""
    return scale_of(tensor), zero_point_of(tensor)


def tensor_info(tensor: Tensor) -> TensorInfo:
    """The tensor as a runtime describes it."""
    name = np.dtype(_TYPES.get(int(tensor.type), np.uint8)).name
    found = tensor.quantization
    scales, points = ((), ()) if found is None else (tuple(found.scales), tuple(found.zero_points))
    return TensorInfo(0, tensor.name, tuple(tensor.shape), name, scales, points)
