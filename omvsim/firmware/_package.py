"""The frozen package ``ml`` of each release: what differs between them.

Read at the tags of openmv/openmv: ``scripts/libraries/ml``; bytes of frames come from compiling these sources.
"""

from __future__ import annotations

from typing import NamedTuple


class Package(NamedTuple):
    """One release's package. States are bytes: of a function's locals and stack, as they lie on the device's stack."""

    has_detectors: bool = True
    """Classes in ``ml.postprocessing.*`` and their helpers in ``ml.utils`` (from 4.8.0)."""
    has_old_postprocessing: bool = False
    """One module ``ml.postprocessing`` on float copies (4.6.0 to 4.7.0)."""
    has_lc_and_v8: bool = True
    """``yolo_lc_postprocess`` and ``yolo_v8_postprocess`` in it (4.7.0)."""
    nonzero_may_be_tuple: bool = False
    """Whether it looks if ``nonzero`` gave a tuple (4.6)."""
    keypoints: bool = True
    """Whether boxes may have keypoints (from 4.8.0)."""
    keeps_aspect: bool = True
    """Whether boxes are mapped back with one scale (up to 4.8.1) or two."""
    has_mod: bool = True
    """``ml.utils.mod`` stands in for ``%`` (4.8); from 5.0.0 arrays have ``%``."""
    has_movenet: bool = False
    draws_with_tuples: bool = False
    """Whether drawing helpers give coordinates as tuples (from 5.0.0)."""
    add_box_state: int = 76
    get_boxes_state: int = 108
    draw_predictions_state: int = 124
    draw_keypoints_state: int = 88
    draw_skeleton_state: int = 96
    speech_init_state: int = 64
    speech_takes_more: bool = True
    """Whether ``MicroSpeech`` hands keyword arguments on to ``audio.init`` (from 4.6.0)."""
    init_line: int = 36
    """Line of ``super().__init__`` in ``ml/model.py``."""
    keypoints_line: int = 148
    """Line where ``ml/utils.py`` maps keypoints back."""


PACKAGE_4_8 = Package()
PACKAGE_5_0 = PACKAGE_4_8._replace(
    has_mod=False,
    has_movenet=True,
    keeps_aspect=False,
    draws_with_tuples=True,
    get_boxes_state=104,
    draw_predictions_state=156,
    draw_keypoints_state=80,
    draw_skeleton_state=92,
    keypoints_line=143,
)
PACKAGE_4_7 = PACKAGE_4_8._replace(
    has_detectors=False,
    has_old_postprocessing=True,
    keypoints=False,
    add_box_state=68,
    get_boxes_state=100,
)
PACKAGE_4_6 = PACKAGE_4_7._replace(has_lc_and_v8=False, nonzero_may_be_tuple=True)
PACKAGE_4_5 = PACKAGE_4_6._replace(has_old_postprocessing=False, speech_init_state=56, speech_takes_more=False)
