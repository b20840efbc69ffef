"""The frozen package ``ml``: its modules, and the helpers of ``ml.utils``.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``scripts/libraries/ml/ml-core/ml/utils.py``; frames of the helpers are
``n_state`` of the compiled functions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from omvsim.script._arrays import NdArray
from omvsim.script._detectors import KINDS, OLD_KINDS, Detector
from omvsim.script._errors import NotModelled
from omvsim.script._models import ModelObject
from omvsim.script._normalization import NormalizationObject
from omvsim.script._suppression import NmsObject
from omvsim.script._tensors import quantization
from omvsim.script._text import percent_text
from omvsim.script._values import Module, Native, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._image import ImageObject
    from omvsim.script._models import Models

FRAMES = {
    "draw_predictions": (144, 176),
    "draw_keypoints": (108, 100),
    "draw_skeleton": (116, 112),
}
"""Bytes of the call's frame in 4.8.1 and in 5.0.0."""
ENUMERATE = 12
ITERATOR = 16


FIRST_DETECTORS = (4, 8)
"""Release whose library has classes for detectors and what they share in ``ml.utils``."""


class Library:
    """Makes the modules of ``ml`` for one runtime."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.rt = models.rt
        self.make = models.make
        self.release = models.world.release
        self.model_type = NativeType("Model", models.model, (ModelObject,))

    def modules(self) -> dict[str, Module]:
        """Module name to module."""
        normalization = NativeType("Normalization", self.normalization, (NormalizationObject,))
        preprocessing = Module("ml.preprocessing", {"Normalization": normalization})
        utils = Module("ml.utils", self._utils())
        names = {"Model": self.model_type, "preprocessing": preprocessing, "utils": utils}
        found = {"ml.preprocessing": preprocessing, "ml.utils": utils}
        post: dict[str, Any] = {}
        for kind in KINDS:
            if kind.on(self.release):
                members = post.setdefault(kind.module, {})
                members[kind.class_name] = NativeType(kind.class_name, self._maker(kind), (Detector,))
        for module, members in post.items():
            found[f"ml.postprocessing.{module}"] = post[module] = Module(f"ml.postprocessing.{module}", members)
        post.update(self._old_kinds())
        if post:
            found["ml.postprocessing"] = names["postprocessing"] = Module("ml.postprocessing", post)
        found["ml"] = Module("ml", names)
        return found

    def _old_kinds(self) -> dict[str, Any]:
        """The classes of 4.6.0 to 4.7.0, all in one module."""
        found: dict[str, Any] = {
            kind.class_name: NativeType(kind.class_name, self._maker(kind), (Detector,))
            for kind in OLD_KINDS
            if kind.on(self.release)
        }
        if found:
            found["fomo_postprocess"] = NativeType("fomo_postprocess", self._blobs, ())
        return found

    def _blobs(self, *_values: Any, **_names: Any) -> None:
        """It looks for blobs in pictures of the outputs, whose statistics are not simulated."""
        raise NotModelled("ml.postprocessing.fomo_postprocess")

    def _maker(self, kind: Any) -> Callable[..., Detector]:
        return lambda *values, **keywords: Detector(self.models, kind, *values, **keywords)

    def normalization(self, *values: Any, **settings: Any) -> NormalizationObject:
        """``Normalization(scale=…, mean=…, stdev=…, roi=…)``."""
        given = dict(zip(("scale", "mean", "stdev", "roi"), values, strict=False)) | settings
        return NormalizationObject.made(self.models, len(values) + 2 * len(settings), **given)

    # -- ml.utils -----------------------------------------------------------------------------------------------

    def _utils(self) -> dict[str, Any]:
        functions: dict[str, Callable[..., Any]] = {
            "draw_predictions": self.draw_predictions,
        }
        later: dict[str, Callable[..., Any]] = {
            "draw_keypoints": self.draw_keypoints,
            "draw_skeleton": self.draw_skeleton,
            "logit": self.logit,
            "sigmoid": self.sigmoid,
            "quantize": self.quantize,
            "dequantize": self.dequantize,
            "threshold": self.threshold,
        }
        if self.release >= FIRST_DETECTORS:
            functions |= later
        if FIRST_DETECTORS <= self.release < (5,):
            functions["mod"] = lambda a, b: self._bin("-", a, self._bin("*", b, self._bin("//", a, b)))
        made: dict[str, Any] = {name: Native(name, function) for name, function in functions.items()}
        made["NMS"] = NativeType("NMS", lambda *values: NmsObject(self.models, *values), (NmsObject,))
        return made

    def _bin(self, sign: str, left: Any, right: Any) -> Any:
        return self.rt.operators.binary(sign, left, right)

    def _frame(self, name: str) -> Any:
        return self.make.alloc(FRAMES[name][self.release >= (5,)], f"{name}: frame")

    def draw_predictions(
        self,
        _image: ImageObject,
        boxes: Any,
        labels: Any,
        colors: Any,
        *_more: Any,
        format: Any = "pascal_voc",
        scores: Any = None,
        **_options: Any,
    ) -> None:
        """``draw_predictions``: an enumeration, a tuple a box, the label in capitals; 5.0.0 draws with tuples."""
        make = self.make
        frame = self._frame("draw_predictions")
        held = [make.alloc(ENUMERATE, "enumerate")]
        source, block = self.rt.heap_iterate(boxes)
        for number, box in enumerate(source):
            pair = make.new_tuple((number, box))
            label = self.rt.operators.index(labels, number)
            self.rt.operators.index(colors, number)
            self.rt.unpack(box, 4)
            if scores is not None:
                score = self.rt.operators.index(scores, number)
                label = percent_text(make, "%s %.2f", make.new_tuple((label, score)), self.rt.show)
            if format == "pascal_voc":
                for _ in range(4):
                    make.real(0.0)
            self._drawn(label, point=format == "point")
            del pair
        make.memory.free(frame)
        del held, block

    def _drawn(self, label: str, *, point: bool) -> None:
        make = self.make
        if self.release < (5,):
            make.joined(str(label).upper())
            return
        first = make.new_tuple((0, 0, 0) if point else (0, 0, 0, 0))
        background = make.new_tuple((0, 0, 0, 0))
        place = make.new_tuple((0, 0))
        make.joined(str(label).upper())
        del first, background, place

    def draw_keypoints(self, _image: ImageObject, keypoints: NdArray, radius: Any = 4, **_options: Any) -> None:
        """``draw_keypoints``: a row and two numbers of it for each."""
        frame = self._frame("draw_keypoints")
        for point in keypoints.iterate() if int(radius) >= 0 else ():
            for place in (0, 1):
                point.index(place)
            if self.release >= (5,):
                self.make.new_tuple((0, 0, 0) if int(radius) > 0 else (0, 0))
        self.make.memory.free(frame)

    def draw_skeleton(
        self, image: ImageObject, keypoints: NdArray, lines: Any, kp_radius: Any = 4, **_options: Any
    ) -> None:
        """``draw_skeleton``: the keypoints, then four rows and numbers for each line."""
        frame = self._frame("draw_skeleton")
        self.draw_keypoints(image, keypoints, kp_radius)
        for line in self.rt.iterate(lines):
            ends = list(self.rt.iterate(line))[:2]
            for end in ends:
                for place in (0, 1):
                    keypoints.index(end).index(place)
            if self.release >= (5,):
                self.make.new_tuple((0, 0, 0, 0))
        self.make.memory.free(frame)

    # -- arithmetic ---------------------------------------------------------------------------------------------

    def logit(self, value: Any) -> Any:
        """``log(x / (1 - x))``."""
        if isinstance(value, NdArray):
            quotient = self._bin("/", value, self._bin("-", 1.0, value))
            return self.rt.callm(self.rt.imported("ulab.numpy"), "log", quotient)
        quotient = self._bin("/", value, self._bin("-", 1.0, value))
        return self.make.real(math.log(float(quotient)))

    def sigmoid(self, value: Any) -> Any:
        """``1 / (1 + exp(-x))``."""
        negative = self.rt.operators.unary("-", value)
        power = self.rt.callm(self.rt.imported("ulab.numpy"), "exp", negative)
        return self._bin("/", 1.0, self._bin("+", 1.0, power))

    def quantize(self, model: ModelObject, value: Any, index: int = 0) -> Any:
        """A real value in the units of an output."""
        kinds = model.get("output_dtype")
        if kinds[index] == "f":
            return value
        scale, zero_point = quantization(model.outputs[int(index)])
        return self._bin("+", self._bin("/", value, float(scale)), zero_point)

    def dequantize(self, model: ModelObject, value: Any, index: int = 0) -> Any:
        """An output's units as real values."""
        kinds = model.get("output_dtype")
        if kinds[index] == "f":
            return value
        scale, zero_point = quantization(model.outputs[int(index)])
        return self._bin("*", self._bin("-", value, self.make.real(float(zero_point))), float(scale))

    def threshold(self, scores: NdArray, limit: Any, scale: Any, find_max: Any = False, find_max_axis: Any = 1) -> Any:
        """Indices of the scores over a limit (under it for a negative scale)."""
        numpy = self.rt.imported("ulab.numpy")
        above = float(scale) > 0
        if find_max:
            scores = self.rt.callm(numpy, "max" if above else "min", scores, axis=find_max_axis)
        found = self.rt.callm(numpy, "nonzero", self.rt.operators.compare(">" if above else "<", scores, limit))
        return self.rt.operators.index(found, 0)
