"""A picture given to a model whose input no picture can be turned into: the camera refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path

UNSUPPORTED = "ValueError: Unsupported dtype"
"""``py_image_to_ndarray`` (modules/py_image.c) knows b, B and f."""


def model(path: Path, kind: TensorType) -> Path:
    """A picture of 8 x 8 through one addition of itself."""
    made = ModelBuilder()
    graph = made.subgraph()
    scale = Quantization((0.1,), (0,))
    picture = graph.input((1, 8, 8, 1), kind, quantization=scale)
    twice = graph.tensor((1, 8, 8, 1), kind, quantization=scale)
    graph.operator("ADD", [picture, picture], [twice], {"fused_activation_function": 0})
    graph.output(twice)
    path.write_bytes(made.build())
    return path


@pytest.mark.parametrize("release", ["4.5.8", "4.7.0", "4.8.1", "5.0.0"])
@pytest.mark.parametrize("given", ["camera", "image"])
def test_int16_input(tmp_path: Path, release: str, given: str) -> None:
    """A dark picture as well as any other: the type is looked at when the pixels are made into an array."""
    path = model(tmp_path / "net.tflite", TensorType.INT16)
    result = omvsim.run(path, firmware=release, load="file", input=given)
    assert result.exception == UNSUPPORTED
    assert str(result.verdict) == "value_error"


def test_int8_input(tmp_path: Path) -> None:
    """The same model of bytes runs."""
    path = model(tmp_path / "net.tflite", TensorType.INT8)
    assert str(omvsim.run(path, firmware="4.8.1", load="file", input="image").verdict) == "ok"
