"""Changes that somebody could make to a script, made: the same text, whoever it was that wrote it.

A change is made where its statement can be seen: a call of ``ml.Model`` or ``tf.load`` with its path written out, a
prediction that is a statement of its own or is given a name. Where there is none the change does not apply.
"""

from __future__ import annotations

import ast
import enum
from typing import TYPE_CHECKING, Final

from omvsim.records import NamedTuple
from omvsim.runs.scenario.text import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONSTRUCTORS: Final = {("ml", "Model"), ("tf", "load")}
PREDICTIONS: Final = ("predict", "classify", "segment", "detect")
COLLECT: Final = "gc.collect()"
_LOOPS: Final = (ast.For, ast.While)


class Change(enum.Enum):
    """What is changed; ``value`` of the edit says the rest."""

    COLLECT_BEFORE_LOAD = "a collection before every model is loaded"
    COLLECT_EVERY_FRAME = "a collection at the beginning of every turn of the loop that predicts"
    DROP_OUTPUT = "what a prediction gave is let go before the next"
    CALLBACK = "outputs are taken in a callback"
    FILL = "inputs are filled by a function; the value is how many a model has"
    PICTURE = "inputs are a picture; the value is an expression for one"
    PATH = "a model file is elsewhere; the value is its path, and then 'fb' if it is loaded into the frame buffer"
    TURNS = "loops of predictions have at most as many turns as the value says"
    MODULE = "the other of the modules ml and tf; the value is its name, and the method of tf"


class Edit(NamedTuple):
    """One change of a text."""

    change: Change
    value: tuple[str, ...] = ()
    path: str = ""
    """The file's path until now, of :attr:`Change.PATH`."""


def edited(script: Prepared, edit: Edit) -> Prepared | None:
    """The script with that change; None where it does not apply."""
    try:
        text = _Text(script)
    except (SyntaxError, ValueError):  # what the host cannot read, the camera may
        return None
    made = _MADE[edit.change](text, edit)
    return text.prepared() if made else None


def uses_outputs(text: str) -> bool:
    """Whether the script may look at what a prediction gives: only a text that is seen to drop it all does not."""
    try:
        seen = _Text(Prepared(text, {}))
    except (SyntaxError, ValueError):
        return True
    calls = [node for node in ast.walk(seen.tree) if _is_prediction(node)]
    dropped = [call for statement, call in seen.predictions() if seen.is_dropped(statement) and not call.keywords]
    return len(calls) > len(dropped) or bool(seen.names("postprocess"))


def labels_of(text: str) -> dict[int, str]:
    """What the lines of any script are called in a run told step by step: ``load`` and ``predict``, or by number."""
    count = len(text.splitlines())
    labels = {number: f"line {number}" for number in range(1, count + 1)}
    try:
        seen = _Text(Prepared(text, {}))
    except (SyntaxError, ValueError):
        return labels
    for call in seen.loads():
        labels[call.lineno] = "load"
    for _, call in seen.predictions():
        labels[call.lineno] = "predict"
    return labels


def loaded_paths(text: str) -> list[str]:
    """Paths of models that are written out in a script."""
    try:
        seen = _Text(Prepared(text, {}))
    except (SyntaxError, ValueError):
        return []
    return [path for call in seen.loads() if (path := _path(call)) is not None]


class _Text:
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
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and _named(node) in CONSTRUCTORS]

    def predictions(self) -> Iterator[tuple[ast.Expr | ast.Assign, ast.Call]]:
        """Statements that are nothing but a prediction, perhaps given a name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Expr | ast.Assign) and _is_prediction(node.value):
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
        target = _target(statement)
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
            if isinstance(node, _LOOPS):
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
        if len(found) != 1 or not all(_is_prediction(reader) for reader in readers):
            return None
        statement = self._parents[found[0]]
        return statement if isinstance(statement, ast.Assign) and _target(statement) == name else None

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


def _named(call: ast.Call) -> tuple[str, str] | None:
    """``ml.Model`` as a pair; ``Model`` alone is taken for the same."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return module, name
        case ast.Name(id="Model"):
            return "ml", "Model"
    return None


def _is_prediction(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in PREDICTIONS
        and bool(node.args)
    )


def _on_one_line(*nodes: ast.expr | ast.stmt) -> bool:
    return all(node.lineno == node.end_lineno for node in nodes)


def _target(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def _path(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


# -- the changes ------------------------------------------------------------------------------------------------------


def _collect_before_load(text: _Text, _edit: Edit) -> bool:
    statements = {text.statement_of(call) for call in text.loads()}
    new = [each for each in statements if not text.is_after(each, COLLECT)]
    for statement in new:
        text.insert(statement, COLLECT)
    if new:
        text.insert_import("gc")
    return bool(new)


def _collect_every_frame(text: _Text, _edit: Edit) -> bool:
    places: set[ast.stmt] = set()
    for statement, _ in text.predictions():
        loop = text.loop_of(statement)
        places.add(statement if loop is None else loop.body[0])
    new = [
        each for each in places if text.lines[each.lineno - 1].strip() != COLLECT and not text.is_after(each, COLLECT)
    ]
    for place in new:
        text.insert(place, COLLECT)
    if new:
        text.insert_import("gc")
    return bool(new)


def _drop_output(text: _Text, _edit: Edit) -> bool:
    made = False
    for statement, call in list(text.predictions()):
        name = _target(statement)
        if name is None or not _on_one_line(statement) or text.is_after(statement, f"{name} = None"):
            continue
        made = True
        if text.names(name):
            text.insert(statement, f"{name} = None")
        else:
            text.replace(statement, text.source(call))
    return made


def _callback(text: _Text, _edit: Edit) -> bool:
    found = [
        (statement, call)
        for statement, call in text.predictions()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "predict" and not call.keywords
    ]
    if not found or "callback" in text.functions():
        return False
    if not all(text.is_dropped(statement) and _on_one_line(statement) for statement, _ in found):
        return False
    text.insert_function(found[0][0], "def callback(model, inputs, outputs):", "    return None")
    for statement, call in found:
        text.replace(statement, f"{text.source(call)[:-1]}, callback=callback)")
    return True


def _inputs(text: _Text, new: str) -> ast.AST | None:
    """Give every prediction other inputs; the first statement that was changed, None where one cannot be."""
    values: dict[ast.expr, None] = {}
    for node in ast.walk(text.tree):
        if not _is_prediction(node):
            continue
        assert isinstance(node, ast.Call)
        given = node.args[0]
        if isinstance(given, ast.Name):
            statement = text.assigned(given.id)
            if statement is None:
                return None
            given = statement.value
        if any(isinstance(each, ast.Name) and each.id in text.functions() for each in ast.walk(given)):
            return None
        values[given] = None
    if not values or not all(_on_one_line(value) for value in values):
        return None
    for value in values:
        text.replace(value, new)
    return min(values, key=lambda value: value.lineno)


def _fill(text: _Text, edit: Edit) -> bool:
    count = int(edit.value[0])
    if "fill" in text.functions():
        return False
    place = _inputs(text, "[fill]" if count == 1 else f"[fill] * {count}")
    if place is not None:
        text.insert_function(place, "def fill(buffer, shape, dtype):", "    pass")
    return place is not None


def _picture(text: _Text, edit: Edit) -> bool:
    arrays = [
        node for node in ast.walk(text.tree) if isinstance(node, ast.Attribute) and node.attr in ("zeros", "ones")
    ]
    if not arrays or _inputs(text, f"[{edit.value[0]}]") is None:
        return False
    text.insert_import("image")
    return True


def _moved(text: _Text, edit: Edit) -> bool:
    path, *to_fb = edit.value
    found = [call for call in text.loads() if _path(call) == edit.path and _on_one_line(call)]
    for call in sorted(found, key=lambda call: (call.lineno, -call.col_offset)):
        parts = [f'"{path}"', *(["load_to_fb=True"] if to_fb else [])]
        parts += [text.source(each) for each in call.args[1:]]
        parts += [f"{each.arg}={text.source(each.value)}" for each in call.keywords if each.arg != "load_to_fb"]
        text.replace(call, f"{text.source(call.func)}({', '.join(parts)})")
    return bool(found)


def _turns(text: _Text, edit: Edit) -> bool:
    most, made = int(edit.value[0]), False
    for statement, _ in text.predictions():
        match text.loop_of(statement):
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(turns)) as count])):
                if turns > most:
                    text.replace(count, str(most))
                    made = True
    return made


def _module(text: _Text, edit: Edit) -> bool:
    module, method = edit.value
    other, name, theirs = ("ml", "Model", "load") if module == "ml" else ("tf", "load", "Model")
    found = list(text.predictions())
    if not all(_on_one_line(call) and isinstance(call.func, ast.Attribute) for _, call in found):
        return False
    pictures = (isinstance(call.args[0], ast.List) and len(call.args[0].elts) == 1 for _, call in found)
    if module == "tf" and not all(pictures):
        return False
    for _, call in found:
        assert isinstance(call.func, ast.Attribute)
        given = text.source(call.args[0])
        inputs = f"[{given}]" if module == "ml" else given[1:-1]
        more = ", thresholds=[(128, 255)]" if method == "detect" and module == "tf" else ""
        text.replace(call, f"{text.source(call.func.value)}.{method}({inputs}{more})")
    for call in text.loads():
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr != theirs:
            return False
        text.replace(func, f"{other}.{name}")
    imports = [node for node in ast.walk(text.tree) if isinstance(node, ast.Import) and len(node.names) == 1]
    named = [node for node in imports if node.names[0].name in ("ml", "tf") and node.names[0].asname is None]
    for node in named:
        text.replace(node, f"import {other}")
    return bool(named)


_MADE: Final = {
    Change.COLLECT_BEFORE_LOAD: _collect_before_load,
    Change.COLLECT_EVERY_FRAME: _collect_every_frame,
    Change.DROP_OUTPUT: _drop_output,
    Change.CALLBACK: _callback,
    Change.FILL: _fill,
    Change.PICTURE: _picture,
    Change.PATH: _moved,
    Change.TURNS: _turns,
    Change.MODULE: _module,
}


def all_edited(script: Prepared, edits: Sequence[Edit]) -> Prepared | None:
    """The script with every change, in order."""
    found: Prepared | None = script
    for edit in edits:
        found = None if found is None else edited(found, edit)
    return found


__all__ = ["Change", "Edit", "all_edited", "edited", "labels_of", "loaded_paths", "uses_outputs"]
