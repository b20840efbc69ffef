"""``ml.utils.NMS`` used by a script itself: our suppression gives the boxes, the recorded charges what it costs.

Facts: openmv/openmv v4.8.1 and v5.0.0 ``scripts/libraries/ml/ml-core/ml/utils.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.firmware.charges import AttributeCharge, ListCharge, NmsCharge, Tape
from omvsim.postprocess import Candidates, suppress
from omvsim.script._arrays import NdArray
from omvsim.script._make import WORD
from omvsim.script._values import Float, List, NativeObject, Tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.firmware.charges import Charge
    from omvsim.script._models import Models

ADD_SLOTS = 19
BOX_ITEMS = 7
MIN_SLOTS = 4


class NmsObject(NativeObject):
    """A ``NMS``: boxes are added one by one and read once."""

    __slots__ = ("boxes", "models", "region", "slots", "table", "window")
    kind_name = "NMS"
    methods: dict[str, Any]

    def __init__(self, models: Models, window_w: Any, window_h: Any, roi: Any) -> None:
        super().__init__()
        self.models = models
        self.window = (int(window_w), int(window_h))
        x, y, width, height = (int(part) for part in models.rt.iterate(roi))
        self.region = (x, y, width, height)
        tape = Tape()
        vector = tape.instance(3, "NMS", kept=True)
        attributes = AttributeCharge(tape, "NMS", kept=True)
        attributes.store(3)
        boxes = ListCharge(tape, "NMS boxes", kept=True)
        attributes.store()
        tape.leave(vector)
        del boxes
        blocks = models.make.play(tape.charges)
        if width < 1 or height < 1:
            models.make.throw("ValueError", "Invalid ROI dimensions!")
        self.blocks = tuple(blocks)
        self.table = blocks[-1]
        self.slots = MIN_SLOTS
        self.boxes: list[tuple[tuple[float, ...], float, int, Any]] = []

    def add(self, *corners: Any, **named: Any) -> None:
        """``add_bounding_box(xmin, ymin, xmax, ymax, score, label_index, keypoints=None)``."""
        make = self.models.make
        names = ("xmin", "ymin", "xmax", "ymax", "score", "label_index", "keypoints")
        given = dict(zip(names, corners, strict=False)) | named
        tape = Tape()
        tape.frame(ADD_SLOTS, "add_bounding_box")
        frame = make.alloc(tape.charges[0].size, "add_bounding_box: frame")
        score = float(given["score"])
        if 0.0 <= score <= 1.0:
            limits = (*self.window, *self.window)
            box = [min(max(0.0, float(given[name])), limit) for name, limit in zip(names[:4], limits, strict=True)]
            for _ in range(2):
                make.real(0.0)
            if int(box[2] - box[0]) > 0 and int(box[3] - box[1]) > 0:
                self._keep(tuple(box), score, int(given["label_index"]), given.get("keypoints"))
        make.memory.free(frame)

    def _keep(self, box: tuple[float, ...], score: float, label: int, keypoints: Any) -> None:
        make = self.models.make
        item = make.new_list([None] * BOX_ITEMS, BOX_ITEMS)
        if len(self.boxes) >= self.slots:
            make.memory.realloc(self.table, 2 * WORD * self.slots)
            self.slots *= 2
        self.boxes.append((box, score, label, (keypoints, item)))

    def get_boxes(self, threshold: Any = 0.1, sigma: Any = 0.1) -> List:
        """``get_bounding_boxes``: a list per class of (rectangle, score) or (rectangle, score, keypoints)."""
        make, world = self.models.make, self.models.world
        candidates = Candidates(
            np.array([box for box, *_ in self.boxes], dtype=np.float32).reshape(-1, 4),
            np.array([score for _, score, *_ in self.boxes], dtype=np.float32),
            np.array([label for _, _, label, _ in self.boxes], dtype=np.int64),
            (len(self.boxes),),
        )
        result = suppress(
            candidates,
            self.window,
            self.region,
            threshold=float(threshold),
            sigma=float(sigma),
            keep_aspect=world.release < (5,),
        )
        points = next((kept[0] for *_, kept in self.boxes if isinstance(kept[0], NdArray)), None)
        tape = Tape()
        charge = NmsCharge(tape, "5.0.0" if world.release >= (5,) else "4.8.1")
        made = len(tape.charges)
        shape = None if points is None else (len(points.values), points.values.shape[1])
        charge.get(result.found, keypoints=shape)
        blocks = tuple(make.play(_later(tape.charges, made)))
        classes: list[list[Any]] = [[] for _ in range(max(result.found.labels, default=0) + 1)]
        for found in result.detections:
            rectangle = List([found.x, found.y, found.width, found.height], blocks, blocks, 1 << 20)  # type: ignore[arg-type]
            parts = [rectangle, Float(found.score), *([points] if points is not None else [])]
            pair = Tuple(parts)
            pair.block = blocks  # type: ignore[assignment]
            classes[found.label].append(pair)
        lists = [List(items, blocks, blocks, 1 << 20) for items in classes]  # type: ignore[arg-type]
        return List(list(lists), blocks, blocks, 1 << 20)  # type: ignore[arg-type]


def _later(charges: Sequence[Charge], first: int) -> list[Charge]:
    """Charges from ``first`` on, their references counted from there."""
    return [
        replace(
            charge,
            freed_before=None if charge.freed_before is None else charge.freed_before - first,
            grows=None if charge.grows is None else charge.grows - first,
        )
        for charge in charges[first:]
    ]


NmsObject.methods = {"add_bounding_box": NmsObject.add, "get_bounding_boxes": NmsObject.get_boxes}
