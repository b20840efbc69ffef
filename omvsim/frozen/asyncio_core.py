"""``asyncio/core.py``: the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.asyncio_base import Core, IOQueue, Sleeper, create_task, promote, ready_queue
from omvsim.frozen.asyncio_loop import loop_class
from omvsim.frozen.body import not_modelled, nothing
from omvsim.frozen.coroutine import FrozenCoroutineFunction
from omvsim.memory import sizes
from omvsim.micropython.attributes import is_callable
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.types.int_ import INT
from omvsim.micropython.values import BinaryOp, Obj
from omvsim.standard.asyncio_ import Task, TaskQueue
from omvsim.standard.time_ import PERIOD, ticks_between, ticks_ms_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.frozen.coroutine import Steps
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

LOOP_FRAME: Final = 104
"""Bytes of the frame of ``run_until_complete`` (measured likewise)."""
EXCEPTION_TUPLE: Final = sizes.TUPLE + 2 * sizes.WORD


def _sleep_ms(vm: Machine, values: Sequence[Value]) -> Value:
    sleeper = values[1]
    assert isinstance(sleeper, Sleeper)
    if sleeper.state is not None:
        vm.error(Error.ASSERTION)
    sleeper.state = (ticks_ms_now(vm) + max(0, vm.int_of(values[0]))) % PERIOD
    return sleeper


def _sleep(vm: Machine, values: Sequence[Value]) -> Value:
    count = vm.call(INT, (vm.binary(BinaryOp.MULTIPLY, values[0], 1000),))
    return vm.call(vm.part(Core).load(vm, "sleep_ms"), (count,))


def _next_task(vm: Machine, main: Value) -> Task | None:
    """Wait until a task is due; None if none will ever be and the main one is done."""
    core = vm.part(Core)
    delay = 1
    while delay > 0:
        delay = -1
        queue, waiting = ready_queue(vm), core.load(vm, "_io_queue")
        assert isinstance(waiting, IOQueue)
        if queue.tasks:
            delay = max(0, ticks_between(queue.tasks[0].due, ticks_ms_now(vm)))
        elif waiting.is_empty:
            core.store(vm, "cur_task", None)
            if not isinstance(main, Task) or not vm.truth(main.state):
                return None
            delay = 3
        waiting.wait(vm, delay)
        vm.look_at_clock()
    return ready_queue(vm).tasks.pop(0)


def _step(vm: Machine, task: Task) -> Obj | None:
    """Run a task up to its next wait; what it ended with, None if it has not."""
    error = task.data
    try:
        if error is None:
            fun, bound = vm.method(task.coro, "send")
            vm.call_method(fun, bound, (None,))
        else:
            task.data = None
            fun, bound = vm.method(task.coro, "throw")
            vm.call_method(fun, bound, (error,))
    except Raised as raised:
        ended = raised.value
    else:
        return None
    cancelled = vm.part(Core).load(vm, "CancelledError")
    vm.add_traceback(ended, "asyncio/core.py", 1, "run_until_complete")
    if vm.exception_match(ended, BY_NAME["Exception"]) or vm.exception_match(ended, cancelled):
        return ended
    raise Raised(ended)


def run_until_complete(vm: Machine, values: Sequence[Value]) -> Value:
    """Run tasks until the main one is done, or none is left."""
    main = values[0]
    tuples = vm.memory.block(EXCEPTION_TUPLE), vm.memory.block(EXCEPTION_TUPLE)
    core = vm.part(Core)
    while True:
        task = _next_task(vm, main)
        if task is None:
            del tuples
            return None
        core.store(vm, "cur_task", task)
        thrown = task.data
        ended = _step(vm, task)
        if ended is None:
            continue
        _end(vm, task, ended, thrown, main)
        if task is main:
            return vm.exception_value(ended)


def _end(vm: Machine, task: Task, ended: Obj, thrown: Value, main: Value) -> None:
    """A task has ended: whoever waits goes on; an exception that nobody takes is for the handler."""
    is_stop = vm.exception_match(ended, BY_NAME["StopIteration"])
    taken = task is main
    if taken:
        vm.part(Core).store(vm, "cur_task", None)
        if not is_stop:
            task.state = False
            raise Raised(ended)
        if task.state is None:
            task.state = False
    state = task.state
    if state is None:
        task.data = thrown
        _unhandled(vm, task, thrown)
        return
    if state is False:
        return
    if state is True:
        task.state = False if taken else None
    elif is_callable(vm, state):
        vm.call(state, (task, ended))
        task.state = False
        taken = True
    else:
        assert isinstance(state, TaskQueue)
        while state.tasks:
            ready_queue(vm).add(vm, state.tasks.pop(0))
            taken = True
        task.state = False
    if not (taken or is_stop or vm.exception_match(ended, vm.part(Core).load(vm, "CancelledError"))):
        ready_queue(vm).add(vm, task)
    task.data = ended


def _unhandled(vm: Machine, task: Task, error: Value) -> None:
    """``Loop.call_exception_handler``."""
    core = vm.part(Core)
    context = core.load(vm, "_exc_context")
    vm.dict_store(context, "exception", error)
    vm.dict_store(context, "future", task)
    fun = vm.attr(core.load(vm, "Loop"), "call_exception_handler")
    vm.call(fun, (context,))


def _create_task(vm: Machine, values: Sequence[Value]) -> Value:
    return create_task(vm, values[0])


def _promote(vm: Machine, values: Sequence[Value]) -> Value:
    return promote(vm, values[0])


def _run(vm: Machine, values: Sequence[Value]) -> Value:
    core = vm.part(Core)
    task = vm.call(core.load(vm, "create_task"), (values[0],))
    return vm.call(core.load(vm, "run_until_complete"), (task,))


def _current_task(vm: Machine, values: Sequence[Value]) -> Value:
    task = vm.part(Core).load(vm, "cur_task")
    if task is None:
        vm.error(Error.RUNTIME, "no running event loop")
    return task


def _stopper(vm: Machine, values: Sequence[Value]) -> Steps:
    return None
    yield


def _loop(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.part(Core).load(vm, "Loop")


def _new_loop(vm: Machine, values: Sequence[Value]) -> Value:
    core = vm.part(Core)
    core.store(vm, "_task_queue", vm.call(core.load(vm, "TaskQueue")))
    core.store(vm, "_io_queue", IOQueue(vm))
    return core.load(vm, "Loop")


def _methods(names: str) -> object:
    def members(body: Body) -> None:
        for name in names.split():
            body.function(name, "self", not_modelled(f"asyncio.core.{body.load('__qualname__')}.{name}"))

    return members


def statements(body: Body) -> None:
    """What importing the core runs."""
    vm = body.vm
    vm.part(Core).names = body.names
    body.from_import("time", "ticks_ms=ticks", "ticks_diff", "ticks_add")
    body.import_("sys", "select")
    body.from_import("_asyncio", "TaskQueue", "Task")
    body.klass("CancelledError", (BY_NAME["BaseException"],), nothing)
    body.klass("TimeoutError", (BY_NAME["Exception"],), nothing)
    context = vm.new_dict(3)
    for name, value in (("message", "Task exception wasn't retrieved"), ("exception", None), ("future", None)):
        vm.dict_store(context, name, value)
    body.store("_exc_context", context)
    body.klass("SingletonGenerator", (), _methods("__init__ __iter__ __next__"))  # type: ignore[arg-type]
    body.function("sleep_ms", "t sgen", _sleep_ms, defaults=(Sleeper(vm),))
    body.function("sleep", "t", _sleep)
    names = "__init__ _enqueue _dequeue queue_read queue_write remove wait_io_event"
    body.klass("IOQueue", (), _methods(names))  # type: ignore[arg-type]
    body.function("_promote_to_task", "aw", _promote)
    body.function("create_task", "coro", _create_task)
    body.function("run_until_complete", "main_task", run_until_complete, LOOP_FRAME, (None,))
    body.function("run", "coro", _run)
    body.store("_stopper", FrozenCoroutineFunction(vm, "_stopper", (), _stopper, 24))  # type: ignore[arg-type]
    body.store("cur_task", None)
    body.store("_stop_task", None)
    body.klass("Loop", (), loop_class)
    body.function("get_event_loop", "runq_len waitq_len", _loop, defaults=(0, 0))
    body.function("current_task", "", _current_task)
    body.function("new_event_loop", "", _new_loop)
    vm.call(body.load("new_event_loop"))


__all__ = ["run_until_complete", "statements"]
