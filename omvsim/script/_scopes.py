"""Names of a script's functions, as MicroPython's compiler sorts them: locals, cells, free variables.

Facts: micropython/micropython v1.26.0 ``py/scope.c``, ``py/compile.c``. A comprehension is a function of its own with
one hidden argument, the iterable.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(slots=True)
class Scope:
    """One function, comprehension, class body or the module."""

    node: ast.AST
    parent: Scope | None
    params: list[str] = field(default_factory=list)
    stored: dict[str, None] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    not_local: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    free: dict[str, None] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)

    @property
    def is_function(self) -> bool:
        """Whether names bound here live in numbered slots."""
        return isinstance(self.node, (*FUNCTIONS, *COMPREHENSIONS))

    def owns(self, name: str) -> bool:
        """Whether ``name`` is a local of this function."""
        return self.is_function and name not in self.not_local and (name in self.params or name in self.stored)

    @property
    def slots(self) -> int:
        """Slots for locals: parameters, other locals, variables of outer functions."""
        if not self.is_function:
            return 0
        others = sum(1 for name in self.stored if name not in self.params and name not in self.not_local)
        hidden = isinstance(self.node, COMPREHENSIONS)
        return len(self.params) + others + len(self.free) + hidden


def scopes_of(tree: ast.Module) -> dict[ast.AST, Scope]:
    """Every scope of a module by its node."""
    found: dict[ast.AST, Scope] = {}
    module = _Collector(found).enter(tree, None)
    _resolve(module)
    return found


class _Collector(ast.NodeVisitor):
    def __init__(self, found: dict[ast.AST, Scope]) -> None:
        self.found = found
        self.scope = Scope(ast.Module([], []), None)

    def enter(self, node: ast.AST, parent: Scope | None) -> Scope:
        scope = Scope(node, parent)
        self.found[node] = scope
        if parent is not None:
            parent.children.append(scope)
        outer, self.scope = self.scope, scope
        if isinstance(node, FUNCTIONS):
            spec = node.args
            names = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
            scope.params = [argument.arg for argument in names]
            scope.params += [star.arg for star in (spec.vararg, spec.kwarg) if star is not None]
            for part in [node.body] if isinstance(node, ast.Lambda) else node.body:
                self.visit(part)
        elif isinstance(node, COMPREHENSIONS):
            self._comprehension(node)
        elif isinstance(node, (ast.Module, ast.ClassDef)):
            for part in node.body:
                self.visit(part)
        self.scope = outer
        return scope

    def _comprehension(self, node: Comprehension) -> None:
        for number, clause in enumerate(node.generators):
            if number:
                self.visit(clause.iter)
            self.visit(clause.target)
            for test in clause.ifs:
                self.visit(test)
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.visit(part)

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, FUNCTIONS):
            if not isinstance(node, ast.Lambda):
                self.scope.stored[node.name] = None
                for decorator in node.decorator_list:
                    self.visit(decorator)
            for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]:
                self.visit(default)
            self.enter(node, self.scope)
        elif isinstance(node, COMPREHENSIONS):
            self.visit(node.generators[0].iter)
            self.enter(node, self.scope)
        elif isinstance(node, ast.ClassDef):
            self.scope.stored[node.name] = None
            for base in node.bases:
                self.visit(base)
            self.enter(node, self.scope)
        else:
            self._names(node)
            self.generic_visit(node)

    def _names(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            (self.scope.used if isinstance(node.ctx, ast.Load) else self.scope.stored)[node.id] = None
            if node.id == "super":
                self.scope.used["__class__"] = None  # a call without arguments reads it
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            self.scope.not_local.update(node.names)
            if isinstance(node, ast.Nonlocal):
                self.scope.used.update(dict.fromkeys(node.names))
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self.scope.stored[node.name] = None
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                self.scope.stored[(alias.asname or alias.name).partition(".")[0]] = None


def _resolve(scope: Scope) -> None:
    """Find the owner of every name that is used but not local, and make it a cell there."""
    for name in scope.used:
        if not scope.owns(name):
            _capture(scope, name)
    for child in scope.children:
        _resolve(child)


def _capture(scope: Scope, name: str) -> None:
    passed: list[Scope] = []
    here: Scope | None = scope
    while here is not None:
        if here.owns(name) or (name == "__class__" and isinstance(here.node, ast.ClassDef)):
            here.cells.add(name)
            for between in passed:
                between.free[name] = None
            return
        if here.is_function:
            passed.append(here)
        here = here.parent
