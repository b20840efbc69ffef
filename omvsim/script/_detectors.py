"""The library's post-processing classes: our decoders give the boxes, the recorded charges what they cost.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``scripts/libraries/ml/*/ml/postprocessing/*.py``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware.charges import Detections, call_charges, constructor_charges, library_release
from omvsim.postprocess import PostprocessError, Settings, default_settings, postprocess
from omvsim.script._arrays import NdArray
from omvsim.script._called import Called
from omvsim.script._values import MISSING, Float, List, NativeObject, Tuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from omvsim.firmware.charges import ModelSpec
    from omvsim.postprocess import Detection, Result
    from omvsim.script._memory import Block
    from omvsim.script._models import Models

MEASURED = "4.8.1"
MOVENET_KEYPOINTS = 17
_NMS = ("nms_threshold", "nms_sigma")


_COPIES_UNTIL = (4, 8)


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of the library: its name for :mod:`omvsim.postprocess`, and what it returns."""

    name: str
    module: str
    class_name: str
    per_class: bool
    """A list per class; else the detections of the first class."""
    dims: int = 0
    """Dimensions that its first output must have; 0: it takes single numbers by index."""
    keypoints: int = 0
    """Keypoints of each detection; -1: by the model's output."""
    columns: int = 2
    """Numbers of a keypoint."""
    always: bool = False
    """Suppression runs even when nothing is over the threshold."""
    roi_first: bool = False
    """Whether it asks the first input for its region before it knows whether there is anything."""
    arguments: tuple[str, ...] = ("threshold", *_NMS)
    """Its constructor's arguments in order."""
    from_release: tuple[int, ...] = (4, 8)
    until: tuple[int, ...] = (1000,)
    """First release without it."""

    @property
    def copies(self) -> bool:
        """Whether its outputs are the float copies of before 4.8.0, which it takes as they are."""
        return self.until == _COPIES_UNTIL

    def on(self, release: tuple[int, ...]) -> bool:
        """Whether a release has the class."""
        return self.from_release <= release < self.until


_WITH_ANCHORS = ("threshold", "anchors", *_NMS)
KINDS = (
    Kind("yolov2", "darknet", "YoloV2", per_class=True, dims=4, arguments=_WITH_ANCHORS),
    Kind("yolo-lc", "darknet", "YoloLC", per_class=True, dims=4, arguments=_WITH_ANCHORS),
    Kind("yolov5", "ultralytics", "YoloV5", per_class=True, dims=3),
    Kind("yolov8", "ultralytics", "YoloV8", per_class=True, dims=3),
    Kind("fomo", "edgeimpulse", "Fomo", per_class=True, dims=4, arguments=("threshold", "w_scale", "h_scale", *_NMS)),
    Kind(
        *("blazeface", "mediapipe", "BlazeFace"),
        per_class=False,
        dims=3,
        keypoints=6,
        always=True,
        roi_first=True,
        arguments=_WITH_ANCHORS,
    ),
    Kind(
        *("blazepalm", "mediapipe", "BlazePalm"),
        per_class=False,
        dims=3,
        keypoints=7,
        always=True,
        roi_first=True,
        arguments=_WITH_ANCHORS,
    ),
    Kind("hand-landmarks", "mediapipe", "HandLandmarks", per_class=True, keypoints=-1, columns=3, roi_first=True),
    Kind("face-landmarks", "mediapipe", "FaceLandmarks", per_class=False, keypoints=-1, columns=3, roi_first=True),
    Kind(
        *("movenet", "mediapipe", "MoveNet"),
        per_class=False,
        dims=4,
        keypoints=MOVENET_KEYPOINTS,
        columns=3,
        from_release=(5,),
    ),
)
_ANCHORED = Kind("yolov2", "", "yolo_v2_postprocess", True, 4, arguments=_WITH_ANCHORS, until=_COPIES_UNTIL)
_PLAIN = Kind("yolov5", "", "yolo_v5_postprocess", True, 3, from_release=(4, 6), until=_COPIES_UNTIL)
OLD_KINDS = (
    replace(_ANCHORED, from_release=(4, 6)),
    replace(_ANCHORED, name="yolo-lc", class_name="yolo_lc_postprocess", from_release=(4, 7)),
    _PLAIN,
    replace(_PLAIN, name="yolov8", class_name="yolo_v8_postprocess", from_release=(4, 7)),
)
"""Those of the one module ``ml.postprocessing`` (v4.6.0 to v4.7.0, ``scripts/libraries/ml/ml/postprocessing.py``)."""
_LANDMARK_OUTPUTS = {"hand-landmarks": 3, "face-landmarks": 0}


class Detector(NativeObject):
    """An object of a post-processing class."""

    __slots__ = ("given", "kind", "models")
    methods: dict[str, Any]

    def __init__(self, models: Models, kind: Kind, *values: Any, **keywords: Any) -> None:
        super().__init__()
        self.models = models
        self.kind = kind
        charges = constructor_charges(kind.name, keywords=len(keywords) + (len(values) + 1) // 2)
        self.blocks = tuple(models.make.play(charges))
        self.given: dict[str, Any] = dict(zip(kind.arguments, values, strict=False)) | {
            name: value for name, value in keywords.items() if name in kind.arguments
        }

    @property
    def type_name(self) -> str:
        """Name of its class."""
        return self.kind.class_name

    def get(self, name: str) -> Any:
        """Its settings; anchors only where the script gave them."""
        if name in self.given:
            return self.given[name]
        default = getattr(default_settings(self.kind.name), name, None) if name in self.kind.arguments else None
        return MISSING if default is None else Float(default)

    def set(self, name: str, value: Any) -> None:
        """Settings may be changed."""
        if name in self.kind.arguments:
            self.given[name] = value

    @property
    def settings(self) -> Settings:
        """Its settings as numbers."""
        chosen = {name: value for name, value in self.given.items() if value is not None}
        anchors = chosen.pop("anchors", None)
        table = anchors.values.astype(np.float32) if isinstance(anchors, NdArray) else None
        return Settings(
            anchors=table, squashed=self.kind.copies, **{name: float(value) for name, value in chosen.items()}
        )

    def __call__(self, model: Any, inputs: Any, outputs: Any) -> Any:
        """``detector(model, inputs, outputs)``: what ``predict`` calls, or the script with things of its own."""
        world, make, rt = self.models.world, self.models.make, self.models.rt
        called = Called.of(rt, model, list(rt.iterate(outputs)), copies=self.kind.copies)
        first = next(iter(rt.iterate(inputs)), None)
        if self.kind.dims:
            self._unpack(called.shape)
        region = self._region(first) if self.kind.roi_first else None
        result = self._detect(called, region)
        if result is not None and any(result.found.candidates) and region is None:
            result = self._detect(called, self._region(first))
        found = self._found(called.spec, result)
        release = library_release(world.board.firmware) or (MEASURED if world.release < (5,) else "5.0.0")
        if library_release(world.board.firmware) is None:
            world.note(f"post-processing of release {world.board.firmware} is charged as that of {release}")
        blocks = make.play(call_charges(self.kind.name, called.spec, found, release=release))
        world.detections.append(len(found.labels))
        if not any(found.candidates) and not self.kind.always:
            return ()
        return self._value(called.spec, result, found, tuple(blocks))

    def _unpack(self, shape: tuple[int, ...]) -> None:
        """``oh, ow, oc = model.output_shape[0]`` and the like."""
        wanted, make = self.kind.dims, self.models.make
        if len(shape) > wanted:
            make.throw_formatted("ValueError", f"too many values to unpack (expected {wanted})")
        if len(shape) < wanted:
            make.throw_formatted("ValueError", f"need more than {len(shape)} values to unpack")

    def _region(self, first: Any) -> tuple[int, int, int, int]:
        """``inputs[0].roi`` as ``NMS`` takes it."""
        rt = self.models.rt
        if isinstance(first, NdArray):
            self.models.make.throw_formatted("AttributeError", "'ndarray' object has no attribute 'roi'")
        x, y, width, height = (int(part) for part in rt.iterate(rt.attr(first, "roi")))
        if width < 1 or height < 1:
            self.models.make.throw("ValueError", "Invalid ROI dimensions!")
        return x, y, width, height

    def _detect(self, called: Called, region: tuple[int, int, int, int] | None) -> Result | None:
        if self.models.world.forced_detections is not None or not called.computed:
            return None
        try:
            return postprocess(
                self.kind.name,
                called.outputs,
                called.window,
                region=region,
                settings=self.settings,
                keep_aspect=self.models.world.release < (5,),
            )
        except PostprocessError as error:
            self.models.make.throw("ValueError", error.cause)

    def _found(self, spec: ModelSpec, result: Result | None) -> Detections:
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
        if len(found.candidates) < wanted and len(spec.outputs) > wanted:
            found = replace(found, candidates=(*found.candidates, ())[:wanted])
        return found

    # -- the result ---------------------------------------------------------------------------------------------

    def _value(self, spec: ModelSpec, result: Result | None, found: Detections, blocks: tuple[Block, ...]) -> Any:
        """Lists and tuples as the class returns them; all hang on the outer list's blocks."""
        boxes = result.detections if result is not None else None
        classes: list[list[Any]] = [[] for _ in range(max(found.labels, default=0) + 1)]
        for number, label in enumerate(found.labels):
            box = boxes[number] if boxes is not None else None
            classes[label].append(self._detection(spec, box, number, blocks))
        lists = [self._list(items, blocks) for items in classes]
        return self._list(lists, blocks) if self.kind.per_class else lists[0]

    @staticmethod
    def _list(items: list[Any], blocks: tuple[Block, ...]) -> List:
        return List(items, blocks, blocks, 1 << 20)  # type: ignore[arg-type]

    def _detection(self, spec: ModelSpec, box: Detection | None, number: int, blocks: tuple[Block, ...]) -> Any:
        """``([x, y, w, h], score)`` with the keypoints, if it has some; made-up ones without a result."""
        sides = [10 * number, 10, 9, 9] if box is None else [box.x, box.y, box.width, box.height]
        score = Float(0.9 if box is None else box.score)
        parts = [self._list(list(sides), blocks), score]
        points = box.keypoints if box is not None else self._centres(spec, sides)
        if points is not None:
            parts.append(NdArray(self.models.rt, points, "f", blocks))
        result = Tuple(parts)
        result.block = blocks  # type: ignore[assignment]
        return result

    def _centres(self, spec: ModelSpec, sides: list[int]) -> NDArray[np.float32] | None:
        count = self.kind.keypoints
        if count < 0:
            count = math.prod(spec.outputs[_LANDMARK_OUTPUTS[self.kind.name]].shape) // 3
        if not count:
            return None
        row = [sides[0] + sides[2] / 2, sides[1] + sides[3] / 2, 0.9][: self.kind.columns]
        return np.tile(np.array(row, dtype=np.float32), (count, 1))


Detector.methods = {"__call__": Detector.__call__}
