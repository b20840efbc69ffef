"""Functions, lambdas, classes and decorators: how the outer code makes them (py/compile.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler.calls import arguments
from omvsim.compiler.closures import make_function
from omvsim.compiler.nodes import Node, is_rule, items, name_of, node_of
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.scopes import EmitOption, Flag, ScopeKind
from omvsim.micropython.isa import Code

if TYPE_CHECKING:
    from omvsim.compiler.core import Compiler
    from omvsim.compiler.parsing.tree import Child
    from omvsim.compiler.scopes import Scope

_OPTIONS: Final = {
    "bytecode": EmitOption.BYTECODE,
    "native": EmitOption.NATIVE,
    "viper": EmitOption.VIPER,
    "asm_thumb": EmitOption.ASM,
}
"""Decorators of ``micropython`` that the compiler itself knows."""


def _parameter(c: Compiler, child: Child) -> None:
    """``compile_funcdef_lambdef_param``: its default, if it has one."""
    if isinstance(child, Node):
        if child.rule in (Rule.typedargslist_star, Rule.varargslist_star):
            c.have_star = True
            return
        if child.rule in (Rule.typedargslist_dbl_star, Rule.varargslist_dbl_star):
            return
        default = child.kids[2 if child.rule == Rule.typedargslist_name else 1]
    else:
        default = None
    if default is None:
        if not c.have_star and c.default_params:
            c.syntax_error(child, "non-default argument follows default argument")
    elif c.have_star:
        c.dict_params += 1
        if c.dict_params == 1:
            if c.default_params:
                c.emit.build(Code.BUILD_TUPLE, c.default_params)
            else:
                c.emit.load_null()
            c.emit.build(Code.BUILD_MAP, 0)
        c.node(default)
        c.emit.load_string(name_of(node_of(child).kids[0]))
        c.emit.store_map()
    else:
        c.default_params += 1
        c.node(default)


def _define(c: Compiler, scope: Scope, parameters: Child, rule: Rule) -> None:
    """``compile_funcdef_lambdef``: defaults, then the function. Defaults may hold lambdas of their own."""
    outer = c.have_star, c.dict_params, c.default_params
    c.have_star, c.dict_params, c.default_params = False, 0, 0
    for parameter in items(parameters, rule):
        _parameter(c, parameter)
    if c.error is not None:
        return
    if c.default_params and not c.dict_params:
        c.emit.build(Code.BUILD_TUPLE, c.default_params)
        c.emit.load_null()
    make_function(c, scope, c.default_params, c.dict_params)
    c.have_star, c.dict_params, c.default_params = outer


def define_function(c: Compiler, node: Node, option: EmitOption) -> Scope:
    """``compile_funcdef_helper``: leaves the function on the stack."""
    scope = c.inner_scope(ScopeKind.FUNCTION, node, option, name_of(node.kids[0]))
    _define(c, scope, node.kids[1], Rule.typedargslist)
    return scope


def _define_class(c: Compiler, node: Node, option: EmitOption) -> Scope:
    """``compile_classdef_helper``: leaves the class on the stack."""
    scope = c.inner_scope(ScopeKind.CLASS, node, option, name_of(node.kids[0]))
    c.emit.load_build_class()
    make_function(c, scope)
    c.emit.load_string(scope.name)
    bases = node.kids[1]
    arguments(c, None if is_rule(bases, Rule.classdef_2) else bases, extra=2)
    return scope


def funcdef(c: Compiler, node: Node) -> None:
    """``def``."""
    c.store(define_function(c, node, c.scope.option).name)


def classdef(c: Compiler, node: Node) -> None:
    """``class``."""
    c.store(_define_class(c, node, c.scope.option).name)


def lambdef(c: Compiler, node: Node) -> None:
    """``lambda``."""
    _define(c, c.inner_scope(ScopeKind.LAMBDA, node), node.kids[0], Rule.varargslist)


def _built_in_decorator(c: Compiler, names: list[Child], option: EmitOption) -> EmitOption | None:
    """``compile_built_in_decorator``: what the compiler is asked for; None: an ordinary decorator."""
    if name_of(names[0]) != "micropython":
        return None
    wanted = _OPTIONS.get(name_of(names[1])) if len(names) == 2 else None
    if wanted is None:
        c.syntax_error(names[0], "invalid micropython decorator")
    return wanted or option


def decorated(c: Compiler, node: Node) -> None:
    """Decorators, what they decorate, then the calls."""
    decorators = items(node.kids[0], Rule.decorators)
    option = c.scope.option
    calls = 0
    for decorator in map(node_of, decorators):
        names = items(decorator.kids[0], Rule.dotted_name)
        wanted = _built_in_decorator(c, names, option)
        if wanted is not None:
            option = wanted
            continue
        calls += 1
        c.node(names[0])
        for name in names[1:]:
            c.emit.load_attr(name_of(name))
        c.node(decorator.kids[1])
    body = node_of(node.kids[1])
    if body.rule == Rule.funcdef:
        scope = define_function(c, body, option)
    elif body.rule == Rule.async_funcdef:
        scope = define_function(c, node_of(body.kids[0]), option)
        scope.flags |= Flag.GENERATOR
    else:
        scope = _define_class(c, body, option)
    for _ in range(calls):
        c.emit.call(1, 0)
    c.store(scope.name)


__all__ = ["classdef", "decorated", "define_function", "funcdef", "lambdef"]
