"""The example project with generated models, and the command line in this process."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = Path(__file__).parent / "example"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def example_with_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate") / "project"
    shutil.copytree(EXAMPLE, folder)
    (folder / "models").mkdir()
    (folder / "models" / "person.tflite").write_bytes(models.make("tiny-conv"))
    (folder / "models" / "fomo.tflite").write_bytes(models.make("fomo-like"))
    (folder / "models" / "large.tflite").write_bytes(models.make("yolov8n-like", size=640, classes=80))
    return folder


@pytest.fixture
def project(example_with_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example project, and the current folder."""
    folder = tmp_path / "project"
    shutil.copytree(example_with_models, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def gate(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """``gate("--json")`` as the shell would see it."""

    def run(*words: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main(["gate", *(str(word) for word in words)])
        except SystemExit as stop:  # argparse leaves like this
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(int(code), captured.out, captured.err)

    return run
