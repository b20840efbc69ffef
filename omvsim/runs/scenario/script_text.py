"""The text of a script as statements that can be looked for, and lines that can be changed.

Seen are calls of ``ml.Model`` or ``tf.load`` and predictions that are a statement of their own or are given a name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from omvsim.runs.scenario.text import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSTRUCTORS: Final = {("ml", "Model"), ("tf", "load")}
PREDICTIONS: Final = ("predict", "classify", "segment", "detect")
COLLECT: Final = "gc.collect()"
LOOPS: Final = (ast.For, ast.While)


class ScriptText:
    """Lines of a script that are being changed; what is found was there before."""

    def __init__(self, script: Prepared) -> None:
        self.tree = ast.parse(script.text)
        self.lines = script.text.splitlines()
        self.labels = [script.labels.get(number + 1) for number in range(len(self.lines))]
        self._before: dict[int, list[str]] = {}
        """Lines to insert, by the line they come before."""
        self._parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    # -- what is there ------------------------------------------------------------------------------------------

    def loads(self) -> list[ast.Call]:
        """Calls that load a model."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and named(node) in CONSTRUCTORS]

    def predictions(self) -> Iterator[tuple[ast.Expr | ast.Assign, ast.Call]]:
        """Statements that are nothing but a prediction, perhaps given a name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Expr | ast.Assign) and is_prediction(node.value):
                assert isinstance(node.value, ast.Call)
                yield node, node.value

    def names(self, name: str) -> list[ast.AST]:
        """Where a name is read or is a keyword."""
        return [
            node
            for node in ast.walk(self.tree)
            if (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.keyword) and node.arg == name)
        ]

    def functions(self) -> set[str]:
        """Names of the script's own functions."""
        return {node.name for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    def is_dropped(self, statement: ast.Expr | ast.Assign) -> bool:
        """Whether nobody reads what the statement gives."""
        target = target_of(statement)
        return isinstance(statement, ast.Expr) or (target is not None and not self.names(target))

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds an expression."""
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def outermost(self, node: ast.AST) -> ast.stmt:
        """The statement of the module that holds it."""
        while not isinstance(self._parents[node], ast.Module):
            node = self._parents[node]
        assert isinstance(node, ast.stmt)
        return node

    def loop_of(self, node: ast.AST) -> ast.For | ast.While | None:
        """The innermost loop around it."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, LOOPS):
                return node
        return None

    def assigned(self, name: str) -> ast.Assign | None:
        """The one statement that gives the name its value, if nothing but predictions read it."""
        found = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        ]
        readers = [self._parents[node] for node in self.names(name)]
        if len(found) != 1 or not all(is_prediction(reader) for reader in readers):
            return None
        statement = self._parents[found[0]]
        return statement if isinstance(statement, ast.Assign) and target_of(statement) == name else None

    def is_after(self, statement: ast.stmt, line: str) -> bool:
        """Whether that line stands before the statement already."""
        return statement.lineno > 1 and self.lines[statement.lineno - 2].strip() == line

    # -- changing it --------------------------------------------------------------------------------------------

    def insert(self, statement: ast.stmt, *new: str) -> None:
        """Lines before a statement, as far indented as it is."""
        indent = " " * statement.col_offset
        self._before.setdefault(statement.lineno, []).extend(f"{indent}{line}" if line else "" for line in new)

    def insert_import(self, name: str) -> None:
        """``import name`` before the first import, unless it is imported."""
        imports = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        if any(each.name == name for node in imports if isinstance(node, ast.Import) for each in node.names):
            return
        if imports or self.tree.body:
            self.insert((imports or self.tree.body)[0], f"import {name}")

    def insert_function(self, node: ast.AST, *new: str) -> None:
        """A function of the module, before the statement that needs it."""
        top = self.outermost(node)
        begins = top.lineno == 1 or not self.lines[top.lineno - 2].strip()
        self.insert(top, *(() if begins else ("",)), *new, "")

    def replace(self, node: ast.expr | ast.stmt, new: str) -> None:
        """Another text for what stands on one line; last changes of a line first."""
        line = self.lines[node.lineno - 1].encode()
        assert node.end_col_offset is not None
        self.lines[node.lineno - 1] = (line[: node.col_offset] + new.encode() + line[node.end_col_offset :]).decode()

    def source(self, node: ast.expr) -> str:
        """An expression's text."""
        line = self.lines[node.lineno - 1].encode()
        return line[node.col_offset : node.end_col_offset].decode()

    def prepared(self) -> Prepared:
        """What it has become."""
        text: list[str] = []
        labels: dict[int, str] = {}
        for number, line in enumerate(self.lines, 1):
            new = (*self._before.get(number, ()), line)
            label = self.labels[number - 1]
            if label is not None:  # what is done before a line is done for it
                labels.update((len(text) + at, label) for at in range(1, len(new) + 1))
            text += new
        return Prepared("\n".join(text) + "\n", labels)


# -- what a node is ---------------------------------------------------------------------------------------------------


def named(call: ast.Call) -> tuple[str, str] | None:
    """``ml.Model`` as a pair; ``Model`` alone is taken for the same."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module, name
        case ast.Name(id="Model"):
            return "ml", "Model"
    return None


def is_prediction(node: ast.AST) -> bool:
    """A call of one of :data:`PREDICTIONS` that is given something."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in PREDICTIONS
        and bool(node.args)
    )


def on_one_line(*nodes: ast.expr | ast.stmt) -> bool:
    """Whether each ends on the line it begins on, so that a change of that line is a change of it alone."""
    return all(node.lineno == node.end_lineno for node in nodes)


def target_of(statement: ast.stmt) -> str | None:
    """The one plain name that a statement assigns to."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def path_of(call: ast.Call) -> str | None:
    """The path of a load, where it is written out."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


__all__ = ["COLLECT", "LOOPS", "PREDICTIONS", "ScriptText", "is_prediction", "on_one_line", "path_of", "target_of"]
