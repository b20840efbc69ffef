"""``select`` (extmod/modselect.c): waiting for streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Fault, ScriptOver
from omvsim.micropython.maps import Entry, Map
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import STOP, Obj, Sentinel
from omvsim.standard.errno_ import NUMBERS
from omvsim.standard.streams import POLL_ERR, POLL_HUP, POLL_RD, POLL_WR, Stream, raise_os_error, stream_of
from omvsim.world.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

POLL: Final = 28
"""``mp_obj_poll_t`` (measured: trace asyncio_basic)."""
POLLED: Final = 16
"""``poll_obj_t``."""
ONE_SHOT: Final = 1
WORD: Final = 0xFFFFFFFF


class Polled(Obj):
    """A stream in a set: what is waited for, and what there is."""

    __slots__ = ("events", "found", "stream", "value")
    type_name: ClassVar[str] = "poll_obj"

    def __init__(self, memory: Memory, address: int, value: Value) -> None:
        super().__init__(memory, address)
        self.value = value
        self.stream: Stream | None = None
        self.events = self.found = 0


NativeType("poll_obj", Polled)


class PollSet:
    """``poll_set_t``: streams by their id."""

    def __init__(self, vm: Machine, room: int = 0) -> None:
        self.map = Map(vm.memory, room)

    def add(self, vm: Machine, value: Value, events: int, *, also: bool = False) -> None:
        """Wait for a stream; ``also``: beside what it is waited for already."""
        key = id_of(vm, value)
        entry = self.map.lookup(vm, key)
        if entry is not None and isinstance(entry.value, Polled):
            entry.value.events = events | (entry.value.events if also else 0)
            return
        self.map.store(vm, key, None)
        made = Polled(vm.memory, vm.memory.alloc(POLLED), value)
        made.stream = stream_of(vm, value, "ioctl")
        made.events = events
        entry = self.map.lookup(vm, key)
        assert entry is not None
        entry.value = made

    def members(self, first: int = 0) -> Iterator[tuple[int, Polled]]:
        """In the order of the table: place and stream."""
        for place, slot in enumerate(self.map.slots[first:], first):
            if isinstance(slot, Entry) and isinstance(slot.value, Polled):
                yield place, slot.value

    def look(self, vm: Machine) -> int:
        """Ask each once: how many have something."""
        ready = 0
        if any(entry.value is None for entry in self.map.entries()):
            raise Fault("select: what is no stream was registered, and is asked for its state")
        for _, each in self.members():
            assert each.stream is not None
            each.found = each.stream.poll(vm, each.events)
            ready += each.found != 0
        return ready

    def wait(self, vm: Machine, milliseconds: int | None) -> int:
        """Until one has something, or the time is over; for ever where it is None."""
        clock = vm.part(Clock)
        start = clock.look() // 1000
        while True:
            ready = self.look(vm)
            if ready or (milliseconds is not None and clock.look() // 1000 - start >= milliseconds):
                return ready
            clock.wait(self._until(vm, None if milliseconds is None else (start + milliseconds) * 1000) - clock.now)
            vm.look_at_clock()

    def _until(self, vm: Machine, end: int | None) -> int:
        """When something may have changed."""
        if end is None and not len(self.map):
            raise Fault("select.poll waits for ever: nothing is registered", hangs=True)
        clock = vm.part(Clock)
        due = [alarm.due for alarm in clock.alarms]
        for _, each in self.members():
            assert each.stream is not None
            coming = each.stream.comes_at(vm)
            due += [] if coming is None else [coming]
        due += [] if end is None else [end]
        if not due:
            raise ScriptOver("select waits for ever: nothing comes (a world file says what does)")
        return max(min(due), clock.now + 1)


def id_of(vm: Machine, value: Value) -> Value:
    """``mp_obj_id``."""
    return vm.call(vm.builtin("id"), (value,))  # type: ignore[arg-type]  # it is there


class Poll(Obj):
    """``select.poll()``."""

    __slots__ = ("answer", "at", "flags", "left", "streams")
    type_name: ClassVar[str] = "poll"

    def __init__(self, vm: Machine) -> None:
        super().__init__(vm.memory, vm.memory.alloc(POLL))
        self.streams = PollSet(vm)
        self.answer: tuple_.Tuple | None = None
        """The tuple that ``ipoll`` gives again and again."""
        self.at = self.left = self.flags = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        if not self.left:
            return STOP
        self.left -= 1
        for place, each in self.streams.members(self.at):
            self.at = place + 1
            if each.found:
                assert self.answer is not None
                self.answer.items = (each.value, each.found)
                if self.flags & ONE_SHOT:
                    each.events = 0
                return self.answer
        self.left = 0
        return STOP

    @method("register", 2, 3)
    def register(self, vm: Machine, stream: Value, *events: Value) -> Value:
        """A stream to wait for."""
        self.streams.add(vm, stream, vm.int_of(events[0]) & WORD if events else POLL_RD | POLL_WR)
        return None

    @method("unregister", 2)
    def unregister(self, vm: Machine, stream: Value) -> Value:
        """Not any more."""
        self.streams.map.remove(vm, id_of(vm, stream))
        return None

    @method("modify", 3)
    def modify(self, vm: Machine, stream: Value, events: Value) -> Value:
        """Wait for something else."""
        entry = self.streams.map.lookup(vm, id_of(vm, stream))
        if entry is None or not isinstance(entry.value, Polled):
            raise_os_error(vm, NUMBERS["ENOENT"])
        entry.value.events = vm.int_of(events) & WORD
        return None

    @method("poll", 1, 2)
    def poll(self, vm: Machine, *timeout: Value) -> Value:
        """Wait: pairs of a stream and what it has."""
        self.flags = 0
        made = vm.new_list((None,) * self.streams.wait(vm, _milliseconds(vm, timeout)))
        pairs = [each for _, each in self.streams.members() if each.found]
        for at, each in enumerate(pairs):
            made.items[at] = vm.new_tuple((each.value, each.found))  # type: ignore[union-attr]  # a list
        return made

    @method("ipoll", 1, 3)
    def ipoll(self, vm: Machine, *args: Value) -> Value:
        """Wait; an iterator of what is ready."""
        ready(vm, self)
        milliseconds = _milliseconds(vm, args)
        self.flags = vm.int_of(args[1]) if len(args) > 1 else 0
        self.left = self.streams.wait(vm, milliseconds)
        self.at = 0
        return self


def _milliseconds(vm: Machine, args: Sequence[Value]) -> int | None:
    """None: for ever."""
    if not args or args[0] is None:
        return None
    wanted = vm.int_of(args[0])
    return wanted if wanted >= 0 else None


def ready(vm: Machine, poll: Poll) -> None:
    """The tuple of ``ipoll``, once."""
    if poll.answer is None:
        poll.answer = tuple_.new_tuple(vm, (None, None))


@function("poll", 0)
def poll(vm: Machine) -> Value:
    """A new set of streams."""
    return Poll(vm)


POLL_TYPE: Final = NativeType("poll", Poll)


@function("select", 3, 4)
def _select(vm: Machine, *args: Value) -> Value:
    """Three lists of streams: to be read, written, and for trouble; the same of those that have it."""
    asked = [vm.sequence(each) for each in args[:3]]
    milliseconds = None
    if len(args) > 3 and args[3] is not None:
        seconds = vm.float_of(args[3])
        milliseconds = int(seconds * 1000) if seconds >= 0 else None
    streams = PollSet(vm, sum(map(len, asked)))
    kinds = (POLL_RD, POLL_WR, POLL_ERR | POLL_HUP)
    for values, events in zip(asked, kinds, strict=True):
        for value in values:
            streams.add(vm, value, events, also=True)
    streams.wait(vm, milliseconds)
    masks = (POLL_RD, POLL_WR, ~(POLL_RD | POLL_WR))
    found = [tuple(each.value for _, each in streams.members() if each.found & mask) for mask in masks]
    lists = tuple(vm.new_list(each) for each in found)
    vm.memory.free(streams.map.table)
    return vm.new_tuple(lists)


def module(vm: Machine) -> NativeModule:
    """``select``."""
    numbers: dict[str, Value] = {"POLLIN": POLL_RD, "POLLOUT": POLL_WR, "POLLERR": POLL_ERR, "POLLHUP": POLL_HUP}
    return NativeModule("select", {"select": _select, "poll": poll, **numbers})


__all__ = ["Poll", "id_of", "module", "poll", "ready"]
