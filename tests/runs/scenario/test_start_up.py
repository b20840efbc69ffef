"""What a plain run does not use is not imported."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from omvsim import models

if TYPE_CHECKING:
    from pathlib import Path

LATER = (
    "ast",
    "copy",
    "ctypes",
    "dataclasses",
    "flatbuffers",
    "importlib.resources",
    "numpy",
    "omvsim.image.blobs",
    "omvsim.ulab.numpy_",
    "omvsim.runtime._timeline",
    "pydantic",
    "rich",
    "shutil",
    "subprocess",
    "textwrap",
    "tflite",
    "threading",
    "tokenize",
    "tomllib",
)


@pytest.mark.parametrize("name", LATER)
def test_a_plain_run_starts_without(name: str, loaded: frozenset[str]) -> None:
    assert "omvsim.runs.scenario.run" in loaded
    assert name not in loaded


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("tiny-conv", ("--input", "ndarray")),
        ("keyword-spotting", ("--input", "callable")),
        ("blazeface-like", ("--input", "image")),
        ("blazeface-like", ("--firmware", "5.0.0", "--keep-output")),
    ],
)
def test_nobody_looks_at_values(family: str, words: tuple[str, ...], tmp_path: Path) -> None:
    assert "numpy" not in started(tmp_path, family, *words)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_plan_starts_nothing_that_runs(options: tuple[str, ...], tmp_path: Path) -> None:
    loaded = started(tmp_path, "tiny-conv", *options, command="arena")
    assert "omvsim.tflm" in loaded
    assert not {"omvsim.runs", "omvsim.micropython", "omvsim.compiler"} & loaded


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return started(tmp_path_factory.mktemp("start"), "tiny-conv")


def started(folder: Path, family: str, *options: str, command: str = "run") -> frozenset[str]:
    """The modules that a command on a model has imported at its end."""
    path = folder / f"{family}.tflite"
    path.write_bytes(models.make(family))
    program = "import sys; from omvsim.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    words = [sys.executable, "-c", program, command, str(path), *(["--json"] if command == "run" else []), *options]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return frozenset(done.stderr.split())
