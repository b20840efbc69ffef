"""``print`` to the console or a stream (py/modbuiltins.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.strings import encode
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import texts
from omvsim.micropython.values import PrintKind, Sentinel
from omvsim.standard.streams import stream_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value


def writer_of(vm: Machine, file: Value) -> Out:
    """What prints to a stream (``mp_stream_write_adaptor``)."""
    stream = stream_of(vm, file, "write")

    def out(text: str) -> None:
        stream.write_all(vm, encode(text))

    return out


@function("print", 0, None, keywords=True)
def _print(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    separator, end, file = vm.parse_keywords((), kwargs, ("sep", "end", "file"), 0, 0)
    out = vm.write if isinstance(file, Sentinel) else writer_of(vm, file)
    between = " " if isinstance(separator, Sentinel) else _text(vm, separator)
    last = "\n" if isinstance(end, Sentinel) else _text(vm, end)
    for at, arg in enumerate(args):
        if at:
            out(between)
        vm.print(arg, out, PrintKind.STR)
    out(last)
    return None


def _text(vm: Machine, value: Value) -> str:
    texts.str_or_bytes(vm, value)
    return vm.str_of(value)


@function("__repl_print__", 1)
def _repl_print(vm: Machine, value: Value) -> Value:
    if value is not None:
        vm.print(value, vm.write, PrintKind.REPR)
        vm.write("\n")
        vm.override("_", value)
    return None


FUNCTIONS: Final[tuple[NativeFunction, ...]] = (_print, _repl_print)

__all__ = ["FUNCTIONS", "writer_of"]
