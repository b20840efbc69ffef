"""What each instruction becomes in host text: the only source of what a script executes.

In a block ``f`` is the frame, ``s`` its slots. ``{t}`` is the top of the stack, ``{d}`` the first free slot.
What the device's slots forget, the host must forget too: objects are not left in host variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython import calls, generators, runtime
from omvsim.micropython.isa import Code
from omvsim.micropython.values import NULL, SMALL_INT_MAX, SMALL_INT_MIN, STOP, UNSUPPORTED, BinaryOp, UnaryOp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.isa import Instr

GLOBALS: Final[dict[str, object]] = {
    "__builtins__": {},
    "NULL": NULL,
    "STOP": STOP,
    "UNSUPPORTED": UNSUPPORTED,
    "call": calls.call,
    "call_spread": calls.call_spread,
    "bool": bool,
    "int": int,
    "type": type,
    "yield_from": generators.yield_from,
    **runtime.EXPORTS,
}
"""All names generated text may use, besides constants and other blocks."""
ARITHMETIC: Final = {
    BinaryOp.ADD: "+",
    BinaryOp.INPLACE_ADD: "+",
    BinaryOp.SUBTRACT: "-",
    BinaryOp.INPLACE_SUBTRACT: "-",
    BinaryOp.MULTIPLY: "*",
    BinaryOp.INPLACE_MULTIPLY: "*",
}
BITS: Final = {
    BinaryOp.AND: "&",
    BinaryOp.INPLACE_AND: "&",
    BinaryOp.OR: "|",
    BinaryOp.INPLACE_OR: "|",
    BinaryOp.XOR: "^",
    BinaryOp.INPLACE_XOR: "^",
}
DIVISION: Final = {
    BinaryOp.MODULO: "%",
    BinaryOp.INPLACE_MODULO: "%",
    BinaryOp.FLOOR_DIVIDE: "//",
    BinaryOp.INPLACE_FLOOR_DIVIDE: "//",
}
COMPARE: Final = {
    BinaryOp.LESS: "<",
    BinaryOp.MORE: ">",
    BinaryOp.LESS_EQUAL: "<=",
    BinaryOp.MORE_EQUAL: ">=",
    BinaryOp.EQUAL: "==",
    BinaryOp.NOT_EQUAL: "!=",
}


class Writer:
    """Host text and, line by line, the instruction it belongs to (with the extra objects on its stack)."""

    def __init__(self, names: dict[str, object], bound: frozenset[int]) -> None:
        self.names = names
        self.bound = bound
        """Locals that always have a value."""
        self.after_int = False
        """The instruction before, in the same line of control, put a small int on the stack."""
        self.text: list[str] = []
        self.lines: list[tuple[int, int]] = []
        self.at = (0, 0)
        self._constants: dict[tuple[type, object], str] = {}

    def begin(self, at: tuple[int, int]) -> None:
        """Lines from here belong to an instruction."""
        self.at = at

    def line(self, nesting: int, text: str) -> None:
        """One line of host text."""
        self.text.append(" " * nesting + text)
        self.lines.append(self.at)

    def insert(self, index: int, text: str) -> None:
        """A line that belongs to none."""
        self.text.insert(index, text)
        self.lines.insert(index, (0, 0))

    def indent_from(self, index: int) -> None:
        """Nest all lines from ``index`` on once more."""
        self.text[index:] = [" " + line for line in self.text[index:]]

    def constant(self, value: object) -> str:
        """The name of a constant in the text."""
        key = (type(value), value if isinstance(value, str | int) else id(value))
        name = self._constants.get(key)
        if name is None:
            name = self._constants[key] = f"k{len(self._constants)}"
            self.names[name] = value
        return name


def write(writer: Writer, nesting: int, instrs: Sequence[Instr], at: int, extra: int) -> str:
    """Write one instruction; for a conditional jump give the host expression that is true where it jumps."""
    place = _Place(writer, nesting, instrs, at, extra)
    return TEMPLATES[place.instr.code](place) or ""


class _Place:
    """One instruction being written. ``one_use``: what it makes is used up by the subscript behind it."""

    def __init__(self, writer: Writer, nesting: int, instrs: Sequence[Instr], at: int, extra: int) -> None:
        self.writer = writer
        self.nesting = nesting
        self.instr = instrs[at]
        self.at = at
        self.depth = self.instr.depth + extra
        self.extra = extra
        self.after_int = writer.after_int
        self.one_use = instrs[at + 1].code in (Code.LOAD_SUBSCR, Code.STORE_SUBSCR) if at + 1 < len(instrs) else False

    def put(self, *lines: str) -> None:
        """Lines of text; ``{d}``, ``{t}`` and ``{k}`` are filled in."""
        d = self.depth
        for line in lines:
            self.writer.line(self.nesting, line.format(d=d, t=d - 1, u=d - 2, w=d - 3, d1=d + 1, i=self.at, k=self.k))

    @property
    def k(self) -> str:
        """The argument as a constant."""
        return self.writer.constant(self.instr.arg)

    @property
    def number(self) -> int:
        """The argument, an int."""
        assert isinstance(self.instr.arg, int)
        return self.instr.arg


def _local(p: _Place) -> int:
    return -1 - p.number


def _simple(*lines: str) -> Callable[[_Place], None]:
    return lambda p: p.put(*lines)


def _load_fast(p: _Place) -> None:
    n = _local(p)
    if p.number not in p.writer.bound:
        p.put(f"if s[{n}] is NULL: unbound(f)")
    p.put(f"s[{{d}}] = s[{n}]")


def _load_named(found: str, otherwise: str) -> Callable[[_Place], None]:
    """A name: its entry's value, or a longer search."""
    return _simple(f"s[{{d}}] = v.value if (v := f.{found}.get({{k}})) is not None else {otherwise}(f, {{k}})")


def _store_named(found: str, otherwise: str) -> Callable[[_Place], None]:
    return _simple(
        f"if (v := f.{found}.get({{k}})) is not None: v.value = s[{{t}}]", f"else: {otherwise}(f, {{k}}, s[{{t}}])"
    )


def _binary(p: _Place) -> None:
    op = p.instr.arg
    assert isinstance(op, BinaryOp)
    both = "if type(s[{u}]) is int" if p.after_int else "if type(s[{u}]) is int and type(s[{t}]) is int"
    slow = "s[{u}] = binary(f.vm, {k}, s[{u}], s[{t}])"
    if op in ARITHMETIC:
        fits = f"{SMALL_INT_MIN} <= (v := s[{{u}}] {ARITHMETIC[op]} s[{{t}}]) <= {SMALL_INT_MAX}"
        p.put(f"{both} and {fits}: s[{{u}}] = v", f"else: {slow}")
    elif op in BITS:
        p.put(f"{both}: s[{{u}}] = s[{{u}}] {BITS[op]} s[{{t}}]", f"else: {slow}")
    elif op in COMPARE:
        p.put(f"{both}: s[{{u}}] = s[{{u}}] {COMPARE[op]} s[{{t}}]", f"else: {slow}")
    elif op in DIVISION:
        p.put(f"{both} and s[{{t}}] > 0: s[{{u}}] = s[{{u}}] {DIVISION[op]} s[{{t}}]", f"else: {slow}")
    else:
        p.put(slow)


def _unary(p: _Place) -> None:
    if p.instr.arg is UnaryOp.NOT:
        p.put("s[{t}] = not true(f.vm, s[{t}])")
    else:
        p.put("s[{t}] = unary(f.vm, {k}, s[{t}])")


def _jump_if(p: _Place) -> str:
    t = p.depth - 1
    if p.instr.code in (Code.POP_JUMP_IF_TRUE, Code.JUMP_IF_TRUE_OR_POP):
        return f"s[{t}] is True or s[{t}] is not False and true(f.vm, s[{t}])"
    return f"s[{t}] is False or s[{t}] is not True and not true(f.vm, s[{t}])"


def _for_iter(p: _Place) -> str:
    first = p.depth - 4
    p.put(f"v = next_item(f.vm, s[{first + 1}] if s[{first}] is NULL else s[{first}])")
    return "v is STOP"


def _arguments(p: _Place, fun: int, first: int) -> tuple[str, str, int]:
    """Positional and keyword arguments of a call as host text, and how many slots the function stands below."""
    positional, keywords = p.number & 0xFF, p.number >> 8 & 0xFF
    args = "".join(f"s[{first + n}], " for n in range(positional))
    start = first + positional
    pairs = "".join(f"(s[{start + 2 * n}], s[{start + 2 * n + 1}]), " for n in range(keywords))
    return args, f", ({pairs})" if keywords else "", fun


def _call_function(p: _Place) -> None:
    words = (p.number & 0xFF) + 2 * (p.number >> 8 & 0xFF)
    fun = p.depth - words - 1
    args, kwargs, _ = _arguments(p, fun, fun + 1)
    p.put(f"s[{fun}] = call(f.vm, s[{fun}], ({args}){kwargs})")


def _call_method(p: _Place) -> None:
    words = (p.number & 0xFF) + 2 * (p.number >> 8 & 0xFF)
    fun = p.depth - words - 2
    args, kwargs, _ = _arguments(p, fun, fun + 2)
    own = f"s[{fun + 1}]"
    p.put(f"s[{fun}] = call(f.vm, s[{fun}], ({args}) if {own} is NULL else ({own}, {args}){kwargs})")


def _call_spread(p: _Place, *, is_method: bool) -> None:
    positional, keywords = p.number & 0xFF, p.number >> 8 & 0xFF
    fun = p.depth - positional - 2 * keywords - 2 - is_method
    first = fun + 1 + is_method
    args = "".join(f"s[{first + n}], " for n in range(positional))
    start = first + positional
    pairs = "".join(f"(s[{start + 2 * n}], s[{start + 2 * n + 1}]), " for n in range(keywords))
    own = f"s[{fun + 1}]" if is_method else "NULL"
    p.put(f"s[{fun}] = call_spread(f.vm, s[{fun}], {own}, ({args}), ({pairs}), s[{{t}}])")


def _build(name: str) -> Callable[[_Place], None]:
    def make(p: _Place) -> None:
        first = p.depth - p.number
        p.put(f"s[{first}] = f.vm.{name}(s[{first}:{p.depth}])")

    return make


def _build_slice(p: _Place) -> None:
    first = p.depth - p.number
    step = "s[{t}]" if p.number == 3 else "None"
    p.put(f"s[{first}] = build_slice(f, {first}, {step}, one_use={int(p.one_use)})")


def _store_comp(p: _Place) -> None:
    kind = p.number & 3
    target = p.depth - 1 - (p.number >> 2)
    if kind == 0:
        p.put(f"f.vm.list_append(s[{target}], s[{{t}}])")
    elif kind == 1:
        p.put(f"f.vm.dict_store(s[{target}], s[{{t}}], s[{{u}}])")
    else:
        p.put(f"f.vm.set_store(s[{target}], s[{{t}}])")


def _unpack(p: _Place) -> None:
    end = p.depth - 1 + p.number
    p.put(f"s[{{t}}:{end}] = f.vm.unpack(s[{{t}}], {p.number})[::-1]")


def _unpack_ex(p: _Place) -> None:
    left, right = p.number & 0xFF, p.number >> 8
    end = p.depth + left + right
    p.put(f"s[{{t}}:{end}] = f.vm.unpack_star(s[{{t}}], {left}, {right})[::-1]")


def _make_closure(p: _Place, *, has_defaults: bool) -> None:
    assert isinstance(p.instr.arg, tuple)
    child, closed = p.instr.arg
    first = p.depth - closed
    if has_defaults:
        p.put(
            f"s[{first - 2}] = f.vm.make_closure(f.fun, {child}, s[{first}:{p.depth}], s[{first - 2}], s[{first - 1}])"
        )
    else:
        p.put(f"s[{first}] = f.vm.make_closure(f.fun, {child}, s[{first}:{p.depth}], NULL, NULL)")


def _setup(p: _Place) -> None:
    is_finally = p.instr.code is not Code.SETUP_EXCEPT
    depth = p.depth
    if p.instr.code is Code.SETUP_WITH:
        p.put("f.enter({t})")
        depth += 1
    p.put(f"f.push({p.number}, {depth}, {p.extra}, is_finally={int(is_finally)})")


def _unwind(p: _Place) -> None:
    assert isinstance(p.instr.arg, tuple)
    target, count, pops = p.instr.arg
    p.put(f"s[{{d}}] = {target}", f"return f.jump({p.at + 1}, {{d}}, {count | 0x80 * bool(pops)})")


def _end_finally(p: _Place) -> None:
    if p.extra:
        p.put("return end_finally(f, {i}, {t})")
    else:
        p.put("if s[{t}] is not None: return f.end_finally({i}, {t})", "f.handled -= 1")


def _return(p: _Place) -> None:
    p.put("if f.handled: return f.leave({i} + 1, {t})", "f.result = s[{t}]", "f.kind = 0", "return None")


def _yield(p: _Place) -> None:
    p.put("f.kind = 1", "f.sp = {d}", f"f.resume = ({p.at + 1}, {p.extra})", "return None")


TEMPLATES: Final[dict[Code, Callable[[_Place], str | None]]] = {
    Code.LOAD_CONST_FALSE: _simple("s[{d}] = False"),
    Code.LOAD_CONST_NONE: _simple("s[{d}] = None"),
    Code.LOAD_CONST_TRUE: _simple("s[{d}] = True"),
    Code.LOAD_CONST_SMALL_INT: lambda p: p.put(f"s[{{d}}] = {p.number}"),
    Code.LOAD_CONST_STRING: _simple("s[{d}] = {k}"),
    Code.LOAD_CONST_OBJ: _simple("s[{d}] = {k}"),
    Code.LOAD_NULL: _simple("s[{d}] = NULL"),
    Code.LOAD_FAST: _load_fast,
    Code.LOAD_DEREF: lambda p: p.put(
        f"if s[{_local(p)}].value is NULL: unbound(f)", f"s[{{d}}] = s[{_local(p)}].value"
    ),
    Code.LOAD_NAME: _load_named("locals", "load_name"),
    Code.LOAD_GLOBAL: _load_named("globals", "load_global"),
    Code.LOAD_ATTR: _simple("s[{t}] = load_attr(f.vm, s[{t}], {k})"),
    Code.LOAD_METHOD: _simple("s[{t}], s[{d}] = method(f.vm, s[{t}], {k})"),
    Code.LOAD_SUPER_METHOD: _simple("s[{w}], s[{u}] = super_method(f.vm, s[{u}], s[{t}], {k})"),
    Code.LOAD_BUILD_CLASS: _simple("s[{d}] = load_build_class(f.vm)"),
    Code.LOAD_SUBSCR: _simple("s[{u}] = load_subscr(f.vm, s[{u}], s[{t}])"),
    Code.STORE_FAST: lambda p: p.put(f"s[{_local(p)}] = s[{{t}}]"),
    Code.STORE_DEREF: lambda p: p.put(f"s[{_local(p)}].value = s[{{t}}]"),
    Code.STORE_NAME: _store_named("locals", "store_name"),
    Code.STORE_GLOBAL: _store_named("globals", "store_global"),
    Code.STORE_ATTR: _simple("set_attr(f.vm, s[{t}], {k}, s[{u}])"),
    Code.STORE_SUBSCR: _simple("set_subscr(f.vm, s[{u}], s[{t}], s[{w}])"),
    Code.DELETE_FAST: lambda p: p.put(f"if s[{_local(p)}] is NULL: unbound(f)", f"s[{_local(p)}] = NULL"),
    Code.DELETE_DEREF: lambda p: p.put(f"if s[{_local(p)}].value is NULL: unbound(f)", f"s[{_local(p)}].value = NULL"),
    Code.DELETE_NAME: _simple("delete_name(f, {k})"),
    Code.DELETE_GLOBAL: _simple("delete_global(f, {k})"),
    Code.DUP_TOP: _simple("s[{d}] = s[{t}]"),
    Code.DUP_TOP_TWO: _simple("s[{d1}] = s[{t}]", "s[{d}] = s[{u}]"),
    Code.POP_TOP: lambda _: None,
    Code.ROT_TWO: _simple("s[{t}], s[{u}] = s[{u}], s[{t}]"),
    Code.ROT_THREE: _simple("s[{t}], s[{u}], s[{w}] = s[{u}], s[{w}], s[{t}]"),
    Code.POP_JUMP_IF_TRUE: _jump_if,
    Code.POP_JUMP_IF_FALSE: _jump_if,
    Code.JUMP_IF_TRUE_OR_POP: _jump_if,
    Code.JUMP_IF_FALSE_OR_POP: _jump_if,
    Code.FOR_ITER: _for_iter,
    Code.UNWIND_JUMP: _unwind,
    Code.SETUP_WITH: _setup,
    Code.WITH_CLEANUP: _simple("f.cleanup({t})"),
    Code.SETUP_EXCEPT: _setup,
    Code.SETUP_FINALLY: _setup,
    Code.END_FINALLY: _end_finally,
    Code.GET_ITER: _simple("s[{t}] = iterate(f.vm, s[{t}])"),
    Code.GET_ITER_STACK: _simple("iterate_on_stack(f.vm, s, {t})"),
    Code.BUILD_TUPLE: _build("new_tuple"),
    Code.BUILD_LIST: _build("new_list"),
    Code.BUILD_MAP: lambda p: p.put(f"s[{{d}}] = f.vm.new_dict({p.number})"),
    Code.BUILD_SET: _build("new_set"),
    Code.BUILD_SLICE: _build_slice,
    Code.STORE_MAP: _simple("f.vm.dict_store(s[{w}], s[{t}], s[{u}])"),
    Code.STORE_COMP: _store_comp,
    Code.UNPACK_SEQUENCE: _unpack,
    Code.UNPACK_EX: _unpack_ex,
    Code.RAISE_LAST: _simple("raise_(f.reraise())"),
    Code.RAISE_OBJ: _simple("raise_(f.vm.make_raise(s[{t}]))"),
    Code.RAISE_FROM: _simple("raise_from(f.vm, s[{u}], s[{t}])"),
    Code.YIELD_VALUE: _yield,
    Code.YIELD_FROM: _simple("if yield_from(f, {i}, {t}): return None"),
    Code.RETURN_VALUE: _return,
    Code.MAKE_FUNCTION: lambda p: p.put(f"s[{{d}}] = f.vm.make_function(f.fun, {p.number})"),
    Code.MAKE_FUNCTION_DEFARGS: lambda p: p.put(
        f"s[{{u}}] = f.vm.make_function(f.fun, {p.number}, s[{{u}}], s[{{t}}])"
    ),
    Code.MAKE_CLOSURE: lambda p: _make_closure(p, has_defaults=False),
    Code.MAKE_CLOSURE_DEFARGS: lambda p: _make_closure(p, has_defaults=True),
    Code.CALL_FUNCTION: _call_function,
    Code.CALL_FUNCTION_VAR_KW: lambda p: _call_spread(p, is_method=False),
    Code.CALL_METHOD: _call_method,
    Code.CALL_METHOD_VAR_KW: lambda p: _call_spread(p, is_method=True),
    Code.IMPORT_NAME: _simple("s[{u}] = f.vm.import_name({k}, s[{t}], s[{u}])"),
    Code.IMPORT_FROM: _simple("s[{d}] = f.vm.import_from(s[{t}], {k})"),
    Code.IMPORT_STAR: _simple("f.vm.import_all(s[{t}])"),
    Code.UNARY_OP: _unary,
    Code.BINARY_OP: _binary,
}

__all__ = ["GLOBALS", "TEMPLATES", "Writer", "write"]
