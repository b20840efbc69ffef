"""The parser: shape of the tree, folding, errors, and every request against the measured ones."""

from __future__ import annotations

import ast
import gc
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.parsing.tree import Const, Name, Node, Token
from omvsim.heap import GcHeap
from omvsim.memory.requests import Block, Phase, Request
from omvsim.micropython.errors import Error, Raised
from tests.compiler._parsing import (
    ParserMachine,
    asked,
    lines_of,
    load,
    machine,
    parsed,
    recorded,
    refused,
    tape_of,
    text_lexer,
    until,
)

_OWN_DIGITS = ("bit_ops_flags",)
"""Scripts whose constants are folded to big ints: how many digits those reserve is the business of the int type."""


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_every_request_of_opening_and_parsing_is_the_measured_one(shared: Path, release: str) -> None:
    paths = sorted((shared / "oracle" / "language" / "traces" / release).glob("*.jsonl.gz"))
    assert len(paths) > 150
    for path in paths:
        if path.name.startswith(_OWN_DIGITS):
            continue
        header, *events = load(path)
        areas = [(int(start, 16), size) for start, size in header["areas_arg"]]
        opened = until(events, "h.open")
        measured = events[opened : until(events[opened:], "h.compile", "h.exc") + opened]
        tape = tape_of(areas, events[:opened], header["script"], release)
        assert asked(tape) == recorded(measured), path.name
        lines = [request.line for request in tape if request.phase is Phase.PARSE and request.kind != "free"]
        assert lines == lines_of(measured), path.name


# -- shape -------------------------------------------------------------------------------------------------------------


def shape(child: object) -> object:
    """A tree as nested tuples: rule, children; constants by value."""
    if isinstance(child, Node):
        return (child.rule.name, *[shape(kid) for kid in child.kids])
    if isinstance(child, Const):
        return ("const", plain(child.value))
    if isinstance(child, Name):
        return ("name", child.id)
    return child.kind.name if isinstance(child, Token) else child


def plain(value: object) -> object:
    host = getattr(value, "host", value)
    return tuple(plain(item) for item in host) if isinstance(host, tuple) else host


def statement(source: str, release: str = "4.8.1") -> object:
    """The shape of the first statement."""
    root = parsed(source, release).root
    assert isinstance(root, Node)
    return shape(root)


def expression(source: str, release: str = "4.8.1") -> object:
    """The shape of an expression."""
    root = parsed(source, release, Input.EVAL).root
    assert isinstance(root, Node)
    found, end = root.kids
    assert shape(end) == ("eval_input_2",)
    return shape(found)


def name(text: str) -> tuple[str, str]:
    return ("name", text)


def test_rules_with_one_child_are_gone() -> None:
    assert statement("a") == ("expr_stmt", name("a"), None)
    assert expression("(a)") == name("a")
    assert expression("a.b") == ("atom_expr_normal", name("a"), ("trailer_period", name("b")))


def test_several_statements() -> None:
    assert statement("a\nb") == ("file_input_2", ("expr_stmt", name("a"), None), ("expr_stmt", name("b"), None))
    assert statement("a; b;")[0] == "simple_stmt_2"  # type: ignore[index]
    assert shape(parsed("").root) == "NEWLINE"
    assert statement("", "5.0.0") == ("file_input", None)


def test_compound_statements() -> None:
    assert statement("if a:\n b\nelse:\n pass") == (
        "if_stmt",
        name("a"),
        ("expr_stmt", name("b"), None),
        None,
        ("pass_stmt",),
    )
    assert statement("def f(x, *, y=1): pass") == (
        "funcdef",
        name("f"),
        (
            "typedargslist",
            name("x"),
            ("typedargslist_star", None),
            ("typedargslist_name", name("y"), None, 1),
        ),
        None,
        ("pass_stmt",),
        None,
    )
    assert statement("for i in a, b: pass")[:2] == ("for_stmt", name("i"))  # type: ignore[index]
    assert statement("class A(B): pass") == ("classdef", name("A"), name("B"), ("pass_stmt",), None)


def test_displays_and_comprehensions() -> None:
    assert expression("(a, b)") == ("atom_paren", ("testlist_comp", name("a"), name("b")))
    assert expression("(a,)") == ("atom_paren", ("testlist_comp", name("a")))
    assert expression("[x for x in y]") == (
        "atom_bracket",
        ("testlist_comp", name("x"), ("comp_for", name("x"), name("y"), None, None)),
    )
    assert expression("{a: 1}") == (
        "atom_brace",
        ("dictorsetmaker_item", name("a"), 1),
    )


def test_lonely_constants_are_dropped_but_not_at_the_prompt() -> None:
    assert statement("'''docs'''") == ("pass_stmt",)
    assert statement("1.5") == ("pass_stmt",)
    assert statement("...") == ("pass_stmt",)
    root = parsed("1", kind=Input.SINGLE).root
    assert shape(root) == ("expr_stmt", 1, None)


def test_lines_are_those_of_the_first_token() -> None:
    root = parsed("a\n\nb(\n 1)").root
    assert isinstance(root, Node)
    assert [kid.line for kid in root.kids if isinstance(kid, Node)] == [1, 3]


# -- folding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", 7),
        ("-5", -5),
        ("~1", -2),
        ("2 ** 10", 1024),
        ("1 << 4 | 1", 17),
        ("7 // 2 % 2", 1),
        ("not 1", "KW_FALSE"),
        ("not ''", "KW_TRUE"),
        ("0 or a or 1 or b", ("or_test", ("name", "a"), 1)),
        ("1 and a and 0 and b", ("and_test", ("name", "a"), 0)),
        ("'' or ()", ("atom_paren", None)),
        ("1 + a", ("arith_expr", 1, "OP_PLUS", ("name", "a"))),
        ("1.5 + 1", ("const", 2.5)),
        ("1 / 2", ("const", 0.5)),
        ("1 / 0", ("term", 1, "OP_SLASH", 0)),
        ("1 @ 2", ("term", 1, "OP_AT", 2)),
        ("~1.5", ("factor_2", "OP_TILDE", ("const", 1.5))),
        ("(-1) ** 0.5", ("power", -1, ("const", 0.5))),
        ("math.pi", ("const", math.pi)),
        ("errno.EIO", 5),
        ("math.nothing", ("atom_expr_normal", ("name", "math"), ("trailer_period", ("name", "nothing")))),
        ("(1, 'a', None, (2.5, ...))", ("const", (1, "a", None, (2.5, ...)))),
        ("((),)", ("const", ((),))),
        ("(1, a)", ("atom_paren", ("testlist_comp", 1, ("name", "a")))),
        ("[1, 2]", ("atom_bracket", ("testlist_comp", 1, 2))),
        ("x[1, 2]", ("atom_expr_normal", ("name", "x"), ("trailer_bracket", ("const", (1, 2))))),
        ("1 < 2", ("comparison", 1, "OP_LESS", 2)),
    ],
)
def test_folding(source: str, value: object) -> None:
    assert expression(source) == value


def test_what_is_refused_leaves_its_exception_as_garbage() -> None:
    assert used_after("1 / 0") - used_after("1 / a") == 3 * 16
    assert used_after("1 @ 2", "5.0.0") - used_after("1 @ a", "5.0.0") == 3 * 16  # 1.28 tries, 1.26 does not
    assert used_after("1 @ 2") == used_after("1 @ a")


def used_after(source: str, release: str = "4.8.1") -> int:
    vm = machine(release)
    vm.strings.intern("a name")
    tree = parse(vm, text_lexer(vm, source), Input.EVAL)
    tree.clear()
    return vm.memory.heap.used


def test_declared_constants() -> None:
    assert statement("X = const(3)\nX + 1\n_Y = const((1, 2))\nprint(_Y, x.X)") == (
        "file_input_2",
        ("expr_stmt", name("X"), 3),
        ("pass_stmt",),
        ("pass_stmt",),
        (
            "expr_stmt",
            (
                "atom_expr_normal",
                name("print"),
                (
                    "trailer_paren",
                    ("arglist", ("const", (1, 2)), ("atom_expr_normal", name("x"), ("trailer_period", name("X")))),
                ),
            ),
            None,
        ),
    )
    assert refused("X = const(a)") == (Error.SYNTAX, "not a constant", 1)
    assert refused("\nX = const()") == (Error.SYNTAX, "not a constant", 2)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "error", "text", "line"),
    [
        ("a b", Error.SYNTAX, "invalid syntax", 1),
        ("x = 1\ndef f(:\n pass", Error.SYNTAX, "invalid syntax", 2),
        ("  a", Error.INDENTATION, "unexpected indent", 1),
        ("a\n  b", Error.INDENTATION, "unexpected indent", 2),
        ("if a:\nb", Error.SYNTAX, "invalid syntax", 2),
        ("if a:\n    b\n  c", Error.INDENTATION, "unindent doesn't match any outer indent level", 2),
        ("a = '", Error.SYNTAX, "invalid syntax", 1),
        ("a = (1,\n", Error.SYNTAX, "invalid syntax", 2),
        ("a = 1z", Error.SYNTAX, "invalid syntax for integer", 1),
        ("\na = 1.2.3", Error.SYNTAX, "invalid syntax for number", 2),
        ("x.__debug__", Error.SYNTAX, "invalid syntax", 1),
        ("a = '''\n\n", Error.SYNTAX, "invalid syntax", 1),
        ("'\\N{x}'", Error.NOT_IMPLEMENTED, "unicode name escapes", 0),
        ("x" * 256, Error.RUNTIME, "name too long", 0),
        ("f(a for)", Error.SYNTAX, "invalid syntax", 1),
    ],
)
def test_errors(source: str, error: Error, text: str, line: int) -> None:
    assert refused(source) == (error, text, line)


def test_a_malformed_f_string_says_so_in_1_28() -> None:
    assert refused("f'{}'", "5.0.0") == (Error.SYNTAX, "malformed f-string", 1)
    assert parsed("f'{}'").root is not None


def test_nothing_is_no_expression() -> None:
    assert refused("", kind=Input.EVAL) == (Error.SYNTAX, "invalid syntax", 1)


# -- requests ----------------------------------------------------------------------------------------------------------


def test_all_but_the_tree_is_freed_and_the_tree_is_cleared() -> None:
    for source in ("a = [1, 2]\n" * 40, "f'{a}' + 'b' * 3"):
        vm = machine()
        vm.strings.intern("a name")  # there is a chunk of names, and a pool
        before = vm.memory.heap.used
        tree = parse(vm, text_lexer(vm, source), Input.FILE)
        assert vm.memory.heap.used - before == sum(-(-chunk.size // 16) * 16 for chunk in tree.chunks)
        tree.clear()
        assert vm.memory.heap.used == before


def test_a_failed_parse_frees_the_lexer_and_leaves_the_rest_to_the_collector() -> None:
    vm = machine()
    vm.strings.intern("a name")
    before = vm.memory.heap.used
    lexer = text_lexer(vm, "a = (1,\n")
    try:
        parse(vm, lexer, Input.FILE)
    except Raised as raised:
        raised.__traceback__ = None
    tape = vm.memory.tape
    assert tape is not None
    freed = [request.address for request in tape if request.kind == "free"]
    lexers = [request.address for request in tape if request.kind == "alloc" and request.size in (16, 116, 20, 32, 1)]
    assert freed == [lexers[at] for at in (0, 3, 4, 2, 1)]  # reader, token, arguments, indentation, itself
    assert vm.memory.heap.used - before == 512 + 128 + 144 + 16 + 4 * 16  # stacks, tree, (1,) and the exception
    vm.memory.collect()
    assert vm.memory.heap.used == before


@pytest.mark.parametrize("blocks", [12, 30, 60, 75])
def test_without_room_the_lexer_is_given_back_all_the_same(blocks: int) -> None:
    source = "a = [" + "b, " * 80 + "'a text of some length']\n"
    vm = machine(blocks=blocks)
    with pytest.raises(Raised) as raised:
        parse(vm, text_lexer(vm, source), Input.FILE)
    assert raised.value.value.host[0] == "MemoryError"  # type: ignore[attr-defined]
    raised.value.__traceback__ = None
    del raised
    vm.memory.collect()
    assert vm.memory.heap.used <= (0 if blocks < 20 else 2 * 16 * 11)  # at most chunk and pool of the names


def test_constants_live_as_long_as_their_chunk() -> None:
    vm = machine()
    tree = parse(vm, text_lexer(vm, "a = 1.5 + 2.5\nb = (3.5, 'a text of some length')\n"), Input.FILE)
    used = vm.memory.heap.used
    vm.memory.collect()
    # the operands are out of the tree, but its chunk still points at them; those of the tuple were overwritten
    assert vm.memory.heap.used == used
    tree.clear()
    vm.memory.collect()
    assert vm.memory.heap.used < used


def test_deep_nesting_grows_the_stacks_by_sixteen() -> None:
    vm = machine()
    parse(vm, text_lexer(vm, "(" * 12 + "a" + ")" * 12), Input.EVAL)
    tape = vm.memory.tape
    assert tape is not None
    grown = [request.size for request in tape if request.kind == "realloc"]
    assert grown[:3] == [640, 768, 896]


_EXPRESSION = st.recursive(
    st.sampled_from(["a", "b", "1", "2.5", "'s'", "None", "()", "...", "b'x'", "12345678901234567890"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "and", "or", "<", "if a else", "|"]), inner).map(" ".join),
        inner.map(lambda text: f"({text})"),
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"({', '.join(items)},)"),
        inner.map(lambda text: f"f({text}, k={text})"),
        inner.map(lambda text: f"(not {text})"),
        inner.map(lambda text: f"x[{text}:]"),
        inner.map(lambda text: f"(lambda v: {text})"),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=50)
@given(st.lists(_EXPRESSION, min_size=1, max_size=6), st.sampled_from(["4.8.1", "5.0.0"]))
def test_what_the_reference_parses_is_parsed_and_everything_is_given_back(texts: list[str], release: str) -> None:
    source = "".join(f"v = {text}\n" for text in texts)
    ast.parse(source)
    vm = machine(release)
    tree = parse(vm, text_lexer(vm, source), Input.FILE)
    chunks = {chunk.address for chunk in tree.chunks}
    assert len(chunks) == len(tree.chunks)
    assert all(chunk.used <= chunk.room for chunk in tree.chunks)
    tree.clear()
    del tree
    vm.memory.collect()
    names = sum(-(-block.size // 16) * 16 for block in _pool_blocks(vm))
    assert vm.memory.heap.used == names


def _pool_blocks(vm: ParserMachine) -> list[Block]:
    return [block for block in gc.get_objects() if type(block) is Block and block.memory is vm.memory and block.address]


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused_as_the_language_does(source: bytes) -> None:
    try:
        parsed(source)
    except Raised:
        assert refused(source)[0] in (Error.SYNTAX, Error.INDENTATION, Error.RUNTIME)


# -- measured, without the ground truth at hand ------------------------------------------------------------------------

_SAMPLE = json.loads((Path(__file__).parent / "data" / "parsing.json").read_text())
"""Some of our own scripts; see its ``origin``."""


@pytest.mark.parametrize("case", _SAMPLE["cases"], ids=lambda case: f"{case['name']}-{case['release']}")
def test_measured_sample(case: dict[str, Any]) -> None:
    boot = _SAMPLE["boot"][case["release"]]
    areas = [(start, size) for start, size in boot["areas"]]
    tape = tape_of(areas, boot["events"], case["script"], case["release"])
    assert asked(tape) == [tuple(request) for request in case["asked"]]


_EVALUATED = (
    ("1 + 2 * 3", Input.EVAL),
    ("x * 2", Input.EVAL),
    ("[i for i in range(3)]", Input.EVAL),
    ("y = x + 1\nprint(y)", Input.FILE),
    ("a = 1\ndef f(v):\n    return v + a", Input.FILE),
    ("a + b", Input.EVAL),
    ("z = 3 * 4", Input.FILE),
    ("1 +", Input.EVAL),
    ("def (:", Input.FILE),
)
"""What ``eval_exec.py`` has evaluated, in order."""


@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_eval_exec_and_compile_read_from_memory(shared: Path, release: str) -> None:
    header, *events = load(shared / "oracle" / "language" / "traces" / release / "eval_exec.jsonl.gz")
    running = [event for event in events[until(events, "h.run") :] if "pl" in event]
    vm = ParserMachine(GcHeap([(0x20000000, 1 << 20)]), release)
    parse(vm, text_lexer(vm, header["script"]), Input.FILE).clear()
    vm.memory.tape = []
    for source, kind in _EVALUATED:
        lexer = text_lexer(vm, source)
        vm.memory.tape.append(Request("here", Phase.PARSE, 0, "", 0, 0, ""))
        try:
            parse(vm, lexer, kind).clear()
        except Raised as raised:
            raised.__traceback__ = None
    ours = [(request.kind, request.size) for request in _while_parsing(vm.memory.tape)]
    theirs = [(kind, size) for kind, size, _ in recorded(running) if kind != "free"]
    assert len(theirs) > 30
    assert ours == theirs


def _while_parsing(tape: list[Request]) -> list[Request]:
    """Requests between a mark ``here`` and the first free behind it that gives back the parser's stack."""
    found: list[Request] = []
    parsing = False
    for request in tape:
        if request.kind == "here":
            parsing = True
        elif request.kind == "free":
            parsing = False
        elif parsing:
            found.append(request)
    return found
