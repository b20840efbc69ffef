"""What post-processing costs on the heap: constructors and calls of the library's classes, and ``predict()``.

Everything is a list of :class:`~omvsim.firmware.charges.Charge` that any heap can replay. It is a function of the
model's shapes and of :class:`~omvsim.firmware.charges.Detections`; values are :mod:`omvsim.postprocess`'s business.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from omvsim.firmware.charges._call import ModelSpec, PostprocessCall
from omvsim.firmware.charges._grid import fomo, yolo_v2, yolo_v5, yolo_v8
from omvsim.firmware.charges._mediapipe import (
    BLAZE_FACE,
    BLAZE_PALM,
    Blaze,
    blaze,
    face_landmarks,
    hand_landmarks,
    movenet,
)
from omvsim.firmware.charges._nms import Detections
from omvsim.firmware.charges._tape import OBJECT, AttributeCharge, Charge, ListCharge, Tape
from omvsim.firmware.charges._ulab import Array, Ulab

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLS: dict[str, Callable[[PostprocessCall, Detections], None]] = {
    "yolov2": yolo_v2,
    "yolo-lc": yolo_v2,
    "yolov5": yolo_v5,
    "yolov8": yolo_v8,
    "fomo": fomo,
    "blazeface": partial(blaze, detector=BLAZE_FACE),
    "blazepalm": partial(blaze, detector=BLAZE_PALM),
    "hand-landmarks": hand_landmarks,
    "face-landmarks": face_landmarks,
    "movenet": movenet,
}

POSTPROCESSORS = tuple(_CALLS)
"""Names of the library's post-processing classes as the command line spells them."""

RELEASES = ("4.8.1", "5.0.0")
"""Releases whose library was measured."""

_ATTRIBUTES = {"fomo": 5}
"""Attributes of the plain classes: three (threshold, NMS threshold, NMS sigma) but for these."""


def library_release(release: str) -> str | None:
    """The measured release whose library ``release`` has, ``None`` if its post-processing is another one.

    4.7.0 and 4.8.0 have the classes of 4.8.1 in part; before, post-processing was other code.
    """
    return release.removeprefix("v") if release.removeprefix("v") in RELEASES else None


def constructor_charges(name: str, *, keywords: int = 1) -> tuple[Charge, ...]:
    """``YoloV8(threshold=…)`` and the like.

    Args:
        name: one of :data:`POSTPROCESSORS`.
        keywords: how many keyword arguments the script passes.
    """
    tape = Tape()
    arguments = tape.instance(2 * keywords, name, kept=True)
    if name in ("blazeface", "blazepalm"):
        _construct_blaze(tape, BLAZE_FACE if name == "blazeface" else BLAZE_PALM)
    elif name in ("yolov2", "yolo-lc"):
        _construct_yolo_v2(tape, light=name == "yolo-lc")
    else:
        AttributeCharge(tape, name, kept=True).store(_ATTRIBUTES.get(name, 3))
    tape.leave(arguments)
    return tape.charges


def _construct_yolo_v2(tape: Tape, *, light: bool) -> None:
    """Five anchors as nested lists, made an array of 5 x 2: by ``YoloLC`` before, by ``YoloV2`` after storing three."""
    outer = tape.frame(14, "YoloLC.__init__") if light else None
    if light:
        _anchor_array(tape)
    frame = tape.frame(13, "YoloV2.__init__")
    attributes = AttributeCharge(tape, "YoloV2", kept=True)
    attributes.store(4)
    if not light:
        _anchor_array(tape)
    attributes.store()
    tape.leave(frame)
    tape.leave(outer)


def _anchor_array(tape: Tape) -> None:
    for _ in range(5):
        ListCharge(tape, "anchor", count=2)
    ListCharge(tape, "anchors", count=5)
    tape.take(52, "anchors", kept=True)
    tape.take(16, "anchors")
    tape.take(5 * 2 * 4, "anchors: data", kept=True)


def _construct_blaze(tape: Tape, detector: Blaze) -> None:
    """Anchors filled element by element: each of the two assignments makes a tuple, two views and a copy."""
    outer = tape.frame(22, f"{detector.name}.__init__")
    for what, entries, kept in (
        ("grid", detector.grid, False),
        ("scores", detector.scores, True),
        ("coordinates", detector.cords, True),
    ):
        ListCharge(tape, what, count=len(entries), kept=kept)
    frame = tape.frame(31, "mediapipe.__init__")
    attributes = AttributeCharge(tape, detector.name, kept=True)
    attributes.store(4)
    tape.take_all((OBJECT, OBJECT, 64), "generator of the sum")
    np = Ulab(tape)
    tape.tuple(2, "anchors")
    anchors = np.new((detector.anchors, 2), "f", "anchors", kept=True)
    for side, each in detector.grid:
        for _ in range(side):
            tape.floats(2, "anchor")
            for _ in range(side):
                tape.floats(2, "anchor")
                for _ in range(2 * each):
                    np.assign(0.5, anchors, "anchor", slices=0, indices=2)
    attributes.store(2)
    tape.leave(frame)
    tape.leave(outer)


def call_charges(name: str, model: ModelSpec, found: Detections, *, release: str = "4.8.1") -> tuple[Charge, ...]:
    """One ``__call__`` of a post-processing object, without what ``predict()`` does around it.

    ``kept`` marks the lists and tuples of the result; its scores (16 bytes a box) and keypoint arrays are among the
    charges but not marked.
    """
    tape = Tape()
    _CALLS[name](PostprocessCall(tape, model, release), found)
    return tape.charges


def predict_charges(
    model: ModelSpec,
    *,
    postprocess: str | None = None,
    found: Detections | None = None,
    release: str = "4.8.1",
) -> tuple[Charge, ...]:
    """``model.predict([img])`` with an image: normalisation, outputs, and the post-processing given.

    Without ``postprocess`` every output becomes a new float array. Facts: openmv/openmv, ``modules/py_ml.c`` and
    ``scripts/libraries/ml/ml-core/ml/{model,preprocessing}.py``.
    """
    tape, outputs = Tape(), model.outputs
    tape.take(OBJECT, "keyword arguments")
    tape.take(OBJECT, "function of the comprehension")
    ListCharge(tape, "inputs")
    for _ in model.inputs:
        _normalization(tape)
    vector = tape.take(8, "arguments")
    for spec in model.inputs:
        fill_input(tape, spec.shape, spec.kind)
    ListCharge(tape, "outputs", count=len(outputs), kept=postprocess is None)
    np = Ulab(tape)
    for spec in outputs:
        np.by_reference(spec.shape, spec.kind, "output")
        if postprocess is None:
            tape.keep(len(tape.charges) - 2)
            tape.take(Array(spec.shape, "f").data_bytes, "output: data", kept=True)
    if postprocess is not None:
        _CALLS[postprocess](PostprocessCall(tape, model, release), found or Detections.disjoint(0))
    tape.free(vector)
    return tape.charges


def _normalization(tape: Tape) -> None:
    """``Normalization()(img)``: an instance, and a second one that remembers the picture."""
    tape.instance(0, "Normalization")
    AttributeCharge(tape, "Normalization").store(5)
    frame = tape.frame(27, "Normalization.__call__")
    tape.tuple(1, "arguments")
    tape.tuple(4, "region of interest")
    arguments = tape.instance(4, "Normalization")
    AttributeCharge(tape, "Normalization").store(5)
    tape.leave(arguments)
    tape.leave(frame)


def fill_input(tape: Tape, shape: tuple[int, ...], kind: str, *, in_place: bool = True) -> None:
    """``normalization(buffer, shape, dtype)``: the picture drawn into the tensor; float tensors are scaled.

    ``in_place``: from 4.8.0 on; before, ``(array * fscale) + fadd`` makes two arrays of the input's size.
    """
    np, channels = Ulab(tape), shape[-1]
    tape.take(OBJECT, "buffer")
    frame = tape.frame(27, "Normalization.__call__")
    tape.tuple(3, "arguments")
    tape.take_all((OBJECT, OBJECT, 28), "image on the buffer")
    pixels = np.by_reference(shape, kind, "pixels")
    if kind == "f":
        tape.floats(2, "scale")
        tape.take(OBJECT, "function grayscale")
        if channels == 1:
            tape.floats(5 + 1 + 5 + 1 + 5 + 1, "scale and offset")
            factor: Array | float = 1.0
        else:
            factor = _channel_factors(tape, np)
        for what in ("scaled pixels", "shifted pixels"):
            if in_place:
                np.in_place(pixels, factor, what)
            else:
                pixels = np.binary(pixels, "*", factor, what)
    tape.leave(frame)


def _channel_factors(tape: Tape, np: Ulab) -> Array:
    """Offset and scale of three channels: two arrays of tuples, a difference, a quotient; then the same for scale."""
    values = Array((3,), "f")

    def array() -> None:
        tape.take_all((52, 16, values.data_bytes), "mean or deviation")

    array()
    np.binary(1.0, "-", values, "offset")
    array()
    np.binary(values, "/", values, "offset")
    array()
    return np.binary(1.0, "/", values, "scale")
