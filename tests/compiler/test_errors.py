"""SyntaxErrors of the compiler: text, line and function as MicroPython's own build gives them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omvsim.compiler import compile_tree
from omvsim.compiler.parsing.parser import Input, parse
from omvsim.heap import GcHeap
from omvsim.micropython.errors import Raised, Unknown
from tests.compiler._compiling import CompilerMachine, compiled, machine, refused
from tests.compiler._parsing import text_lexer

ROWS = json.loads((Path(__file__).parent / "data" / "compiler_errors.json").read_text())["errors"]
REFUSED = [row for row in ROWS if len(row) > 1]
ACCEPTED = [row[0] for row in ROWS if len(row) == 1]


@pytest.mark.parametrize(("source", "text", "line", "function"), REFUSED, ids=[repr(row[0]) for row in REFUSED])
def test_what_is_refused(source: str, text: str, line: int, function: str) -> None:
    assert refused(source) == (text, line, function)


@pytest.mark.parametrize("source", ACCEPTED)
def test_what_is_accepted_although_it_looks_wrong(source: str) -> None:
    assert compiled(source).instrs


def test_an_error_frees_what_the_compiler_made_and_keeps_the_exception() -> None:
    vm = machine()
    tree = parse(vm, text_lexer(vm, "def f():\n    x = 1\n    nonlocal x\n"), Input.FILE)
    vm.memory.tape = tape = []
    with pytest.raises(Raised):
        compile_tree(vm, tree, "t.py")
    kinds = [(request.kind, request.size) for request in tape]
    # message, exception, its arguments when it is found; labels and traceback at the end
    at = kinds.index(("alloc", 12))
    assert kinds[at - 2 : at + 1] == [("alloc", 16), ("alloc", 16), ("alloc", 12)]
    assert kinds[at + 1][0] == "alloc"
    assert kinds[at + 2] == ("alloc", 12)
    freed = [request for request in tape if request.kind == "free"]
    assert len(freed) >= 2 + 2 * 2  # labels, emitter; two scopes and their names
    assert tree.root is None


def test_the_first_error_is_the_one() -> None:
    assert refused("1 = 2; del 3\n")[0] == "can't assign to expression"


def test_no_room_is_a_memory_error_wherever_it_happens() -> None:
    text = "".join(f"def f{i}(a, b=1):\n return [x for x in a if x > b]\n" for i in range(12))
    compiles = 0
    classes = set()
    for blocks in range(200, 800, 12):
        vm = CompilerMachine(GcHeap([(0x20000000, blocks * 16 + blocks // 4 + blocks // 8 + 64)]))
        try:
            tree = parse(vm, text_lexer(vm, text), Input.FILE)
        except Raised:
            continue
        try:
            compile_tree(vm, tree, "t.py")
            compiles += 1
        except Raised as error:
            classes.add(error.value.host[0])  # type: ignore[attr-defined]
    assert classes == {"MemoryError"}
    assert compiles


@pytest.mark.parametrize(
    ("start", "end"),
    [("[", "]"), ("f(", ")"), ("not ", ""), ("a if b else ", ""), ("(a + ", ")"), ("a[", "]")],
)
def test_deep_nesting_is_compiled_or_not_known_but_never_the_hosts_error(start: str, end: str) -> None:
    assert compiled(f"x = {start * 60}1{end * 60}\n").instrs
    with pytest.raises(Unknown, match="nested"):
        compiled(f"x = {start * 300}y{end * 300}\n")
