"""Where no runtime computes a model its outputs are zero as the model counts, so that nothing is found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder
from omvsim.runs import ScriptOptions, ScriptSession

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult


def run(folder: Path, data: bytes, text: str) -> ScriptResult:
    (folder / "net.tflite").write_bytes(data)
    (folder / "main.py").write_text(text)
    return ScriptSession(load_board(), folder / "main.py", ScriptOptions(run_models=False)).run()


def _quantized(kind: TensorType, scale: float, zero: int) -> bytes:
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4), kind, quantization=Quantization((scale,), (zero,)))
    y = graph.tensor((1, 4), kind, quantization=Quantization((scale,), (zero,)))
    graph.operator("RELU", [x], [y])
    graph.output(y)
    return model.build()


@pytest.mark.parametrize(
    ("kind", "scale", "zero"), [(TensorType.INT8, 0.05, -35), (TensorType.INT8, 0.5, 127), (TensorType.INT8, 1.0, 0)]
)
def test_quantised_outputs_are_the_real_zero(tmp_path: Path, kind: TensorType, scale: float, zero: int) -> None:
    text = (
        "import ml\nfrom ulab import numpy as np\nm = ml.Model('/flash/net.tflite')\n"
        "print(m.predict([np.ones((1, 4))])[0])\n"
    )
    assert run(tmp_path, _quantized(kind, scale, zero), text).output == "array([[0.0, 0.0, 0.0, 0.0]], dtype=float32)\n"


def test_nothing_is_found_in_them(tmp_path: Path) -> None:
    """An int8 0 of this family is 1.76, above every threshold: 2 100 boxes a frame once, 726 544 bytes of garbage."""
    text = (
        "import sensor, ml\nfrom ml.postprocessing.ultralytics import YoloV8\nsensor.reset()\n"
        "sensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"
        "m = ml.Model('/flash/net.tflite', postprocess=YoloV8(threshold=0.4))\n"
        "for i in range(3):\n    print(sum(len(found) for found in m.predict([sensor.snapshot()])))\n"
    )
    result = run(tmp_path, models.make("yolov8n-like", size=192, classes=2), text)
    assert result.output == "0\n0\n0\n"
    assert result.loop is not None
    assert result.loop.garbage_bytes is not None
    assert result.loop.garbage_bytes < 10_000
