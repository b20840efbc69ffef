"""The library's post-processing classes: our decoders give the boxes, the recorded charges what they cost.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``scripts/libraries/ml/*/ml/postprocessing/*.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware.charges import Detections, call_charges, constructor_charges, library_release
from omvsim.postprocess import Output, PostprocessError, Settings, postprocess
from omvsim.script._arrays import NdArray
from omvsim.script._models import ModelObject
from omvsim.script._normalization import NormalizationObject
from omvsim.script._tensors import quantization
from omvsim.script._values import MISSING, Float, List, NativeObject, Tuple

if TYPE_CHECKING:
    from omvsim.postprocess import Detection, Result
    from omvsim.script._memory import Block
    from omvsim.script._models import Models

MEASURED = "4.8.1"
MOVENET_KEYPOINTS = 17


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of the library: its name for :mod:`omvsim.postprocess`, and what it returns."""

    name: str
    module: str
    class_name: str
    per_class: bool
    """A list per class; else the detections of the first class."""
    keypoints: int = 0
    """Keypoints of each detection; -1: by the model's output."""
    always: bool = False
    """Suppression runs even when nothing is over the threshold."""
    from_release: tuple[int, ...] = (4, 8)


KINDS = (
    Kind("yolov2", "darknet", "YoloV2", per_class=True),
    Kind("yolo-lc", "darknet", "YoloLC", per_class=True),
    Kind("yolov5", "ultralytics", "YoloV5", per_class=True),
    Kind("yolov8", "ultralytics", "YoloV8", per_class=True),
    Kind("fomo", "edgeimpulse", "Fomo", per_class=True),
    Kind("blazeface", "mediapipe", "BlazeFace", per_class=False, keypoints=6, always=True),
    Kind("blazepalm", "mediapipe", "BlazePalm", per_class=False, keypoints=7, always=True),
    Kind("hand-landmarks", "mediapipe", "HandLandmarks", per_class=True, keypoints=-1),
    Kind("face-landmarks", "mediapipe", "FaceLandmarks", per_class=False, keypoints=-1),
    Kind("movenet", "mediapipe", "MoveNet", per_class=False, keypoints=MOVENET_KEYPOINTS, from_release=(5,)),
)
_SETTINGS = ("threshold", "nms_threshold", "nms_sigma")
_LANDMARK_OUTPUTS = {"hand-landmarks": 3, "face-landmarks": 0}


class Detector(NativeObject):
    """An object of a post-processing class."""

    __slots__ = ("kind", "models", "settings")
    methods: dict[str, Any]

    def __init__(self, models: Models, kind: Kind, *values: Any, **keywords: Any) -> None:
        super().__init__()
        self.models = models
        self.kind = kind
        charges = constructor_charges(kind.name, keywords=len(keywords) + (len(values) + 1) // 2)
        self.blocks = tuple(models.make.play(charges))
        settings = dict(zip(("threshold",), values, strict=False)) | keywords
        self.settings = {name: float(settings[name]) for name in _SETTINGS if settings.get(name) is not None}

    @property
    def type_name(self) -> str:
        """Name of its class."""
        return self.kind.class_name

    def get(self, name: str) -> Any:
        """Its thresholds."""
        return self.settings.get(name, MISSING)

    def set(self, name: str, value: Any) -> None:
        """Thresholds may be changed."""
        if name in _SETTINGS:
            self.settings[name] = float(value)

    def __call__(self, model: Any, inputs: Any, _outputs: Any) -> Any:
        """``detector(model, inputs, outputs)``: what ``predict`` calls."""
        world, make = self.models.world, self.models.make
        if not isinstance(model, ModelObject):
            make.throw("TypeError", "model must be a Model")
        result = self._detect(model, inputs)
        found = self._found(model, result)
        release = library_release(world.board.firmware) or (MEASURED if world.release < (5,) else "5.0.0")
        if library_release(world.board.firmware) is None:
            world.note(f"post-processing of release {world.board.firmware} is charged as that of {release}")
        blocks = make.play(call_charges(self.kind.name, model.spec, found, release=release))
        world.detections.append(len(found.labels))
        if not any(found.candidates) and not self.kind.always:
            return ()
        return self._value(model, result, found, tuple(blocks))

    def _detect(self, model: ModelObject, inputs: List) -> Result | None:
        if (
            self.models.world.forced_detections is not None
            or self.models.inferences(model.source, model.loaded.file.graph) is None
        ):
            return None
        _, height, width, _ = (*model.spec.inputs[0].shape, 1, 1, 1)[:4]
        first = inputs.items[0] if inputs.items else None
        region = first.region if isinstance(first, NormalizationObject) and first.picture is not None else None
        outputs = [
            Output(values, *quantization(tensor)) for tensor, values in zip(model.outputs, model.last, strict=True)
        ]
        keep_aspect = self.models.world.release < (5,)
        try:
            return postprocess(
                self.kind.name,
                outputs,
                (width, height),
                region=region,
                settings=Settings(**self.settings),
                keep_aspect=keep_aspect,
            )
        except PostprocessError as error:
            self.models.make.throw("ValueError", error.cause)

    def _found(self, model: ModelObject, result: Result | None) -> Detections:
        if result is not None:
            found = result.found
        else:
            count = self.models.world.forced_detections or 0
            found = Detections.disjoint(count)
            if self.kind.name in _LANDMARK_OUTPUTS:
                found = Detections.disjoint(min(count, 1))
            elif self.kind.name == "movenet":
                shown = min(count, 1)
                found = Detections(((True,) * (MOVENET_KEYPOINTS * shown),), (0,) * shown, (0,) * shown)
        wanted = 2 if self.kind.name in ("blazeface", "blazepalm") else 1
        if len(found.candidates) < wanted and len(model.outputs) > wanted:
            found = replace(found, candidates=(*found.candidates, ())[:wanted])
        return found

    # -- the result ---------------------------------------------------------------------------------------------

    def _value(self, model: ModelObject, result: Result | None, found: Detections, blocks: tuple[Block, ...]) -> Any:
        """Lists and tuples as the class returns them; all hang on the outer list's blocks."""
        boxes = result.detections if result is not None else None
        classes: list[list[Any]] = [[] for _ in range(max(found.labels, default=0) + 1)]
        for number, label in enumerate(found.labels):
            box = boxes[number] if boxes is not None else None
            classes[label].append(self._detection(model, box, number, blocks))
        lists = [self._list(items, blocks) for items in classes]
        return self._list(lists, blocks) if self.kind.per_class else lists[0]

    @staticmethod
    def _list(items: list[Any], blocks: tuple[Block, ...]) -> List:
        return List(items, blocks, blocks, 1 << 20)  # type: ignore[arg-type]

    def _detection(self, model: ModelObject, box: Detection | None, number: int, blocks: tuple[Block, ...]) -> Any:
        sides = [10 * number, 10, 9, 9] if box is None else [box.x, box.y, box.width, box.height]
        score = Float(0.9 if box is None else box.score)
        parts = [self._list(list(sides), blocks), score]
        points = self._points(model)
        if points:
            centre = np.array([sides[0] + sides[2] / 2, sides[1] + sides[3] / 2], dtype=np.float32)
            parts.append(NdArray(self.models.rt, np.tile(centre, (points, 1)), "f", blocks))
        result = Tuple(parts)
        result.block = blocks  # type: ignore[assignment]
        return result

    def _points(self, model: ModelObject) -> int:
        if self.kind.keypoints >= 0:
            return self.kind.keypoints
        return model.outputs[_LANDMARK_OUTPUTS[self.kind.name]].elements // 3


Detector.methods = {"__call__": Detector.__call__}
