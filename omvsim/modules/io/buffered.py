"""``BufferedWriter`` (py/modio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers
from omvsim.modules.streams import Stream, stream_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.memory import Memory
    from omvsim.micropython.values import Value

HEAD: Final = 16
"""``mp_obj_bufwriter_t`` without its buffer."""


class BufferedWriter(Stream):
    """Writes whole buffers to another stream."""

    __slots__ = ("data", "room", "target")
    type_name: ClassVar[str] = "BufferedWriter"
    reads: ClassVar[bool] = False

    def __init__(self, memory: Memory, address: int, target: Value, room: int) -> None:
        super().__init__(memory, address)
        self.target = target
        self.room = room
        self.data = bytearray()

    def push(self, vm: Machine, data: bytes) -> int | None:
        self.data += data
        while len(self.data) >= self.room:
            stream_of(vm, self.target, "write").write_all(vm, bytes(self.data[: self.room]))
            del self.data[: self.room]
            if not self.room:
                break
        return len(data)

    @method("write", 2, 4)
    def write(self, vm: Machine, data: Value, *span: Value) -> Value:
        """All of a buffer."""
        return self.write_all(vm, bytes(buffers.buffer_of(vm, data)))

    @method("flush", 1)
    def flush(self, vm: Machine) -> Value:
        """What is left goes on."""
        if self.data:
            stream_of(vm, self.target, "write").write_all(vm, bytes(self.data))
            self.data.clear()
        return None


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, 2, keywords=False)
    room = vm.int_of(args[1])
    return BufferedWriter(vm.memory, vm.memory.alloc(HEAD + room), args[0], room)


BUFFERED_WRITER: Final = NativeType("BufferedWriter", BufferedWriter, _make_new, protocol=True)

__all__ = ["BUFFERED_WRITER", "BufferedWriter"]
