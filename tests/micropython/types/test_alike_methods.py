"""Every method of the built-in types on many receivers and arguments: results and exceptions are MicroPython's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

PRELUDE = """
def shown(value):
    if type(value) is set or type(value) is frozenset:
        return type(value).__name__ + str(sorted(value))
    return repr(value)

def each(receivers, name, arguments):
    for make in receivers:
        for given in arguments:
            target = eval(make)
            try:
                got = shown(getattr(target, name)(*given))
            except Exception as e:
                got = type(e).__name__ + ' ' + str(e)
            print(make, name, given, '->', got, '' if type(target) in (str, bytes, tuple, int) else shown(target))
"""
TEXTS = ["''", "'a'", "'abcabc'", "'  a b  '", "'a,b,,c'", "'Mixed 12'", "'x\\ty\\nz'", "'café'", "'aaaa'"]
LISTS = ["[]", "[1]", "[3, 1, 2]", "[1, 1, 2, 1]", "['b', 'a']", "[None, 0]"]
DICTS = ["{}", "{1: 2}", "{'a': 1, 'b': 2}", "{None: 0, (): 1}"]
SETS = ["set()", "{1}", "{1, 2, 3}", "{'a'}", "frozenset((1, 2))"]
PLACES = (
    "[(), ('a',), ('b', 1), ('', 0), ('a', -2), ('c', 1, 4), ('a', None, 3), (1,), ('a', 10), ('bc', 0, 3), ('', 9)]"
)
BYTE_PLACES = "[(b'a',), (b'b', 1), (b'', 0), (b'a', -2), (b'c', 1, 4), ('a',), (b'bc', 0, 3), (97,), ()]"
STRIPS = "[(), ('a',), (' ',), ('abc',), ('',), (None,), (1,)]"
PARTS = "[('a',), (',',), ('',), ('bc',), (1,), ()]"
SPLITS = "[(), (',',), ('a',), (None, 1), (',', 1), (',', 0), (',', -1), ('',), (' ', 1), ('bc', 5), (1,), ('a', 'b')]"
OTHERS = "[(), ([1, 2],), ((3,),), ({2, 3},), ('ab',), (range(2),), ([],), (5,), ({1: 2},), ([[]],)]"
TABLE: dict[str, list[tuple[list[str], str, str]]] = {
    "str: places": [(TEXTS, name, PLACES) for name in ("find", "rfind", "index", "rindex", "count")],
    "str: ends": [
        (TEXTS, "startswith", "[('a',), ('',), ('b', 1), (' a',), (('a', ' '),), (1,), (), ('bc', -2)]"),
        (TEXTS, "endswith", "[('c',), ('',), (' ',), ('bc',), (1,), ()]"),
    ],
    "str: strip": [(TEXTS, name, STRIPS) for name in ("strip", "lstrip", "rstrip")],
    "str: parts": [(TEXTS, name, PARTS) for name in ("partition", "rpartition")],
    "str: split": [
        (TEXTS, "split", SPLITS),
        (TEXTS, "rsplit", SPLITS.replace("(None, 1), ", "")),
        (TEXTS, "splitlines", "[(), (True,), (False,)]"),
    ],
    "str: replace": [
        (TEXTS, "replace", "[('a', 'XY'), ('a', ''), ('bc', 'b', 1), ('a', 'b', 0), ('a', 'b', -1), ('a', 1), ('a',)]"),
    ],
    "str: letters": [
        (TEXTS, name, "[(), (1,)]")
        for name in ("upper", "lower", "isalpha", "isdigit", "isspace", "isupper", "islower", "encode")
    ],
    "str: join and center": [
        (TEXTS, "join", "[([],), (['p'],), (('p', 'q', 'r'),), ('xyz',), ([1],), (1,), ([b'a'],)]"),
        (TEXTS, "center", "[(0,), (5,), (12,), (-3,), ('a',)]"),
        (TEXTS, "format", "[(), (1, 2)]"),
    ],
    "bytes": [
        (["b''", "b'abcabc'", "b'a,b'", "bytearray(b'aba')"], name, BYTE_PLACES)
        for name in ("find", "rfind", "index", "count", "startswith", "endswith")
    ]
    + [
        (["b''", "b' abc '", "b'a,b,c'", "b'Ab1'"], name, given)
        for name, given in (
            ("strip", "[(), (b'a',), ('a',)]"),
            ("split", "[(), (b',',), (b',', 1), (',',)]"),
            ("replace", "[(b'a', b'zz'), (b'b', b''), ('a', 'b')]"),
            ("partition", "[(b',',), (b'',), (',',)]"),
            ("join", "[([b'1', b'2'],), (['1'],), ([bytearray(b'x')],)]"),
            ("upper", "[()]"),
            ("lower", "[()]"),
            ("isalpha", "[()]"),
            ("isdigit", "[()]"),
            ("decode", "[(), ('utf8',), ('utf8', 'strict')]"),
            ("hex", "[(), (':',)]"),
        )
    ],
    "bytearray": [
        (["bytearray()", "bytearray(b'ab')", "bytearray(range(40))"], name, given)
        for name, given in (
            ("append", "[(1,), (255,), (256,), (-1,), ('a',), ()]"),
            ("extend", "[(b'xy',), (bytearray(3),), ([1, 2],), ((),), (5,), (b'',)]"),
            ("decode", "[()]"),
        )
    ],
    "list: changes": [
        (LISTS, name, given)
        for name, given in (
            ("append", "[(1,), ([],), (), (1, 2)]"),
            ("insert", "[(0, 'n'), (1, 'n'), (-1, 'n'), (99, 'n'), (-99, 'n'), ('a', 1)]"),
            ("insert", "[('a', 'n'), (None, 'n'), (1 << 40, 'n'), (1.5, 'n')]"),
            ("pop", "[(), (0,), (-1,), (2,), (-4,), (99,), ('a',), (None,)]"),
            ("remove", "[(1,), ('a',), (None,), (0,), (False,), (9,)]"),
            ("clear", "[(), (1,)]"),
            ("reverse", "[()]"),
            ("copy", "[()]"),
            ("extend", OTHERS.replace("({2, 3},), ", "")),
        )
    ],
    "list: looks": [
        (LISTS, name, given)
        for name, given in (
            ("index", "[(1,), (1, 1), (1, 0, 1), (1, -2), ('b',), (9,), (None,), (1, 9), ()]"),
            ("count", "[(1,), (True,), ('a',), (None,), (9,), ()]"),
            ("sort", "[(), (1,)]"),
            ("__getitem__", "[(0,), (9,)]"),
        )
    ],
    "tuple": [
        (["()", "(1,)", "(3, 1, 1)", "('a', None)"], name, "[(1,), ('a',), (None,), (9,), (1, 1), (1, 2, 3), ()]")
        for name in ("index", "count")
    ],
    "dict": [
        (DICTS, name, given)
        for name, given in (
            ("get", "[(1,), ('a', 9), (5,), (5, 6), ([],), (None,), ((),), ()]"),
            ("pop", "[(1,), ('a', 9), (5,), (5, 6), ([],), (), (1, 2, 3)]"),
            ("setdefault", "[(1,), ('a', 9), (5,), (5, 6), ([],), ()]"),
            ("popitem", "[(), (1,)]"),
            ("update", "[(), ({1: 9},), ([(1, 2), (3, 4)],), ([(1,)],), ([1],), (5,), ({},), (['ab', 'cd'],)]"),
            ("keys", "[(), (1,)]"),
            ("values", "[()]"),
            ("items", "[()]"),
            ("copy", "[()]"),
            ("clear", "[()]"),
            ("__getitem__", "[(1,), (9,), ([],)]"),
            ("__setitem__", "[(1, 2), ([], 2), (1,)]"),
            ("__delitem__", "[(1,), (9,)]"),
        )
    ],
    "set: changes": [
        (SETS, name, given)
        for name, given in (
            ("add", "[(1,), (9,), ([],), ((),), ()]"),
            ("discard", "[(1,), (9,), ([],)]"),
            ("remove", "[(1,), (9,), ('a',)]"),
            ("clear", "[()]"),
            ("copy", "[()]"),
            ("update", "[(), ([7, 8],), ({1},), (5,), ([[]],)]"),
            ("difference_update", "[(), ([1],), ({1, 2},), ([1], [2]), (5,)]"),
            ("intersection_update", "[([1],), ({1, 2},), (5,)]"),
            ("symmetric_difference_update", "[([1],), ({1, 9},), (5,)]"),
        )
    ],
    "set: comparisons": [
        (SETS, name, "[(), ([1],), ({1, 2, 3, 4},), (set(),), ('a',), (5,), ([1, 1, 2],), ([[]],)]")
        for name in (
            "union",
            "intersection",
            "difference",
            "symmetric_difference",
            "isdisjoint",
            "issubset",
            "issuperset",
        )
    ],
    "int": [
        (["0", "1", "-1", "255", "-129", "1 << 30", "1 << 70", "-(1 << 63)", "True"], name, given)
        for name, given in (
            ("to_bytes", "[(1, 'little'), (4, 'big'), (9, 'little'), (0, 'big'), (-1, 'big'), (4,), ('a', 'big')]"),
            ("from_bytes", "[(b'\\x01\\xff', 'big'), (b'', 'little'), ((1, 2), 'big'), ('ab', 'little'), (5, 'big')]"),
        )
    ],
}


@pytest.mark.parametrize("name", TABLE)
def test_methods(name: str, tmp_path: Path) -> None:
    texts = [f"each({receivers!r}, {method!r}, {given})" for receivers, method, given in TABLE[name]]
    assert_alike(texts, tmp_path, PRELUDE)


def test_insert_takes_any_object_for_its_word(tmp_path: Path) -> None:
    """``list.insert`` never checks its index: names and constants are numbers, addresses are beyond the end."""
    text = "for i in (None, False, True, '', '__dir__', 1.5, [], len):\n    k = [0] * 20\n    k.insert(i, 1)\n"
    assert_alike([text + "    print(k.index(1))\n"], tmp_path)
