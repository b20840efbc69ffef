"""Tensors of zeros are filled and read without arithmetic on every element: what comes out is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.graph import Quantization, Tensor, TensorType
from omvsim.modules.ml import tensors
from omvsim.modules.ml.predicting import predict  # noqa: F401 - the room is imported whole
from omvsim.modules.ml.tensors import Buffer, tensor_info
from omvsim.runtime import quantize_as_camera
from tests.modules.ml.running import printed

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (TensorType.FLOAT32, TensorType.INT8, TensorType.UINT8, TensorType.INT16)


def tensor(kind: TensorType, scale: float, point: int) -> Tensor:
    """A tensor of six elements."""
    return Tensor(0, "x", kind, (2, 3), (), 0, 0, False, Quantization((scale,), (point,), 0))


@given(st.sampled_from(TYPES), st.floats(0, 2.0**100, width=32), st.integers(-(1 << 40), 1 << 40))
def test_zero_is_quantised_as_an_array_of_zeros_is(kind: TensorType, scale: float, point: int) -> None:
    buffer = Buffer(tensor(kind, scale, point))
    if buffer.put_zeros():
        with np.errstate(all="ignore"):
            expected = quantize_as_camera(np.zeros((2, 3), np.float32), tensor_info(buffer.tensor))
        assert buffer.values.tolist() == expected.tolist()
    else:
        assert abs(point) > 1 << 24 or scale < 1e-38


@pytest.mark.parametrize("kind", TYPES)
def test_an_ordinary_tensor_takes_zeros(kind: TensorType) -> None:
    assert Buffer(tensor(kind, 0.5, -3)).put_zeros()


def test_a_type_that_the_camera_does_not_take_is_left_to_the_rule() -> None:
    assert not Buffer(tensor(TensorType.INT64, 1.0, 0)).put_zeros()


SCRIPT = """
import ml
from ulab import numpy as np
m = ml.Model(MODEL)
seen = []
def look(model, inputs, outputs):
    seen.append([inputs, outputs])
out = m.predict([np.zeros(m.input_shape[0])])
print(out[0].shape, min(out[0].flatten()), max(out[0].flatten()))
m.predict([lambda buffer, shape, dtype: print(sorted(set(buffer)))])
"""


def test_the_same_is_printed_with_and_without_the_short_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = printed(tmp_path, SCRIPT)
    monkeypatch.setattr(tensors.Buffer, "put_zeros", lambda _: False)
    monkeypatch.setattr(tensors.Buffer, "is_zero", False)
    assert printed(tmp_path, SCRIPT) == soon
    assert len(soon) == 2
