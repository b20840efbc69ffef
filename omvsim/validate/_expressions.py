"""Values of a recorded script's expressions, as far as they can be known without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.errors import OmvsimError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

    from omvsim.firmware import InputKind

    Shapes = Callable[[str], Sequence[tuple[int, ...]]]


class CannotFollow(OmvsimError):
    """A statement of a recorded script that omvsim does not follow."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line} of its script: {what}")
        self.line = line


@dataclass(frozen=True, slots=True)
class ModelValue:
    """``ml.Model(path)`` under the name it has in the steps."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class InputValue:
    """What is handed to ``predict``: a picture, a list of arrays, or a list of one function."""

    kind: InputKind


@dataclass(frozen=True, slots=True)
class Module:
    """A module or one of its attributes, by dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value the steps need not know, e.g. a prediction."""


Value = Any
"""int, str, tuple, None, or one of the classes above: whatever Python value the script's expression has."""


class Expressions:
    """Expressions of one function (or the top level, ``function == ""``).

    ``names`` are the script's names and what they are bound to, ``shapes`` tells the input shapes of a model.
    """

    def __init__(self, names: MutableMapping[str, Value], shapes: Shapes, function: str) -> None:
        self.names = names
        self.shapes = shapes
        self.function = function

    # -- names --------------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        return f"{self.function}.{name}" if self.function else name

    def get(self, node: ast.Name) -> Value:
        for name in (self.name(node.id), node.id):
            if name in self.names:
                return self.names[name]
        return Module(node.id)

    def set(self, name: str, value: Value) -> None:
        self.names[self.name(name)] = value

    def fail(self, node: ast.AST, what: str) -> CannotFollow:
        return CannotFollow(getattr(node, "lineno", 0), what)

    # -- expressions --------------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value):
                return value
            case ast.Name():
                return self.get(node)
            case ast.Tuple(elements):
                return tuple(self.value(element) for element in elements)
            case ast.Attribute(inner, attribute):
                return self.attribute(node, self.value(inner), attribute)
            case ast.Subscript(inner, index):
                holder, position = self.value(inner), self.value(index)
                if isinstance(holder, tuple) and isinstance(position, int) and -len(holder) <= position < len(holder):
                    return holder[position]
            case ast.IfExp(test, body, orelse):
                return self.value(body if self.truth(test) else orelse)
            case ast.Call(ast.Name("len"), [inner]):
                holder = self.value(inner)
                if isinstance(holder, tuple | str):
                    return len(holder)
            case ast.BinOp(left, ast.Add() | ast.Mult() | ast.Mod() as operator, right):
                return self.arithmetic(node, operator, self.value(left), self.value(right))
        raise self.fail(node, f"the expression {ast.unparse(node)!r} is beyond what can be followed")

    def attribute(self, node: ast.AST, holder: Value, attribute: str) -> Value:
        if isinstance(holder, Module):
            return Module(f"{holder.name}.{attribute}")
        if isinstance(holder, ModelValue) and attribute == "input_shape":
            return tuple(self.shapes(holder.path))
        raise self.fail(node, f"the attribute {attribute!r}")

    def arithmetic(self, node: ast.AST, operator: ast.operator, left: Value, right: Value) -> Value:
        if isinstance(left, str) and isinstance(operator, ast.Mod):
            return left % right
        if isinstance(operator, ast.Add) and isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, int) and isinstance(right, int) and not isinstance(operator, ast.Mod):
            return left + right if isinstance(operator, ast.Add) else left * right
        raise self.fail(node, "an expression whose value is not known")

    def truth(self, node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(ast.And(), values):
                return all(self.truth(value) for value in values)
            case ast.BoolOp(ast.Or(), values):
                return any(self.truth(value) for value in values)
            case ast.UnaryOp(ast.Not(), inner):
                return not self.truth(inner)
            case ast.Compare(left, [operator], [right]):
                return self.compare(node, operator, self.value(left), self.value(right))
        return bool(self.value(node))

    def compare(self, node: ast.AST, operator: ast.cmpop, left: Value, right: Value) -> bool:
        test = _COMPARISONS.get(type(operator))
        if test is None:
            raise self.fail(node, "a comparison that cannot be followed")
        return bool(test(left, right))

    def text(self, node: ast.expr) -> str:
        value = self.value(node)
        if isinstance(value, str):
            return value
        raise self.fail(node, f"{ast.unparse(node)!r} is no known text")

    def number(self, node: ast.expr) -> int:
        value = self.value(node)
        if isinstance(value, int):
            return value
        raise self.fail(node, f"{ast.unparse(node)!r} is no known number")


_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
}

__all__ = ["CannotFollow", "Expressions", "InputValue", "ModelValue", "Module", "Unknown", "Value"]
