"""Every family: same bytes for the same call, shapes as promised, and real interpreters take and run the file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from math import prod

import pytest

from omvsim import models
from omvsim.errors import InputError
from omvsim.graph import Model, TensorType, parse_model

SMALL = {"size": 64, "classes": 2}
SHAPES = {
    "tiny-conv": ({}, (1, 96, 96, 1), [(1, 2)]),
    "mobilenet-like": ({"size": 64, "classes": 3}, (1, 64, 64, 3), [(1, 3)]),
    "classifier": ({}, (1, 32, 32, 3), [(1, 10)]),
    "fomo-like": ({"size": 96, "classes": 2}, (1, 96, 96, 3), [(1, 12, 12, 3)]),
    "yolov8n-like": (SMALL, (1, 64, 64, 3), [(1, 6, 84)]),
    "yolov5nu-like": (SMALL, (1, 64, 64, 3), [(1, 6, 84)]),
    "yolov8n-cls-like": ({"size": 64, "classes": 10}, (1, 64, 64, 3), [(1, 10)]),
    "keyword-spotting": ({}, (1, 1960), [(1, 4)]),
    "autoencoder": ({}, (1, 640), [(1, 640)]),
    "blazeface-like": ({}, (1, 128, 128, 3), [(1, 512, 16), (1, 512, 1), (1, 384, 1), (1, 384, 16)]),
    "lstm": ({}, (1, 28, 28), [(1, 10)]),
}
SHA256 = {
    "tiny-conv": "556a33ae9a2df998",
    "mobilenet-like": "87bdec65e3a5998b",
    "classifier": "6327f933f22ab5c6",
    "fomo-like": "5c24795e5f5a45fc",
    "yolov8n-like": "2edd3aac2a43c8ea",
    "yolov5nu-like": "894aa10fb6c23c44",
    "yolov8n-cls-like": "2ac3a4a8ee9334ac",
    "keyword-spotting": "4307bad469d8f5b5",
    "autoencoder": "53a17e448e69c237",
    "blazeface-like": "8484ec4c39b0b308",
    "lstm": "d57e1fea85d82e38",
}
DTYPES = ["int8", "float32", "uint8-io"]
ELEMENT = {"int8": TensorType.INT8, "float32": TensorType.FLOAT32, "uint8-io": TensorType.UINT8}
CASES = [(name, dtype) for name in SHAPES for dtype in DTYPES]


def _make(name: str, dtype: str = "int8") -> bytes:
    return models.make(name, dtype=dtype, **SHAPES[name][0])


def _parsed(name: str, dtype: str = "int8") -> Model:
    return parse_model(_make(name, dtype), name)


def test_all_families_are_tested():
    assert [family.name for family in models.families()] == list(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_same_call_gives_same_bytes(name):
    data = _make(name)
    assert data == _make(name)
    assert data != models.make(name, seed=1, **SHAPES[name][0])
    assert hashlib.sha256(data).hexdigest()[:16] == SHA256[name]


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_shapes_and_types(name, dtype):
    _, input_shape, output_shapes = SHAPES[name]
    graph = _parsed(name, dtype).subgraphs[0]
    assert [tensor.shape for tensor in graph.input_tensors] == [input_shape]
    assert [tensor.shape for tensor in graph.output_tensors] == output_shapes
    assert {tensor.type for tensor in (*graph.input_tensors, *graph.output_tensors)} == {ELEMENT[dtype]}


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_constants_have_the_bytes_of_their_shape(name, dtype):
    sizes = {TensorType.INT8: 1, TensorType.INT32: 4, TensorType.FLOAT32: 4}
    for tensor in _parsed(name, dtype).subgraphs[0].tensors:
        if tensor.is_constant:
            assert tensor.constant_bytes == prod(tensor.shape) * sizes[tensor.type], tensor.name


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_float_network_holds_the_same_operators(name, dtype):
    def kinds(dtype: str) -> list[str]:
        return [op.name for op in _parsed(name, dtype).subgraphs[0].operators if op.name != "QUANTIZE"]

    assert kinds(dtype) == kinds("int8")


@pytest.mark.parametrize(
    ("size", "classes", "shape"), [(640, 2, (1, 6, 8400)), (640, 80, (1, 84, 8400)), (192, 2, (1, 6, 756))]
)
def test_detector_output_of_the_forum(size, classes, shape):
    graph = parse_model(models.make("yolov8n-like", size=size, classes=classes), "yolov8n").subgraphs[0]
    assert graph.output_tensors[0].shape == shape
    assert 2.9e6 < len(models.make("yolov8n-like", size=size, classes=classes)) < 3.5e6


def test_int8_weights_are_symmetric():
    model = _parsed("tiny-conv")
    weights = next(tensor for tensor in model.subgraphs[0].tensors if tensor.name.endswith("weights"))
    offset, size = model.buffers[weights.buffer]
    assert 0x80 not in model.data[offset : offset + size]
    assert set(weights.quantization.zero_points) == {0}


def _random_input(details):
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    random = numpy.random.default_rng(0)
    shape, dtype = details["shape"], numpy.dtype(details["dtype"])
    if dtype.kind == "f":
        return random.random(shape, dtype=dtype)
    limits = numpy.iinfo(dtype)
    return random.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_tflite_runtime_runs_it(name, dtype):
    runtime = pytest.importorskip("tflite_runtime.interpreter", reason="tflite-runtime is not installed")
    interpreter = runtime.Interpreter(model_content=_make(name, dtype), num_threads=1)
    interpreter.allocate_tensors()
    details = interpreter.get_input_details()[0]
    interpreter.set_tensor(details["index"], _random_input(details))
    interpreter.invoke()
    for output, shape in zip(interpreter.get_output_details(), SHAPES[name][2], strict=True):
        values = interpreter.get_tensor(output["index"])
        assert values.shape == shape
        assert values.min() < values.max(), "saturated: every output is the same"


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_tflite_micro_runs_it(name, dtype):
    micro = pytest.importorskip("tflite_micro.python.tflite_micro.runtime", reason="tflite-micro is not installed")
    interpreter = micro.Interpreter.from_bytes(_make(name, dtype), arena_size=4_000_000)
    interpreter.set_input(_random_input(interpreter.get_input_details(0)), 0)
    interpreter.invoke()
    for index, shape in enumerate(SHAPES[name][2]):
        assert tuple(interpreter.get_output(index).shape) == shape


def test_importing_needs_neither_numpy_nor_the_file_format():
    code = "import sys, omvsim.models; sys.exit(bool({'numpy', 'tflite', 'flatbuffers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "options", "line"),
    [
        ("yolov8", {}, "yolov8: is not a model family; did you mean yolov8n-like?"),
        ("yolov8n-like", {"size": 100}, "--size 100: must be a multiple of 32 from 32 to 1024"),
        ("yolov8n-like", {"size": 0}, "--size 0: must be a multiple of 32 from 32 to 1024"),
        ("yolov8n-like", {"size": "big"}, "--size big: is not a number; it takes a multiple of 32 from 32 to 1024"),
        ("tiny-conv", {"classes": 1}, "--classes 1: must be 2 to 10000"),
        ("fomo-like", {"alpha": "nan"}, "--alpha nan: must be 0.05 to 2"),
        ("tiny-conv", {"alpha": 1}, "--alpha: tiny-conv has no such option; it has size, classes, dtype, seed"),
        ("tiny-conv", {"dtype": "int4"}, "--dtype int4: must be one of int8, float32, uint8-io"),
        ("tiny-conv", {"seed": -1}, "--seed -1: must be 0 to 4294967295"),
    ],
)
def test_wrong_values_are_named(name, options, line):
    with pytest.raises(InputError) as caught:
        models.make(name, **options)
    assert str(caught.value) == line


def test_unknown_family_without_a_near_one_lists_all():
    with pytest.raises(InputError, match=r"the families are tiny-conv, .*, lstm"):
        models.make("transformer")
