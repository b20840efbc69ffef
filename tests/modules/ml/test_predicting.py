"""``predict``: inputs that are not there, outputs that are not computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import run_script
from tests.modules.ml.running import printed, run
from tests.runtime.tiny import ADD, TinyModel

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult


def added(folder: Path, inputs: int, given: int) -> ScriptResult:
    """Run a model that adds ``inputs`` numbers on a list of ``given`` arrays."""
    tiny = TinyModel()
    heads = [tiny.tensor([1]) for _ in range(inputs)]
    sums = [tiny.tensor([1]) for _ in heads[1:]]
    for left, right, total in zip([heads[0], *sums], heads[1:], sums, strict=False):
        tiny.operator(ADD, [left, right], [total])
    (folder / "sum.tflite").write_bytes(tiny.build(heads, sums[-1:]))
    script = folder / "main.py"
    script.write_text(f"""import ml
from ulab import numpy as np
model = ml.Model("/flash/sum.tflite")
try:
    print(model.predict([np.array([2.0])] * {given})[0])
except Exception as error:
    print(type(error).__name__, error)
""")
    return run_script(script, load_board("openmv-rt1062"), ScriptOptions(time_limit=None))


@pytest.mark.parametrize("given", [0, 1])
def test_an_input_that_is_missing_is_of_no_type(given: int, tmp_path: Path) -> None:
    # The list has room for four at least, and what it does not hold is cleared.
    result = added(tmp_path, 2, given)
    assert result.failure is None, result.failure
    assert result.output == "ValueError Unsupported input type\n"


def test_more_inputs_than_the_model_has_are_not_looked_at(tmp_path: Path) -> None:
    pytest.importorskip("tflite_runtime")
    assert added(tmp_path, 2, 3).output == "array([4.0], dtype=float32)\n"


def test_behind_the_lists_table_is_what_lies_there(tmp_path: Path) -> None:
    assert added(tmp_path, 5, 3).outcome is Outcome.FINISHED
    assert added(tmp_path, 5, 4).outcome is Outcome.MAY_CRASH


def test_outputs_that_are_not_computed_are_said_to_be_zeros(tmp_path: Path) -> None:
    text = "import ml\nmodel = ml.Model(MODEL)\nmodel.predict([lambda *_: None])\nmodel.predict([lambda *_: None])\n"
    notes = run(tmp_path, text, run_models=False).notes
    assert [note for note in notes if "zeros" in note] == [
        "outputs of tiny.tflite are zeros: models are not computed",
        "what is found in outputs of zeros is not what the camera finds; --detections N says how many",
    ]
    assert not [note for note in run(tmp_path, text, run_models=False, detections=2).notes if "not what the" in note]


BLAZE = """
from ulab import numpy as np
from ml.postprocessing.mediapipe import BlazeFace
class In:
    roi = (0, 0, 128, 128)
class Model:
    input_shape = [(1, 128, 128, 3)]
    output_shape = [(1, 512, 16), (1, 512, 1), (1, 384, 1), (1, 384, 16)]
    output_scale = [1.0] * 4
    output_zero_point = [0] * 4
    output_dtype = ["f"] * 4
class Nms:
    count = 0
    def add_bounding_box(self, *box, keypoints):
        self.count += 1
outputs = [np.zeros(shape) for shape in Model.output_shape]
for threshold in (0.4, 0.6):
    face, nms = BlazeFace(threshold=threshold), Nms()
    face.detection_post_process(128, 128, nms, Model, [In], outputs, 1, 0, threshold, face.anchors[:512])
    print(nms.count)
"""


@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
def test_a_score_of_zero_is_the_logit_of_a_half(firmware: str, tmp_path: Path) -> None:
    # mediapipe.py: scores > logit(threshold), which is below zero for thresholds below 0.5: every anchor.
    assert printed(tmp_path, BLAZE, firmware, time_limit=None) == ["512", "0"]
