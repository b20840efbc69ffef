"""tuple (py/objtuple.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.classes import Instance
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import slice_
from omvsim.micropython.types.common import (
    Iterator,
    compare_sequences,
    count_in,
    index_in,
    index_of,
    one_step_only,
    small,
)
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out

ORDERS = frozenset({BinaryOp.EQUAL, BinaryOp.LESS, BinaryOp.LESS_EQUAL, BinaryOp.MORE, BinaryOp.MORE_EQUAL})


class Tuple(Obj):
    """8 bytes and a word an item. Namedtuples and attrtuples are tuples as well."""

    __slots__ = ("items",)
    type_name: ClassVar[str] = "tuple"

    def __init__(self, memory: Memory | None, address: int, items: tuple[Value, ...]) -> None:
        self.address = address
        if memory is not None:
            self.memory = memory
        self.items = items

    def key(self) -> object:
        """Those of the items, if all have one that is not themselves."""
        keys: list[object] = []
        for item in self.items:
            key = item.key() if isinstance(item, Obj) else item
            if isinstance(key, Obj):
                return self
            keys.append(key)
        return tuple(keys)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return bool(self.items)
        if op is UnaryOp.LEN:
            return len(self.items)
        return self._hash(vm) if op is UnaryOp.HASH else UNSUPPORTED

    def _hash(self, vm: Machine) -> int:
        """The address of the empty tuple in ROM, which is not known and taken as 0, and the items' hashes."""
        vm.hash_of_rom("a tuple")
        total = 0
        for item in self.items:
            found = vm.unary(UnaryOp.HASH, item)
            assert isinstance(found, int)
            total += found
        return small(total)

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op in ORDERS:
            if isinstance(rhs, Instance) and isinstance(rhs.native, Tuple):
                rhs = rhs.native
            if not isinstance(rhs, Tuple):
                return UNSUPPORTED
            return compare_sequences(vm, op, self.items, rhs.items)
        if op in (BinaryOp.ADD, BinaryOp.INPLACE_ADD):
            if type(rhs) is not Tuple and not (isinstance(rhs, Tuple) and vm.is_subclass_fast(vm.type_of(rhs), TUPLE)):
                return UNSUPPORTED
            return new_tuple(vm, self.items + rhs.items)
        if op in (BinaryOp.MULTIPLY, BinaryOp.INPLACE_MULTIPLY):
            count = vm.int_of_maybe(rhs)
            if count is None:
                return UNSUPPORTED
            return _repeated(vm, self.items, count)
        return UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            start, stop, step = slice_.bounds(vm, index, len(self.items))
            if step != 1:
                one_step_only(vm)
            return new_tuple(vm, self.items[start:stop])
        if type(index) is int and 0 <= index < len(self.items):
            return self.items[index]
        return self.items[index_of(vm, vm.type_name(self), len(self.items), index)]

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return TupleIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        json = kind is PrintKind.JSON
        out("[" if json else "(")
        for at, item in enumerate(self.items):
            if at:
                out(", ")
            vm.print(item, out, PrintKind.JSON if json else PrintKind.REPR)
        if json:
            out("]")
            return
        if len(self.items) == 1:
            out(",")
        out(")")

    @method("count", 2)
    def count(self, vm: Machine, value: Value) -> Value:
        """How often a value is in it."""
        return count_in(vm, self.items, value)

    @method("index", 2, 4)
    def index(self, vm: Machine, *args: Value) -> Value:
        """Where a value is."""
        return index_in(vm, "tuple", self.items, (self, *args))


class TupleIterator(Iterator):
    """Gives the items."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: Tuple) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        at = self.at
        if at >= len(self.source.items):
            return STOP
        self.at = at + 1
        return self.source.items[at]


EMPTY = Tuple(None, 0, ())
"""``mp_const_empty_tuple``, in ROM."""


def new_tuple(vm: Machine, items: Sequence[Value]) -> Tuple:
    """``mp_obj_new_tuple``."""
    if not items:
        return EMPTY
    return Tuple(vm.memory, vm.memory.alloc(sizes.TUPLE + sizes.WORD * len(items)), tuple(items))


def tuple_maybe(vm: Machine, items: Sequence[Value]) -> Tuple | None:
    """As :func:`new_tuple`, None where there is no room."""
    if not items:
        return EMPTY
    address = vm.memory.alloc_maybe(sizes.TUPLE + sizes.WORD * len(items))
    return Tuple(vm.memory, address, tuple(items)) if address else None


def _repeated(vm: Machine, items: tuple[Value, ...], count: int) -> Tuple:
    if count <= 0 or not items:
        return EMPTY
    address = vm.memory.alloc(sizes.TUPLE + sizes.WORD * len(items) * count)
    return Tuple(vm.memory, address, items * count)


def tuple_of(vm: Machine, value: Value) -> Tuple:
    """``tuple(value)``: itself, or what iterating gives, gathered in a table that doubles and is given back."""
    if type(value) is Tuple:
        return value
    memory = vm.memory
    table: Block = memory.block(4 * sizes.WORD)
    room = 4
    found: list[Value] = []
    for item in vm.items(value, on_stack=False):
        if len(found) >= room:
            room *= 2
            memory.resize(table, room * sizes.WORD)
        found.append(item)
    made = new_tuple(vm, found)
    memory.free(table)
    return made


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return tuple_of(vm, args[0]) if args else EMPTY


TUPLE = NativeType("tuple", Tuple, _make_new)

__all__ = ["EMPTY", "ORDERS", "TUPLE", "Tuple", "new_tuple", "tuple_maybe", "tuple_of"]
