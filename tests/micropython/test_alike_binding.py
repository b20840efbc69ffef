"""Every kind of parameter against every kind of argument: the values bound, or the text of the TypeError, are
MicroPython's own. A closure, a method, a constructor and a generator are bound as a function is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from pathlib import Path

POSITIONAL = ("", "a", "a, b", "a, b=10", "a=11, b=10")
REST = ("", "*c", "*c, k", "*c, k=12", "*, k", "*, k=12", "*, j=13, k")
GIVEN = ("", "1", "1, 2", "1, 2, 3", "*()", "*[4]", "*(4, 5)", "1, *[4]", "*[4], *[5]", "*range(2), 9", "*'xy'")
NAMED = (
    *("", "b=6", "k=7", "a=5, k=7", "k=7, z=8", "**{}", "**{'k': 9}", "b=6, **{'k': 9}", "k=1, **{'k': 2}"),
    *("**{'a': 3}, **{'k': 4}", "z=1, **{'y': 2}, x=3", "**{1: 2}", "**3", "j=1, b=2, a=3, k=4"),
)

PRELUDE = """
def bound(**names):
    return [(n, names[n] if type(names[n]) is not dict else sorted(names[n].items())) for n in 'abcjkg' if n in names]
"""
KINDS = {
    "function": "def f({params}):\n    return bound({names})\n",
    "closure": "def outer():\n    cell = bound\n    def f({params}):\n        return cell({names})\n    return f\n"
    "f = outer()\n",
    "method": "class C:\n    def f({self}):\n        return bound({names})\nf = C().f\n",
    "constructor": "class C:\n    def __init__({self}):\n        print(bound({names}))\ndef f(*a, **k):\n"
    "    C(*a, **k)\n",
    "generator": "def g({params}):\n    yield bound({names})\ndef f(*a, **k):\n    return list(g(*a, **k))\n",
    "class method": "class C:\n    @classmethod\n    def f({cls}):\n        return bound({names})\nf = C.f\n",
}


def signatures() -> list[tuple[str, str]]:
    """Parameters, and the arguments of ``bound`` that show them."""
    made = []
    for parts in itertools.product(POSITIONAL, REST, ("", "**g")):
        params = ", ".join(part for part in parts if part)
        names = [part.split("=")[0].strip().lstrip("*") for part in params.split(",")]
        made.append((params, ", ".join(f"{name}={name}" for name in names if name)))
    return made


def text(kind: str, params: str, names: str, calls: list[str]) -> str:
    """Define it, then make each call."""
    behind = f", {params}" if params else ""
    made = KINDS[kind].format(params=params, names=names, self="self" + behind, cls="cls" + behind)
    tries = "".join(
        f"try:\n    print({number}, f({call}))\nexcept TypeError as e:\n    print({number}, 'TypeError', e)\n"
        for number, call in enumerate(calls)
    )
    return made + tries


def calls(named: tuple[str, ...]) -> list[str]:
    return [", ".join(part for part in parts if part) for parts in itertools.product(GIVEN, named)]


def test_functions(tmp_path: Path) -> None:
    few = calls(NAMED)
    texts = [text("function", params, names, few[at % 29 :: 29]) for at, (params, names) in enumerate(signatures())]
    assert_alike(texts, tmp_path, PRELUDE)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "function"])
def test_other_callables(kind: str, tmp_path: Path) -> None:
    few = calls(NAMED)
    texts = [text(kind, params, names, few[at % 17 :: 17]) for at, (params, names) in enumerate(signatures()[::3])]
    assert_alike(texts, tmp_path, PRELUDE)
