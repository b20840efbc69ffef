"""What a script meets on one release and not on another: a callback's outputs, the module ``tf``, sizes of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from tests.runs._running import printed, requests_of, run_text

if TYPE_CHECKING:
    from pathlib import Path

CALLBACK = """
    import ml, image
    m = ml.Model("/flash/tiny-conv.tflite")
    def done(model, inputs, outputs):
        print(chr(outputs[0].dtype))
        return outputs
    m.predict([image.Image(96, 96, image.GRAYSCALE)], callback=done)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


@pytest.mark.parametrize(
    ("release", "kind"),
    [("4.5.6", "f"), ("4.6.20", "f"), ("4.7.0", "f"), ("4.8.0", "b"), ("4.8.1", "b"), ("5.0.0", "b")],
)
def test_a_callback_gets_floats_before_4_8_0(tmp_path: Path, model: Path, release: str, kind: str) -> None:
    """openmv/openmv v4.7.0, modules/py_ml.c: every output becomes an ndarray of floats, callback or not."""
    text = CALLBACK if release != "4.5.6" else CALLBACK.replace("/flash/", "/")  # the volume is the root there
    assert printed(tmp_path, text, firmware=release, models=(model,)).split() == [kind]


@pytest.mark.parametrize(
    ("release", "sizes"), [("4.5.9", [784, 24]), ("4.6.20", [831, 28]), ("4.8.1", [831, 28]), ("5.0.0", [831, 28])]
)
def test_what_a_picture_asks(tmp_path: Path, release: str, sizes: list[int]) -> None:
    (first, second) = requests_of(
        tmp_path, "import image", "r = image.Image(28, 28, image.GRAYSCALE)", release
    ) or pytest.fail("the statement raised")
    assert first[:2] == second[:2] == sizes


def test_scripts_of_other_releases_are_called_modelled(tmp_path: Path) -> None:
    assert any("modelled: scripts on release 4.7.0" in note for note in run_text(tmp_path, "x = 1\n", "4.7.0").notes)
    assert not any("modelled" in note for note in run_text(tmp_path, "x = 1\n", "4.8.1").notes)
