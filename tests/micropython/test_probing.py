"""Which of a script's own ``__hash__`` and ``__eq__`` a table calls, in which order (mp_map_lookup, mp_set_lookup)."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest

from omvsim.memory import sizes
from tests.micropython._running import printed

CLASS = """
class K:
    def __init__(self, n, h):
        self.n = n
        self.h = h
    def __hash__(self):
        print("hash", self.n)
        return self.h
    def __eq__(self, other):
        print("eq", self.n, other.n)
        return self.n == other.n
"""

REMOVED = "removed"
Key = tuple[int, int]
"""Number and hash."""


@dataclass
class Naive:
    """Open addressing as py/map.c writes it; None: a slot that is free. ``log``: what the script's class sees."""

    log: list[str] = field(default_factory=list)
    slots: list[Key | str | None] = field(default_factory=list)

    def hashed(self, key: Key) -> int:
        self.log.append(f"hash {key[0]}")
        return key[1]

    def equal(self, there: Key, key: Key) -> bool:
        self.log.append(f"eq {there[0]} {key[0]}")
        return there[0] == key[0]

    def look(self, key: Key, *, adds: bool) -> int:
        """Where it is; -1: nowhere."""
        if not self.slots:
            if not adds:
                return -1
            self.rehash()
        hashed = self.hashed(key)
        place = start = hashed % len(self.slots)
        free = -1
        while True:
            slot = self.slots[place]
            if isinstance(slot, tuple):
                if self.equal(slot, key):
                    return place
            else:
                free = place if free < 0 else free
            last = (place + 1) % len(self.slots) == start
            if slot is None or last:
                if not adds:
                    return -1
                if free >= 0:
                    self.slots[free] = key
                    return free
                self.rehash()
                place = start = hashed % len(self.slots)
                continue
            place = (place + 1) % len(self.slots)

    def rehash(self) -> None:
        old = self.slots
        self.slots = [None] * sizes.hash_size(len(old) + 1)
        for slot in old:
            if isinstance(slot, tuple):
                self.look(slot, adds=True)

    def do(self, name: str, key: Key) -> None:
        if name == "add":
            self.look(key, adds=True)
            return
        place = self.look(key, adds=False)
        self.log.append(str(place >= 0))
        if name == "remove" and place >= 0:
            self.slots[place] = None if self.slots[(place + 1) % len(self.slots)] is None else REMOVED


DICT = {
    "add": "t[{0}] = 1",
    "find": "print({0} in t)",
    "remove": "try:\n    del t[{0}]\n    print(True)\nexcept KeyError:\n    print(False)",
}
SET = {
    "add": "t.add({0})",
    "find": "print({0} in t)",
    "remove": "try:\n    t.remove({0})\n    print(True)\nexcept KeyError:\n    print(False)",
}
NAMES = ["add", "add", "add", "find", "remove"]


@pytest.mark.parametrize(("empty", "words"), [("{}", DICT), ("set()", SET)], ids=["dict", "set"])
def test_a_class_is_asked_for_hashes_and_equality_as_the_device_asks(empty: str, words: dict[str, str]) -> None:
    random, source, log = Random(1), [CLASS], list[str]()
    for _ in range(12):
        hashes = [random.randrange(5) for _ in range(10)]
        naive = Naive(log)
        source.append(f"t = {empty}")
        for _ in range(30):
            name, number = random.choice(NAMES), random.randrange(10)
            naive.do(name, (number, hashes[number]))
            source.append(words[name].format(f"K({number}, {hashes[number]})"))
    assert printed("\n".join(source) + "\n") == log


@pytest.mark.parametrize(("empty", "words"), [("{}", DICT), ("set()", SET)], ids=["dict", "set"])
def test_a_table_that_grows_compares_what_meets_in_the_new_one(empty: str, words: dict[str, str]) -> None:
    """mp_map_rehash, mp_set_rehash: the old elements are looked up as new ones."""
    adds = "\n".join(words["add"].format(f"K({number}, 1)") for number in (1, 2, 3))
    assert printed(f"{CLASS}t = {empty}\n{adds}\n") == [
        *("hash 1", "hash 2", "eq 1 2"),  # at 1 and 0 of two
        *("hash 3", "eq 1 3", "eq 2 3"),  # full
        *("hash 2", "hash 1", "eq 2 1"),  # at 1 and 2 of four
        *("eq 2 3", "eq 1 3"),
    ]
