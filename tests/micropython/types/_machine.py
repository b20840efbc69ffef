"""A machine on an empty heap, to try values without a script, and scripts without a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.memory.requests import Phase
from omvsim.memory.strings import decode, encode
from omvsim.micropython.camera import new_machine
from omvsim.micropython.native import function
from omvsim.micropython.values import PrintKind, UnaryOp, Value
from omvsim.modules import install

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine

START = 0x20280000


class Asked(NamedTuple):
    """A request without its place. Addresses are left out: they follow from sizes and order."""

    kind: str
    size: int
    how: str = ""


def machine(release: str = "4.8.1", size: int = 1 << 20) -> Machine:
    """A machine with one area of heap; what it asks for is on its tape."""
    heap = GcHeap([(START, size)])
    heap.auto_collect = True
    vm = new_machine(heap, known_release(release), lambda _: None)
    install(vm)
    vm.memory.tape = []
    return vm


def asked(vm: Machine) -> list[Asked]:
    """What it asked for since the last time, and clears the tape. A realloc that moves is one line."""
    tape = vm.memory.tape
    assert tape is not None
    found = [Asked(request.kind, request.size, request.how) for request in tape]
    tape.clear()
    return found


def sizes(vm: Machine) -> list[int]:
    """Bytes of the chunks asked for since the last time, given back ones as 0."""
    return [request.size for request in asked(vm)]


def shown(vm: Machine, value: Value, kind: PrintKind = PrintKind.REPR) -> str:
    """How a value is printed."""
    return vm.text(value, kind)


class Output(NamedTuple):
    """What a script printed, and what its run asked for."""

    text: str
    asked: list[Asked]


def run(source: str, release: str = "4.8.1", size: int = 1 << 20) -> Output:
    """Run a script. ``len``, ``repr`` and ``hash`` are there whatever modules there are."""
    heap = GcHeap([(START, size)])
    heap.auto_collect = True
    printed: list[str] = []
    vm = new_machine(heap, known_release(release), printed.append)
    install(vm)
    vm.builtins.setdefault("len", function("len", 1)(lambda vm, value: vm.length(value)))
    vm.builtins.setdefault("repr", function("repr", 1)(lambda vm, value: vm.new_str(vm.text(value, PrintKind.REPR))))
    vm.builtins.setdefault("hash", function("hash", 1)(lambda vm, value: vm.unary(UnaryOp.HASH, value)))
    if vm.main.map.get("__name__") is None:  # type: ignore[attr-defined]  # a dict
        vm.main.map.set(vm, "__name__", "__main__")  # type: ignore[attr-defined]  # a dict
    vm.memory.tape = []
    run_script(vm, "main.py", source.encode())
    tape = vm.memory.tape
    found = [Asked(request.kind, request.size, request.how) for request in tape if request.phase is Phase.RUN]
    return Output(decode(encode("".join(printed))), found)


def lines(source: str, release: str = "4.8.1") -> list[str]:
    """What a script printed, by line."""
    return run(source, release).text.splitlines()
