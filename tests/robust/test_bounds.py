"""Whatever a file says, an answer comes soon and in little memory: 10 s of CPU (thrice that here, for slow machines)
and 1 GB, or one line that says why not."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.graph import Quantization, TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS, BYTES = 30, 1 << 30
SMALL = Quantization((0.1,), (0,))


def chain(count: int) -> bytes:
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4, 4, 1), quantization=SMALL)
    for _ in range(count):
        y = graph.tensor((1, 4, 4, 1), quantization=SMALL)
        graph.operator("RELU", [x], [y])
        x = y
    graph.output(x)
    return model.build()


def parallel(count: int) -> bytes:
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 4), quantization=SMALL)
    made = [graph.tensor((1, 4), quantization=SMALL) for _ in range(count)]
    for y in made:
        graph.operator("LOGISTIC", [x], [y])
    graph.output(made[-1])
    return model.build()


def of_shape(*shape: int) -> bytes:
    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input(shape, quantization=SMALL)
    y = graph.tensor(shape, quantization=SMALL)
    graph.operator("RELU", [x], [y])
    graph.output(y)
    return model.build()


def subgraphs(count: int) -> bytes:
    model = ModelBuilder()
    for _ in range(count):
        graph = model.subgraph()
        x = graph.input((1, 4), quantization=SMALL)
        y = graph.tensor((1, 4), quantization=SMALL)
        graph.operator("RELU", [x], [y])
        graph.output(y)
    return model.build()


def branches(depth: int) -> bytes:
    """IF in IF, both ways the same subgraph; that of the last one is the first again where ``depth`` is 0."""
    model = ModelBuilder()
    for level in range(max(1, depth)):
        graph = model.subgraph()
        condition = graph.input((1,), TensorType.BOOL)
        out = graph.tensor((1,), TensorType.BOOL)
        following = level + 1 if level + 1 < depth else (0 if depth == 0 else level)
        if level + 1 < depth or depth == 0:
            ways = {"then_subgraph_index": following, "else_subgraph_index": following}
            graph.operator("IF", [condition, condition], [out], ways)
        else:
            graph.operator("LOGICAL_NOT", [condition], [out])
        graph.output(out)
    return model.build()


def scales(count: int) -> bytes:
    """Quantisation arrays of a length that fits nothing."""
    model = ModelBuilder()
    graph = model.subgraph()
    wrong = Quantization((0.1,) * count, (0,) * (count // 2), axis=3)
    x = graph.input((1, 8, 8, 3), quantization=SMALL)
    w = graph.constant((4, 3, 3, 3), TensorType.INT8, bytes(108), quantization=wrong)
    y = graph.tensor((1, 8, 8, 4), quantization=SMALL)
    graph.operator("CONV_2D", [x, w], [y], {"stride_w": 1, "stride_h": 1})
    graph.output(y)
    return model.build()


def claiming(word: int) -> bytes:
    """Every aligned word in turn that is a small number says ``word``: lengths of vectors, indices, dimensions."""
    data = bytearray(models.make("tiny-conv"))
    number = sum(data) % 5
    for at in range(32, len(data) - 4, 4):
        if 0 < struct.unpack_from("<I", data, at)[0] < 8:
            number += 1
            if number % 97 == 0:
                struct.pack_into("<I", data, at, word)
    return bytes(data)


MODELS: dict[str, Callable[[], bytes]] = {
    "a chain of 20 000 tensors": lambda: chain(20_000),
    "10 000 tensors at once": lambda: parallel(10_000),
    "2 000 subgraphs": lambda: subgraphs(2_000),
    "IF in IF, 18 deep": lambda: branches(18),
    "IF of itself": lambda: branches(0),
    "100 000 dimensions": lambda: of_shape(*[1] * 100_000),
    "500 dimensions of 2^31 - 1": lambda: of_shape(*[0x7FFFFFFF] * 500),
    "2 GB in 400 bytes": lambda: of_shape(1, 2, 2, 0x1FFFFFFF),
    "a negative dimension": lambda: of_shape(1, -5, 4, 1),
    "no dimension": of_shape,
    "10 000 scales for 4 channels": lambda: scales(10_000),
    "no scale": lambda: scales(0),
    "vectors of 2 GB": lambda: claiming(0x7FFFFFFF),
    "vectors of 4 GB": lambda: claiming(0xFFFFFFFF),
    "64 MB of nothing": lambda: bytes(64 << 20),
    "64 MB behind a model": lambda: models.make("tiny-conv") + bytes(64 << 20),
}


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_is_answered_or_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(MODELS[kind]())
    done = subprocess.run(
        [sys.executable, "-m", "omvsim", "run", str(path), "--json"],
        capture_output=True,
        text=True,
        timeout=600,
        preexec_fn=_limited,
        check=False,
    )
    assert done.returncode >= 0, f"killed by signal {-done.returncode}"
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert done.returncode != 1
    if not done.stdout:
        assert done.stderr.count("\n") == 1, done.stderr
        assert str(path) in done.stderr
