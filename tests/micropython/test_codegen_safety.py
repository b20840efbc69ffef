"""Nothing of a script's text becomes host source: the whole grammar, with hostile names wherever a name may stand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from omvsim.micropython import templates
from omvsim.micropython.codegen import Translation
from omvsim.micropython.errors import Raised
from omvsim.micropython.isa import Code
from tests.compiler._compiling import compiled, everything

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.isa import CodeObject

HOSTILE = (
    "os",
    "__import__",
    "__builtins__",
    "f",
    "s",
    "v",
    "n",
    "k0",
    "b0_0",
    "NULL",
    "__script_lines__",
    "__script_source__",
    "eval",
    "vm",
    "call",
)
"""Names that mean something to the host or to the generated text."""
TARGETS = (
    "{x}",
    "{x}.{y}",
    "{x}['{y}']",
    "{x}.{y}.{x}",
    "{x}[0][{y}]",
    "({x}, {y})",
    "[{x}, *{y}]",
    "({x}.{y}, {x}[0])",
)
"""What may stand where something is assigned to."""
STATEMENTS = (
    "{t} = {x}",
    "{t} = {t} = {y}",
    "for {t} in {y}: pass\nelse: {x}",
    "for {x} in {y}:\n  for {t} in {x}:\n    if {y}: break\n    continue",
    "del {t}",
    "with {x} as {t}: {y}",
    "with {x} as {y}, {y} as {t}:\n  return_ = {x}",
    "[{x} for {t} in {y}]",
    "{{{x}: {y} for {t} in {y} if {x}}}",
    "{{{x} for {t} in {y} for {x} in {y}}}",
    "({x} for {t} in {y})",
    "lambda {x}, {y}=1, *a: {x}",
    "def {x}({y}, *args, k={y}, **kw):\n  global g\n  {t} = {y}\n  return {x}",
    "def {x}():\n  {y} = 1\n  def inner():\n    nonlocal {y}\n    {t} = {y}\n    {y} = yield from {x}\n    yield {y}",
    "class {x}({y}):\n  {x} = {y}\n  def {y}(self): return super().{x}",
    "try:\n  {x}\nexcept {y} as {x}:\n  {t} = {x}\n  raise\nelse:\n  {y}\nfinally:\n  {t} = 1",
    "while {x}:\n  try:\n    {t} = 1\n    break\n  finally:\n    continue",
    "def {x}():\n  try:\n    return {y}\n  finally:\n    with {y} as {t}: return 1",
    "import {x}.{y} as {y}",
    "from {x} import {y} as {x}",
    "from {x} import *",
    "@{x}.{y}\ndef {y}(): pass",
    "async def {x}():\n  async with {y} as {t}: await {x}\n  async for {t} in {y}: pass",
    "{x}({y}, *{x}, {y}={x}, **{y})",
    "{x}.{y}({x}, *{y}, **{x})",
    "assert {x}, {y}",
    "raise {x} from {y}",
    "{x}[1:{y}:2] = {x}[{y}:]",
    "{x} if {y} else not {x} and {y} or -{x} + ~{y} ** 2 // 3 @ {x}",
    "{x} < {y} <= {x} is not {y} not in {x}",
    "f'{{{x}!r}} {{{y}}}'",
    "({x} := {y})",
    '\'__import__("os").system("id")\' + "{{}}" % {x}',
    "{x} += {y}\n{x}.{y} -= 1\n{x}[{y}] *= 2",
    "class {x}:\n  def {y}(self): return True, False, None, super().{y}({x}), [{x}]",
    "def {x}():\n  {y} = 1\n  def i(a={x}, *, b=2):\n    nonlocal {y}\n    del {y}\n  q = 1\n  del q\n  del {y}",
    "def {x}():\n  global {y}\n  {y} = 1\n  del {y}\n  try: {y}\n  except: raise",
)
ATTRIBUTES = frozenset(
    {
        *("vm", "globals", "locals", "fun", "handled", "result", "kind", "sp", "resume", "value", "push", "enter"),
        *("cleanup", "leave", "jump", "end_finally", "reraise", "new_tuple", "new_list", "new_dict", "new_set"),
        *("list_append", "dict_store", "set_store", "unpack", "unpack_star", "make_raise", "make_function"),
        *("make_closure", "yield_from", "import_name", "import_from", "import_all", "members", "found", "get", "klass"),
        *("pending", "turn"),
    }
)
"""Attributes of frames, cells and the machine that templates use."""
FORBIDDEN = ast.Import | ast.ImportFrom | ast.Global | ast.Lambda | ast.JoinedStr | ast.ClassDef
NAMES = frozenset({"f", "s", "v", "n", "e"})
"""Host variables of a block."""


def sources() -> Iterator[str]:
    for at, statement in enumerate(STATEMENTS):
        for place, target in enumerate(TARGETS):
            x, y = HOSTILE[(at + place) % len(HOSTILE)], HOSTILE[(at * 3 + place + 5) % len(HOSTILE)]
            filled = target.format(x=x, y=y)
            yield statement.format(x=x, y=y, t=filled)


def code_of(source: str) -> CodeObject | None:
    """A module's code; None where the compiler refuses the target."""
    try:
        return compiled(source)
    except Raised:
        return None


def generated(code: CodeObject) -> Iterator[str]:
    """The text of every block of a code object, those of entered finallies included."""
    translation = Translation(code)
    targets = [0]
    for at, instr in enumerate(code.instrs):
        if instr.code in (Code.SETUP_EXCEPT, Code.SETUP_FINALLY, Code.SETUP_WITH):
            assert isinstance(instr.arg, int)
            targets.append(instr.arg)
        elif instr.code is Code.UNWIND_JUMP:
            assert isinstance(instr.arg, tuple)
            targets.append(instr.arg[0])
        elif instr.code is Code.YIELD_VALUE:
            targets.append(at + 1)
    for at in targets:
        for extra in (0, 1, 2):
            yield translation.source(at, extra)


def check(text: str) -> None:
    """Only our names, our attributes, integers: nothing else is in the text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            ours = node.id[0] in "kb" and node.id[1:].replace("_", "").isdigit()
            assert ours or node.id in NAMES or node.id in templates.GLOBALS, node.id
        elif isinstance(node, ast.Attribute):
            assert node.attr in ATTRIBUTES, node.attr
        elif isinstance(node, ast.Constant):
            assert node.value is None or isinstance(node.value, int), node.value
        elif isinstance(node, ast.keyword):
            assert node.arg in ("is_finally", "one_use"), node.arg
        else:
            assert not isinstance(node, FORBIDDEN)


@pytest.mark.parametrize("source", list(sources()))
def test_generated_text_has_only_our_names(source: str) -> None:
    module = code_of(source)
    if module is None:
        return  # this target is no place to assign to: the compiler said so
    for code in everything(module):
        for text in generated(code):
            check(text)


def test_the_check_finds_what_does_not_belong() -> None:
    for text in ("os.system", "s[0] = 'id'", "import os", "f.__class__", "k0x"):
        with pytest.raises(AssertionError):
            check(text)


def test_all_of_the_grammar_was_compiled() -> None:
    found = [code_of(source) for source in sources()]
    assert sum(code is not None for code in found) > len(found) // 2
    seen = {instr.code for module in found if module for code in everything(module) for instr in code.instrs}
    assert set(Code) == seen


def test_generated_text_cannot_reach_built_ins_of_the_host() -> None:
    assert templates.GLOBALS["__builtins__"] == {}
