"""list, tuple, range, slice, deque, namedtuple, iterators: values, growth, what is asked for."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omvsim.micropython.errors import Raised
from omvsim.micropython.types import deque_, list_, namedtuple_, range_, slice_, tuple_
from omvsim.micropython.types.sorting import quicksort
from omvsim.micropython.values import NULL, STOP, BinaryOp, PrintKind
from tests.micropython.types._machine import Asked, asked, lines, machine, run, shown, sizes

# -- list --------------------------------------------------------------------------------------------------------------


class NaiveList:
    """Room of a list's table by the rules in words: at least 4, twice when full, the sum and 4 more to extend, the
    exact length for a slice that grows, half when less than half is used.
    """

    def __init__(self) -> None:
        self.items: list[int] = []
        self.room = 4

    def do(self, name: str, number: int) -> None:
        length = len(self.items)
        if name == "append":
            self.room = self.room * 2 if length == self.room else self.room
            self.items.append(number)
        elif name == "extend":
            if length + number > self.room:
                self.room = length + number + 4
            self.items += range(number)
        elif name == "pop" and self.items:
            self.items.pop()
            if self.room > 4 and self.room > 2 * len(self.items):
                self.room //= 2
        elif name == "insert":
            self.room = self.room * 2 if length == self.room else self.room
            self.items.insert(number % (length + 1), number)
        elif name == "slice":
            self.items[1:2] = range(number)
            if len(self.items) > length:
                self.room = max(self.room, len(self.items))
        elif name == "clear":
            self.items.clear()
            self.room = 4


@given(
    st.lists(st.tuples(st.sampled_from(["append", "extend", "pop", "insert", "slice", "clear"]), st.integers(0, 20)))
)
def test_room(steps: list[tuple[str, int]]) -> None:
    vm = machine()
    naive, real = NaiveList(), list_.new_list(vm, ())
    for name, number in steps:
        length = len(real.items)
        naive.do(name, number)
        if name == "append":
            list_.append(vm, real, number)
        elif name == "extend":
            list_.extend(vm, real, list_.new_list(vm, range(number)))
        elif name == "pop" and length:
            real.pop(vm)
        elif name == "insert":
            real.insert(vm, number % (length + 1), number)
        elif name == "slice":
            real.set_subscr(vm, slice_.new_slice(vm, 1, 2, None), tuple_.new_tuple(vm, range(number)))
        elif name == "clear":
            real.clear(vm)
        assert (real.items, real.room) == (naive.items, naive.room)
        assert real.table.size == real.room * 4


@given(st.integers(0, 5), st.integers(-8, 8))
@example(3, 0)
@example(3, -1)
@example(3, -3)
def test_insert_counts_from_the_end_below_zero(length: int, at: int) -> None:
    vm = machine()
    real, expected = list_.new_list(vm, range(length)), [*range(length)]
    real.insert(vm, at, 99)
    expected.insert(at, 99)
    assert real.items == expected


@pytest.mark.parametrize(("index", "place"), [(None, 3), (False, 7), (True, 15), ("", 5), (2.5, 20)])
def test_insert_takes_any_word_for_a_small_int(index: str | float | None, place: int) -> None:
    """``MP_OBJ_SMALL_INT_VALUE`` of the word: immediates are 8 n + 6, names 8 n + 2 ("" is the first), halved."""
    vm = machine()
    real = list_.new_list(vm, range(20))
    real.insert(vm, vm.new_float(index) if isinstance(index, float) else index, 99)
    assert real.items.index(99) == place


def test_what_a_list_asks_for() -> None:
    vm = machine()
    made = list_.new_list(vm, ())
    assert asked(vm) == [Asked("alloc", 16), Asked("alloc", 16)]
    for number in range(5):
        list_.append(vm, made, number)
    assert [(entry.kind, entry.size) for entry in asked(vm)] == [("realloc", 32)]
    made.copy(vm)
    assert sizes(vm) == [16, 20]
    vm.binary(BinaryOp.ADD, made, made)
    assert sizes(vm) == [16, 40]
    vm.binary(BinaryOp.MULTIPLY, made, 100)
    assert sizes(vm) == [16, 2000]
    vm.subscr(made, slice_.new_slice(vm, 1, 3, None, on_stack=True))
    assert sizes(vm) == [16, 16]


def test_a_list_of_anything_else_goes_item_by_item() -> None:
    vm = machine()
    list_.list_of(vm, tuple_.new_tuple(vm, range(9)))
    assert [entry.size for entry in asked(vm) if entry.kind != "free"] == [8 + 36, 16, 16, 16, 32, 64]


def test_lists() -> None:
    assert lines(
        "l = [3, 1, 2]\nl += (4, 5)\nl.insert(-1, 9)\nl.insert(100, 7)\nl.insert(-100, 8)\n"
        "print(l, l[::2], l[::-1], l[-3:])\n"
        "l.remove(9)\ndel l[0]\ndel l[1:3]\nprint(l, l.index(4), l.count(4), 4 in l, l.pop(0), l)\nl.reverse()\n"
        "print(l)\n"
        "l[1:1] = [0, 0]\nl[0:1] = ()\nprint(l, [1, 2] < [1, 3], [1] == (1,), [1, 2] > [1], [[]] * 2, l * -1)\n"
        "print([1, 2, 3][-2:-1], [1, 2, 3, 4][3:0:-2], [1, 2, 3][5:1], sorted if 0 else '')\n"
    ) == [
        "[8, 3, 1, 2, 4, 9, 5, 7] [8, 1, 4, 5] [7, 5, 9, 4, 2, 1, 3, 8] [9, 5, 7]",
        "[4, 5, 7] 1 1 True 3 [4, 5, 7]",
        "[7, 5, 4]",
        "[0, 0, 5, 4] True False True [[], []] []",
        "[2] [4, 2] [] ",
    ]


@given(st.lists(st.integers(-50, 50), max_size=60), st.booleans())
def test_sorted(numbers: list[int], backwards: bool) -> None:
    vm = machine()
    work = list(numbers)
    quicksort(vm, work, None, less=not backwards)
    assert work == sorted(numbers, reverse=backwards)


def test_sorting_is_not_stable() -> None:
    """Swaps of the quicksort decide among equals: measured order of MicroPython's own build."""
    assert lines("l = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (2, 'e')]\nl.sort(key=lambda p: p[0])\nprint(l)\n") == [
        "[(1, 'b'), (1, 'd'), (2, 'e'), (2, 'c'), (2, 'a')]"
    ]


def test_a_key_that_fails_leaves_what_was_done() -> None:
    assert lines(
        "l = [3, 2, 1, 0]\ndef key(x):\n    return 10 // x\ntry:\n    l.sort(key=key)\n"
        "except ZeroDivisionError:\n    print(len(l))\n"
    ) == ["4"]


# -- tuple, range, slice ----------------------------------------------------------------------------------------------


def test_what_a_tuple_asks_for() -> None:
    vm = machine()
    assert tuple_.new_tuple(vm, ()) is tuple_.EMPTY
    assert sizes(vm) == []
    pair = tuple_.new_tuple(vm, (1, 2))
    assert sizes(vm) == [16]
    vm.binary(BinaryOp.ADD, pair, pair)
    assert sizes(vm) == [24]
    tuple_.tuple_of(vm, range_.Range(vm.memory, 0, 0, 6, 1))
    assert [(entry.kind, entry.size) for entry in asked(vm)] == [
        ("alloc", 16),
        ("alloc", 16),
        ("realloc", 32),
        ("alloc", 8 + 24),
        ("free", 0),
    ]


def test_tuples() -> None:
    assert lines(
        "t = (1, 2, 3)\nprint(t[1:], t[-1], t + (4,), t * 2, t == (1, 2, 3), t < (1, 2, 4), (), (1,), "
        "t.count(1), t.index(3))\n"
        "print(tuple('ab'), tuple([1]), () is tuple(), 2 in t, t[5:], t * 0)\n"
    ) == [
        "(2, 3) 3 (1, 2, 3, 4) (1, 2, 3, 1, 2, 3) True True () (1,) 1 2",
        "('a', 'b') (1,) True True () ()",
    ]


@given(
    st.integers(-50, 50),
    st.integers(-50, 50),
    st.integers(-7, 7).filter(bool),
    st.integers(-60, 60),
)
def test_ranges(start: int, stop: int, step: int, index: int) -> None:
    vm = machine()
    mine, host = range_.Range(vm.memory, 0, start, stop, step), range(start, stop, step)
    assert mine.length() == len(host)
    assert list(vm.items(mine)) == list(host)
    if -len(host) <= index < len(host):
        assert vm.subscr(mine, index) == host[index]
    assert shown(vm, mine) == repr(host)


def test_a_slice_of_a_range_is_not_shortened() -> None:
    """Its ends are computed from the bounds, whatever they are."""
    assert lines("r = range(10)\nprint(r[2:5], r[::-1], r[::2], r[5:2], r.start, r.stop, r.step)\n") == [
        "range(2, 5) range(9, -1, -1) range(0, 10, 2) range(5, 2) 0 10 1"
    ]


@pytest.mark.parametrize(("release", "text"), [("4.8.1", "-1073741824"), ("5.0.0", "1073741824")])
def test_a_range_beyond_31_bits(release: str, text: str) -> None:
    assert lines("print(*range(1 << 30, (1 << 30) + 1))\n", release) == [text]


@given(
    st.integers(0, 30),
    st.one_of(st.none(), st.integers(-40, 40)),
    st.one_of(st.none(), st.integers(-40, 40)),
    st.one_of(st.none(), st.integers(-5, 5).filter(bool)),
)
def test_slices_of_lists(length: int, start: int | None, stop: int | None, step: int | None) -> None:
    vm = machine()
    made = list_.new_list(vm, range(length))
    found = vm.subscr(made, slice_.new_slice(vm, start, stop, step))
    assert isinstance(found, list_.List)
    assert found.items == list(range(length))[start:stop:step]


def test_slice_objects() -> None:
    assert lines(
        "class A:\n    def __getitem__(self, i):\n        return i\n"
        "s = A()[1:9:2]\nprint(s, s.start, s.stop, s.step, s.indices(5), A()[:])\n"
    ) == ["slice(1, 9, 2) 1 9 2 (1, 5, 2) slice(None, None, None)"]


# -- deque, namedtuple, iterators -------------------------------------------------------------------------------------


def test_a_deque_is_a_ring() -> None:
    vm = machine()
    made = vm.call(deque_.DEQUE, (tuple_.EMPTY, 3))
    assert isinstance(made, deque_.Deque)
    assert sizes(vm) == [24, 16]
    for number in range(5):
        made.append(vm, number)
    assert list(vm.items(made)) == [2, 3, 4]
    made.appendleft(vm, 9)
    assert list(vm.items(made)) == [9, 2, 3]
    assert (made.pop(vm), made.popleft(vm), made.length()) == (3, 9, 1)
    assert vm.subscr(made, -1) == 2
    assert sizes(vm) == []
    assert made.slots.count(NULL) == 2, "what an overflow left behind stays in the ring"


@pytest.mark.parametrize(("action", "text"), [("pop", "empty"), ("popleft", "empty")])
def test_an_empty_deque(action: str, text: str) -> None:
    vm = machine()
    made = vm.call(deque_.DEQUE, (tuple_.EMPTY, 2, 1))
    assert isinstance(made, deque_.Deque)
    with pytest.raises(Raised) as caught:
        getattr(made, action)(vm)
    assert shown(vm, caught.value.value, PrintKind.STR) == text


def test_namedtuples() -> None:
    vm = machine()
    kind = namedtuple_.new_namedtuple_type(vm, "P", vm.new_tuple(("x", "y")))
    assert sizes(vm)[-1] == 56 + 2 * 4
    point = vm.call(kind, (1,), (("y", 2),))
    assert sizes(vm) == [16]
    assert shown(vm, point) == "P(x=1, y=2)"
    assert vm.attr(point, "y") == 2
    assert vm.subscr(point, 0) == 1
    assert vm.equal(point, vm.new_tuple((1, 2)))
    assert vm.type_name(point) == "P"
    assert list(vm.items(point)) == [1, 2]


def test_an_attrtuple_has_a_word_for_its_names() -> None:
    vm = machine()
    made = namedtuple_.new_attrtuple(vm, ("a", "b"), (1, 2))
    assert sizes(vm) == [8 + 3 * 4]
    assert shown(vm, made) == "(a=1, b=2)"
    assert vm.attr(made, "b") == 2
    assert vm.type_name(made) == "tuple"


@pytest.mark.parametrize(("release", "expected"), [("4.8.1", [16, 0]), ("5.0.0", [])])
def test_the_end_of_a_zip(release: str, expected: list[int]) -> None:
    """1.26 makes the tuple first and gives it back."""
    vm = machine(release)
    zipped = vm.call(vm.builtins["zip"], (tuple_.EMPTY, tuple_.EMPTY))
    assert sizes(vm) == [8 + 8, 16, 16]
    assert vm.next(zipped) is STOP
    assert sizes(vm) == expected


def test_iterators() -> None:
    assert lines(
        "print(list(zip((1, 2), 'ab')), list(map(lambda a, b: a + b, [1, 2], (3, 4))), list(filter(None, [0, 1, "
        "'', 'a'])))\n"
        "print(list(enumerate('ab', 5)), list(reversed([1, 2])), list(enumerate(iterable='x')), zip, list(zip()))\n"
        "print([x for x in map(str, range(3))], list(filter(lambda v: v > 1, (1, 2, 3))))\n"
    ) == [
        "[(1, 'a'), (2, 'b')] [4, 6] [1, 'a']",
        "[(5, 'a'), (6, 'b')] [2, 1] [(0, 'x')] <class 'zip'> []",
        "['0', '1', '2'] [2, 3]",
    ]


def test_an_iterator_on_the_stack_costs_nothing() -> None:
    vm = machine()
    made = vm.new_tuple((1, 2))
    sizes(vm)
    vm.iterate(made, on_stack=True)
    assert sizes(vm) == []
    vm.iterate(made)
    assert sizes(vm) == [16]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[][0]", "IndexError: list index out of range"),
        ("(1,)[3]", "IndexError: tuple index out of range"),
        ("range(3)[3]", "IndexError: range index out of range"),
        ("[]['a']", "TypeError: list indices must be integers, not str"),
        ("(1, 2)[::2]", "NotImplementedError: only slices with step=1 (aka None) are supported"),
        ("[].pop()", "IndexError: pop from empty list"),
        ("[1].remove(2)", "ValueError: object not in sequence"),
        ("(1,).index(2)", "ValueError: object not in sequence"),
        ("l = [1, 2]\nl[::2] = [1]", "NotImplementedError: "),
        ("l = [1]\nl[0:1] = 5", "TypeError: object 'int' isn't a tuple or list"),
        ("[1, 2][::0]", "ValueError: slice step can't be zero"),
        ("range(1, 2, 0)", "ValueError: zero step"),
        ("range()", "TypeError: function missing 1 required positional arguments"),
        ("[] + ()", "TypeError: unsupported types for __add__: 'list', 'tuple'"),
        ("(1)[0]", "TypeError: 'int' object isn't subscriptable"),
        ("t = ()\nt[0] = 1", "TypeError: 'tuple' object doesn't support item assignment"),
        ("t = ()\ndel t[0]", "TypeError: 'tuple' object doesn't support item deletion"),
        ("[1] < 2", "TypeError: unsupported types for __lt__: 'list', 'int'"),
        ("[].sort(1)", "TypeError: extra positional arguments given"),
        ("[].sort(x=1)", "TypeError: extra keyword arguments given"),
        ("[].append()", "TypeError: function takes 2 positional arguments but 1 were given"),
        ("enumerate()", "TypeError: 'iterable' argument required"),
        ("list(5)", "TypeError: 'int' object isn't iterable"),
    ],
)
def test_errors(source: str, text: str) -> None:
    assert lines(source)[-1] == text


def test_a_script_asks_as_the_types_do() -> None:
    """What the run of a script asks for is what its values ask for."""
    out = run("a = []\nfor i in range(5):\n    a.append(i)\n")
    assert [entry for entry in out.asked if entry.kind == "realloc"] == [Asked("realloc", 32, "move")]
