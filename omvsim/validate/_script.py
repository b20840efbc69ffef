"""A recorded script's text as the steps of a scenario.

Only what the recorded scripts are made of is followed: loading models, predicting, pictures, buffers, ``gc.collect()``,
functions of the script, loops of known length, ``try``. Anything else ends in :class:`CannotFollow`, which names the
line: a prediction of half a script would be worth nothing.
"""

from __future__ import annotations

import ast
import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omvsim.firmware import InputKind
from omvsim.scenario import (
    Alloc,
    Attempt,
    Call,
    Collect,
    Deep,
    Delete,
    Describe,
    FormatText,
    Grab,
    Load,
    MakeInput,
    Mark,
    PoolAlloc,
    Predict,
    Raise,
    Release,
    Sensor,
    TakeShape,
    When,
)
from omvsim.validate._expressions import CannotFollow, Expressions, InputValue, ModelValue, Module, Unknown
from omvsim.validate._frames import ITERATOR_SLOTS, comprehension_bytes, frame_bytes, stack_depth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from omvsim import boards
    from omvsim.scenario import Step
    from omvsim.validate._expressions import Shapes, Value

BUILT_IN = ("csi", "gc", "image", "math", "omv", "sys", "time")
"""Modules written in C: importing one binds a name and allocates nothing."""
CSI_OBJECT = 20
SNAPSHOT_OBJECT = 28
FUNCTION = 16
LIST = "<listcomp>"
OBJECT = 16
WORD = 4


@dataclass(slots=True)
class Script:
    """A script being followed. ``shapes`` and ``output_shapes`` tell those of the model at a path."""

    text: str
    generation: boards.Release
    shapes: Shapes
    output_shapes: Shapes
    imports: Mapping[str, Step] = field(default_factory=dict)
    """What an import of a module by name is as a step; empty where no import can be followed."""
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    names: dict[str, Value] = field(default_factory=dict)
    depth: int = 0
    """Slots of the top level's value stack that loops and handlers around the present statement hold."""
    paths: dict[str, None] = field(default_factory=dict)
    """Paths of the models loaded, in order."""
    to_fb: set[str] = field(default_factory=set)
    """Those that are loaded with ``load_to_fb=True``."""

    def body(self) -> list[ast.stmt]:
        """The script's statements.

        Raises:
            CannotFollow: it is not Python.
        """
        try:
            return ast.parse(self.text).body
        except SyntaxError as error:
            raise CannotFollow(error.lineno or 0, "not Python") from error

    def skip(self, statements: Iterable[ast.stmt]) -> None:
        """Take note of what ``statements`` define without following them."""
        for statement in statements:
            if isinstance(statement, ast.FunctionDef):
                self.functions[statement.name] = statement
            elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        self.names[target.id] = statement.value.value

    def input_functions(self) -> set[str]:
        """Functions that the script makes a list of inputs of: ``[fill] * len(m.input_shape)``."""
        lists = (node.left for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.BinOp))
        return {e.id for node in lists if isinstance(node, ast.List) for e in node.elts if isinstance(e, ast.Name)}

    def steps(self, statements: Iterable[ast.stmt], function: str = "") -> list[Step]:
        """The steps of some statements, at top level or inside ``function``."""
        found: list[Step] = []
        for statement in statements:
            steps = _Translator(self, function).statement(statement)
            if not function and isinstance(statement, ast.Expr | ast.Assign):
                depth = self.depth + stack_depth(statement.value)
                found.append(Deep(depth))
            found += steps
        return found


def _without_leaving(body: list[ast.stmt]) -> tuple[list[ast.stmt], ast.ExceptHandler | None]:
    """A loop's body without the ``try`` whose handler leaves the loop, and that handler: the loop is inside it then."""
    flat: list[ast.stmt] = []
    handler: ast.ExceptHandler | None = None
    for statement in body:
        match statement:
            case ast.Try(inner, [ast.ExceptHandler(kind, name, [*rest, ast.Break()])]):
                flat += inner
                handler = ast.ExceptHandler(kind, name, rest)
            case _:
                flat.append(statement)
    return flat, handler


def _is_load_to_fb(keywords: list[ast.keyword]) -> bool:
    """Whether ``ml.Model(path, …)`` has no other keyword than ``load_to_fb=True``."""
    match keywords:
        case [] | [ast.keyword("load_to_fb", ast.Constant(True))]:
            return True
    return False


class _Translator(Expressions):
    """Statements of one function (or the top level, ``function == ""``) to steps."""

    def __init__(self, script: Script, function: str) -> None:
        super().__init__(script.names, script.shapes, function)
        self.script = script

    # -- statements ---------------------------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> list[Step]:
        match node:
            case ast.Pass() | ast.Break() | ast.Return():
                return []
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef():
                return self.define(node) if isinstance(node, ast.FunctionDef) else self.modules(node)
            case ast.Expr(ast.Call() as call):
                return self.call(call)
            case ast.Assign([ast.Name(id=name)], value):
                return self.assign(node, name, value)
            case ast.For(ast.Name(id=name), iterable, body):
                return self.loop(name, iterable, body)
            case ast.If(test, body, orelse):
                return self.condition(test, body, orelse)
            case ast.Raise(ast.Call(ast.Name(id=kind), [ast.Constant(str(text))])):
                return [Raise(f"{kind}: {text}")]
            case ast.Try(body, handlers):
                return [Attempt(tuple(self.block(body)), tuple(self.handler(handlers)))]
        raise self.fail(node, f"{ast.unparse(node).splitlines()[0]!r} is beyond what can be followed")

    def handler(self, handlers: list[ast.ExceptHandler], held: int = 0) -> list[Step]:
        """The first handler; at top level ``as e`` is a global name while it runs."""
        if not handlers:
            return []
        name = None if self.function else handlers[0].name
        steps = self.block(handlers[0].body, held)
        return steps if name is None else [Release(name), *steps, Delete(name)]

    def define(self, node: ast.FunctionDef) -> list[Step]:
        self.script.functions[node.name] = node
        self.set(node.name, Module(node.name))
        if node.name in self.script.input_functions():
            return [Release(self.name(node.name))]  # making the list of inputs makes the function as well
        return [Alloc(FUNCTION, into=self.name(node.name), what=f"function {node.name}")]

    def modules(self, node: ast.Import | ast.ImportFrom) -> list[Step]:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if self.script.imports:
            return [self.script.imports[name] for name in names if name in self.script.imports]
        unknown = [name for name in names if name not in BUILT_IN]
        if unknown or isinstance(node, ast.ImportFrom):
            raise self.fail(node, f"import of {', '.join(names)}, whose cost on the heap is not known")
        return [Release(self.name(name)) for name in names]

    def block(self, body: Iterable[ast.stmt], held: int = 0) -> list[Step]:
        self.script.depth += held
        steps = self.script.steps(body, self.function)
        self.script.depth -= held
        return steps

    def loop(self, name: str, iterable: ast.expr, body: list[ast.stmt]) -> list[Step]:
        found: list[Step] = []
        body, handler = _without_leaving(body)
        held = ITERATOR_SLOTS if isinstance(iterable, ast.Tuple) else 1
        for value in self.sequence(iterable):
            found.append(Release(self.name(name)))
            self.set(name, value)
            found += self.block(body, held)
        return found if handler is None else [Attempt(tuple(found), tuple(self.handler([handler], held)))]

    def sequence(self, node: ast.expr) -> Iterable[Value]:
        match node:
            case ast.Call(ast.Name("range"), arguments):
                return range(*(self.number(argument) for argument in arguments))
        value = self.value(node)
        if isinstance(value, tuple):
            return value
        raise self.fail(node, f"a loop over {ast.unparse(node)!r} of unknown length")

    def condition(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> list[Step]:
        match test:
            case ast.Compare(ast.Name(id=name), [ast.IsNot()], [ast.Constant(None)]) if not orelse:
                return [When(self.name(name), tuple(self.block(body)))]
        return self.block(body if self.truth(test) else orelse)

    # -- assignments --------------------------------------------------------------------------------------------

    def assign(self, node: ast.Assign, name: str, value: ast.expr) -> list[Step]:
        steps = self.made(name, value) if isinstance(value, ast.Call) else self.listed(name, value)
        if steps is not None:
            return steps
        match value:
            case ast.Subscript(ast.Attribute(ast.Name() as model, "input_shape"), ast.Constant(int(index))):
                self.set(name, self.value(value))
                return [TakeShape(self.name(name), self.model_of(model), index)]
        known = self.value(value)
        self.set(name, known)
        if isinstance(known, str) and self.script.imports:
            return []  # the recorded start has bound it
        if known is None or isinstance(known, int | str | tuple):
            return [Release(self.name(name))]
        raise self.fail(node, f"{ast.unparse(node)!r} is beyond what can be followed")

    def made(self, name: str, call: ast.Call) -> list[Step] | None:
        """``name = f(…)``: a model, a result of predict(), a picture, a buffer; None for other calls."""
        into = self.name(name)
        match call:
            case ast.Call(ast.Attribute(ast.Name("ml"), "Model"), [path], keywords) if _is_load_to_fb(keywords):
                where = self.text(path)
                self.set(name, ModelValue(into, where))
                self.script.paths[where] = None
                if keywords:
                    self.script.to_fb.add(where)
                return [Load(model=where, into=into, keywords=len(keywords))]
            case ast.Call(ast.Name(id=function)) if function in self.script.functions:
                return self.own_call(call, function, into)
            case ast.Call(ast.Attribute(_, "predict")):
                self.set(name, Unknown())
                return self.predict(call, into)
            case ast.Call(ast.Attribute(ast.Name("image"), "Image")):
                self.set(name, InputValue(InputKind.IMAGE))
                return [self.image(call, into)]
            case ast.Call(ast.Attribute(ast.Name("csi"), "CSI")):
                self.set(name, Unknown())
                return [Alloc(CSI_OBJECT, into=into, what="camera object")]
            case ast.Call(ast.Attribute(ast.Name(), "snapshot"), []):
                self.set(name, InputValue(InputKind.IMAGE))
                return [Grab(into)]
            case ast.Call(ast.Name("bytearray"), [size]):
                self.set(name, Unknown())
                return [Alloc(self.number(size), into=into, what="bytearray", before=(OBJECT,))]
        return None

    def listed(self, name: str, value: ast.expr) -> list[Step] | None:
        """``name = [… for …]`` or ``[f] * n``: inputs or pictures; None for other values."""
        into = self.name(name)
        match value:
            case ast.ListComp(ast.Call(ast.Attribute(ast.Name("np"), "zeros")), [ast.comprehension(iter=shapes)]):
                self.set(name, InputValue(InputKind.NDARRAY))
                return [MakeInput(self.model_of(shapes), InputKind.NDARRAY, into)]
            case ast.ListComp(ast.Call(ast.Attribute(ast.Name("image"), "Image")) as picture, [comprehension]):
                self.set(name, InputValue(InputKind.IMAGE))
                count = len(list(self.sequence(comprehension.iter)))
                step = self.image(picture, "")
                result = f"{LIST}.{len(self.script.names)}"
                pictures = Alloc(step.bytes, count, result, step.what, after=step.after)
                made = [Alloc(OBJECT, what="list comprehension"), Alloc(OBJECT, what="range")]
                return [*made, Call(LIST, (pictures,), comprehension_bytes(value), result, into)]
            case ast.BinOp(ast.List([ast.Name(id=function)]), ast.Mult(), count) if function in self.script.functions:
                self.set(name, InputValue(InputKind.CALLABLE))
                return [MakeInput(self.model_of(count), InputKind.CALLABLE, into)]
        return None

    def image(self, call: ast.Call, into: str) -> Alloc:
        if len(call.args) != 3:
            raise self.fail(call, "a picture that is not image.Image(width, height, format)")
        width, height = self.number(call.args[0]), self.number(call.args[1])
        match self.value(call.args[2]):
            case Module("image.RGB565"):
                size = width * height * 2
            case Module("image.GRAYSCALE"):
                size = width * height
            case _:
                raise self.fail(call, f"the picture format {ast.unparse(call.args[2])!r}")
        generation = self.script.generation
        return Alloc(generation.pixels_request(size), into=into, what="picture", after=(generation.image_object,))

    def model_of(self, node: ast.AST) -> str:
        """The model that an expression mentions."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                value = self.get(inner)
                if isinstance(value, ModelValue):
                    return value.name
        raise self.fail(node, "an input for no known model")

    # -- calls --------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> list[Step]:
        match node.func:
            case ast.Attribute(ast.Name("gc"), "collect"):
                return [Collect()]
            case ast.Attribute(ast.Name("gctrace"), "info"):
                return [Mark(self.text(node.args[0]))]
            case ast.Attribute(ast.Name("gctrace"), "mark") | ast.Name("mark"):
                return self.string(node.args[0])
            case ast.Attribute(ast.Name("gctrace"), "uma_malloc"):
                return [PoolAlloc(self.number(node.args[1]), self.number(node.args[2]))]
            case ast.Attribute(ast.Name("gctrace"), _) | ast.Name("uma_walk") | ast.Attribute(ast.Name(), "reset"):
                return []
            case ast.Attribute(ast.Name(), "pixformat" | "framesize" as setting):
                return [self.sensor(node, setting)]
            case ast.Name("print"):
                models = [a for a in node.args if isinstance(a, ast.Attribute) and a.attr == "input_shape"]
                return [Describe(self.model_of(models[0]))] if models else []
            case ast.Name(id=function) if function in self.script.functions:
                return self.own_call(node, function, None)
            case ast.Attribute(_, "predict"):
                return self.predict(node, None)
        raise self.fail(node, f"the call {ast.unparse(node)!r} is beyond what can be followed")

    def sensor(self, node: ast.Call, setting: str) -> Sensor:
        match self.value(node.args[0]):
            case Module(name) if name.startswith(("csi.", "sensor.")):
                value = name.partition(".")[2]
                return Sensor(pixformat=value) if setting == "pixformat" else Sensor(framesize=value)
        raise self.fail(node, f"the setting {ast.unparse(node)!r}")

    def own_call(self, node: ast.Call, function: str, into: str | None) -> list[Step]:
        definition = self.script.functions[function]
        inner = _Translator(self.script, function)
        for parameter, argument in zip(definition.args.args, node.args, strict=False):
            inner.set(parameter.arg, self.value(argument))
        steps = tuple(self.script.steps(definition.body, function))
        returned = next((n.value.id for n in ast.walk(definition) if isinstance(n, ast.Return)
                         and isinstance(n.value, ast.Name)), None)  # fmt: skip
        returns = None if returned is None else f"{function}.{returned}"
        if into is not None:
            value = self.script.names.get(returns or "")
            value = ModelValue(into, value.path) if isinstance(value, ModelValue) else value
            self.script.names[into] = value
        return [Call(function, steps, frame_bytes(definition), returns, into)]

    def predict(self, node: ast.Call, into: str | None) -> list[Step]:
        target = node.func
        model = self.value(target.value) if isinstance(target, ast.Attribute) else None
        if not isinstance(model, ModelValue) or len(node.args) != 1:
            raise self.fail(node, f"{ast.unparse(node)!r} on no known model")
        kind = self.input_kind(node.args[0])
        literal = isinstance(node.args[0], ast.List)
        keep = into is not None
        slot = None if self.function else self.script.depth
        predict = Predict(
            model.name,
            times=1,
            kind=kind,
            into=into or "",
            keep=keep,
            literal=literal,
            item=self.item(node.args[0]),
            slot=slot,
        )
        if not node.keywords:
            return [predict]
        match node.keywords:
            case [ast.keyword("callback", ast.Name(id=function))] if function in self.script.functions:
                called = dataclasses.replace(predict, into="", keep=False, callback=True)
                return [called, *self.callback(node, model, function, into)]
        raise self.fail(node, f"{ast.unparse(node)!r} is beyond what can be followed")

    def item(self, node: ast.expr) -> str | None:
        """The name of what stands in the list of inputs, if a name does."""
        match node:
            case ast.List([ast.Name(id=name)]) if name not in self.script.functions:
                return self.name(name)
        return None

    def callback(self, node: ast.AST, model: ModelValue, function: str, into: str | None) -> list[Step]:
        """What a post-processing function of the script makes of the outputs."""
        match self.script.functions[function].body:
            case [ast.Pass()] | [ast.Return(None)] | [ast.Return(ast.Constant())]:
                return [Release(into)] if into else []
            case [ast.Return(ast.ListComp(ast.Attribute(ast.Name(), "shape")))]:
                ranks = [len(shape) for shape in self.script.output_shapes(model.path)]
                slots = OBJECT * max(1, -(-len(ranks) // 4))
                shapes = tuple(WORD * (2 + rank) for rank in ranks)
                function_object = Alloc(OBJECT, what="list comprehension")
                return [function_object, Alloc(OBJECT, into=into, what="list of shapes", after=(slots, *shapes))]
        raise self.fail(node, f"what {function}() makes of the outputs")

    def input_kind(self, node: ast.expr) -> InputKind:
        match node:
            case ast.List([ast.Name(id=name)]) if name in self.script.functions:
                return InputKind.CALLABLE
            case ast.List([ast.Subscript(value=ast.Name() as name)]):
                value = self.get(name)
            case ast.List([ast.Name() as name]) | (ast.Name() as name):
                value = self.get(name)
            case _:
                value = None
        if isinstance(value, InputValue):
            return value.kind
        raise self.fail(node, f"the input {ast.unparse(node)!r}")

    def string(self, node: ast.expr) -> list[Step]:
        """What building the text of a label costs: nothing for a constant, else its characters, then the object."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [Alloc(len(self.text(node).encode()) + 1, what="text"), Alloc(OBJECT, what="text")]
        if isinstance(node, ast.BinOp):
            return [FormatText(len(self.text(node)))]
        return []


__all__ = ["CannotFollow", "Script"]
