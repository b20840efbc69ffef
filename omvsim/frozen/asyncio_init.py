"""``asyncio/__init__.py``: the core's names, and others that are looked for when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Error
from omvsim.micropython.importing import import_module, import_name
from omvsim.micropython.types import tuple_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LATER: Final = {
    "wait_for": "funcs",
    "wait_for_ms": "funcs",
    "gather": "funcs",
    "Event": "event",
    "ThreadSafeFlag": "event",
    "Lock": "lock",
    "open_connection": "stream",
    "start_server": "stream",
    "StreamReader": "stream",
    "StreamWriter": "stream",
}
"""Names, and the file of the package that has each."""


def _getattr(vm: Machine, values: Sequence[Value]) -> Value:
    name = vm.name_of(values[0])
    file = LATER.get(name)
    if file is None:
        vm.raise_arg(vm.exception_type(Error.ATTRIBUTE), name)
    value = vm.attr(import_module(vm, file, True, 1), name)
    vm.dict_store(vm.globals, name, value)
    return value


def statements(body: Body) -> None:
    """What importing the package runs."""
    vm = body.vm
    body.from_import("core", "*", level=1)
    body.store("__version__", tuple_.Tuple(None, 0, (3, 0, 0)))
    table = vm.new_dict(len(LATER))
    for name, file in LATER.items():
        vm.dict_store(table, name, file)
    body.store("_attrs", table)
    body.function("__getattr__", "attr", _getattr)


def _old_getattr(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.attr(import_name(vm, "asyncio", None, 0), vm.name_of(values[0]))


def old_name_statements(body: Body) -> None:
    """``uasyncio.py``: the package by its old name."""
    body.function("__getattr__", "attr", _old_getattr)


__all__ = ["old_name_statements", "statements"]
