"""A text formatted anew compiles alike: other indentation, line ends, comments, blank lines, joined or broken lines and
brackets change no instruction; what the compiler asks for changes in the table of lines only.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler._compiling import compiled, everything, listing
from tests.compiler._parsing import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

SOURCE = """\
import gc
x = 1
def f(a, b=2, *c, d=3, **e):
    if a == b and not a < 3 or a in (1, 2):
        return [a, b, c]
    elif a:
        for i in range(10):
            while i:
                i -= 1
                if i == 3:
                    break
            else:
                continue
    else:
        try:
            y = {1: 2, 'k': (3, 4)}
            del y[1], y['k']
        except (ValueError, TypeError) as e:
            raise RuntimeError('text') from e
        finally:
            x = lambda v, w=1: v ** w if v else -w
    return x
class C(object):
    z = 3
    def m(self, n):
        with self as s, n:
            yield s
            q = yield from n
        return f"{n:>5}{s!r}"
async def g():
    await f(1)
    async for k in g():
        print(*k, sep='', **{})
    return [u for u in k if u for v in u], {u: 1 for u in k}, {u for u in k}
@f
@g.h(1)
def deco(): pass
a, *b = c = 1, 2, 3
a.b[1:2, ::3].c += 0x1F | 0b101 ^ 1_000 & ~5 << 2
assert a is not None, 'message'
global_name = a if b else (yes := c)
"""
SIMPLE = [
    *("x = 1", "f(a, b=2, *c)", "x.y[1:2] = 3", "del x", "pass", "x += 1", "a, b = b, a", "assert x, 'm'", "import gc"),
    *("from sys import path as p", "x = lambda: 0", "x = [1, 2, 3]", "x = {'a': 1}", "print('t', 5)", "x = not a == b"),
]


def code_of(source: str, release: str = "4.8.1") -> list[tuple[object, ...]]:
    """All that makes up the code but lines."""
    return [
        (code.name, code.n_state, code.n_exc_stack, code.arg_names, code.cells, listing(code))
        for code in everything(compiled(source, release))
    ]


def indented(width: str) -> Callable[[str], str]:
    def change(source: str) -> str:
        return re.sub(r"^( {4})+", lambda found: width * (len(found[0]) // 4), source, flags=re.M)

    return change


def with_comments(source: str) -> str:
    chance = random.Random(1)
    lines = []
    for line in source.splitlines():
        if chance.random() < 0.4:
            lines += chance.choice((["# a comment: (["], ["", "   "], ["\t# '''"], ["", "# é", ""]))
        lines.append(line + chance.choice(("", "  ", " # behind", "\t")))
    return "\n".join(lines) + "\n"


def broken_at_commas(source: str) -> str:
    """Lines go on within brackets."""
    return re.sub(r"\(([^()'\"]*), ([^()'\"]*)\)", "(\n\\1,\n  # within\n\t\\2\n)", source)


def broken_by_backslash(source: str) -> str:
    return re.sub(r"(?<=\S) (==|and|or|if|in|as|=) ", " \\\n \\1 \\\n", source)


def spaced(source: str) -> str:
    return re.sub(r"(?<=\S) (==|and|or|if|in|as|=|,|\+=|-=|\||<) ", "   \\1\t ", source)


def tight(source: str) -> str:
    return re.sub(r" (==|=|\+=|-=|\||<|<<|\^|&|\*\*) ", "\\1", source).replace(", ", ",").replace(": ", ":")


CHANGES: dict[str, Callable[[str], str]] = {
    "one space": indented(" "),
    "tabs": indented("\t"),
    "eleven spaces": indented(" " * 11),
    "carriage returns": lambda source: source.replace("\n", "\r\n"),
    "old line ends": lambda source: source.replace("\n", "\r"),
    "comments": with_comments,
    "brackets": broken_at_commas,
    "backslashes": broken_by_backslash,
    "spaces": spaced,
    "no spaces": tight,
    "no last line end": lambda source: source.rstrip("\n"),
    "lines at the end": lambda source: source + "\n\n  \n# end",
    "form feeds are no spaces": lambda source: source.replace(" = ", "  =  "),
    "semicolons": lambda source: source.replace("import gc\nx = 1\n", "import gc; x = 1;\n"),
    "other quotes": lambda source: source.replace("'text'", '"text"').replace("'message'", "'''message'''"),
    "joined literals": lambda source: source.replace("'message'", "'mes' 'sage'").replace("'text'", "('te'\n'xt')"),
    "other numbers": lambda source: source.replace("0x1F", "31").replace("0b101", "0o5").replace("1_000", "1000"),
    "suites on a line": lambda source: source.replace("                    break", "                    break;"),
    "brackets around": lambda source: source.replace("return x", "return (x)").replace("= 1, 2, 3", "= (1, 2, 3)"),
    "commas at the end": lambda source: source.replace("[a, b, c]", "[a, b, c,]").replace("**e)", "**e,)"),
}
UNALIKE: dict[str, Callable[[str], str]] = {
    "another number": lambda source: source.replace("range(10)", "range(11)"),
    "another name": lambda source: source.replace("yield s", "yield t"),
    "another operator": lambda source: source.replace("a < 3", "a <= 3"),
    "another indentation": lambda source: source.replace("    return x\n", "        return x\n"),
    "one more argument": lambda source: source.replace("d=3", "d=3, dd=4"),
}


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("name", CHANGES)
def test_compiles_alike(name: str, release: str) -> None:
    changed = CHANGES[name](SOURCE)
    assert changed != SOURCE
    assert code_of(changed, release) == code_of(SOURCE, release)


@pytest.mark.parametrize("name", UNALIKE)
def test_another_text_is_other_code(name: str) -> None:
    assert code_of(UNALIKE[name](SOURCE)) != code_of(SOURCE)


ORDER = {"comments": 0, "backslashes": 2, "carriage returns": 3, "old line ends": 3}
"""Nothing may follow a backslash; the others look for line ends of one byte."""
BLOCKS = st.recursive(
    st.sampled_from(SIMPLE).map(lambda line: [line]),
    lambda inner: st.tuples(
        st.sampled_from(["if a:", "while b:", "for i in c:", "def f(p):", "class K:", "with w as v:"]),
        st.lists(inner, min_size=1, max_size=3),
    ).map(lambda both: [both[0], *("    " + line for block in both[1] for line in block)]),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=4), st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=3))
def test_any_program_formatted_anew(blocks: list[list[str]], changes: list[str]) -> None:
    """Several changes one after the other."""
    source = "\n".join(line for block in blocks for line in block) + "\n"
    changed = source
    for name in sorted(set(changes), key=lambda name: ORDER.get(name, 1)):
        changed = CHANGES[name](changed)
    assert code_of(changed) == code_of(source)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=6), st.integers(0, 5), st.booleans())
def test_lines_and_semicolons_are_the_same_tokens(lines: list[str], spaces: int, crlf: bool) -> None:
    """Between statements a semicolon stands for the end of a line."""
    end = "\r\n" if crlf else "\n"
    apart = [each for each in tokens(end.join(lines) + end) if each[1] != b";"]
    joined = (" " * spaces + ";" + " " * spaces).join(lines) + end
    kinds = [kind for kind, text in tokens(joined)]
    newlines = len(lines) - 1
    assert len(kinds) == len(apart)
    assert sum(one is not other for one, (other, _) in zip(kinds, apart, strict=True)) == newlines
