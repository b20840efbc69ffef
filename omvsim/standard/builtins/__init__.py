"""The names that need no import (py/modbuiltins.c, mp_module_builtins_globals_table), in the table's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.objects import OBJECTS
from omvsim.micropython.types.names import NAMES
from omvsim.standard.builtins import code, functions, numbers, printing
from omvsim.standard.vfs.opening import open_

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

_FUNCTIONS: Final = (
    *code.FUNCTIONS,
    *functions.FUNCTIONS,
    *numbers.FUNCTIONS,
    *printing.FUNCTIONS,
    open_,
)
_ORDER: Final = [
    "__build_class__",
    "__import__",
    "__repl_print__",
    "bool",
    "bytes",
    "bytearray",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
    "classmethod",
    "staticmethod",
    "Ellipsis",
    "NotImplemented",
    "abs",
    "all",
    "any",
    "bin",
    "callable",
    "compile",
    "chr",
    "delattr",
    "dir",
    "divmod",
    "eval",
    "exec",
    "execfile",
    "getattr",
    "setattr",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "input",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "locals",
    "max",
    "min",
    "next",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "repr",
    "round",
    "sorted",
    "sum",
    "BaseException",
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "EOFError",
    "Exception",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyboardInterrupt",
    "KeyError",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TypeError",
    "UnicodeError",
    "ValueError",
    "ViperTypeError",
    "ZeroDivisionError",
]


def names() -> dict[str, Value]:
    """Every built-in name and what it stands for."""
    found: dict[str, Value] = {**OBJECTS, **NAMES, **{native.name: native for native in _FUNCTIONS}}
    return {name: found[name] for name in _ORDER}


def module(vm: Machine) -> NativeModule:
    """``builtins``."""
    return NativeModule("builtins", vm.builtins)


__all__ = ["module", "names"]
