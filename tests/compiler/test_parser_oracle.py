"""The parser against MicroPython's own build: what it accepts, and class, text and line of what it refuses.

The texts are pieces of our own scripts with words taken out, doubled or put in, by a fixed seed.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
from pathlib import Path

import pytest

from omvsim.compiler.parsing.parser import Input, parse
from omvsim.micropython.errors import Raised
from tests.compiler._parsing import machine, refused, text_lexer

_FOLDER = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("npm_oracle", _FOLDER.parent / "oracles" / "npm.py")
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

_SCRIPTS = [case["script"] for case in json.loads((_FOLDER / "data" / "parsing.json").read_text())["cases"]]
_MORE = """
async def f(a, *b, c=1, **d) -> int:
    async with a as b, c: await d
    async for x in y: yield from x
for i, *j in a[1:2, ::3]: continue
else: pass
try: raise A from B
except (C, D) as e: del e[0], f.g
finally: assert not x, 'text'
with a, b as c: global d, e
while a if b else c: nonlocal f
x: int = 0x1F + 0b11 - 1_000 ** 2.5e-3 @ 2j // .5
a, b = c = {1: 2, 'a': 'b'}, {1, 2}, [z for z in y if z if not w], (), (1,)
lambda x, *y, z=1, **w: (yield)
from .a.b import (c as d, e,)
from ... import *
import a.b as c, d
a += b; c <<= d; e //= f
@a.b(c)
class K(L, metaclass=M): x = const(5); _y = const((1, 'a')); z = x + 1
print(f'{a!r:>{w}} {b=} {{}}', b'\\xff\\0' rb'\\d', u'\\u1234', '''a
b''', "\\x41\\101\\q" 'c')
if (n := 10) > 5 is not None in [] not in ...: pass
elif a < b <= c != d: pass
"""
_WORDS = re.compile(r"\w+|[ \t]+|\n|[^\w\s]")
_PUT_IN_WORDS = (
    "( ) [ ] { } : = := * ** -> @ ... ; , . ' \" ''' f' f\" b' \\ $ ! != 0x 1e 1_0 1.5j 08 0b2 1.2.3 if else for in "
    "lambda not is async await yield class def import from try except with const"
)
_PUT_IN = [
    *_PUT_IN_WORDS.split(),
    *(
        "\n",
        "\n    ",
        "\n  ",
        "\t",
        "\\\n",
        "\\x4",
        "\\777",
        "\\N",
        "\r",
        "\r\n",
        "\0",
        "{{",
        "f'{a}'",
        "f'{",
        "!r}'",
        "ä",
    ),
]
_OF_THE_PARSER = (
    *("invalid syntax", "unexpected indent", "unindent doesn't match", "malformed f-string", "not a constant"),
    *("unicode name escapes", "name too long"),
)
"""How its own texts begin; the compiler says others of what the parser accepts."""
_PROGRAM = """import sys, io
def go(s):
    try:
        compile(s, "x", "exec")
        print("")
    except BaseException as e:
        out = io.StringIO()
        sys.print_exception(e, out)
        print(repr(out.getvalue()))
"""


def mutated(rng: random.Random) -> str:
    """A few lines with a few words changed."""
    lines = rng.choice([*_SCRIPTS, _MORE, _MORE]).split("\n")
    at = rng.randrange(len(lines))
    words = _WORDS.findall("\n".join(lines[at : at + rng.randrange(1, 9)]))
    for _ in range(rng.randrange(4) if words else 0):
        place = rng.randrange(len(words))
        words[place : place + rng.randrange(2)] = rng.choice([[], [rng.choice(_PUT_IN)], [rng.choice(words)]])
        if not words:
            break
    return "".join(words)


def refusal(text: str) -> tuple[str, str, int] | None:
    """Class, text and line out of a printed exception that is the parser's; None for any other."""
    name, _, message = text.rstrip("\n").rpartition("\n")[2].partition(": ")
    if not message.startswith(_OF_THE_PARSER):
        return None
    line = re.search(r'"x", line (\d+)', text)
    # what is in the number is the int type's to say
    return name, message.partition(" with base")[0], int(line[1]) if line else 0


@pytest.mark.parametrize("seed", range(4))
def test_changed_texts_are_accepted_or_refused_alike(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    texts = [mutated(rng) for _ in range(400)]
    script = tmp_path / "all.py"
    script.write_text(_PROGRAM + "".join(f"go({text!r})\n" for text in texts))
    answers = npm.run_micropython(script, heap=8 << 20).split("\n")
    refusals = 0
    for text, answer in zip(texts, answers, strict=False):
        theirs = refusal(eval(answer)) if answer else None
        if theirs is None:
            vm = machine()
            try:
                parse(vm, text_lexer(vm, text), Input.FILE)
            except Raised as raised:
                raise AssertionError(f"{text!r} is accepted there") from raised
        else:
            error, message, line = refused(text)
            assert (error.value, message, line) == theirs, text
            refusals += 1
    assert 50 < refusals < 390
