"""``machine.py`` (openmv/openmv scripts/libraries/machine.py, the same in v4.8.1 and v5.0.0): the module in ROM and the
class LED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.values import BinaryOp
from omvsim.standard.machine.pin import OUT, PIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    """LEDs are on when their pin is low, but for the boards of a list, which is empty."""
    led, name = values
    vm.set_attr(led, "pin", vm.call(PIN, (name, OUT)))
    fun, bound = vm.method(led, "boardname")
    board = vm.call_method(fun, bound)
    others = vm.new_list(())
    vm.set_attr(led, "inverted", not any(vm.equal(board, other) for other in vm.sequence(others)))
    return None


def _boardname(vm: Machine, values: Sequence[Value]) -> Value:
    fun, bound = vm.method(vm.subscr(vm.globals, "os"), "uname")
    whole = vm.attr(vm.call_method(fun, bound), "machine")
    fun, bound = vm.method(whole, "split")
    return vm.subscr(vm.call_method(fun, bound, ("with",)), 0)


def _set(vm: Machine, led: Value, level: Value) -> Value:
    fun, bound = vm.method(led, "pin")
    return vm.call_method(fun, bound, (level,))


def _level(vm: Machine, led: Value) -> Value:
    fun, bound = vm.method(led, "pin")
    return vm.call_method(fun, bound)


def _on(vm: Machine, values: Sequence[Value]) -> Value:
    _set(vm, values[0], not vm.truth(vm.attr(values[0], "inverted")))
    return None


def _off(vm: Machine, values: Sequence[Value]) -> Value:
    _set(vm, values[0], vm.attr(values[0], "inverted"))
    return None


def _toggle(vm: Machine, values: Sequence[Value]) -> Value:
    _set(vm, values[0], not vm.truth(_level(vm, values[0])))
    return None


def _value(vm: Machine, values: Sequence[Value]) -> Value:
    led, level = values
    if level is None:
        return _level(vm, led)
    _set(vm, led, vm.binary(BinaryOp.XOR, level, vm.attr(led, "inverted")))
    return None


def _led(body: Body) -> None:
    body.function("__init__", "self pin_name", _init)
    body.function("boardname", "self", _boardname)
    body.function("on", "self", _on)
    body.function("off", "self", _off)
    body.function("toggle", "self", _toggle)
    body.function("value", "self v", _value, 0, (None,))


def statements(body: Body) -> None:
    """Its statements."""
    body.from_import("umachine", "*")
    body.import_("os")
    body.klass("LED", (), _led)


__all__ = ["statements"]
