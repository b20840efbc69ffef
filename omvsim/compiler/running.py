"""From a text to its run: open, parse, compile, run (``pyexec_file`` and ``mp_parse_compile_execute``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from omvsim.compiler import compile_tree
from omvsim.compiler.parsing.lexer import Lexer
from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.parsing.readers import FileReader
from omvsim.memory import sizes
from omvsim.memory.requests import Block, Phase, Place
from omvsim.micropython.codegen import SOURCE
from omvsim.micropython.errors import Fault, Raised
from omvsim.micropython.functions import Function, GeneratorFunction
from omvsim.micropython.values import NULL, Obj, PrintKind

if TYPE_CHECKING:
    from types import FrameType

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value

HOST_FRAMES = 20000
"""Host calls that may be nested: the simulated C stack is used up long before."""


class RunningPlace(Place):
    """Knows line and function of the running frame by the block that runs on the host."""

    __slots__ = ("_function", "_line")

    def __init__(self) -> None:
        self._line = 0
        self._function = ""
        super().__init__()

    @property
    def line(self) -> int:
        """Source line of the innermost frame, while one runs; else what was set."""
        if self.phase is not Phase.RUN:
            return self._line
        if self.passing is not None:
            return self.passing[0]
        # Asked for with every request, so nothing is called for a frame.
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if SOURCE in frame.f_globals:
                line: int = frame.f_globals[SOURCE][1][frame.f_lineno - 1]
                return line
            frame = frame.f_back
        return 0

    @line.setter
    def line(self, value: int) -> None:
        self._line = value

    @property
    def function(self) -> str:
        """Name of the innermost frame's function, while one runs; else what was set."""
        return self._name_of_running() if self.phase is Phase.RUN else self._function

    @function.setter
    def function(self, value: str) -> None:
        self._function = value

    def _name_of_running(self) -> str:
        if self.passing is not None:
            return self.passing[1]
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            found = _line_in(frame, frame.f_lineno)
            if found is not None:
                return found[1]
            frame = frame.f_back
        return ""


def _line_in(frame: FrameType, host_line: int) -> tuple[int, str] | None:
    """Source line and function that a block on the host is at; None: the frame is no block."""
    source = frame.f_globals.get(SOURCE)
    return None if source is None else (source[1][host_line - 1], source[0])


def raised_at(error: BaseException) -> tuple[int, str]:
    """Source line and function that were running when the host raised ``error``; (0, "") if none was."""
    found, trace = (0, ""), error.__traceback__
    while trace is not None:
        found = _line_in(trace.tb_frame, trace.tb_lineno) or found
        trace = trace.tb_next
    return found


def open_file(vm: Machine, name: str, data: bytes) -> Lexer:
    """``mp_lexer_new_from_file``: the name, the file object, its reader, the lexer."""
    memory = vm.memory
    name = vm.strings.intern(name)
    file = Block(memory, memory.alloc(sizes.FILE_OBJECT, finaliser=True), sizes.FILE_OBJECT)
    return Lexer(vm, name, FileReader(memory, file, data))


def compile_source(vm: Machine, lexer: Lexer, kind: Input, names: Obj, *, is_main: bool = False) -> Function:
    """Parse and compile; the function of the module body. ``is_main``: the script that the camera starts."""
    place = vm.memory.place
    place.phase = Phase.PARSE
    source = lexer.source
    tree = parse(vm, lexer, kind)
    if is_main and vm.dialect.main_has_file:
        vm.dict_store(names, "__file__", source)
    place.phase = Phase.COMPILE
    code = compile_tree(vm, tree, source, is_repl=kind is Input.SINGLE)
    make = GeneratorFunction if code.is_generator else Function
    return make(vm, code, names, NULL, NULL)


def run_source(vm: Machine, lexer: Lexer, kind: Input, names: Obj, local_names: Obj, *, is_main: bool = False) -> Value:
    """``mp_parse_compile_execute``: the names are the current ones meanwhile."""
    outer = vm.globals, vm.locals
    place = vm.memory.place
    phase = place.phase
    vm.globals, vm.locals = names, local_names
    try:
        fun = compile_source(vm, lexer, kind, names, is_main=is_main)
        place.phase = Phase.RUN
        return vm.call(fun)
    finally:
        vm.globals, vm.locals = outer
        if not is_main:
            place.phase = phase


def run_script(vm: Machine, name: str, data: bytes) -> Obj | None:
    """Run a file as the camera runs ``main.py``; what it raised, already printed."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), HOST_FRAMES))
    vm.memory.place = RunningPlace()
    vm.memory.place.phase = Phase.OPEN
    try:
        lexer = open_file(vm, name, data)
        run_source(vm, lexer, Input.FILE, vm.main, vm.main, is_main=True)
    except Raised as raised:
        error = raised.value
    else:
        return None
    print_uncaught(vm, error)
    return error


def print_uncaught(vm: Machine, error: Obj) -> str:
    """Tell the console what ended the script; its text, as far as that could be printed.

    Raises:
        Fault: printing it raises an exception that nobody handles: ``nlr_jump_fail`` never comes back.
    """
    first: list[str] = []
    told = first
    for _ in range(2 if vm.dialect.start_is_guarded else 1):
        try:
            _print_trace(vm, error, vm.write)
            vm.print(error, _both(vm.write, told.append), PrintKind.EXC)
        except Raised as raised:
            error, told = raised.value, []
        else:
            vm.write("\n")
            return "".join(first)
    raise Fault("an uncaught exception raises another while it is printed", hangs=True)


def _both(one: Out, other: Out) -> Out:
    def out(text: str) -> None:
        other(text)
        one(text)

    return out


def print_exception(vm: Machine, error: Value) -> None:
    """``mp_obj_print_exception`` to the console."""
    print_exception_to(vm, error, vm.write)


def print_exception_to(vm: Machine, error: Value, out: Out) -> None:
    """``mp_obj_print_exception``: anything else is only printed."""
    _print_trace(vm, error, out)
    vm.print(error, out, PrintKind.EXC)
    out("\n")


def _print_trace(vm: Machine, error: Value, out: Out) -> None:
    if vm.is_exception_type(vm.type_of(error)):
        trace = vm.native_exception(error).trace
        if trace:
            out("Traceback (most recent call last):\n")
            for file, line, function in reversed(trace):
                for piece in ('  File "', file, '", line ', str(line)):
                    out(piece)
                for piece in (", in ", function, "\n") if function else ("\n",):
                    out(piece)


__all__ = [
    "compile_source",
    "open_file",
    "print_exception",
    "print_exception_to",
    "print_uncaught",
    "raised_at",
    "run_script",
    "run_source",
]
