"""``try`` in all its forms, and ``with`` (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.assignments import assign
from omvsim.compiler.emitter import UNWIND_SLOTS
from omvsim.compiler.nodes import Node, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.micropython.isa import Code
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child


def try_stmt(c: Compiler, node: Node) -> None:
    """``try`` with ``except``, ``finally`` or both."""
    body, rest = node.kids
    if isinstance(rest, Node) and rest.rule == Rule.try_stmt_finally:
        _try_finally(c, body, [], None, rest.kids[0])
    elif isinstance(rest, Node) and rest.rule == Rule.try_stmt_except_and_more:
        clauses = items(rest.kids[0], Rule.try_stmt_except_list)
        if rest.kids[2] is None:
            _try_except(c, body, clauses, rest.kids[1])
        else:
            _try_finally(c, body, clauses, rest.kids[1], node_of(rest.kids[2]).kids[0])
    else:
        _try_except(c, body, items(rest, Rule.try_stmt_except_list), None)


def _try_except(c: Compiler, body: Child, clauses: list[Child], otherwise: Child) -> None:
    """``compile_try_except``: the handler has the exception on top, and room for a return under way."""
    handler, success = c.new_label(), c.new_label()
    c.enter_handler(handler, Code.SETUP_EXCEPT)
    c.node(body)
    c.emit.pop_except_jump(success)
    c.emit.label(handler)
    start_except_handler(c)
    over = c.new_label()
    for i, clause in enumerate(clauses):
        if not _except(c, node_of(clause), over, is_last=i + 1 == len(clauses)):
            return
    c.leave_handler()
    end_except_handler(c)
    c.emit.label(success)
    c.node(otherwise)
    c.emit.label(over)


def start_except_handler(c: Compiler) -> None:
    """``mp_emit_bc_start_except_handler``: the exception, and room for what a jump out of it unwinds."""
    c.emit.adjust(1 + UNWIND_SLOTS, unsure=UNWIND_SLOTS)


def end_except_handler(c: Compiler) -> None:
    """``mp_emit_bc_end_except_handler``: the room for unwinding is over."""
    c.emit.adjust(-UNWIND_SLOTS, unsure=-UNWIND_SLOTS)


def _except(c: Compiler, clause: Node, over: int, *, is_last: bool) -> bool:
    """One ``except``; false: it was wrong."""
    name = ""
    next_clause = c.new_label()
    wanted = clause.kids[0]
    if wanted is None:
        if not is_last:
            c.syntax_error(clause, "default 'except' must be last")
            c.leave_handler()
            return False
    else:
        if isinstance(wanted, Node) and wanted.rule == Rule.try_stmt_as_name:
            name = name_of(wanted.kids[1])
            wanted = wanted.kids[0]
        c.emit.dup_top()
        c.node(wanted)
        c.emit.binary(BinaryOp.EXCEPTION_MATCH)
        c.emit.pop_jump_if(False, next_clause)
    if name:
        c.store(name)
        _named_handler(c, name, clause.kids[1])
    else:
        c.emit.pop_top()
        c.node(clause.kids[1])
    c.emit.pop_except_jump(over)
    c.emit.label(next_clause)
    c.emit.adjust(1)
    return True


def _named_handler(c: Compiler, name: str, body: Child) -> None:
    """The block of ``except … as name``: the name is deleted however the block is left."""
    finish = c.new_label()
    c.enter_handler(finish, Code.SETUP_FINALLY)
    c.node(body)
    c.emit.load_none()
    c.emit.label(finish)
    c.emit.adjust(1, unsure=1)
    c.emit.load_none()
    c.store(name)
    c.delete(name)
    c.emit.adjust(-1, unsure=-1)
    c.leave_handler()


def _try_finally(c: Compiler, body: Child, clauses: list[Child], otherwise: Child, finish: Child) -> None:
    """``compile_try_finally``: None on the stack says that nothing is under way; a return value may lie below."""
    label = c.new_label()
    c.enter_handler(label, Code.SETUP_FINALLY)
    if clauses:
        _try_except(c, body, clauses, otherwise)
    else:
        c.emit.adjust(UNWIND_SLOTS, unsure=UNWIND_SLOTS)
        c.node(body)
        c.emit.adjust(-UNWIND_SLOTS, unsure=-UNWIND_SLOTS)
    c.emit.load_none()
    c.emit.label(label)
    c.emit.adjust(1, unsure=1)
    c.node(finish)
    c.emit.adjust(-1, unsure=-1)
    c.leave_handler()


def with_stmt(c: Compiler, node: Node) -> None:
    """``with`` of one manager or several."""
    _with(c, items(node.kids[0], Rule.with_stmt_list), node.kids[1])


def _with(c: Compiler, managers: list[Child], body: Child) -> None:
    """``compile_with_stmt_helper``: each manager's block lies in that of the one before."""
    if not managers:
        c.node(body)
        return
    end = c.new_label()
    manager = managers[0]
    if isinstance(manager, Node) and manager.rule == Rule.with_item:
        c.node(manager.kids[0])
        c.enter_handler(end, Code.SETUP_WITH)
        assign(c, manager.kids[1])
    else:
        c.node(manager)
        c.enter_handler(end, Code.SETUP_WITH)
        c.emit.pop_top()
    _with(c, managers[1:], body)
    c.emit.with_cleanup(end)
    c.reserve_labels(3)
    c.leave_handler()


__all__ = ["end_except_handler", "start_except_handler", "try_stmt", "with_stmt"]
