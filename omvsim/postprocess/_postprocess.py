"""Counts what a model detects, before and after suppression."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omvsim.postprocess import _decode as decode
from omvsim.postprocess import _mediapipe as mediapipe
from omvsim.postprocess._suppress import suppress
from omvsim.postprocess._types import Candidates, Output, PostprocessError, Result, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.runtime import Array, Interpreter


@dataclass(frozen=True, slots=True)
class _Kind:
    decode: Callable[[Sequence[Output], tuple[int, int], Settings], Candidates]
    threshold: float = 0.6
    nms_threshold: float = 0.1
    nms_sigma: float = 0.1


_KINDS = {
    "yolov2": _Kind(decode.yolo_v2),
    "yolo-lc": _Kind(decode.yolo_lc),
    "yolov5": _Kind(decode.yolo_v5),
    "yolov8": _Kind(decode.yolo_v8),
    "fomo": _Kind(decode.fomo, threshold=0.4, nms_sigma=0.001),
    "blazeface": _Kind(mediapipe.blaze_face),
    "blazepalm": _Kind(mediapipe.blaze_palm),
    "hand-landmarks": _Kind(mediapipe.hand_landmarks),
    "face-landmarks": _Kind(mediapipe.face_landmarks),
    "movenet": _Kind(mediapipe.movenet),
}


def postprocess(
    name: str,
    outputs: Sequence[Output],
    window: tuple[int, int],
    *,
    region: tuple[int, int, int, int] | None = None,
    settings: Settings | None = None,
    keep_aspect: bool = True,
) -> Result:
    """What the camera's class ``name`` makes of one inference.

    Args:
        name: one of :data:`omvsim.firmware.charges.POSTPROCESSORS`.
        outputs: the model's outputs in its order.
        window: width and height of the model's input.
        region: part of the frame that was put into it; the input itself if not given.
        settings: the class's keyword arguments.
        keep_aspect: whether frames are cropped (4.8.1) or stretched (5.0.0) to the input.

    Raises:
        PostprocessError: no such class, or the outputs are not what it takes.
    """
    kind = _kind(name)
    chosen = settings or Settings()
    candidates = kind.decode(outputs, window, replace(chosen, threshold=_or(chosen.threshold, kind.threshold)))
    return suppress(
        candidates,
        window,
        region or (0, 0, *window),
        threshold=_or(chosen.nms_threshold, kind.nms_threshold),
        sigma=_or(chosen.nms_sigma, kind.nms_sigma),
        keep_aspect=keep_aspect,
    )


def outputs_of(interpreter: Interpreter, values: Sequence[Array]) -> tuple[Output, ...]:
    """The values of an inference with their tensors' quantisation."""
    return tuple(
        Output(array, tensor.scales[0] if tensor.scales else 1.0, tensor.zero_points[0] if tensor.zero_points else 0)
        for tensor, array in zip(interpreter.outputs, values, strict=True)
    )


def _kind(name: str) -> _Kind:
    kind = _KINDS.get(name)
    if kind is None:
        raise PostprocessError(name, f"no such post-processing (there are {', '.join(_KINDS)})")
    return kind


def _or(value: float | None, default: float) -> float:
    return default if value is None else value
