"""Reading .tflite files: what is in them, and what is wrong with them."""

from __future__ import annotations

import importlib
import re
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.errors import ModelError
from omvsim.graph import Model, Quantization, TensorType, parse_model, read_model
from omvsim.models.builder import ABSENT, ModelBuilder

if TYPE_CHECKING:
    from pathlib import Path


def small_model() -> bytes:
    model = ModelBuilder("a description")
    graph = model.subgraph("main graph")
    x = graph.input((1, 8, 8, 2), quantization=Quantization((0.5,), (-3,)))
    w = graph.constant(
        (4, 3, 3, 2), TensorType.INT8, bytes(72), quantization=Quantization((1.0, 2.0, 3.0, 4.0), (0,) * 4)
    )
    y = graph.tensor((1, 8, 8, 4), quantization=Quantization((0.25,), (7,)), name="y")
    graph.operator("CONV_2D", [x, w, ABSENT], [y], {"stride_w": 1, "stride_h": 2, "fused_activation_function": 1})
    z = graph.tensor((1, 256), quantization=Quantization((0.25,), (7,)))
    graph.operator("RESHAPE", [y], [z], {"new_shape": [1, 256]})
    out = graph.tensor((1,), TensorType.FLOAT32, variable=True)
    graph.custom_operator("MyOp", [z], [out], b"\x01\x02")
    graph.output(out)
    model.subgraph("other").output()
    model.add_metadata("note", b"12345")
    return model.build()


def read_or_message(data: bytes) -> Model | str:
    """The model, or the one line that says what is wrong."""
    try:
        return parse_model(data, "damaged")
    except ModelError as error:
        return str(error)


def assert_read_or_one_line(data: bytes) -> None:
    result = read_or_message(data)
    if isinstance(result, str):
        assert result.startswith("damaged: ")
        assert "\n" not in result
        return
    for tensor in result.main.tensors:
        assert len(result.constant(tensor)) == tensor.constant_bytes


def test_everything_in_the_file_is_there() -> None:
    model = parse_model(small_model(), "small")
    assert (model.source, model.version, model.description, model.size) == (
        "small",
        3,
        "a description",
        len(small_model()),
    )
    assert [subgraph.name for subgraph in model.subgraphs] == ["main graph", "other"]
    assert dict(model.metadata) == {"note": b"12345"}
    conv, reshape, custom = model.main.operators
    assert (conv.name, conv.code, conv.inputs, conv.outputs) == ("CONV_2D", 3, (0, 1, -1), (2,))
    assert conv.options["stride_h"] == 2
    assert conv.options["dilation_w_factor"] == 1  # the schema's default
    assert conv.options["fused_activation_function"] == 1
    assert reshape.options == {"new_shape": (1, 256)}
    assert (custom.name, custom.is_custom, custom.custom_options) == ("MyOp", True, b"\x01\x02")
    weights = model.main.tensors[1]
    assert (weights.shape, weights.type, weights.constant_bytes) == ((4, 3, 3, 2), TensorType.INT8, 72)
    assert weights.quantization == Quantization((1.0, 2.0, 3.0, 4.0), (0, 0, 0, 0), 0)
    assert bytes(model.constant(weights)) == bytes(72)
    assert model.main.tensors[4].is_variable
    assert model.main.input_tensors[0].quantization == Quantization((0.5,), (-3,))
    assert [tensor.index for tensor in model.main.output_tensors] == [4]
    assert [(subgraph.index, operator.index) for subgraph, operator in model.operators()] == [(0, 0), (0, 1), (0, 2)]


def test_code_in_the_old_byte_only() -> None:
    builder = ModelBuilder(legacy_codes=True)
    graph = builder.subgraph()
    graph.operator("ADD", [graph.input((2,)), graph.input((2,))], [graph.tensor((2,))])
    (operator,) = parse_model(builder.build(), "old").main.operators
    assert (operator.name, operator.code, operator.code_field) == ("ADD", 0, 0)
    graph.operator("MUL", [0, 1], [2])
    operator = parse_model(builder.build(), "old").main.operators[1]
    assert (operator.name, operator.code, operator.code_field) == ("MUL", 18, 0)


def test_another_schema_version_is_kept() -> None:
    data = bytearray(small_model())
    root = struct.unpack_from("<I", data)[0]
    vtable = root - struct.unpack_from("<i", data, root)[0]
    struct.pack_into("<I", data, root + struct.unpack_from("<H", data, vtable + 4)[0], 2)
    assert parse_model(bytes(data), "v2").version == 2


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "the file is empty"),
        (b"abc", "too short"),
        (b"PK\x03\x04" + bytes(40), "ZIP archive"),
        (b"\x89HDF\r\n\x1a\n" + bytes(40), "HDF5"),
        (b"\x1f\x8b\x08" + bytes(40), "gzip"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer"),
        (b"import sensor, time, ml\n" * 5, "text file"),
        (b"\x1c\x00\x00\x00ONNX" + bytes(60), "bytes 4 to 7 are b'ONNX'"),
        (b"\x1c\x00\x00\x00TFL3", "truncated or corrupt"),
        (b"\xff\xff\xff\xffTFL3" + bytes(60), "truncated or corrupt"),
    ],
)
def test_not_a_model(data: bytes, cause: str) -> None:
    with pytest.raises(ModelError, match=re.escape(cause)) as caught:
        parse_model(data, "thing.tflite")
    assert str(caught.value).startswith("thing.tflite: ")
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        read_model(tmp_path / "missing.tflite")
    with pytest.raises(ModelError, match="directory"):
        read_model(tmp_path)
    with pytest.raises(ModelError, match="not a usable file name"):
        read_model("a\0b")
    (tmp_path / "good.tflite").write_bytes(small_model())
    assert read_model(tmp_path / "good.tflite").source == str(tmp_path / "good.tflite")


@pytest.mark.parametrize(
    ("inputs", "outputs", "cause"),
    [
        ([5], [0], "an input of operator 0"),
        ([-2], [0], "an input of operator 0"),
        ([0], [9], "an output of operator 0"),
    ],
)
def test_tensor_index_out_of_range(inputs: list[int], outputs: list[int], cause: str) -> None:
    builder = ModelBuilder()
    graph = builder.subgraph()
    graph.input((2,))
    graph.operators.append(_unchecked("NEG", inputs, outputs))
    with pytest.raises(ModelError, match=cause):
        parse_model(builder.build(), "bad")


def _unchecked(name: str, inputs: list[int], outputs: list[int]) -> object:
    from omvsim.models.builder import OperatorSpec

    return OperatorSpec(name, tuple(inputs), tuple(outputs), 1)


def test_no_subgraph() -> None:
    with pytest.raises(ModelError, match="no subgraph"):
        parse_model(ModelBuilder().build(), "empty")


def test_a_vector_shared_by_every_table_does_not_blow_up() -> None:
    """10 000 operators that all point to one vector of 10 000 inputs would be 100 million numbers."""
    count = 10_000
    builder = ModelBuilder()
    graph = builder.subgraph()
    graph.input((2,))
    graph.operator("NEG", [0] * count, [0])
    data = bytearray(builder.build())
    table_of_operators = _operators_reference(data)
    vector = table_of_operators + struct.unpack_from("<I", data, table_of_operators)[0]
    operator = vector + 4 + struct.unpack_from("<I", data, vector + 4)[0]
    # A new vector of operators at the end, each entry the same operator reached by a wrap-free forward copy of it.
    copy = len(data)
    body = bytes(data[operator - 64 : operator + 64])
    data += struct.pack("<I", count)
    start = len(data)
    data += b"".join(struct.pack("<I", start + 4 * count - (start + 4 * i) + 64) for i in range(count)) + body
    struct.pack_into("<I", data, table_of_operators, copy - table_of_operators)
    assert_read_or_one_line(bytes(data))


def _operators_reference(data: bytearray) -> int:
    def field(table: int, index: int) -> int:
        vtable = table - struct.unpack_from("<i", data, table)[0]
        return table + struct.unpack_from("<H", data, vtable + 4 + 2 * index)[0]

    root = struct.unpack_from("<I", data)[0]
    subgraphs = field(root, 2)
    vector = subgraphs + struct.unpack_from("<I", data, subgraphs)[0]
    subgraph = vector + 4 + struct.unpack_from("<I", data, vector + 4)[0]
    return field(subgraph, 3)


_MODEL = small_model()


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_damaged_files_give_one_line_or_a_model(data: st.DataObject) -> None:
    damaged = bytearray(_MODEL[: data.draw(st.integers(0, len(_MODEL)))])
    for _ in range(data.draw(st.integers(0, 6))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert_read_or_one_line(bytes(damaged))


@settings(max_examples=200, deadline=None)
@given(
    position=st.integers(0, len(_MODEL) // 4 - 1), value=st.sampled_from([0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32 - 4])
)
def test_hostile_words_give_one_line_or_a_model(position: int, value: int) -> None:
    damaged = bytearray(_MODEL)
    struct.pack_into("<I", damaged, 4 * position, value)
    assert_read_or_one_line(bytes(damaged))


def test_reading_imports_neither_numpy_nor_generated_modules(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(small_model())
    code = (
        "import sys; from omvsim.graph import read_model; read_model(sys.argv[1]);"
        "assert 'numpy.core' not in sys.modules, 'numpy';"
        "assert 'tflite' not in sys.modules, 'tflite';"
        "assert 'flatbuffers' not in sys.modules, 'flatbuffers'"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def test_every_measured_model_is_read_as_the_tflite_package_reads_it(shared: Path) -> None:
    """Tensors, operators and options against the generated accessors."""
    tflite = importlib.import_module("tflite")
    for path in sorted((shared / "models" / "synthetic").glob("*.tflite"))[::6]:
        model = read_model(path)
        reference = tflite.Model.GetRootAs(path.read_bytes(), 0)
        assert len(model.subgraphs) == reference.SubgraphsLength()
        for subgraph in model.subgraphs:
            theirs = reference.Subgraphs(subgraph.index)
            assert len(subgraph.tensors) == theirs.TensorsLength()
            for tensor in subgraph.tensors:
                other = theirs.Tensors(tensor.index)
                assert tensor.type == other.Type()
                assert tensor.shape == tuple(other.Shape(i) for i in range(other.ShapeLength()))
                assert tensor.name.encode() == (other.Name() or b"")
            for operator in subgraph.operators:
                other = theirs.Operators(operator.index)
                assert operator.inputs == tuple(other.Inputs(i) for i in range(other.InputsLength()))
                assert operator.outputs == tuple(other.Outputs(i) for i in range(other.OutputsLength()))
                if operator.name == "CONV_2D" and other.BuiltinOptions() is not None:
                    options = tflite.Conv2DOptions()
                    table = other.BuiltinOptions()
                    options.Init(table.Bytes, table.Pos)
                    assert operator.options["stride_w"] == options.StrideW()
                    assert operator.options["padding"] == options.Padding()


def test_all_measured_models_can_be_read(shared: Path) -> None:
    paths = sorted((shared / "models").glob("*/*.tflite"))
    assert len(paths) > 600
    for path in paths:
        assert read_model(path).main.tensors


def test_a_file_beside_it_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "yolo.tflite").write_bytes(b"")
    with pytest.raises(ModelError, match=r"no such file or directory; did you mean '.*/yolo\.tflite'\?"):
        read_model(tmp_path / "yolo.tflit")
    with pytest.raises(ModelError, match=r"no such file or directory$"):
        read_model(tmp_path / "person.tflite")
    with pytest.raises(ModelError, match=r"no such file or directory$"):
        read_model(tmp_path / "nowhere" / "yolo.tflite")
