"""What a script hands to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware._arrays import MAX_DIMENSIONS
from omvsim.records import StrEnum

if TYPE_CHECKING:
    from omvsim.graph import Model, Tensor


class InputKind(StrEnum):
    """What a script hands to ``predict`` for each input."""

    CAMERA = "camera"
    """A frame of the camera: the object is on the heap, its pixels are in the frame buffer."""
    IMAGE = "image"
    """An ``image.Image`` that the script made on the heap, of the input's size."""
    NDARRAY = "ndarray"
    """A float array of the input's shape."""
    CALLABLE = "callable"
    """A function that fills the tensor in place."""


def image_input_possible(tensor: Tensor) -> bool:
    """Whether ``Normalization`` takes this input: (1, H, W, 1 or 3)."""
    shape = tensor.shape
    return len(shape) == 4 and shape[0] == 1 and shape[3] in (1, 3)


def fitting_input(graph: Model) -> InputKind:
    """A frame of the camera where the model takes one picture; else arrays, where ulab has such; else a function."""
    inputs = graph.main.input_tensors
    if len(inputs) == 1 and image_input_possible(inputs[0]):
        return InputKind.CAMERA
    return InputKind.NDARRAY if all(len(tensor.shape) <= MAX_DIMENSIONS for tensor in inputs) else InputKind.CALLABLE
