"""Descriptors: what ``find_lbp`` and ``find_keypoints`` give (modules/py_image.c, ``lbp_desc`` and ``kp_desc``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.micropython.native import NativeType
from omvsim.micropython.types.common import index_of
from omvsim.micropython.types.tuple_ import new_tuple
from omvsim.micropython.values import UNSUPPORTED, Obj, Sentinel, UnaryOp
from omvsim.records import dataclass

if TYPE_CHECKING:
    from omvsim.image.arrays import PointerArray
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, PrintKind, Value


class LbpDescriptor(Obj):
    """``lbp_desc``: a word for the histogram beside its type; ``counts`` on the host."""

    __slots__ = ("counts", "histogram")
    type_name: ClassVar[str] = "lbp_desc"

    def __init__(self, memory: Memory, address: int, histogram: object, counts: bytes = b"") -> None:
        super().__init__(memory, address)
        self.histogram = histogram
        self.counts = counts

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("{}")


@dataclass
class Keypoint:
    """``kp_t``; ``bits`` stands in for its 32 bytes."""

    x: int
    y: int
    score: int
    octave: int
    angle: int
    bits: bytes
    matched: bool = False


class KeypointDescriptor(Obj):
    """``kp_desc``: its array, threshold and whether it is normalized."""

    __slots__ = ("normalized", "points", "threshold")
    type_name: ClassVar[str] = "kp_desc"

    def __init__(  # the fields of py_kp_obj_t
        self, memory: Memory, address: int, points: PointerArray, threshold: int, normalized: bool
    ) -> None:
        super().__init__(memory, address)
        self.points = points
        self.threshold = threshold
        self.normalized = normalized

    def found(self) -> list[Keypoint]:
        """Its keypoints on the host."""
        return [item for item, _ in self.points.items]

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        return len(self.points.items) if op is UnaryOp.LEN else UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        point = self.found()[index_of(vm, self.type_name, len(self.points.items), index)]
        return new_tuple(vm, (point.x, point.y, point.score, point.octave, point.angle))

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        size, normalized = len(self.points.items), int(self.normalized)
        out(f'{{"size":{size}, "threshold":{self.threshold}, "normalized":{normalized}}}')


LBP = NativeType("lbp_desc", LbpDescriptor)
KEYPOINTS = NativeType("kp_desc", KeypointDescriptor)

__all__ = ["KEYPOINTS", "LBP", "Keypoint", "KeypointDescriptor", "LbpDescriptor"]
