"""Post-processing classes called by a script with a model and outputs of its own making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runs._running import printed, run_text

if TYPE_CHECKING:
    from pathlib import Path

MOVENET = """
    from ulab import numpy as np
    from ml.postprocessing.mediapipe import MoveNet
    class In:
        roi = (0, 0, 192, 192)
    class M:
        input_shape = [(1, 192, 192, 3)]
        output_shape = [(1, 48, 48, 17)]
        output_scale = [1.0]
        output_zero_point = [0]
        output_dtype = ["f"]
    a = np.zeros((1, 48, 48, 17))
    a[0, 4, 10, 0] = 0.75
    a[0, 24, 20, 5] = 0.625
    r = MoveNet()(M, [In], [a])
    print(len(r), r[0][0], r[0][1], r[0][2].shape)
    k = r[0][2]
    print(k[0, 0], k[0, 1], k[0, 2], k[5, 0], k[16, 2])
    print(MoveNet(threshold=0.9)(M, [In], [a]))
"""
FOMO = """
    from ulab import numpy as np
    from ml.postprocessing.edgeimpulse import Fomo
    class In:
        roi = (0, 0, 320, 240)
    class M:
        input_shape = [(1, 96, 96, 1)]
        output_shape = [{shape}]
        output_scale = [0.00390625]
        output_zero_point = [-128]
        output_dtype = ["b"]
    a = np.zeros((1, 288), dtype=np.int8) - 100
    b = np.array(a, dtype=np.int8)
    b[0, 35] = 120
    p = Fomo({arguments})
"""
SHAPE = "(1, 12, 12, 2)"


def test_movenet_s_keypoints_come_from_the_model(tmp_path: Path) -> None:
    lines = printed(tmp_path, MOVENET, firmware="5.0.0").splitlines()
    assert lines[0] == "1 [42, 18, 40, 80] 0.6875 (17, 3)"
    assert lines[1] == "42.0 18.0 0.75 82.0 0.0"
    assert lines[2] == "()"


def test_keypoints_print_as_a_table(tmp_path: Path) -> None:
    text = MOVENET + "    print(k[0:2, :])\n"
    assert printed(tmp_path, text, firmware="5.0.0").endswith(
        "array([[42.0, 18.0, 0.75],\n       [2.0, 2.0, 0.0]], dtype=float32)\n"
    )


def test_there_is_no_movenet_before_5_0_0(tmp_path: Path) -> None:
    failure = run_text(tmp_path, MOVENET, firmware="4.8.1").failure
    assert failure is not None
    assert (failure.text, failure.line) == ("ImportError: can't import name MoveNet", 3)


@pytest.mark.parametrize(("firmware", "box"), [("4.8.1", "[135, 15, 27, 27]"), ("5.0.0", "[126, 15, 36, 27]")])
def test_a_model_of_the_script_s_own(tmp_path: Path, firmware: str, box: str) -> None:
    text = FOMO.format(shape=SHAPE, arguments="") + "    r = p(M, [In], [b])\n    print(len(r), r[0], r[1][0])\n"
    assert printed(tmp_path, text, firmware=firmware) == f"2 [] ({box}, 0.96875)\n"


def test_arguments_by_position_and_by_name(tmp_path: Path) -> None:
    text = FOMO.format(shape=SHAPE, arguments="0.5, 3.0, h_scale=1.0, nms_sigma=0.25")
    text += "    print(p.threshold, p.w_scale, p.h_scale, p.nms_threshold, p.nms_sigma)\n"
    text += "    print(p(M, [In], [b])[1][0][0])\n"
    text += "    p.threshold = 0.99\n    print(p(M, [In], [b]))\n"
    assert printed(tmp_path, text).splitlines() == ["0.5 3.0 1.0 0.1 0.25", "[120, 20, 60, 20]", "()"]


@pytest.mark.parametrize(
    ("shape", "call", "message"),
    [
        ("(1, 12, 24)", "p(M, [In], [b])", "ValueError need more than 3 values to unpack"),
        ("(1, 12, 12, 2, 1)", "p(M, [In], [b])", "ValueError too many values to unpack (expected 4)"),
        (SHAPE, "p(M, [b], [b])", "AttributeError 'ndarray' object has no attribute 'roi'"),
        (SHAPE, "p(M, [In], [[1, 2]])", "AttributeError 'list' object has no attribute 'reshape'"),
        (SHAPE, "p(None, [In], [b])", "AttributeError 'NoneType' object has no attribute 'output_shape'"),
    ],
)
def test_what_the_camera_says_to_other_things(tmp_path: Path, shape: str, call: str, message: str) -> None:
    text = FOMO.format(shape=shape, arguments="")
    text += f"    try:\n        {call}\n    except Exception as e:\n        print(type(e).__name__, e)\n"
    assert printed(tmp_path, text) == f"{message}\n"


def test_nothing_found_never_asks_for_the_region(tmp_path: Path) -> None:
    text = FOMO.format(shape=SHAPE, arguments="threshold=0.99") + "    print(p(M, [b], [b]))\n"
    assert printed(tmp_path, text) == "()\n"


def test_a_region_of_no_size(tmp_path: Path) -> None:
    text = FOMO.format(shape=SHAPE, arguments="").replace("320, 240", "320, 0")
    text += "    try:\n        p(M, [In], [b])\n    except Exception as e:\n        print(e)\n"
    assert printed(tmp_path, text) == "Invalid ROI dimensions!\n"


OLD = """
    from ulab import numpy as np
    from ml.postprocessing import {name}
    class In:
        roi = (0, 0, 192, 96)
    class M:
        input_shape = [(1, 96, 96, 3)]
        output_shape = [{shape}]
    a = np.zeros({shape})
"""


def test_yolo_v8_of_4_7_0_takes_float_copies(tmp_path: Path) -> None:
    text = (
        OLD.format(name="yolo_v8_postprocess", shape="(1, 6, 4)")
        + "    a[0, :, 2] = np.array([0.5, 0.5, 0.25, 0.5, 0.1, 0.9])\n"
    )
    text += "    r = yolo_v8_postprocess(threshold=0.5)(M, [In], [a])\n    print(len(r), r[0], r[1][0][0])\n"
    text += "    print(yolo_v8_postprocess(0.95)(M, [In], [a]))\n"
    # Scale 1, and half of the 96 pixels that are cut off in the middle of the region.
    assert printed(tmp_path, text, firmware="4.7.0").splitlines() == ["2 [] [84, 24, 24, 48]", "()"]


def test_yolo_v2_of_4_6_0_compares_after_the_sigmoid(tmp_path: Path) -> None:
    text = OLD.format(name="yolo_v2_postprocess", shape="(1, 2, 2, 30)") + "    a[0, 0, 0, 4] = 1.0\n"
    text += "    r = yolo_v2_postprocess(threshold=0.7)(M, [In], [a])\n    print(len(r), len(r[0]), r[0][0][1])\n"
    text += "    print(yolo_v2_postprocess(threshold=0.74)(M, [In], [a]))\n"
    lines = printed(tmp_path, text, firmware="4.6.20").splitlines()
    assert lines[0].startswith("1 1 0.73105")  # 1 / (1 + exp(-1)) = 0.731059
    assert lines[1] == "()"


@pytest.mark.parametrize(
    ("firmware", "statement", "message"),
    [
        ("4.6.20", "from ml.postprocessing import yolo_v8_postprocess", "can't import name yolo_v8_postprocess"),
        ("4.7.0", "import ml.postprocessing.edgeimpulse", "no module named 'ml.postprocessing.edgeimpulse'"),
        ("4.7.0", "from ml.utils import logit", "can't import name logit"),
        ("4.5.9", "import ml.postprocessing", "no module named 'ml.postprocessing'"),
        (
            "4.8.1",  # a package there: the name is looked for as a module of it
            "from ml.postprocessing import yolo_v5_postprocess",
            "no module named 'ml.postprocessing.yolo_v5_postprocess'",
        ),
    ],
)
def test_what_a_release_s_library_does_not_have(tmp_path: Path, firmware: str, statement: str, message: str) -> None:
    failure = run_text(tmp_path, statement + "\n", firmware=firmware).failure
    assert failure is not None
    assert (failure.text, failure.line) == (f"ImportError: {message}", 1)
