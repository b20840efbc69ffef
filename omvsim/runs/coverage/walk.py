"""Walks a parsed script and tells what each expression may be; nothing is run.

Variables are followed without regard to order and branches: what a name is bound to anywhere in its scope is what it
may be. Two walks are made, so that a function's callers are known when its body is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tree import Const, Name, Node
from omvsim.runs.coverage.things import ListOf, Local, Missing, Named, Own, Things, together
from omvsim.runs.coverage.uses import Uses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.compiler.parsing.tree import Child
    from omvsim.runs.coverage.catalogue import Catalogue

    Scope = tuple[int, ...]
    """Functions and classes around, outermost first, by identity of their nodes."""

_SEQUENCES = frozenset({Rule.testlist_star_expr, Rule.testlist_comp, Rule.exprlist, Rule.testlist})
_EITHER = frozenset({Rule.or_test, Rule.and_test, Rule.test_if_expr})
_TEXTS = frozenset({Rule.term, Rule.arith_expr})


class Walk:
    """One script's names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.uses = Uses(catalogue)
        self._names: dict[tuple[Scope, str], Things] = {}
        self._returned: dict[int, Things] = {}
        self._rules: dict[Rule, Callable[[Node, Scope], Things]] = {
            Rule.expr_stmt: self._assignment,
            Rule.import_name: self._import,
            Rule.import_from: self._import_from,
            Rule.for_stmt: self._loop,
            Rule.comp_for: self._loop,
            Rule.with_item: self._with,
            Rule.funcdef: self._function,
            Rule.lambdef: self._lambda,
            Rule.classdef: self._class,
            Rule.return_stmt: self._return,
            Rule.namedexpr_test: self._walrus,
            Rule.atom_expr_normal: self._expression,
            Rule.atom_expr_await: self._expression,
            Rule.atom_paren: self._parentheses,
            Rule.atom_bracket: self._brackets,
        }

    def run(self, root: Child) -> None:
        """Walk the whole tree, twice."""
        for _ in range(2):
            self.uses.clear()
            self.value(root, ())

    # -- names ------------------------------------------------------------------------------------------------------

    def _bind(self, target: Child, things: Things, scope: Scope) -> None:
        if isinstance(target, Name):
            key = scope, target.id
            self._names[key] = together(self._names.get(key, ()), things)
        elif not isinstance(target, Node):
            return
        elif target.rule in (Rule.atom_paren, Rule.atom_bracket, Rule.star_expr):
            self._bind(target.kids[0], things, scope)
        elif target.rule in _SEQUENCES:
            for each in target.kids:
                self._bind(each, _items(things), scope)
        elif target.rule is Rule.atom_expr_normal:
            owner, steps = self._steps(target)
            last = steps[-1]
            self._follow(target, owner, steps[:-1], scope)
            if last.rule is Rule.trailer_period and isinstance(last.kids[0], Name):
                self.uses.set_field(last.kids[0].id, things)
            else:
                self.value(last, scope)

    def _look_up(self, name: str, scope: Scope) -> Things:
        for depth in range(len(scope), -1, -1):
            found = self._names.get((scope[:depth], name))
            if found is not None:
                return found
        return self.catalogue.builtin(name)

    def _is_bound(self, name: str, scope: Scope) -> bool:
        return any((scope[:depth], name) in self._names for depth in range(len(scope), -1, -1))

    # -- statements -------------------------------------------------------------------------------------------------

    def _assignment(self, node: Node, scope: Scope) -> Things:
        target, rest = node.kids
        if rest is None:
            return self.value(target, scope)
        rule = rest.rule if isinstance(rest, Node) else None
        if isinstance(rest, Node) and rule in (Rule.expr_stmt_assign_list, Rule.annassign):
            *more, value = rest.kids
            things = self.value(value, scope)
            for each in [target, *(more if rule is Rule.expr_stmt_assign_list else ())]:
                self._bind(each, things, scope)
        elif rule is Rule.expr_stmt_augassign:
            self.value(target, scope)
            self.value(rest, scope)
        else:
            self._bind(target, self.value(rest, scope), scope)
        return ()

    def _import(self, node: Node, scope: Scope) -> Things:
        for each in _list(node.kids[0], Rule.dotted_as_names):
            path, alias = each, None
            if isinstance(each, Node) and each.rule is Rule.dotted_as_name:
                path, alias = each.kids
            whole = _dotted(path)
            inner = self.uses.imported(node.line, whole)
            if isinstance(alias, Name):
                self._bind(alias, inner, scope)
            else:
                top = whole.partition(".")[0]
                self._bind(Name(top), inner if top == whole else self.catalogue.module(top), scope)
        return ()

    def _import_from(self, node: Node, scope: Scope) -> Things:
        source, names = node.kids
        if not isinstance(source, Name) and not (isinstance(source, Node) and source.rule is Rule.dotted_name):
            found: Things = (Local(),)  # relative
        else:
            found = self.uses.imported(node.line, _dotted(source))
        items = names.kids if isinstance(names, Node) and names.rule is Rule.import_as_names_paren else [names]
        for each in [one for item in items for one in _list(item, Rule.import_as_names)]:
            if isinstance(each, Node) and each.rule is Rule.import_as_name:
                old, new = each.kids
                assert isinstance(old, Name)
                self._bind(new or old, self.uses.from_module(node.line, found, old.id), scope)
            elif isinstance(each, Name):
                self._bind(each, self.uses.from_module(node.line, found, each.id), scope)
            else:  # a star
                for name, things in self.uses.all_of(found):
                    self._bind(Name(name), things, scope)
        return ()

    def _loop(self, node: Node, scope: Scope) -> Things:
        self._bind(node.kids[0], _items(self.value(node.kids[1], scope)), scope)
        for kid in node.kids[2:]:
            self.value(kid, scope)
        return ()

    def _with(self, node: Node, scope: Scope) -> Things:
        self._bind(node.kids[1], self.value(node.kids[0], scope), scope)
        return ()

    def _function(self, node: Node, scope: Scope) -> Things:
        name, parameters, _returns, body = node.kids[:4]
        self._bind(name, (Own(node),), scope)
        if isinstance(name, Name):
            self.uses.own(name.id)
        self._body(node, parameters, body, scope)
        return ()

    def _lambda(self, node: Node, scope: Scope) -> Things:
        parameters, body = node.kids[:2]
        self._body(node, parameters, None, scope)
        self._returned[id(node)] = self.value(body, (*scope, id(node)))
        return (Own(node),)

    def _body(self, node: Node, parameters: Child, body: Child, scope: Scope) -> None:
        inner = (*scope, id(node))
        for each in _list(parameters, Rule.typedargslist, Rule.varargslist):
            name = each.kids[0] if isinstance(each, Node) and each.kids else each
            default = each.kids[-1] if isinstance(each, Node) and len(each.kids) > 1 else None
            self._bind(name, self.value(default, scope), inner)
        self.value(body, inner)

    def _class(self, node: Node, scope: Scope) -> Things:
        name, bases, body = node.kids[:3]
        self.value(bases, scope)
        self._bind(name, (Own(node),), scope)
        self.value(body, (*scope, id(node)))
        for (where, each), things in list(self._names.items()):
            if where == (*scope, id(node)):
                self.uses.set_field(each, things)
        return ()

    def _return(self, node: Node, scope: Scope) -> Things:
        things = self.value(node.kids[0] if node.kids else None, scope)
        if scope:
            self._returned[scope[-1]] = together(self._returned.get(scope[-1], ()), things)
        return ()

    # -- expressions ------------------------------------------------------------------------------------------------

    def value(self, child: Child, scope: Scope) -> Things:
        """What an expression may be; of a statement nothing, but all in it is looked at."""
        if isinstance(child, Name):
            return self._look_up(child.id, scope)
        if isinstance(child, str):
            return self.catalogue.of_type("str")
        if isinstance(child, Const):
            return self.catalogue.of_value(child.value)
        if not isinstance(child, Node):
            return ()
        rule = self._rules.get(child.rule)
        if rule is not None:
            return rule(child, scope)
        if child.rule is Rule.atom_brace:
            self._all(child.kids, scope)
            return self.catalogue.of_type("dict")
        values = self._all(child.kids, scope)
        if child.rule in _EITHER:
            return together(*values)
        if child.rule is Rule.test_if_else:
            return values[-1]
        return values[0] if child.rule in _TEXTS and values[0] else ()

    def _all(self, kids: Sequence[Child], scope: Scope) -> list[Things]:
        """Each one's; a comprehension's loops before its element."""
        loops = [kid for kid in kids if isinstance(kid, Node) and kid.rule is Rule.comp_for]
        for kid in loops:
            self.value(kid, scope)
        return [() if kid in loops else self.value(kid, scope) for kid in kids]

    def _walrus(self, node: Node, scope: Scope) -> Things:
        things = self.value(node.kids[1], scope)
        self._bind(node.kids[0], things, scope)
        return things

    def _parentheses(self, node: Node, scope: Scope) -> Things:
        inner = node.kids[0]
        if not isinstance(inner, Node) or inner.rule not in _SEQUENCES:
            return self.value(inner, scope)
        return (ListOf(together(*self._all(inner.kids, scope))),)

    def _brackets(self, node: Node, scope: Scope) -> Things:
        inner = node.kids[0]
        kids = inner.kids if isinstance(inner, Node) and inner.rule in _SEQUENCES else [inner]
        return (*self.catalogue.of_type("list"), ListOf(together(*self._all(kids, scope))))

    @staticmethod
    def _steps(node: Node) -> tuple[Child, list[Node]]:
        """The atom, and what follows it."""
        atom, rest = node.kids[-2:]
        assert isinstance(rest, Node)
        steps = rest.kids if rest.rule is Rule.atom_expr_trailers else [rest]
        return atom, [step for step in steps if isinstance(step, Node)]

    def _expression(self, node: Node, scope: Scope) -> Things:
        atom, rest = node.kids[-2:]
        if not isinstance(rest, Node) or not rest.rule.name.startswith(("trailer", "atom_expr_trailers")):
            return self._all(node.kids, scope)[-1]  # await without anything behind
        atom, steps = self._steps(node)
        return self._follow(node, atom, steps, scope)

    def _follow(self, node: Node, atom: Child, steps: Sequence[Node], scope: Scope) -> Things:
        things = self.value(atom, scope)
        for at, step in enumerate(steps):
            if step.rule is Rule.trailer_period and isinstance(step.kids[0], Name):
                called = at + 1 < len(steps) and steps[at + 1].rule is Rule.trailer_paren
                things = self.uses.attribute(node.line, things, step.kids[0].id, called=called)
            elif step.rule is Rule.trailer_paren:
                if at == 0 and not things and isinstance(atom, Name) and not self._is_bound(atom.id, scope):
                    self.uses.no_such_name(node.line, atom.id)
                things = self._call(node.line, things, step, scope)
            else:
                self._all(step.kids, scope)
                things = _items(things)
        return things

    def _call(self, line: int, things: Things, step: Node, scope: Scope) -> Things:
        values = [self.value(each, scope) for each in _list(step.kids[0], Rule.arglist)]
        given: Things = ()
        for thing in things:
            if isinstance(thing, Named):
                given = together(given, self.uses.called(line, thing))
            elif isinstance(thing, Own) and not thing.made:
                given = together(given, self._call_own(thing.node, values))
            elif isinstance(thing, Local | Missing):
                given = together(given, (thing,))
        return given

    def _call_own(self, node: Node, values: Sequence[Things]) -> Things:
        if node.rule is Rule.classdef:
            return (Own(node, made=True),)
        parameters = _list(node.kids[0 if node.rule is Rule.lambdef else 1], Rule.typedargslist, Rule.varargslist)
        names = [each.kids[0] if isinstance(each, Node) and each.kids else each for each in parameters]
        if names and isinstance(names[0], Name) and names[0].id == "self":
            names = names[1:]
        where = next((found for found, _ in self._names if found and found[-1] == id(node)), None)
        for name, things in zip(names, values, strict=False):
            if where is not None:
                self._bind(name, things, where)
        return self._returned.get(id(node), ())


def _items(things: Things) -> Things:
    return together(*(thing.items if isinstance(thing, ListOf) else (thing,) for thing in things if _many(thing)))


def _many(thing: object) -> bool:
    return isinstance(thing, ListOf | Local)


def _list(child: Child, *rules: Rule) -> list[Child]:
    if child is None:
        return []
    return child.kids if isinstance(child, Node) and child.rule in rules else [child]


def _dotted(child: Child) -> str:
    if isinstance(child, Name):
        return child.id
    return ".".join(kid.id for kid in child.kids if isinstance(kid, Name)) if isinstance(child, Node) else ""


__all__ = ["Walk"]
