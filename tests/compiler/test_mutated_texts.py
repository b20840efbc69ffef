"""Good texts with a token taken out, doubled, swapped or put in: whether MicroPython's own build refuses them, and how.

What a compiler does with a text that is nearly right is decided by its grammar, its scopes and its passes together; a
text that both take is run by both as well.
"""

from __future__ import annotations

import io
import random
import tokenize
from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Unknown
from tests.micropython.types._machine import run
from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (
    "def f(a, b=1, *c, d, e=2, **g):\n    return a, b, c, d, e\nprint(f(1, d=2))",
    "x = [i * 2 for i in range(5) if i % 2]\nprint(x[1:], x[-1])",
    "try:\n    print(1 // 0)\nexcept (OSError, ArithmeticError) as e: print(e)\nelse: print(2)\nfinally: print(3)",
    "class C(object):\n    x = 1\n    def m(self, y=2):\n        return self.x + y\nprint(C().m(3))",
    "def g(n):\n    for i in range(n):\n        x = yield i\n        if x: return x\nprint(list(g(3)))",
    "a, (b, *c), d = 1, (2, 3, 4), 5\nprint(a, b, c, d)",
    "d = {'a': 1, 'b': [2, 3]}\nd['c'] = {1, 2}\ndel d['a']\nprint(sorted(d))",
    "def o():\n  n = 0\n  def i():\n    nonlocal n\n    n += 1\n    return n\n  return i\nprint(o()())",
    "with open as f, x as y:\n    pass",
    "for n in range(3):\n    if n == 1: continue\n    print(n)\nelse:\n    print('end')",  # no while: it would not end
    "f = lambda x, *y, z=1: (x, y, z)\nprint(f(1, 2, z=3), f(*[1], **{'z': 4}))",
    "@staticmethod\ndef h(): pass\nprint(1 if h else 2)",
    "import math as m\nfrom math import sqrt, inf as p\nprint(m.sqrt(4), p > 3)",
    "async def co(x):\n    async with x as y:\n        await y\n    async for z in y:\n        pass\n    return z",
    "assert 1 < 2 <= 3 != 4, 'no'\nglobal q\nq = not 1 and 2 or ~3\nprint(q, 1 in [1], 2 not in (3,), q is None)",
    "x = 1 + 2 * 3 ** 2 // 4 % 5 - -6 << 1 & 7 | 8 ^ 9\nx += 1\nx **= 2\nprint(x, f'{x}{x:>5}')",
    "def r():\n    raise ValueError('v') from None\ntry: r()\nexcept ValueError: raise\n",
    "y: int = 5\nprint((z := y), [*range(2)] if 0 else y, 'a' 'b', b'c', 1.5, 0x1F, 1_0, 2j)",
)
INSERTED = (
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "=",
        "==",
        ":=",
        "*",
        "**",
        "+",
        "-",
        "~",
        "@",
        ".",
        "->",
        "+=",
        "...",
    ),
    *("if", "else", "for", "in", "is", "not", "and", "or", "lambda", "yield", "return", "await", "async", "def", "del"),
    *(
        "class",
        "pass",
        "break",
        "continue",
        "import",
        "from",
        "as",
        "global x",
        "nonlocal x",
        "raise",
        "assert",
        "with",
    ),
    *("x", "1", "'s'", "None", "True", "\n", "\n    ", " \\\n", "#", "!", "$", "f'{x}'", "b'b'", "1.", "0x", "_"),
)


def mutated(chance: random.Random, text: str) -> str:
    """The text with one or two of its tokens changed."""
    for _ in range(chance.choice((1, 1, 2))):
        try:
            tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string.strip()]
        except (tokenize.TokenError, IndentationError, SyntaxError):
            return text
        token = chance.choice(tokens)
        lines = text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: token.start[0] - 1])
        start, end = offset + token.start[1], offset + token.start[1] + len(token.string)
        other = chance.choice(tokens).string
        new = chance.choice(("", f"{token.string} {token.string}", other, f"{chance.choice(INSERTED)} {token.string}"))
        text = text[:start] + new + text[end:]
    return text


def texts(seed: int, count: int) -> list[str]:
    """Mutated texts, each shown by what running it prints."""
    chance = random.Random(seed)
    return [f"exec({mutated(chance, chance.choice(GOOD))!r})" for _ in range(count)]


@pytest.mark.parametrize("seed", range(2))
def test_refused_as_micropython_refuses(seed: int, tmp_path: Path) -> None:
    assert_alike(texts(seed, 150), tmp_path)


@pytest.mark.parametrize("seed", range(100, 102))
def test_no_exception_of_the_host(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        text = mutated(chance, chance.choice(GOOD))
        try:
            printed = run(f"try:\n    exec({text!r})\nexcept BaseException as e:\n    print('ended', type(e))\n").text
        except Unknown:
            continue
        assert "Traceback" not in printed
