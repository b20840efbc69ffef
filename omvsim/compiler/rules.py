"""Which function compiles a node of which rule (the rules with a ``c(…)`` in py/grammar.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler import (
    assignments,
    calls,
    coroutines,
    expressions,
    functions,
    handlers,
    imports,
    statements,
)
from omvsim.compiler.parsing.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Node

RULES: Final[dict[Rule, Callable[[Compiler, Node], None]]] = {
    Rule.file_input: statements.generic_all_nodes,
    Rule.file_input_2: statements.generic_all_nodes,
    Rule.decorated: functions.decorated,
    Rule.funcdef: functions.funcdef,
    Rule.simple_stmt_2: statements.generic_all_nodes,
    Rule.expr_stmt: assignments.expr_stmt,
    Rule.testlist_star_expr: expressions.generic_tuple,
    Rule.del_stmt: assignments.del_stmt,
    Rule.pass_stmt: statements.generic_all_nodes,
    Rule.break_stmt: statements.break_continue,
    Rule.continue_stmt: statements.break_continue,
    Rule.return_stmt: statements.return_stmt,
    Rule.yield_stmt: statements.yield_stmt,
    Rule.raise_stmt: statements.raise_stmt,
    Rule.import_name: imports.import_name,
    Rule.import_from: imports.import_from,
    Rule.global_stmt: statements.global_stmt,
    Rule.nonlocal_stmt: statements.global_stmt,
    Rule.assert_stmt: statements.assert_stmt,
    Rule.async_stmt: coroutines.async_stmt,
    Rule.if_stmt: statements.if_stmt,
    Rule.while_stmt: statements.while_stmt,
    Rule.for_stmt: statements.for_stmt,
    Rule.try_stmt: handlers.try_stmt,
    Rule.with_stmt: handlers.with_stmt,
    Rule.suite_block_stmts: statements.generic_all_nodes,
    Rule.namedexpr_test: assignments.namedexpr,
    Rule.test_if_expr: expressions.test_if_expr,
    Rule.lambdef: functions.lambdef,
    Rule.lambdef_nocond: functions.lambdef,
    Rule.or_test: expressions.or_and_test,
    Rule.and_test: expressions.or_and_test,
    Rule.not_test_2: expressions.not_test,
    Rule.comparison: expressions.comparison,
    Rule.star_expr: expressions.star_expr,
    Rule.expr: expressions.binary_op,
    Rule.xor_expr: expressions.binary_op,
    Rule.and_expr: expressions.binary_op,
    Rule.shift_expr: expressions.term,
    Rule.arith_expr: expressions.term,
    Rule.term: expressions.term,
    Rule.factor_2: expressions.factor,
    Rule.power: expressions.power,
    Rule.atom_expr_await: coroutines.await_expr,
    Rule.atom_expr_normal: calls.atom_expr,
    Rule.atom_paren: expressions.atom_paren,
    Rule.atom_bracket: expressions.atom_bracket,
    Rule.atom_brace: expressions.atom_brace,
    Rule.trailer_paren: calls.trailer_paren,
    Rule.trailer_bracket: calls.trailer_bracket,
    Rule.trailer_period: calls.trailer_period,
    Rule.subscriptlist: expressions.generic_tuple,
    Rule.subscript_2: calls.subscript,
    Rule.subscript_3: calls.subscript,
    Rule.testlist: expressions.generic_tuple,
    Rule.dictorsetmaker_item: expressions.dict_item,
    Rule.classdef: functions.classdef,
    Rule.yield_expr: coroutines.yield_expr,
}

__all__ = ["RULES"]
