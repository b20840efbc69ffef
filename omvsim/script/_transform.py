"""Turns a script into host code in which every operation is a call of the runtime.

Control flow, names and scopes stay the host's own; literals, operators, attributes, subscripts, calls, iteration,
functions and classes go through one name, a :class:`omvsim.script._runtime.Runtime`. No attribute of a host object is
reachable from the script.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

from omvsim.script._barrier import LOCALS, RUNTIME, check_result, check_source
from omvsim.script._errors import ScriptSourceError
from omvsim.script._frames import is_constant_tuple, layout_of, range_arguments, small_constant
from omvsim.script._scopes import scopes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from omvsim.script._frames import Frame, Layout
    from omvsim.script._scopes import Comprehension, Scope

HIDDEN = "_omvsim_l"
"""Prefix of names that the transformation makes."""

_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
    ast.Lt: "<",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class Program:
    """A transformed script: the code to run and the frames its functions need."""

    def __init__(self, code: CodeType, frames: dict[int, Frame], strings: set[str], tree: ast.Module) -> None:
        self.code = code
        self.frames = frames
        self.strings = strings
        self.tree = tree


def transform(source: str, filename: str, shown: str, first_frame: int = 0) -> Program:
    """Parse and transform ``source``; ``filename`` names the code, ``shown`` the file in messages.

    Frames are numbered from ``first_frame``, so that several programs can share one runtime.

    Raises:
        ScriptSourceError: a syntax error, or something that is not simulated (``async``).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # what CPython thinks of the script is not the camera's concern
        return _program(source, filename, shown, first_frame)


def _program(source: str, filename: str, shown: str, first_frame: int) -> Program:
    try:
        tree = ast.parse(source, filename)
    except SyntaxError as error:
        raise ScriptSourceError(f"{shown}:{error.lineno or 1}", f"SyntaxError: {error.msg}") from None
    except ValueError as error:
        raise ScriptSourceError(shown, f"not a text file ({error})") from None
    except (RecursionError, MemoryError):
        raise ScriptSourceError(shown, "nested too deeply") from None
    check_source(tree, shown)
    strings = _interned(tree)
    try:
        worker = _Transformer(scopes_of(tree), tree, first_frame)
        changed = ast.fix_missing_locations(worker.visit(tree))
        check_result(changed, shown)
        return Program(compile(changed, filename, "exec"), worker.frames, strings, ast.parse(source))
    except SyntaxError as error:  # return outside a function, names that are both global and local …
        raise ScriptSourceError(f"{shown}:{error.lineno or 1}", f"SyntaxError: {error.msg}") from None
    except RecursionError:
        raise ScriptSourceError(shown, "nested too deeply") from None


def _interned(tree: ast.Module) -> set[str]:
    """Texts that compiling the script interns: its names, and constants of up to ten characters."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for name in ("id", "attr", "name", "arg", "module"):
            value = getattr(node, name, None)
            if isinstance(value, str):
                found.add(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 10:
            found.add(node.value)
    return found


def _rt(name: str, *values: ast.expr, keywords: Sequence[ast.keyword] = ()) -> ast.Call:
    function = ast.Attribute(ast.Name(RUNTIME, ast.Load()), name, ast.Load())
    return ast.Call(function, list(values), list(keywords))


def _const(value: Any) -> ast.Constant:
    return ast.Constant(value)


def _host_tuple(items: Sequence[ast.expr]) -> ast.Tuple:
    return ast.Tuple(list(items), ast.Load())


class _Transformer(ast.NodeTransformer):
    def __init__(self, scopes: dict[ast.AST, Scope], tree: ast.Module, first_frame: int) -> None:
        self.first_frame = first_frame
        self.scopes = scopes
        self.frames: dict[int, Frame] = {}
        self.names = 0
        self.functions: list[ast.AST] = []
        self.layouts: list[Layout | None] = [layout_of(scopes[tree])]

    def fresh(self) -> str:
        self.names += 1
        return f"{HIDDEN}{self.names}"

    def visit(self, node: ast.AST) -> Any:
        result = super().visit(node)
        layout = self.layouts[-1]
        if layout is not None and node in layout.statements:
            result = self.touched(node, layout.statements[node], result)
        if isinstance(node, ast.expr | ast.stmt) and isinstance(result, ast.expr | ast.stmt):
            ast.copy_location(result, node)
        elif isinstance(node, ast.stmt) and isinstance(result, list):
            for each in result:
                ast.copy_location(each, node)
        return result

    @staticmethod
    def touched(node: ast.AST, place: tuple[int, int], result: Any) -> Any:
        """The statement's slots of the value stack are written: what an earlier call left there is gone."""
        if (
            not place[1]
            or result is None
            or isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Global | ast.Nonlocal)
        ):
            return result
        touch = ast.copy_location(ast.Expr(_rt("touch", _const(place[0]), _const(place[1]))), node)
        return [touch, *(result if isinstance(result, list) else [result])]

    def frame(self, node: ast.AST) -> ast.Constant:
        number = self.first_frame + len(self.frames)
        self.frames[number] = layout_of(self.scopes[node]).frame
        return _const(number)

    def inside(self, node: ast.AST, generator: bool = False) -> None:
        """A function's body begins: its calls work on a stack of their own."""
        self.functions.append(node)
        self.layouts.append(None if generator else layout_of(self.scopes[node]))

    def outside(self) -> None:
        """It ends."""
        self.functions.pop()
        self.layouts.pop()

    def all(self, nodes: Sequence[ast.AST]) -> list[Any]:
        result: list[Any] = []
        for node in nodes:
            changed = self.visit(node)
            result.extend(changed if isinstance(changed, list) else [changed])
        return result

    # -- literals -----------------------------------------------------------------------------------------------

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        if is_constant_tuple(node) or not node.elts:
            return _folded(node)
        if any(isinstance(item, ast.Starred) for item in node.elts):
            return self.spread("tuple", node.elts)
        return _rt("display_tuple", _host_tuple(self.all(node.elts)))

    def visit_List(self, node: ast.List) -> Any:
        if any(isinstance(item, ast.Starred) for item in node.elts):
            return self.spread("list", node.elts)
        return _rt("display_list", _host_tuple(self.all(node.elts)))

    def spread(self, kind: str, items: Sequence[ast.expr]) -> ast.Call:
        return _rt("spread", _const(kind), *(self.part(item) for item in items))

    def part(self, item: ast.expr) -> ast.expr:
        if isinstance(item, ast.Starred):
            return ast.List([self.visit(item.value)], ast.Load())
        return _host_tuple([self.visit(item)])

    def visit_Set(self, node: ast.Set) -> Any:
        return _rt("display_set", *self.all(node.elts))

    def visit_Dict(self, node: ast.Dict) -> Any:
        parts: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            missing = ast.Attribute(ast.Name(RUNTIME, ast.Load()), "MISSING", ast.Load())
            parts += [missing if key is None else self.visit(key), self.visit(value)]
        return _rt("display_dict", *parts)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Any:
        template, values = "", []
        for part in node.values:
            if isinstance(part, ast.Constant):
                template += str(part.value).replace("{", "{{").replace("}", "}}")
            elif isinstance(part, ast.FormattedValue):
                values.append(self.visit(part.value))
                template += "{" + {-1: "", 115: "!s", 114: "!r", 97: "!r"}[part.conversion] + self.spec(part) + "}"
        if not values:
            return _const(template.replace("{{", "{").replace("}}", "}"))
        return _rt("fstring", _const(template), *values)

    @staticmethod
    def spec(part: ast.FormattedValue) -> str:
        spec = part.format_spec
        if not isinstance(spec, ast.JoinedStr):
            return ""
        return ":" + "".join(str(each.value) for each in spec.values if isinstance(each, ast.Constant))

    # -- operators ----------------------------------------------------------------------------------------------

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        return _rt("bin", _const(_SIGNS.get(type(node.op), "@")), self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self.visit(node.operand))
        operand = node.operand
        if (
            isinstance(node.op, ast.USub)
            and isinstance(operand, ast.Constant)
            and isinstance(operand.value, int | float)
        ):
            return _const(-operand.value)
        if small_constant(node) is not None:
            return _folded(node)
        return _rt("un", _const(_SIGNS[type(node.op)]), self.visit(operand))

    def visit_Compare(self, node: ast.Compare) -> Any:
        left = self.visit(node.left)
        parts: list[ast.expr] = []
        for number, (sign, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            value = self.visit(right)
            if number + 1 < len(node.ops):
                name = self.fresh()
                value = ast.NamedExpr(ast.Name(name, ast.Store()), value)
                parts.append(self.compared(sign, left, value))
                left = ast.Name(name, ast.Load())
            else:
                parts.append(self.compared(sign, left, value))
        return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)

    @staticmethod
    def compared(sign: ast.cmpop, left: ast.expr, right: ast.expr) -> ast.expr:
        if isinstance(sign, ast.Is | ast.IsNot):
            return ast.Compare(left, [sign], [right])
        if isinstance(sign, ast.In):
            return _rt("has", left, right)
        if isinstance(sign, ast.NotIn):
            return ast.UnaryOp(ast.Not(), _rt("has", left, right))
        return _rt("cmp", _const(_SIGNS[type(sign)]), left, right)

    # -- attributes, subscripts, calls --------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return _rt("attr", self.visit(node.value), _const(node.attr))

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        if isinstance(node.slice, ast.Slice):
            return _rt("sliced", self.visit(node.value), *self.bounds(node.slice))
        return _rt("index", self.visit(node.value), self.key(node.slice))

    def bounds(self, node: ast.Slice) -> list[ast.expr]:
        return [_const(None) if part is None else self.visit(part) for part in (node.lower, node.upper, node.step)]

    def key(self, node: ast.expr) -> ast.expr:
        """A subscript's key: slices inside a tuple are objects."""
        if isinstance(node, ast.Slice):
            return _rt("slice", _const(None), *self.bounds(node))
        if isinstance(node, ast.Tuple) and not is_constant_tuple(node):
            return _rt("display_tuple", _host_tuple([self.key(item) for item in node.elts]))
        visited: ast.expr = self.visit(node)
        return visited

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Any:
        return ast.YieldFrom(_rt("iterate", self.visit(node.value)))

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args and not node.keywords:
            return self.super_call()
        starred = any(isinstance(each, ast.Starred) for each in node.args) or any(k.arg is None for k in node.keywords)
        if starred:
            return self.star_call(node)
        keywords = [ast.keyword(each.arg, self.visit(each.value)) for each in node.keywords]
        if isinstance(node.func, ast.Attribute):
            owner = self.visit(node.func.value)
            values = [owner, _const(node.func.attr), *self.all(node.args)]
            return self.placed("callm", node, values, keywords)
        return self.placed("call", node, [self.visit(node.func), *self.all(node.args)], keywords)

    def placed(self, name: str, node: ast.Call, values: list[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
        """A call that says at which slot of the value stack it happens, where that is known."""
        layout = self.layouts[-1]
        if layout is None or node not in layout.calls:
            return _rt(name, *values, keywords=keywords)
        return _rt(f"{name}_at", _const(layout.calls[node]), *values, keywords=keywords)

    def star_call(self, node: ast.Call) -> ast.Call:
        if isinstance(node.func, ast.Attribute):
            target: ast.expr = _host_tuple([self.visit(node.func.value), _const(node.func.attr)])
        else:
            target = self.visit(node.func)
        values = [self.part(each) for each in node.args]
        names: list[ast.expr] = []
        for each in node.keywords:
            value = self.visit(each.value)
            if each.arg is None:
                names.append(ast.List([value], ast.Load()))
            else:
                names.append(_host_tuple([_const(each.arg), value]))
        return _rt("call_star", target, ast.List(values, ast.Load()), ast.List(names, ast.Load()))

    def super_call(self) -> ast.expr:
        function = next((each for each in reversed(self.functions) if isinstance(each, ast.FunctionDef)), None)
        if function is None or not function.args.args:
            return _rt("call", ast.Name("super", ast.Load()))
        first = ast.Name(function.args.args[0].arg, ast.Load())
        return _rt("super", ast.Name("__class__", ast.Load()), first)

    # -- functions ----------------------------------------------------------------------------------------------

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        make, arguments = self.maker(node, "<lambda>"), self.arguments(node.args)
        self.inside(node)
        body = self.visit(node.body)
        if node.args.vararg is not None or node.args.kwarg is not None:
            body = self.lambda_stars(node.args, body)
        self.outside()
        return ast.Call(make, [ast.Lambda(arguments, body)], [])

    @staticmethod
    def lambda_stars(spec: ast.arguments, body: ast.expr) -> ast.expr:
        """``*args`` of a lambda as the script's own value: rebound before the body is evaluated."""
        items: list[ast.expr] = []
        for star, name in ((spec.vararg, "varargs"), (spec.kwarg, "kwargs")):
            if star is not None:
                value = _rt(name, ast.Name(star.arg, ast.Load()))
                items.append(ast.NamedExpr(ast.Name(star.arg, ast.Store()), value))
        return ast.Subscript(_host_tuple([*items, body]), _const(-1), ast.Load())

    def maker(self, node: ast.FunctionDef | ast.Lambda, name: str, *, generator: bool = False) -> ast.Call:
        scope = self.scopes[node]
        return _rt(
            "function",
            _const(name),
            self.frame(node),
            _const(len(scope.free)),
            _const(len(scope.cells)),
            _const(len(node.args.defaults)),
            _const(generator),
        )

    def arguments(self, spec: ast.arguments) -> ast.arguments:
        return ast.arguments(
            posonlyargs=[ast.arg(each.arg) for each in spec.posonlyargs],
            args=[ast.arg(each.arg) for each in spec.args],
            vararg=ast.arg(spec.vararg.arg) if spec.vararg else None,
            kwonlyargs=[ast.arg(each.arg) for each in spec.kwonlyargs],
            kw_defaults=[None if each is None else self.visit(each) for each in spec.kw_defaults],
            kwarg=ast.arg(spec.kwarg.arg) if spec.kwarg else None,
            defaults=self.all(spec.defaults),
        )

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        generator = _is_generator(node)
        decorators = [self.applied(each) for each in node.decorator_list]
        make = self.maker(node, node.name, generator=generator)
        arguments = self.arguments(node.args)
        self.inside(node, generator)
        body: list[ast.stmt] = []
        for star, name in ((node.args.vararg, "varargs"), (node.args.kwarg, "kwargs")):
            if star is not None:
                value = _rt(name, ast.Name(star.arg, ast.Load()))
                body.append(ast.Assign([ast.Name(star.arg, ast.Store())], value))
        body += self.all(node.body)
        self.outside()
        result = ast.FunctionDef(node.name, arguments, body, [*decorators, make], None)
        if "type_params" in ast.FunctionDef._fields:
            setattr(result, "type_params", [])  # noqa: B010 - a field of newer hosts only
        return result

    def applied(self, decorator: ast.expr) -> ast.expr:
        """A decorator as a host callable; MicroPython's code emitters leave the function as it is."""
        if isinstance(decorator, ast.Attribute) and ast.unparse(decorator).startswith("micropython."):
            return ast.Attribute(ast.Name(RUNTIME, ast.Load()), "same", ast.Load())
        return _rt("decorator", self.visit(decorator))

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        bases = ast.keyword("bases", _host_tuple(self.all(node.bases)))
        meta = ast.keyword("metaclass", _rt("metaclass"))
        decorators = [self.applied(each) for each in node.decorator_list]
        self.inside(node, generator=True)
        body = self.all(node.body)
        self.outside()
        result = ast.ClassDef(node.name, [], [meta, bases], body, decorators)
        if "type_params" in ast.ClassDef._fields:
            setattr(result, "type_params", [])  # noqa: B010 - a field of newer hosts only
        return result

    # -- comprehensions -----------------------------------------------------------------------------------------

    def comprehension(self, node: Comprehension, name: str, *parts: ast.expr) -> ast.Call:
        frame = self.frame(node)
        function = _rt("comp_function", frame, _const(len(self.scopes[node].free)))
        first = self.visit(node.generators[0].iter)
        self.layouts.append(None)
        clauses = []
        for number, clause in enumerate(node.generators):
            stores: list[ast.expr] = []
            target, shape = self.target(clause.target, stores)
            items = _rt("each", self.visit(clause.iter) if number else first, shape)
            clauses.append(ast.comprehension(target, items, [*stores, *self.all(clause.ifs)], 0))
        values = self.all(parts)
        self.layouts.pop()
        element = values[0] if len(values) == 1 else _host_tuple(values)
        return _rt(name, _const(frame.value), function, ast.GeneratorExp(element, clauses))

    def visit_ListComp(self, node: ast.ListComp) -> Any:
        return self.comprehension(node, "list_comp", node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> Any:
        return self.comprehension(node, "set_comp", node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Any:
        return self.comprehension(node, "gen_comp", node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> Any:
        return self.comprehension(node, "dict_comp", node.key, node.value)

    # -- assignment ---------------------------------------------------------------------------------------------

    def target(self, node: ast.expr, stores: list[ast.expr]) -> tuple[ast.expr, ast.expr]:
        """A target of names only, and the shape to unpack to.

        What is no name gets one, and a condition that stores it and always holds goes into ``stores``.
        """
        if isinstance(node, ast.Tuple | ast.List):
            pairs = [self.target(item, stores) for item in node.elts]
            names: list[ast.expr] = [pair[0] for pair in pairs]
            return ast.Tuple(names, ast.Store()), _host_tuple([pair[1] for pair in pairs])
        if isinstance(node, ast.Starred):
            return self.target(node.value, stores)[0], _const("*")
        if isinstance(node, ast.Name):
            return node, _const(None)
        name = self.fresh()
        for statement in self.assign(node, ast.Name(name, ast.Load())):
            if isinstance(statement, ast.Expr):
                stores.append(ast.Compare(statement.value, [ast.Is()], [_const(None)]))
        return ast.Name(name, ast.Store()), _const(None)

    def assign(self, target: ast.expr, value: ast.expr) -> list[ast.stmt]:
        """Statements that store a host expression into a target of the script."""
        if isinstance(target, ast.Attribute):
            return [ast.Expr(_rt("setattr", self.visit(target.value), _const(target.attr), value))]
        if isinstance(target, ast.Subscript):
            return [ast.Expr(self.stored(target, value))]
        if isinstance(target, ast.Tuple | ast.List):
            return self.unpacked(target, value)
        return [ast.Assign([target], value)]

    def stored(self, target: ast.Subscript, value: ast.expr) -> ast.Call:
        if isinstance(target.slice, ast.Slice):
            return _rt("store_slice", value, self.visit(target.value), *self.bounds(target.slice))
        return _rt("store", value, self.visit(target.value), self.key(target.slice))

    def unpacked(self, target: ast.Tuple | ast.List, value: ast.expr) -> list[ast.stmt]:
        plain, after = [], []
        for item in target.elts:
            inner = item.value if isinstance(item, ast.Starred) else item
            if isinstance(inner, ast.Name):
                plain.append(inner)
            else:
                name = self.fresh()
                plain.append(ast.Name(name, ast.Store()))
                after += self.assign(inner, ast.Name(name, ast.Load()))
                after.append(ast.Delete([ast.Name(name, ast.Del())]))
        shape = _host_tuple([_const("*" if isinstance(item, ast.Starred) else None) for item in target.elts])
        names = ast.Tuple(list(plain), ast.Store())
        return [ast.Assign([names], _rt("unpack", value, shape)), *after]

    def visit_Assign(self, node: ast.Assign) -> Any:
        value = self.visit(node.value)
        pair = node.targets[0]
        if isinstance(pair, ast.Tuple) and isinstance(node.value, ast.Tuple) and len(node.targets) == 1:
            swapped = self.swap(pair, node.value)
            if swapped is not None:
                return swapped
        if len(node.targets) == 1:
            return self.assign(pair, value)
        name = self.fresh()
        result: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], value)]
        for target in node.targets:
            result += self.assign(target, ast.Name(name, ast.Load()))
        return [*result, ast.Delete([ast.Name(name, ast.Del())])]

    def swap(self, target: ast.Tuple, value: ast.Tuple) -> list[ast.stmt] | None:
        """``a, b = x, y``: compiled without a tuple (two or three plain values)."""
        if len(target.elts) != len(value.elts) or len(value.elts) not in (2, 3):
            return None
        if any(isinstance(item, ast.Starred) for item in (*target.elts, *value.elts)):
            return None
        names = [self.fresh() for _ in value.elts]
        spare = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
        result: list[ast.stmt] = [ast.Assign([spare], _host_tuple(self.all(value.elts)))]
        for item, name in zip(target.elts, names, strict=True):
            result += self.assign(item, ast.Name(name, ast.Load()))
        result.append(ast.Delete([ast.Name(name, ast.Del()) for name in names]))
        return result

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        sign = _const(_SIGNS.get(type(node.op), "@"))
        target, value = node.target, self.visit(node.value)
        later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), value)
        if isinstance(target, ast.Attribute):
            return ast.Expr(_rt("aug_attr", self.visit(target.value), _const(target.attr), sign, later))
        if isinstance(target, ast.Subscript):
            return ast.Expr(_rt("aug_item", self.visit(target.value), self.key(target.slice), sign, later))
        old = ast.Name(target.id, ast.Load())
        return ast.Assign([target], _rt("iop", sign, old, value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return ast.Pass() if node.value is None else self.assign(node.target, self.visit(node.value))

    def visit_Delete(self, node: ast.Delete) -> Any:
        result: list[ast.stmt] = []
        for target in node.targets:
            result += self.deleted(target)
        return result or [ast.Pass()]

    def deleted(self, target: ast.expr) -> list[ast.stmt]:
        """Statements that delete one target; a bracketed one is its parts."""
        if isinstance(target, ast.Tuple | ast.List):
            return [statement for item in target.elts for statement in self.deleted(item)]
        if isinstance(target, ast.Subscript):
            return [ast.Expr(_rt("delitem", self.visit(target.value), self.key(target.slice)))]
        if isinstance(target, ast.Attribute):
            return [ast.Expr(_rt("delattr", self.visit(target.value), _const(target.attr)))]
        return [ast.Delete([target])]

    # -- loops and blocks ---------------------------------------------------------------------------------------

    def visit_For(self, node: ast.For) -> Any:
        counted = range_arguments(node)
        after: list[ast.stmt] = []
        target, shape = self.target(node.target, [])
        if not all(isinstance(each, ast.Name) for each in _leaves(node.target)):
            name = self.fresh()
            after = self.assign(node.target, ast.Name(name, ast.Load()))
            target, shape = ast.Name(name, ast.Store()), _const(None)
        items = _rt("count", *self.all(counted)) if counted is not None else _rt("each", self.visit(node.iter), shape)
        return self.looped(node, lambda body: ast.For(target, items, [*after, *body], self.all(node.orelse)), False)

    def visit_While(self, node: ast.While) -> Any:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        return self.looped(node, lambda body: ast.While(self.visit(node.test), body, self.all(node.orelse)), endless)

    def looped(self, node: ast.For | ast.While, make: Any, endless: bool) -> list[ast.stmt]:
        name = self.fresh()
        opened = isinstance(node, ast.While) and (endless or not isinstance(node.test, ast.Constant))
        begin = _rt("enter", _const(node.lineno), _const(endless), _const(opened))
        enter = ast.Assign([ast.Name(name, ast.Store())], begin)
        step = ast.Expr(_rt("step", ast.Name(name, ast.Load())))
        leave = ast.Expr(_rt("leave", ast.Name(name, ast.Load())))
        loop = ast.copy_location(make([ast.copy_location(step, node), *self.all(node.body)]), node)
        return [enter, ast.Try([loop], [], [], [leave])]

    def visit_With(self, node: ast.With) -> Any:
        items, before = [], []
        for item in node.items:
            target = item.optional_vars
            if target is not None and not isinstance(target, ast.Name):
                name = self.fresh()
                before += self.assign(target, ast.Name(name, ast.Load()))
                target = ast.Name(name, ast.Store())
            items.append(ast.withitem(_rt("context", self.visit(item.context_expr)), target))
        return ast.With(items, [*before, *self.all(node.body)])

    def visit_Try(self, node: ast.Try) -> Any:
        handlers = []
        for each in node.handlers:
            wanted = (
                self.visit(each.type)
                if each.type is not None
                else ast.Attribute(ast.Name(RUNTIME, ast.Load()), "EVERYTHING", ast.Load())
            )
            handler = ast.ExceptHandler(_rt("catch", wanted), each.name, self.all(each.body))
            handlers.append(ast.copy_location(handler, each))
        return ast.Try(self.all(node.body), handlers, self.all(node.orelse), self.all(node.finalbody))

    def visit_Raise(self, node: ast.Raise) -> Any:
        if node.exc is None:
            return node
        return ast.Raise(_rt("thrown", self.visit(node.exc)), _const(None))

    def visit_Assert(self, node: ast.Assert) -> Any:
        text = [] if node.msg is None else [self.visit(node.msg)]
        failed = ast.Raise(_rt("assertion", *text), _const(None))
        return ast.If(ast.UnaryOp(ast.Not(), self.visit(node.test)), [failed], [])

    def visit_Import(self, node: ast.Import) -> Any:
        result: list[ast.stmt] = []
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            value = _rt("import_module", _const(alias.name), _const(alias.asname is not None))
            result.append(ast.Assign([ast.Name(name, ast.Store())], value))
        return result

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        names = [alias.name for alias in node.names]
        if names == ["*"]:
            return ast.Expr(
                _rt("import_star", _const(node.module or ""), ast.Call(ast.Name(LOCALS, ast.Load()), [], []))
            )
        targets: list[ast.expr] = [ast.Name(alias.asname or alias.name, ast.Store()) for alias in node.names]
        value = _rt("import_from", _const(node.module or ""), *(_const(name) for name in names))
        return ast.Assign([ast.Tuple(targets, ast.Store())], value)


def _folded(node: ast.expr) -> ast.expr:
    """What the parser makes of constants: numbers computed, tuples of them as one."""
    if isinstance(node, ast.Tuple):
        return _host_tuple([_folded(item) for item in node.elts])
    value = small_constant(node)
    return node if value is None else _const(value)


def _leaves(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [leaf for item in target.elts for leaf in _leaves(item)]
    return [target.value if isinstance(target, ast.Starred) else target]


def _is_generator(node: ast.FunctionDef) -> bool:
    """Whether the function itself yields."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        here = pending.pop()
        if isinstance(here, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(here, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(here))
    return False
