"""Targets of assignments, deletion, and assignment statements (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.nodes import (
    Name,
    Node,
    Token,
    is_comprehension,
    is_rule,
    items,
    name_of,
    node_of,
)
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.scopes import IdKind, ScopeKind
from omvsim.micropython.values import BinaryOp
from omvsim.records import Enum, auto

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child

_CANNOT_ASSIGN: Final = "can't assign to expression"
_CANNOT_DELETE: Final = "can't delete expression"
_INPLACE: Final = {
    Tok.DEL_PIPE_EQUAL: BinaryOp.INPLACE_OR,
    Tok.DEL_CARET_EQUAL: BinaryOp.INPLACE_XOR,
    Tok.DEL_AMPERSAND_EQUAL: BinaryOp.INPLACE_AND,
    Tok.DEL_DBL_LESS_EQUAL: BinaryOp.INPLACE_LSHIFT,
    Tok.DEL_DBL_MORE_EQUAL: BinaryOp.INPLACE_RSHIFT,
    Tok.DEL_PLUS_EQUAL: BinaryOp.INPLACE_ADD,
    Tok.DEL_MINUS_EQUAL: BinaryOp.INPLACE_SUBTRACT,
    Tok.DEL_STAR_EQUAL: BinaryOp.INPLACE_MULTIPLY,
    Tok.DEL_AT_EQUAL: BinaryOp.INPLACE_MAT_MULTIPLY,
    Tok.DEL_DBL_SLASH_EQUAL: BinaryOp.INPLACE_FLOOR_DIVIDE,
    Tok.DEL_SLASH_EQUAL: BinaryOp.INPLACE_TRUE_DIVIDE,
    Tok.DEL_PERCENT_EQUAL: BinaryOp.INPLACE_MODULO,
    Tok.DEL_DBL_STAR_EQUAL: BinaryOp.INPLACE_POWER,
}
_SWAPPED: Final = (2, 3)
"""Tuples of so many are assigned to tuples without being built."""


class Assign(Enum):
    """``assign_kind_t``: a plain store, or the two halves of ``+=``."""

    STORE = auto()
    AUGMENTED_LOAD = auto()
    AUGMENTED_STORE = auto()


def assign(c: Compiler, target: Child, how: Assign = Assign.STORE) -> None:
    """``c_assign``: the value on top of the stack goes to a target."""
    if isinstance(target, Name):
        if how is Assign.AUGMENTED_LOAD:
            c.load(target.id)
        else:
            c.store(target.id)
        return
    sequence = None
    if isinstance(target, Node):
        if target.rule == Rule.atom_expr_normal:
            _assign_atom_expr(c, target, how)
            return
        if how is Assign.STORE:
            sequence = _members(target)
    if sequence is None:
        c.syntax_error(target, _CANNOT_ASSIGN)
    else:
        _assign_tuple(c, sequence)


def _members(target: Node) -> Sequence[Child] | None:
    """The targets of a tuple or list; None where it is neither."""
    if target.rule in (Rule.testlist_star_expr, Rule.exprlist):
        return target.kids
    if target.rule not in (Rule.atom_paren, Rule.atom_bracket):
        return None
    inner = target.kids[0]
    if isinstance(inner, Node) and inner.rule == Rule.testlist_comp:
        return None if is_comprehension(inner) else inner.kids
    if target.rule == Rule.atom_paren:
        return None
    return [] if inner is None else [inner]


def _assign_atom_expr(c: Compiler, node: Node, how: Assign) -> None:
    """An attribute or item as target."""
    trailers = items(node.kids[1], Rule.atom_expr_trailers)
    if how is not Assign.AUGMENTED_STORE:
        c.node(node.kids[0])
        for trailer in trailers[:-1]:
            c.node(trailer)
    last = trailers[-1] if trailers else None
    if isinstance(last, Node) and last.rule == Rule.trailer_bracket:
        _assign_item(c, last, how)
    elif isinstance(last, Node) and last.rule == Rule.trailer_period:
        _assign_attribute(c, name_of(last.kids[0]), how)
    else:
        c.syntax_error(node, _CANNOT_ASSIGN)


def _assign_item(c: Compiler, trailer: Node, how: Assign) -> None:
    if how is Assign.AUGMENTED_STORE:
        c.emit.rot_three()
        c.emit.store_subscr()
        return
    c.node(trailer.kids[0])
    if how is Assign.AUGMENTED_LOAD:
        c.emit.dup_top_two()
        c.emit.load_subscr()
    else:
        c.emit.store_subscr()


def _assign_attribute(c: Compiler, name: str, how: Assign) -> None:
    if how is Assign.AUGMENTED_LOAD:
        c.emit.dup_top()
        c.emit.load_attr(name)
        return
    if how is Assign.AUGMENTED_STORE:
        c.emit.rot_two()
    c.emit.store_attr(name)


def _assign_tuple(c: Compiler, targets: Sequence[Child]) -> None:
    """``c_assign_tuple``: unpack, then store from left to right; one may have a star."""
    starred: Child = None
    for i, target in enumerate(targets):
        if is_rule(target, Rule.star_expr):
            if starred is not None:
                c.syntax_error(target, "multiple *x in assignment")
                return
            c.emit.unpack_ex(i, len(targets) - i - 1)
            starred = target
    if starred is None:
        c.emit.unpack_sequence(len(targets))
    for target in targets:
        assign(c, node_of(target).kids[0] if target is starred and starred is not None else target)


def named_expression(c: Compiler, target: Child, value: Child) -> None:
    """``compile_namedexpr_helper``: ``target := value``. In a comprehension the target is of the scope around it."""
    if not isinstance(target, Name):
        c.syntax_error(target, _CANNOT_ASSIGN)
    c.node(value)
    c.emit.dup_top()
    name = name_of(target)
    parent = c.scope.parent
    if c.first and c.scope.kind.is_comprehension and parent is not None:
        outer = parent.modified(name)
        if outer.kind is IdKind.GLOBAL_EXPLICIT:
            c.scope.find_or_add(name, IdKind.GLOBAL_EXPLICIT)
        else:
            inner = c.scope.find_or_add(name, IdKind.UNDECIDED)
            is_global = parent.parent is None
            if not is_global and inner.kind is IdKind.GLOBAL_IMPLICIT:
                inner.kind = IdKind.UNDECIDED
            c.declare(target, inner, is_global=is_global)
    c.store(name)


def namedexpr(c: Compiler, node: Node) -> None:
    """``target := value`` in a condition."""
    named_expression(c, node.kids[0], node.kids[1])


def expr_stmt(c: Compiler, node: Node) -> None:
    """``compile_expr_stmt``: an expression, or an assignment of any kind."""
    target, rest = node.kids
    if rest is None:
        if c.is_repl and c.scope.kind is ScopeKind.MODULE:
            c.load("__repl_print__")
            c.node(target)
            c.emit.call(1, 0)
            c.emit.pop_top()
        elif isinstance(target, Node | Name):
            c.node(target)
            c.emit.pop_top()
    elif isinstance(rest, Node) and rest.rule == Rule.annassign:
        if rest.kids[1] is not None:
            _plain(c, target, rest.kids[1])
        elif c.scope.kind is ScopeKind.FUNCTION and isinstance(target, Name):
            c.scope.find_or_add(target.id, IdKind.LOCAL)
    elif isinstance(rest, Node) and rest.rule == Rule.expr_stmt_augassign:
        operator = rest.kids[0]
        assert isinstance(operator, Token)
        assign(c, target, Assign.AUGMENTED_LOAD)
        c.node(rest.kids[1])
        c.emit.binary(_INPLACE[operator.kind])
        assign(c, target, Assign.AUGMENTED_STORE)
    elif isinstance(rest, Node) and rest.rule == Rule.expr_stmt_assign_list:
        targets = [target, *rest.kids[:-1]]
        c.node(rest.kids[-1])
        for one in targets[:-1]:
            c.emit.dup_top()
            assign(c, one)
        assign(c, targets[-1])
    else:
        _plain(c, target, rest)


def _plain(c: Compiler, target: Child, value: Child) -> None:
    """``target = value``; ``a, b = c, d`` makes no tuple."""
    if (
        isinstance(value, Node)
        and value.rule == Rule.testlist_star_expr
        and isinstance(target, Node)
        and target.rule == Rule.testlist_star_expr
        and len(target.kids) == len(value.kids)
        and len(target.kids) in _SWAPPED
        and not any(is_rule(kid, Rule.star_expr) for kid in target.kids)
    ):
        for kid in value.kids:
            c.node(kid)
        if len(value.kids) == 3:
            c.emit.rot_three()
        c.emit.rot_two()
        for kid in target.kids:
            assign(c, kid)
    else:
        c.node(value)
        assign(c, target)


def del_stmt(c: Compiler, node: Node) -> None:
    """``del`` of one target or several."""
    for target in items(node.kids[0], Rule.exprlist):
        _delete(c, target)


def _delete(c: Compiler, target: Child) -> None:
    """``c_del_stmt``."""
    if isinstance(target, Name):
        c.delete(target.id)
        return
    if isinstance(target, Node) and target.rule == Rule.atom_expr_normal:
        trailers = items(target.kids[1], Rule.atom_expr_trailers)
        for part in (target.kids[0], *trailers[:-1]):
            c.node(part)
        last = trailers[-1] if trailers else None
        if isinstance(last, Node) and last.rule == Rule.trailer_bracket:
            c.node(last.kids[0])
            c.emit.delete_subscr()
            return
        if isinstance(last, Node) and last.rule == Rule.trailer_period:
            c.emit.delete_attr(name_of(last.kids[0]))
            return
    elif isinstance(target, Node) and target.rule == Rule.atom_paren:
        target = target.kids[0]
        if isinstance(target, Node) and not is_comprehension(target):
            for kid in target.kids:
                _delete(c, kid)
            return
    c.syntax_error(target, _CANNOT_DELETE)


__all__ = ["assign", "del_stmt", "expr_stmt", "named_expression", "namedexpr"]
