"""Frames of compiled functions: slots counted from the text, against what mpy-cross 1.26.1 makes of the same text."""

from __future__ import annotations

import ast

import pytest

from omvsim.script._frames import Frame, layout_of, range_arguments, small_constant
from omvsim.script._scopes import scopes_of

SLOTS = {
    "def f(a):\n    b = c = d = e = a\n    return [b, c, d, e]": 5 + 4,
    "def f(x):\n    return x[0] * 0.3 + x[1] * 0.6 + x[2] * 0.1": 1 + 3,
    "def f(n):\n    for i in range(n):\n        g(i, n)": 2 + 5,
    "def f(n):\n    for i in n:\n        g(i)": 2 + 6,
    "def f(self, a, b):\n    self.boxes.append([int(a), int(b), a, b])": 3 + 6,
    "def f():\n    try:\n        g()\n    except E:\n        pass": 6,
}


def scope(text: str) -> Frame:
    tree = ast.parse(text)
    return layout_of(scopes_of(tree)[tree.body[0]]).frame


@pytest.mark.parametrize("text", SLOTS)
def test_slots(text: str) -> None:
    assert scope(text).slots == SLOTS[text]


def test_a_large_frame_is_a_heap_block() -> None:
    names = ", ".join(f"v{i}" for i in range(20))
    frame = scope(f"def f(a):\n    {names.replace(', ', ' = ')} = a\n    return [{names}]")
    assert frame.heap_bytes == 20 + 4 * 41
    assert scope("def f(a):\n    return a").heap_bytes == 0


def test_try_blocks_count() -> None:
    inner = "def f():\n    try:\n        with a as b:\n            g()\n    except E as e:\n        h()"
    assert scope(inner).exceptions == 2


def test_super_reads_the_class() -> None:
    tree = ast.parse("class C:\n    def f(self):\n        super().f()")
    found = scopes_of(tree)
    function = next(found[node] for node in found if isinstance(node, ast.FunctionDef))
    assert list(function.free) == ["__class__"]
    assert function.slots == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("-5", -5), ("144 * 18", 2592), ("1 << 4 | 3", 19), ("7 // 0", None), ("1.5", None), ("x", None)],
)
def test_constants_that_the_parser_folds(text: str, value: int | None) -> None:
    assert small_constant(ast.parse(text, mode="eval").body) == value


@pytest.mark.parametrize(
    ("text", "counted"), [("range(3)", True), ("range(1, n, 2)", True), ("range(0, 9, n)", False), ("range(*a)", False)]
)
def test_counting_loops(text: str, counted: bool) -> None:
    loop = ast.parse(f"for i in {text}:\n    pass").body[0]
    assert isinstance(loop, ast.For)
    assert (range_arguments(loop) is not None) is counted
