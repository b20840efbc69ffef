"""Questions about the parse tree (py/parse.h, py/parse.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.parsing.tree import Const, Name, Node, Token, items

if TYPE_CHECKING:
    from omvsim.compiler.parsing.tree import Child


def is_rule(child: Child, rule: Rule) -> bool:
    """``MP_PARSE_NODE_IS_STRUCT_KIND``."""
    return isinstance(child, Node) and child.rule == rule


def is_token(child: Child, kind: Tok) -> bool:
    """``MP_PARSE_NODE_IS_TOKEN_KIND``."""
    return isinstance(child, Token) and child.kind == kind


def is_struct(child: Child) -> bool:
    """``MP_PARSE_NODE_IS_STRUCT``: what has a line: a rule or a constant object."""
    return isinstance(child, Node | Const)


def is_comprehension(node: Node) -> bool:
    """``MP_PARSE_NODE_TESTLIST_COMP_HAS_COMP_FOR``: whether it is a comprehension and no display."""
    return len(node.kids) == 2 and is_rule(node.kids[1], Rule.comp_for)


def node_of(child: Child) -> Node:
    """A child that the grammar makes a rule's node."""
    assert isinstance(child, Node)
    return child


def name_of(child: Child) -> str:
    """The name that a child is; empty where it is none (the error is known by then)."""
    return child.id if isinstance(child, Name) else ""


def truth_of(child: Child) -> bool | None:
    """What a constant is as a condition (``mp_parse_node_is_const_true``); None where it is no constant."""
    if isinstance(child, bool) or child is None:
        return None
    if isinstance(child, int | str):
        return bool(child)
    if isinstance(child, Token):
        return {Tok.KW_TRUE: True, Tok.ELLIPSIS: True, Tok.KW_FALSE: False, Tok.KW_NONE: False}.get(child.kind)
    if is_rule(child, Rule.atom_paren) and isinstance(child, Node) and child.kids[0] is None:
        return False
    return None


__all__ = [
    "Const",
    "Name",
    "Node",
    "Token",
    "is_comprehension",
    "is_rule",
    "is_struct",
    "is_token",
    "items",
    "name_of",
    "node_of",
    "truth_of",
]
