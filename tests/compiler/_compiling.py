"""What the tests of the compiler share: a machine that knows equality, code as text, where depths must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.compiler import compile_tree
from omvsim.compiler.parsing.lexer import Lexer
from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.parsing.readers import FileReader
from omvsim.heap import GcHeap, GcReplay
from omvsim.memory import sizes
from omvsim.memory.requests import Block, Phase, Request
from omvsim.micropython.errors import Raised
from omvsim.micropython.isa import Code, CodeObject
from omvsim.micropython.values import BinaryOp, UnaryOp, Value
from tests.compiler._parsing import ParserMachine, Thing, host_of, text_lexer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.micropython.isa import Instr
    from omvsim.micropython.values import Obj
    from tests.compiler._parsing import Asked


class CompilerMachine(ParserMachine):
    """A parser's machine that can tell constants apart."""

    def type_of(self, value: Value) -> Any:
        return self.type_name(value)

    def type_name(self, value: Value) -> str:
        kind = value.kind if isinstance(value, Thing) else type(value).__name__
        return {kind: kind for kind in _KINDS}[kind]

    def sequence(self, value: Value) -> Sequence[Value]:
        assert isinstance(value, Thing)
        return value.host  # type: ignore[no-any-return]

    def float_of(self, value: Value) -> float:
        return float(host_of(value))

    def equal(self, lhs: Value, rhs: Value) -> bool:
        return bool(host_of(lhs) == host_of(rhs))

    def add_traceback(self, exception: Obj, file: str, line: int, function: str | None) -> None:
        assert isinstance(exception, Thing)
        exception.blocks.append(self.memory.block(12))
        exception.host.append((file, line, function))


_KINDS = ("int", "float", "complex", "str", "bytes", "tuple", "ellipsis", "bool", "NoneType")


def machine(release: str = "4.8.1", blocks: int = 40000) -> CompilerMachine:
    """A machine with an empty heap."""
    return CompilerMachine(GcHeap([(0x20000000, blocks * 16 + blocks // 4 + blocks // 8 + 64)]), release)


def compiled(
    source: str, release: str = "4.8.1", kind: Input = Input.FILE, *, opt_level: int = 0, is_repl: bool = False
) -> CodeObject:
    """A module's code."""
    vm = machine(release)
    vm.opt_level = opt_level
    return compile_tree(vm, parse(vm, text_lexer(vm, source), kind), "t.py", is_repl=is_repl)


def refused(source: str, kind: Input = Input.FILE) -> tuple[str, int, str]:
    """Text, line and function of the SyntaxError that compiling a text raises."""
    vm = machine()
    tree = parse(vm, text_lexer(vm, source), kind)
    try:
        compile_tree(vm, tree, "t.py")
    except Raised as raised:
        _, text, _, (_, line, function) = raised.value.host  # type: ignore[attr-defined]
        return text, line, function
    raise AssertionError(f"{source!r} was compiled")


def asked(source: str, release: str = "4.8.1", *, opt_level: int = 0) -> list[Request]:
    """What compiling a text asks for, the function of the module included."""
    vm = machine(release)
    vm.opt_level = opt_level
    tree = parse(vm, text_lexer(vm, source), Input.FILE)
    vm.memory.tape = tape = []
    vm.memory.place.phase = Phase.COMPILE
    code = compile_tree(vm, tree, "main.py")
    vm.memory.block(sizes.FUNCTION)
    assert code.bytecode.address
    return tape


def asked_by(areas: list[tuple[int, int]], boot: Sequence[dict[str, Any]], script: str, release: str) -> list[Asked]:
    """What compiling a script asks for on the heap that boot left: kind, bytes and address."""
    replay = GcReplay(areas)
    for event in boot:
        replay.feed(event)
    replay.heap.auto_collect = True
    vm = CompilerMachine(replay.heap, release)
    memory = vm.memory
    vm.strings.intern("main.py")
    file = Block(memory, memory.alloc(sizes.FILE_OBJECT, finaliser=True), sizes.FILE_OBJECT)
    tree = parse(vm, Lexer(vm, "main.py", FileReader(memory, file, script.encode())), Input.FILE)
    memory.tape = tape = []
    code = compile_tree(vm, tree, "main.py")
    function = memory.block(sizes.FUNCTION)
    assert code.bytecode.address
    assert function.address
    return [(request.kind, request.size, request.address) for request in tape]


def everything(code: CodeObject) -> Iterator[CodeObject]:
    """A module's code and all code in it."""
    yield code
    if code.children is not None:
        for raw in code.children.codes:
            if raw.code is not None:
                yield from everything(raw.code)


def inner(code: CodeObject, *path: int) -> CodeObject:
    """A child, by numbers of children."""
    for number in path:
        assert code.children is not None
        child = code.children.codes[number].code
        assert child is not None
        code = child
    return code


def listing(code: CodeObject) -> list[str]:
    """Instructions as text: code, argument."""
    return [f"{instr.code.name} {_argument(instr.arg)}".rstrip() for instr in code.instrs]


def _argument(arg: object) -> str:
    if arg is None:
        return ""
    if isinstance(arg, (BinaryOp, UnaryOp)):
        return arg.value or "not"
    return _shown(arg) if isinstance(arg, Thing) else str(arg)


def _shown(value: object) -> str:
    """A constant without the types of its parts."""
    host = value.host if isinstance(value, Thing) else value
    if isinstance(host, tuple):
        return f"({', '.join(map(_shown, host))})"
    return repr(host)


# -- depths ------------------------------------------------------------------------------------------------------------

_FIXED = {
    Code.LOAD_SUPER_METHOD: -1, Code.LOAD_METHOD: 1, Code.LOAD_ATTR: 0, Code.LOAD_SUBSCR: -1, Code.STORE_ATTR: -2,
    Code.STORE_SUBSCR: -3, Code.DELETE_FAST: 0, Code.DELETE_DEREF: 0, Code.DELETE_NAME: 0, Code.DELETE_GLOBAL: 0,
    Code.DUP_TOP: 1, Code.DUP_TOP_TWO: 2, Code.POP_TOP: -1, Code.ROT_TWO: 0, Code.ROT_THREE: 0, Code.GET_ITER: 0,
    Code.GET_ITER_STACK: 3, Code.STORE_MAP: -2, Code.WITH_CLEANUP: -2, Code.END_FINALLY: -1, Code.YIELD_VALUE: 0,
    Code.YIELD_FROM: -1, Code.IMPORT_NAME: -1, Code.IMPORT_FROM: 1, Code.IMPORT_STAR: -1, Code.UNARY_OP: 0,
    Code.BINARY_OP: -1, Code.POP_JUMP_IF_TRUE: -1, Code.POP_JUMP_IF_FALSE: -1, Code.JUMP_IF_TRUE_OR_POP: -1,
    Code.JUMP_IF_FALSE_OR_POP: -1, Code.SETUP_WITH: 2, Code.SETUP_EXCEPT: 0, Code.SETUP_FINALLY: 0, Code.FOR_ITER: 1,
    Code.MAKE_FUNCTION: 1, Code.MAKE_FUNCTION_DEFARGS: -1,
}  # fmt: skip
"""What the virtual machine does to the depth, going on to the next instruction (py/vm.c)."""
_ENDS = {Code.JUMP, Code.RETURN_VALUE, Code.RAISE_LAST, Code.RAISE_OBJ, Code.RAISE_FROM, Code.POP_EXCEPT_JUMP,
         Code.UNWIND_JUMP}  # fmt: skip
_AT_LABEL = {
    Code.JUMP: 0, Code.POP_JUMP_IF_TRUE: -1, Code.POP_JUMP_IF_FALSE: -1, Code.JUMP_IF_TRUE_OR_POP: 0,
    Code.JUMP_IF_FALSE_OR_POP: 0, Code.SETUP_WITH: 2, Code.SETUP_EXCEPT: 1, Code.SETUP_FINALLY: 1,
    Code.POP_EXCEPT_JUMP: 0, Code.FOR_ITER: -4,
}  # fmt: skip
"""The depth at a label, against that before the instruction: a handler has the exception on top."""


def _effect(instr: Instr) -> int:
    code, arg = instr.code, instr.arg
    if code in _FIXED:
        return _FIXED[code]
    if code.name.startswith(("LOAD_", "STORE_")) and code is not Code.STORE_COMP:
        return 1 if code.name.startswith("LOAD_") else -1
    if isinstance(arg, tuple):
        return (1 if code is Code.MAKE_CLOSURE else -1) - arg[1]
    assert isinstance(arg, int)
    match code:
        case Code.BUILD_TUPLE | Code.BUILD_LIST | Code.BUILD_SET | Code.BUILD_SLICE:
            return 1 - arg
        case Code.BUILD_MAP:
            return 1
        case Code.STORE_COMP:
            return -2 if arg & 3 == 1 else -1
        case Code.UNPACK_SEQUENCE:
            return arg - 1
        case Code.UNPACK_EX:
            return (arg & 0xFF) + (arg >> 8)
    arguments = (arg & 0xFF) + 2 * (arg >> 8)
    method, starred = code.name.startswith("CALL_METHOD"), code.name.endswith("VAR_KW")
    return -arguments - method - starred


def disagreements(code: CodeObject) -> list[str]:
    """Places where an instruction's depth is not what the ones leading there leave, or deeper than the frame."""
    found = []
    room = code.n_state
    for at, instr in enumerate(code.instrs):
        leaves = []
        if instr.code not in _ENDS:
            leaves.append((at + 1, instr.depth + _effect(instr)))
        if instr.code in _AT_LABEL:
            assert isinstance(instr.arg, int)
            leaves.append((instr.arg, instr.depth + _AT_LABEL[instr.code]))
        for to, depth in leaves:
            if code.instrs[to].depth != depth or not 0 <= depth <= room:
                found.append(f"{code.name} {at}->{to} {instr.code.name}: {depth}, not {code.instrs[to].depth}")
    return found
