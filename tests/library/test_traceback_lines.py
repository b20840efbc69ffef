"""Lines that a traceback names inside the frozen package: those of the release's own files (openmv/openmv, tags)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.graph import TensorType
from omvsim.models import make
from omvsim.models.builder import ModelBuilder
from omvsim.runs import ScriptOptions, run_script

if TYPE_CHECKING:
    from pathlib import Path

LOAD = 'import ml\nml.Model("/nothing.tflite")\n'
PREDICT = 'import ml\nm = ml.Model("{}")\nm.predict([1])\n'
SPEAK = "from ml.apps import MicroSpeech\nMicroSpeech({})\n"


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.tflite"
    path.write_bytes(make("tiny-conv"))
    return path


def printed(folder: Path, text: str, firmware: str, *models: Path) -> str:
    script = folder / "main.py"
    script.write_text(text)
    return run_script(script, load_board(firmware=firmware), ScriptOptions(models=models, run_models=False)).output


@pytest.mark.parametrize(
    ("firmware", "load", "predict"),
    [("4.5.9", 14, 18), ("4.6.20", 36, 40), ("4.7.0", 36, 45), ("4.8.1", 36, 45), ("5.0.0", 36, 45)],
)
def test_model_py(firmware: str, load: int, predict: int, tmp_path: Path, net: Path) -> None:
    assert f'File "ml/model.py", line {load}, in __init__' in printed(tmp_path, LOAD, firmware)
    path = "/net.tflite" if firmware == "4.5.9" else "/flash/net.tflite"
    assert f'File "ml/model.py", line {predict}, in predict' in printed(tmp_path, PREDICT.format(path), firmware, net)


@pytest.mark.parametrize(("firmware", "line"), [("4.5.9", 41), ("4.6.20", 62), ("4.8.1", 62), ("5.0.0", 62)])
def test_apps_py_has_no_audio(firmware: str, line: int, tmp_path: Path) -> None:
    """The camera has no module ``audio``; ``ml/apps.py`` imports it inside ``try`` and fails where it is used."""
    told = printed(tmp_path, SPEAK.format("1, 2"), firmware)
    assert f"  File \"ml/apps.py\", line {line}, in __init__\nNameError: name 'audio' isn't defined" in told


@pytest.mark.parametrize(("firmware", "line"), [("4.5.9", 31), ("4.6.20", 52), ("4.8.1", 52), ("5.0.0", 52)])
def test_apps_py_has_no_preprocessor(firmware: str, line: int, tmp_path: Path) -> None:
    """A model that refuses to load: the whole way down is told."""
    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 4), TensorType.FLOAT32), graph.tensor((1, 4), TensorType.FLOAT32)
    graph.operator("HASHTABLE_LOOKUP", [x], [y])
    graph.output(y)
    (tmp_path / "audio_preprocessor.tflite").write_bytes(model.build())
    told = printed(tmp_path, SPEAK.format(""), firmware, tmp_path / "audio_preprocessor.tflite")
    assert f'File "ml/apps.py", line {line}, in __init__\n  File "ml/model.py"' in told
