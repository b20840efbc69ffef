"""The module ``tf``, itself up to 4.5.5 and an alias of ``ml`` from 4.5.6 on."""

from __future__ import annotations

from pathlib import Path

import pytest

from omvsim import models
from omvsim.script import Outcome, ScriptOptions, run_script
from tests.script._running import board_of, printed, run_text

LOAD = """
    import tf
    try:
        net = tf.load("trained.tflite")
    except Exception as e:
        print(type(e).__name__, e)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.mark.parametrize("release", ["4.5.6", "4.5.9", "4.7.0", "4.8.1", "5.0.0"])
def test_tf_is_an_alias_of_ml_from_4_5_6(tmp_path: Path, release: str) -> None:
    """modules/py_ml.c: MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_tf, ml_module), and it has no ``load``."""
    text = printed(tmp_path, LOAD, firmware=release)
    assert text == "AttributeError 'module' object has no attribute 'load'\n"


def test_tf_itself_has_load_up_to_4_5_5(tmp_path: Path, model: Path) -> None:
    text = LOAD.replace("trained.tflite", "/flash/tiny-conv.tflite") + '    print("loaded")\n'
    assert printed(tmp_path, text, firmware="4.5.5", models=(model,)).endswith("loaded\n")


def test_the_alias_loads_models_and_says_what_it_does_not_know(tmp_path: Path, model: Path) -> None:
    text = 'import tf\nm = tf.Model("/flash/tiny-conv.tflite")\nprint(len(m.input_shape))\n'
    result = run_text(tmp_path, text, firmware="4.7.0", models=(model,))
    assert result.output == "1\n"
    assert any(note.startswith("tf.Model() is charged as ml.Model()") for note in result.notes)


def test_the_forum_script_fails_while_detect_makes_one_image_a_channel(tmp_path: Path) -> None:
    yolo = tmp_path / "yolov8.tflite"
    yolo.write_bytes(models.make("yolov8n-like", size=640, classes=2))
    script = Path(__file__).parents[2] / "examples" / "forum_tf_detect.py"
    result = run_script(script, board_of("4.5.5"), ScriptOptions(models=(yolo,)))
    assert result.outcome is Outcome.EXCEPTION
    assert result.failure is not None
    assert result.failure.text.startswith("MemoryError")
    assert "net.detect" in result.source_lines[result.failure.line - 1]
    assert result.failure.refused is not None
    assert (result.failure.refused.what, result.failure.refused.bytes) == ("image of a channel", 24)
