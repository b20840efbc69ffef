"""set and frozenset (py/objset.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types.common import Iterator, small
from omvsim.micropython.types.hashset import FREE, HashSet
from omvsim.micropython.values import STOP, UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out


class AnySet(Obj):
    """16 bytes and a table. What sets and frozensets have in common."""

    __slots__ = ("set",)
    set: HashSet

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.set.used != 0
        return self.set.used if op is UnaryOp.LEN else UNSUPPORTED

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        if op is BinaryOp.CONTAINS:
            return self.set.find(vm, rhs) >= 0
        if not isinstance(rhs, AnySet):
            return UNSUPPORTED
        plain = _PLAIN.get(op)
        if plain is not None:
            return plain(vm, self, rhs)
        inplace = _INPLACE.get(op)
        if inplace is None:
            return UNSUPPORTED
        if not isinstance(self, Set):
            return _PLAIN[inplace[0]](vm, self, rhs)
        inplace[1](vm, self, rhs)
        return self

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return SetIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        frozen = isinstance(self, FrozenSet)
        if not self.set.used:
            if frozen:
                out("frozen")
            out("set()")
            return
        if frozen:
            out("frozenset(")
        out("{")
        for at, element in enumerate(self.set.elements()):
            if at:
                out(", ")
            vm.print(element, out, PrintKind.REPR)
        out("}")
        if frozen:
            out(")")

    @method("copy", 1)
    def copy(self, vm: Machine) -> Value:
        """With a table of the same size."""
        return copy_of(vm, self)

    @method("difference", 1, None)
    def difference(self, vm: Machine, *others: Value) -> Value:
        """A copy without what others have."""
        made = copy_of(vm, self)
        for other in others:
            subtract(vm, made, other)
        return made

    @method("intersection", 2)
    def intersection(self, vm: Machine, other: Value) -> Value:
        """What both have."""
        return intersect(vm, self, other)

    @method("isdisjoint", 2)
    def isdisjoint(self, vm: Machine, other: Value) -> Value:
        """Whether they have nothing in common."""
        return not any(self.set.find(vm, item) >= 0 for item in vm.items(other, on_stack=True))

    @method("issubset", 2)
    def issubset(self, vm: Machine, other: Value) -> Value:
        """Whether all is in another."""
        return is_subset(vm, self, other)

    @method("issuperset", 2)
    def issuperset(self, vm: Machine, other: Value) -> Value:
        """Whether it has all of another."""
        return is_subset(vm, other, self)

    @method("symmetric_difference", 2)
    def symmetric_difference(self, vm: Machine, other: Value) -> Value:
        """What only one has."""
        made = copy_of(vm, self)
        toggle(vm, made, other)
        return made

    @method("union", 2)
    def union(self, vm: Machine, other: Value) -> Value:
        """What either has."""
        made = copy_of(vm, self)
        add_all(vm, made, other)
        return made

    @method("__contains__", 2)
    def contains(self, vm: Machine, value: Value) -> Value:
        """As ``in``."""
        return self.set.find(vm, value) >= 0


class Set(AnySet):
    """The one that changes."""

    __slots__ = ()
    type_name: ClassVar[str] = "set"

    @method("add", 2)
    def add(self, vm: Machine, value: Value) -> Value:
        """One element."""
        self.set.add(vm, value)
        return None

    @method("clear", 1)
    def clear(self, vm: Machine) -> Value:
        """The table is given back."""
        self.set.clear()
        return None

    @method("discard", 2)
    def discard(self, vm: Machine, value: Value) -> Value:
        """If it is there."""
        self.set.remove(vm, value)
        return None

    @method("difference_update", 1, None)
    def difference_update(self, vm: Machine, *others: Value) -> Value:
        """In place."""
        for other in others:
            subtract(vm, self, other)
        return None

    @method("intersection_update", 2)
    def intersection_update(self, vm: Machine, other: Value) -> Value:
        """In place: takes over the table of the result."""
        intersect_in_place(vm, self, other)
        return None

    @method("pop", 1)
    def pop(self, vm: Machine) -> Value:
        """The first of the table."""
        element = self.set.remove_first()
        if element is FREE:
            vm.error(Error.KEY, "pop from an empty set")
        return element  # type: ignore[return-value]  # an element it is

    @method("remove", 2)
    def remove(self, vm: Machine, value: Value) -> Value:
        """KeyError if it is not there."""
        if not self.set.remove(vm, value):
            vm.raise_arg(vm.exception_type(Error.KEY), value)
        return None

    @method("symmetric_difference_update", 2)
    def symmetric_difference_update(self, vm: Machine, other: Value) -> Value:
        """In place."""
        toggle(vm, self, other)
        return None

    @method("update", 1, None)
    def update(self, vm: Machine, *others: Value) -> Value:
        """In place."""
        for other in others:
            add_all(vm, self, other)
        return None


class FrozenSet(AnySet):
    """The one with a hash."""

    __slots__ = ()
    type_name: ClassVar[str] = "frozenset"
    equals_other_types = True

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is not UnaryOp.HASH:
            return super().unary(vm, op)
        vm.hash_of_rom("a frozenset")
        total = 0  # and the address of the type in ROM, which is not known
        for element in self.set.elements():
            hashed = vm.unary(UnaryOp.HASH, element)
            assert isinstance(hashed, int)
            total += hashed
        return small(total)


class SetIterator(Iterator):
    """Goes through the table."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: AnySet) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        table = self.source.set
        while self.at < len(table.slots):
            element = table.element(self.at)
            self.at += 1
            if element is not STOP:
                return element
        return STOP


def _blank(vm: Machine, kind: type[AnySet], size: int) -> AnySet:
    made = kind(vm.memory, vm.memory.alloc(sizes.SET))
    made.set = HashSet(vm.memory, size)
    return made


def new_set(vm: Machine, items: Sequence[Value]) -> Set:
    """``mp_obj_new_set``: a table of exactly so many entries."""
    made = _blank(vm, Set, len(items))
    assert isinstance(made, Set)
    for item in items:
        made.set.add(vm, item)
    return made


def copy_of(vm: Machine, source: AnySet) -> AnySet:
    """``set_copy``."""
    made = type(source)(vm.memory, vm.memory.alloc(sizes.SET))
    made.set = source.set.copy(vm.memory)
    return made


def add_all(vm: Machine, target: AnySet, other: Value) -> None:
    """``set_update_int``."""
    for item in vm.items(other, on_stack=False):
        target.set.add(vm, item)


def subtract(vm: Machine, target: AnySet, other: Value) -> None:
    """One step of ``set_diff_int``."""
    if other is target:
        target.set.clear()
        return
    for item in vm.items(other, on_stack=False):
        target.set.remove(vm, item)


def toggle(vm: Machine, target: AnySet, other: Value) -> None:
    """``set_symmetric_difference_update``."""
    for item in vm.items(other, on_stack=False):
        if not target.set.remove(vm, item):
            target.set.add(vm, item)


def intersect(vm: Machine, mine: AnySet, other: Value) -> AnySet:
    """A new set, always a plain one unless it is a copy."""
    if other is mine:
        return copy_of(vm, mine)
    made = new_set(vm, ())
    for item in vm.items(other, on_stack=False):
        if mine.set.find(vm, item) >= 0:
            made.set.add(vm, item)
    return made


def intersect_in_place(vm: Machine, target: AnySet, other: Value) -> None:
    """The old table is given back."""
    if other is target:
        return
    made = intersect(vm, target, other)
    vm.memory.free(target.set.table)
    target.set = made.set
    made.set = HashSet(vm.memory)


def is_subset(vm: Machine, mine: Value, other: Value, *, proper: bool = False) -> bool:
    """``set_issubset_internal``: what is no set becomes one for the time being."""
    first = mine if isinstance(mine, AnySet) else _from_items(vm, Set, mine)
    second = other if isinstance(other, AnySet) else _from_items(vm, Set, other)
    if proper and first.set.used == second.set.used:
        inside = False
    else:
        inside = all(second.set.find(vm, element) >= 0 for element in first.set.elements())
    if first is not mine:
        first.set.clear()
    if second is not other:
        second.set.clear()
    return inside


def _union(vm: Machine, mine: AnySet, other: AnySet) -> AnySet:
    made = copy_of(vm, mine)
    add_all(vm, made, other)
    return made


def _difference(vm: Machine, mine: AnySet, other: AnySet) -> AnySet:
    made = copy_of(vm, mine)
    subtract(vm, made, other)
    return made


def _either(vm: Machine, mine: AnySet, other: AnySet) -> AnySet:
    made = copy_of(vm, mine)
    toggle(vm, made, other)
    return made


def _equal(vm: Machine, mine: AnySet, other: AnySet) -> bool:
    return mine.set.used == other.set.used and is_subset(vm, mine, other)


_PLAIN: dict[BinaryOp, Callable[[Machine, AnySet, AnySet], Value]] = {
    BinaryOp.OR: _union,
    BinaryOp.XOR: _either,
    BinaryOp.AND: intersect,
    BinaryOp.SUBTRACT: _difference,
    BinaryOp.LESS: lambda vm, a, b: is_subset(vm, a, b, proper=True),
    BinaryOp.MORE: lambda vm, a, b: is_subset(vm, b, a, proper=True),
    BinaryOp.EQUAL: _equal,
    BinaryOp.LESS_EQUAL: is_subset,
    BinaryOp.MORE_EQUAL: lambda vm, a, b: is_subset(vm, b, a),
}
_INPLACE: dict[BinaryOp, tuple[BinaryOp, Callable[[Machine, AnySet, AnySet], None]]] = {
    BinaryOp.INPLACE_OR: (BinaryOp.OR, add_all),
    BinaryOp.INPLACE_XOR: (BinaryOp.XOR, toggle),
    BinaryOp.INPLACE_AND: (BinaryOp.AND, intersect_in_place),
    BinaryOp.INPLACE_SUBTRACT: (BinaryOp.SUBTRACT, subtract),
}


def _from_items(vm: Machine, kind: type[AnySet], value: Value) -> AnySet:
    made = _blank(vm, kind, 0)
    add_all(vm, made, value)
    return made


def _new_set(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return _from_items(vm, Set, args[0]) if args else _blank(vm, Set, 0)


def _new_frozenset(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    return _from_items(vm, FrozenSet, args[0]) if args else _blank(vm, FrozenSet, 0)


SET = NativeType("set", Set, _new_set)
FROZENSET = NativeType("frozenset", FrozenSet, _new_frozenset)

__all__ = ["FROZENSET", "SET", "AnySet", "FrozenSet", "Set", "new_set"]
