"""enumerate, zip, map, filter, reversed (py/objenumerate.c, objzip.c, objmap.c, objfilter.c, objreversed.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType
from omvsim.micropython.types import tuple_
from omvsim.micropython.types.common import Iterator
from omvsim.micropython.values import STOP, Sentinel, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine


class Enumerate(Iterator):
    """Pairs of a number and a value."""

    __slots__ = ("at", "source")
    type_name: ClassVar[str] = "enumerate"

    def __init__(self, memory: Memory, address: int, at: int) -> None:
        super().__init__(memory, address)
        self.source: Value = None
        self.at = at

    def next(self, vm: Machine) -> Value | Sentinel:
        item = vm.next(self.source)
        if isinstance(item, Sentinel):
            return STOP
        self.at += 1
        return tuple_.new_tuple(vm, (self.at - 1, item))


class Several(Iterator):
    """Base of zip and map: iterators side by side."""

    __slots__ = ("sources",)

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.sources: list[Value] = []


class Zip(Several):
    """Tuples of a value of each."""

    __slots__ = ()
    type_name: ClassVar[str] = "zip"

    def next(self, vm: Machine) -> Value | Sentinel:
        if not self.sources:
            return STOP
        late = vm.dialect.zip_makes_tuple_late
        count = len(self.sources)
        made = None if late else tuple_.new_tuple(vm, (None,) * count)
        found: list[Value] = []
        for source in self.sources:
            item = vm.next(source)
            if isinstance(item, Sentinel):
                if made is not None and not late:
                    vm.memory.free(made)
                return STOP
            if made is None:
                made = tuple_.new_tuple(vm, (None,) * count)
            found.append(item)
        assert made is not None
        made.items = tuple(found)
        return made


class Map(Several):
    """What a function gives for a value of each; the values are gathered in a table that becomes garbage."""

    __slots__ = ("fun",)
    type_name: ClassVar[str] = "map"
    fun: Value

    def next(self, vm: Machine) -> Value | Sentinel:
        table = vm.memory.block(len(self.sources) * sizes.WORD)
        args: list[Value] = []
        for source in self.sources:
            item = vm.next(source)
            if isinstance(item, Sentinel):
                vm.memory.free(table)
                return STOP
            args.append(item)
        return vm.call(self.fun, args)


class Filter(Iterator):
    """Values for which a function, or they themselves, are true."""

    __slots__ = ("fun", "source")
    type_name: ClassVar[str] = "filter"

    def __init__(self, memory: Memory, address: int, fun: Value) -> None:
        super().__init__(memory, address)
        self.fun = fun
        self.source: Value = None

    def next(self, vm: Machine) -> Value | Sentinel:
        while not isinstance(item := vm.next(self.source), Sentinel):
            if vm.truth(item if self.fun is None else vm.call(self.fun, (item,))):
                return item
        return STOP


class Reversed(Iterator):
    """By subscript, from the last one."""

    __slots__ = ("at", "source")
    type_name: ClassVar[str] = "reversed"

    def __init__(self, memory: Memory, address: int, source: Value, at: int) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = at

    def next(self, vm: Machine) -> Value | Sentinel:
        if not self.at:
            return STOP
        self.at -= 1
        return vm.subscr(self.source, self.at)


def _new_enumerate(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    source, start = vm.parse_keywords(args, kwargs, ("iterable", "start"), 1, 2)
    first = 0 if isinstance(start, Sentinel) else vm.int_of(start)
    made = Enumerate(vm.memory, vm.memory.alloc(sizes.ENUMERATE), first)
    assert not isinstance(source, Sentinel)
    made.source = vm.iterate(source)
    return made


def _new_zip(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, None, keywords=False)
    made = Zip(vm.memory, vm.memory.alloc(sizes.ZIP + sizes.WORD * len(args)))
    for source in args:
        made.sources.append(vm.iterate(source))
    return made


def _new_map(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, None, keywords=False)
    made = Map(vm.memory, vm.memory.alloc(sizes.MAP + sizes.WORD * (len(args) - 1)))
    made.fun = args[0]
    for source in args[1:]:
        made.sources.append(vm.iterate(source))
    return made


def _new_filter(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, 2, keywords=False)
    made = Filter(vm.memory, vm.memory.alloc(sizes.FILTER), args[0])
    made.source = vm.iterate(args[1])
    return made


def _new_reversed(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 1, keywords=False)
    fun, bound = vm.method_maybe(args[0], "__reversed__")
    if not isinstance(fun, Sentinel):
        return vm.call_method(fun, bound)
    address = vm.memory.alloc(sizes.REVERSED)
    made = Reversed(vm.memory, address, args[0], 0)
    made.at = vm.length(args[0])
    return made


ITERATOR = NativeType("iterator", Iterator)
ENUMERATE = NativeType("enumerate", Enumerate, _new_enumerate)
ZIP = NativeType("zip", Zip, _new_zip)
MAP = NativeType("map", Map, _new_map)
FILTER = NativeType("filter", Filter, _new_filter)
REVERSED = NativeType("reversed", Reversed, _new_reversed)

__all__ = ["ENUMERATE", "FILTER", "ITERATOR", "MAP", "REVERSED", "ZIP", "Enumerate", "Filter", "Map", "Reversed", "Zip"]
