"""Views of dicts and what iterates over dicts (py/objdict.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.maps import Entry
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import dict_, tuple_
from omvsim.micropython.types.common import Iterator
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value
from omvsim.records import Enum

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out


class ViewKind(Enum):
    """What a view shows; value: how it is printed."""

    ITEMS = "dict_items"
    KEYS = "dict_keys"
    VALUES = "dict_values"


class DictIterator(Iterator):
    """Goes through the table; ``at`` is the next slot. Pairs are made as it goes."""

    __slots__ = ("at", "kind", "source")

    def __init__(self, memory: Memory, address: int, source: dict_.Dict, kind: ViewKind) -> None:
        super().__init__(memory, address)
        self.source = source
        self.kind = kind
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        slots = self.source.map.slots
        at = self.at
        while at < len(slots):
            entry = slots[at]
            at += 1
            if isinstance(entry, Entry):
                self.at = at
                if self.kind is ViewKind.KEYS:
                    return entry.key
                if self.kind is ViewKind.VALUES:
                    return entry.value
                return tuple_.new_tuple(vm, (entry.key, entry.value))
        return STOP


class DictView(Obj):
    """12 bytes."""

    __slots__ = ("kind", "source")
    type_name: ClassVar[str] = "dict_view"

    def __init__(self, memory: Memory, address: int, source: dict_.Dict, kind: ViewKind) -> None:
        super().__init__(memory, address)
        self.source = source
        self.kind = kind

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.HASH and self.kind is ViewKind.VALUES:
            return vm.word_of_address(self.address)
        return self.source.unary(vm, op) if vm.dialect.view_has_length else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if self.kind is ViewKind.KEYS and op is BinaryOp.CONTAINS:
            return self.source.binary(vm, op, rhs)
        return UNSUPPORTED

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return DictIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self.source, self.kind)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        out(self.kind.value)
        out("([")
        iterator = DictIterator(vm.memory, 0, self.source, self.kind)
        first = True
        while not isinstance(item := iterator.next(vm), Sentinel):
            if not first:
                out(", ")
            first = False
            vm.print(item, out, PrintKind.REPR)
        out("])")


def new_view(vm: Machine, source: dict_.Dict, kind: ViewKind) -> DictView:
    """``mp_obj_new_dict_view``."""
    return DictView(vm.memory, vm.memory.alloc(sizes.DICT_VIEW), source, kind)


VIEW = NativeType("dict_view", DictView)

__all__ = ["VIEW", "DictIterator", "DictView", "ViewKind", "new_view"]
