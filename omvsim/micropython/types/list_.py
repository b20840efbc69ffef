"""list (py/objlist.c): how its table grows and shrinks, and the quicksort."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import slice_, sorting
from omvsim.micropython.types.common import Iterator, compare_sequences, count_in, index_in, index_of
from omvsim.micropython.types.tuple_ import ORDERS
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class List(Obj):
    """16 bytes and a table of ``room`` words, at least four."""

    __slots__ = ("items", "room", "table")
    type_name: ClassVar[str] = "list"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.items: list[Value] = []
        self.room = 0
        self.table = Block(memory, 0, 0)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return bool(self.items)
        return len(self.items) if op is UnaryOp.LEN else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.ADD:
            return new_list(vm, self.items, rhs.items) if isinstance(rhs, List) else UNSUPPORTED
        if op is BinaryOp.INPLACE_ADD:
            extend(vm, self, rhs)
            return self
        if op is BinaryOp.MULTIPLY:
            count = vm.int_of_maybe(rhs)
            if count is None:
                return UNSUPPORTED
            made = _sized(vm, len(self.items) * max(count, 0))
            made.items = self.items * count
            return made
        if op in ORDERS:
            if not isinstance(rhs, List):
                return False if op is BinaryOp.EQUAL else UNSUPPORTED
            return compare_sequences(vm, op, self.items, rhs.items)
        return UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        items = self.items
        if type(index) is int and 0 <= index < len(items):
            return items[index]
        if not isinstance(index, slice_.Slice):
            return items[index_of(vm, "list", len(items), index)]
        start, stop, step = slice_.bounds(vm, index, len(items))
        if step == 1:
            return new_list(vm, items[start:stop])
        made = new_list(vm, ())
        while start >= stop if step < 0 else start < stop:
            append(vm, made, items[start])
            start += step
        return made

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(index, slice_.Slice):
            self._set_slice(vm, index, value)
        elif isinstance(value, Sentinel):
            _pop(vm, self, index)
        else:
            self.items[index_of(vm, "list", len(self.items), index)] = value
        return True

    def _set_slice(self, vm: Machine, index: slice_.Slice, value: Value | Sentinel) -> None:
        """Grows to the exact length, never shrinks."""
        start, stop, step = slice_.bounds(vm, index, len(self.items))
        if step != 1:
            vm.error(Error.NOT_IMPLEMENTED)
        new = () if isinstance(value, Sentinel) else vm.sequence(value)
        length = len(self.items) + len(new) - (stop - start)
        if length > len(self.items) and length > self.room:
            vm.memory.resize(self.table, length * sizes.WORD)
            self.room = length
        self.items[start:stop] = new

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return ListIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        kind = PrintKind.JSON if kind is PrintKind.JSON else PrintKind.REPR
        out("[")
        at = 0
        while at < len(self.items):
            if at:
                out(", ")
            vm.print(self.items[at], out, kind)
            at += 1
        out("]")

    @method("append", 2)
    def append(self, vm: Machine, item: Value) -> Value:
        """The table doubles when it is full."""
        append(vm, self, item)
        return None

    @method("clear", 1)
    def clear(self, vm: Machine) -> Value:
        """Back to four words."""
        self.items.clear()
        vm.memory.resize(self.table, sizes.LIST_MIN_ALLOC * sizes.WORD)
        self.room = sizes.LIST_MIN_ALLOC
        return None

    @method("copy", 1)
    def copy(self, vm: Machine) -> Value:
        """A list of the same length, without spare room."""
        return new_list(vm, self.items)

    @method("count", 2)
    def count(self, vm: Machine, value: Value) -> Value:
        """How often a value is in it."""
        return count_in(vm, self.items, value)

    @method("extend", 2)
    def extend(self, vm: Machine, value: Value) -> Value:
        """A list at once, anything else item by item."""
        extend(vm, self, value)
        return None

    @method("index", 2, 4)
    def index(self, vm: Machine, *args: Value) -> Value:
        """Where a value is."""
        return index_in(vm, "list", self.items, (self, *args))

    @method("insert", 3)
    def insert(self, vm: Machine, index: Value, item: Value) -> Value:
        """Grows as append does; the index is clamped. It is never checked: what is no small int is the word that stands
        for it, halved (``MP_OBJ_SMALL_INT_VALUE``).
        """
        at = _halved_word(vm, index)
        if at < 0:
            at = max(at + len(self.items), 0)
        at = min(at, len(self.items))
        append(vm, self, None)
        self.items.pop()
        self.items.insert(at, item)
        return None

    @method("pop", 1, 2)
    def pop(self, vm: Machine, *args: Value) -> Value:
        """The last one, or that at an index."""
        return _pop(vm, self, args[0] if args else -1)

    @method("remove", 2)
    def remove(self, vm: Machine, value: Value) -> Value:
        """The first that is equal."""
        _pop(vm, self, index_in(vm, "list", self.items, (self, value)))
        return None

    @method("reverse", 1)
    def reverse(self, vm: Machine) -> Value:
        """In place."""
        self.items.reverse()
        return None

    @method("sort", 1, None, keywords=True)
    def sort(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """In place, not stable: a quicksort that calls ``key`` at every comparison."""
        sort(vm, self, args, kwargs)
        return None


class ListIterator(Iterator):
    """Gives the items, those appended meanwhile as well."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: List) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        at = self.at
        items = self.source.items
        if at >= len(items):
            return STOP
        self.at = at + 1
        return items[at]


def _sized(vm: Machine, length: int) -> List:
    """``list_new``: room for ``length`` items, to be filled in."""
    made = List(vm.memory, vm.memory.alloc(sizes.LIST))
    room = max(length, sizes.LIST_MIN_ALLOC)
    made.table = vm.memory.block(room * sizes.WORD)
    made.room = room
    return made


def _halved_word(vm: Machine, value: Value) -> int:
    """A small int, or half of a word: names are numbers (they end in 10), None, False and True count by eight (they end
    in 110, py/obj.h of representation A); any address is larger than a list is long.
    """
    if value is None or isinstance(value, bool):
        return {None: 0, False: 1, True: 3}[value] << 2 | 3
    if type(value) is int:
        return value
    if isinstance(value, str):
        return (vm.strings.in_order().index(value) + 1) << 2 | 1
    return sys.maxsize


def new_list(vm: Machine, items: Sequence[Value], more: Sequence[Value] = ()) -> List:
    """``mp_obj_new_list`` of the items of one or two sequences."""
    made = _sized(vm, len(items) + len(more))
    made.items = [*items, *more]
    return made


def append(vm: Machine, target: List, item: Value) -> None:
    """``mp_obj_list_append``."""
    if len(target.items) >= target.room:
        vm.memory.resize(target.table, target.room * 2 * sizes.WORD)
        target.room *= 2
    target.items.append(item)


def extend(vm: Machine, target: List, value: Value) -> None:
    """``list_extend``."""
    if not isinstance(value, List):
        for item in vm.items(value, on_stack=False):
            append(vm, target, item)
        return
    length = len(target.items) + len(value.items)
    if length > target.room:
        room = length + sizes.LIST_EXTEND_SPARE
        vm.memory.resize(target.table, room * sizes.WORD)
        target.room = room
    target.items += value.items


def _pop(vm: Machine, target: List, index: Value) -> Value:
    """``list_pop``: half the room when less than half of it is used."""
    if not target.items:
        vm.error(Error.INDEX, "pop from empty list")
    item = target.items.pop(index_of(vm, "list", len(target.items), index))
    if target.room > sizes.LIST_MIN_ALLOC and target.room > 2 * len(target.items):
        vm.memory.resize(target.table, target.room // 2 * sizes.WORD)
        target.room //= 2
    return item


def list_of(vm: Machine, value: Value) -> List:
    """``list(value)``: item by item."""
    made = new_list(vm, ())
    for item in vm.items(value, on_stack=False):
        append(vm, made, item)
    return made


def sort(vm: Machine, target: List, args: Sequence[Value], kwargs: Keywords) -> None:
    """``mp_obj_list_sort``."""
    key, reverse = vm.parse_keywords(args, kwargs, ("key", "reverse"), 0, 0)
    backwards = not isinstance(reverse, Sentinel) and vm.truth(reverse)
    if len(target.items) > 1:
        function = None if isinstance(key, Sentinel) else key
        sorting.quicksort(vm, target.items, function, less=not backwards)


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return list_of(vm, args[0]) if args else new_list(vm, ())


LIST = NativeType("list", List, _make_new)

__all__ = ["LIST", "List", "append", "extend", "list_of", "new_list", "sort"]
