"""``mutex.py`` (openmv/openmv scripts/libraries/mutex.py of v4.8.1 and v5.0.0): a word in an array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.errors import Raised, ScriptOver
from omvsim.micropython.types.tuple_ import Tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

EMERGENCY: Final = 100
FREE: Final = Tuple(None, 0, (0,))


def _emergency(vm: Machine, values: Sequence[Value]) -> Value:
    fun, bound = vm.method(vm.subscr(values[0], "micropython"), "alloc_emergency_exception_buf")
    return vm.call_method(fun, bound, (EMERGENCY,))


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    fun, bound = vm.method(vm.subscr(vm.globals, "array"), "array")
    vm.set_attr(values[0], "lock", vm.call_method(fun, bound, ("i", FREE)))
    return None


def _locked(vm: Machine, this: Value) -> bool:
    return vm.truth(vm.subscr(vm.attr(this, "lock"), 0))


def _word(vm: Machine, this: Value) -> None:
    """``uctypes.addressof``: a number, big where the heap is in the SDRAM."""
    vm.new_int(vm.memory.expose(vm.attr(this, "lock").block.address))  # type: ignore[union-attr]  # an array


def _enter(vm: Machine, values: Sequence[Value]) -> Value:
    _word(vm, values[0])
    if _locked(vm, values[0]):
        raise ScriptOver("mutex.Mutex waits for ever: it is locked, and nobody else runs")
    vm.set_subscr(vm.attr(values[0], "lock"), 0, 1)
    return values[0]


def _leave(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_subscr(vm.attr(values[0], "lock"), 0, 0)
    return None


def _release(vm: Machine, values: Sequence[Value]) -> Value:
    if not _locked(vm, values[0]):
        kind = vm.subscr(vm.globals, "MutexException")
        raise Raised(vm.make_raise(vm.call(kind, ("Semaphore already released",))))
    vm.set_subscr(vm.attr(values[0], "lock"), 0, 0)
    return None


def _test(vm: Machine, values: Sequence[Value]) -> Value:
    _word(vm, values[0])
    if _locked(vm, values[0]):
        return False
    vm.set_subscr(vm.attr(values[0], "lock"), 0, 1)
    return True


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "special micropython.alloc_emergency_exception_buf": _emergency,
    "Mutex.__init__": _init,
    "Mutex.__enter__": _enter,
    "Mutex.__exit__": _leave,
    "Mutex.release": _release,
    "Mutex.test": _test,
}

__all__ = ["FUNCTIONS"]
