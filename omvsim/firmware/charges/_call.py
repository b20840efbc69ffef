"""Steps that the library's post-processing classes share, as charges.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/ml-core/ml/utils.py`` and
``scripts/libraries/ml/*/ml/postprocessing/*.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.firmware.charges._ulab import Array, Ulab

if TYPE_CHECKING:
    from omvsim.firmware.charges._nms import NmsCharge
    from omvsim.firmware.charges._tape import Tape


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """An output tensor as the post-processing sees it: its own buffer, its own type."""

    shape: tuple[int, ...]
    kind: str
    """Type letter: ``f``, ``b``, ``B``, ``h`` or ``H``."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The part of a loaded model that decides the charges."""

    inputs: tuple[OutputSpec, ...]
    outputs: tuple[OutputSpec, ...]


class PostprocessCall:
    """One ``__call__`` of a post-processing class."""

    def __init__(self, tape: Tape, model: ModelSpec, release: str) -> None:
        self.tape = tape
        self.np = Ulab(tape)
        self.model = model
        self.release = release
        _, self.height, self.width, _ = (*model.inputs[0].shape, 1, 1, 1)[:4]

    def output(self, index: int) -> Array:
        spec = self.model.outputs[index]
        return Array(spec.shape, spec.kind)

    def quantize(self, array: Array) -> None:
        """A threshold in the output's own units: asking for the type makes a tuple, then a quotient and a sum."""
        self.tape.tuple(len(self.model.outputs), "output types")
        if array.kind != "f":
            self.tape.floats(2, "quantized threshold")

    def logit(self) -> None:
        self.tape.floats(3, "logit of the threshold")

    def dequantize(self, array: Array) -> Array:
        self.tape.tuple(len(self.model.outputs), "output types")
        if array.kind == "f":
            return array
        self.tape.floats(1, "zero point")
        return self.np.binary(self.np.binary(array, "-", 1.0, "dequantized"), "*", 1.0, "dequantized")

    def sigmoid(self, array: Array) -> Array:
        exponential = self.np.function(self.np.negative(array, "sigmoid"), "sigmoid")
        return self.np.binary(1.0, "/", self.np.binary(1.0, "+", exponential, "sigmoid"), "sigmoid")

    def modulus(self, array: Array, divisor: int) -> Array:
        if not known_release(self.release).package.has_mod:  # arrays have ``%``; else ``a - b * (a // b)``
            return self.np.binary(array, "%", divisor, "remainder")
        whole = self.np.binary(array, "//", divisor, "remainder")
        return self.np.binary(array, "-", self.np.binary(divisor, "*", whole, "remainder"), "remainder")

    def over_threshold(self, scores: Array, found: int, *, max_axis: int | None = None) -> Array:
        """``ml.utils.threshold``: indices of the scores over the threshold."""
        if max_axis is not None:
            scores = self.np.extreme(scores, max_axis, "best scores")
        return self.np.nonzero(self.np.binary(scores, ">", 1.0, "scores over threshold"), found, "indices")

    def column(self, array: Array, what: str) -> Array:
        """``a[:, i]``."""
        return self.np.view(array, array.shape[:1], what, slices=1)

    def row(self, array: Array, what: str) -> Array:
        """``a[i, :]``."""
        return self.np.view(array, array.shape[1:], what, slices=1)

    def columns(self, array: Array, count: int, what: str) -> Array:
        """``a[:, i:]`` or ``a[:, i::2]``."""
        return self.np.view(array, (array.shape[0], count), what, slices=2)

    def add_boxes(
        self, nms: NmsCharge, accepted: tuple[bool, ...], *, centred: bool, classes: Array, shape: Array
    ) -> None:
        """The loop that hands every candidate to the suppression, corner by corner."""
        self.np.shape_of(shape, "number of boxes")
        corner = Array(classes.shape, "f")
        for box in accepted:
            for _ in range(4):
                self.np.element(corner, "corner")
                if centred:
                    self.np.element(corner, "half size")
                    self.tape.floats(2, "corner")
            self.np.element(corner, "score")
            self.np.element(classes, "class")
            nms.add(accepted=box)
