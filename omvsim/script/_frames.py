"""How large the state of a compiled function is: its locals and the deepest its value stack gets.

MicroPython keeps up to 11 words of it on the C stack; a larger one is a heap block that is freed on return. Facts:
micropython/micropython v1.26.0 ``py/compile.c`` and ``py/emitbc.c`` (what each construct pushes and pops),
``py/objfunbc.c`` (``VM_MAX_STATE_ON_STACK``), ``py/bc.h`` (``mp_code_state_t`` 20 bytes, ``mp_exc_stack_t`` 12).
"""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.script._scopes import COMPREHENSIONS, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from omvsim.script._scopes import Scope

WORD = 4
SMALL_INT = 1 << 30
_FOLDED: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
CODE_STATE = 20
EXCEPTION_ENTRY = 12
STATE_ON_C_STACK = 11 * WORD
ITERATOR_SLOTS = 4
"""``MP_OBJ_ITER_BUF_NSLOTS``: a loop's iterator lies on the value stack."""


@dataclass(frozen=True, slots=True)
class Frame:
    """State of one compiled function."""

    slots: int
    """``n_state``: locals and value stack."""
    exceptions: int
    """Nested ``try`` and ``with`` blocks."""

    @property
    def state_bytes(self) -> int:
        """Bytes of locals, value stack and exception stack."""
        return self.slots * WORD + self.exceptions * EXCEPTION_ENTRY

    @property
    def heap_bytes(self) -> int:
        """Size of the block that a call takes; 0 when the state fits the C stack."""
        return CODE_STATE + self.state_bytes if self.state_bytes > STATE_ON_C_STACK else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where on the value stack a body's calls and statements work."""

    frame: Frame
    calls: dict[ast.AST, int]
    """Slot at which a call's function is pushed; its arguments follow."""
    statements: dict[ast.AST, tuple[int, int]]
    """First slot and number of slots that a simple statement writes."""


def layout_of(scope: Scope) -> Layout:
    """The frame of a function, comprehension, class body or module, and the places in it."""
    depth = _Depth(scope.node)
    frame = Frame(max(1, scope.slots + depth.most), depth.exceptions)
    return Layout(frame, depth.calls, depth.statements)


def is_constant_tuple(node: ast.AST) -> bool:
    """Whether the parser makes this tuple a constant of the code: nothing but constants in it."""
    return isinstance(node, ast.Tuple) and all(
        (isinstance(item, ast.Constant) and not isinstance(item.value, float | complex))
        or isinstance(item, ast.Constant)
        or is_constant_tuple(item)
        or small_constant(item) is not None
        for item in node.elts
    )


def small_constant(node: ast.AST) -> int | None:
    """The value of an expression that the parser folds to a small int (``MICROPY_COMP_CONST_FOLDING``)."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd | ast.Invert):
        inner = small_constant(node.operand)
        if inner is None:
            return None
        return -inner if isinstance(node.op, ast.USub) else inner if isinstance(node.op, ast.UAdd) else ~inner
    if isinstance(node, ast.BinOp):
        return _folded(node)
    return None


def _folded(node: ast.BinOp) -> int | None:
    left, right = small_constant(node.left), small_constant(node.right)
    operation = _FOLDED.get(type(node.op))
    if left is None or right is None or operation is None:
        return None
    if isinstance(node.op, ast.FloorDiv | ast.Mod) and right == 0:
        return None
    if isinstance(node.op, ast.LShift | ast.RShift) and not 0 <= right < 31:
        return None
    value = operation(left, right)
    return value if -SMALL_INT <= value < SMALL_INT else None


def range_arguments(node: ast.For) -> list[ast.expr] | None:
    """Arguments of ``for name in range(…)`` that is compiled as a counting loop, without a range object."""
    call = node.iter
    if not (isinstance(node.target, ast.Name) and isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
        return None
    if call.func.id != "range" or call.keywords or not 1 <= len(call.args) <= 3:
        return None
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if len(call.args) == 3 and not small_constant(call.args[2]):
        return None
    return call.args


_COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)


class _Depth:
    """Walks a body as the compiler does and remembers the deepest value stack."""

    def __init__(self, node: ast.AST) -> None:
        self.now = 0
        self.most = 0
        self.level = 0
        self.exceptions = 0
        self.calls: dict[ast.AST, int] = {}
        self.statements: dict[ast.AST, tuple[int, int]] = {}
        if isinstance(node, ast.Lambda):
            self.expr(node.body)
        elif isinstance(node, COMPREHENSIONS):
            self._comprehension_body(node)
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            self.push(1)  # every body ends by returning a value
            self.pop(1)
            self.body(node.body)

    def push(self, count: int) -> None:
        self.now += count
        self.most = max(self.most, self.now)

    def pop(self, count: int) -> None:
        self.now -= count

    # -- expressions: each leaves one value ---------------------------------------------------------------------

    def all(self, nodes: Iterable[ast.expr | None]) -> None:
        for node in nodes:
            if node is not None:
                self.expr(node)

    def joined(self, nodes: Sequence[ast.expr | None]) -> None:
        """Several values that one operation makes into one."""
        base = self.now
        self.all(nodes)
        self.now = base
        self.push(1)

    def expr(self, node: ast.expr) -> None:
        if is_constant_tuple(node) or small_constant(node) is not None:
            self.push(1)
            return
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            self.joined([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)])
        else:
            method(node)

    def _Constant(self, _node: ast.Constant) -> None:
        self.push(1)

    def _Name(self, _node: ast.Name) -> None:
        self.push(1)

    def _Attribute(self, node: ast.Attribute) -> None:
        self.expr(node.value)

    def _BoolOp(self, node: ast.BoolOp) -> None:
        for number, value in enumerate(node.values):
            if number:
                self.pop(1)
            self.expr(value)

    def _IfExp(self, node: ast.IfExp) -> None:
        for part in (node.test, node.body, node.orelse):
            self.expr(part)
            self.pop(1)
        self.push(1)

    def _Compare(self, node: ast.Compare) -> None:
        self.expr(node.left)
        for number, right in enumerate(node.comparators):
            self.expr(right)
            if number + 1 < len(node.comparators):
                self.push(1)
                self.pop(1)
            self.pop(1)

    def _Dict(self, node: ast.Dict) -> None:
        self.push(1)
        for key, value in zip(node.keys, node.values, strict=True):
            self.all((value, key))
            self.pop(2 if key is not None else 1)

    def _Slice(self, node: ast.Slice) -> None:
        base = self.now
        for part in (node.lower, node.upper):
            if part is None:
                self.push(1)
            else:
                self.expr(part)
        if node.step is not None:
            self.expr(node.step)
        self.now = base
        self.push(1)

    def _Call(self, node: ast.Call) -> None:
        base = self.calls[node] = self.now
        if isinstance(node.func, ast.Attribute):
            self.expr(node.func.value)
            self.push(1)
        else:
            self.expr(node.func)
        starred = False
        for argument in node.args:
            starred |= isinstance(argument, ast.Starred)
            self.expr(argument.value if isinstance(argument, ast.Starred) else argument)
        for keyword in node.keywords:
            starred |= keyword.arg is None
            self.push(1)
            self.expr(keyword.value)
        if starred:
            self.push(1)
        self.now = base
        self.push(1)

    def _JoinedStr(self, node: ast.JoinedStr) -> None:
        base = self.now
        self.push(2)
        self.all(part.value for part in node.values if isinstance(part, ast.FormattedValue))
        self.now = base
        self.push(1)

    def _Lambda(self, node: ast.Lambda) -> None:
        self.function(node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        """A function object: default values in a tuple, then the function; closed-over cells are left out."""
        base = self.now
        self.all(node.args.defaults)
        if node.args.defaults or any(node.args.kw_defaults):
            self.now = base
            self.push(2)
        self.now = base
        self.push(1)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.push(1)
        self.expr(node.generators[0].iter)
        self.pop(1)

    _ListComp = _SetComp = _DictComp = _GeneratorExp = _comprehension

    def _comprehension_body(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.push(1)  # the collection, or the value that a generator expression ends with
        for number, clause in enumerate(node.generators):
            if number:
                self.expr(clause.iter)
                self.push(ITERATOR_SLOTS - 1)
            elif isinstance(node, ast.GeneratorExp):
                self.push(1)
            else:
                self.push(ITERATOR_SLOTS)
            self.push(1)
            self.store(clause.target)
            for test in clause.ifs:
                self.expr(test)
                self.pop(1)
        self.all([node.value, node.key] if isinstance(node, ast.DictComp) else [node.elt])

    # -- statements ---------------------------------------------------------------------------------------------

    def body(self, nodes: Iterable[ast.stmt]) -> None:
        for node in nodes:
            base, outer = self.now, self.most
            self.most = base
            self.statement(node)
            if not isinstance(node, _COMPOUND):
                self.statements[node] = (base, self.most - base)
            self.most = max(self.most, outer)
            self.now = base

    def store(self, target: ast.expr) -> None:
        """Store the value on the stack's top into ``target``."""
        if isinstance(target, ast.Attribute):
            self.expr(target.value)
            self.pop(2)
        elif isinstance(target, ast.Subscript):
            self.all((target.value, target.slice))
            self.pop(3)
        elif isinstance(target, ast.Tuple | ast.List):
            self.push(len(target.elts) - 1)
            for item in target.elts:
                self.store(item.value if isinstance(item, ast.Starred) else item)
        else:
            self.pop(1)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, FUNCTIONS):
            self.all(node.decorator_list)
            self.function(node)
        elif isinstance(node, ast.ClassDef):
            self.push(2)
            self.push(1)
            self.all(node.bases)
        elif isinstance(node, ast.Assign):
            self.expr(node.value)
            for target in node.targets[:-1]:
                self.push(1)
                self.store(target)
            self.store(node.targets[-1])
        elif isinstance(node, ast.AugAssign):
            self._augmented(node)
        elif isinstance(node, ast.For):
            self._for(node)
        elif isinstance(node, ast.While | ast.If):
            self.expr(node.test)
            self.pop(1)
            self.body(node.body)
            self.body(node.orelse)
        elif isinstance(node, ast.Try):
            self._try(node)
        elif isinstance(node, ast.With):
            self._with(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.push(3)
        else:
            self.all(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))

    def _augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Attribute):
            self.expr(node.target.value)
            self.push(1)
        elif isinstance(node.target, ast.Subscript):
            self.all((node.target.value, node.target.slice))
            self.push(2)
            self.pop(1)
        else:
            self.push(1)
        self.expr(node.value)

    def _for(self, node: ast.For) -> None:
        counted = range_arguments(node)
        base = self.now
        if counted is None:
            self.expr(node.iter)
            self.push(ITERATOR_SLOTS - 1)
            self.push(1)
            self.store(node.target)
        else:
            end = counted[0] if len(counted) == 1 else counted[1]
            if small_constant(end) is None:
                self.expr(end)
            if len(counted) > 1:
                self.expr(counted[0])
            else:
                self.push(1)
            self.push(2)
            self.pop(2)
        self.body(node.body)
        self.now = base
        self.body(node.orelse)

    def _block(self) -> None:
        self.level += 1
        self.exceptions = max(self.exceptions, self.level)

    def _try(self, node: ast.Try) -> None:
        if node.finalbody:
            self._block()
            if not node.handlers:
                self.push(3)
                self.body(node.body)
                self.pop(3)
            else:
                self._except(node)
            self.push(2)
            self.body(node.finalbody)
            self.pop(2)
            self.level -= 1
        else:
            self._except(node)

    def _except(self, node: ast.Try) -> None:
        self._block()
        self.body(node.body)
        self.push(4)
        for handler in node.handlers:
            if handler.type is not None:
                self.push(1)
                self.expr(handler.type)
                self.pop(2)
            if handler.name:
                self._block()
            self.pop(1)
            self.body(handler.body)
            if handler.name:
                self.push(3)
                self.pop(3)
                self.level -= 1
            self.push(1)
        self.pop(4)
        self.level -= 1
        self.body(node.orelse)

    def _with(self, node: ast.With) -> None:
        for item in node.items:
            self.expr(item.context_expr)
            self._block()
            self.push(2)
            if item.optional_vars is not None:
                self.store(item.optional_vars)
            else:
                self.pop(1)
        self.body(node.body)
        for _ in node.items:
            self.push(3)
            self.pop(4)
            self.level -= 1
