"""slice objects (py/objslice.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType, function
from omvsim.micropython.types import tuple_
from omvsim.micropython.types.common import Bounds
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out


class Slice(Obj):
    """16 bytes, or none where it serves one subscript only."""

    __slots__ = ("start", "step", "stop")
    type_name: ClassVar[str] = "slice"

    def __init__(self, memory: Memory, address: int, start: Value, stop: Value, step: Value) -> None:
        super().__init__(memory, address)
        self.start = start
        self.stop = stop
        self.step = step

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        return UNSUPPORTED

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        if name == "start":
            return self.start
        if name == "stop":
            return self.stop
        return self.step if name == "step" else UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("slice(")
        vm.print(self.start, out, PrintKind.REPR)
        out(", ")
        vm.print(self.stop, out, PrintKind.REPR)
        out(", ")
        vm.print(self.step, out, PrintKind.REPR)
        out(")")


def indices(vm: Machine, value: Slice, length: int) -> Bounds:
    """``mp_obj_slice_indices``; a backward slice stops before -1 at the lowest."""
    step = 1 if value.step is None else vm.int_of(value.step)
    if step == 0:
        vm.raise_value("slice step can't be zero")
    low, high = (0, length) if step > 0 else (-1, length - 1)
    start = _clamped(vm, value.start, length, low, high, low if step > 0 else high)
    stop = _clamped(vm, value.stop, length, low, high, high if step > 0 else low)
    return Bounds(start, stop, step)


def _clamped(vm: Machine, index: Value, length: int, low: int, high: int, default: int) -> int:
    if index is None:
        return default
    at = index if type(index) is int else vm.int_of(index)
    return min(high, max(at + length if at < 0 else at, low))


def bounds(vm: Machine, value: Slice, length: int) -> Bounds:
    """``mp_seq_get_fast_slice_indexes``: never backwards; a negative step's stop is inclusive."""
    start, stop, step = indices(vm, value, length)
    if step < 0:
        stop += 1
        if start < stop:
            stop = start + 1
    elif start > stop:
        stop = start
    return Bounds(start, stop, step)


def new_slice(vm: Machine, start: Value, stop: Value, step: Value, *, on_stack: bool = False) -> Slice:
    """``mp_obj_new_slice``."""
    return Slice(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.SLICE), start, stop, step)


@function("indices", 2)
def _indices(vm: Machine, value: Slice, length: Value) -> Value:
    return tuple_.new_tuple(vm, indices(vm, value, vm.int_of(length)))


SLICE = NativeType("slice", Slice, constants={"indices": _indices})

__all__ = ["SLICE", "Slice", "bounds", "indices", "new_slice"]
