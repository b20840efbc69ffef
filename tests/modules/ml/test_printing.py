"""What a model prints (``py_ml_model_print``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.runs import ScriptOptions, ScriptSession

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("release", "names"),
    [
        ("4.5.6", ["size", "ram", "addr"]),
        ("4.5.7", ["model_size", "model_addr", "ram_size", "ram_addr"]),
        ("4.8.1", ["model_size", "model_addr", "ram_size", "ram_addr"]),
    ],
)
def test_names_and_addresses(tmp_path: Path, release: str, names: list[str]) -> None:
    script, model = tmp_path / "main.py", tmp_path / "net.tflite"
    script.write_text("import ml\nprint(ml.Model('net.tflite'))\n")
    model.write_bytes(models.make("tiny-conv"))
    board = load_board("openmv-rt1062", firmware=release)
    printed = ScriptSession(board, script, ScriptOptions(models=(model,))).run().output
    before = printed.removeprefix("{ ").partition(", input_shape: ")[0]
    assert [part.partition(": ")[0] for part in before.split(", ")] == names
