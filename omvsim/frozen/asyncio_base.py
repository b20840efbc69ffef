"""What the event loop is made of: the sleeper, the queue of streams, the names of its module, new tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.exceptions import BY_NAME, new_exception
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types.dict_ import Dict
from omvsim.micropython.types.list_ import List
from omvsim.micropython.values import NULL, STOP, BinaryOp, Obj, PrintKind, Sentinel
from omvsim.standard.asyncio_ import TASK_TYPE, Task, TaskQueue
from omvsim.standard.select_ import Poll, id_of, poll
from omvsim.standard.streams import POLL_RD, POLL_WR

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value

WAIT_FRAME: Final = 72
"""Bytes of the frame of ``IOQueue.wait_io_event`` (measured: trace asyncio_basic)."""
REMOVE_FRAME: Final = 76
"""Of ``remove``, as MicroPython compiles it."""


class Sleeper(Obj):
    """The one ``SingletonGenerator``: lets the current task wait and asks for nothing but a traceback, once."""

    __slots__ = ("exception", "members", "state", "trace")
    type_name: ClassVar[str] = "SingletonGenerator"

    def __init__(self, vm: Machine) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.INSTANCE))
        self.members = vm.memory.block(2 * sizes.MAP_ENTRY)
        self.exception = new_exception(vm, BY_NAME["StopIteration"], ())
        self.state: int | None = None
        self.trace: Block | None = None

    def next(self, vm: Machine) -> Value | Sentinel:
        """Put the current task where it is due; the second time go on."""
        if self.state is not None:
            ready_queue(vm).add(vm, current(vm), self.state)
            self.state = None
            return None
        if self.trace is None:
            self.trace = vm.memory.block_maybe(sizes.TRACEBACK_ENTRY)
        vm.stop_value = NULL
        return STOP

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """As any object."""
        out(f"<SingletonGenerator object at {self.address:x}>")


class IOQueue(Obj):
    """Streams that tasks wait for: by the stream's id a list of who waits to read, who to write, and the stream."""

    __slots__ = ("map", "members", "poller")
    type_name: ClassVar[str] = "IOQueue"

    def __init__(self, vm: Machine) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.INSTANCE))
        poller = vm.call(poll)
        assert isinstance(poller, Poll)
        self.poller = poller
        self.members = vm.memory.block(2 * sizes.MAP_ENTRY)
        made = vm.new_dict(0)
        assert isinstance(made, Dict)
        self.map = made

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not len(self.map.map)

    def _enqueue(self, vm: Machine, stream: Value, side: int) -> None:
        task = current(vm)
        if not vm.truth(vm.binary(BinaryOp.IN, id_of(vm, stream), self.map)):
            entry: list[Value] = [None, None, stream]
            entry[side] = task
            made = vm.new_list(entry)
            vm.dict_store(self.map, id_of(vm, stream), made)
            self.poller.register(vm, stream, POLL_WR if side else POLL_RD)
        else:
            found = self._of(vm, stream)
            if found[side] is not None or found[1 - side] is None:
                vm.error(Error.ASSERTION)
            found[side] = task
            self.poller.modify(vm, stream, POLL_RD | POLL_WR)
        task.data = self

    def _of(self, vm: Machine, stream: Value) -> list[Value]:
        entry = vm.subscr(self.map, id_of(vm, stream))
        assert isinstance(entry, List)
        return entry.items

    def _dequeue(self, vm: Machine, stream: Value) -> None:
        vm.set_subscr(self.map, id_of(vm, stream), NULL)
        self.poller.unregister(vm, stream)

    @method("queue_read", 2)
    def queue_read(self, vm: Machine, stream: Value) -> Value:
        """The current task goes on when something can be read."""
        self._enqueue(vm, stream, 0)
        return None

    @method("queue_write", 2)
    def queue_write(self, vm: Machine, stream: Value) -> Value:
        """Or written."""
        self._enqueue(vm, stream, 1)
        return None

    @method("remove", 2)
    def remove(self, vm: Machine, task: Value) -> Value:
        """A task waits no longer."""
        frame = vm.memory.block_maybe(REMOVE_FRAME)
        while True:
            entries = [each.value.items for each in self.map.map.entries() if isinstance(each.value, List)]
            stream = next((items[2] for items in entries if task in items[:2]), NULL)
            if isinstance(stream, Sentinel):
                break
            self._dequeue(vm, stream)
        if frame is not None:
            vm.memory.free(frame)
        return None

    def wait(self, vm: Machine, milliseconds: int) -> None:
        """``wait_io_event``."""
        frame = vm.memory.block_maybe(WAIT_FRAME)
        self.poller.ipoll(vm, milliseconds)
        queue = ready_queue(vm)
        while not isinstance(pair := self.poller.next(vm), Sentinel):
            stream, found = vm.unpack(pair, 2)
            events, entry = vm.int_of(found), self._of(vm, stream)
            for side, other in ((0, POLL_WR), (1, POLL_RD)):
                task = entry[side]
                if events & ~other and isinstance(task, Task):
                    queue.add(vm, task)
                    entry[side] = None
            if entry[0] is None and entry[1] is None:
                self._dequeue(vm, stream)
            else:
                self.poller.modify(vm, stream, POLL_WR if entry[0] is None else POLL_RD)
        if frame is not None:
            vm.memory.free(frame)


NativeType("SingletonGenerator", Sleeper)
NativeType("IOQueue", IOQueue)


def ready_queue(vm: Machine) -> TaskQueue:
    """``core._task_queue``."""
    found = vm.part(Core).load(vm, "_task_queue")
    assert isinstance(found, TaskQueue)
    return found


def current(vm: Machine) -> Task:
    """``core.cur_task``, in a task."""
    found = vm.part(Core).load(vm, "cur_task")
    if not isinstance(found, Task):
        raise Unknown("asyncio outside of a task", "what the camera does then is not modelled")
    return found


class Core:
    """The core module's names."""

    def __init__(self) -> None:
        self.names: Obj | None = None

    def load(self, vm: Machine, name: str) -> Value:
        """One of them."""
        assert self.names is not None
        return vm.subscr(self.names, name)

    def store(self, vm: Machine, name: str, value: Value) -> None:
        """Set one that is there."""
        assert self.names is not None
        vm.dict_store(self.names, name, value)


def create_task(vm: Machine, coro: Value) -> Task:
    """A task of a coroutine, ready to run."""
    if isinstance(vm.method_maybe(coro, "send")[0], Sentinel):
        vm.raise_type("coroutine expected")
    core = vm.part(Core)
    assert core.names is not None
    task = vm.call(TASK_TYPE, (coro, core.names))
    assert isinstance(task, Task)
    ready_queue(vm).add(vm, task)
    return task


def promote(vm: Machine, value: Value) -> Task:
    """A task as it is, a coroutine as a task."""
    return value if isinstance(value, Task) else create_task(vm, value)


__all__ = ["Core", "IOQueue", "Sleeper", "create_task", "current", "promote", "ready_queue"]
