"""What may be compiled: the script's names before, and the shape of the code after the transformation.

The transformation rewrites what it knows; whatever it let through as it stands would run on the host with the rights
of the host. So its result is held against a list of what it makes; anything else is refused, thought of or not.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from omvsim.script._errors import ScriptSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "_omvsim_"
RUNTIME = f"{PREFIX}rt"
LOCALS = f"{PREFIX}locals"
"""The host's ``locals``, for ``from module import *``."""
_HOST_NAMES = frozenset({"__builtins__", "__build_class__"})

_NO_SYNTAX: dict[type[ast.AST], str] = {
    ast.Match: "MicroPython has no match statement",
    ast.TryStar: "MicroPython has no except*",
}
_NOT_SIMULATED = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)

_STATEMENTS = (
    *(ast.Module, ast.Expr, ast.Assign, ast.Delete, ast.If, ast.While, ast.For, ast.With, ast.withitem, ast.Try),
    *(ast.ExceptHandler, ast.Raise, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal),
    *(ast.FunctionDef, ast.ClassDef),
)
_EXPRESSIONS = (
    *(ast.Constant, ast.Lambda, ast.arguments, ast.arg, ast.keyword, ast.BoolOp, ast.boolop, ast.unaryop, ast.cmpop),
    *(ast.IfExp, ast.GeneratorExp, ast.comprehension, ast.Yield, ast.YieldFrom, ast.expr_context, ast.NamedExpr),
    *(ast.Tuple, ast.List),
)


def check_source(tree: ast.Module, shown: str) -> None:
    """Refuse what MicroPython or omvsim does not have, and names that are omvsim's or the host's own.

    Raises:
        ScriptSourceError: with ``shown``, the file, and the line.
    """
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        for kind, text in _NO_SYNTAX.items():
            if isinstance(node, kind):
                raise ScriptSourceError(f"{shown}:{line}", f"SyntaxError: {text}")
        if isinstance(node, _NOT_SIMULATED):
            raise ScriptSourceError(f"{shown}:{line}", "async is not simulated")
        for name in _names(node):
            if name.startswith(PREFIX):
                raise ScriptSourceError(f"{shown}:{line}", f"names that begin with {PREFIX} are omvsim's own")
            if name in _HOST_NAMES:
                raise ScriptSourceError(f"{shown}:{line}", f"the name {name} is the host's own")


def _names(node: ast.AST) -> Iterator[str]:
    """Every name in a node, whatever it binds or looks up: texts of any field but a constant's value."""
    if isinstance(node, ast.Constant):
        return
    for _, value in ast.iter_fields(node):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each


def check_result(tree: ast.Module, shown: str) -> None:
    """Refuse transformed code with anything in it that the transformation does not make.

    Raises:
        ScriptSourceError: with the file and the line.
    """
    runtime = {id(getattr(node, "value", None)) for node in ast.walk(tree) if _is_runtime(node)}
    for node in ast.walk(tree):
        if not _is_allowed(node, runtime):
            line = next((found for part in ast.walk(node) if (found := getattr(part, "lineno", None))), 1)
            raise ScriptSourceError(f"{shown}:{line}", f"this use of {_called(node)} is not simulated")


def _called(node: ast.AST) -> str:
    return type(node).__name__.lower()


def _is_runtime(node: ast.AST) -> bool:
    """``_omvsim_rt.name``: the one way from a script to the host."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == RUNTIME
        and not node.attr.startswith("_")
    )


def _is_allowed(node: ast.AST, runtime: set[int]) -> bool:  # noqa: PLR0911 - a case a kind of node
    match node:
        case ast.Attribute():
            return _is_runtime(node)
        case ast.Name():
            return not node.id.startswith(RUNTIME) or id(node) in runtime
        case ast.Call():
            return _is_runtime(node.func) or _is_maker(node.func) or _is_locals(node)
        case ast.Starred():
            return isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
        case ast.Subscript():  # (value, …, body)[-1] of a lambda with stars
            return isinstance(node.value, ast.Tuple) and isinstance(node.ctx, ast.Load) and _is_last(node.slice)
        case ast.UnaryOp():
            return isinstance(node.op, ast.Not) or _is_number(node.operand)
        case ast.Compare():
            return all(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops)
        case ast.ClassDef():
            return not node.bases and {each.arg for each in node.keywords} == {"metaclass", "bases"}
        case ast.For() | ast.comprehension():
            return _is_name(node.target) and not getattr(node, "is_async", 0)
        case ast.Assign() | ast.Delete():
            return all(_is_name(target) for target in node.targets)
        case ast.withitem():
            return node.optional_vars is None or _is_name(node.optional_vars)
    return isinstance(node, (*_STATEMENTS, *_EXPRESSIONS))


def _is_name(target: ast.expr) -> bool:
    """A name, or names in a tuple."""
    if isinstance(target, ast.Tuple):
        return all(_is_name(item.value if isinstance(item, ast.Starred) else item) for item in target.elts)
    return isinstance(target, ast.Name)


def _is_maker(node: ast.expr) -> bool:
    """``_omvsim_rt.function(…)``, which is then called with the lambda."""
    return isinstance(node, ast.Call) and _is_runtime(node.func) and getattr(node.func, "attr", "") == "function"


def _is_locals(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == LOCALS and not node.args and not node.keywords


def _is_number(node: ast.expr) -> bool:
    """A constant, with signs in front of it."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant)


def _is_last(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == -1
