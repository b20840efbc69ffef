"""Models made on the spot, and the command line in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def _options_of_another_kind() -> bytes:
    """A custom operator whose options are no flexbuffer map: nobody knows what its kernel makes of them."""
    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 20), TensorType.INT16), graph.tensor((1, 20), TensorType.INT16)
    graph.custom_operator("SignalDelay", [x], [y], b"no map")
    graph.output(y)
    return model.build()


def _softmax(beta: float) -> bytes:
    """With a beta of 0 the library aborts while it prepares the operator."""
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4), TensorType.INT8, quantization=Quantization((0.5,), (0,)))
    y = graph.tensor((1, 4), TensorType.INT8, quantization=Quantization((1 / 256,), (-128,)))
    graph.operator("SOFTMAX", [x], [y], options={"beta": beta})
    graph.output(y)
    return model.build()


def _wide_comparison() -> bytes:
    """A MAXIMUM that broadcasts six dimensions: it loads, and the library aborts when it runs."""
    model = ModelBuilder()
    graph = model.subgraph()
    one = graph.input((1, 1, 1, 1, 2, 3), TensorType.FLOAT32)
    other = graph.constant((3,), TensorType.FLOAT32, [1, 2, 3])
    y = graph.tensor((1, 1, 1, 1, 2, 3), TensorType.FLOAT32)
    graph.operator("MAXIMUM", [one, other], [y])
    graph.output(y)
    return model.build()


@pytest.fixture
def omvsim(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """``omvsim("run", path)`` as the shell would see it."""

    def run(*words: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:  # argparse leaves like this
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(int(code), captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def model_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small generated models of several kinds."""
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny-conv", "fomo-like", "keyword-spotting"):
        (folder / f"{name}.tflite").write_bytes(models.make(name))
    (folder / "refused.tflite").write_bytes(_unsupported_type())
    (folder / "unknown.tflite").write_bytes(_options_of_another_kind())
    (folder / "null-pointer.tflite").write_bytes(_permutation_from_outside())
    (folder / "hangs-at-load.tflite").write_bytes(_softmax(beta=0.0))
    (folder / "hangs.tflite").write_bytes(_wide_comparison())
    return folder


def _unsupported_type() -> bytes:
    """A DEQUANTIZE of int32, which the library takes in no amount of memory."""
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 8), TensorType.INT32)
    y = graph.tensor((1, 8), TensorType.FLOAT32)
    graph.operator("DEQUANTIZE", [x], [y])
    graph.output(y)
    return model.build()


def _permutation_from_outside() -> bytes:
    """A TRANSPOSE whose permutation is an input: the kernel reads it through a null pointer while preparing."""
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4, 2), quantization=Quantization((0.1,), (0,)))
    order = graph.input((3,), TensorType.INT32)
    y = graph.tensor((1, 2, 4), quantization=Quantization((0.1,), (0,)))
    graph.operator("TRANSPOSE", [x, order], [y])
    graph.output(y)
    return model.build()
