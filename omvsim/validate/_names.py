"""What can be read off a script's statements without following them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def bound_names(statements: Iterable[ast.stmt]) -> list[str]:
    """Global names that running ``statements`` at top level binds, in order."""
    names: dict[str, None] = {}
    for statement in statements:
        for node in _own_nodes(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names[node.id] = None
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    names[(alias.asname or alias.name).partition(".")[0]] = None
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                names[node.name] = None
    return list(names)


def _own_nodes(node: ast.AST) -> Iterable[ast.AST]:
    """``node`` and what is below it, without the insides of functions and comprehensions, whose names are their own."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ListComp | ast.GeneratorExp):
        return
    for child in ast.iter_child_nodes(node):
        yield from _own_nodes(child)


def label_of(statement: ast.stmt) -> str | None:
    """The label of a ``gctrace.info("label")`` statement."""
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("gctrace"), "info"), [ast.Constant(str(label))])):
            return label
    return None


__all__ = ["bound_names", "label_of"]
