"""The YOLO families against files of the real exporter: same operators, shapes, options and wiring.

Only weights and quantization differ then, and the arena's head depends on neither.
"""

from __future__ import annotations

import pytest

from omvsim import models
from omvsim.graph import Model, Operator, parse_model, read_model

REAL = [
    ("yolov8n_192_nc2", "yolov8n-like", {"size": 192, "classes": 2}),
    ("yolov8n_320_nc2", "yolov8n-like", {"size": 320, "classes": 2}),
    ("yolov8n_640_nc2", "yolov8n-like", {"size": 640, "classes": 2}),
    ("yolov8n_640_nc80", "yolov8n-like", {"size": 640, "classes": 80}),
    ("yolov8n_cls_224_1000", "yolov8n-cls-like", {"size": 224, "classes": 1000}),
]


def _wiring(model: Model) -> list[tuple]:
    """Each operator with its operands: activations by their order of birth, constants by type, shape and, if small
    integers, content."""
    graph = model.subgraphs[0]
    born = {tensor: f"input {i}" for i, tensor in enumerate(graph.inputs)}

    def operand(index: int) -> tuple | str:
        tensor = graph.tensors[index]
        if not tensor.is_constant:
            return born[index]
        offset, size = model.buffers[tensor.buffer]
        is_structure = tensor.type == 2 and not (tensor.quantization and tensor.quantization.scales)
        return (int(tensor.type), tensor.shape, model.data[offset : offset + size] if is_structure else None)

    rows = []
    for operator in graph.operators:
        inputs = [operand(i) for i in operator.inputs]
        for output in operator.outputs:
            born[output] = f"output of {operator.index}"
        shapes = [(int(graph.tensors[i].type), graph.tensors[i].shape) for i in operator.outputs]
        rows.append((operator.name, operator.version, inputs, shapes, _options(operator)))
    return [*rows, [born[i] for i in graph.outputs]]


def _options(operator: Operator) -> dict:
    """The fields that say what is computed; a converter writes defaults out, others leave them out."""
    defaults = {"dilation_w_factor": 1, "dilation_h_factor": 1, "pot_scale_int16": True, "quantized_bias_type": 0}
    return {key: value for key, value in operator.options.items() if value and value != defaults.get(key)}


@pytest.mark.shared
@pytest.mark.parametrize(("file", "name", "options"), REAL)
def test_same_operators_as_the_real_export(shared, file, name, options):
    real = read_model(shared / "oracle/forum/models" / f"{file}_full_integer_quant.tflite")
    ours = parse_model(models.make(name, **options), name)
    for expected, got in zip(_wiring(real), _wiring(ours), strict=True):
        assert got == expected
    assert len(ours.subgraphs[0].tensors) == len(real.subgraphs[0].tensors)


@pytest.mark.parametrize("name", ["yolov8n-like", "yolov5nu-like"])
def test_decoupled_head_and_its_decoding(name):
    """What stands in every such export: three heads, one DFL convolution over a softmax, boxes then scores."""
    graph = parse_model(models.make(name, size=64, classes=3), name).subgraphs[0]
    kinds = [operator.name for operator in graph.operators]
    assert kinds.count("SOFTMAX") == 1
    assert kinds.count("RESIZE_NEAREST_NEIGHBOR") == 2
    assert kinds.count("MAX_POOL_2D") == 3
    assert kinds[-1] == "CONCATENATION"
    softmax = kinds.index("SOFTMAX")
    assert kinds[softmax + 1] == "CONV_2D"
    assert graph.tensors[graph.operators[softmax + 1].inputs[1]].shape == (1, 1, 1, 16)
