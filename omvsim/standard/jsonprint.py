"""Printing as JSON with separators (``PRINT_JSON`` with ``mp_print_ext_t``: py/objlist.c, objtuple.c, objdict.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.types import dict_, list_, tuple_
from omvsim.micropython.values import PrintKind

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value


def print_json(vm: Machine, value: Value, out: Out, between: str, after_key: str) -> None:
    """Print a value. With the usual separators that is what every type does by itself."""
    if (between, after_key) == (", ", ": "):
        vm.print(value, out, PrintKind.JSON)
        return
    vm.check_stack()
    if isinstance(value, list_.List | tuple_.Tuple):
        out("[")
        for at, item in enumerate(value.items):
            if at:
                out(between)
            print_json(vm, item, out, between, after_key)
        out("]")
    elif isinstance(value, dict_.Dict):
        _print_dict(vm, value, out, between, after_key)
    else:
        vm.print(value, out, PrintKind.JSON)


def _print_dict(vm: Machine, value: dict_.Dict, out: Out, between: str, after_key: str) -> None:
    out("{")
    for at, entry in enumerate(value.map.entries()):
        if at:
            out(between)
        quoted = vm.type_name(entry.key) not in ("str", "bytes")
        if quoted:
            out('"')
        vm.print(entry.key, out, PrintKind.JSON)
        if quoted:
            out('"')
        out(after_key)
        print_json(vm, entry.value, out, between, after_key)
    out("}")


__all__ = ["print_json"]
