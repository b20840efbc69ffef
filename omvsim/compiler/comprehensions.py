"""Comprehensions and generator expressions: functions of one argument, the iterator (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.assignments import assign
from omvsim.compiler.conditions import condition
from omvsim.compiler.nodes import Node, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import IdKind, ScopeKind
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child

ITERATOR_NAME: Final = ""
"""The argument: a name that no script can write."""
_BUILDS: Final = {
    ScopeKind.LIST_COMP: Code.BUILD_LIST,
    ScopeKind.DICT_COMP: Code.BUILD_MAP,
    ScopeKind.SET_COMP: Code.BUILD_SET,
}
_STORES: Final = {ScopeKind.LIST_COMP: (0, 1), ScopeKind.DICT_COMP: (1, 2), ScopeKind.SET_COMP: (2, 1)}
"""Kind of collection and number of values of STORE_COMP."""


def body(c: Compiler, node: Node) -> None:
    """``compile_scope`` of a comprehension: its collection, the loops, what each round puts in."""
    scope = c.scope
    if c.first:
        scope.find_or_add(ITERATOR_NAME, IdKind.LOCAL)
        scope.pos_args = 1
    c.emit.set_line(node.line)
    if scope.kind is ScopeKind.GEN_EXPR:
        c.emit.load_null()
        c.load(ITERATOR_NAME)
        c.emit.load_null()
        c.emit.load_null()
    else:
        c.emit.build(_BUILDS[scope.kind], 0)
        c.load(ITERATOR_NAME)
        c.emit.get_iter(on_stack=True)
    _loop(c, node_of(node.kids[1]), node.kids[0], 0)
    if scope.kind is ScopeKind.GEN_EXPR:
        c.emit.load_none()
    c.emit.return_value()


def _loop(c: Compiler, loop: Node, result: Child, depth: int) -> None:
    """``compile_scope_comp_iter``: one ``for`` with its ``if``s, and the loops inside."""
    top, end = c.new_label(), c.new_label()
    c.emit.label(top)
    c.emit.for_iter(end)
    assign(c, loop.kids[0])
    rest = loop.kids[2]
    while isinstance(rest, Node) and rest.rule == Rule.comp_if:
        condition(c, rest.kids[0], False, top)
        rest = rest.kids[1]
    if rest is None:
        c.node(result)
        if c.scope.kind is ScopeKind.GEN_EXPR:
            c.emit.yield_value()
            c.reserve_labels(1)
            c.emit.pop_top()
        else:
            kind, values = _STORES[c.scope.kind]
            c.emit.store_comp(kind, 4 * depth + 5, values)
    else:
        inner = node_of(rest)
        c.node(inner.kids[1])
        c.emit.get_iter(on_stack=True)
        _loop(c, inner, result, depth + 1)
    c.emit.jump(top)
    c.emit.label(end)
    c.emit.for_iter_end()


__all__ = ["body"]
