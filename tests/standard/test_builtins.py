"""Built-in functions: what they give, what they refuse and what they ask for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

VALUES = [
    ("print(abs(-3), abs(2.5), abs(-0.0))", "3 2.5 0.0"),
    ("print(all([]), all([1, 0]), any([]), any([0, 2]))", "True False False True"),
    ("print(bin(10), hex(-255), oct(8), hex(1 << 40))", "0b1010 -0xff 0o10 0x10000000000"),
    ("print(chr(65), ord('z'), ord(b'a'), chr(8364))", "A 122 97 €"),
    ("print(divmod(7, -2), divmod(7.5, 2))", "(-4, -1) (3.0, 1.5)"),
    ("print(max(3, 9, 4), min([5, 2, 8]), max('a', 'bb', key=len))", "9 2 bb"),
    ("print(min([], default=7), max([(1, 2), (1, 3)]))", "7 (1, 3)"),
    ("print(pow(2, 10), pow(3, 4, 5), 2 ** -1)", "1024 1 0.5"),
    (
        "print(round(2.5), round(3.5), round(-0.4), round(2.345, 2), round(1250, -2), round(1350, -2))",
        "2 4 0 2.34 1200 1400",
    ),
    ("print(sum([1, 2, 3]), sum([1.5, 2], 1), sum([[1], [2]], []))", "6 4.5 [1, 2]"),
    (
        "print(sorted('bca'), sorted([3, 1, 2], reverse=True), sorted(['bb', 'a'], key=len))",
        "['a', 'b', 'c'] [3, 2, 1] ['a', 'bb']",
    ),
    ("print(repr('a\\n'), repr([1, 'x']), repr(1.0))", "'a\\n' [1, 'x'] 1.0"),
    ("print(1, 2, sep='-', end='!\\n')", "1-2!"),
    ("print(eval('1 + 2'), eval('x * 2', {'x': 21}))", "3 42"),
    ("d = {}\nexec('a = 5\\nb = a * 2', d)\nprint(d['b'])", "10"),
    ("c = compile('q = 6', 'f', 'exec')\nexec(c)\nexec(c)\nprint(q, c)", "6 <code>"),
    ("print(eval(compile('7 * 6', 'f', 'eval')))", "42"),
    ("print(hash('a') == hash('a'), hash(5), len('äb'), len(b'abc'))", "True 5 2 3"),
    (
        "print(list(zip([1, 2], 'ab')), list(map(abs, [-1])), list(filter(None, [0, 1])))",
        "[(1, 'a'), (2, 'b')] [1] [1]",
    ),
    ("print(next(iter([]), 4), callable(print), callable(3))", "4 True False"),
    ("class A:\n x = 1\nprint(getattr(A, 'y', 2), hasattr(A(), 'x'))", "2 True"),
    ("x = 1\nprint('x' in dir(), 'append' in dir([]), 'nothing' in dir([]))", "True True False"),
]
LIST = [("alloc", 16), ("alloc", 16)]
"""An empty list: the object and its table."""
ERRORS = [
    ("ord('ab')", "TypeError: ord() expected a character, but string of length 2 found"),
    ("chr(0x110000)", "ValueError: chr() arg not in range(0x110000)"),
    ("max([])", "ValueError: arg is an empty sequence"),
    ("sorted([1], 2)", "TypeError: must use keyword argument for key function"),
    ("len(3)", "TypeError: object of type 'int' has no len()"),
    ("compile('1', 'f', 'x')", "ValueError: bad compile mode"),
    ("exec('1', 5)", "TypeError: "),
    ("eval('1 +')", "SyntaxError: invalid syntax"),
    ("print(1, file=5)", "OSError: stream operation not supported"),
    ("print(1, foo=5)", "TypeError: extra keyword arguments given"),
    ("pow(2, 3, 0)", "ValueError: divide by zero"),
    ("round('a')", "TypeError: can't convert str to float"),
    ("open('nothing.txt')", "OSError: [Errno 2] ENOENT"),
    ("execfile('nothing.py')", "OSError: [Errno 2] ENOENT"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_values(run: Callable[..., Run], text: str, expected: str) -> None:
    """Each prints what MicroPython prints."""
    assert run(text).printed.rstrip("\n") == expected


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(text).printed.splitlines()[-1] == expected


def test_requests_of_repr(run: Callable[..., Run]) -> None:
    """A buffer of 16 bytes, cut to the text, and the object."""
    assert run("repr([])").asked == [*LIST, ("alloc", 16), ("realloc", 3), ("alloc", 16)]


def test_requests_of_sorted(run: Callable[..., Run]) -> None:
    """A list made item by item through an iterator of its own, then sorted in place."""
    both = run("x = (2, 1)\nsorted(x)").asked
    assert both == [("alloc", 16), ("alloc", 16), ("alloc", 16)]


def test_every_name_is_there(run: Callable[..., Run]) -> None:
    """The table of py/modbuiltins.c."""
    made = run("import builtins\nprint(builtins)\nbuiltins.foo = 4\nprint(foo)")
    assert made.printed == "<module 'builtins'>\n4\n"
    assert len(made.vm.builtins) == 98


def test_waiting_for_a_line_ends_the_run(run: Callable[..., Run]) -> None:
    """Nobody types."""
    from omvsim.micropython.errors import Fault

    with pytest.raises(Fault) as fault:
        run("input('? ')")
    assert fault.value.hangs


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_names_in_the_order_of_the_pools(release: str) -> None:
    """Every name of ROM once: those of every port first, two sorted runs behind them."""
    from omvsim.memory.firmware_names import Build, built_in_names, names_in_order

    names = names_in_order(release, Build.FULL)
    assert sorted(names) == sorted(built_in_names(release, Build.FULL))
    assert names[:3] == ("", "__dir__", "\n")
    rest = [name.encode("utf-8", "surrogateescape") for name in names[165:]]
    assert sum(one > other for one, other in itertools.pairwise(rest)) == 1


def test_dir_gives_names_in_the_order_of_the_pools(run: Callable[..., Run]) -> None:
    """Not sorted: names that every port has come first, new names last."""
    text = "class A:\n zzz_mine = 1\n def append(self): pass\n def isalpha(self): pass\nprint(dir(A))"
    printed = run(text).printed
    places = [printed.index(f"'{name}'") for name in ("__class__", "append", "isalpha", "__bases__", "zzz_mine")]
    assert places == sorted(places)
    assert run("print(dir([])[-3:])").printed == "['remove', 'reverse', 'sort']\n"
