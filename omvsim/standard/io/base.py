"""``IOBase``: streams that a script makes (py/modio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.native import NativeType
from omvsim.micropython.types import array_
from omvsim.micropython.values import Obj
from omvsim.standard.streams import Stream, raise_os_error
from omvsim.world.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.classes import Instance
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

EAGAIN: Final = 11
POLL: Final = 3
"""``MP_STREAM_POLL``."""


class IOBase(Stream):
    """The one native value of such a stream, or such a stream as the firmware sees it (``owner``)."""

    __slots__ = ("owner",)
    type_name: ClassVar[str] = "IOBase"
    iterate = Obj.iterate
    next = Obj.next

    def __init__(self, owner: Instance | None = None) -> None:
        self.address = 0
        self.owner = owner

    def of_instance(self, vm: Machine, owner: Instance) -> Stream:
        """What calls the methods of a script's object."""
        return IOBase(owner)

    def _call(self, vm: Machine, name: str, buffer: bytearray) -> int | None:
        """``iobase_read_write``: the bytearray is on the C stack."""
        fun, bound = vm.method(self if self.owner is None else self.owner, name)
        view = array_.ByteArray(vm.memory, 0, array_.BYTEARRAY_CODE)
        view.data = buffer
        answer = vm.call_method(fun, bound, (view,))
        if answer is None:
            return None
        count = vm.int_of(answer)
        if count < 0:
            raise_os_error(vm, -count)
        return count

    def pull(self, vm: Machine, count: int) -> bytes | None:
        buffer = bytearray(count)
        taken = self._call(vm, "readinto", buffer)
        return None if taken is None else bytes(buffer[:taken])

    def push(self, vm: Machine, data: bytes) -> int | None:
        return self._call(vm, "write", bytearray(data))

    def poll(self, vm: Machine, events: int) -> int:
        """``iobase_ioctl``: what the script's own method says."""
        fun, bound = vm.method(self if self.owner is None else self.owner, "ioctl")
        found = vm.int_of(vm.call_method(fun, bound, (POLL, events)))
        if found < 0:
            raise_os_error(vm, -found)
        return found

    def comes_at(self, vm: Machine) -> int | None:
        """It is asked again at the next tick."""
        return (vm.part(Clock).now // 1000 + 1) * 1000


ONLY: Final = IOBase()


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Every such stream has the same native value."""
    return ONLY


IO_BASE: Final = NativeType("IOBase", IOBase, _make_new, protocol=True)

__all__ = ["IO_BASE", "IOBase"]
