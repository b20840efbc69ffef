"""Models with tensors larger than any memory, or of no dimensions: the run's verdict, never a fault of omvsim."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim.cli import main
from omvsim.firmware import TfMethod, output_of
from tests.modules.ml.running import run
from tests.runtime.tiny import ADD, RELU, TinyModel

if TYPE_CHECKING:
    from pathlib import Path

WRAPS = [65536, 65536, 1]
"""As many elements as fit no memory: 2**32, which is none in 32 bits."""
HOSTILE = [
    "models/shape_500_dims",
    "contradictory_shapes/DEPTHWISE_CONV_2D_shape",
    "contradictory_shapes/AVERAGE_POOL_2D_shape",
    "contradictory_shapes/MAX_POOL_2D_shape",
]


def verdict(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["run", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)["verdict"]


@pytest.mark.parametrize("name", HOSTILE)
def test_public_cases_that_may_crash_end_so(shared: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared / "cases" / "hostile" / f"{name}.tflite"
    assert verdict(capsys, str(path)) == (12, "may_crash")


@pytest.mark.parametrize("name", HOSTILE[:2])
def test_releases_takes_the_public_cases(shared: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["releases", str(shared / "cases" / "hostile" / f"{name}.tflite")]) != 70
    assert "internal error" not in capsys.readouterr().err


@pytest.mark.parametrize("reach", ["ndarray", "callable"])
def test_a_tensor_that_is_larger_than_its_arena_is_never_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reach: str
) -> None:
    tiny = TinyModel()
    big, small = tiny.tensor(WRAPS), tiny.tensor([1])
    tiny.operator(RELU, [small], [tiny.tensor([1])])
    (tmp_path / "big.tflite").write_bytes(tiny.build([big, small], [2]))
    code, said = verdict(capsys, str(tmp_path / "big.tflite"), "--input", reach)
    assert code != 70
    assert said != "ok"


def test_an_input_without_dimensions_takes_an_array_without_elements(tmp_path: Path) -> None:
    """``py_ml_process_input`` copies as many elements as the array has."""
    tiny = TinyModel()
    left, right = tiny.tensor([]), tiny.tensor([])
    total = tiny.tensor([])
    tiny.operator(ADD, [left, right], [total])
    (tmp_path / "scalar.tflite").write_bytes(tiny.build([left, right], [total]))
    text = """import ml
from ulab import numpy as np
model = ml.Model("/flash/scalar.tflite")
print(model.input_shape)
x = np.zeros(())
print(type(model.predict([x, x])[0]))
"""
    result = run(tmp_path, text)
    assert result.failure is None, result.failure
    assert result.output == "((), ())\n<class 'ndarray'>\n"


def test_an_output_without_dimensions_has_no_method_of_its_own() -> None:
    assert output_of(()).method is TfMethod.CLASSIFY
    assert (output_of(()).channels, output_of((1, 3)).channels) == (0, 3)
