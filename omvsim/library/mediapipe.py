"""``ml/postprocessing/mediapipe.py``: detectors with anchors, landmarks, ``MoveNet`` (from 4.8.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.library.blaze import blaze_codes, detector_codes
from omvsim.library.detecting import call_code, init_code
from omvsim.library.functions import library_body
from omvsim.library.landmarks import FACE_STATE, HAND_STATE, face, hand
from omvsim.library.movenet import MOVENET_STATE, movenet
from omvsim.library.package import package_of

if TYPE_CHECKING:
    from omvsim.frozen.body import Body


def statements(body: Body) -> None:
    """``ml/postprocessing/mediapipe.py``."""
    body = library_body(body)
    body.from_import("ml.utils", "*")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    body.define_class("mediapipe_detection_postprocess", *detector_codes())
    base = body.load("mediapipe_detection_postprocess")
    for name, code in blaze_codes().items():
        body.define_class(name, code, bases=(base,))
    body.define_class("HandLandmarks", init_code(0.6), call_code(hand, HAND_STATE))
    body.define_class("FaceLandmarks", init_code(0.6), call_code(face, FACE_STATE))
    if package_of(body.vm).has_movenet:
        body.define_class("MoveNet", init_code(0.6), call_code(movenet, MOVENET_STATE))
    body.finish()


__all__ = ["statements"]
