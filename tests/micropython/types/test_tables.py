"""dict, OrderedDict, views, set, frozenset: order and growth against the rules of py/map.c written out naively."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.memory import sizes as table_sizes
from omvsim.micropython.maps import name_hash
from omvsim.micropython.types import dict_, set_
from omvsim.micropython.values import BinaryOp, UnaryOp
from tests.micropython.types._machine import Asked, asked, lines, machine, shown, sizes

GONE = "gone"


def hash_of(key: int | str) -> int:
    return name_hash(key) if isinstance(key, str) else key & 0xFFFFFFFF


class NaiveTable:
    """Open addressing with linear probing: None is a slot never used, GONE one that was emptied before another."""

    def __init__(self) -> None:
        self.slots: list[object] = []
        self.sizes: list[int] = []

    def find(self, key: int | str) -> tuple[int, int]:
        """Where it is (-1: nowhere), and the first slot it could go to (-1: none)."""
        free = -1
        for step in range(len(self.slots)):
            at = (hash_of(key) + step) % len(self.slots)
            slot = self.slots[at]
            if slot is None:
                return -1, at if free < 0 else free
            if slot == GONE and not isinstance(slot, tuple):
                free = at if free < 0 else free
            elif slot == (key,):
                return at, free
        return -1, free

    def add(self, key: int | str) -> None:
        at, free = self.find(key)
        if at >= 0:
            return
        while free < 0:
            old = [slot for slot in self.slots if isinstance(slot, tuple)]
            self.slots = [None] * table_sizes.hash_size(len(self.slots) + 1)
            self.sizes.append(len(self.slots))
            for slot in old:
                self.slots[self.find(slot[0])[1]] = slot
            free = self.find(key)[1]
        self.slots[free] = (key,)

    def remove(self, key: int | str) -> None:
        at, _ = self.find(key)
        if at >= 0:
            self.slots[at] = None if self.slots[(at + 1) % len(self.slots)] is None else GONE

    def keys(self) -> list[object]:
        return [slot[0] for slot in self.slots if isinstance(slot, tuple)]


KEYS = st.one_of(st.integers(-30, 30), st.text("abc", max_size=2))
STEPS = st.lists(st.tuples(st.booleans(), KEYS), max_size=60)


@given(STEPS)
def test_a_dict_holds_its_entries_where_the_device_does(steps: list[tuple[bool, int | str]]) -> None:
    vm = machine()
    real, naive = dict_.new_dict(vm, 0), NaiveTable()
    sizes(vm)
    for adds, key in steps:
        if adds:
            dict_.store(vm, real, key, None)
            naive.add(key)
        else:
            real.map.remove(vm, key)
            naive.remove(key)
        assert [entry.key for entry in real.map.entries()] == naive.keys()
    assert [entry.size for entry in asked(vm) if entry.kind == "alloc"] == [size * 8 for size in naive.sizes]


@given(STEPS)
def test_a_set_holds_its_elements_where_the_device_does(steps: list[tuple[bool, int | str]]) -> None:
    vm = machine()
    real, naive = set_.new_set(vm, ()), NaiveTable()
    sizes(vm)
    for adds, key in steps:
        if adds:
            real.set.add(vm, key)
            naive.add(key)
        else:
            real.set.remove(vm, key)
            naive.remove(key)
        assert real.set.elements() == naive.keys()
        assert real.set.used == len(naive.keys())
    assert [entry.size for entry in asked(vm) if entry.kind == "alloc"] == [size * 4 for size in naive.sizes]


@given(st.lists(KEYS, max_size=20), st.lists(KEYS, max_size=20))
def test_operators_of_sets(left: list[int | str], right: list[int | str]) -> None:
    vm = machine()
    one, two = set_.new_set(vm, left), set_.new_set(vm, right)
    first, second = set(left), set(right)
    for op, expected in (
        (BinaryOp.OR, first | second),
        (BinaryOp.AND, first & second),
        (BinaryOp.SUBTRACT, first - second),
        (BinaryOp.XOR, first ^ second),
    ):
        made = vm.binary(op, one, two)
        assert isinstance(made, set_.Set)
        assert set(made.set.elements()) == expected
    assert vm.binary(BinaryOp.LESS_EQUAL, one, two) is (first <= second)
    assert vm.binary(BinaryOp.LESS, one, two) is (first < second)
    assert vm.binary(BinaryOp.MORE, one, two) is (first > second)
    assert vm.equal(one, two) is (first == second)
    vm.binary(BinaryOp.INPLACE_AND, one, two)
    assert set(one.set.elements()) == first & second


def test_what_tables_ask_for() -> None:
    vm = machine()
    made = dict_.new_dict(vm, 3)
    assert sizes(vm) == [16, 24]
    for number in range(4):
        dict_.store(vm, made, number, None)
    assert asked(vm) == [Asked("alloc", 32), Asked("free", 0)]
    dict_.copy_of(vm, made.map)
    assert sizes(vm) == [16, 32]
    made.keys(vm)
    assert sizes(vm) == [12]
    made.clear(vm)
    assert asked(vm) == [Asked("free", 0)]
    dict_.store(vm, made, "x", 1)
    assert sizes(vm) == [16]
    set_.new_set(vm, (1, 2))
    assert sizes(vm) == [16, 8]


def test_an_ordered_dict_grows_by_four() -> None:
    vm = machine()
    made = dict_.new_dict(vm, 0, dict_.OrderedDict)
    sizes(vm)
    for number in range(9):
        dict_.store(vm, made, number, None)
    assert [entry.size for entry in asked(vm)] == [32, 64, 96]
    made.map.remove(vm, 3)
    dict_.store(vm, made, 3, None)
    assert [entry.key for entry in made.map.entries()] == [0, 1, 2, 4, 5, 6, 7, 8, 3]
    popped = vm.sequence(made.popitem(vm))
    assert list(popped) == [3, None]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])
def test_an_ordered_dict_gives_its_last_entry_back(count: int) -> None:
    """Whether its table has room behind it or not (py/objdict.c, dict_popitem)."""
    vm = machine()
    made = dict_.new_dict(vm, 0, dict_.OrderedDict)
    for number in range(count):
        dict_.store(vm, made, number, -number)
    for number in reversed(range(count)):
        assert list(vm.sequence(made.popitem(vm))) == [number, -number]
    assert list(made.map.entries()) == []


def test_equal_keys_are_one() -> None:
    """1, True and 1.0; a name and a text of the same characters; tuples of the same items."""
    assert lines(
        "d = {1: 'a', True: 'b'}\nd[1.0] = 'c'\nprint(d, len(d))\n"
        "k = 'no such ' + 'name'\nd = {k: 1}\nd['no such name'] = 2\nprint(d)\n"
        "d = {(1, 'a'): 1}\nd[(1.0, 'a')] = 2\nprint(d, (1, 'a') in d, b'a' in {'a': 1}, {1, 1.0, True})\n"
    ) == ["{1: 'c'} 1", "{'no such name': 2}", "{(1, 'a'): 2} True False {1}"]


def test_keys_of_a_scripts_own() -> None:
    """Hash and equality are the script's; probing goes as the device's does."""
    assert lines(
        "class K:\n    def __init__(self, n):\n        self.n = n\n    def __hash__(self):\n        return self.n % 3\n"
        "    def __eq__(self, other):\n        return self.n == other.n\n    def __repr__(self):\n"
        "        return 'K%d' % self.n\n"
        "d = {}\nfor n in (4, 1, 7, 2, 4):\n    d[K(n)] = n\nprint(d, K(7) in d, K(8) in d)\ndel d[K(1)]\nprint(d)\n"
        "s = {K(1), K(4), K(1)}\nprint(s, K(4) in s)\n"
    ) == ["{K2: 2, K1: 1, K4: 4, K7: 7} True False", "{K2: 2, K4: 4, K7: 7}", "{K1, K4} True"]


def test_dicts() -> None:
    assert lines(
        "d = {'a': 1}\nd.update(b=2)\nd.update([('c', 3)])\n"
        "print(sorted(d) if 0 else len(d), d.get('a'), d.get('x', 9), d.pop('a'), d.pop('q', 0), "
        "d.setdefault('e', 5))\n"
        "print(dict.fromkeys('ab', 1) == {'a': 1, 'b': 1}, d == {'b': 2, 'c': 3, 'e': 5}, 'b' in d, "
        "d | {'b': 0} == 0, dict(x=1), dict([(1, 2)]))\n"
        "e = {1: 2}\nprint(e.keys(), e.values(), e.items(), list(e), [k for k in e.items()], 1 in e.keys())\n"
        "print(e.popitem(), e)\n"
        "d = {}\nd |= {1: 1}\nprint(d, d.copy(), d.__getitem__(1), bool({}), dict())\n"
    ) == [
        "3 1 9 1 0 5",
        "True True True False {'x': 1} {1: 2}",
        "dict_keys([1]) dict_values([2]) dict_items([(1, 2)]) [1] [(1, 2)] True",
        "(1, 2) {}",
        "{1: 1} {1: 1} 1 False {}",
    ]


def test_sets() -> None:
    assert lines(
        "s = {3, 1}\ns.add(2)\ns.discard(9)\ns.update([5], (6,))\ns.remove(6)\n"
        "print(s, 1 in s, s.issubset([1, 2, 3, 5]), s.issuperset((1,)), s.isdisjoint({8}))\n"
        "print(s.union([9]), s.intersection([1, 2]), s.difference([1]), s.symmetric_difference([1, 7]), "
        "s.copy() == s, set(), set('a'))\n"
        "f = frozenset((1, 2))\nprint(f, f == {1, 2}, hash(f) == hash(frozenset((2, 1))), f | {3}, frozenset(), "
        "{f: 1}[frozenset([2, 1])])\n"
        "s.intersection_update([1, 2, 5])\ns.difference_update([2])\ns.symmetric_difference_update([1, 4])\n"
        "print(s, s.pop(), s, {1} < {1, 2}, {1} >= {1})\n"
        "s -= {5}\ns |= {1}\ns ^= {1, 2}\ns &= {2}\nprint(s, s.clear(), s)\n"
    ) == [
        "{1, 2, 3, 5} True True True True",
        "{1, 2, 3, 9, 5} {2, 1} {2, 3, 5} {7, 2, 3, 5} True set() {'a'}",
        "frozenset({2, 1}) True True frozenset({1, 2, 3}) frozenset() 1",
        "{5} 4 {5} True True",
        "set() None set()",
    ]


@pytest.mark.parametrize(("release", "text"), [("4.8.1", "TypeError"), ("5.0.0", "1")])
def test_length_of_a_view(release: str, text: str) -> None:
    source = "try:\n    print(len({1: 2}.keys()))\nexcept TypeError:\n    print('TypeError')\n"
    assert lines(source, release) == [text]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{}['x']", "KeyError: x"),
        ("{}[1]", "KeyError: 1"),
        ("del {}[1]", "KeyError: 1"),
        ("{}.pop(1)", "KeyError: 1"),
        ("{}.popitem()", "KeyError: popitem(): dictionary is empty"),
        ("{[]: 1}", "TypeError: unsupported type for __hash__: 'list'"),
        ("{{}}", "TypeError: unsupported type for __hash__: 'dict'"),
        ("{set()}", "TypeError: unsupported type for __hash__: 'set'"),
        ("dict([1])", "TypeError: 'int' object isn't iterable"),
        ("dict([(1,)])", "ValueError: dict update sequence has wrong length"),
        ("dict(1, 2)", "TypeError: function expected at most 2 arguments, got 3"),
        ("set().pop()", "KeyError: pop from an empty set"),
        ("set().remove(1)", "KeyError: 1"),
        ("set() + set()", "TypeError: unsupported types for __add__: 'set', 'set'"),
        ("frozenset().add", "AttributeError: 'frozenset' object has no attribute 'add'"),
        ("{1} < 2", "TypeError: unsupported types for __lt__: 'set', 'int'"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text


def test_hashes() -> None:
    vm = machine()
    assert vm.unary(UnaryOp.HASH, None) == 6
    assert vm.unary(UnaryOp.HASH, True) == 1
    assert vm.unary(UnaryOp.HASH, vm.new_float(3.7)) == 3
    assert vm.unary(UnaryOp.HASH, vm.new_bytes(b"abc")) == name_hash("abc") == vm.unary(UnaryOp.HASH, "abc")
    assert vm.unary(UnaryOp.HASH, vm.new_int(1 << 40)) == 0


def test_a_printed_set() -> None:
    vm = machine()
    assert shown(vm, set_.new_set(vm, (2, 1))) == "{2, 1}"
    assert shown(vm, set_.new_set(vm, ())) == "set()"
