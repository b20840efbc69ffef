"""Which package a release has frozen, and what differs between them.

Read at the tags of openmv/openmv: ``scripts/libraries/ml``; bytes of frames come from compiling these sources.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from omvsim.firmware import Generation, generation_of, parse_version

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


@dataclass(frozen=True, slots=True)
class Library:
    """One release's package. States are bytes (see :class:`omvsim.library.functions.Code`)."""

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


_DETECTORS = Library()
_MODULUS = replace(
    _DETECTORS,
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
_OLD = replace(
    _DETECTORS,
    has_detectors=False,
    has_old_postprocessing=True,
    keypoints=False,
    add_box_state=68,
    get_boxes_state=100,
)
_OLDER = replace(_OLD, has_lc_and_v8=False, nonzero_may_be_tuple=True)
_FIRST = replace(_OLDER, has_old_postprocessing=False, speech_init_state=56, speech_takes_more=False)
LIBRARIES: Final = {
    (4, 5, 6): _FIRST,
    (4, 6, 0): _OLDER,
    (4, 7, 0): _OLD,
    (4, 8, 0): _DETECTORS,
    (5, 0, 0): _MODULUS,
}
"""By the first release that has them."""
RELEASES: Final = {"1.26": "4.8.1", "1.28": "5.0.0"}
"""The release whose package a machine without a camera has, by its version of MicroPython."""


def release_of(vm: Machine) -> str:
    """The machine's release of OpenMV."""
    world = getattr(vm, "world", None)
    return RELEASES[vm.dialect.version] if world is None else str(world.board.firmware)


def library_of_release(release: str) -> Library:
    """A release's package."""
    version = parse_version(release)
    return LIBRARIES[max((known for known in LIBRARIES if known <= version), default=min(LIBRARIES))]


def library_of(vm: Machine) -> Library:
    """The machine's package."""
    return library_of_release(release_of(vm))


def generation_on(vm: Machine) -> Generation:
    """The facts of the machine's firmware."""
    return generation_of(release_of(vm))


def frozen_files(release: str) -> frozenset[str]:
    """The package's files; none before 4.5.6."""
    if not generation_of(release).tf_is_ml:
        return frozenset()
    library = library_of_release(release)
    names = ["__init__", "apps", "model", "preprocessing", "utils"]
    if library.has_old_postprocessing:
        names.append("postprocessing")
    if library.has_detectors:
        names += [f"postprocessing/{name}" for name in ("darknet", "edgeimpulse", "mediapipe", "ultralytics")]
    return frozenset(f"ml/{name}.py" for name in names)


__all__ = ["Library", "frozen_files", "generation_on", "library_of", "library_of_release", "release_of"]
