"""Post-processing classes on outputs that a script makes: what they return, and what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.library.running import asked, model, printed

if TYPE_CHECKING:
    from pathlib import Path

NEW = ("4.8.1", "5.0.0")
V8 = """
a = np.zeros((1, 6, 5))
a[0, :, 1] = np.array([0.5, 0.5, 0.25, 0.5, 0.1, 0.9])
a[0, :, 3] = np.array([0.25, 0.25, 0.25, 0.25, 0.8, 0.2])
"""
V5 = """
a = np.zeros((1, 4, 7))
a[0, 1, :] = np.array([0.5, 0.5, 0.25, 0.5, 0.9, 0.1, 0.7])
"""


@pytest.mark.parametrize("firmware", NEW)
def test_yolo_v8_gives_a_list_a_class(tmp_path: Path, firmware: str) -> None:
    text = model((1, 6, 5)) + V8 + "from ml.postprocessing.ultralytics import YoloV8\nprint(YoloV8()(M, [In], [a]))\n"
    assert printed(tmp_path, text, firmware) == ["[[([12, 12, 24, 24], 0.8)], [([36, 24, 24, 48], 0.9)]]"]


@pytest.mark.parametrize("firmware", NEW)
def test_yolo_v5(tmp_path: Path, firmware: str) -> None:
    text = model((1, 4, 7)) + V5 + "from ml.postprocessing.ultralytics import YoloV5\nprint(YoloV5()(M, [In], [a]))\n"
    assert printed(tmp_path, text, firmware) == ["[[], [([36, 24, 24, 48], 0.9)]]"]


def test_the_old_classes_say_the_same_of_float_copies(tmp_path: Path) -> None:
    text = model((1, 6, 5)) + V8 + "from ml.postprocessing import yolo_v8_postprocess as Y\nprint(Y()(M, [In], [a]))\n"
    assert printed(tmp_path, text, "4.7.0") == ["[[([12, 12, 24, 24], 0.8)], [([36, 24, 24, 48], 0.9)]]"]
    text = model((1, 4, 7)) + V5 + "from ml.postprocessing import yolo_v5_postprocess as Y\nprint(Y()(M, [In], [a]))\n"
    for firmware in ("4.6.20", "4.7.0"):
        assert printed(tmp_path, text, firmware) == ["[[], [([36, 24, 24, 48], 0.9)]]"]


def test_nothing_over_the_threshold_is_a_constant(tmp_path: Path) -> None:
    text = model((1, 4, 7)) + "from ml.postprocessing.ultralytics import YoloV5\na = np.zeros((1, 4, 7))\n"
    assert printed(tmp_path, text + "print(YoloV5()(M, [In], [a]))\n") == ["()"]


def test_movenet_is_new_in_5(tmp_path: Path) -> None:
    text = model((1, 4, 4, 2)) + "a = np.zeros((1, 4, 4, 2))\na[0, 1, 2, 0] = 0.9\na[0, 3, 0, 1] = 0.7\n"
    text += "from ml.postprocessing.mediapipe import MoveNet\nr = MoveNet()(M, [In], [a])\nprint(r[0][0], len(r))\n"
    assert printed(tmp_path, text, "5.0.0") == ["[12, 36, 48, 48] 1"]
    text = "try:\n    from ml.postprocessing.mediapipe import MoveNet\nexcept ImportError as e:\n    print(e)\n"
    assert printed(tmp_path, text, "4.8.1") == ["can't import name MoveNet"]


@pytest.mark.parametrize("firmware", NEW)
def test_forced_results_are_as_many_as_asked_for(tmp_path: Path, firmware: str) -> None:
    text = model((1, 6, 40)) + "from ml.postprocessing.ultralytics import YoloV8\n"
    text += "for n in range(2):\n    r = YoloV8()(M, [In], [np.zeros((1, 6, 40))])\n    print(sum(len(c) for c in r))\n"
    assert printed(tmp_path, text, firmware, detections=7) == ["7", "7"]
    assert printed(tmp_path, text, firmware, detections=0) == ["0", "0"]


def test_blaze_anchors_are_garbage_before_the_arena_is_sized(tmp_path: Path) -> None:
    """Measured: ``BlazeFace()`` asks for 678 320 bytes besides its array of anchors."""
    text = "from ml.postprocessing.mediapipe import BlazeFace\nb = BlazeFace(threshold=0.4)\n"
    sizes = [-(-size // 16) * 16 for kind, size in asked(tmp_path, text, 2) if kind == "alloc"]
    assert sum(sizes) == pytest.approx(678320, rel=0.02)


def test_a_model_of_another_shape_is_the_cameras_error(tmp_path: Path) -> None:
    text = model((1, 6, 5, 2)) + "from ml.postprocessing.ultralytics import YoloV8\n"
    text += "try:\n    YoloV8()(M, [In], [np.zeros((1, 6, 5, 2))])\nexcept ValueError as e:\n    print(e)\n"
    assert printed(tmp_path, text) == ["too many values to unpack (expected 3)"]


@pytest.mark.parametrize("firmware", NEW)
def test_helpers(tmp_path: Path, firmware: str) -> None:
    text = (
        model((1, 2))
        + """
from ml.utils import *
print(quantize(M, 0.5), dequantize(M, 3), logit(0.5), sigmoid(0.0))
print(threshold(np.array([0.1, 0.9, 0.5]), 0.4, 1.0), threshold(np.array([[0.1, 0.9], [0.2, 0.1]]), 0.5, 1, True, 1))
print(threshold(np.array([0.1, 0.9, 0.5]), 0.4, -1.0))
"""
    )
    assert printed(tmp_path, text, firmware)[0] == "0.5 3 0.0 0.5"
    lines = printed(tmp_path, text, firmware)
    assert [line.partition(", dtype")[0] for line in lines[1:]][1] == "array([0]"
