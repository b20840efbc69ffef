"""Constant folding in the parser (py/parse.c): logic, arithmetic, ``const``, constants of modules, tuples.

What is folded is computed with the language's own operations, so it asks for what they ask for; operands stay behind
as garbage until a collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.parsing.leaves import constant
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.parsing.tree import TOKENS, Const, Name, Node, Token
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.values import BinaryOp, Obj, Sentinel, UnaryOp

if TYPE_CHECKING:
    from omvsim.compiler.parsing.parser import Parser
    from omvsim.compiler.parsing.tree import Child
    from omvsim.micropython.values import Value

_ONE_OPERATOR: Final = {
    Rule.expr: BinaryOp.OR,
    Rule.xor_expr: BinaryOp.XOR,
    Rule.and_expr: BinaryOp.AND,
    Rule.power: BinaryOp.POWER,
}
_MANY_OPERATORS: Final = frozenset({Rule.shift_expr, Rule.arith_expr, Rule.term})
ARITHMETIC: Final = {
    Tok.OP_DBL_LESS: BinaryOp.LSHIFT,
    Tok.OP_DBL_MORE: BinaryOp.RSHIFT,
    Tok.OP_PLUS: BinaryOp.ADD,
    Tok.OP_MINUS: BinaryOp.SUBTRACT,
    Tok.OP_STAR: BinaryOp.MULTIPLY,
    Tok.OP_AT: BinaryOp.MAT_MULTIPLY,
    Tok.OP_DBL_SLASH: BinaryOp.FLOOR_DIVIDE,
    Tok.OP_SLASH: BinaryOp.TRUE_DIVIDE,
    Tok.OP_PERCENT: BinaryOp.MODULO,
}
UNARY: Final = {Tok.OP_PLUS: UnaryOp.POSITIVE, Tok.OP_MINUS: UnaryOp.NEGATIVE, Tok.OP_TILDE: UnaryOp.INVERT}
_CONSTANT_TOKENS: Final = frozenset({Tok.KW_NONE, Tok.KW_FALSE, Tok.KW_TRUE, Tok.ELLIPSIS})
_MODULES: Final = frozenset({"errno", "uctypes", "math"})
"""``mp_constants_table``: modules whose numbers are put in for their names."""

RULES: Final = frozenset(
    {*_ONE_OPERATOR, *_MANY_OPERATORS}
    | {Rule.or_test, Rule.and_test, Rule.not_test_2, Rule.factor_2, Rule.expr_stmt, Rule.atom_expr_normal}
)
"""Rules that may be folded."""
TUPLES: Final = frozenset(
    {Rule.testlist_comp, Rule.testlist_comp_3c, Rule.testlist_star_expr, Rule.testlist, Rule.subscriptlist}
)
"""Rules that may be a tuple of constants."""


# -- what is constant --------------------------------------------------------------------------------------------------


def is_constant(child: Child) -> bool:
    """``mp_parse_node_is_const``."""
    if isinstance(child, Token):
        return child.kind in _CONSTANT_TOKENS
    if isinstance(child, Node):
        return child.rule is Rule.atom_paren and child.kids[0] is None
    return not isinstance(child, Name) and child is not None


def value_of(parser: Parser, child: Child) -> Value:
    """``mp_parse_node_convert_to_obj``: the value of what :func:`is_constant`."""
    if isinstance(child, Const):
        return child.value
    if isinstance(child, Token):
        if child.kind is Tok.ELLIPSIS:
            return parser.vm.ellipsis
        return None if child.kind is Tok.KW_NONE else child.kind is Tok.KW_TRUE
    if isinstance(child, Node):
        return parser.vm.new_tuple(())
    assert isinstance(child, (int, str))
    return child


def _truth(parser: Parser, child: Child) -> bool | None:
    """Whether a constant is true; None: no constant (``mp_parse_node_is_const_true`` and ``_false``)."""
    return parser.vm.truth(value_of(parser, child)) if is_constant(child) else None


def _number(child: Child) -> Value:
    """``mp_parse_node_get_number_maybe``: an int or float; None: it is none."""
    if type(child) is int:
        return child
    if isinstance(child, Const) and _is_number(child.value):
        return child.value
    return None


def _is_number(value: object) -> bool:
    """An int or a float."""
    return type(value) is int or (isinstance(value, Obj) and value.type_name in ("int", "float"))


def _is_int(value: Value) -> bool:
    return type(value) is int or (isinstance(value, Obj) and value.type_name == "int")


# -- folding -----------------------------------------------------------------------------------------------------------


def logical(parser: Parser, rule: int, count: int) -> int | None:
    """``fold_logical_constants``: how many operands are left; None: the rule is done."""
    results = parser.results
    if rule == Rule.not_test_2:
        truth = _truth(parser, results[-1])
        if truth is None:
            return count
        results[-1] = TOKENS[Tok.KW_FALSE if truth else Tok.KW_TRUE]
        return None
    if rule not in (Rule.or_test, Rule.and_test):
        return count
    operands = results[len(results) - count :]
    kept: list[Child] = []
    for operand in operands[:-1]:
        truth = _truth(parser, operand)
        if truth is None:
            kept.append(operand)
        elif truth == (rule == Rule.or_test):
            kept.append(operand)
            break
    else:
        kept.append(operands[-1])
    results[len(results) - count :] = kept
    return None if len(kept) == 1 else len(kept)


def arithmetic(parser: Parser, rule: int, count: int) -> bool:
    """``fold_constants``: whether the rule is done."""
    value: Value
    if rule in _ONE_OPERATOR or rule in _MANY_OPERATORS:
        value = _binary(parser, rule, count)
    elif rule == Rule.factor_2:
        value = _unary(parser)
    elif rule == Rule.expr_stmt:
        return _declaration(parser)
    elif rule == Rule.atom_expr_normal:
        value = _of_module(parser)
    else:
        return False
    if value is None:
        return False
    del parser.results[len(parser.results) - count :]
    parser.push(constant(parser, value, 0))
    return True


def _binary(parser: Parser, rule: int, count: int) -> Value:
    """The value of a chain of operators; None: an operand is no number or an operation is refused."""
    vm = parser.vm
    operands = parser.results[len(parser.results) - count :]
    value = _number(operands[0])
    step = 1 if rule in _ONE_OPERATOR else 2
    for at in range(step, count, step):
        if value is None:
            return None
        right = _number(operands[at])
        if right is None:
            return None
        if step == 1:
            operator = _ONE_OPERATOR[Rule(rule)]
        else:
            sign = operands[at - 1]
            assert isinstance(sign, Token)
            if sign.kind is Tok.OP_AT and not vm.dialect.folds_matrix_product:
                return None
            operator = ARITHMETIC[sign.kind]
        try:
            value = vm.binary(operator, value, right)
        except Raised as raised:
            raised.__traceback__ = None
            return None
        if not _is_number(value):
            return None
    return value


def _unary(parser: Parser) -> Value:
    """The value of a sign before a number; None: it is none."""
    value = _number(parser.results[-1])
    sign = parser.results[-2]
    assert isinstance(sign, Token)
    if value is None or (sign.kind is Tok.OP_TILDE and not _is_int(value)):
        return None
    return parser.vm.unary(UNARY[sign.kind], value)


def _of_module(parser: Parser) -> Value:
    """The number that ``module.name`` is known to be; None: it is not known here."""
    base, trailer = parser.results[-2:]
    if not (isinstance(base, Name) and isinstance(trailer, Node) and trailer.rule is Rule.trailer_period):
        return None
    if base.id not in _MODULES:
        return None
    attribute = trailer.kids[0]
    assert isinstance(attribute, Name)
    value = parser.vm.module_constant(base.id, attribute.id)
    return value if not isinstance(value, Sentinel) and _is_number(value) else None


def _declaration(parser: Parser) -> bool:
    """``name = const(value)``: remember the value; a name with an underscore needs no statement any more."""
    results = parser.results
    target, call = results[-2:]
    if not (isinstance(target, Name) and isinstance(call, Node) and call.rule is Rule.atom_expr_normal):
        return False
    function, trailer = call.kids
    if not (isinstance(function, Name) and function.id == "const"):
        return False
    if not (isinstance(trailer, Node) and trailer.rule is Rule.trailer_paren):
        return False
    value = trailer.kids[0]
    if not is_constant(value):
        parser.fail(Error.SYNTAX, "not a constant", call.line)
    parser.consts.set(parser.vm, target.id, value_of(parser, value))
    if target.id.startswith("_"):
        del results[-2:]
        parser.build(0, Rule.pass_stmt, 0)
        return True
    results[-1] = value
    return False


def tuple_(parser: Parser, line: int, rule: int, count: int) -> bool:
    """``build_tuple``: whether it was a tuple of constants, which is one constant now."""
    rules = parser.rules
    if rule == Rule.testlist_comp:
        return rules[-1][0] == Rule.atom_paren and _constant_tuple(parser, line, count)
    if rule == Rule.testlist_comp_3c:
        if rules[-3][0] != Rule.atom_paren or not _constant_tuple(parser, line, count):
            return False
        del rules[-2:]
        return True
    return _constant_tuple(parser, line, count)


def _constant_tuple(parser: Parser, line: int, count: int) -> bool:
    """``build_tuple_from_stack``."""
    results = parser.results
    items = results[len(results) - count :]
    if not all(is_constant(item) for item in items):
        return False
    value = parser.vm.new_tuple([value_of(parser, item) for item in items])
    for item in reversed(items):
        results.pop()
        parser.packing.take_back(item)
    parser.push(parser.packing.const(value, line))
    return True


__all__ = ["RULES", "TUPLES", "arithmetic", "is_constant", "logical", "tuple_", "value_of"]
