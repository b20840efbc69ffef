"""The planned graph against the one that runs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from omvsim.graph import parse_model, read_model
from omvsim.runtime import (
    GraphMismatchError,
    InputDataError,
    check_graph,
    make_inputs,
    open_interpreter,
    replay,
    require_same_graph,
)
from omvsim.tflm import plan_arena

from .backends import ALL_BACKENDS, Backend
from .tiny import INT32, RESHAPE, TinyModel, two_relus

if TYPE_CHECKING:
    from pathlib import Path

on_every_backend = pytest.mark.parametrize("backend", ALL_BACKENDS)


COMPARE = """
import sys
from omvsim.graph import read_model
from omvsim.runtime import RefusedError, check_graph, find_backend
backend = find_backend(sys.argv[1])
for path in sys.argv[2:]:
    model = read_model(path)
    try:
        check = check_graph(model, backend.open(model.data))
    except RefusedError:
        print("refused", flush=True)
    else:
        print("same" if check.ok else f"{path}: {check.mismatches}", flush=True)
"""


def dynamic_reshape() -> bytes:
    """x [4] reshaped to a shape that is an input too: the runtime knows it only after a run."""
    model = TinyModel()
    x, shape, y = model.tensor([4]), model.tensor([2], INT32), model.tensor([2, 2], signature=[-1, -1])
    model.operator(RESHAPE, [x, shape], [y])
    return model.build([x, shape], [y])


@on_every_backend
@pytest.mark.slow
def test_operator_lists_agree_on_all_models(backend: Backend, shared: Path) -> None:
    # A runtime ends the process on a few models, so a child does the work and is started again after those.
    pending = [str(path) for path in sorted((shared / "models").glob("*/*.tflite"))]
    same, died = 0, 0
    while pending:
        child = subprocess.run(
            [sys.executable, "-c", COMPARE, backend.name, *pending], capture_output=True, text=True, check=False
        )
        lines = child.stdout.splitlines()
        assert [line for line in lines if line not in ("same", "refused")] == []
        same += lines.count("same")
        died += child.returncode != 0
        pending = pending[len(lines) + (child.returncode != 0) :]
    assert same >= 500
    assert died <= 12


@on_every_backend
def test_delegate_entries_are_not_operators(backend: Backend, shared: Path) -> None:
    model = read_model(shared / "models/real/face_detection_short_range.tflite")
    interpreter = backend.open(model.data)
    assert len(interpreter.operators) == len(model.main.operators)
    raw = interpreter._raw._get_ops_details()  # type: ignore[attr-defined]
    assert any(entry["op_name"] == "DELEGATE" for entry in raw)


@on_every_backend
def test_open_dimensions_are_resolved(backend: Backend) -> None:
    model = parse_model(two_relus(signature=[-1, 4]), "open")
    check = require_same_graph(model, backend.open(model.data))
    (resolved,) = check.resolved
    assert (resolved.tensor, resolved.signature, resolved.planned, resolved.ran) == (0, (-1, 4), (1, 4), (1, 4))


@on_every_backend
def test_shapes_that_depend_on_values(backend: Backend) -> None:
    model = parse_model(dynamic_reshape(), "dynamic")
    interpreter = backend.open(model.data)
    interpreter.run([np.zeros(4, np.float32), np.array([2, 2], np.int32)])
    check = require_same_graph(model, interpreter)
    assert (check.resolved[0].signature, check.resolved[0].ran) == ((-1, -1), (2, 2))
    interpreter.run([np.zeros(4, np.float32), np.array([4, 1], np.int32)])
    check = check_graph(model, interpreter)
    assert check.mismatches == ("tensor 2 (t2) is planned with shape [2, 2] and runs with [4, 1]",)
    assert check.resolved[0].ran == (4, 1)


@on_every_backend
def test_another_graph_is_a_clear_error(backend: Backend) -> None:
    model = parse_model(two_relus(), "two.tflite")
    interpreter = backend.open(model.data)
    graph = model.main
    other = replace(graph, operators=(replace(graph.operators[0], name="TANH"), graph.operators[1]))
    with pytest.raises(GraphMismatchError) as caught:
        require_same_graph(replace(model, subgraphs=(other,)), interpreter)
    assert str(caught.value) == (
        f"two.tflite: the planned graph is not the one that {backend.name} runs:"
        " operator 0 is planned as TANH [0] -> [1] and runs as RELU [0] -> [1]"
    )
    fewer = replace(graph, operators=graph.operators[:1], outputs=(1,))
    with pytest.raises(GraphMismatchError, match=r"1 operators are planned and 2 run \(and 1 more differences\)"):
        require_same_graph(replace(model, subgraphs=(fewer,)), interpreter)
    tensors = (replace(graph.tensors[0], shape=(2, 2), type=9), *graph.tensors[1:])
    check = check_graph(replace(model, subgraphs=(replace(graph, tensors=tensors),)), interpreter)
    assert check.mismatches == (
        "tensor 0 (t0) is planned as type 9 and runs as float32",
        "tensor 0 (t0) is planned with shape [2, 2] and runs with [1, 4]",
    )


@on_every_backend
def test_replay_puts_values_beside_places(backend: Backend) -> None:
    model = parse_model(two_relus(), "two.tflite")
    run = replay(model, plan_arena(model), backend.open(model.data), [np.array([[-1, 0, 1, 2]], np.float32)])
    assert run.outputs[0].tolist() == [[0, 0, 2, 4]]
    steps = list(run.steps())
    assert [step.place.name for step in steps] == ["RELU", "ADD"]
    assert steps[0].results[0].tolist() == [[0, 0, 1, 2]]
    assert run.saturated(1) == 0


@on_every_backend
def test_saturation_of_int8(backend: Backend, shared: Path) -> None:
    model = read_model(shared / "models/real/yolov8n_192.tflite")
    interpreter = open_interpreter(model.data, backend=backend.name)
    run = replay(model, plan_arena(model), interpreter, make_inputs(interpreter.inputs, "random", seed=1))
    values = run.values(160)
    assert run.saturated(160) == int(((values == -128) | (values == 127)).sum()) > 0


@on_every_backend
def test_replay_refuses_what_was_not_planned(backend: Backend) -> None:
    model = parse_model(dynamic_reshape(), "dynamic")
    with pytest.raises(GraphMismatchError, match=r"planned with shape \[2, 2\] and runs with \[4, 1\]"):
        replay(
            model,
            plan_arena(model),
            backend.open(model.data),
            [np.zeros(4, np.float32), np.array([4, 1], np.int32)],
        )
    with pytest.raises(InputDataError):
        replay(model, plan_arena(model), backend.open(model.data), [])
