"""Changes that somebody could make to a script, made: the same text, whoever it was that wrote it.

A change is made where its statement can be seen: a call of ``ml.Model`` or ``tf.load`` with its path written out, a
prediction that is a statement of its own or is given a name. Where there is none the change does not apply.
"""

from __future__ import annotations

import ast
import enum
from typing import TYPE_CHECKING, Final

from omvsim.records import NamedTuple
from omvsim.runs.scenario.script_text import COLLECT, ScriptText, is_prediction, on_one_line, path_of, target_of
from omvsim.runs.scenario.text import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence


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
        text = ScriptText(script)
    except (SyntaxError, ValueError):  # what the host cannot read, the camera may
        return None
    made = _MADE[edit.change](text, edit)
    return text.prepared() if made else None


def uses_outputs(text: str) -> bool:
    """Whether the script may look at what a prediction gives: only a text that is seen to drop it all does not."""
    try:
        seen = ScriptText(Prepared(text, {}))
    except (SyntaxError, ValueError):
        return True
    calls = [node for node in ast.walk(seen.tree) if is_prediction(node)]
    dropped = [call for statement, call in seen.predictions() if seen.is_dropped(statement) and not call.keywords]
    return len(calls) > len(dropped) or bool(seen.names("postprocess"))


def labels_of(text: str) -> dict[int, str]:
    """What the lines of any script are called in a run told step by step: ``load`` and ``predict``, or by number."""
    count = len(text.splitlines())
    labels = {number: f"line {number}" for number in range(1, count + 1)}
    try:
        seen = ScriptText(Prepared(text, {}))
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
        seen = ScriptText(Prepared(text, {}))
    except (SyntaxError, ValueError):
        return []
    return [path for call in seen.loads() if (path := path_of(call)) is not None]


# -- the changes ------------------------------------------------------------------------------------------------------


def _collect_before_load(text: ScriptText, _edit: Edit) -> bool:
    statements = {text.statement_of(call) for call in text.loads()}
    new = [each for each in statements if not text.is_after(each, COLLECT)]
    for statement in new:
        text.insert(statement, COLLECT)
    if new:
        text.insert_import("gc")
    return bool(new)


def _collect_every_frame(text: ScriptText, _edit: Edit) -> bool:
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


def _drop_output(text: ScriptText, _edit: Edit) -> bool:
    made = False
    for statement, call in list(text.predictions()):
        name = target_of(statement)
        if name is None or not on_one_line(statement) or text.is_after(statement, f"{name} = None"):
            continue
        made = True
        if text.names(name):
            text.insert(statement, f"{name} = None")
        else:
            text.replace(statement, text.source(call))
    return made


def _callback(text: ScriptText, _edit: Edit) -> bool:
    found = [
        (statement, call)
        for statement, call in text.predictions()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "predict" and not call.keywords
    ]
    if not found or "callback" in text.functions():
        return False
    if not all(text.is_dropped(statement) and on_one_line(statement) for statement, _ in found):
        return False
    text.insert_function(found[0][0], "def callback(model, inputs, outputs):", "    return None")
    for statement, call in found:
        text.replace(statement, f"{text.source(call)[:-1]}, callback=callback)")
    return True


def _inputs(text: ScriptText, new: str) -> ast.AST | None:
    """Give every prediction other inputs; the first statement that was changed, None where one cannot be."""
    values: dict[ast.expr, None] = {}
    for node in ast.walk(text.tree):
        if not is_prediction(node):
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
    if not values or not all(on_one_line(value) for value in values):
        return None
    for value in values:
        text.replace(value, new)
    return min(values, key=lambda value: value.lineno)


def _fill(text: ScriptText, edit: Edit) -> bool:
    count = int(edit.value[0])
    if "fill" in text.functions():
        return False
    place = _inputs(text, "[fill]" if count == 1 else f"[fill] * {count}")
    if place is not None:
        text.insert_function(place, "def fill(buffer, shape, dtype):", "    pass")
    return place is not None


def _picture(text: ScriptText, edit: Edit) -> bool:
    arrays = [
        node for node in ast.walk(text.tree) if isinstance(node, ast.Attribute) and node.attr in ("zeros", "ones")
    ]
    if not arrays or _inputs(text, f"[{edit.value[0]}]") is None:
        return False
    text.insert_import("image")
    return True


def _moved(text: ScriptText, edit: Edit) -> bool:
    path, *to_fb = edit.value
    found = [call for call in text.loads() if path_of(call) == edit.path and on_one_line(call)]
    for call in sorted(found, key=lambda call: (call.lineno, -call.col_offset)):
        parts = [f'"{path}"', *(["load_to_fb=True"] if to_fb else [])]
        parts += [text.source(each) for each in call.args[1:]]
        parts += [f"{each.arg}={text.source(each.value)}" for each in call.keywords if each.arg != "load_to_fb"]
        text.replace(call, f"{text.source(call.func)}({', '.join(parts)})")
    return bool(found)


def _turns(text: ScriptText, edit: Edit) -> bool:
    most, made = int(edit.value[0]), False
    for statement, _ in text.predictions():
        match text.loop_of(statement):
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(turns)) as count])):
                if turns > most:
                    text.replace(count, str(most))
                    made = True
    return made


def _module(text: ScriptText, edit: Edit) -> bool:
    module, method = edit.value
    other, name, theirs = ("ml", "Model", "load") if module == "ml" else ("tf", "load", "Model")
    found = list(text.predictions())
    if not all(on_one_line(call) and isinstance(call.func, ast.Attribute) for _, call in found):
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
