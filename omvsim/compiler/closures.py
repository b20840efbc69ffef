"""Making a function of an inner scope, with the cells it closes over (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.nodes import node_of
from omvsim.compiler.scopes import Flag, IdKind, ScopeKind

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.nodes import Node
    from omvsim.compiler.scopes import Scope


def make_function(c: Compiler, scope: Scope, pos_defaults: int = 0, keyword_defaults: int = 0) -> None:
    """``close_over_variables_etc``: a function, or a closure over the cells it needs, in their order out here."""
    if keyword_defaults:
        scope.flags |= Flag.DEFAULT_KEYWORDS
    scope.default_pos_args = pos_defaults
    c.scope.uses_globals = c.scope.uses_constants = True
    closed_over = 0
    if c.scope.kind is not ScopeKind.MODULE:
        for name in c.scope.ids:
            if name.kind in (IdKind.CELL, IdKind.FREE):
                inner = scope.find(name.name)
                if inner is not None and inner.kind is IdKind.FREE:
                    c.emit.load_fast(name.number)
                    closed_over += 1
    c.emit.make(scope.raw_code, closed_over, defaults=bool(pos_defaults or keyword_defaults))


def comprehension(c: Compiler, node: Node, kind: ScopeKind) -> None:
    """``compile_comprehension``: what the outer code does: make the function and call it with what it goes through."""
    make_function(c, c.inner_scope(kind, node))
    c.node(node_of(node.kids[1]).kids[1])
    if kind is ScopeKind.GEN_EXPR:
        c.emit.get_iter(on_stack=False)
    c.emit.call(1, 0)


__all__ = ["comprehension", "make_function"]
