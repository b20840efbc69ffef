"""What follows an atom: calls, items, attributes; slices (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.assignments import named_expression
from omvsim.compiler.closures import comprehension
from omvsim.compiler.expressions import brace
from omvsim.compiler.nodes import Name, Node, is_rule, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import IdFlag, ScopeKind
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child

_STAR_BITS: Final = 30
"""``MP_SMALL_INT_BITS`` - 1: a small int says which of the arguments have a star."""


class _Given:
    """The arguments of a call as they are counted."""

    __slots__ = ("double", "keyword", "positional", "stars")

    def __init__(self, positional: int) -> None:
        self.positional = positional
        self.keyword = 0
        self.stars = 0
        self.double = False


def arguments(c: Compiler, arglist: Child, *, method: bool = False, extra: int = 0) -> None:
    """``compile_trailer_paren_helper``: arguments and the call. ``extra`` positional ones are on the stack already."""
    given = _Given(extra)
    for i, argument in enumerate(items(arglist, Rule.arglist)):
        error = _argument(c, given, i, argument)
        if error:
            c.syntax_error(argument, error)
            return
    starred = bool(given.stars) or given.double
    if starred:
        c.emit.load_int(given.stars)
    c.emit.call(given.positional, given.keyword, method=method, starred=starred)


def _argument(c: Compiler, given: _Given, i: int, argument: Child) -> str:
    """One argument; the text of what is wrong with it."""
    rule = argument.rule if isinstance(argument, Node) else None
    if isinstance(argument, Node) and rule == Rule.arglist_star:
        if given.double:
            return "* arg after **"
        if i >= _STAR_BITS:
            return "too many args"
        given.stars |= 1 << i
        given.positional += 1
        c.node(argument.kids[0])
    elif isinstance(argument, Node) and rule == Rule.arglist_dbl_star:
        given.double = True
        given.keyword += 1
        c.emit.load_null()
        c.node(argument.kids[0])
    elif isinstance(argument, Node) and rule == Rule.argument:
        return _with_tail(c, given, argument)
    elif given.double:
        return "positional arg after **"
    elif given.keyword:
        return "positional arg after keyword arg"
    else:
        c.node(argument)
        given.positional += 1
    return ""


def _with_tail(c: Compiler, given: _Given, argument: Node) -> str:
    """``a := b``, ``a=b`` or ``a for …`` as an argument."""
    first, second = argument.kids
    if is_rule(second, Rule.argument_3):
        named_expression(c, first, node_of(second).kids[0])
        given.positional += 1
    elif is_rule(second, Rule.comp_for):
        comprehension(c, argument, ScopeKind.GEN_EXPR)
        given.positional += 1
    elif isinstance(first, Name):
        c.emit.load_string(first.id)
        c.node(second)
        given.keyword += 1
    else:
        return "LHS of keyword arg must be an id"
    return ""


def trailers_of(node: Node) -> list[Node]:
    """The calls, items and attributes behind an atom."""
    return [node_of(kid) for kid in items(node.kids[1], Rule.atom_expr_trailers)]


def atom_expr(c: Compiler, node: Node) -> None:
    """``compile_atom_expr_normal``: an atom and what follows it; ``super()`` and ``OrderedDict({…})`` are special."""
    c.node(node.kids[0])
    trailers = trailers_of(node)
    if not trailers:
        return
    start = 0
    subject = name_of(node.kids[0])
    first = trailers[0] if trailers[0].rule == Rule.trailer_paren else None
    if c.scope.kind is ScopeKind.FUNCTION and subject == "super" and first is not None and first.kids[0] is None:
        start = _super(c, trailers)
        if not start:
            return
    elif subject == "OrderedDict" and first is not None and is_rule(first.kids[0], Rule.atom_brace):
        c.emit.call(0, 0)
        brace(c, node_of(first.kids[0]), create_map=False)
        start = 1
    _trailers(c, trailers, start)


def _trailers(c: Compiler, trailers: list[Node], start: int) -> None:
    """An attribute that is called at once is a method call."""
    i = start
    while i < len(trailers):
        trailer = trailers[i]
        called = i + 1 < len(trailers) and trailers[i + 1].rule == Rule.trailer_paren
        if trailer.rule == Rule.trailer_period and called:
            c.emit.load_method(name_of(trailer.kids[0]))
            arguments(c, trailers[i + 1].kids[0], method=True)
            i += 2
        else:
            c.node(trailer)
            i += 1


def _super(c: Compiler, trailers: list[Node]) -> int:
    """``super()`` in a method; how many trailers it took (0: an error)."""
    c.load("__class__")
    self_name = next((name for name in c.scope.ids if IdFlag.PARAM in name.flags), None)
    if self_name is None:
        c.syntax_error(trailers[0], "super() can't find self")
        return 0
    c.load(self_name.name)
    if len(trailers) >= 3 and trailers[1].rule == Rule.trailer_period and trailers[2].rule == Rule.trailer_paren:
        c.emit.load_method(name_of(trailers[1].kids[0]), is_super=True)
        arguments(c, trailers[2].kids[0], method=True)
        return 3
    c.emit.call(2, 0)
    return 1


def trailer_paren(c: Compiler, node: Node) -> None:
    """A call."""
    arguments(c, node.kids[0])


def trailer_bracket(c: Compiler, node: Node) -> None:
    """An item."""
    c.node(node.kids[0])
    c.emit.load_subscr()


def trailer_period(c: Compiler, node: Node) -> None:
    """An attribute."""
    c.emit.load_attr(name_of(node.kids[0]))


def subscript(c: Compiler, node: Node) -> None:
    """A slice: start (or None), stop (or None), and the step if one is given."""
    if node.rule == Rule.subscript_2:
        c.node(node.kids[0])
        node = node_of(node.kids[1])
    else:
        c.emit.load_none()
    rest = node.kids[0]
    step: Child = None
    if isinstance(rest, Node) and rest.rule == Rule.subscript_3c:
        c.emit.load_none()
        step = rest.kids[0]
    elif isinstance(rest, Node) and rest.rule == Rule.subscript_3d:
        c.node(rest.kids[0])
        step = node_of(rest.kids[1]).kids[0]
    elif rest is None:
        c.emit.load_none()
    else:
        c.node(rest)
    if step is not None:
        c.node(step)
    c.emit.build(Code.BUILD_SLICE, 2 if step is None else 3)


__all__ = ["arguments", "atom_expr", "subscript", "trailer_bracket", "trailer_paren", "trailer_period", "trailers_of"]
