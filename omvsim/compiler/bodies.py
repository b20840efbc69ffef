"""The body of each kind of scope, and its parameters (``compile_scope`` in py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.nodes import Name, Node, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import EmitOption, Flag, IdFlag, IdKind, ScopeKind
from omvsim.later import later

if TYPE_CHECKING:
    from omvsim.compiler import comprehensions
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.native import table as machine_table
    from omvsim.compiler.parsing.tree import Child
else:
    (comprehensions,) = later("omvsim.compiler", "comprehensions")
    (machine_table,) = later("omvsim.compiler.native", "table")

_REUSED = "argument name reused"
_INVALID = "invalid syntax"


def body(c: Compiler, tree: Child) -> None:
    """Compile the code of the current scope."""
    scope = c.scope
    if scope.kind is ScopeKind.MODULE:
        _module(c, tree)
    elif scope.kind is ScopeKind.FUNCTION:
        _function(c, node_of(tree))
    elif scope.kind is ScopeKind.LAMBDA:
        _lambda(c, node_of(tree))
    elif scope.kind is ScopeKind.CLASS:
        _class(c, node_of(tree))
    else:
        comprehensions.body(c, node_of(tree))


def _module(c: Compiler, tree: Child) -> None:
    if isinstance(tree, Node) and tree.rule == Rule.eval_input:
        c.node(tree.kids[0])
    else:
        c.node(tree)
        c.emit.load_none()
    c.emit.return_value()


def _function(c: Compiler, node: Node) -> None:
    _parameters(c, node.kids[1], Rule.typedargslist)
    if c.first and c.scope.option is EmitOption.VIPER:
        c.scope.returns = _viper_type(c, node.kids[2])
    c.node(node.kids[3])
    c.emit.load_none()
    c.emit.return_value()


def _lambda(c: Compiler, node: Node) -> None:
    """One that yields gives None in the end."""
    c.emit.set_line(node.line)
    _parameters(c, node.kids[0], Rule.varargslist)
    c.node(node.kids[1])
    if Flag.GENERATOR in c.scope.flags:
        c.emit.pop_top()
        c.emit.load_none()
    c.emit.return_value()


def _class(c: Compiler, node: Node) -> None:
    """The body of a class ends with its cell ``__class__``, if a method uses ``super()``."""
    if c.first:
        c.scope.find_or_add("__class__", IdKind.LOCAL)
    c.load("__name__")
    c.store("__module__")
    c.emit.load_string(name_of(node.kids[0]))
    c.store("__qualname__")
    c.node(node.kids[2])
    own = c.scope.index["__class__"]
    if own.kind is IdKind.LOCAL:
        c.emit.load_none()
    else:
        c.emit.load_fast(own.number)
    c.emit.return_value()


def _parameters(c: Compiler, parameters: Child, rule: Rule) -> None:
    """Parameters are the first names of a function."""
    if c.first:
        c.have_star = False
        for parameter in items(parameters, rule):
            _parameter(c, parameter)


def _parameter(c: Compiler, child: Child) -> None:
    """``compile_scope_func_lambda_param``."""
    scope = c.scope
    if Flag.VAR_KEYWORDS in scope.flags:
        c.syntax_error(child, _INVALID)
        return
    flags = IdFlag.PARAM
    name: str | None = None
    rule = child.rule if isinstance(child, Node) else None
    if rule in (None, Rule.typedargslist_name, Rule.varargslist_name):
        name = name_of(child.kids[0] if isinstance(child, Node) else child)
        if c.have_star:
            scope.keyword_only += 1
        else:
            scope.pos_args += 1
    elif rule in (Rule.typedargslist_star, Rule.varargslist_star):
        if c.have_star:
            c.syntax_error(child, _INVALID)
            return
        c.have_star = True
        flags |= IdFlag.STAR
        starred = node_of(child).kids[0]
        if starred is not None:
            scope.flags |= Flag.VAR_ARGS
            name = name_of(starred.kids[0] if isinstance(starred, Node) else starred)
    else:
        name = name_of(node_of(child).kids[0])
        flags |= IdFlag.DOUBLE_STAR
        scope.flags |= Flag.VAR_KEYWORDS
    if name is not None:
        found = scope.find_or_add(name, IdKind.UNDECIDED)
        if found.kind is not IdKind.UNDECIDED:
            c.syntax_error(child, _REUSED)
            return
        found.kind = IdKind.LOCAL
        found.flags = flags
        if scope.option is EmitOption.VIPER and isinstance(child, Node) and rule == Rule.typedargslist_name:
            found.annotation = _viper_type(c, child.kids[1])


def _viper_type(c: Compiler, annotation: Child) -> str:
    """``compile_viper_type_annotation``."""
    if annotation is None:
        return "object"
    if not isinstance(annotation, Name):
        c.syntax_error(annotation, "annotation must be an identifier")
        return "object"
    if annotation.id not in machine_table.TYPES:
        machine_table.not_modelled(f"the unknown type {annotation.id}")
    return annotation.id


__all__ = ["body"]
