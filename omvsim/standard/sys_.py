"""``sys`` (py/modsys.c, shared/runtime/sys_stdio_mphal.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.compiler.running import print_exception_to
from omvsim.memory.strings import decode
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import int_, list_, namedtuple_, tuple_
from omvsim.numerals.mpz import Mpz
from omvsim.standard.builtins.printing import writer_of
from omvsim.standard.streams import POLL_WR, StreamMethods, read_line
from omvsim.standard.versions import versions

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, PrintKind, Sentinel, Value

PATH: Final = ("", ".frozen", "/rom", "/rom/lib", "/flash", "/flash/lib")
"""``sys.path`` as boot leaves it (measured: trace import_builtin)."""


class Console(StreamMethods):
    """``sys.stdin``, ``stdout`` and ``stderr``: the terminal. Nobody types; what is read is nothing yet."""

    __slots__ = ("number",)
    type_name: ClassVar[str] = "TextIOWrapper"
    is_text: ClassVar[bool] = True

    def __init__(self, number: int) -> None:
        self.address = 0
        self.number = number

    @property
    def buffer_file(self) -> ConsoleBytes:
        """The same as a binary file."""
        return BUFFERS[self.number]

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """``buffer``: the same file, of bytes."""
        return self.buffer_file if name == "buffer" else super().attr(vm, name)

    def pull(self, vm: Machine, count: int) -> bytes | None:
        return None

    def push(self, vm: Machine, data: bytes) -> int | None:
        vm.write(decode(data))
        return len(data)

    def poll(self, vm: Machine, events: int) -> int:
        """There is always room; nobody types."""
        vm.stand_in("sys.stdin", "nobody types")
        return events & POLL_WR

    def shut(self, vm: Machine) -> None:
        """Nothing happens."""

    @method("readlines", 1)
    def readlines(self, vm: Machine) -> Value:
        """Every line there is."""
        lines = vm.new_list(())
        while vm.truth(line := read_line(vm, self, -1)):
            vm.list_append(lines, line)
        return lines

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<io.TextIOWrapper n>``."""
        out(f"<io.{self.type_name} {self.number}>")


class ConsoleBytes(Console):
    """``sys.stdin.buffer`` and so on."""

    __slots__ = ()
    type_name: ClassVar[str] = "FileIO"
    is_text: ClassVar[bool] = False


CONSOLE: Final = NativeType("TextIOWrapper", Console, protocol=True)
CONSOLE_BYTES: Final = NativeType("FileIO", ConsoleBytes, protocol=True)
FILES: Final = tuple(Console(number) for number in range(3))
BUFFERS: Final = tuple(ConsoleBytes(number) for number in range(3))


@function("exit", 0, 1)
def exit_(vm: Machine, *code: Value) -> Value:
    """SystemExit; ``machine.soft_reset`` is the same."""
    if code:
        vm.raise_arg(BY_NAME["SystemExit"], code[0])
    vm.raise_(BY_NAME["SystemExit"])


@function("print_exception", 1, 2)
def _print_exception(vm: Machine, error: Value, *file: Value) -> Value:
    print_exception_to(vm, error, writer_of(vm, file[0]) if file else vm.write)
    return None


def _implementation(vm: Machine) -> Value:
    told = versions(vm)
    number = tuple_.Tuple(None, 0, (*told.micropython, ""))
    fields = ("name", "version", "_machine", "_mpy")
    return namedtuple_.AttrTuple(vm.memory, 0, ("micropython", number, told.machine, told.mpy), fields)


def _list(vm: Machine, items: tuple[str, ...]) -> list_.List:
    """A list that boot made: its chunks are boot's."""
    made = list_.List(vm.memory, 0)
    made.items = list(items)
    made.room = max(len(items), 4)
    return made


def search_path(vm: Machine) -> list[str]:
    """``sys.path`` as it is now."""
    path = vm.modules["sys"].names["path"] if "sys" in vm.modules else None
    return list(PATH) if path is None else [vm.str_of(each) for each in vm.sequence(path)]


def module(vm: Machine) -> NativeModule:
    """``sys``."""
    biggest = int_.Int.__new__(int_.Int)
    biggest.address = 0
    biggest.mpz = Mpz.fixed(vm.memory, 0x7FFFFFFF)
    names: dict[str, Value] = {
        "argv": _list(vm, ()),
        "version": versions(vm).version,
        "version_info": tuple_.Tuple(None, 0, (3, 4, 0)),
        "implementation": _implementation(vm),
        "platform": vm.port.platform,
        "byteorder": "little",
        "maxsize": biggest,
        "exit": exit_,
        "stdin": FILES[0],
        "stdout": FILES[1],
        "stderr": FILES[2],
        "modules": vm.loaded,
        "print_exception": _print_exception,
        "path": _list(vm, PATH),
        "ps1": ">>> ",
        "ps2": "... ",
    }
    return NativeModule("sys", names, ("path", "ps1", "ps2"))


__all__ = ["CONSOLE", "PATH", "Console", "exit_", "module", "search_path"]
