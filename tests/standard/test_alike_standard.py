"""Standard modules on many arguments: results, and class and text of what they raise, are those of MicroPython's own
build. Numbers of two precisions print alike only where both are exact, so floats here are sums of few powers of two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

PRELUDE = """
import array, binascii, collections, errno, heapq, io, json, math, random, re, struct, sys

def tried(f, *args, **named):
    try:
        return f(*args, **named)
    except Exception as e:
        return type(e).__name__, e.args

def groups(m):
    if m is None or type(m) is tuple:
        return m
    found = [m.group(0)]
    for n in range(1, 5):
        try:
            found.append(m.group(n))
        except IndexError:
            break
    return found, m.span() if hasattr(m, 'span') else 0
"""
JSON_TEXTS = (
    *(
        "1",
        "-12",
        "1.5",
        "0.25e2",
        "1e2",
        "true",
        "false",
        "null",
        '"a"',
        '"\\\\u00e9\\\\n"',
        '"\\\\"',
        "[]",
        "[1,2,]",
        "[1 2]",
    ),
    *(
        "{}",
        '{"a":1}',
        '{"a" 1}',
        '{"a":[1,{"b":null}]}',
        "{1:2}",
        "[",
        "{",
        '"',
        "",
        " 1 ",
        "1 2",
        "nul",
        "-",
        "+1",
        "[,]",
    ),
    *(
        '{"a":1,"a":2}',
        "[[[[[]]]]]",
        "tru",
        "'a'",
        '["\\\\/", "\\\\b\\\\f\\\\r\\\\t"]',
        "12345678901234567890",
        "[1]]",
        '{"a":}',
    ),
)
JSON_VALUES = (
    *("1", "None", "True", "'é\\n\\x01\"\\\\'", "[]", "(1, 2)", "{}", "{'a': [1, None]}", "{1: 2}", "{None: 1, (): 2}"),
    *("b'x'", "bytearray(b'x')", "1.5", "1 << 40", "set()", "object", "[[], {}]", "range(2)", "array.array('b', [1])"),
)
PATTERNS = (
    *(
        "a",
        "a.c",
        "^a",
        "a$",
        "a*",
        "a+b",
        "a?b",
        "a*?b",
        "a+?",
        "(a)(b)",
        "(a|b)+",
        "[abc]+",
        "[^abc]+",
        "[a-c]x",
        "\\\\d+",
    ),
    *(
        "\\\\w+",
        "\\\\s",
        "\\\\S+",
        "\\\\D",
        "\\\\W",
        "(?:ab)+",
        "(a(b)c)",
        "a|b|c",
        "x*",
        "",
        "()",
        "[",
        "(",
        ")",
        "*",
        "a**",
        "a{2}",
    ),
    *(
        "\\\\.",
        "[\\\\d.]+",
        "[a\\\\-z]",
        "(a)?b",
        "(.*)(,)(.*)",
        "[]]",
        "\\\\",
        "a|",
        "|a",
        "[a-]",
        "(?i)a",
        "a\\\\b",
        "^$",
    ),
)
SUBJECTS = ("''", "'abc'", "'aab'", "'xabcabc'", "'12 ab.c'", "'a\\nb'", "'a,b,c'", "b'abc'")
STRUCT_FORMATS = (
    *(
        "b",
        "B",
        "h",
        "H",
        "i",
        "I",
        "l",
        "q",
        "Q",
        "bI",
        "<bI",
        ">hH",
        "!i",
        "=q",
        "@bq",
        "3s",
        "s",
        "0s",
        "2h",
        "3b2H",
    ),
    *("x", "2xb", "bx", "P", "O", "S", "5", "z", "", "<", "hhb", "3sB", " b", "10q", "bh", "bbi"),
)
BINARY = ("b''", "b'a'", "b'abc'", "b'\\x00\\xff\\x80'", "b'hello world'", "bytes(range(40))", "bytearray(b'zz')")
TABLE: dict[str, list[str]] = {
    "json.loads": [f"print(tried(json.loads, '{text}'))" for text in JSON_TEXTS]
    + [f"print(tried(json.loads, b'{text}'), tried(json.load, io.StringIO('{text}')))" for text in JSON_TEXTS[:20:3]],
    "json.dumps": [
        f"v = {value}\nprint(tried(json.dumps, v), tried(json.dumps, v, separators=(',', ':')))\n"
        f"s = io.StringIO()\nprint(tried(json.dump, v, s), s.getvalue())"
        for value in JSON_VALUES
    ]
    + ["print(tried(json.dumps, 1, separators=(',',)), tried(json.dumps, 1, separators=5), tried(json.dumps))"],
    "re": [
        f"for s in ({', '.join(SUBJECTS)}):\n"
        f"    print(s, groups(tried(re.match, '{pattern}', s)), groups(tried(re.search, '{pattern}', s)))"
        for pattern in PATTERNS
    ],
    "re.sub and split": [
        f"r = tried(re.compile, '{pattern}')\nif type(r) is not tuple:\n    for s in ('xabcabc', 'a1b22', ',a,,b'):\n"
        "        print(s, tried(r.split, s), tried(r.split, s, 1), tried(r.sub, '<\\\\g<0>>', s), "
        "tried(r.sub, '-', s, 1))\n"
        "        print(tried(r.sub, lambda m: m.group(0) * 2, s), tried(r.sub, '\\\\1', s))"
        for pattern in ("a", "[ab]", "(b)", "\\\\d+", ",", "(a)(b)?", "c$", "^x", "bc|a")
    ],
    "struct": [
        f"f = '{form}'\nprint(f, tried(struct.calcsize, f), tried(struct.unpack, f, bytes(range(1, 90))))\n"
        "for given in ((), (1,), (1, 2), (-1, 2, 3), (b'abcd',), (b'ab', 7), ('a',), (300,), (1, 2, 3, 4, 5)):\n"
        "    print(given, tried(struct.pack, f, *given))\n"
        "print(tried(struct.unpack_from, f, bytes(range(90)), 3), tried(struct.unpack_from, f, b'12', -1))\n"
        "b = bytearray(12)\nprint(tried(struct.pack_into, f, b, 2, 5), b, tried(struct.pack_into, f, b, 11, 5))"
        for form in STRUCT_FORMATS
        if form not in ("O", "P", "S")
    ],
    "binascii": [
        f"d = {data}\nprint(tried(binascii.hexlify, d), tried(binascii.hexlify, d, ':'))\n"
        "print(tried(binascii.crc32, bytes(d)), tried(binascii.crc32, bytes(d), 7))\n"
        "print(tried(binascii.unhexlify, d), tried(binascii.unhexlify, binascii.hexlify(d)))"
        for data in BINARY
    ]
    + [f"print(tried(binascii.unhexlify, '{text}'))" for text in ("", "0", "0a", "0G", "aB12", " 12", "1 2")],
    "array": [
        f"a = array.array('{code}', {given})\nprint(a, len(a), list(a), a == array.array('{code}', {given}))\n"
        "print(tried(lambda: a[0]), tried(lambda: a[-1]), tried(lambda: a[9]), tried(lambda: a[1:]), bytes(a))\n"
        "print(tried(a.append, 5), a, tried(a.append, 'x'), tried(a.extend, a), a, tried(a.extend, [1]), a)\n"
        "print(tried(lambda: a + a), tried(lambda: a.__setitem__), 5 in a, tried(lambda: a * 2), a == a, a != a)"
        for code in "bBHiLq"
        for given in ("[]", "[1, 2, 3]", "(5, 100)", "b'abcdefgh'", "range(3)")
    ]
    + [
        f"print(tried(array.array, {given}))"
        for given in ("'z'", "'b', 5", "5", "'b', 'abc'", "", "'b', [300]", "'bb', []")
    ],
    "heapq": [
        f"h = {start}\nheapq.heapify(h)\nprint(h)\nfor n in (4, 0, 9, 4):\n    heapq.heappush(h, n)\nprint(h)\n"
        "print([heapq.heappop(h) for _ in range(len(h))], tried(heapq.heappop, h), tried(heapq.heappush, 5, 5))"
        for start in ("[]", "[3]", "[5, 4, 3, 2, 1]", "[1, 1, 1]", "list(range(20, 0, -3))")
    ],
    "io": [
        f"s = io.{kind}({start})\nprint(s.read(2), s.tell(), s.read(), s.read())\nprint(s.seek(1), "
        f"s.read(1), s.tell())\n"
        f"print(s.write({more}), s.getvalue(), s.seek(0, 2), s.write({more}), s.getvalue(), tried(s.seek, -1))\n"
        f"s.seek(0)\nprint(s.readline(), list(s), s.readline(), tried(s.write, {wrong}), tried(s.readinto, "
        f"bytearray(2)))\n"
        "s.close()\nprint(tried(s.read), tried(s.getvalue), tried(s.write, ''))"
        for kind, start, more, wrong in (
            ("StringIO", "", "'xy'", "5"),
            ("StringIO", "'abc\\ndef\\n'", "'Z'", "b'1'"),
            ("BytesIO", "", "b'xy'", "5"),
            ("BytesIO", "b'abc\\ndef\\n'", "b'Z'", "bytearray(b'1')"),
        )
    ]
    + ["with io.StringIO() as s:\n    s.write('q')\n    print(s.getvalue())\nprint(tried(s.write, '1'))"],
    "math": [
        f"for v in (0, 1, -1, 2.5, -2.5, 4, 0.25, 1024, True, 'a', None, float('inf'), -float('inf')):\n"
        f"    r = tried(math.{name}, v)\n"
        f"    print(v, r if type(r) is not float or r * 8 == int(r * 8 if abs(r) < 1000 else 0) else 'float')"
        for name in ("floor", "ceil", "trunc", "fabs", "sqrt", "isnan", "isinf", "isfinite", "frexp", "modf", "degrees")
    ]
    + [
        f"print([tried(math.{name}, a, b) for a in (0, 1.5, -2, 8, 'x') for b in (1, 2, -0.5)])"
        for name in ("copysign", "fmod", "ldexp")
    ]
    + [
        "print([tried(math.factorial, n) for n in (0, 1, 5, 20, 30, -1, 1.5)], tried(math.gcd, 1, "
        "2) if hasattr(math, 'gcd') else 0)"
    ],
    "random": [
        f"random.seed({seed})\nprint([random.getrandbits(n) for n in (1, 8, 31, 32)], [random.randint(-5, "
        f"5) for _ in range(9)])\n"
        "print([random.randrange(10) for _ in range(9)], [random.randrange(3, 30, 4) for _ in range(9)])\n"
        "print([random.choice('abcdef') for _ in range(9)], tried(random.choice, []), tried(random.randrange, 0))\n"
        "print(tried(random.randrange, 5, 5), tried(random.randint, 5, 4), tried(random.getrandbits, 33),\n"
        "      tried(random.randrange, 1, 9, 0), tried(random.getrandbits, -1), tried(random.randrange, 9, 1, -3))"
        for seed in (0, 1, 12345, "1 << 31")
    ],
    "collections": [
        f"d = collections.deque({given})\nprint(len(d), list(d), "
        f"bool(d))\nfor n in range(3):\n    print(tried(d.append, n), tried(d.appendleft, -n))\n"
        "print(list(d), tried(d.pop), tried(d.popleft), list(d), tried(d.extend, [7, 8]), list(d), "
        "tried(lambda: d[0]),\n"
        "      tried(lambda: d[-1]), tried(lambda: d[9]), tried(d.__class__, "
        "1))\nd[0] = 'z'\nprint(list(d), [x for x in d])"
        for given in ("(), 3", "(1, 2), 5", "(1, 2, 3), 2, 0", "[1], 9")
    ]
    + [f"print(tried(collections.deque, {given}))" for given in ("", "5", "(), -1", "(), 'a'", "(), 1, 2, 3")]
    + [
        f"N = tried(collections.namedtuple, 'N', {fields})\nprint(N)\n"
        "if type(N) is not tuple:\n    print(tried(N, 1, 2), tried(N, 1), tried(N), tried(N, a=1, b=2), "
        "tried(N, 1, b=3), tried(N, 1, 2, b=3))\n"
        for fields in ("'a b'", "['a', 'b']", "('a',)", "''", "5", "'a,b'", "[1]")
    ],
    "errno and sys": [
        "for n in (2, 17, 19, 22, 999, 'text', None):\n    print(repr(OSError(n)), OSError(n), OSError(n).errno)",
        "print(OSError(2, 'file'), repr(OSError(1, 2, 3)), OSError().args, OSError(5).args)",
        "print(sys.byteorder, sys.maxsize, tried(sys.exit), tried(sys.exit, 3))",
    ],
}


@pytest.mark.parametrize("name", TABLE)
def test_module(name: str, tmp_path: Path) -> None:
    assert_alike(TABLE[name], tmp_path, PRELUDE)
