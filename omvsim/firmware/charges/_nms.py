"""What the library's non-maximum suppression (``ml.utils.NMS``) allocates.

Facts: openmv/openmv, v4.8.1 and v5.0.0, ``scripts/libraries/ml/ml-core/ml/utils.py``; request orders measured on both.
The cost depends on how many boxes survive each round, so it is quadratic for boxes that do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import known_release
from omvsim.firmware.charges._tape import OBJECT, AttributeCharge, ListCharge
from omvsim.firmware.charges._ulab import Array, Ulab

if TYPE_CHECKING:
    from omvsim.firmware.charges._tape import Tape

_ADD_SLOTS = 19
_IOU_SLOTS = 15
"""``n_state`` of the compiled functions (mpy-cross 1.26.1 and 1.28.0 on the tags' sources)."""
WORD = 4


@dataclass(frozen=True, slots=True)
class Detections:
    """What the values of one inference decide.

    ``candidates`` are the boxes over the threshold, in order: whether each one enters the list (a box without area
    or with a score outside 0 … 1 does not). Models with two score tensors have one tuple for each.
    ``survivors`` is how many boxes are left after each round of suppression, down to 0; ``labels`` the class of each
    box that comes out, in order.
    """

    candidates: tuple[tuple[bool, ...], ...]
    survivors: tuple[int, ...]
    labels: tuple[int, ...]

    @property
    def boxes(self) -> int:
        """Boxes that suppression starts with."""
        return sum(map(sum, self.candidates))

    @classmethod
    def disjoint(cls, count: int, *, label: int = 0) -> Detections:
        """``count`` boxes of one class that do not touch: nothing is suppressed, the dearest case."""
        return cls(((True,) * count,), tuple(range(count - 1, -1, -1)), (label,) * count)


class NmsCharge:
    """One ``NMS`` object: made, filled, read."""

    def __init__(self, tape: Tape, release: str) -> None:
        self._tape = tape
        self._np = Ulab(tape)
        self._package = known_release(release).package
        arguments = tape.instance(3, "NMS")
        attributes = AttributeCharge(tape, "NMS")
        attributes.store(3)
        self._boxes = ListCharge(tape, "NMS boxes")
        attributes.store()
        tape.leave(arguments)

    def add(self, *, accepted: bool) -> None:
        """``add_bounding_box``: width and height are floats, an accepted box is a list of seven items."""
        frame = self._tape.frame(_ADD_SLOTS, "add_bounding_box")
        self._tape.floats(2, "width and height")
        if accepted:
            ListCharge(self._tape, "box", count=7)
            self._boxes.append()
        self._tape.leave(frame)

    def get(self, found: Detections, *, keypoints: tuple[int, int] | None = None) -> None:
        """``get_bounding_boxes``; ``keypoints`` is (points, coordinates) of each box that has some."""
        tape = self._tape
        frame = tape.frame(self._package.get_boxes_state // WORD, "get_bounding_boxes")
        self._sort(found.boxes)
        tape.floats(1, "sigma scale")
        tape.take(OBJECT, "function iou")
        output = ListCharge(tape, "output boxes")
        remaining = found.boxes
        for survivors in found.survivors:
            output.append()
            self._suppress(remaining - 1)
            self._filter(survivors)
            if survivors:
                self._largest(survivors)
            remaining = survivors
        tape.floats(12, "scale and offset")
        for _ in found.labels:
            tape.floats(6, "box in image coordinates")
            if keypoints is not None:
                self._map_keypoints(Array(keypoints, "f"))
        self._result(found.labels, with_keypoints=keypoints is not None)
        tape.leave(frame)

    def _sort(self, count: int) -> None:
        self._tape.take(OBJECT, "function of the sort key")
        ordered = ListCharge(self._tape, "sorted boxes")
        self._tape.take(OBJECT, "iterator")
        ordered.append(count)

    def _suppress(self, others: int) -> None:
        for _ in range(others):
            frame = self._tape.frame(_IOU_SLOTS, "iou")
            self._tape.floats(3, "intersection over union")
            self._tape.leave(frame)
            self._tape.floats(4, "decayed score")

    def _filter(self, survivors: int) -> None:
        self._tape.take(OBJECT, "function of the filter")
        self._tape.take(12, "filter")
        self._tape.take(OBJECT, "iterator")
        ListCharge(self._tape, "remaining boxes").append(survivors)

    def _largest(self, count: int) -> None:
        self._tape.take(12, "enumerate")
        self._tape.take(OBJECT, "iterator")
        self._tape.take(OBJECT, "function of the maximum's key")
        for _ in range(count):
            self._tape.tuple(2, "enumerated box")

    def _map_keypoints(self, points: Array) -> None:
        np, what = self._np, "keypoints in image coordinates"
        column = Array(points.shape[:1], "f")
        if self._package.draws_with_tuples:
            for _ in range(2):
                view = np.view(points, column.shape, what, slices=1)
                scaled = np.binary(view, "*", 1.0, what)
                np.assign(np.binary(scaled, "+", 1.0, what), column, what, slices=1, indices=2)
            return
        np.in_place(points, 1.0, what)
        for _ in range(2):
            view = np.view(points, column.shape, what, slices=1)
            np.in_place(view, 1.0, what)
            np.assign(view, column, what, slices=0, indices=0)

    def _result(self, labels: tuple[int, ...], *, with_keypoints: bool) -> None:
        tape = self._tape
        classes = max(labels, default=0) + 1
        tape.take(OBJECT, "function of the comprehension")
        tape.take(OBJECT, "range")
        lists = ListCharge(tape, "detections", kept=True)
        per_class = []
        for _ in range(classes):
            per_class.append(ListCharge(tape, "detections of a class", kept=True))
            lists.append()
        for label in labels:
            tape.take(OBJECT, "slice")
            ListCharge(tape, "rectangle", count=4, kept=True)
            pair = ListCharge(tape, "rectangle and score", count=2)
            if with_keypoints:
                pair.append()
            items = tape.take(16, "tuple being made")
            tape.take(OBJECT, "iterator")
            tape.tuple(3 if with_keypoints else 2, "detection", kept=True)
            tape.free(items)
            per_class[label].append()
