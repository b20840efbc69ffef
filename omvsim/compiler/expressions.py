"""Operators, comparisons, conditions and atoms (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.closures import comprehension
from omvsim.compiler.conditions import condition
from omvsim.compiler.nodes import Node, Token, is_comprehension, is_rule, items, node_of
from omvsim.compiler.parsing.folding import ARITHMETIC, UNARY
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.scopes import ScopeKind
from omvsim.micropython.isa import Code
from omvsim.micropython.values import BinaryOp, UnaryOp

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child

OPERATORS: Final = {
    Tok.OP_LESS: BinaryOp.LESS,
    Tok.OP_MORE: BinaryOp.MORE,
    Tok.OP_DBL_EQUAL: BinaryOp.EQUAL,
    Tok.OP_LESS_EQUAL: BinaryOp.LESS_EQUAL,
    Tok.OP_MORE_EQUAL: BinaryOp.MORE_EQUAL,
    Tok.OP_NOT_EQUAL: BinaryOp.NOT_EQUAL,
    Tok.KW_IN: BinaryOp.IN,
    **ARITHMETIC,
}
_BY_RULE: Final = {Rule.expr: BinaryOp.OR, Rule.xor_expr: BinaryOp.XOR, Rule.and_expr: BinaryOp.AND}


def generic_tuple(c: Compiler, node: Node) -> None:
    """A tuple of the node's children."""
    for kid in node.kids:
        c.node(kid)
    c.emit.build(Code.BUILD_TUPLE, len(node.kids))


def test_if_expr(c: Compiler, node: Node) -> None:
    """``a if b else c``."""
    choice = node_of(node.kids[1])
    fail, end = c.new_label(), c.new_label()
    condition(c, choice.kids[0], False, fail)
    c.node(node.kids[0])
    c.emit.jump(end)
    c.emit.label(fail)
    c.emit.adjust(-1)
    c.node(choice.kids[1])
    c.emit.label(end)


def or_and_test(c: Compiler, node: Node) -> None:
    """``a or b or c``, likewise with ``and``."""
    end = c.new_label()
    for kid in node.kids[:-1]:
        c.node(kid)
        c.emit.jump_if_or_pop(node.rule == Rule.or_test, end)
    c.node(node.kids[-1])
    c.emit.label(end)


def not_test(c: Compiler, node: Node) -> None:
    """``not a``."""
    c.node(node.kids[0])
    c.emit.unary(UnaryOp.NOT)


def comparison(c: Compiler, node: Node) -> None:
    """``a < b <= c``: a chain keeps its middle values on the stack."""
    kids = node.kids
    c.node(kids[0])
    chained = len(kids) > 3
    fail = c.new_label() if chained else 0
    for i in range(1, len(kids) - 1, 2):
        more = i + 2 < len(kids)
        c.node(kids[i + 1])
        if more:
            c.emit.dup_top()
            c.emit.rot_three()
        c.emit.binary(_comparison_operator(kids[i]))
        if more:
            c.emit.jump_if_or_pop(False, fail)
    if chained:
        end = c.new_label()
        c.emit.jump(end)
        c.emit.label(fail)
        c.emit.adjust(1)
        c.emit.rot_two()
        c.emit.pop_top()
        c.emit.label(end)


def _comparison_operator(child: Child) -> BinaryOp:
    if isinstance(child, Token):
        return OPERATORS[child.kind]
    node = node_of(child)
    if node.rule == Rule.comp_op_not_in:
        return BinaryOp.NOT_IN
    return BinaryOp.IS if node.kids[0] is None else BinaryOp.IS_NOT


def star_expr(c: Compiler, node: Node) -> None:
    """A star where no value may have one."""
    c.syntax_error(node, "*x must be assignment target")


def binary_op(c: Compiler, node: Node) -> None:
    """``a | b | c``, likewise with ``^`` and ``&``."""
    c.node(node.kids[0])
    for kid in node.kids[1:]:
        c.node(kid)
        c.emit.binary(_BY_RULE[node.rule])


def term(c: Compiler, node: Node) -> None:
    """Operators of equal rank from left to right."""
    kids = node.kids
    c.node(kids[0])
    for i in range(1, len(kids) - 1, 2):
        c.node(kids[i + 1])
        operator = kids[i]
        assert isinstance(operator, Token)
        c.emit.binary(OPERATORS[operator.kind])


def factor(c: Compiler, node: Node) -> None:
    """``-a``, ``+a``, ``~a``."""
    c.node(node.kids[1])
    operator = node.kids[0]
    assert isinstance(operator, Token)
    c.emit.unary(UNARY[operator.kind])


def power(c: Compiler, node: Node) -> None:
    """``a ** b``."""
    c.all_nodes(node)
    c.emit.binary(BinaryOp.POWER)


def atom_paren(c: Compiler, node: Node) -> None:
    """``()``, a tuple, or a generator expression; other parentheses leave no node."""
    if node.kids[0] is None:
        c.emit.build(Code.BUILD_TUPLE, 0)
        return
    inner = node_of(node.kids[0])
    if is_comprehension(inner):
        comprehension(c, inner, ScopeKind.GEN_EXPR)
    else:
        generic_tuple(c, inner)


def atom_bracket(c: Compiler, node: Node) -> None:
    """A list or a list comprehension."""
    inner = node.kids[0]
    if inner is None:
        c.emit.build(Code.BUILD_LIST, 0)
    elif isinstance(inner, Node) and inner.rule == Rule.testlist_comp:
        if is_comprehension(inner):
            comprehension(c, inner, ScopeKind.LIST_COMP)
        else:
            c.all_nodes(inner)
            c.emit.build(Code.BUILD_LIST, len(inner.kids))
    else:
        c.node(inner)
        c.emit.build(Code.BUILD_LIST, 1)


def atom_brace(c: Compiler, node: Node) -> None:
    """A dict, a set or a comprehension of one."""
    brace(c, node, create_map=True)


def brace(c: Compiler, node: Node, *, create_map: bool) -> None:
    """A dict, a set or a comprehension. ``create_map`` false: the dict is on the stack already (OrderedDict)."""
    inner = node.kids[0]
    if inner is None or is_rule(inner, Rule.dictorsetmaker_item):
        if create_map:
            c.emit.build(Code.BUILD_MAP, 0 if inner is None else 1)
        if inner is not None:
            c.node(inner)
            c.emit.store_map()
    elif isinstance(inner, Node) and inner.rule == Rule.dictorsetmaker:
        tail = node_of(inner.kids[1])
        is_dict = is_rule(inner.kids[0], Rule.dictorsetmaker_item)
        if tail.rule == Rule.dictorsetmaker_list:
            _brace_list(c, inner, items(tail.kids[0], Rule.dictorsetmaker_list2), is_dict, create_map)
        else:
            comprehension(c, inner, ScopeKind.DICT_COMP if is_dict else ScopeKind.SET_COMP)
    else:
        c.node(inner)
        c.emit.build(Code.BUILD_SET, 1)


def _brace_list(c: Compiler, node: Node, rest: list[Child], is_dict: bool, create_map: bool) -> None:
    """A dict or set of more than one item; the first decides which."""
    if is_dict and create_map:
        c.emit.build(Code.BUILD_MAP, 1 + len(rest))
    c.node(node.kids[0])
    if is_dict:
        c.emit.store_map()
    for item in rest:
        c.node(item)
        if is_rule(item, Rule.dictorsetmaker_item) is not is_dict:
            c.syntax_error(node, "expecting key:value for dict" if is_dict else "expecting just a value for set")
            return
        if is_dict:
            c.emit.store_map()
    if not is_dict:
        c.emit.build(Code.BUILD_SET, 1 + len(rest))


def dict_item(c: Compiler, node: Node) -> None:
    """Value, then key."""
    c.node(node.kids[1])
    c.node(node.kids[0])
