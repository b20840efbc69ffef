"""``import`` and ``from … import`` (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.nodes import Node, Token, is_rule, is_token, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.scopes import ScopeKind
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child

_ELLIPSIS_LEVELS: Final = 3


def _import(c: Compiler, module: Child) -> str:
    """``do_import_name``: import a module; the name it is known by. A dotted name may be new to the pool."""
    alias = None
    if isinstance(module, Node) and module.rule == Rule.dotted_as_name:
        alias = name_of(module.kids[1])
        module = module.kids[0]
    if module is None:
        c.emit.import_name("")
        return alias or ""
    names = [name_of(name) for name in items(module, Rule.dotted_name)]
    full = names[0] if len(names) == 1 else c.vm.strings.intern(".".join(names))
    c.emit.import_name(full)
    if alias is None:
        return names[0]
    for name in names[1:]:
        c.emit.load_attr(name)
    return alias


def import_name(c: Compiler, node: Node) -> None:
    """``import a, b.c as d``."""
    for module in items(node.kids[0], Rule.dotted_as_names):
        c.emit.load_int(0)
        c.emit.load_none()
        c.store(_import(c, module))


def import_from(c: Compiler, node: Node) -> None:
    """``from a import b as c``; with a star only at module level."""
    source, wanted = node.kids
    level, source = _level(source)
    if is_token(wanted, Tok.OP_STAR):
        if c.scope.kind is not ScopeKind.MODULE:
            c.syntax_error(node, "import * not at module level")
            return
        c.emit.load_int(level)
        c.emit.load_string("*")
        c.emit.build(Code.BUILD_TUPLE, 1)
        _import(c, source)
        c.emit.import_star()
        return
    names = [node_of(name) for name in items(wanted, Rule.import_as_names)]
    c.emit.load_int(level)
    for name in names:
        c.emit.load_string(name_of(name.kids[0]))
    c.emit.build(Code.BUILD_TUPLE, len(names))
    _import(c, source)
    for name in names:
        c.emit.import_from(name_of(name.kids[0]))
        c.store(name_of(name.kids[0] if name.kids[1] is None else name.kids[1]))
    c.emit.pop_top()


def _level(source: Child) -> tuple[int, Child]:
    """How many dots stand before the module, and the module."""
    if isinstance(source, Token) or is_rule(source, Rule.one_or_more_period_or_ellipsis):
        dots: Child = source
        source = None
    elif isinstance(source, Node) and source.rule == Rule.import_from_2b:
        dots, source = source.kids
    else:
        return 0, source
    level = 0
    for dot in items(dots, Rule.one_or_more_period_or_ellipsis):
        level += 1 if is_token(dot, Tok.DEL_PERIOD) else _ELLIPSIS_LEVELS
    return level, source


__all__ = ["import_from", "import_name"]
