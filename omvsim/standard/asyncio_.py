"""``_asyncio``: tasks and their queues (extmod/modasyncio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Error, Fault, Raised
from omvsim.micropython.exceptions import is_exception_type
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types.dict_ import Dict
from omvsim.micropython.values import UNSUPPORTED, Obj, Sentinel
from omvsim.standard.time_ import ticks_between, ticks_ms_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

TASK: Final = 32
"""``mp_obj_task_t``."""
QUEUE: Final = 8
"""``mp_obj_task_queue_t``."""


class TaskQueue(Obj):
    """Tasks by the time they are due; those of the same time in the order they came (the pairing heap is stable)."""

    __slots__ = ("tasks",)
    type_name: ClassVar[str] = "TaskQueue"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.tasks: list[Task] = []

    def add(self, vm: Machine, task: Task, when: int | None = None) -> None:
        """``task_queue_push``."""
        task.data = None
        task.due = ticks_ms_now(vm) if when is None else when
        at = len(self.tasks)
        while at and ticks_between(task.due, self.tasks[at - 1].due) < 0:
            at -= 1
        self.tasks.insert(at, task)

    @method("peek", 1)
    def peek(self, vm: Machine) -> Value:
        """The first, or None."""
        return self.tasks[0] if self.tasks else None

    @method("push", 2, 3)
    def push(self, vm: Machine, task: Value, *when: Value) -> Value:
        """Put one in, due now or then."""
        if not isinstance(task, Task):
            vm.raise_type()
        self.add(vm, task, vm.int_of(when[0]) if when else None)
        return None

    @method("pop", 1)
    def pop(self, vm: Machine) -> Value:
        """Take the first out."""
        if not self.tasks:
            vm.error(Error.INDEX, "empty heap")
        return self.tasks.pop(0)

    @method("remove", 2)
    def remove(self, vm: Machine, task: Value) -> Value:
        """Take one out, if it is there."""
        self.tasks[:] = [each for each in self.tasks if each is not task]
        return None


class Context:
    """Names of the event loop (``mp_asyncio_context``): ``cur_task``, ``_task_queue``, ``CancelledError``."""

    def __init__(self) -> None:
        self.names: Value = None

    def get(self, vm: Machine, name: str) -> Value:
        """One of them. The firmware takes what a task was given for a dict without a look."""
        if not isinstance(self.names, Dict):
            raise Fault("the names of the event loop are no dict")
        return vm.subscr(self.names, name)


class Task(Obj):
    """A coroutine being run. ``state``: True while it runs and nobody waits, a queue of those who do, a function to
    call at the end; None when it is done, False when somebody has taken that.
    """

    __slots__ = ("coro", "data", "due", "state")
    type_name: ClassVar[str] = "Task"
    custom_iterate: ClassVar[bool] = True

    def __init__(self, memory: Memory, address: int, coro: Value) -> None:
        super().__init__(memory, address)
        self.coro = coro
        self.data: Value = None
        self.state: Value = True
        self.due = 0

    @property
    def is_done(self) -> bool:
        """Whether the coroutine has ended."""
        return self.state is None or self.state is False

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """What the event loop reads."""
        if name == "ph_key":
            return self.due
        if name in ("coro", "data", "state"):
            found: Value = getattr(self, name)
            return found
        return UNSUPPORTED

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """What the event loop writes."""
        if name not in ("data", "state") or isinstance(value, Sentinel):
            return False
        setattr(self, name, value)
        return True

    @method("done", 1)
    def done(self, vm: Machine) -> Value:
        """Whether the coroutine has ended."""
        return self.is_done

    @method("cancel", 1)
    def cancel(self, vm: Machine) -> Value:
        """Throw CancelledError into it, or into what it waits for, when its turn comes."""
        if self.is_done:
            return False
        context = vm.part(Context)
        if context.get(vm, "cur_task") is self:
            vm.error(Error.RUNTIME, "can't cancel self")
        task = self
        while isinstance(task.data, Task):
            task = task.data
        queue = context.get(vm, "_task_queue")
        if not isinstance(queue, TaskQueue):
            raise Fault("a task is cancelled before there is an event loop")
        fun, bound = vm.method_maybe(task.data, "remove")
        if not isinstance(fun, Sentinel):
            vm.call_method(fun, bound, (task,))
            queue.add(vm, task)
        elif ticks_between(task.due, ticks_ms_now(vm)) > 0:
            queue.remove(vm, task)
            queue.add(vm, task)
        task.data = context.get(vm, "CancelledError")
        return True

    def iterate(self, vm: Machine, *, on_stack: bool) -> Value | Sentinel:
        """``await task``: those who wait stand in a queue."""
        if self.is_done:
            self.state = False
        elif self.state is True:
            self.state = TaskQueue(vm.memory, vm.memory.alloc(QUEUE))
        elif not isinstance(self.state, TaskQueue):
            vm.error(Error.RUNTIME, "can't wait")
        return self

    def next(self, vm: Machine) -> Value | Sentinel:
        """Wait, or what it ended with: a StopIteration with the value, or its exception."""
        if self.is_done:
            if not isinstance(self.data, Obj) or not is_exception_type(vm, vm.type_of(self.data)):
                raise Fault("a task ends with what is no exception")
            raise Raised(self.data)
        current = vm.part(Context).get(vm, "cur_task")
        if not isinstance(self.state, TaskQueue) or not isinstance(current, Task):
            raise Fault("a task is waited for outside of an event loop")
        self.state.add(vm, current)
        current.data = self
        return None


def _new_queue(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 0, keywords=False)
    return TaskQueue(vm.memory, vm.memory.alloc(QUEUE))


def _new_task(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 1, 2, keywords=False)
    made = Task(vm.memory, vm.memory.alloc(TASK), args[0])
    if len(args) == 2:
        vm.part(Context).names = args[1]
    return made


TASK_QUEUE: Final = NativeType("TaskQueue", TaskQueue, _new_queue)
TASK_TYPE: Final = NativeType("Task", Task, _new_task)


def module(vm: Machine) -> NativeModule:
    """``_asyncio``."""
    return NativeModule("_asyncio", {"TaskQueue": TASK_QUEUE, "Task": TASK_TYPE})


__all__ = ["TASK_QUEUE", "TASK_TYPE", "Context", "Task", "TaskQueue", "module"]
