"""Tables of sets (``mp_set_t``, py/map.c): as those of dicts, an entry being one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.maps import name_hash
from omvsim.micropython.values import STOP, Obj, UnaryOp

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Sentinel, Value


class _Mark:
    """A slot without an element: never used, or one that was removed."""

    __slots__ = ()


FREE: Final = _Mark()
REMOVED: Final = _Mark()


class HashSet:
    """``slots`` as the device has them. ``places`` finds an element by its host key while every element has one that is
    not itself; equality of others may run a script's method, so then the device's probing is followed.
    """

    __slots__ = ("places", "plain", "slots", "table", "used")

    def __init__(self, memory: Memory, size: int = 0) -> None:
        self.table = memory.block(size * sizes.WORD) if size else Block(memory, 0, 0)
        self.slots: list[Value | _Mark] = [FREE] * size
        self.places: dict[object, int] = {}
        self.plain = True
        self.used = 0

    def elements(self) -> list[Value]:
        """In the order of the table."""
        return [slot for slot in self.slots if not isinstance(slot, _Mark)]

    def element(self, place: int) -> Value | Sentinel:
        """What is in a slot; STOP for nothing."""
        slot = self.slots[place]
        return STOP if isinstance(slot, _Mark) else slot

    def find(self, vm: Machine, value: Value) -> int:
        """The slot of an equal element, -1 (``MP_MAP_LOOKUP``). Unhashable: TypeError."""
        if not self.slots:
            return -1
        hashed = _hash(vm, value)
        key = _host_key(value)
        if self.plain and not isinstance(key, Obj):
            return self.places.get(key, -1)
        return self._probe(vm, value, hashed)

    def add(self, vm: Machine, value: Value) -> None:
        """``MP_MAP_LOOKUP_ADD_IF_NOT_FOUND``."""
        if not self.slots:
            self._grow(vm)
        hashed = _hash(vm, value)
        key = _host_key(value)
        simple = self.plain and not isinstance(key, Obj)
        if (self.places.get(key, -1) if simple else self._probe(vm, value, hashed)) >= 0:
            return
        while (place := self._room(hashed)) < 0:
            self._grow(vm)
            if not self.plain:
                self._probe(vm, value, hashed)
        self._put(place, value, key)

    def remove(self, vm: Machine, value: Value) -> bool:
        """``MP_MAP_LOOKUP_REMOVE_IF_FOUND``: whether it was there."""
        place = self.find(vm, value)
        if place < 0:
            return False
        self._take(place)
        return True

    def remove_first(self) -> Value | _Mark:
        """``mp_set_remove_first``: the first element of the table; FREE if there is none."""
        for place, slot in enumerate(self.slots):
            if not isinstance(slot, _Mark):
                self._take(place)
                return slot
        return FREE

    def clear(self) -> None:
        """``mp_set_clear``."""
        memory = self.table.memory
        memory.free(self.table)
        self.table = Block(memory, 0, 0)
        self.slots = []
        self.places = {}
        self.plain = True
        self.used = 0

    def copy(self, memory: Memory) -> HashSet:
        """A table of the same size with the same slots."""
        made = HashSet(memory, len(self.slots))
        made.slots = list(self.slots)
        made.places = dict(self.places)
        made.plain = self.plain
        made.used = self.used
        return made

    # -- inside -------------------------------------------------------------------------------------------------------

    def _put(self, place: int, value: Value, key: object) -> None:
        self.slots[place] = value
        self.used += 1
        if isinstance(key, Obj):
            self.plain = False
        else:
            self.places[key] = place

    def _take(self, place: int) -> None:
        slot = self.slots[place]
        assert not isinstance(slot, _Mark)
        key = _host_key(slot)
        if self.places.get(key) == place:
            del self.places[key]
        following = self.slots[(place + 1) % len(self.slots)]
        self.slots[place] = FREE if following is FREE else REMOVED
        self.used -= 1

    def _probe(self, vm: Machine, value: Value, hashed: int) -> int:
        size = len(self.slots)
        place = hashed % size
        for _ in range(size):
            slot = self.slots[place]
            if slot is FREE:
                return -1
            if not isinstance(slot, _Mark) and vm.equal(slot, value):
                return place
            place = (place + 1) % size
        return -1

    def _room(self, hashed: int) -> int:
        size = len(self.slots)
        place = hashed % size
        for _ in range(size):
            if isinstance(self.slots[place], _Mark):
                return place
            place = (place + 1) % size
        return -1

    def _grow(self, vm: Machine) -> None:
        """``mp_set_rehash``: the new table before the old one is given back."""
        memory = self.table.memory
        old_table, elements = self.table, self.elements()
        size = sizes.hash_size(len(self.slots) + 1)
        self.table = memory.block(size * sizes.WORD)
        self.slots = [FREE] * size
        self.places = {}
        self.used = 0
        for element in elements:
            hashed = _hash(vm, element)
            if not self.plain:
                self._probe(vm, element, hashed)
            self._put(self._room(hashed), element, _host_key(element))
        memory.free(old_table)


def _host_key(value: Value) -> object:
    return value.key() if isinstance(value, Obj) else value


def _hash(vm: Machine, value: Value) -> int:
    if type(value) is str:
        return name_hash(value)
    if type(value) is int:
        return value & 0xFFFFFFFF
    hashed = vm.unary(UnaryOp.HASH, value)
    assert isinstance(hashed, int)
    return hashed & 0xFFFFFFFF


__all__ = ["FREE", "HashSet"]
