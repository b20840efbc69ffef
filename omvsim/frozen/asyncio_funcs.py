"""``asyncio/funcs.py``: waiting for several tasks, and for one with a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.frozen.asyncio_base import Core, create_task, current, promote, ready_queue
from omvsim.frozen.body import FrozenFunction
from omvsim.frozen.coroutine import FrozenCoroutineFunction, awaited
from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.functions import CLOSURE, Cell
from omvsim.micropython.values import Obj
from omvsim.standard.asyncio_ import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.frozen.coroutine import Steps
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.native import NativeType
    from omvsim.micropython.values import Sentinel, Value


def _is_stop(vm: Machine, error: Value) -> bool:
    return vm.is_instance(error, BY_NAME["StopIteration"])


# -- wait_for ----------------------------------------------------------------------------------------------------------


def _runner(vm: Machine, values: Sequence[Value]) -> Steps:
    """Wait for a task in the place of another, which is cancelled with what came of it."""
    waiter, target = values
    assert isinstance(waiter, Task)
    result: Value = None
    status: Value = True
    try:
        result = yield from awaited(vm, target)
    except Raised as raised:
        result, status = None, raised.value
    if waiter.data is None and waiter.cancel(vm) is True:
        waiter.data = vm.call(vm.part(Core).load(vm, "CancelledError"), (status, result))
    return None


def _wait_for(vm: Machine, values: Sequence[Value]) -> Steps:
    task = promote(vm, values[0])
    if values[1] is None:
        return (yield from awaited(vm, task))
    run = vm.subscr(vm.globals, "_run")
    runner = create_task(vm, vm.call(run, (current(vm), task)))
    cancelled: Obj | None = None
    try:
        yield from awaited(vm, vm.call(values[2], (values[1],)))
    except Raised as raised:
        cancelled = raised.value
    if cancelled is not None:
        if not vm.exception_match(cancelled, vm.part(Core).load(vm, "CancelledError")):
            raise Raised(cancelled)
        status = vm.exception_value(cancelled)
        if status is None:
            runner.cancel(vm)
            raise Raised(cancelled)
        if status is True:
            return vm.subscr(vm.attr(cancelled, "args"), 1)
        raise Raised(vm.make_raise(status))
    runner.cancel(vm)
    yield from awaited(vm, runner)
    raise Raised(vm.make_raise(vm.part(Core).load(vm, "TimeoutError")))


def _wait_for_ms(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.call(vm.subscr(vm.globals, "wait_for"), (*values, vm.part(Core).load(vm, "sleep_ms")))


# -- gather ------------------------------------------------------------------------------------------------------------


class Gathering:
    """One ``gather``: how many tasks are left, or what it ended with."""

    def __init__(self, task: Task, remove: Value, *, keep: bool) -> None:
        self.task = task
        self.remove = remove
        """What the task's data is while it waits."""
        self.keep = keep
        self.state: Value = 0


class Done(Obj):
    """The closure that a task calls at its end: a function and the cells it closes over."""

    __slots__ = ("fun", "gathering")
    type_name: ClassVar[str] = "closure"
    native_type: ClassVar[NativeType] = CLOSURE

    def __init__(self, vm: Machine, cells: int, gathering: Gathering) -> None:
        self.fun = vm.memory.block(sizes.FUNCTION)
        super().__init__(vm.memory, vm.memory.alloc(sizes.CLOSURE + sizes.WORD * cells))
        self.gathering = gathering

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """A task has ended with an exception or StopIteration."""
        gathering = self.gathering
        if gathering.task.data is not gathering.remove:
            return None
        if not gathering.keep and not _is_stop(vm, args[1]):
            gathering.state = args[1]
        else:
            assert isinstance(gathering.state, int)
            gathering.state -= 1
            if gathering.state:
                return None
        ready_queue(vm).add(vm, gathering.task)
        return None


class GatherFunction(FrozenCoroutineFunction):
    """``gather(*aws, return_exceptions=False)``: three of its variables are cells."""

    __slots__ = ()

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        """The tuple of arguments, then the cells."""
        keep: Value = False
        for name, value in kwargs:
            if name != "return_exceptions":
                vm.raise_type("unexpected keyword argument '%q'", name)
            keep = value
        together = vm.new_tuple(args)
        return [together, keep, *(Cell(vm, None) for _ in range(3))]


def _gather(vm: Machine, values: Sequence[Value]) -> Steps:
    keep = vm.truth(values[1])
    gathering = Gathering(current(vm), vm.subscr(vm.globals, "_Remove"), keep=keep)
    done = Done(vm, 3, gathering)
    listing = vm.memory.block(sizes.FUNCTION)
    tasks = vm.new_list(())
    for each in vm.sequence(values[0]):
        vm.list_append(tasks, promote(vm, each))
    del listing
    items: list[Value] = tasks.items  # type: ignore[union-attr]  # a list
    cancel_all = False
    count = _register(vm, items, done, keep=keep)
    gathering.state = count
    if count > 0:
        gathering.task.data = gathering.remove
        try:
            yield None
        except Raised as raised:
            if not vm.exception_match(raised.value, vm.part(Core).load(vm, "CancelledError")):
                raise
            cancel_all = True
            gathering.state = raised.value
    _collect(vm, items, done, cancel_all=cancel_all)
    if vm.truth(gathering.state):
        raise Raised(vm.make_raise(gathering.state))
    return tasks


def _register(vm: Machine, items: list[Value], done: Done, *, keep: bool) -> int:
    """Have every task that runs call ``done``; how many do."""
    count = 0
    for task in items:
        assert isinstance(task, Task)
        if task.state is True:
            task.state = done
            count += 1
        elif task.is_done:
            if not _is_stop(vm, task.data) and not keep:
                count = -len(items)
        else:
            vm.error(Error.RUNTIME, "can't gather")
    return count


def _collect(vm: Machine, items: list[Value], done: Done, *, cancel_all: bool) -> None:
    """Results in the place of the tasks."""
    gathering = done.gathering
    for at, task in enumerate(items):
        assert isinstance(task, Task)
        if task.state is done:
            task.state = True
            if cancel_all:
                task.cancel(vm)
        elif _is_stop(vm, task.data):
            items[at] = vm.exception_value(task.data)
        elif gathering.keep:
            items[at] = task.data
        elif isinstance(gathering.state, int):
            gathering.state = task.data


def _nothing(vm: Machine, values: Sequence[Value]) -> Value:
    return None


def _remove(body: Body) -> None:
    fun = FrozenFunction(body.vm, "remove", ("t",), _nothing, 0)
    body.store("remove", body.vm.static_method(fun))


def statements(body: Body) -> None:
    """What importing the file runs."""
    vm = body.vm
    body.from_import("", "core", level=1)
    body.store("_run", FrozenCoroutineFunction(vm, "_run", ("waiter", "aw"), _runner, 88))  # type: ignore[arg-type]
    sleep = (vm.attr(body.load("core"), "sleep"),)
    held = vm.new_tuple(sleep)
    names = ("aw", "timeout", "sleep")
    body.store("wait_for", FrozenCoroutineFunction(vm, "wait_for", names, _wait_for, 92, sleep))  # type: ignore[arg-type]
    del held
    body.function("wait_for_ms", "aw timeout", _wait_for_ms)
    body.klass("_Remove", (), _remove)
    defaults = vm.new_dict(0)
    vm.dict_store(defaults, "return_exceptions", False)
    body.store("gather", GatherFunction(vm, "gather", (), _gather, 104, (defaults,)))  # type: ignore[arg-type]


__all__ = ["statements"]
