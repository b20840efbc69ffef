"""deque (py/objdeque.c): a ring of a fixed number of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types.common import Iterator, index_of
from omvsim.micropython.values import NULL, STOP, UNSUPPORTED, Obj, Sentinel, UnaryOp, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine


class Deque(Obj):
    """``slots`` has one word more than fit in; the first stands at ``get``, the next goes to ``put``."""

    __slots__ = ("checks", "get", "put", "slots", "table")
    type_name: ClassVar[str] = "deque"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.slots: list[Value | Sentinel] = []
        self.get = 0
        self.put = 0
        self.checks = False
        self.table = Block(memory, 0, 0)

    def length(self) -> int:
        """Items in it."""
        return (self.put - self.get) % len(self.slots)

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.BOOL:
            return self.get != self.put
        return self.length() if op is UnaryOp.LEN else UNSUPPORTED

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        return self.slots[self._place(vm, index)]

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            return False
        self.slots[self._place(vm, index)] = value
        return True

    def _place(self, vm: Machine, index: Value) -> int:
        return (self.get + index_of(vm, "deque", self.length(), index)) % len(self.slots)

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        return DequeIterator(vm.memory, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), self)

    @method("append", 2)
    def append(self, vm: Machine, item: Value) -> Value:
        """A full one loses its first, or refuses."""
        following = (self.put + 1) % len(self.slots)
        if self.checks and following == self.get:
            vm.error(Error.INDEX, "full")
        self.slots[self.put] = item
        self.put = following
        if self.get == following:
            self.get = (self.get + 1) % len(self.slots)
        return None

    @method("appendleft", 2)
    def appendleft(self, vm: Machine, item: Value) -> Value:
        """A full one loses its last, or refuses."""
        before = (self.get - 1) % len(self.slots)
        if self.checks and before == self.put:
            vm.error(Error.INDEX, "full")
        self.get = before
        self.slots[before] = item
        if self.put == before:
            self.put = (self.put - 1) % len(self.slots)
        return None

    @method("extend", 2)
    def extend(self, vm: Machine, value: Value) -> Value:
        """Item by item."""
        for item in vm.items(value, on_stack=True):
            Deque.append(self, vm, item)
        return None

    @method("pop", 1)
    def pop(self, vm: Machine) -> Value:
        """The last."""
        self._ensure(vm)
        self.put = (self.put - 1) % len(self.slots)
        return self._take(self.put)

    @method("popleft", 1)
    def popleft(self, vm: Machine) -> Value:
        """The first."""
        self._ensure(vm)
        at, self.get = self.get, (self.get + 1) % len(self.slots)
        return self._take(at)

    def _ensure(self, vm: Machine) -> None:
        if self.get == self.put:
            vm.error(Error.INDEX, "empty")

    def _take(self, at: int) -> Value:
        item = self.slots[at]
        self.slots[at] = NULL
        assert not isinstance(item, Sentinel)
        return item


class DequeIterator(Iterator):
    """Gives the items up to where the next one goes."""

    __slots__ = ("at", "source")

    def __init__(self, memory: Memory, address: int, source: Deque) -> None:
        super().__init__(memory, address)
        self.source = source
        self.at = source.get

    def next(self, vm: Machine) -> Value | Sentinel:
        source = self.source
        if self.at == source.put:
            return STOP
        item = source.slots[self.at]
        self.at = (self.at + 1) % len(source.slots)
        return None if isinstance(item, Sentinel) else item


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, 3, keywords=False)
    most = vm.int_of(args[1])
    if most < 0:
        vm.raise_value()
    made = Deque(vm.memory, vm.memory.alloc(sizes.DEQUE))
    made.table = vm.memory.block((most + 1) * sizes.WORD)
    made.slots = [NULL] * (most + 1)
    if len(args) > 2:
        made.checks = bool(vm.int_of(args[2]) & 1)
    Deque.extend(made, vm, args[0])
    return made


DEQUE = NativeType("deque", Deque, _make_new)

__all__ = ["DEQUE", "Deque"]
