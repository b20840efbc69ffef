"""Operators that allocate but do not run."""

from __future__ import annotations

import json

import omvsim
from omvsim import read_model
from omvsim.graph import TensorType, parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.tflm import invoke_refusal

DATA_DEPENDENT = {"floordiv_f32.tflite"}
"""A division by the zeros of the measured input."""


def relu(element):
    builder = ModelBuilder()
    graph = builder.subgraph("main")
    source = graph.input((1, 8), element)
    result = graph.tensor((1, 8), element)
    graph.operator("RELU", [source], [result])
    graph.output(result)
    return builder.build()


def test_int16_relu_allocates_and_fails_at_the_first_inference(tmp_path):
    path = tmp_path / "relu.tflite"
    path.write_bytes(relu(TensorType.INT16))
    result = omvsim.run(path)
    assert result.model_ram is not None
    assert result.exception == "ValueError: Invoke failed"
    assert "RELU" in result.failure.reason
    path.write_bytes(relu(TensorType.FLOAT32))
    assert omvsim.run(path).verdict == "ok"


def test_only_the_operator_at_fault_is_named():
    assert invoke_refusal(parse_model(relu(TensorType.FLOAT32), "m")) is None
    assert invoke_refusal(parse_model(relu(TensorType.INT16), "m")).operator == "RELU"


def test_every_measured_inference(shared):
    compared = 0
    for line in (shared / "oracle/tflm/arena.jsonl").read_text().splitlines():
        measured = json.loads(line)
        if measured["status"] or "invoke" not in measured or measured["file"] in DATA_DEPENDENT:
            continue
        refusal = invoke_refusal(read_model(shared / measured["path"]))
        assert (refusal is not None) == bool(measured["invoke"]["status"]), measured["file"]
        compared += 1
    assert compared > 600
