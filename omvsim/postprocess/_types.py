"""What goes into post-processing and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from omvsim.firmware.charges import Detections

    Values = NDArray[np.float32]


class PostprocessError(InputError):
    """The model's outputs are not what this post-processing takes."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output tensor of one inference with its quantisation (scale 1, zero point 0 for floats)."""

    values: NDArray[np.generic]
    scale: float = 1.0
    zero_point: int = 0
    real: bool | None = None
    """Whether the model calls it a float tensor; None: as its values are."""

    @property
    def is_real(self) -> bool:
        """Whether its values are real numbers, and not steps of the scale."""
        return self.values.dtype.kind == "f" if self.real is None else self.real


@dataclass(frozen=True, slots=True)
class Settings:
    """The classes' keyword arguments; ``None`` is the class's own default."""

    threshold: float | None = None
    nms_threshold: float | None = None
    nms_sigma: float | None = None
    w_scale: float | None = None
    """FOMO: width of a box in cells."""
    h_scale: float | None = None
    squashed: bool = False
    """YOLO V2 up to 4.7.0: scores are compared after their sigmoid, not before it."""
    anchors: Values | None = None
    """Shape (k, 2). YOLO V2: width and height in cells; BlazeFace, BlazePalm: centres as shares of the input."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes over the threshold in pixels of the model's input, before suppression; one row each."""

    corners: Values
    """Shape (k, 4): left, top, right, bottom."""
    scores: Values
    labels: NDArray[np.int64]
    groups: tuple[int, ...]
    """How many come from each pair of output tensors."""
    keypoints: int | None = None
    """Keypoints over the threshold, where these and not boxes are what is compared with it."""
    points: Values | None = None
    """Keypoints of every box in pixels of the input, shape (k, n, 2 or 3); None where the class has none."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A box that comes out, in pixels of the frame."""

    x: int
    y: int
    width: int
    height: int
    score: float
    label: int
    keypoints: Values | None = None
    """In pixels of the frame, shape (n, 2 or 3): x, y and, by class, depth or score."""


@dataclass(frozen=True, slots=True)
class Result:
    """One inference's detections."""

    before: int
    """Boxes over the threshold, before suppression."""
    detections: tuple[Detection, ...]
    """After suppression, best first."""
    found: Detections
    """What decides the heap charge (see :mod:`omvsim.firmware.charges`)."""

    @property
    def after(self) -> int:
        """Boxes that come out."""
        return len(self.detections)
