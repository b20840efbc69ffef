"""Corners of the reader: data behind the flatbuffer, many dimensions, options nobody knows, packages loaded late."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tflite
from hypothesis import given
from hypothesis import strategies as st

from omvsim.errors import ModelError
from omvsim.graph import TensorType, parse_model, read_model
from omvsim.graph._flexbuffers import _LaterNumpy, _without_numpy
from omvsim.graph._types import Tensor
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path


def constant_model(data: bytes = bytes(8)) -> ModelBuilder:
    builder = ModelBuilder()
    graph = builder.subgraph()
    result = graph.tensor((8,))
    graph.operator("ADD", [graph.input((8,)), graph.constant((8,), TensorType.INT8, data)], [result])
    graph.output(result)
    return builder


def _buffers_say(monkeypatch: pytest.MonkeyPatch, offset: int, size: int) -> None:
    """Every buffer that the builder writes claims to lie there in the file."""
    end = tflite.BufferEnd

    def ends(out: Any) -> int:
        out.PrependUint64Slot(1, offset, 0)
        out.PrependUint64Slot(2, size, 0)
        return int(end(out))

    monkeypatch.setattr(tflite, "BufferEnd", ends)


# -- buffers behind the flatbuffer (Buffer.offset and .size of the schema) -------------------------------------------


def test_data_behind_the_flatbuffer_is_none_to_the_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """TFLM reads ``buffer->data()`` alone; offsets 0 and 1 mean that there is nothing behind."""
    _buffers_say(monkeypatch, 2, 8)
    model = parse_model(constant_model(b"").build(), "behind")
    constant = model.main.tensors[1]
    assert (constant.constant_bytes, constant.is_constant) == (0, False)
    assert model.external_buffers == frozenset(range(len(model.buffers)))


def test_offset_one_says_that_nothing_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    _buffers_say(monkeypatch, 1, 1 << 40)
    assert parse_model(constant_model().build(), "none").external_buffers == frozenset()


def test_data_behind_the_file_is_a_truncated_file(monkeypatch: pytest.MonkeyPatch) -> None:
    _buffers_say(monkeypatch, 100, 1 << 40)
    with pytest.raises(ModelError, match=r"truncated: buffer 0 is stored at bytes 100 to 10995116278"):
        parse_model(constant_model().build(), "cut")


def test_metadata_in_a_buffer_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tflite, "MetadataAddBuffer", lambda out, _: out.PrependUint32Slot(1, 77, 0))
    builder = constant_model()
    builder.add_metadata("note", b"1")
    with pytest.raises(ModelError, match="metadata 'note' is in buffer 77, but there are"):
        parse_model(builder.build(), "odd")


def test_options_of_a_kind_that_no_schema_has_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def model() -> Any:
        builder = ModelBuilder()
        graph = builder.subgraph()
        options = {"stride_w": 3, "stride_h": 3}
        graph.operator("AVERAGE_POOL_2D", [graph.input((1, 8, 8, 1))], [graph.tensor((1, 2, 2, 1))], options)
        return parse_model(builder.build(), "m").main.operators[0].options

    assert model()["stride_w"] == 3
    monkeypatch.setattr(tflite, "OperatorAddBuiltinOptionsType", lambda out, _: out.PrependUint8Slot(3, 250, 0))
    assert dict(model()) == {}


def test_a_file_larger_than_any_storage(tmp_path: Path) -> None:
    path = tmp_path / "huge.tflite"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)  # a hole: no bytes on the disk
    with pytest.raises(ModelError, match="it is larger than 1 GiB"):
        read_model(path)


# -- tensors and models ------------------------------------------------------------------------------------------------


def tensor(shape: tuple[int, ...]) -> Tensor:
    return Tensor(0, "t", TensorType.INT8, shape, shape_signature=(), buffer=0, constant_bytes=0)


@given(st.lists(st.integers(-3, 40), min_size=9, max_size=14))
def test_elements_of_many_dimensions_are_their_product(shape: list[int]) -> None:
    product = 1
    for length in shape:
        product *= length
    assert tensor(tuple(shape)).elements == product


def test_elements_of_hundreds_of_dimensions_stay_a_number_that_can_be_printed() -> None:
    most = tensor((2147483647,) * 500).elements
    assert most > 1 << 128
    assert len(str(most)) < 100
    assert tensor((2147483647,) * 499 + (-1,)).elements < 0
    assert tensor((2147483647,) * 499 + (0,)).elements == 0


def test_a_model_says_what_it_is() -> None:
    data = constant_model().build()
    model = parse_model(data, "m.tflite")
    assert repr(model) == f"<Model m.tflite: {len(data)} bytes, 1 operators>"
    assert model.sha256 == hashlib.sha256(data).hexdigest()


# -- packages that are loaded when they are used -----------------------------------------------------------------------


def test_numpy_is_promised_while_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with _without_numpy():
        assert sys.modules["numpy"] is np
    monkeypatch.delitem(sys.modules, "numpy")
    with _without_numpy():
        promised = sys.modules["numpy"]
        assert isinstance(promised, _LaterNumpy)
        assert not hasattr(promised, "__path__")
    assert "numpy" not in sys.modules
    monkeypatch.setitem(sys.modules, "numpy", np)
    assert promised.uint8 is np.uint8
