"""Containers against the host's of the same name: any sequence of operations leaves the same, or raises the same class.

Only what both languages define alike is done; what MicroPython leaves out is in the pinned tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.micropython.errors import Raised
from omvsim.micropython.types import array_, bytes_, dict_, list_, set_, slice_, str_, tuple_
from omvsim.micropython.types.range_ import Range
from omvsim.micropython.values import NULL, BinaryOp
from tests.micropython.types._machine import machine, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.values import Value

VM = machine(size=1 << 22)
VM.memory.tape = None
SMALL = st.integers(-3, 6)
PLACES = st.one_of(st.none(), st.integers(-9, 9))
Step = tuple[str, tuple[Any, ...]]


def given_value(value: Any) -> Value:  # noqa: PLR0911 - a type a return
    """A value of the machine for one of the host."""
    if isinstance(value, list):
        return list_.new_list(VM, [given_value(item) for item in value])
    if isinstance(value, tuple):
        return VM.new_tuple([given_value(item) for item in value])
    if isinstance(value, bytearray):
        return array_.new_bytearray(VM, bytes(value))
    if isinstance(value, bytes):
        return VM.new_bytes(value)
    if isinstance(value, str):
        return VM.new_str(value)
    if isinstance(value, dict):
        made = VM.new_dict(0)
        for key, item in value.items():
            VM.dict_store(made, given_value(key), given_value(item))
        return made
    if isinstance(value, set):
        return VM.call(set_.SET, (given_value(sorted(value)),))
    if isinstance(value, range):
        return VM.call(VM.builtin("range"), (value.start, value.stop, value.step))  # type: ignore[arg-type]
    if isinstance(value, slice):
        return slice_.Slice(VM.memory, VM.memory.alloc(16), value.start, value.stop, value.step)
    return value  # type: ignore[no-any-return]  # int, None, bool


def host_value(value: Any) -> Any:
    """The host's value of the machine's."""
    if isinstance(value, list_.List):
        return [host_value(item) for item in value.items]
    if isinstance(value, tuple_.Tuple):
        return tuple(host_value(item) for item in value.items)
    if isinstance(value, dict_.Dict):
        return {host_value(entry.key): host_value(entry.value) for entry in value.map.entries()}
    if isinstance(value, set_.Set):
        return {host_value(item) for item in VM.items(value)}
    if isinstance(value, array_.ByteArray):
        return bytearray(value.data)
    if isinstance(value, bytes_.Bytes):
        return value.data
    if isinstance(value, Range):
        return range(value.start, value.stop, value.step)
    return value.text if isinstance(value, str_.Str) else value


def outcome(action: Callable[[], Any]) -> Any:
    """A result, or the class of what was raised by either side."""
    try:
        return host_value(action())
    except Raised as raised:
        return f"raised {VM.type_name(raised.value)}"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return f"raised {type(error).__name__}"


def both(host: Any, steps: list[Step]) -> None:
    """The same steps on both."""
    ours = given_value(host)
    for name, args in steps:
        wanted = outcome(lambda name=name, args=args: getattr(host, name)(*args))

        def step(name: str = name, args: tuple[Any, ...] = args) -> Any:
            if name == "__setitem__":
                return VM.set_subscr(ours, given_value(args[0]), given_value(args[1]))
            if name == "__delitem__":
                return VM.set_subscr(ours, given_value(args[0]), NULL)
            if name == "__contains__":
                return VM.binary(BinaryOp.IN, given_value(args[0]), ours)
            fun, bound = VM.method(ours, name)
            return VM.call(fun, (bound, *map(given_value, args)))  # type: ignore[arg-type]  # a bound method

        assert outcome(step) == wanted, (name, args)
        assert host_value(ours) == host


def steps(**arguments: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[list[Step]]:
    """Sequences of named operations with their arguments; two underscores around a name are left out."""
    named = {f"__{name}__" if name.endswith("item") or name == "contains" else name: s for name, s in arguments.items()}
    return st.lists(st.one_of(*(st.tuples(st.just(name), args) for name, args in named.items())), max_size=25)


LISTS = st.lists(SMALL, max_size=8)


@settings(deadline=None, max_examples=25)
@given(
    LISTS,
    steps(
        append=st.tuples(SMALL),
        extend=st.tuples(LISTS),
        insert=st.tuples(st.integers(-12, 12), SMALL),
        pop=st.one_of(st.just(()), st.tuples(st.integers(-9, 9))),
        remove=st.tuples(SMALL),
        index=st.tuples(SMALL),
        count=st.tuples(SMALL),
        sort=st.just(()),
        reverse=st.just(()),
        clear=st.just(()),
        copy=st.just(()),
        contains=st.tuples(SMALL),
        setitem=st.one_of(st.tuples(st.integers(-9, 9), SMALL), st.tuples(st.builds(slice, PLACES, PLACES), LISTS)),
        delitem=st.one_of(st.tuples(st.integers(-9, 9)), st.tuples(st.builds(slice, PLACES, PLACES))),
    ),
)
def test_list(start: list[int], done: list[Step]) -> None:
    both(start, done)


@settings(deadline=None, max_examples=25)
@given(
    st.dictionaries(SMALL, SMALL, max_size=6),
    steps(
        get=st.one_of(st.tuples(SMALL), st.tuples(SMALL, SMALL)),
        pop=st.one_of(st.tuples(SMALL), st.tuples(SMALL, SMALL)),
        setdefault=st.one_of(st.tuples(SMALL), st.tuples(SMALL, SMALL)),
        update=st.one_of(st.tuples(st.dictionaries(SMALL, SMALL)), st.tuples(st.lists(st.tuples(SMALL, SMALL)))),
        clear=st.just(()),
        copy=st.just(()),
        contains=st.tuples(SMALL),
        setitem=st.tuples(SMALL, SMALL),
        delitem=st.tuples(SMALL),
    ),
)
def test_dict(start: dict[int, int], done: list[Step]) -> None:
    both(start, done)


SETS = st.sets(SMALL, max_size=6)


@settings(deadline=None, max_examples=25)
@given(
    SETS,
    steps(
        add=st.tuples(SMALL),
        discard=st.tuples(SMALL),
        remove=st.tuples(SMALL),
        update=st.tuples(LISTS),
        clear=st.just(()),
        copy=st.just(()),
        contains=st.tuples(SMALL),
        union=st.tuples(LISTS),
        intersection=st.tuples(LISTS),
        difference=st.tuples(LISTS),
        symmetric_difference=st.tuples(SETS),
        difference_update=st.tuples(LISTS),
        intersection_update=st.tuples(LISTS),
        symmetric_difference_update=st.tuples(SETS),
        isdisjoint=st.tuples(LISTS),
        issubset=st.tuples(SETS),
        issuperset=st.tuples(SETS),
    ),
)
def test_set(start: set[int], done: list[Step]) -> None:
    both(start, done)


@settings(deadline=None, max_examples=25)
@given(
    st.binary(max_size=8).map(bytearray),
    steps(
        append=st.tuples(st.integers(0, 255)),
        extend=st.tuples(st.binary(max_size=6)),
        setitem=st.one_of(
            st.tuples(st.integers(-9, 9), st.integers(0, 255)),
            st.tuples(st.builds(slice, PLACES, PLACES), st.binary(max_size=5)),
        ),
    ),
)
def test_bytearray(start: bytearray, done: list[Step]) -> None:
    both(start, done)


SEQUENCES = st.one_of(
    LISTS,
    LISTS.map(tuple),
    st.text("abñ€", max_size=8),
    st.binary(max_size=8),
    st.binary(max_size=8).map(bytearray),
    st.builds(range, SMALL, SMALL, st.sampled_from((1, 2, -1, -3))),
)


@settings(deadline=None, max_examples=100)
@given(SEQUENCES, st.builds(slice, PLACES, PLACES))
def test_slices(value: Any, part: slice) -> None:
    assert host_value(VM.subscr(given_value(value), given_value(part))) == value[part]


@settings(deadline=None, max_examples=80)
@given(st.one_of(LISTS, st.builds(range, SMALL, SMALL)), PLACES, PLACES, st.integers(-4, 4).filter(bool))
def test_slices_with_steps(value: Any, start: int | None, stop: int | None, step: int) -> None:
    part = slice(start, stop, step)
    assert host_value(VM.subscr(given_value(value), given_value(part))) == value[part]


@settings(deadline=None, max_examples=80)
@given(SEQUENCES, st.integers(-10, 10))
def test_items(value: Any, at: int) -> None:
    assert outcome(lambda: VM.subscr(given_value(value), at)) == outcome(lambda: value[at])


BIG = st.one_of(st.integers(-100, 100), st.integers(-(1 << 40), 1 << 40), st.integers(-(1 << 130), 1 << 130))
OPERATORS = {
    BinaryOp.ADD: lambda a, b: a + b,
    BinaryOp.SUBTRACT: lambda a, b: a - b,
    BinaryOp.MULTIPLY: lambda a, b: a * b,
    BinaryOp.FLOOR_DIVIDE: lambda a, b: a // b,
    BinaryOp.MODULO: lambda a, b: a % b,
    BinaryOp.AND: lambda a, b: a & b,
    BinaryOp.OR: lambda a, b: a | b,
    BinaryOp.XOR: lambda a, b: a ^ b,
    BinaryOp.LESS: lambda a, b: a < b,
    BinaryOp.MORE_EQUAL: lambda a, b: a >= b,
    BinaryOp.EQUAL: lambda a, b: a == b,
}


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.name)
@settings(deadline=None, max_examples=30)
@given(BIG, BIG)
def test_whole_numbers(op: BinaryOp, left: int, right: int) -> None:
    def ours() -> Any:
        return shown(VM, VM.binary(op, VM.new_int(left), VM.new_int(right)))

    assert outcome(ours) == outcome(lambda: repr(OPERATORS[op](left, right)))


@settings(deadline=None, max_examples=80)
@given(BIG, st.integers(0, 150))
def test_shifts(number: int, by: int) -> None:
    assert shown(VM, VM.binary(BinaryOp.LSHIFT, VM.new_int(number), by)) == repr(number << by)
    assert shown(VM, VM.binary(BinaryOp.RSHIFT, VM.new_int(number), by)) == repr(number >> by)
