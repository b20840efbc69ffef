"""``select`` (extmod/modselect.c): waiting; streams that are waited for are not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.errors import Fault, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function, method
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import STOP, Obj, Sentinel
from omvsim.modules.clock import Clock
from omvsim.modules.unknown import unknown

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.memory import Memory
    from omvsim.micropython.values import Value

POLL: Final = 28
"""``mp_obj_poll_t`` (measured: trace asyncio_basic)."""


class Poll(Obj):
    """``select.poll()``."""

    __slots__ = ("answer",)
    type_name: ClassVar[str] = "poll"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.answer: Obj | None = None
        """The tuple that ``ipoll`` gives again and again."""

    def next(self, vm: Machine) -> Value | Sentinel:
        return STOP

    @method("register", 2, 3)
    def register(self, vm: Machine, *args: Value) -> Value:
        """A stream to wait for."""
        raise Unknown("select.poll.register", "streams that are waited for are not modelled")

    @method("unregister", 2)
    def unregister(self, vm: Machine, stream: Value) -> Value:
        """There is none."""
        return None

    @method("poll", 1, 3)
    def poll(self, vm: Machine, *args: Value) -> Value:
        """Wait."""
        wait(vm, vm.int_of(args[0]) if args else -1)
        return vm.new_list(())

    @method("ipoll", 1, 3)
    def ipoll(self, vm: Machine, *args: Value) -> Value:
        """Wait; an iterator of what is ready."""
        ready(vm, self)
        wait(vm, vm.int_of(args[0]) if args else -1)
        return self


def ready(vm: Machine, poll: Poll) -> None:
    """The tuple of ``ipoll``, once."""
    if poll.answer is None:
        poll.answer = tuple_.new_tuple(vm, (None, None))


def wait(vm: Machine, milliseconds: int) -> None:
    """Until the clock has gone on by so many milliseconds; for ever if negative."""
    if milliseconds < 0:
        raise Fault("select.poll waits for ever: nothing is registered", hangs=True)
    clock = vm.part(Clock)
    clock.wait((clock.look() // 1000 + milliseconds) * 1000 - clock.now)


@function("poll", 0)
def poll(vm: Machine) -> Value:
    """A new set of streams."""
    return Poll(vm.memory, vm.memory.alloc(POLL))


POLL_TYPE: Final = NativeType("poll", Poll)


def module(vm: Machine) -> NativeModule:
    """``select``."""
    numbers: dict[str, Value] = {"POLLIN": 1, "POLLOUT": 4, "POLLERR": 8, "POLLHUP": 16}
    return NativeModule("select", {"select": unknown("select.select"), "poll": poll, **numbers})


__all__ = ["Poll", "module", "poll", "ready", "wait"]
