"""Hash tables (``mp_map_t``, py/map.c): when they grow, in which order they hold their entries, who is alive in them.

Globals, members of instances, class bodies and dicts are such tables. Entries stand where the device's probing puts
them, so iteration has its order; finding one is a host look-up wherever that gives the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.memory.strings import encode
from omvsim.micropython.values import UnaryOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

WORD: Final = 0xFFFFFFFF


def name_hash(text: str) -> int:
    """``qstr_compute_hash`` with two bytes of hash in the pool (py/qstr.c, MICROPY_QSTR_BYTES_IN_HASH)."""
    value = 5381
    for byte in encode(text):
        value = (value * 33) ^ byte
    return (value & 0xFFFF) or 1


class _Deleted:
    """Stands where an entry was removed and a chain of probes goes on (``MP_OBJ_SENTINEL``)."""

    __slots__ = ()


_DELETED: Final = _Deleted()


class Entry:
    """One filled slot: ``mp_map_elem_t``."""

    __slots__ = ("key", "place", "value")

    def __init__(self, key: Value, value: Value, place: int) -> None:
        self.key = key
        self.value = value
        self.place = place


class Map:
    """A table. ``fixed``: in ROM or read only; ``ordered``: a linear array, as OrderedDict and class bodies in ROM.

    ``found`` finds the entry of a key by :func:`host_key`; ``slots`` holds the entries where the device has them.
    """

    __slots__ = ("fixed", "found", "names_only", "ordered", "plain", "slots", "table")

    def __init__(self, memory: Memory, size: int = 0, *, ordered: bool = False) -> None:
        self.table = memory.block(size * sizes.MAP_ENTRY) if size else Block(memory, 0, 0)
        self.slots: list[Entry | _Deleted | None] = [None] * size
        self.found: dict[object, Entry] = {}
        self.names_only = True
        self.plain = True
        """No key is an object that may decide equality by itself (an instance of a class)."""
        self.ordered = ordered
        self.fixed = False

    @classmethod
    def rom(cls, memory: Memory, entries: Mapping[str, Value] | Mapping[int, Value]) -> Map:
        """A read-only table in ROM: linear, nothing on the heap."""
        made = cls(memory)
        made.ordered = made.fixed = True
        pairs: Iterable[tuple[str | int, Value]] = entries.items()
        for place, (name, value) in enumerate(pairs):
            entry = Entry(name, value, place)
            made.slots.append(entry)
            made.found[name] = entry
            made.names_only &= type(name) is str
        return made

    def __len__(self) -> int:
        return len(self.found)

    def entries(self) -> Iterator[Entry]:
        """Filled slots in the table's order. The table may change while this runs."""
        at = 0
        while at < len(self.slots):
            entry = self.slots[at]
            if isinstance(entry, Entry):
                yield entry
            at += 1

    def clear(self) -> None:
        """``mp_map_clear``: the table is given back. ``found`` stays the same host dict: frames hold it."""
        if not self.fixed:
            self.table.memory.free(self.table)
        self.table = Block(self.table.memory, 0, 0)
        self.slots = []
        self.found.clear()
        self.names_only = True
        self.plain = True
        self.fixed = False

    # -- by name: what instances, classes and modules need ------------------------------------------------------------

    def get(self, name: str) -> Entry | None:
        """The entry of a name. Texts on the heap that equal it are found too, as ``mp_map_lookup`` does."""
        return self.found.get(name)

    def set(self, vm: Machine, name: str, value: Value) -> None:
        """Store under a name (``MP_MAP_LOOKUP_ADD_IF_NOT_FOUND``)."""
        entry = self.found.get(name)
        if entry is None:
            self._add(vm, name, name, value)
        else:
            entry.value = value

    # -- by any value -------------------------------------------------------------------------------------------------

    def lookup(self, vm: Machine, key: Value) -> Entry | None:
        """``MP_MAP_LOOKUP``. Unhashable: the language's TypeError."""
        if self.names_only and not _is_text(key):
            return None
        return self._find(vm, key)

    def store(self, vm: Machine, key: Value, value: Value) -> None:
        """``mp_obj_dict_store``. A key's hash is asked for once, whoever computes it."""
        entry, hashed = self._locate(vm, key)
        if entry is None:
            self._add(vm, key, host_key(key), value, hashed)
        else:
            entry.value = value

    def default(self, vm: Machine, key: Value, value: Value) -> Value:
        """What is stored under a key; ``value``, stored now, if nothing is (``MP_MAP_LOOKUP_ADD_IF_NOT_FOUND``)."""
        entry, hashed = self._locate(vm, key)
        if entry is not None:
            return entry.value
        self._add(vm, key, host_key(key), value, hashed)
        return value

    def remove(self, vm: Machine, key: Value) -> Entry | None:
        """``MP_MAP_LOOKUP_REMOVE_IF_FOUND``: what was there."""
        if self.names_only and not _is_text(key):
            return None
        entry = self._find(vm, key)
        if entry is None:
            return None
        del self.found[host_key(entry.key)]
        removed = Entry(entry.key, entry.value, entry.place)
        entry.value = None  # a block may still hold the entry: nothing must live by that
        if self.ordered:
            self.slots.pop(entry.place)
            self.slots.append(None)
            for later in self.slots[entry.place :]:
                if isinstance(later, Entry):
                    later.place -= 1
            return removed
        following = self.slots[(entry.place + 1) % len(self.slots)]
        self.slots[entry.place] = None if following is None else _DELETED
        return removed

    def pop_last(self) -> Entry | None:
        """``dict.popitem`` of an ordered table: its last entry."""
        for place in range(len(self.slots) - 1, -1, -1):
            entry = self.slots[place]
            if isinstance(entry, Entry):
                self.slots[place] = None
                del self.found[host_key(entry.key)]
                return entry
        return None

    def pop_first(self) -> Entry | None:
        """``dict.popitem`` of a hash table: its first entry; the slot stays marked as deleted."""
        for place, entry in enumerate(self.slots):
            if isinstance(entry, Entry):
                self.slots[place] = _DELETED
                del self.found[host_key(entry.key)]
                return entry
        return None

    def copy(self, memory: Memory) -> Map:
        """A table of the same size with entries in the same places (``mp_obj_dict_copy``)."""
        made = Map(memory, len(self.slots), ordered=self.ordered)
        for place, slot in enumerate(self.slots):
            if isinstance(slot, Entry):
                entry = Entry(slot.key, slot.value, place)
                made.slots[place] = entry
                made.found[host_key(slot.key)] = entry
            else:
                made.slots[place] = slot
        made.names_only = self.names_only
        made.plain = self.plain
        return made

    # -- inside -------------------------------------------------------------------------------------------------------

    def _find(self, vm: Machine, key: Value) -> Entry | None:
        return self._locate(vm, key)[0]

    def _locate(self, vm: Machine, key: Value) -> tuple[Entry | None, Value]:
        """The entry of a key, and its hash where it had to be asked for."""
        kind = type(key)
        if kind is str or kind is int:
            entry = self.found.get(key)
            if entry is not None or self.names_only or self.plain:
                return entry, None
            return self._probe(vm, key), None
        value = host_key(key)
        if self.ordered:
            return self._search(vm, key), None
        if not self.slots:
            return None, None
        hashed = vm.unary(UnaryOp.HASH, key)  # raises for what cannot be hashed
        if value is not key and self.plain:
            return self.found.get(value), hashed
        return self._probe(vm, key, hashed), hashed

    def _search(self, vm: Machine, key: Value) -> Entry | None:
        for entry in self.entries():
            if entry.key is key or vm.equal(entry.key, key):
                return entry
        return None

    def _probe(self, vm: Machine, key: Value, hashed: Value = None) -> Entry | None:
        """Probe as the device does: equality may run the script's own ``__eq__``."""
        if self.ordered:
            return self._search(vm, key)
        size = len(self.slots)
        if not size:
            return None
        place = (_hash(vm, key) if hashed is None else _word(hashed)) % size
        for _ in range(size):
            slot = self.slots[place]
            if slot is None:
                return None
            if isinstance(slot, Entry) and (slot.key is key or vm.equal(slot.key, key)):
                return slot
            place = (place + 1) % size
        return None

    def _add(self, vm: Machine, key: Value, host: object, value: Value, asked: Value = None) -> None:
        if type(key) is not str:
            self.names_only = False
            if host is key and type(key) is not int and type(key) is not bool and key is not None:
                self.plain = False
        if self.ordered:
            self._append(key, host, value)
            return
        if not self.slots:
            self._grow(vm)
        hashed = _hash(vm, key) if asked is None else _word(asked)
        while (place := self._room(hashed)) is None:
            self._grow(vm)
            if not self.plain:
                self._probe(vm, key, hashed)
        entry = Entry(key, value, place)
        self.slots[place] = entry
        self.found[host] = entry

    def _room(self, hashed: int) -> int | None:
        """The first free slot of a chain, None if the table is full."""
        size = len(self.slots)
        if not size:
            return None
        place = hashed % size
        for _ in range(size):
            if not isinstance(self.slots[place], Entry):
                return place
            place = (place + 1) % size
        return None

    def _grow(self, vm: Machine) -> None:
        """``mp_map_rehash``: the new table is asked for before the old one is given back. Keys are hashed again, and
        compared where they meet, as a script's own methods may notice.
        """
        memory = self.table.memory
        size = sizes.hash_size(len(self.slots) + 1)
        table = memory.block(size * sizes.MAP_ENTRY)
        old_table, old = self.table, self.slots
        self.table, self.slots = table, [None] * size
        for slot in old:
            if isinstance(slot, Entry):
                hashed = _hash(vm, slot.key)
                if not self.plain:
                    self._probe(vm, slot.key, hashed)
                place = self._room(hashed)
                assert place is not None
                slot.place = place
                self.slots[place] = slot
        memory.free(old_table)

    def _append(self, key: Value, host: object, value: Value) -> None:
        used = len(self.found)
        if used == len(self.slots):
            self.table.memory.resize(self.table, (used + sizes.ORDERED_MAP_GROWTH) * sizes.MAP_ENTRY)
            self.slots.extend([None] * sizes.ORDERED_MAP_GROWTH)
        entry = Entry(key, value, used)
        self.slots[used] = entry
        self.found[host] = entry


def host_key(key: Value) -> object:
    """The host value that stands for a key: equal keys of built-in types have equal ones."""
    if isinstance(key, str | int) or key is None:
        return key
    return key.key()


def _is_text(key: Value) -> bool:
    return isinstance(key, str) or (key is not None and not isinstance(key, int) and key.type_name == "str")


def _hash(vm: Machine, key: Value) -> int:
    if type(key) is str:
        return name_hash(key)
    if type(key) is int:
        return key & WORD
    return _word(vm.unary(UnaryOp.HASH, key))


def _word(value: Value) -> int:
    assert isinstance(value, int)
    return value & WORD


__all__ = ["Entry", "Map", "name_hash"]
