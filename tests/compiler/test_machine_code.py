"""Machine code: how long functions with ``@micropython.native`` and ``viper`` become."""

from __future__ import annotations

import pytest

from omvsim.compiler.native.names import NameNumbers
from omvsim.compiler.native.thumb import Thumb
from omvsim.micropython.errors import Unknown
from tests.compiler._compiling import compiled, disagreements, inner, listing, machine, refused

NATIVE, VIPER = "@micropython.native\n", "@micropython.viper\n"


def size(source: str, decorator: str = NATIVE) -> int:
    """Bytes of the chunk of a module's first function."""
    return inner(compiled(decorator + source), 0).bytecode.size


def test_measured_functions() -> None:
    """Those of our script comp_native_viper on the firmware."""
    assert size("def n0(a):\n    return a + 0\n") == 52
    assert size("def n1(a: int) -> int:\n    return a + 1\n", VIPER) == 72


def test_a_function_that_uses_globals_is_guarded() -> None:
    """Swapping globals, catching what passes and undoing both: 44 bytes and 22 more, and the return value is kept."""
    plain, guarded = size("def f(a):\n    return a\n"), size("def f(a):\n    x\n    return a\n")
    entering = 6 + 4 + 2 + 6 + 2 + 6 + 6 + 2 + 4 + 2 + 6
    leaving = 2 + 6 + 4 + 6 + 2
    load, keep = 4 + 4, 2
    assert guarded - plain == entering + leaving + load + keep


def test_a_name_with_a_low_number_is_shorter() -> None:
    assert size("def f():\n    return zebra\n") - size("def f():\n    return range\n") == 2
    numbers = NameNumbers(machine().strings)
    assert numbers.stand_in("range") < 256 <= numbers.stand_in("zebra")
    assert numbers.text_stand_in("__call__") < 256 <= numbers.text_stand_in("range")


def test_whole_numbers_of_viper_are_added_in_place() -> None:
    head = "def f(a: int, b: int) -> int:\n    return "
    plain = size(head + "a\n", VIPER)
    # one value is moved to r1, one added, and what was moved to r0 for returning it comes from there
    assert size(head + "a + b\n", VIPER) - plain == 2 + 2
    assert size(head + "a * b\n", VIPER) == size(head + "a + b\n", VIPER)
    # both to r0 and r1, and a call of a function beyond the table's first 32
    assert size(head + "a // b\n", VIPER) - plain == 2 + 2 + 6 - 2


def test_constants_are_as_long_as_their_value() -> None:
    def of(value: str) -> int:
        return size(f"def f() -> int:\n    return {value}\n", VIPER)

    assert of("256") - of("255") == 2
    assert of("65536") - of("255") == 6
    assert of("-1") - of("255") == 6


def test_pointers_are_loads_and_stores() -> None:
    head = "def f(p: {}, i: int) -> int:\n    {}\n    return i\n"

    def of(pointer: str, statement: str) -> int:
        return size(head.format(pointer, statement), VIPER)

    nothing = of("ptr8", "pass")
    assert of("ptr8", "i = p[3]") - nothing == 2 + 2
    assert of("ptr8", "i = p[40]") - nothing == 4 + 2
    assert of("ptr16", "i = p[i]") - of("ptr8", "i = p[i]") == 2
    assert of("ptr32", "p[0] = i") - nothing == 2
    # taking the index from its register puts the value, which is in the same one, on the stack first
    assert of("ptr8", "p[i] = i") - nothing == 2 + 2 + 2 + 2


def test_a_cast_is_a_call_only_for_an_object() -> None:
    head = "def f(a, b: int):\n    "
    assert size(head + "c = ptr8(b)\n", VIPER) == size(head + "c = b\n", VIPER)
    assert size(head + "c = ptr8(a)\n", VIPER) - size(head + "c = a\n", VIPER) == 2 + 2 + 4


def test_what_is_run_is_what_bytecode_would_be() -> None:
    body = "def f(a: int, b: ptr8) -> uint:\n    for i in range(a):\n        b[i] += 1\n    return uint(a)\n"
    code, plain = inner(compiled(VIPER + body), 0), inner(compiled(body), 0)
    assert listing(code) == listing(plain)
    assert disagreements(code) == []
    assert (code.machine_code, code.viper_types) == ("viper", ("int", "ptr8", "uint"))
    assert (plain.machine_code, plain.viper_types) == ("", ())
    assert inner(compiled(NATIVE + body), 0).machine_code == "native"


BODIES = [
    "return [a, b], (a, b), {a: b}, {a, b}, 'text', None, True",
    "return a[b:], a[:b], a[b:1:2], a[1]",
    "return [x for x in a], {x: x for x in a}, {x for x in a}",
    "a, b = b, a\n    c, *d = a\n    return c, d",
    "del a[0], b.x, a\n    return b",
    "a.x = b\n    a[0] = b\n    a.x += b\n    a[1] -= b",
    "global g\n    g = a\n    del g\n    return g",
    "import sys, a.b as c\n    from sys import path as p, argv\n    return p, c",
    "return a(*b, **b), a(1, x=2), a.m(1, y=b), a.m(*b)",
    "return -a, not a, ~a, a + b, a is not b, a not in b, a < b < a",
    "return a and b or a if a else b",
    "while a:\n        if b:\n            break\n        else:\n            continue\n    return a",
    "for x in a:\n        if x:\n            continue\n        b(x)\n    else:\n        b()",
    "def inner(p, q=1, *, k=2):\n        return p\n    return inner",
    "c = d = e = f1 = a\n    return c, d, e, f1",
    "assert a, b\n    a; b\n    pass",
]


@pytest.mark.parametrize("body", BODIES)
def test_native_code_does_what_bytecode_does(body: str) -> None:
    """And is as long as its instructions: whole half words, more of them for one statement more."""
    source = f"def f(a, b):\n    {body}\n"
    code, plain = inner(compiled(NATIVE + source), 0), inner(compiled(source), 0)
    assert listing(code) == listing(plain)
    assert disagreements(code) == []
    assert size(f"def f(a, b):\n    a(b)\n    {body}\n") > size(source) > size("def f(a, b):\n    pass\n")


@pytest.mark.parametrize(
    "body",
    [
        "c = a < b\n    return a if c else b",
        "while a > 3:\n        a -= 1\n    return a",
        "o.x = a\n    o[0] = a\n    return int(o.y)",
        "return -a + ~b",
        "a <<= 2\n    a = a * 3 | b & 7 ^ 1\n    return a",
        "return a // b + a % b",
        "for i in range(a):\n        b += i\n    return b",
        "p[0] = a\n    return p[a] + p[1]",
        "return int(o)",
        "if a == b or o:\n        return 1\n    return 0",
        "print(a, o)\n    o.m(a)\n    return 0",
    ],
)
def test_viper_code_does_what_bytecode_does(body: str) -> None:
    source = f"def f(a: int, b: int, p: ptr8, o) -> int:\n    {body}\n"
    code, plain = inner(compiled(VIPER + source), 0), inner(compiled(source), 0)
    assert listing(code) == listing(plain)
    assert disagreements(code) == []


@pytest.mark.parametrize("loop", ["for i in range(a)", "for i in a", "while a"])
def test_loops_of_machine_code_are_known_as_those_of_bytecode(loop: str) -> None:
    body = f"def f(a):\n    {loop}:\n        print(a)\n"
    plain, code = inner(compiled(body), 0), inner(compiled(NATIVE + body), 0)
    assert [first for first, _ in code.loops.values()] == [first for first, _ in plain.loops.values()]
    assert list(code.loops) == list(plain.loops)
    assert len(code.loops) == 1


def test_a_module_goes_on_in_bytecode_behind_machine_code() -> None:
    text = "def g(x):\n    return [x, 1.5]\n"
    behind = inner(compiled(NATIVE + "def f(a): return a\n" + text), 1)
    assert behind.bytecode.size == inner(compiled("def f(a): return a\n" + text), 1).bytecode.size


@pytest.mark.parametrize(
    "body",
    [
        "try: a()\n    except: b()",
        "with a: b()",
        "yield a",
        "return lambda: a",
        "raise",
    ],
)
@pytest.mark.parametrize("decorator", [NATIVE, VIPER])
def test_what_is_not_modelled_is_said(decorator: str, body: str) -> None:
    with pytest.raises(Unknown, match="machine code"):
        compiled(f"{decorator}def f(a, b):\n    {body}\n")


@pytest.mark.parametrize(
    "body", ["c = 1\n    c = a", "return a", "return c", "a[0] = b", "p[a] = 1", "p[0] = a", "b = not b", "b = b + a"]
)
def test_what_viper_refuses_is_not_known(body: str) -> None:
    with pytest.raises(Unknown, match="machine code"):
        compiled(f"{VIPER}def f(a, b: int, p: ptr8) -> int:\n    {body}\n    c = 1\n    a = b\n")


def test_assembler_is_not_modelled() -> None:
    with pytest.raises(Unknown, match="asm_thumb"):
        compiled("@micropython.asm_thumb\ndef f(r0): add(r0, r0, r0)\n")


def test_an_annotation_of_viper_is_a_name() -> None:
    assert refused(VIPER + "def f(a: 1 + b): pass\n")[0] == "annotation must be an identifier"
    with pytest.raises(Unknown, match="nothing"):
        compiled(VIPER + "def f(a: nothing): pass\n")


# -- the assembler -----------------------------------------------------------------------------------------------------


def _count(*steps: tuple[str, int]) -> int:
    code = Thumb()
    for what, number in steps:
        getattr(code, what)(number)
    return code.offset


def test_numbers_and_offsets() -> None:
    assert [_count(("load_number", value)) for value in (0, 255, 256, 65535, 65536, -1)] == [2, 2, 4, 4, 8, 8]
    assert [_count(("access", offset)) for offset in (0, 31, 32, 1023)] == [2, 2, 4, 4]
    with pytest.raises(Unknown):
        _count(("access", 1024))


def test_only_jumps_back_are_short() -> None:
    assert _count(("jump", 1)) == 4
    assert _count(("label", 1), ("jump", 1)) == 2
    assert _count(("label", 1), ("put", 2044), ("jump", 1)) == 2044 + 2
    assert _count(("label", 1), ("put", 2046), ("jump", 1)) == 2046 + 4
    assert _count(("label", 1), ("put", 250), ("compare_and_jump", 1)) == 250 + 2 + 2
    assert _count(("label", 1), ("put", 252), ("compare_and_jump", 1)) == 252 + 2 + 4


def test_frames_of_more_than_three_words_move_the_stack_pointer() -> None:
    assert [_count(("enter", words)) for words in (0, 3, 4, 129, 130)] == [2, 2, 4, 4, 6]
    code = Thumb()
    code.enter(130)
    code.leave()
    assert code.offset == 6 + 6
