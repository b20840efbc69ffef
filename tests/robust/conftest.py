"""The command as a process of its own, and small models for it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.graph import TensorType
from omvsim.models.builder import ModelBuilder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMAND = [sys.executable, "-m", "omvsim"]


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that loads and runs."""
    path = tmp_path_factory.mktemp("runs") / "m.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that the library refuses (exit code 13)."""
    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 8), TensorType.INT32), graph.tensor((1, 8), TensorType.FLOAT32)
    graph.operator("DEQUANTIZE", [x], [y])
    graph.output(y)
    path = tmp_path_factory.mktemp("refused") / "m.tflite"
    path.write_bytes(model.build())
    return path


@pytest.fixture
def start(tmp_path: Path) -> Any:
    """``start("run", model, stdout=...)``: the process; what still lives at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*words: object, **options: Any) -> subprocess.Popen[bytes]:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": tmp_path} | options
        started.append(subprocess.Popen([*COMMAND, *map(str, words)], **options))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        process.wait(10)


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``shell("OMVSIM run m | head -1")`` in bash with ``pipefail``."""

    def call(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        values = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "PYTHONUNBUFFERED"}}
        text = line.replace("OMVSIM", " ".join(COMMAND))
        return subprocess.run(
            ["bash", "-c", f"set -o pipefail; {text}"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=values | environment,
            timeout=120,
            check=False,
        )

    return call
