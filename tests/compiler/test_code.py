"""Instructions: what each construct becomes, as MicroPython compiles it, and how deep the stack is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.compiler.parsing.parser import Input
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.isa import Code
from tests.compiler._compiling import compiled, disagreements, everything, inner, listing

if TYPE_CHECKING:
    from pathlib import Path

FLOW = [
    "while a:\n  try:\n    if b: continue\n    c()\n  finally:\n    if d: break\n    e()\nelse: f()\n",
    "for x in y:\n  try:\n    for z in x:\n      if z: break\n  except E as e:\n    break\n  else: g()\n",
    "for i in range(n):\n  with a as b, c:\n    if i: break\n    continue\nelse: h()\n",
    "def f():\n  try:\n    return 1\n  finally:\n    try:\n      return 2\n    finally: g()\n",
    "def f():\n  for x in y:\n    try: return x if x else 5\n    except (A, B) as e: raise\n    except: return e\n",
    "async def f():\n  async with a as b, c: return await d\n  async for x in y:\n    if x: break\n  else: z()\n",
    "async def f():\n  while 1:\n    async with a:\n      if b: break\n      continue\n",
    "def f():\n  with a:\n    while 1:\n      try: yield\n      finally: return (yield from g())\n",
    "try:\n  a()\nexcept X as x:\n  try: b()\n  finally: c()\nelse: d()\nfinally: e()\n",
    "x = a < b < c and d or not e if f else g\n",
    "a, *b, c = d\n[a, (b, c)] = x.y, z[1:2] = q\nx.y += z[i] ** 2\nz[i] -= 1\ndel x.y, z[i], (p, q)\n",
    "x = {k: [v for w in v if w for v in w] for k, v in z.items() if k}\ny = {1, a} if 0 else {a for a in b}\n",
    "f(a, *b, c=d, **e).g(*h)(lambda x, *y, z=1, **k: (yield))\n",
    "class A(B, metaclass=C):\n  x = 1\n  def f(self): return super().f(1) + super().x + super(A, self).y\n",
    "@a.b(c)\n@d\ndef f(x, y=1, *, z=2, w): return x\n",
    "import a.b.c, d.e as f\nfrom .g import h as i, j\nfrom ... import k\nfrom l import *\n",
    "assert a, b\nglobal c\nc: int = 5\nd: str\nif (n := 10) > 5: print(n)\nx = [last := y for y in z]\n",
    "for i in range(10, 0, -2):\n  if i: break\nelse: a()\nwhile True:\n  if x: break\nwhile False: y()\n",
]


@pytest.mark.parametrize("source", FLOW)
def test_the_depth_before_each_instruction_is_what_those_before_it_leave(source: str) -> None:
    for code in everything(compiled(source)):
        assert disagreements(code) == []


@pytest.mark.slow
@pytest.mark.shared
def test_depths_of_all_measured_scripts(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "oracle" / "language" / "scripts").glob("*.py")):
        try:
            module = compiled(path.read_bytes().decode())
        except (Raised, Unknown):
            continue
        for code in everything(module):
            seen += 1
            assert disagreements(code) == [], path.name
    assert seen > 500


def test_a_module_ends_with_none() -> None:
    assert listing(compiled("")) == ["LOAD_CONST_NONE", "RETURN_VALUE"]


def test_an_expression_is_returned() -> None:
    assert listing(compiled("a + 1", kind=Input.EVAL)) == [
        "LOAD_NAME a",
        "LOAD_CONST_SMALL_INT 1",
        "BINARY_OP +",
        "RETURN_VALUE",
    ]


def test_an_expression_of_single_input_is_printed() -> None:
    code = compiled("a\n", kind=Input.SINGLE, is_repl=True)
    assert listing(code)[:4] == ["LOAD_NAME __repl_print__", "LOAD_NAME a", "CALL_FUNCTION 1", "POP_TOP"]


def test_lonely_constants_are_nothing_but_names_are_looked_up() -> None:
    assert listing(compiled("'text'\n5\nNone\n'a long text that is an object'\nx\n"))[:-2] == ["LOAD_NAME x", "POP_TOP"]


def test_counting_over_a_range_needs_no_iterator() -> None:
    assert listing(compiled("for i in range(3): a\n"))[:-2] == [
        "LOAD_CONST_SMALL_INT 0",
        "JUMP 8",
        "DUP_TOP",
        "STORE_NAME i",
        "LOAD_NAME a",
        "POP_TOP",
        "LOAD_CONST_SMALL_INT 1",
        "BINARY_OP +=",
        "DUP_TOP",
        "LOAD_CONST_SMALL_INT 3",
        "BINARY_OP <",
        "POP_JUMP_IF_TRUE 2",
        "POP_TOP",
    ]


@pytest.mark.parametrize("limits", ["a, b, c", "0, b, 0", "*a", "a=1", "1, 2, 3, 4", ""])
def test_other_ranges_are_iterated(limits: str) -> None:
    codes = [instr.code for instr in compiled(f"for i in range({limits}): a\n").instrs]
    assert {Code.FOR_ITER, Code.GET_ITER_STACK} <= set(codes)


def test_breaking_out_of_a_loop_pops_its_iterator() -> None:
    assert listing(compiled("for i in x:\n  break\n"))[:-2] == [
        "LOAD_NAME x",
        "GET_ITER_STACK",
        "FOR_ITER 9",
        "STORE_NAME i",
        *["POP_TOP"] * 4,
        "JUMP 9",
    ]


def test_breaking_out_of_a_handler_unwinds_it() -> None:
    code = compiled("for i in x:\n  try:\n    break\n  finally: a\n")
    unwind = next(instr for instr in code.instrs if instr.code is Code.UNWIND_JUMP)
    assert unwind.arg == (len(code.instrs) - 2, 1, True)
    assert (unwind.depth, code.n_exc_stack) == (4, 1)


def test_swapping_makes_no_tuple() -> None:
    assert listing(compiled("a, b, c = c, b, a\n"))[:-2] == [
        *("LOAD_NAME c", "LOAD_NAME b", "LOAD_NAME a", "ROT_THREE", "ROT_TWO"),
        *("STORE_NAME a", "STORE_NAME b", "STORE_NAME c"),
    ]
    assert "BUILD_TUPLE 4" in listing(compiled("a, b, c, d = d, c, b, a\n"))
    assert "BUILD_TUPLE 2" in listing(compiled("a, *b = c, d\n"))


def test_constant_conditions_leave_no_branch() -> None:
    assert listing(compiled("if 0: a\nelif 'x': b\nelse: c\n"))[:-2] == ["LOAD_NAME b", "POP_TOP"]
    assert listing(compiled("while (): a\nelse: b\n"))[:-2] == ["LOAD_NAME b", "POP_TOP"]


def test_code_behind_a_return_is_left_out_but_its_functions_are_children() -> None:
    code = inner(compiled("def f():\n  return 1\n  x = lambda: 2\n"), 0)
    assert listing(code) == ["LOAD_CONST_SMALL_INT 1", "RETURN_VALUE"]
    assert code.children is not None
    assert len(code.children.codes) == 1


def test_names_of_functions_and_arguments() -> None:
    """The star changes places with the last argument before ``**``, which so comes before the others behind it."""
    module = compiled("def f(a, b=1, *c, d, e=2, **g): pass\n")
    code = inner(module, 0)
    assert (code.name, code.arg_names) == ("f", ("a", "b", "e", "d"))
    assert (code.n_pos_args, code.n_kwonly_args, code.n_default_pos_args) == (2, 2, 1)
    assert (code.has_varargs, code.has_varkeywords, code.has_default_kwargs, code.is_generator) == (True,) * 3 + (
        False,
    )
    assert code.n_state == 6 + 1
    assert listing(module)[:-2] == [
        *("LOAD_CONST_SMALL_INT 1", "BUILD_TUPLE 1", "BUILD_MAP 0", "LOAD_CONST_SMALL_INT 2", "LOAD_CONST_STRING e"),
        *("STORE_MAP", "MAKE_FUNCTION_DEFARGS 0", "STORE_NAME f"),
    ]


def test_a_closure_gets_its_cells_first() -> None:
    module = compiled("def f(a, b):\n  c = 1\n  def g(d): return a + c + d\n  return g\n")
    outer, closure = inner(module, 0), inner(module, 0, 0)
    assert outer.cells == (0, 3)  # cells come behind the other locals
    assert listing(outer)[2:5] == ["LOAD_FAST 0", "LOAD_FAST 3", "MAKE_CLOSURE (0, 2)"]
    assert (closure.arg_names, closure.n_pos_args) == (("*", "*", "d"), 3)
    assert listing(closure)[:3] == ["LOAD_DEREF 0", "LOAD_DEREF 1", "BINARY_OP +"]


def test_a_name_that_is_only_read_is_global_in_a_function_and_a_name_outside() -> None:
    module = compiled("x\ndef f():\n  x\n  y = 1\n")
    assert listing(module)[0] == "LOAD_NAME x"
    assert listing(inner(module, 0))[0] == "LOAD_GLOBAL x"
    assert "STORE_FAST 0" in listing(inner(module, 0))


def test_nonlocal_and_global() -> None:
    module = compiled("def f():\n  n = 0\n  def g():\n    nonlocal n\n    global m\n    n = m = 1\n")
    assert listing(inner(module, 0, 0))[:4] == ["LOAD_CONST_SMALL_INT 1", "DUP_TOP", "STORE_DEREF 0", "STORE_GLOBAL m"]


def test_an_assignment_in_a_comprehension_belongs_to_the_function() -> None:
    module = compiled("def f(z):\n  [y := x for x in z]\n  return y\n")
    assert inner(module, 0).cells == (1,)
    assert "STORE_DEREF 0" in listing(inner(module, 0, 0))
    assert "STORE_GLOBAL y" in listing(inner(compiled("[y := x for x in z]\n"), 0))


def test_a_class_body_keeps_its_cell_for_super() -> None:
    plain = inner(compiled("class A:\n  x = 1\n"), 0)
    assert listing(plain)[:4] == [
        "LOAD_NAME __name__",
        "STORE_NAME __module__",
        "LOAD_CONST_STRING A",
        "STORE_NAME __qualname__",
    ]
    assert listing(plain)[-2:] == ["LOAD_CONST_NONE", "RETURN_VALUE"]
    module = compiled("class A:\n  def f(self): return super().f(2)\n")
    assert listing(inner(module, 0))[-2:] == ["LOAD_FAST 0", "RETURN_VALUE"]
    assert listing(inner(module, 0, 0))[:4] == [
        "LOAD_DEREF 0",
        "LOAD_FAST 1",
        "LOAD_CONST_SMALL_INT 2",
        "LOAD_SUPER_METHOD f",
    ] or ("LOAD_SUPER_METHOD f" in listing(inner(module, 0, 0)))


def test_what_yields_is_a_generator() -> None:
    module = compiled("def f(): yield\nasync def g(): pass\nx = lambda: (yield 1)\ny = (a for a in b)\n")
    assert module.children is not None
    assert [raw.code.is_generator for raw in module.children.codes if raw.code] == [True] * 4
    assert listing(inner(module, 2))[-3:] == ["POP_TOP", "LOAD_CONST_NONE", "RETURN_VALUE"]


def test_comprehensions_put_values_where_their_collection_is() -> None:
    def store(text: str) -> object:
        return next(instr.arg for instr in inner(compiled(text), 0).instrs if instr.code is Code.STORE_COMP)

    assert store("[a for a in b]\n") == 5 << 2
    assert store("{a: c for a in b}\n") == 6 << 2 | 1
    assert store("{a for a in b for d in a}\n") == 9 << 2 | 2


def test_lines_only_go_down() -> None:
    code = compiled("x = (\n  a +\n  b)\ny = 1\nfor i in z:\n  c\n")
    assert [instr.line for instr in code.instrs] == sorted(instr.line for instr in code.instrs)
    assert {instr.line for instr in code.instrs if instr.arg == "y"} == {4}


def test_optimising_drops_assertions_then_lines() -> None:
    assert Code.RAISE_OBJ in [instr.code for instr in compiled("assert a, b\n").instrs]
    assert listing(compiled("assert a, b\n", opt_level=1)) == ["LOAD_CONST_NONE", "RETURN_VALUE"]
    assert {instr.line for instr in compiled("\n\nx = 1\n", opt_level=3).instrs} == {1}
    assert {instr.line for instr in compiled("\n\nx = 1\n", opt_level=2).instrs} == {3}


def test_stars_in_calls_are_bits() -> None:
    assert listing(compiled("f(a, *b, *c, **d)\n"))[1:-3] == [
        *("LOAD_NAME a", "LOAD_NAME b", "LOAD_NAME c", "LOAD_NULL", "LOAD_NAME d", "LOAD_CONST_SMALL_INT 6"),
        "CALL_FUNCTION_VAR_KW 259",
    ]


def test_an_ordered_dict_is_filled_in_order() -> None:
    assert listing(compiled("OrderedDict({'a': 1, 'b': 2})\n"))[:-3] == [
        *("LOAD_NAME OrderedDict", "CALL_FUNCTION 0"),
        *("LOAD_CONST_SMALL_INT 1", "LOAD_CONST_STRING a", "STORE_MAP"),
        *("LOAD_CONST_SMALL_INT 2", "LOAD_CONST_STRING b", "STORE_MAP"),
    ]


def test_annotations_are_not_compiled() -> None:
    module = compiled("def f(a: x(), *b: y) -> z():\n  c: d\n  e: g = 1\nh: i\n")
    assert listing(module) == ["MAKE_FUNCTION 0", "STORE_NAME f", "LOAD_CONST_NONE", "RETURN_VALUE"]
    assert listing(inner(module, 0)) == ["LOAD_CONST_SMALL_INT 1", "STORE_FAST 3", "LOAD_CONST_NONE", "RETURN_VALUE"]
