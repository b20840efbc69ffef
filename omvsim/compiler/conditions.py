"""Conditions: what jumps, without making a value of it where that is not needed (``c_if_cond`` in py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.nodes import Node
from omvsim.compiler.parsing.rules import Rule

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child


def condition(c: Compiler, child: Child, jump_if: bool, label: int) -> None:
    """``c_if_cond``: jump to a label if the condition is ``jump_if``."""
    constant = c.truth(child)
    if constant is not None:
        if constant is jump_if:
            c.emit.jump(label)
        return
    if isinstance(child, Node) and child.rule in (Rule.or_test, Rule.and_test):
        if (child.rule == Rule.or_test) is jump_if:
            for kid in child.kids:
                condition(c, kid, jump_if, label)
        else:
            skip = c.new_label()
            for kid in child.kids[:-1]:
                condition(c, kid, not jump_if, skip)
            condition(c, child.kids[-1], jump_if, label)
            c.emit.label(skip)
        return
    if isinstance(child, Node) and child.rule == Rule.not_test_2:
        condition(c, child.kids[0], not jump_if, label)
        return
    c.node(child)
    c.emit.pop_jump_if(jump_if, label)


__all__ = ["condition"]
