"""Nothing of a script runs on the host as it stands: every target, every node of the grammar of Python."""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.script import ScriptOptions, ScriptResult, run_script
from omvsim.script._barrier import check_result, check_source
from omvsim.script._errors import ScriptSourceError
from omvsim.script._transform import transform

if TYPE_CHECKING:
    from pathlib import Path

# Reaches the host's modules from any host object; on the camera the first attribute is an error.
HOST = (
    "[c for c in ().__class__.__mro__[1].__subclasses__() if c.__name__ == '_wrap_close'][0]"
    ".__init__.__globals__['open']('PWNED', 'w')"
)
TARGETS = [
    f"{HOST}.x",
    f"{HOST}[0]",
    f"{HOST}[0:1]",
    f"({HOST}.x,)",
    f"[{HOST}.x]",
    f"(a, {HOST}.x)",
    f"(a, (b, [{HOST}[0]]))",
    f"({HOST}).x",
]
STARRED = [f"(a, *{HOST}.x)", f"[*{HOST}[0], a]"]
BINDINGS = {
    "for": "for {} in (1, 2):\n    pass",
    "for range": "for {} in range(2):\n    pass",
    "for in function": "def f():\n    for {} in range(2):\n        pass\nf()",
    "list comprehension": "x = [0 for {} in ((1, 2), (1, 2))]",
    "set comprehension": "x = {{0 for {} in ((1, 2),)}}",
    "dict comprehension": "x = {{0: 0 for {} in ((1, 2),)}}",
    "generator": "x = list(0 for {} in ((1, 2),))",
    "second clause": "x = [0 for y in (1,) for {} in ((1, 2),)]",
    "comprehension over range": "x = [0 for {} in range(2)]",
    "del": "del {}",
    "del of two": "z = 1\ndel z, {}",
    "with": "class C:\n    def __enter__(self):\n        return (1, 2)\n    def __exit__(self, *a):\n        pass\n"
    "with C() as {}:\n    pass",
    "assignment": "{} = (1, 2)",
    "chained": "x = {} = (1, 2)",
    "annotated": "{}: int = 1",
    "augmented": "{} += 1",
}


def run(tmp_path: Path, source: str) -> ScriptResult | str:
    """How the script ended, or why it was refused."""
    path = tmp_path / "main.py"
    path.write_text(source)
    try:
        return run_script(path, load_board("openmv-rt1062", "4.8.1"), ScriptOptions(frames=2))
    except ScriptSourceError as error:
        return error.cause


@pytest.mark.parametrize("target", [*TARGETS, *STARRED])
@pytest.mark.parametrize("binding", BINDINGS)
def test_no_target_is_evaluated_by_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binding: str, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = "a = b = 1\n" + BINDINGS[binding].format(target)
    ended = run(tmp_path, source)
    assert not (tmp_path / "PWNED").exists()
    if isinstance(ended, str):  # Python itself has no such target, e.g. (a, b) += 1
        with pytest.raises(SyntaxError):
            compile(source, "main.py", "exec")
    else:
        assert ended.failure is not None
        assert ended.failure.text.startswith(
            ("AttributeError: 'tuple' object has no attribute", "TypeError", "ValueError")
        )


NAMES = {
    "def": "def {}():\n    pass",
    "class": "class {}:\n    pass",
    "import": "import {}",
    "import as": "import gc as {}",
    "from import": "from gc import {}",
    "from import as": "from gc import collect as {}",
    "from": "from {} import x",
    "except as": "try:\n    1 // 0\nexcept ZeroDivisionError as {}:\n    pass",
    "argument": "def f({}):\n    pass",
    "star argument": "def f(*{}):\n    pass",
    "keyword argument": "def f(**{}):\n    pass",
    "keyword only": "def f(*, {}=1):\n    pass",
    "lambda": "lambda {}: 1",
    "call keyword": "print({}=1)",
    "assignment": "{} = 1",
    "walrus": "print({} := 1)",
    "global": "def f():\n    global {}",
    "nonlocal": "def f():\n    x = 1\n    def g():\n        nonlocal {}",
    "for": "for {} in (1,):\n    pass",
    "comprehension": "[1 for {} in (1,)]",
    "with": "with open('x') as {}:\n    pass",
    "del": "del {}",
    "augmented": "{} += 1",
    "use": "print({})",
    "attribute": "print(gc.{})",
    "match": "match 1:\n    case {}:\n        pass",
    "match star": "match 1:\n    case [*{}]:\n        pass",
    "match mapping": "match 1:\n    case {{**{}}}:\n        pass",
    "match class": "match 1:\n    case int(real={}):\n        pass",
}


@pytest.mark.parametrize("name", ["_omvsim_rt", "_omvsim_locals", "_omvsim_l1", "__builtins__", "__build_class__"])
@pytest.mark.parametrize("kind", NAMES)
def test_no_name_of_the_host_can_be_bound_or_used(tmp_path: Path, kind: str, name: str) -> None:
    ended = run(tmp_path, NAMES[kind].format(name))
    assert isinstance(ended, str), ended
    assert "own" in ended or ended == "SyntaxError: MicroPython has no match statement"


def test_a_wide_spelling_of_the_name_is_the_name(tmp_path: Path) -> None:
    assert "omvsim's own" in str(run(tmp_path, "_omvsim_\U0001d5cbt = 1"))  # Python reads it as an r


# One of each kind of node that Python's grammar has; what MicroPython has is simulated, the rest refused.
GRAMMAR = {
    ast.FunctionDef: "def f(a, b=1, *c, d=2, **e) -> int:\n    return a",
    ast.AsyncFunctionDef: "async def f():\n    pass",
    ast.ClassDef: "class C(object):\n    x = 1",
    ast.Return: "def f():\n    return 1",
    ast.Delete: "a = [1]\ndel a[0]",
    ast.Assign: "a = b = 1",
    ast.AugAssign: "a = 1\na += 1",
    ast.AnnAssign: "a: int = 1",
    ast.For: "for i in (1,):\n    pass\nelse:\n    pass",
    ast.AsyncFor: "async def f():\n    async for x in y:\n        pass",
    ast.While: "while False:\n    pass",
    ast.If: "if 1:\n    pass",
    ast.With: "class C:\n    def __enter__(s): pass\n    def __exit__(s, *a): pass\nwith C() as x:\n    pass",
    ast.AsyncWith: "async def f():\n    async with x:\n        pass",
    ast.Match: "match 1:\n    case 1:\n        pass",
    ast.Raise: "try:\n    raise ValueError(1) from None\nexcept ValueError:\n    pass",
    ast.Try: "try:\n    pass\nfinally:\n    pass",
    ast.TryStar: "try:\n    pass\nexcept* ValueError:\n    pass",
    ast.Assert: "assert 1, 'x'",
    ast.Import: "import gc as g",
    ast.ImportFrom: "from gc import *",
    ast.Global: "def f():\n    global x\n    x = 1\nf()",
    ast.Nonlocal: "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    g()\nf()",
    ast.Expr: "1",
    ast.Pass: "pass",
    ast.Break: "while True:\n    break",
    ast.Continue: "for i in (1,):\n    continue",
    ast.BoolOp: "1 and 2 or 3",
    ast.NamedExpr: "(a := 1)",
    ast.BinOp: "a = 1 + 2 * 3",
    ast.UnaryOp: "a = 1\n-a, not a, ~a",
    ast.Lambda: "(lambda a, *b, c=1, **d: a)(1, 2)",
    ast.IfExp: "1 if 2 else 3",
    ast.Dict: "{1: 2, **{3: 4}}",
    ast.Set: "{1, 2}",
    ast.ListComp: "[a for a in (1, 2) if a]",
    ast.SetComp: "{a for a in (1, 2)}",
    ast.DictComp: "{a: 1 for a in (1, 2)}",
    ast.GeneratorExp: "list(a for a in (1, 2))",
    ast.Await: "async def f():\n    await x",
    ast.Yield: "def f():\n    yield 1\nlist(f())",
    ast.YieldFrom: "def f():\n    yield from (1, 2)\nlist(f())",
    ast.Compare: "1 < 2 < 3, 1 is None, 1 in (1, 2), 1 not in (2,)",
    ast.Call: "print(*(1, 2), **{'end': ''})",
    ast.FormattedValue: "f'{1!r:>4}'",
    ast.JoinedStr: "f'a{1}b'",
    ast.Constant: "1, 1.5, 'a', b'a', None, True, ...",
    ast.Attribute: "import gc\ngc.collect",
    ast.Subscript: "(1, 2)[0]",
    ast.Starred: "a, *b = (1, 2, 3)",
    ast.Name: "print",
    ast.List: "[1, *(2, 3)]",
    ast.Tuple: "(1, 2)",
    ast.Slice: "(1, 2, 3)[0:2:1]",
}
REFUSED = {ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await, ast.Match, ast.TryStar}
NEWER = {"TypeAlias", "TemplateStr", "Interpolation"}
"""Of later Pythons than the oldest that omvsim runs on; the barrier refuses what it does not know."""


def grammar() -> list[type[ast.AST]]:
    old = {"Num", "Str", "Bytes", "NameConstant", "Ellipsis"}  # not made by a parser any more
    kinds = [*ast.stmt.__subclasses__(), *ast.expr.__subclasses__()]
    return [kind for kind in kinds if kind.__name__ not in NEWER | old]


def test_the_grammar_is_covered() -> None:
    assert {kind.__name__ for kind in GRAMMAR} == {kind.__name__ for kind in grammar()}


@pytest.mark.parametrize("kind", GRAMMAR, ids=lambda kind: kind.__name__)
def test_each_kind_of_node_is_translated_or_refused(tmp_path: Path, kind: type[ast.AST]) -> None:
    source = GRAMMAR[kind]
    assert any(type(node) is kind for node in ast.walk(ast.parse(source)))
    ended = run(tmp_path, source)
    if kind in REFUSED:
        assert isinstance(ended, str)
    else:
        assert not isinstance(ended, str), ended
        assert ended.failure is None, ended.failure


# What reaches a host object where it stands untranslated.
UNTRANSLATED = [
    *("a.b", "a[0]", "a(1)", "a + b", "-a", "a < b", "a in b", "[*a]", "(*a, b)", "{1: 2}", "{1}", "f'{a}'"),
    *("[x for x in a]", "{x for x in a}", "{x: 1 for x in a}", "import os", "from os import system", "assert a"),
    *("a.b = 1", "a[0] = 1", "(a.b, c) = 1", "[c, *a.b] = 1", "a += 1", "a.b += 1", "del a.b", "del (a.b,)"),
    *("for a.b in c: pass", "for (x, a.b) in c: pass", "with a as b.c: pass", "with a as (b, c.d): pass"),
    *("[0 for a.b in c]", "(0 for a[0] in c)", "class A(b): pass", "class A(metaclass=b): pass", "a: b.c = 1"),
    *("match a:\n    case b.c: pass", "try:\n    pass\nexcept* a:\n    pass", "async def f(): pass"),
    *("_omvsim_rt", "_omvsim_rt.__class__", "_omvsim_rt.a.b", "_omvsim_rt.a()()", "_omvsim_locals(1)"),
    *("(_omvsim_rt := 1)", "_omvsim_rt.x = 1", "del _omvsim_rt.x", "(1, 2)[0]", "a[-1]", "_omvsim_rt.function"),
]  # fmt: skip


@pytest.mark.parametrize("source", UNTRANSLATED[:-1])
def test_what_is_left_untranslated_does_not_pass(source: str) -> None:
    with pytest.raises(ScriptSourceError, match="is not simulated"):
        check_result(ast.parse(source), "main.py")


@pytest.mark.parametrize("depth", [200, 5_000, 100_000])
@pytest.mark.parametrize("text", ["-", "not ", "(", "[", "lambda: "])
def test_deep_nesting_is_refused_or_runs(tmp_path: Path, text: str, depth: int) -> None:
    closing = {"(": ")", "[": "]"}.get(text, "")
    ended = run(tmp_path, f"x = {text * depth}1{closing * depth}")
    assert not isinstance(ended, str) or "nested" in ended or "SyntaxError" in ended


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("class A: pass\na = A()\na.x = 1\nb = [1, 2, 3]\ndel (a.x, b[0])\nprint(b, hasattr(a, 'x'))", "[2, 3] False"),
        ("a = 1; b = [2]\ndel [a, b[0]]\nprint(b)", "[]"),
        ("del ()\nprint(1)", "1"),
        ("class A: pass\na = A()\nfor a.i in range(3):\n    pass\nprint(a.i)", "2"),
        ("a = [0, 0]\nfor a[0], a[1] in ((1, 2), (3, 4)):\n    pass\nprint(a)", "[3, 4]"),
        ("class A: pass\na = A()\nprint([0 for a.i in (1, 2, 3)], a.i)", "[0, 0, 0] 3"),
        ("a = [0]\nprint([a[0] for a[0], b in ((1, 2), (3, 4)) if b], a)", "[1, 3] [3]"),
        ("a = [0]\nprint([a[0] for b, *a[0] in ((1, 2), (3, 4, 5))])", "[[2], [4, 5]]"),
        ("a = [0, 0]\nprint([a[:] for a[0:1] in ([1], [2])])", "[[1, 0], [2, 0]]"),
        ("print((1 << 4, -(2 + 3), (~5, 'a')), -(1 << 3), ~(2 * 3))", "(16, -5, (-6, 'a')) -8 -7"),
        ("from math import *\nprint(int(sqrt(16)))", "4"),
        ("BaseException = 5\ntry:\n    1 // 0\nexcept:\n    print('x')", "x"),
    ],
)
def test_unusual_targets_do_what_python_does(tmp_path: Path, source: str, printed: str) -> None:
    ended = run(tmp_path, source)
    assert not isinstance(ended, str), ended
    assert ended.output == f"{printed}\n", ended.failure


def test_every_combination_of_bindings_passes_the_barrier() -> None:
    """The transformation makes nothing that its own barrier refuses."""
    targets = ["a", "a.b", "a[0]", "a[0:1]", "(a, b)", "[a, b.c]", "(a, *b)", "(a, *b.c)", "((a, b), c[0])"]
    for binding, target in itertools.product(BINDINGS.values(), targets):
        source = binding.format(target)
        try:
            compile(source, "main.py", "exec")
        except SyntaxError:
            continue
        check_source(ast.parse(source), "main.py")
        transform(source, "main.py", "main.py")


@pytest.mark.shared
def test_hostile_cases(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cases = sorted((shared / "cases" / "hostile").glob("escape*.py"))
    assert len(cases) >= 3
    for case in cases:
        ended = run(tmp_path, case.read_text())
        assert not (tmp_path / "pwned").exists(), case.name
        assert isinstance(ended, str) or ended.failure is not None
