"""Statements that change where execution goes on: conditions, loops, return, raise, assert (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.assignments import assign
from omvsim.compiler.conditions import condition
from omvsim.compiler.core import Loop
from omvsim.compiler.nodes import Name, Node, is_rule, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import IdKind, ScopeKind
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child


def generic_all_nodes(c: Compiler, node: Node) -> None:
    """Nothing but the children."""
    c.all_nodes(node)


def global_stmt(c: Compiler, node: Node) -> None:
    """``global`` and ``nonlocal``: they are over once names are known."""
    if not c.first:
        return
    is_global = node.rule == Rule.global_stmt
    if not is_global and c.scope.kind is ScopeKind.MODULE:
        c.syntax_error(node, "can't declare nonlocal in outer code")
        return
    for name in items(node.kids[0], Rule.name_list):
        c.declare(node, c.scope.find_or_add(name_of(name), IdKind.UNDECIDED), is_global=is_global)


def break_continue(c: Compiler, node: Node) -> None:
    """``break`` and ``continue``."""
    loop = c.loop
    if loop is None:
        c.syntax_error(node, "'break'/'continue' outside loop")
        return
    levels = c.except_level - loop.level
    if node.rule == Rule.break_stmt:
        c.emit.unwind_jump(loop.break_label, levels, out_of_for=loop.is_for)
    else:
        c.emit.unwind_jump(loop.continue_label, levels, out_of_for=False)


def return_stmt(c: Compiler, node: Node) -> None:
    """``return``; of ``a if b else c`` each side returns by itself."""
    if c.scope.kind is not ScopeKind.FUNCTION:
        c.syntax_error(node, "'return' outside function")
        return
    value = node.kids[0]
    if value is None:
        c.emit.load_none()
    elif isinstance(value, Node) and value.rule == Rule.test_if_expr:
        choice = node_of(value.kids[1])
        fail = c.new_label()
        condition(c, choice.kids[0], False, fail)
        c.node(value.kids[0])
        c.emit.return_value()
        c.emit.label(fail)
        c.node(choice.kids[1])
    else:
        c.node(value)
    c.emit.return_value()


def yield_stmt(c: Compiler, node: Node) -> None:
    """``yield`` as a statement."""
    c.node(node.kids[0])
    c.emit.pop_top()


def raise_stmt(c: Compiler, node: Node) -> None:
    """``raise``, with an exception and its cause or without."""
    value = node.kids[0]
    if value is None:
        c.emit.raise_(0)
    elif isinstance(value, Node) and value.rule == Rule.raise_stmt_arg:
        c.node(value.kids[0])
        c.node(value.kids[1])
        c.emit.raise_(2)
    else:
        c.node(value)
        c.emit.raise_(1)


def assert_stmt(c: Compiler, node: Node) -> None:
    """Nothing, where code is optimised."""
    if c.vm.opt_level:
        return
    end = c.new_label()
    condition(c, node.kids[0], True, end)
    c.emit.load_global("AssertionError")
    if node.kids[1] is not None:
        c.node(node.kids[1])
        c.emit.call(1, 0)
    c.emit.raise_(1)
    c.emit.label(end)


def if_stmt(c: Compiler, node: Node) -> None:
    """``compile_if_stmt``: branches of constant conditions are left out."""
    end = c.new_label()
    test, block, elifs, otherwise = node.kids
    alone = elifs is None and otherwise is None
    done = _branch(c, test, block, None if alone else end)
    for branch in items(elifs, Rule.if_stmt_elif_list):
        if done:
            break
        done = _branch(c, node_of(branch).kids[0], node_of(branch).kids[1], end)
    if not done:
        c.node(otherwise)
    c.emit.label(end)


def _branch(c: Compiler, test: Child, block: Child, end: int | None) -> bool:
    """One condition and its block, then a jump to ``end``; whether nothing behind it can run."""
    constant = c.truth(test)
    if constant is False:
        return False
    fail = c.new_label()
    condition(c, test, False, fail)
    c.node(block)
    if constant is True:
        return True
    if end is not None:
        c.emit.jump(end)
    c.emit.label(fail)
    return False


def enter_loop(c: Compiler, *, is_for: bool = False) -> tuple[Loop, Loop | None]:
    """``START_BREAK_CONTINUE_BLOCK``: the loop, and the one around it."""
    outer = c.loop
    break_label, continue_label = c.new_label(), c.new_label()
    c.loop = Loop(break_label, continue_label, c.except_level, is_for=is_for)
    return c.loop, outer


def while_stmt(c: Compiler, node: Node) -> None:
    """``while``; the condition stands behind the block."""
    loop, outer = enter_loop(c)
    line = c.emit.source_line
    constant = c.truth(node.kids[0])
    if constant is not False:
        top = c.new_label()
        if constant is not True:
            c.emit.jump(loop.continue_label)
        c.emit.label(top)
        start = c.emit.here
        c.node(node.kids[1])
        c.emit.label(loop.continue_label)
        c.emit.turn_ends(start, line)
        condition(c, node.kids[0], True, top)
    c.loop = outer
    c.node(node.kids[2])
    c.emit.label(loop.break_label)


def for_stmt(c: Compiler, node: Node) -> None:
    """``for``; over a ``range`` with a constant step it counts on the value stack instead."""
    limits = _range_limits(node)
    if limits is not None:
        _for_range(c, node, *limits)
        return
    loop, outer = enter_loop(c, is_for=True)
    pop = c.new_label()
    line = c.emit.source_line
    c.node(node.kids[1])
    c.emit.get_iter(on_stack=True)
    c.emit.label(loop.continue_label)
    c.emit.turn_ends(c.emit.here, line)
    c.emit.for_iter(pop)
    assign(c, node.kids[0])
    c.node(node.kids[2])
    c.emit.jump(loop.continue_label)
    c.emit.label(pop)
    c.emit.for_iter_end()
    c.loop = outer
    c.node(node.kids[3])
    c.emit.label(loop.break_label)


def _range_limits(node: Node) -> tuple[Child, Child, int] | None:
    """Start, end and step of ``for x in range(…)``; None where it is not that or the step may be 0."""
    call = node.kids[1]
    if not isinstance(node.kids[0], Name) or not isinstance(call, Node) or call.rule != Rule.atom_expr_normal:
        return None
    trailer = call.kids[1]
    if name_of(call.kids[0]) != "range" or not isinstance(trailer, Node) or trailer.rule != Rule.trailer_paren:
        return None
    args = items(trailer.kids[0], Rule.arglist)
    if not 1 <= len(args) <= 3:
        return None
    start: Child = 0 if len(args) == 1 else args[0]
    end = args[0] if len(args) == 1 else args[1]
    step = args[2] if len(args) == 3 else 1
    if not isinstance(step, int) or step == 0:
        return None
    special = (Rule.arglist_star, Rule.arglist_dbl_star, Rule.argument)
    if any(is_rule(limit, rule) for limit in (start, end) for rule in special):
        return None
    return start, end, step


def _for_range(c: Compiler, node: Node, start: Child, end: Child, step: int) -> None:
    """``compile_for_stmt_optimised_range``: the end, unless it is a small int, and the next value are on the stack."""
    loop, outer = enter_loop(c)
    top, entry = c.new_label(), c.new_label()
    on_stack = not isinstance(end, int)
    otherwise = node.kids[3]
    line = c.emit.source_line
    if on_stack:
        c.node(end)
    c.node(start)
    c.emit.jump(entry)
    c.emit.label(top)
    first = c.emit.here
    c.emit.dup_top()
    assign(c, node.kids[0])
    c.node(node.kids[2])
    c.emit.label(loop.continue_label)
    c.emit.turn_ends(first, line)
    c.node(step)
    c.emit.binary(BinaryOp.INPLACE_ADD)
    c.emit.label(entry)
    if on_stack:
        c.emit.dup_top_two()
        c.emit.rot_two()
    else:
        c.emit.dup_top()
        c.node(end)
    c.emit.binary(BinaryOp.LESS if step >= 0 else BinaryOp.MORE)
    c.emit.pop_jump_if(True, top)
    c.loop = outer
    over = 0
    if otherwise is not None:
        _pop(c, 1 + on_stack)
        c.node(otherwise)
        over = c.new_label()
        c.emit.jump(over)
        c.emit.adjust(1 + on_stack)
    c.emit.label(loop.break_label)
    _pop(c, 1 + on_stack)
    if otherwise is not None:
        c.emit.label(over)


def _pop(c: Compiler, count: int) -> None:
    for _ in range(count):
        c.emit.pop_top()
