"""Models of our own for the what-if tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for name, options in {
        "tiny-conv": {},
        "fomo-like": {},
        "keyword-spotting": {},
        "blazeface-like": {},
        "mobilenet-like": {},
    }.items():
        (folder / f"{name}.tflite").write_bytes(models.make(name, **options))
    for size in (32, 64, 96):
        (folder / f"tiny-{size}.tflite").write_bytes(models.make("tiny-conv", size=size))
    return folder
