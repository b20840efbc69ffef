"""Whatever a script does with values ends in a value or in an exception of the language, never in one of the host."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.native import NativeType
from omvsim.micropython.types.names import NAMES
from omvsim.micropython.values import BinaryOp, PrintKind, Sentinel, UnaryOp, Value
from tests.micropython.types._machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine

INTS = (0, 1, -1, 2, 3, 5, -7, 100, 255, 256, (1 << 30) - 1, -(1 << 30))
FLOATS = (0.0, -0.0, 1.5, -2.5, float("inf"), float("nan"), 1e30, 3.0)
NAMED = ("", "a", "abc", "x,y", "{}", "%d", "{:>5}", "{0}", "%s %s", " ", "é", "little", "utf8", "{a}")
TEXTS = ("no such text", "a b c", "{:x} {!r}", "%5.2f %r")
DATA = (b"", b"abc", b"\x00\xff", b"a,b")
BIG = (1 << 40, -(1 << 70), 1 << 31, 1 << 62)
TYPES = [value for value in NAMES.values() if isinstance(value, NativeType)]
OPERATORS = [
    op for op in BinaryOp if not op.name.startswith("REVERSE") and op not in (BinaryOp.IS, BinaryOp.EXCEPTION_MATCH)
]
LARGE = {BinaryOp.POWER, BinaryOp.LSHIFT, BinaryOp.MULTIPLY}
"""Operators that would fill the heap with one result: their operands stay small."""


class Any:
    """Values and operations by a seeded random."""

    def __init__(self, vm: Machine, seed: int) -> None:
        self.vm = vm
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Value:
        """Any value, containers up to three deep."""
        vm, pick = self.vm, self.random.choice
        simple: list[Callable[[], Value]] = [
            lambda: pick(INTS),
            lambda: pick(NAMED),
            lambda: vm.new_float(pick(FLOATS)),
            lambda: vm.new_str(pick(TEXTS)),
            lambda: vm.new_bytes(pick(DATA)),
            lambda: pick((True, False, None)),
            lambda: vm.new_int(pick(BIG)),
            lambda: vm.call(NAMES["bytearray"], (vm.new_bytes(pick(DATA)),)),
            lambda: vm.call(NAMES["memoryview"], (vm.call(NAMES["bytearray"], (vm.new_bytes(b"abcd"),)),)),
            lambda: vm.call(NAMES["range"], (pick(INTS[:6]), pick(INTS[:6]), pick((1, 2, -1)))),
            lambda: pick(TYPES),
            lambda: vm.new_slice(*(pick((None, 0, 1, -1, 2, 5)) for _ in range(3))),
            lambda: vm.call(NAMES["complex"], (1, -2)),
        ]
        if depth > 2 or self.random.random() < 0.7:
            return pick(simple)()
        items = [self.value(depth + 1) for _ in range(self.random.randint(0, 4))]
        try:
            return pick(
                [
                    lambda: vm.new_tuple(items),
                    lambda: vm.new_list(items),
                    lambda: vm.new_set(items),
                    lambda: vm.call(NAMES["frozenset"], (vm.new_tuple(items),)),
                    lambda: vm.call(NAMES["dict"], (vm.call(NAMES["zip"], (vm.new_tuple(items),) * 2),)),
                ]
            )()
        except Raised:
            return None  # an element that has no hash

    def operation(self) -> None:
        """One of them."""
        self.random.choice((self.operate, self.subscript, self.show, self.construct, self.call_method))()

    def operate(self) -> None:
        op, left, right = self.random.choice(OPERATORS), self.value(), self.value()
        plain = BinaryOp(op.value.removesuffix("=")) if op.name.startswith("INPLACE") else op
        if plain not in LARGE or all(type(side) is int and abs(side) < 50 for side in (left, right)):
            self.vm.binary(op, left, right)
        self.vm.unary(self.random.choice(list(UnaryOp)), left)

    def subscript(self) -> None:
        target, index = self.value(), self.value()
        self.random.choice(
            (
                lambda: self.vm.subscr(target, index),
                lambda: self.vm.set_subscr(target, index, self.value()),
            )
        )()

    def show(self) -> None:
        value = self.value()
        for kind in PrintKind:
            self.vm.text(value, kind)
        for at, _ in enumerate(self.vm.items(value)):
            if at > 50:
                break

    def construct(self) -> None:
        args = [self.value() for _ in range(self.random.randint(0, 3))]
        if not any(type(arg) is int and arg > 300 for arg in args):
            self.vm.call(self.random.choice(TYPES), args)

    def call_method(self) -> None:
        target = self.value()
        kind = self.vm.type_of(target)
        assert isinstance(kind, NativeType)
        args = [self.value() for _ in range(self.random.randint(0, 3))]
        if not kind.locals or any(type(arg) is int and abs(arg) > 300 for arg in args):
            return
        fun, bound = self.vm.method(target, self.random.choice(list(kind.locals)))
        self.vm.call(fun, args if isinstance(bound, Sentinel) else [bound, *args])


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("seed", range(4))
def test_no_exception_of_the_host(release: str, seed: int) -> None:
    vm = machine(release, size=1 << 22)
    vm.memory.tape = None
    source = Any(vm, seed)
    raised = 0
    for _ in range(3000):
        try:
            source.operation()
        except (Raised, Unknown):
            raised += 1
    assert 0 < raised < 3000


def test_no_value_is_forgotten() -> None:
    """After a collection only what somebody holds is in use."""
    vm = machine(size=1 << 20)
    vm.memory.tape = None
    source = Any(vm, 7)
    for _ in range(500):
        try:
            source.operation()
        except (Raised, Unknown):
            continue
    del source
    vm.memory.collect()
    names = vm.memory.heap.used
    value = vm.new_list(range(100))
    assert vm.memory.heap.used == names + 16 + 400
    del value
    vm.memory.collect()
    assert vm.memory.heap.used == names
