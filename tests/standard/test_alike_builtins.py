"""Built-in functions and constructors on values of every type: results, and class and text of what they raise, are those
of MicroPython's own build.
"""

# ruff: noqa: E501 -- a program a line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

PRELUDE = """
class Plain:
    pass

class Rich:
    def __init__(self): self.x = 1
    def __len__(self): return 3
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
    def __contains__(self, v): return v == 7
    def __hash__(self): return 42
    def __eq__(self, o): return o == 5
    def __lt__(self, o): return True
    def __repr__(self): return 'Rich()'
    def __int__(self): return 9
    def __abs__(self): return 'abs'
    def __call__(self, *a): return a

def shown(v):
    if isinstance(v, (set, frozenset)):
        return type(v).__name__ + str(sorted(v))
    text = repr(v)
    if ' object' in text and ' at ' in text or '<generator' in text:
        try:
            return type(v).__name__ + repr(list(v))
        except TypeError:
            return type(v).__name__
    return text

def tried(f, *args, **named):
    try:
        return shown(f(*args, **named))
    except Exception as e:
        return type(e).__name__, str(e)

values = lambda: (None, True, 0, -7, 255, 1 << 40, '', 'abc', '12', b'', b'ab', bytearray(b'xy'), (), (1, 2), [], [3, 1, 2],
                  {}, {1: 2, 'k': 3}, {5}, frozenset((1,)), range(3), Rich(), Plain, len, [[1, 2], [3, 4]], memoryview(b'mv'))
"""
ONE = (
    *("abs", "all", "any", "bin", "bool", "bytearray", "bytes", "callable", "chr", "dict", "enumerate", "frozenset"),
    *(
        "hex",
        "int",
        "iter",
        "len",
        "list",
        "max",
        "memoryview",
        "min",
        "next",
        "oct",
        "ord",
        "range",
        "reversed",
        "set",
    ),
    *("sorted", "str", "sum", "tuple", "zip", "repr", "slice", "isinstance", "round", "divmod", "eval", "filter"),
)
MORE = {
    "min and max": [
        "print(tried(min, 1, 2), tried(max, 'a', 'b'), tried(min, [], default=3), tried(min, []), tried(max, [1], key=None))",
        "print(tried(min, 'abc', key=ord), tried(max, (1, -3), key=abs), tried(min, 1, 'a'), tried(min, 5), tried(max))",
        "print(tried(max, [3, 1], [2], key=len), tried(min, {2: 1, 1: 2}), tried(max, 1, 2, default=3), tried(min, x=1))",
    ],
    "sum": [
        "print(tried(sum, [1, 2], 10), tried(sum, ['a']), tried(sum, [[1], [2]], []), tried(sum, 5), tried(sum, [1], 2, 3))",
        "print(tried(sum, range(5)), tried(sum, ('a', 'b'), ''), tried(sum, {1: 2}), tried(sum, (x for x in (1, 2))))",
    ],
    "sorted": [
        "print(tried(sorted, [3, 1, 2], reverse=True), tried(sorted, 'hello'), tried(sorted, [1, 'a']), tried(sorted, 5))",
        "print(tried(sorted, [(2, 'a'), (1, 'b')]), tried(sorted, ['b', 'A'], key=lambda s: s.lower()), tried(sorted))",
        "print(tried(sorted, [3, 1], key=5), tried(sorted, [3, 1], lambda x: -x), tried(sorted, {3: 1, 2: 2}))",
    ],
    "map, filter, zip": [
        "print(tried(map, str, [1, 2]), tried(map, lambda a, b: a + b, [1, 2], [3, 4, 5]), tried(map, str), tried(map, 5, [1]))",
        "print(tried(filter, None, [0, 1, '', 'a']), tried(filter, lambda x: x > 1, range(4)), tried(filter, 5, []))",
        "print(tried(zip), tried(zip, 'ab', [1, 2, 3]), tried(zip, 'a', 5), tried(zip, range(3), range(2), 'xyz'))",
        "print(tried(enumerate, 'ab'), tried(enumerate, 'ab', 5), tried(enumerate, 'ab', start=2), tried(enumerate, 5))",
    ],
    "numbers": [
        f"a, b = {a}, {b}\nprint(tried(divmod, a, b), tried(pow, a, b) if 0 <= b < 50 else '', tried(pow, a, b, 7), tried(pow, a, b, 0))"
        for a in ("0", "7", "-7", "1 << 40")
        for b in ("2", "-3", "0", "5", "1 << 33")
    ]
    + [
        "print([tried(round, n, d) for n in (0, 15, -15, 1234, 1 << 40) for d in (0, -1, -2, 1)], tried(round, 5))",
        "print([tried(f, n) for f in (bin, oct, hex) for n in (0, -1, 255, 1 << 40, -(1 << 33), True)])",
        "print([tried(int, s) for s in (' 5 ', '+5', '5_0', '0x5', 'a', '', b'7', '-0', '1e3', '²', '5 5')])",
        "print([tried(int, s, b) for s in ('z', '11', '0b1', '0x1f', 'Ff') for b in (0, 2, 16, 36, 37, 1, -1)])",
        "print([tried(chr, n) for n in (0, 65, 255, 0x20AC, 0x10FFFF, 0x110000, -1)], [tried(ord, s) for s in ('é', b'a', '')])",
    ],
    "attributes": [
        "r = Rich()\nprint(tried(getattr, r, 'x'), tried(getattr, r, 'y'), tried(getattr, r, 'y', 5), tried(hasattr, r, 'x'))",
        "r = Rich()\nsetattr(r, 'y', 2)\nprint(r.y, tried(delattr, r, 'y'), tried(delattr, r, 'y'), tried(hasattr, r, 5))",
        "print(tried(setattr, 5, 'x', 1), tried(setattr, len, 'x', 1), tried(getattr, 5, 'x'), tried(delattr, [], 'append'))",
        "print(tried(getattr, [], 'append')[:1], tried(getattr, Plain, '__name__'), tried(getattr, Rich(), '__class__'))",
        "print(tried(vars), sorted(n for n in dir(Rich()) if n[0] != '_'), 'x' in dir(Rich()))",
    ],
    "classes": [
        "print(tried(isinstance, 5, int), tried(isinstance, True, int), tried(isinstance, 5, (str, int)), tried(isinstance, 5, 5))",
        "print(tried(issubclass, bool, int), tried(issubclass, Rich, object), tried(issubclass, 5, int), tried(issubclass, int, 5))",
        "print(tried(type, 5), tried(type, 'N', (), {}), tried(type, 'N', 5, {}), tried(type, 1, 2), tried(type), type(type))",
        "print(tried(type, 'N', (int, str), {}), tried(type, 'N', (), 5), tried(object, 1), tried(super))",
        "print(tried(lambda: type('N', (Rich,), {'y': 2})().y), tried(lambda: type('N', (bool,), {})), tried(callable, Rich()))",
    ],
    "bytes": [
        "print(tried(bytes, 3), tried(bytes, -1), tried(bytes, [1, 2]), tried(bytes, [256]), tried(bytes, 'é', 'utf-8'))",
        "print(tried(bytes, 'a'), tried(bytes, 'a', 'x'), tried(bytes, (i for i in (65, 66))), tried(bytes, {1: 2}), tried(bytes, b'a', 'b'))",
        "print(tried(bytearray, 'a', 'utf8'), tried(bytearray, -1), tried(bytearray, range(3)), tried(bytearray, [300]))",
        "print(tried(str, b'ab', 'utf8'), tried(str, b'\\xff', 'utf8'), tried(str, b'ab'), tried(str, 5, 'utf8'), tried(str, 1, 2, 3, 4))",
    ],
    "slices and ranges": [
        "s = slice(1, 5, 2)\nprint(s, s.start, s.stop, s.step, s.indices(4), slice(None).indices(3), tried(slice), tried(slice, 1, 2, 3, 4))",
        "r = range(2, 20, 5)\nprint(r, r.start, r.stop, r.step, r[1], r[-1], r[1:], tried(lambda: r[9]), 7 in r, len(r), r == range(2, 19, 5))",
        "print(tried(range, 1, 2, 0), tried(range, 'a'), tried(range), range(5, 0), list(range(5, 0, -2)), tried(range, 1, 2, 3, 4))",
        "print([list(range(10))[s] for s in (slice(2), slice(-3, None), slice(None, None, -4), slice(20, 5, -3), slice(-20, 2))])",
    ],
    "iterators": [
        "i = iter([1, 2])\nprint(next(i), next(i), tried(next, i), tried(next, i, 'd'), tried(next, [1]), tried(iter, 5))",
        "i = iter(Rich())\nprint(list(i), list(Rich()), 7 in Rich(), 8 in Rich(), tried(reversed, Rich()), tried(reversed, {1}))",
        "n = [0]\ndef f():\n    n[0] += 1\n    return n[0]\nprint(tried(iter, f, 3))",
    ],
    "print": [
        "print(1, 'a', None, sep='-', end='!\\n')\nprint()\nprint('', end='')\nprint(*[1, 2], sep='')\nprint(tried(print, 1, sep=5))",
        "print(tried(print, 1, x=2), [1, 'a', b'b', (1,), {1: 'q'}], {'k': [None]}, ('\\n\\t\\\\',), '\\x00\\x7f'.encode())",
        "l = [1]\nd = {1: l}\nprint(l, d, str(l), repr('it\\'s'), repr('\"'), repr('\\'\"'), '%r' % 'é')",
    ],
    "exec and eval": [
        "g = {'x': 5}\nprint(eval('x + 1', g), tried(eval, 'y', g), tried(eval, 'x = 1', g), tried(eval, '', g), tried(eval, ' 1', g))",
        "g = {}\nexec('a = 1\\ndef f(): return a', g)\nprint(g['f'](), g['a'], tried(exec, 'import', g), tried(exec, 5))",
        "g, l = {'x': 1}, {'y': 2}\nprint(eval('x + y', g, l), tried(eval, '1', 5))\nexec('z = x', g, l)\nprint(l['z'], 'z' in g)",
        "c = compile('1 + 1', 'f', 'eval')\nprint(eval(c), tried(compile, '1 +', 'f', 'eval'), tried(compile, '1', 'f', 'bad'))",
    ],
    "formats": [
        f"print([tried('{{:{spec}}}'.format, v) for v in (0, -42, 12345678, 'text', True, None, [1])])"
        for spec in (
            "",
            ">8",
            "<8",
            "^8",
            "*^9",
            "08",
            "+",
            "x",
            "X",
            "#x",
            "o",
            "b",
            "#b",
            ",",
            "s",
            "d",
            "n",
            "5.2s",
            "=8",
            "e8",
        )
    ]
    + [
        "print(tried('{0} {1} {0}'.format, 1, 2), tried('{} {1}'.format, 1, 2), tried('{0} {}'.format, 1), tried('{a.x}'.format, a=Rich()))",
        "print(tried('{0[1]}'.format, [1, 2]), tried('{!r} {!s}'.format, 'a', 'b'), tried('{!z}'.format, 1), tried('{:{}}'.format, 5, 4))",
        "print(tried('{'.format), tried('}'.format), tried('{{}}'.format), tried('{0'.format, 1), tried('{a}'.format), tried('{5}'.format))",
    ]
    + [
        f"print([tried(lambda: '{spec}' % v) for v in (0, -42, 'text', (1,), (1, 2), None, {{'k': 5}}, ())])"
        for spec in (
            "%d",
            "%5d|",
            "%-5d|",
            "%05d",
            "%x",
            "%s",
            "%r",
            "%.2s",
            "%%",
            "%(k)s",
            "%(z)s",
            "%d %d",
            "%q",
            "%",
            "%*d",
            "x",
        )
    ],
}
TABLE = {name: [f"for v in values(): print(v if type(v) is int else '', tried({name}, v))"] for name in ONE} | MORE


@pytest.mark.parametrize("part", range(3))
def test_functions_of_one_value(part: int, tmp_path: Path) -> None:
    assert_alike([TABLE[name][0] for name in ONE[part::3]], tmp_path, PRELUDE)


@pytest.mark.parametrize("name", MORE)
def test_more_arguments(name: str, tmp_path: Path) -> None:
    assert_alike(MORE[name], tmp_path, PRELUDE)
