"""The module ``tf``, itself up to 4.5.5 and an alias of ``ml`` from 4.5.6 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from tests.script._running import printed, run_text

if TYPE_CHECKING:
    from pathlib import Path

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
