"""Descriptors that ``find_lbp`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.micropython.native import NativeType
from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.memory import Memory
    from omvsim.micropython.values import Out, PrintKind


class LbpDescriptor(Obj):
    """``lbp_desc``: a word for the histogram beside its type."""

    __slots__ = ("histogram",)
    type_name: ClassVar[str] = "lbp_desc"

    def __init__(self, memory: Memory, address: int, histogram: object) -> None:
        super().__init__(memory, address)
        self.histogram = histogram

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("{}")


LBP = NativeType("lbp_desc", LbpDescriptor)

__all__ = ["LBP", "LbpDescriptor"]
