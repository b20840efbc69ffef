"""``StringIO`` and ``BytesIO`` (py/objstringio.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.sizes import vstr_grown
from omvsim.memory.strings import decode
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_, int_, str_
from omvsim.standard.streams import EINVAL, SEEK_CUR, SEEK_END, StreamMethods, raise_os_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT: Final = 16
"""``mp_obj_stringio_t``: base, vstr, pos, ref_obj."""
VSTR: Final = 16
"""``vstr_t``."""
_WORD: Final = 0xFFFFFFFF


class StringIO(StreamMethods):
    """A text in memory. What it was made of is shared until something is written.

    ``room`` bytes are reserved in ``block``; ``head`` is the chunk of the buffer's description, None when it is closed.
    """

    __slots__ = ("at", "block", "data", "head", "room", "shared")
    type_name: ClassVar[str] = "StringIO"
    is_text: ClassVar[bool] = True

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.data = bytearray()
        self.at = 0
        self.room = 0
        self.block: Block | None = None
        self.shared: Value = None
        self.head: Block | None = None

    def _check(self, vm: Machine) -> None:
        if self.head is None:
            vm.raise_value("I/O operation on closed file")

    def pull(self, vm: Machine, count: int) -> bytes | None:
        self._check(vm)
        found = bytes(self.data[self.at : self.at + count])
        self.at += len(found)
        return found

    def push(self, vm: Machine, data: bytes) -> int | None:
        """The buffer grows as any text does, counted from all that is reserved."""
        self._check(vm)
        if self.block is None:
            self.block = vm.memory.block(len(self.data))
            self.room = len(self.data)
            self.shared = None
        end = self.at + len(data)
        if end > self.room:
            room = vstr_grown(self.room, end - self.room)
            vm.memory.resize(self.block, room)
            self.room = room
        if self.at > len(self.data):
            self.data.extend(bytes(self.at - len(self.data)))
        self.data[self.at : end] = data
        self.at = end
        return len(data)

    def place(self, vm: Machine, offset: int, whence: int) -> int:
        start = {SEEK_CUR: self.at, SEEK_END: len(self.data)}.get(whence, 0)
        at = start + offset
        if at > _WORD:
            raise_os_error(vm, EINVAL)
        self.at = max(at, 0)
        return self.at

    def shut(self, vm: Machine) -> None:
        if self.head is not None:
            if self.block is not None:
                vm.memory.free(self.block)
            vm.memory.free(self.head)
        self.head = self.block = None

    @method("getvalue", 1)
    def getvalue(self, vm: Machine) -> Value:
        """A copy of all."""
        self._check(vm)
        data = bytes(self.data)
        return str_.new_str(vm, decode(data)) if self.is_text else bytes_.new_bytes(vm, data)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<io.StringIO 0xaddress>``."""
        for piece in ("<io.", self.type_name, " 0x", f"{self.address:x}", ">"):
            out(piece)


class BytesIO(StringIO):
    """Bytes in memory."""

    __slots__ = ()
    type_name: ClassVar[str] = "BytesIO"
    is_text: ClassVar[bool] = False


def _make(vm: Machine, kind: type[StringIO], args: Sequence[Value]) -> Value:
    memory = vm.memory
    made = kind(memory, memory.alloc(OBJECT))
    room = 16
    data: bytes | None = None
    if args:
        if int_.is_int(args[0]):
            room = vm.int_of(args[0])
        else:
            data = bytes(buffers.buffer_of(vm, args[0]))
            room = len(data)
            if str_.is_str(args[0]) or isinstance(args[0], bytes_.Bytes):
                made.head = memory.block(VSTR)
                made.data = bytearray(data)
                made.shared = args[0]
                return made
    made.head = memory.block(VSTR)
    made.room = max(room, 1)
    made.block = memory.block(made.room)
    if data is not None:
        made.push(vm, data)
        made.at = 0
    return made


def _new_text(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _make(vm, StringIO, args)


def _new_bytes(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _make(vm, BytesIO, args)


STRING_IO: Final = NativeType("StringIO", StringIO, _new_text, protocol=True)
BYTES_IO: Final = NativeType("BytesIO", BytesIO, _new_bytes, protocol=True)

__all__ = ["BYTES_IO", "STRING_IO", "BytesIO", "StringIO"]
