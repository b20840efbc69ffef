"""What a plain run does not use is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from omvsim import models

LATER = (
    "omvsim.runtime._timeline",
    "importlib.resources",
    "pydantic",
)


@pytest.mark.parametrize("name", LATER)
def test_a_plain_run_starts_without(name: str, loaded: frozenset[str]) -> None:
    assert "omvsim.runs.scenario.run" in loaded
    assert name not in loaded


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    path = tmp_path_factory.mktemp("start") / "m.tflite"
    path.write_bytes(models.make("tiny-conv"))
    program = "import sys; from omvsim.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    words = [sys.executable, "-c", program, "run", str(path), "--json"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return frozenset(done.stderr.split())
