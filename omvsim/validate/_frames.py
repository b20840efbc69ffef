"""Whether a call of a script's function needs heap, and how much.

Facts: micropython/micropython v1.26.0. ``py/objfun.c``: a call whose state takes more than 11 words lives in a heap
block of 20 bytes (``mp_code_state_t``) and the state; else on the C stack. The state is a word for every local name
and for the deepest use of the value stack, and 12 bytes (``mp_exc_stack_t``) for every nested ``try`` (``py/bc.h``).
Depths follow from what ``py/compile.c`` emits; checked against the recorded frames.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CODE_STATE = 20
STATE_ON_STACK = 44
WORD = 4
EXCEPTION_ENTRY = 12
ITERATOR_SLOTS = 4
"""``MP_OBJ_ITER_BUF_NSLOTS``: an iterator's words on the value stack."""
HANDLER_SLOTS = 3
"""What stays on the value stack in an ``except`` body: room for an unwinding jump."""


def frame_bytes(function: ast.FunctionDef) -> int:
    """Bytes of the heap block for one call; 0 where the C stack does."""
    locals_ = _local_names(function)
    depth, tries = _block(function.body)
    return _bytes(len(locals_) + depth, tries)


def comprehension_bytes(node: ast.ListComp) -> int:
    """The same for a list comprehension, which is a function of its own: its target and the iterator are its names."""
    depth = 1 + ITERATOR_SLOTS + stack_depth(node.elt)
    return _bytes(2 + depth, 0)


def _bytes(slots: int, tries: int) -> int:
    state = slots * WORD + tries * EXCEPTION_ENTRY
    return CODE_STATE + state if state > STATE_ON_STACK else 0


def _local_names(function: ast.FunctionDef) -> set[str]:
    names = {parameter.arg for parameter in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


def _block(body: Iterable[ast.stmt]) -> tuple[int, int]:
    """(deepest value stack, most nested ``try`` entries) of some statements."""
    depths, tries = zip((0, 0), *(_statement(node) for node in body), strict=True)
    return max(depths), max(tries)


def _statement(node: ast.stmt) -> tuple[int, int]:
    match node:
        case ast.Expr(value) | ast.Assign(_, value) | ast.Return(value) if value is not None:
            return stack_depth(value), 0
        case ast.If(test, body, orelse):
            depth, tries = _block([*body, *orelse])
            return max(stack_depth(test), depth), tries
        case ast.For(_, iterable, body):
            depth, tries = _block(body)
            is_range = isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name)
            held = 1 if is_range else ITERATOR_SLOTS
            return held + max(depth, stack_depth(iterable)), tries
        case ast.Try(body, handlers):
            depth, tries = _block(body)
            for handler in handlers:
                inner, nested = _block(handler.body)
                depth = max(depth, HANDLER_SLOTS + max(3, inner))
                tries = max(tries, nested + (1 if handler.name else 0))
            return depth, tries + 1
    return 1, 0


def stack_depth(node: ast.expr) -> int:
    """Slots of the value stack that evaluating an expression needs."""
    match node:
        case ast.Attribute(value):
            return stack_depth(value)
        case ast.BinOp(left, _, right) | ast.Compare(left, _, [right]):
            return max(stack_depth(left), 1 + stack_depth(right))
        case ast.IfExp(test, body, orelse):
            return max(map(stack_depth, (test, body, orelse)))
        case ast.BoolOp(_, values):
            return max(map(stack_depth, values))
        case ast.Subscript(value, index):
            return max(stack_depth(value), 1 + stack_depth(index))
        case ast.Tuple(elements) | ast.List(elements):
            return max((place + stack_depth(element) for place, element in enumerate(elements)), default=1)
        case ast.Call(function, arguments, keywords):
            base = 2 if isinstance(function, ast.Attribute) else 1
            deepest = [stack_depth(function), base]
            deepest += [base + place + stack_depth(argument) for place, argument in enumerate(arguments)]
            base += len(arguments)
            deepest += [base + 2 * place + 1 + stack_depth(keyword.value) for place, keyword in enumerate(keywords)]
            return max(deepest)
        case ast.ListComp(_, [comprehension]):
            return 1 + max(1, stack_depth(comprehension.iter))
    return 1


__all__ = ["comprehension_bytes", "frame_bytes", "stack_depth"]
