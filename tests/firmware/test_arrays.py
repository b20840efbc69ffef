"""ulab's dense arrays: what their data takes, and what a script cannot make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim.errors import DeviceValueError
from omvsim.firmware import dense_bytes
from omvsim.graph import TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("shape", "itemsize", "size"),
    [((1, 4, 5, 3), 4, 240), ((7,), 1, 7), ((), 4, 4), ((3, 0), 2, 2), ((0x3FFF_FFFE,), 4, 0xFFFF_FFF8)],
)
def test_bytes_of_the_data(shape: tuple[int, ...], itemsize: int, size: int) -> None:
    assert dense_bytes(shape, itemsize) == size


@pytest.mark.parametrize(
    ("shape", "itemsize", "text"),
    [
        ((1, 4, 5, 1 << 30), 4, "array is too big"),
        ((1 << 16, 1 << 16), 1, "array is too big"),
        ((1 << 30,), 4, "ndarray length overflows"),
        ((0x3FFF_FFFF,), 4, "ndarray length overflows"),
        ((0xFFFF_FFFF,), 1, "ndarray length overflows"),
    ],
)
def test_sizes_beyond_the_processor(shape: tuple[int, ...], itemsize: int, text: str) -> None:
    with pytest.raises(DeviceValueError) as raised:
        dense_bytes(shape, itemsize)
    assert raised.value.text == text
    assert "x".join(map(str, shape)) in raised.value.because


def _relu(path: Path, shape: tuple[int, ...], output: tuple[int, ...] | None = None) -> Path:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x = graph.input(shape, TensorType.FLOAT32)
    y = graph.tensor(shape if output is None else output, TensorType.FLOAT32)
    graph.operator("RELU", [x], [y])
    graph.output(y)
    path.write_bytes(builder.build())
    return path


def test_an_input_that_no_array_can_be_made_for(tmp_path: Path) -> None:
    """No request of 85 899 345 920 bytes: the device's size_t has 32 bits, and ulab asks first."""
    result = omvsim.run(_relu(tmp_path / "m.tflite", (1, 4, 5, 1 << 30)))
    assert (result.verdict, result.exception) == ("value_error", "ValueError: array is too big")
    assert result.failure is not None
    assert (result.failure.step, result.failure.refused) == ("input", None)


def test_more_dimensions_than_an_array_has(tmp_path: Path) -> None:
    path = _relu(tmp_path / "m.tflite", (1, 2, 1, 2, 3), (12,))
    filled = omvsim.run(path)
    steps = [step.detail for step in filled.steps if step.name == "input"]
    assert (filled.verdict, steps) == ("ok", ["inputs = [fill] * 1"])
    array = omvsim.run(path, input="ndarray")
    assert (array.verdict, array.exception) == ("other_error", "TypeError: too many dimensions")
