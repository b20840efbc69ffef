"""range (py/objrange.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import int_, slice_
from omvsim.micropython.types.common import Iterator, index_of, small, word
from omvsim.micropython.values import STOP, UNSUPPORTED, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class Range(Obj):
    """Start, stop and step are machine words."""

    __slots__ = ("start", "step", "stop")
    type_name: ClassVar[str] = "range"

    def __init__(self, memory: Memory, address: int, start: int, stop: int, step: int) -> None:
        super().__init__(memory, address)
        self.start = start
        self.stop = stop
        self.step = step

    def length(self) -> int:
        """``range_len``: in machine words, as they overflow."""
        span = word(self.stop - self.start + self.step + (-1 if self.step > 0 else 1))
        count = abs(span) // abs(self.step)
        return max(count if (span < 0) == (self.step < 0) else -count, 0)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.length() > 0
        return _number(vm, self.length()) if op is UnaryOp.LEN else UNSUPPORTED

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        if name == "start":
            return int_.new_int(vm, self.start)
        if name == "stop":
            return int_.new_int(vm, self.stop)
        return int_.new_int(vm, self.step) if name == "step" else UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            start, stop, step = slice_.indices(vm, index, self.length())
            address = vm.memory.alloc(sizes.RANGE)
            first = word(self.start + start * self.step)
            last = word(self.start + stop * self.step)
            return Range(vm.memory, address, first, last, word(step * self.step))
        at = index_of(vm, "range", self.length(), index)
        return _number(vm, word(self.start + at * self.step))

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        address = 0 if on_stack else vm.memory.alloc(sizes.ITERATOR)
        return RangeIterator(vm.memory, address, self.start, self.stop, self.step)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out("range(")
        out(str(self.start))
        out(", ")
        out(str(self.stop))
        if self.step != 1:
            out(", ")
            out(str(self.step))
        out(")")


def _number(vm: Machine, value: int) -> Value:
    return int_.new_int(vm, value) if vm.dialect.range_gives_big_ints else small(value)


class RangeIterator(Iterator):
    """Counts; its range may be gone."""

    __slots__ = ("at", "step", "stop")

    def __init__(self, memory: Memory, address: int, start: int, stop: int, step: int) -> None:
        super().__init__(memory, address)
        self.at = start
        self.stop = stop
        self.step = step

    def next(self, vm: Machine) -> Value | Sentinel:
        at = self.at
        if at < self.stop if self.step > 0 else at > self.stop:
            self.at = word(at + self.step)
            return at if -0x40000000 <= at < 0x40000000 else _number(vm, at)
        return STOP


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 3, keywords=False)
    made = Range(vm.memory, vm.memory.alloc(sizes.RANGE), 0, 0, 1)
    if len(args) == 1:
        made.stop = vm.int_of(args[0])
        return made
    made.start = vm.int_of(args[0])
    made.stop = vm.int_of(args[1])
    if len(args) == 3:
        made.step = vm.int_of(args[2])
        if made.step == 0:
            vm.raise_value("zero step")
    return made


RANGE = NativeType("range", Range, _make_new)

__all__ = ["RANGE", "Range", "RangeIterator"]
