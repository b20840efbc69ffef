"""``asyncio/event.py`` and ``asyncio/lock.py``: what tasks wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.frozen.asyncio_base import current, ready_queue
from omvsim.frozen.body import not_modelled
from omvsim.frozen.coroutine import FrozenCoroutineFunction, awaited
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Error, Raised
from omvsim.standard.asyncio_ import Task, TaskQueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.frozen.coroutine import Steps
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def _queue(vm: Machine, owner: Value) -> TaskQueue:
    found = vm.attr(owner, "waiting")
    assert isinstance(found, TaskQueue)
    return found


def _start(vm: Machine, owner: Value, state: Value) -> None:
    """``self.state`` and ``self.waiting``."""
    vm.set_attr(owner, "state", state)
    core = vm.attr(vm.subscr(vm.globals, "core"), "TaskQueue")
    vm.set_attr(owner, "waiting", vm.call(core))


def _event_init(vm: Machine, values: Sequence[Value]) -> Value:
    _start(vm, values[0], False)
    return None


def _event_is_set(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.attr(values[0], "state")


def _event_set(vm: Machine, values: Sequence[Value]) -> Value:
    waiting = _queue(vm, values[0])
    while waiting.tasks:
        ready_queue(vm).add(vm, waiting.tasks.pop(0))
    vm.set_attr(values[0], "state", True)
    return None


def _event_clear(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_attr(values[0], "state", False)
    return None


def _event_wait(vm: Machine, values: Sequence[Value]) -> Steps:
    event = values[0]
    if not vm.truth(vm.attr(event, "state")):
        waiting = _queue(vm, event)
        task = current(vm)
        waiting.add(vm, task)
        task.data = waiting
        yield None
    return True


def _async(body: Body, name: str, args: str, host: object, frame: int) -> None:
    function = FrozenCoroutineFunction(body.vm, name, tuple(args.split()), host, frame)  # type: ignore[arg-type]
    body.store(name, function)


def _event(body: Body) -> None:
    body.function("__init__", "self", _event_init)
    body.function("is_set", "self", _event_is_set)
    body.function("set", "self", _event_set)
    body.function("clear", "self", _event_clear)
    _async(body, "wait", "self", _event_wait, 36)


def _flag(body: Body) -> None:
    body.function("__init__", "self", not_modelled("asyncio.ThreadSafeFlag"))
    for name in ("ioctl", "set", "clear"):
        body.function(name, "self req flags", not_modelled(f"asyncio.ThreadSafeFlag.{name}"))
    _async(body, "wait", "self", not_modelled("asyncio.ThreadSafeFlag.wait"), 36)


def statements(body: Body) -> None:
    """``event.py``."""
    body.from_import("", "core", level=1)
    body.klass("Event", (), _event)
    body.import_("io")
    base = body.vm.attr(body.load("io"), "IOBase")
    body.klass("ThreadSafeFlag", (base,), _flag)


def _lock_init(vm: Machine, values: Sequence[Value]) -> Value:
    _start(vm, values[0], 0)
    return None


def _is_locked(vm: Machine, lock: Value) -> bool:
    return vm.equal(vm.attr(lock, "state"), 1)


def _lock_locked(vm: Machine, values: Sequence[Value]) -> Value:
    return _is_locked(vm, values[0])


def _lock_release(vm: Machine, values: Sequence[Value]) -> Value:
    """The next one that waits is to have it: until then the state is that task."""
    lock = values[0]
    if not _is_locked(vm, lock):
        vm.error(Error.RUNTIME, "Lock not acquired")
    waiting = _queue(vm, lock)
    state: Value = 0
    if waiting.tasks:
        task = waiting.tasks.pop(0)
        ready_queue(vm).add(vm, task)
        state = task
    vm.set_attr(lock, "state", state)
    return None


def _lock_acquire(vm: Machine, values: Sequence[Value]) -> Steps:
    lock = values[0]
    if vm.attr(lock, "state") != 0 or isinstance(vm.attr(lock, "state"), Task):
        waiting = _queue(vm, lock)
        task = current(vm)
        waiting.add(vm, task)
        task.data = waiting
        cancelled = None
        try:
            yield None
        except Raised as raised:
            cancelled = raised.value
        if cancelled is not None:
            if vm.attr(lock, "state") is current(vm):
                vm.set_attr(lock, "state", 1)
                _lock_release(vm, (lock,))
            raise Raised(cancelled)
    vm.set_attr(lock, "state", 1)
    return True


def _lock_enter(vm: Machine, values: Sequence[Value]) -> Steps:
    lock = values[0]
    assert isinstance(lock, Instance)
    fun, bound = vm.method(lock, "acquire")
    return (yield from awaited(vm, vm.call_method(fun, bound)))


def _lock_exit(vm: Machine, values: Sequence[Value]) -> Steps:
    _lock_release(vm, values[:1])
    return None
    yield


def _lock(body: Body) -> None:
    body.function("__init__", "self", _lock_init)
    body.function("locked", "self", _lock_locked)
    body.function("release", "self", _lock_release)
    _async(body, "acquire", "self", _lock_acquire, 76)
    _async(body, "__aenter__", "self", _lock_enter, 32)
    _async(body, "__aexit__", "self exc_type exc tb", _lock_exit, 44)


def lock_statements(body: Body) -> None:
    """``lock.py``."""
    body.from_import("", "core", level=1)
    body.klass("Lock", (), _lock)


__all__ = ["lock_statements", "statements"]
