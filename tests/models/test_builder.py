"""The low level: whatever the schema can say is written, and what it cannot is refused in one line."""

from __future__ import annotations

import struct

import pytest

from omvsim.errors import InputError
from omvsim.graph import Quantization, TensorType, parse_model
from omvsim.models.builder import ABSENT, ModelBuilder, pack


def _relu(model: ModelBuilder, shape=(1, 4)) -> None:
    graph = model.subgraph()
    x, y = graph.input(shape, TensorType.FLOAT32), graph.tensor(shape, TensorType.FLOAT32)
    graph.operator("RELU", [x], [y])
    graph.output(y)


def test_one_operator_model():
    model = ModelBuilder("one operator")
    _relu(model)
    parsed = parse_model(model.build(), "relu")
    assert (parsed.version, parsed.description) == (3, "one operator")
    (operator,) = parsed.subgraphs[0].operators
    assert (operator.name, operator.version, operator.inputs, operator.outputs) == ("RELU", 1, (0,), (1,))
    assert parsed.data[4:8] == b"TFL3"


def test_options_version_and_constants():
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4, 4, 2), quantization=Quantization((0.5,), (1,)))
    weights = graph.constant(
        (3, 1, 1, 2), TensorType.INT8, [1, 2, 3, 4, 5, -6], quantization=Quantization((1.0,), (0,))
    )
    bias = graph.constant((3,), TensorType.INT32, [7, 8, -9])
    y = graph.tensor((1, 2, 2, 3), name="result")
    graph.operator("CONV_2D", [x, weights, bias], [y], {"stride_w": 2, "stride_h": 2, "padding": 1})
    parsed = parse_model(model.build(), "conv")
    (operator,) = parsed.subgraphs[0].operators
    tensors = parsed.subgraphs[0].tensors
    assert operator.version == 3
    assert (operator.options["stride_w"], operator.options["padding"]) == (2, 1)
    assert tensors[x].quantization == Quantization((0.5,), (1,))
    assert tensors[y].name == "result"
    for index, expected in ((weights, bytes([1, 2, 3, 4, 5, 250])), (bias, struct.pack("<3i", 7, 8, -9))):
        offset, size = parsed.buffers[tensors[index].buffer]
        assert parsed.data[offset : offset + size] == expected
        assert offset % 16 == 0, "TFLite demands data aligned to 16"


def test_vector_and_text_options():
    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 2, 1)), graph.tensor((1, 2))
    graph.operator("SQUEEZE", [x], [y], {"squeeze_dims": [2]})
    handle = graph.tensor((), TensorType.RESOURCE)
    graph.operator("VAR_HANDLE", [], [handle], {"shared_name": "state"})
    squeeze, variable = parse_model(model.build(), "options").subgraphs[0].operators
    assert tuple(squeeze.options["squeeze_dims"]) == (2,)
    assert variable.options["shared_name"] in {"state", b"state"}


def test_subgraphs_variables_metadata_and_custom_operators():
    model = ModelBuilder()
    _relu(model)
    second = model.subgraph()
    state = second.tensor((1, 8), TensorType.INT16, variable=True)
    scratch = second.tensor((0,), TensorType.FLOAT32)
    y = second.tensor((1, 8), shape_signature=(-1, 8))
    second.operator("LSTM", [state, ABSENT], [y], {}, version=4, intermediates=[scratch])
    second.custom_operator("MyOp", [y], [second.tensor(None)], b"\x01\x02")
    model.add_metadata("OfflineMemoryAllocation", b"\x01\x00\x00\x00")
    parsed = parse_model(model.build(), "two")
    assert [graph.name for graph in parsed.subgraphs] == ["main", "subgraph_1"]
    assert parsed.metadata["OfflineMemoryAllocation"] == b"\x01\x00\x00\x00"
    lstm, custom = parsed.subgraphs[1].operators
    assert (lstm.version, lstm.inputs, lstm.intermediates) == (4, (state, -1), (scratch,))
    assert custom.is_custom
    assert (custom.name, custom.custom_options) == ("MyOp", b"\x01\x02")
    tensors = parsed.subgraphs[1].tensors
    assert tensors[state].is_variable
    assert not tensors[y].is_constant
    assert tensors[y].shape_signature == (-1, 8)


@pytest.mark.parametrize("legacy", [False, True])
def test_operator_codes_of_old_files(legacy):
    model = ModelBuilder(legacy_codes=legacy)
    _relu(model)
    (operator,) = parse_model(model.build(), "old").subgraphs[0].operators
    assert operator.name == "RELU"
    assert operator.code_field == (0 if legacy else operator.code)


def test_codes_above_the_old_range():
    model = ModelBuilder()
    graph = model.subgraph()
    graph.operator(
        "BROADCAST_TO", [graph.input((1,)), graph.constant((1,), TensorType.INT32, [4])], [graph.tensor((4,))]
    )
    (operator,) = parse_model(model.build(), "new").subgraphs[0].operators
    assert (operator.name, operator.code) == ("BROADCAST_TO", 130)


def test_shared_constants_are_one_tensor():
    graph = ModelBuilder().subgraph()
    first = graph.constant((2,), TensorType.INT32, [1, 2], shared=True)
    assert graph.constant((2,), TensorType.INT32, [1, 2], shared=True) == first
    assert graph.constant((1, 2), TensorType.INT32, [1, 2], shared=True) != first
    assert graph.constant((2,), TensorType.INT32, [1, 2]) != first


@pytest.mark.parametrize(
    ("operator", "options", "line"),
    [
        ("CONV_9D", None, "CONV_9D: is not an operator of the schema"),
        ("CONV_9D", {}, "CONV_9D: has no options table in the schema"),
        ("CONV_2D", {"stride": 1}, "CONV_2D: Conv2DOptions has no field 'stride'"),
        ("CONV_2D", {"stride_w": 1.5}, "CONV_2D: Conv2DOptions cannot hold 1.5"),
        ("CONV_2D", {"stride_w": 2**40}, f"CONV_2D: Conv2DOptions cannot hold {2**40}"),
    ],
)
def test_what_the_schema_has_not(operator, options, line):
    model = ModelBuilder()
    graph = model.subgraph()
    graph.operator(operator, [graph.input((1,))], [graph.tensor((1,))], options)
    with pytest.raises(InputError) as caught:
        model.build()
    assert str(caught.value).startswith(line)


def test_constants_that_do_not_fit():
    with pytest.raises(InputError, match="INT8: a value of the constant does not fit"):
        pack(TensorType.INT8, [200])
    with pytest.raises(InputError, match="FLOAT32: a value of the constant does not fit"):
        pack(TensorType.FLOAT32, [1e300])
    with pytest.raises(InputError, match="INT4: constants of this type must be given as bytes"):
        pack(TensorType.INT4, [1])
