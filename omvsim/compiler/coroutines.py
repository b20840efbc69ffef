"""``yield``, ``await`` and the ``async`` statements (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.assignments import assign
from omvsim.compiler.calls import atom_expr
from omvsim.compiler.emitter import UNWIND_SLOTS
from omvsim.compiler.functions import funcdef
from omvsim.compiler.handlers import end_except_handler, start_except_handler
from omvsim.compiler.nodes import Node, items, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import Flag, ScopeKind
from omvsim.compiler.statements import enter_loop
from omvsim.micropython.isa import Code
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child


def _yield_from(c: Compiler) -> None:
    """``compile_yield_from``."""
    c.emit.get_iter(on_stack=False)
    c.emit.load_none()
    c.emit.yield_from()
    c.reserve_labels(3)


def yield_expr(c: Compiler, node: Node) -> None:
    """``yield``, with a value or without; ``yield from``."""
    if c.scope.kind not in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
        c.syntax_error(node, "'yield' outside function")
        return
    value = node.kids[0]
    if isinstance(value, Node) and value.rule == Rule.yield_arg_from:
        c.node(value.kids[0])
        _yield_from(c)
        return
    if value is None:
        c.emit.load_none()
    else:
        c.node(value)
    c.emit.yield_value()
    c.reserve_labels(1)


def await_expr(c: Compiler, node: Node) -> None:
    """``await``: yields from what it waits for."""
    if c.scope.kind not in (ScopeKind.FUNCTION, ScopeKind.LAMBDA):
        c.syntax_error(node, "'await' outside function")
        return
    atom_expr(c, node)
    _yield_from(c)


def async_stmt(c: Compiler, node: Node) -> None:
    """``async def``, ``async for``, ``async with``."""
    inner = node_of(node.kids[0])
    if inner.rule == Rule.funcdef:
        funcdef(c, inner)
        c.scope_of[inner].flags |= Flag.GENERATOR
    elif Flag.GENERATOR not in c.scope.flags:
        c.syntax_error(inner, "async for/with outside async function")
    elif inner.rule == Rule.for_stmt:
        _async_for(c, inner)
    else:
        _async_with(c, items(inner.kids[0], Rule.with_stmt_list), inner.kids[1])


def _await_method(c: Compiler, name: str) -> None:
    """``await value.name()`` of the value on top."""
    c.emit.load_method(name)
    c.emit.call(0, 0, method=True)
    _yield_from(c)


def _async_for(c: Compiler, node: Node) -> None:
    """``compile_async_for_stmt``: awaits ``__anext__`` until it raises StopAsyncIteration."""
    while_else, handler, try_else, finish = (c.new_label() for _ in range(4))
    c.node(node.kids[1])
    c.emit.load_method("__aiter__")
    c.emit.call(0, 0, method=True)
    loop, outer = enter_loop(c)
    c.emit.label(loop.continue_label)
    c.enter_handler(handler, Code.SETUP_EXCEPT)
    c.emit.dup_top()
    _await_method(c, "__anext__")
    assign(c, node.kids[0])
    c.emit.pop_except_jump(try_else)
    c.emit.label(handler)
    start_except_handler(c)
    c.emit.dup_top()
    c.emit.load_global("StopAsyncIteration")
    c.emit.binary(BinaryOp.EXCEPTION_MATCH)
    c.emit.pop_jump_if(False, finish)
    c.emit.pop_top()
    c.emit.pop_except_jump(while_else)
    c.emit.label(finish)
    c.emit.adjust(1)
    c.leave_handler()
    end_except_handler(c)
    c.emit.label(try_else)
    c.node(node.kids[2])
    c.emit.jump(loop.continue_label)
    c.loop = outer
    c.emit.label(while_else)
    c.node(node.kids[3])
    c.emit.label(loop.break_label)
    c.emit.pop_top()


def _async_with(c: Compiler, managers: list[Child], body: Child) -> None:
    """``compile_async_with_stmt_helper``."""
    if not managers:
        c.node(body)
        return
    finish, no_exception, unwinding, end = (c.new_label() for _ in range(4))
    manager = managers[0]
    if isinstance(manager, Node) and manager.rule == Rule.with_item:
        c.node(manager.kids[0])
        c.emit.dup_top()
        _await_method(c, "__aenter__")
        assign(c, manager.kids[1])
    else:
        c.node(manager)
        c.emit.dup_top()
        _await_method(c, "__aenter__")
        c.emit.pop_top()
    c.enter_handler(finish, Code.SETUP_FINALLY)
    c.emit.adjust(UNWIND_SLOTS, unsure=UNWIND_SLOTS)
    _async_with(c, managers[1:], body)
    c.emit.adjust(-UNWIND_SLOTS, unsure=-UNWIND_SLOTS)
    _exit_of_exception(c, finish, no_exception, unwinding, end)
    # the value to return and -1 (or destination and count) lie above the manager; unless it was fallen into
    c.emit.adjust(2, unsure=1)
    c.emit.label(unwinding)
    c.emit.rot_three()
    c.emit.rot_three()
    c.emit.label(no_exception)
    c.emit.load_method("__aexit__")
    c.emit.load_none()
    c.emit.dup_top()
    c.emit.dup_top()
    c.emit.call(3, 0, method=True)
    _yield_from(c)
    c.emit.pop_top()
    c.emit.adjust(-1, unsure=-1)
    c.emit.label(end)
    c.leave_handler()


def _exit_of_exception(c: Compiler, finish: int, no_exception: int, unwinding: int, end: int) -> None:
    """Where the body is left: straight on to ``__aexit__(None, None, None)``, or with the exception it raised."""
    c.emit.load_none()
    c.emit.rot_two()
    c.emit.jump(no_exception)
    c.emit.label(finish)
    c.emit.dup_top()
    c.emit.load_global("BaseException")
    c.emit.binary(BinaryOp.EXCEPTION_MATCH)
    c.emit.pop_jump_if(False, unwinding)
    c.emit.dup_top()
    c.emit.rot_three()
    c.emit.rot_two()
    c.emit.load_method("__aexit__")
    c.emit.rot_three()
    c.emit.rot_three()
    c.emit.dup_top()
    c.emit.load_attr("__class__")
    c.emit.rot_two()
    c.emit.load_none()
    c.emit.call(3, 0, method=True)
    _yield_from(c)
    c.emit.pop_jump_if(False, end)
    c.emit.pop_top()
    c.emit.load_none()
    c.emit.jump(end)


__all__ = ["async_stmt", "await_expr", "yield_expr"]
