"""``compile``, ``eval``, ``exec``, ``execfile`` (py/builtinevex.c) with MICROPY_PY_BUILTINS_CODE at its basic level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.compiler import compile_tree
from omvsim.compiler.parsing.lexer import Lexer
from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.parsing.readers import TextReader
from omvsim.compiler.running import run_source
from omvsim.memory import sizes
from omvsim.memory.strings import encode
from omvsim.micropython.functions import Function, GeneratorFunction
from omvsim.micropython.isa import Context
from omvsim.micropython.native import NativeFunction, NativeType, function
from omvsim.micropython.types import dict_, texts
from omvsim.micropython.values import NULL, Obj
from omvsim.records import replace
from omvsim.standard.vfs.opening import lexer_from_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar

    from omvsim.micropython.isa import CodeObject
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

CODE_OBJECT: Final = 16
"""``mp_obj_code_t``: base, two tables, the code (py/objcode.h)."""
_MODES: Final = {"single": Input.SINGLE, "exec": Input.FILE, "eval": Input.EVAL}


class Code(Obj):
    """What ``compile`` gives."""

    __slots__ = ("code",)
    type_name: ClassVar[str] = "code"

    def __init__(self, vm: Machine, address: int, code: CodeObject) -> None:
        super().__init__(vm.memory, address)
        self.code = code


@function("compile", 3, 6)
def _compile(vm: Machine, source: Value, file: Value, mode: Value, *rest: Value) -> Value:
    data = texts.str_or_bytes(vm, source)
    name = vm.name_of(file)
    lexer = Lexer(vm, name, TextReader(vm.memory, data if isinstance(data, bytes) else encode(data)))
    kind = _MODES.get(vm.name_of(mode))
    if kind is None:
        vm.raise_value("bad compile mode")
    tree = parse(vm, lexer, kind)
    code = compile_tree(vm, tree, name, is_repl=kind is Input.SINGLE, context_on_heap=False)
    return Code(vm, vm.memory.alloc(CODE_OBJECT), code)


def _run_code(vm: Machine, code: CodeObject, names: Obj, local_names: Obj) -> Value:
    """``code_execute``: a module context and a function of the code."""
    outer = vm.globals, vm.locals
    vm.globals, vm.locals = names, local_names
    try:
        block = vm.memory.block(sizes.MODULE_CONTEXT)
        own = replace(code, context=Context(code.file, block, code.context.tables, code.context.constants))
        kind = GeneratorFunction if code.is_generator else Function
        return vm.call(kind(vm, own, names, NULL, NULL))
    finally:
        vm.globals, vm.locals = outer


def _names(vm: Machine, args: Sequence[Value]) -> tuple[Obj, Obj]:
    """The dicts that the text runs in; a dict for the globals is that for the locals too."""
    names, local_names = vm.globals, vm.locals
    for at, arg in enumerate(args):
        if arg is None:
            continue
        if type(arg) is not dict_.Dict:
            vm.raise_type()
        local_names = arg
        if at == 0:
            names = arg
    return names, local_names


def _evaluate(vm: Machine, source: Value, args: Sequence[Value], kind: Input) -> Value:
    names, local_names = _names(vm, args)
    if isinstance(source, Code):
        return _run_code(vm, source.code, names, local_names)
    reader = TextReader(vm.memory, bytes(vm.buffer_of(source)))
    return run_source(vm, Lexer(vm, "<string>", reader), kind, names, local_names)


@function("eval", 1, 3)
def _eval(vm: Machine, source: Value, *names: Value) -> Value:
    return _evaluate(vm, source, names, Input.EVAL)


@function("exec", 1, 3)
def _exec(vm: Machine, source: Value, *names: Value) -> Value:
    return _evaluate(vm, source, names, Input.FILE)


@function("execfile", 1, 3)
def _execfile(vm: Machine, path: Value, *args: Value) -> Value:
    names, local_names = _names(vm, args)
    lexer = lexer_from_file(vm, vm.name_of(path))
    return run_source(vm, lexer, Input.FILE, names, local_names)


CODE: Final = NativeType("code", Code)
FUNCTIONS: Final[tuple[NativeFunction, ...]] = (_compile, _eval, _exec, _execfile)

__all__ = ["CODE", "FUNCTIONS", "Code"]
