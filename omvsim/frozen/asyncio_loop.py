"""``class Loop`` of ``asyncio/core.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.frozen.asyncio_base import Core, create_task, promote, ready_queue
from omvsim.standard.asyncio_ import TASK_TYPE, Task
from omvsim.standard.sys_ import FILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


def _create_task(vm: Machine, values: Sequence[Value]) -> Value:
    return create_task(vm, values[0])


def _run_forever(vm: Machine, values: Sequence[Value]) -> Value:
    core = vm.part(Core)
    coro = vm.call(core.load(vm, "_stopper"))
    assert core.names is not None
    core.store(vm, "_stop_task", vm.call(TASK_TYPE, (coro, core.names)))
    return vm.call(core.load(vm, "run_until_complete"), (core.load(vm, "_stop_task"),)) and None


def _loop_run(vm: Machine, values: Sequence[Value]) -> Value:
    core = vm.part(Core)
    return vm.call(core.load(vm, "run_until_complete"), (promote(vm, values[0]),))


def _stop(vm: Machine, values: Sequence[Value]) -> Value:
    core = vm.part(Core)
    task = core.load(vm, "_stop_task")
    if isinstance(task, Task):
        ready_queue(vm).add(vm, task)
        core.store(vm, "_stop_task", None)
    return None


def _pass(vm: Machine, values: Sequence[Value]) -> Value:
    return None


def _set_handler(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_attr(vm.part(Core).load(vm, "Loop"), "_exc_handler", values[0])
    return None


def _get_handler(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.attr(vm.part(Core).load(vm, "Loop"), "_exc_handler")


def _default_handler(vm: Machine, values: Sequence[Value]) -> Value:
    """Three prints to ``sys.stderr``."""
    context = values[1]
    console = FILES[2]
    printed, told = vm.builtins["print"], vm.modules["sys"].names["print_exception"]
    to = (("file", console),)
    future = vm.subscr(context, "future")
    vm.call(printed, (vm.subscr(context, "message"),), to)
    vm.call(printed, ("future:", future, "coro=", vm.attr(future, "coro")), to)
    vm.call(told, (vm.subscr(context, "exception"), console))
    return None


def _call_handler(vm: Machine, values: Sequence[Value]) -> Value:
    loop = vm.part(Core).load(vm, "Loop")
    handler = vm.attr(loop, "_exc_handler")
    if not vm.truth(handler):
        handler = vm.attr(loop, "default_exception_handler")
    vm.call(handler, (loop, values[0]))
    return None


def loop_class(body: Body) -> None:
    """The members of the class."""
    body.store("_exc_handler", None)
    body.function("create_task", "coro", _create_task)
    body.function("run_forever", "", _run_forever)
    body.function("run_until_complete", "aw", _loop_run)
    body.function("stop", "", _stop)
    body.function("close", "", _pass)
    body.function("set_exception_handler", "handler", _set_handler)
    body.function("get_exception_handler", "", _get_handler)
    body.function("default_exception_handler", "loop context", _default_handler)
    body.function("call_exception_handler", "context", _call_handler)


__all__ = ["loop_class"]
